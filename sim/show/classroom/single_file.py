"""The class edition as one HTML file, which opens by double-click: everything it needs stands in it.

A page from a file may not fetch anything, so files stand in it as text: base64 of what gzip makes of them. Scripts and
styles stand in the page as they are; the policy names their hashes, lets nothing else run and lets nothing be loaded.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path

from sim.errors import InputError
from sim.show.classroom.folder import MODULE, NOTICE_FILE
from sim.show.page.files import SECURITY_POLICY

STYLE_TAG = '<link rel="stylesheet" href="style.css">'
SCRIPT_TAG = '<script type="module" src="main.js"></script>'
END = "</body>"
MARK = b'id="given-config"'
_IN_PLACE = ("index.html", "style.css", "main.js", "config.json", "data.json")
_LICENSES = ("LICENSES.txt", NOTICE_FILE)
_NEEDLESS = (MODULE,)  # browsers load no modules here; Pyodide has a script as well


def single_file(files: Mapping[str, bytes]) -> bytes:
    """Return an edition as one file.

    Parameters
    ----------
    files : mapping of str to bytes
        The edition as files by name.
    """
    page, style, script = (files[name].decode() for name in _IN_PLACE[:3])
    assert "</script" not in script.lower()
    assert "<!--" not in script
    assert "</style" not in style.lower()
    licenses = "\n\n".join(files[name].decode() for name in _LICENSES if name in files)
    assert "</script" not in licenses.lower()
    packed = sorted(set(files) - {*_IN_PLACE, *_LICENSES, *_NEEDLESS})
    parts = [
        f'<script type="text/plain" id="licenses">{licenses}</script>',
        *(
            f'<script type="application/json" id="given-{name}">{_json(files[f"{name}.json"])}</script>'
            for name in ("config", "data")
        ),
        *(f'<script type="text/plain" data-file="{name}">{_packed(files[name])}</script>' for name in packed),
        f'<script type="module">{script}</script>',
    ]
    for old, new in {
        f'content="{SECURITY_POLICY}"': f'content="{_policy(style, script)}"',
        STYLE_TAG: f"<style>{style}</style>",
        f"{SCRIPT_TAG}\n": "",
        END: "\n".join([*parts, END]),
    }.items():
        assert page.count(old) == 1, old
        page = page.replace(old, new)
    return page.encode()


def refuse_foreign_file(file: Path) -> None:
    """Refuse to write over anything but a page that we wrote.

    Raises
    ------
    sim.errors.InputError
        If `file` is there and is not such a page.
    """
    if file.exists() and (not file.is_file() or MARK not in file.read_bytes()):
        raise InputError(f"{file}: there is something else; take a new name")


def _policy(style: str, script: str) -> str:
    """Return the policy: these scripts and styles, workers and modules made in the page, and nothing from elsewhere."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}' blob: 'wasm-unsafe-eval'; worker-src blob:; "
        f"style-src '{_hash(style)}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _json(content: bytes) -> str:
    """Return JSON that cannot end the script around it."""
    return content.decode().replace("<", "\\u003c")


def _packed(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode("ascii")
