"""The files of the page, ready to be served or written to a folder: what was built, its data and its configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from sim.show.page.data import page_data

BUILT = ("index.html", "main.js", "style.css", "worker.js", "LICENSES.txt")

# No other host, no script in the page's text; WebAssembly for the engine in the browser.
SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
)

NATIVE = {"kind": "native"}
DEFAULTS = {"employees": 500, "runs": 10}


def browser_engine(pyodide: str, numpy: str, core: str) -> dict[str, str]:
    """Return the configuration of the engine in the browser.

    Parameters
    ----------
    pyodide : str
        Folder of Pyodide's core, relative to the page, such as ``pyodide/``.
    numpy, core : str
        The NumPy wheel and the archive of ``sim.show.core_files``, relative to the page.
    """
    return {"kind": "browser", "pyodide": pyodide, "numpy": numpy, "core": core}


def page_files(
    engines: list[dict[str, str]], defaults: Mapping[str, int] = DEFAULTS, language: str | None = None
) -> dict[str, bytes]:
    """Return the files of the page by name.

    Parameters
    ----------
    engines : list of dict
        What computes, the preferred one first: `NATIVE` or a `browser_engine`.
    defaults : mapping
        ``employees`` and ``runs`` to start with.
    language : str, optional
        Language to start in; left out: that of the reader's browser.
    """
    config = {"engines": engines, "defaults": dict(defaults), "language": language}
    dist = resources.files("sim.show.page").joinpath("dist")
    return {
        **{name: dist.joinpath(name).read_bytes() for name in BUILT},
        "data.json": _json(page_data()),
        "config.json": _json(config),
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
