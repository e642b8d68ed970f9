"""The class edition as files by name, and as a folder that is written whole or not at all."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.kernel.files import regular_content
from sim.web.classroom.parts import (
    VERSION,
    NotAtHandError,
    Part,
    core_archive,
    numpy_wheel,
    pyodide_core,
    without_needless,
)
from sim.web.classroom.recorded import Recorded, known_of, of_pair, of_rounds, of_worksheets, recording
from sim.web.page.arc import N_LUCK, luck_numbers
from sim.web.page.files import (
    LESSON_DEFAULTS,
    NATIVE,
    SECURITY_POLICY,
    Wishes,
    browser_engine,
    page_files,
    recorded_engine,
)
from sim.web.page.workers import Limits
from sim.words import said, typed

DEFAULTS = LESSON_DEFAULTS
SUMS = "SHA256SUMS"
NOTICE_FILE = "pyodide/NOTICE.txt"
PYODIDE = "pyodide/"
MODULE = f"{PYODIDE}pyodide-module.js"  # some hosts do not know that .mjs is JavaScript
CORE = "core.zip"
SLIM_NUMPY = "numpy.zip"  # no longer the wheel of that name
NOTICE = f"""\
pyodide/ is the core of Pyodide {VERSION} (Mozilla Public License 2.0, https://github.com/pyodide/pyodide), with Python
and its standard library (Python Software Foundation License), unchanged. Beside it is NumPy (BSD 3-Clause License; the
text is inside), without the parts that the model does not need.
"""


Tell = Callable[[int, int], None]
NO_WISHES = Wishes()


def browser_files(
    core: Mapping[str, bytes], numpy: Part, language: str | None = None, wishes: Wishes = NO_WISHES,
    n_luck: int = N_LUCK, tell: Tell | None = None,
) -> dict[str, bytes]:  # fmt: skip
    """Return the files of the edition that runs the model in the reader's browser; the rounds are recorded.

    Parameters
    ----------
    core : mapping of str to bytes
        Pyodide's core.
    numpy : Part
        The NumPy wheel.
    language : str, optional
        Language to start in.
    wishes : Wishes
        What the lecturer wants of the page.
    n_luck : int
        Luck numbers of which the rounds are recorded.
    tell : callable, optional
        Is told how much of the recording is done.
    """
    engine = browser_engine(PYODIDE, SLIM_NUMPY, CORE, MODULE)
    names = {name: MODULE if name == "pyodide.mjs" else PYODIDE + name for name in core}
    recordings, files = _recorded(n_luck, wishes, tell, has_worksheets=False)
    return {
        **page_files(
            [engine],
            DEFAULTS,
            language,
            has_lesson=True,
            wishes=wishes,
            recordings=recordings,
            luck=luck_numbers(n_luck),
        ),
        **files,
        **{names[name]: content for name, content in core.items()},
        NOTICE_FILE: NOTICE.encode(),
        SLIM_NUMPY: without_needless(numpy.content),
        CORE: core_archive(),
    }


def recorded_files(
    language: str | None = None, wishes: Wishes = NO_WISHES, n_luck: int = N_LUCK, tell: Tell | None = None
) -> dict[str, bytes]:
    """Return the files of the edition that shows recorded runs."""
    recordings, contents = _recorded(n_luck, wishes, tell, has_worksheets=True)
    files = page_files(
        [recorded_engine()], DEFAULTS, language, has_lesson=True, wishes=wishes, recordings=recordings,
        recorded=known_of(_sheets(wishes, n_luck)), luck=luck_numbers(n_luck),
    )  # fmt: skip
    del files["worker.js"]  # of the engine that computes
    return {**files, **contents}


def _sheets(wishes: Wishes, n_luck: int) -> Recorded:
    """Return the recording beside those of the rounds: many launches for worksheets, or the pair of the lecturer."""
    size = wishes.over(DEFAULTS)
    if wishes.pair is None:
        return of_worksheets(size["employees"], size["weeks"])
    return of_pair(wishes.pair, size["employees"], size["weeks"], size["runs"], n_luck)


def _recorded(
    n_luck: int, wishes: Wishes, tell: Tell | None, *, has_worksheets: bool
) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Return what the page must know of each recording, and the files."""
    wanted = [_sheets(wishes, n_luck)] if has_worksheets else []
    few = {} if has_worksheets else {"n_explained": 0}  # a model beside it has reasons of everybody
    wanted += [] if wishes.pair else of_rounds(n_luck, **few)  # what both have, the first one answers
    n = sum(len(one.launches) * len(one.lists) for one in wanted)
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        if tell is not None:
            tell(done, n)

    return [one.known() for one in wanted], {one.file: recording(one, count) for one in wanted}


def sums_of(files: Mapping[str, bytes]) -> bytes:
    """Return the SHA-256 of each file, in the form that ``sha256sum --check`` reads."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds anything but an edition that we wrote.

    Raises
    ------
    sim.errors.InputError
        If `folder` is no folder, or has other files.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(said("refusal.class.no_folder", folder=folder))
    sums = _sums_in(folder / SUMS)
    files = [one for one in folder.rglob("*") if one.is_symlink() or not one.is_dir()]
    here = {one.relative_to(folder).as_posix(): one for one in files}
    # A list of sums alone makes no edition: many folders have one. What was changed since is somebody's work.
    is_edition = not here or {"index.html", "config.json"} <= sums.keys()
    if not is_edition or any(name != SUMS and not _is_as_written(one, sums.get(name)) for name, one in here.items()):
        raise InputError(said("refusal.class.other_files", folder=folder))


def _sums_in(sums: Path) -> dict[str, str]:
    """Return the SHA-256 of each name in a list of sums; none where there is no list."""
    if not sums.is_file() or sums.is_symlink():
        return {}
    lines = sums.read_text(encoding="utf-8", errors="replace").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _is_as_written(file: Path, digest: str | None) -> bool:
    """Say whether a file is none but the one with this SHA-256."""
    if digest is None or file.is_symlink() or not file.is_file():
        return False
    return hashlib.sha256(file.read_bytes()).hexdigest() == digest


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write an edition with its sums, in the place of one made before; whole or not at all.

    Raises
    ------
    sim.errors.InputError
        If the folder has other files, or cannot be written.
    """
    refuse_foreign(folder)
    folder = folder.resolve()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _beside(folder, "new") as new:
            for name, content in {**files, SUMS: sums_of(files)}.items():
                (new / name).parent.mkdir(parents=True, exist_ok=True)
                (new / name).write_bytes(content)
            with _beside(folder, "old") as old:
                if folder.exists():
                    os.replace(folder, old / "edition")
                try:
                    os.replace(new, folder)
                except OSError:
                    if (old / "edition").exists():
                        os.replace(old / "edition", folder)
                    raise
    except OSError as error:
        raise InputError(said("refusal.place", place=folder, reason=error.strerror)) from error


@contextlib.contextmanager
def _beside(folder: Path, kind: str) -> Iterator[Path]:
    """Make a folder beside another one, for as long as it is needed."""
    path = folder.parent / f".{folder.name}.{kind}.unfinished"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


# Which edition can be made: the one with the model itself, or else the recorded one, with the reason.


AUTO, BROWSER, RECORDED = EDITIONS = ("auto", "browser", "recorded")


class Edition(NamedTuple):
    """An edition, ready to be written.

    Attributes
    ----------
    kind : str
        ``browser`` or ``recorded``.
    files : dict of str to bytes
        Its files by name.
    """

    kind: str
    files: dict[str, bytes]


def _nobody(_: str) -> None:
    """Tell nobody."""


def edition(
    kind: str,
    pyodide: Path | None = None,
    numpy: str | None = None,
    language: str | None = None,
    tell_lacking: Callable[[str], None] = _nobody,
    wishes: Wishes = NO_WISHES,
    n_luck: int = N_LUCK,
    tell: Tell | None = None,
) -> Edition:
    """Return an edition.

    Parameters
    ----------
    kind : str
        One of `EDITIONS`; ``auto`` is the one with the model, if its parts can be had.
    pyodide, numpy : optional
        Where the parts are; see ``sim.web.classroom.parts``.
    language : str, optional
        Language to start in; left out: that of the reader's browser.
    tell_lacking : callable, optional
        Is told what is lacking, before runs are recorded for that reason.
    wishes : Wishes
        What the lecturer wants of the page.
    n_luck : int
        Luck numbers of which the rounds of the lesson are recorded.
    tell : callable, optional
        Is told how many runs of how many are recorded.

    Raises
    ------
    sim.errors.InputError
        If a part is not the right one, or ``browser`` is asked for and a part cannot be had.
    """
    if kind == RECORDED:
        return Edition(RECORDED, recorded_files(language, wishes, n_luck, tell))
    try:
        core = pyodide_core(pyodide)
        wheel = numpy_wheel(core, numpy)
    except NotAtHandError as error:
        if kind == BROWSER:
            raise InputError(said("refusal.class.browser", reason=error.lines[0])) from error
        tell_lacking(error.lines[0])
        return Edition(RECORDED, recorded_files(language, wishes, n_luck, tell))
    return Edition(BROWSER, browser_files(core, wheel, language, wishes, n_luck, tell))


# The class edition as one HTML file, which opens by double-click: everything it needs stands in it.
#
# A page from a file may not fetch anything, so files stand in it as text: base64 of what gzip makes of them. Scripts
# and styles stand in the page as they are; the policy names their hashes, lets nothing else run and lets
# nothing be loaded.


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
        raise InputError(said("refusal.class.other_file", file=file))


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


# What ``class serve`` serves, and under which names.


CLASS_LIMITS = Limits(employees=2_000, work=1_000_000)  # thirty ask at a time
EVERYWHERE = ("0.0.0.0", "::")
HERE = ("127.0.0.1", "localhost")
SOMEWHERE_ELSE = ("192.0.2.1", 9)  # an address for documents; nothing is sent to it


def files_to_serve(
    folder: Path | None, is_native: bool, language: str | None = None, wishes: Wishes | None = None
) -> dict[str, bytes]:
    """Return the files to serve by name.

    Parameters
    ----------
    folder : Path, optional
        An edition; left out: the page alone.
    is_native : bool
        Whether this computer runs the model; the engine of an edition with the model stays as a second one.
    language : str, optional
        Language to start in, where the page is not that of the folder.
    wishes : Wishes, optional
        What the lecturer wants of the page, likewise.

    Raises
    ------
    sim.errors.InputError
        If `folder` is no edition.
    """
    files = {} if folder is None else _edition_in(folder)
    if not is_native:
        return files
    engines = json.loads(files["config.json"])["engines"] if files else []
    beside = [engine for engine in engines if engine["kind"] == "browser"]
    return {**files, **page_files([NATIVE, *beside], DEFAULTS, language, has_lesson=True, wishes=wishes)}


def with_live(files: Mapping[str, bytes], address: str) -> dict[str, bytes]:
    """Return the files of a page that offers to send predictions and cards to the screen; `address` leads to it."""
    config = {**json.loads(files["config.json"]), "live": address}
    return {**files, "config.json": json.dumps(config, ensure_ascii=False).encode()}


def _edition_in(folder: Path) -> dict[str, bytes]:
    """Return the files that an edition lists, and nothing else that lies there."""
    try:
        lines = regular_content(folder / SUMS).decode("utf-8").splitlines()
        root = folder.resolve()
        names = [name for name in (line.partition("  ")[2] for line in lines) if ".." not in PurePath(name).parts]
        places = {name: (root / name).resolve() for name in names}
        files = {name: regular_content(place) for name, place in places.items() if place.is_relative_to(root)}
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(_no_page(folder)) from error
    if not {"index.html", "config.json"} <= files.keys():
        raise InputError(_no_page(folder))
    return files


def addresses(host: str) -> list[str]:
    """Return the names under which a browser can call a server that listens on `host`, the best one first."""
    if host not in EVERYWHERE:
        return list(HERE) if host in HERE else [host]
    own = [address for address in _own_addresses() if not address.startswith("127.")]
    return [*own, socket.gethostname(), *HERE]


def _own_addresses() -> list[str]:
    """Return the IPv4 addresses of this computer, the one that leads to others first."""
    found = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(SOMEWHERE_ELSE)
        found.append(str(probe.getsockname()[0]))
    with contextlib.suppress(OSError):
        found += [str(one[4][0]) for one in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return list(dict.fromkeys(found))


def _no_page(folder: Path) -> str:
    return said("refusal.class.no_page", folder=folder, command=typed("intranet-sim", "class", "build", folder))
