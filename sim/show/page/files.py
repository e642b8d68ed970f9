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
LESSON_DEFAULTS = {"employees": 200, "runs": 10}


def browser_engine(pyodide: str, numpy: str, core: str, module: str | None = None) -> dict[str, str]:
    """Return the configuration of the engine in the browser.

    Parameters
    ----------
    pyodide : str
        Folder of Pyodide's core, relative to the page, such as ``pyodide/``.
    numpy, core : str
        The NumPy wheel and the archive of ``sim.show.core_files``, relative to the page.
    module : str, optional
        Pyodide's module, where it is not ``pyodide.mjs`` in the folder.
    """
    places = {"pyodide": pyodide, "numpy": numpy, "core": core, "module": module}
    return {"kind": "browser", **{name: place for name, place in places.items() if place is not None}}


def recorded_engine(recording: str) -> dict[str, str]:
    """Return the configuration of the engine that answers what was recorded, in a file relative to the page."""
    return {"kind": "recorded", "recording": recording}


def page_files(
    engines: list[dict[str, str]],
    defaults: Mapping[str, int] = DEFAULTS,
    language: str | None = None,
    *,
    has_lesson: bool = False,
    recorded: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """Return the files of the page by name.

    Parameters
    ----------
    engines : list of dict
        What computes, the preferred one first: `NATIVE`, a `browser_engine` or a `recorded_engine`.
    defaults : mapping
        ``employees``, ``runs`` and, where it is not that of the scenarios, ``weeks`` to start with.
    language : str, optional
        Language to start in; left out: that of the reader's browser.
    has_lesson : bool
        Whether the page leads a class through the lesson.
    recorded : mapping, optional
        What there is where nothing is computed: ``launches``, ``lists`` of seeds, ``outcomes``, ``employees`` and
        ``weeks``. The page offers nothing else.
    """
    config: dict[str, Any] = {"engines": engines, "defaults": dict(defaults), "language": language}
    config |= {"lesson": has_lesson, "edition": engines[0]["kind"]}
    data = page_data()
    if recorded is not None:
        config["recorded"] = dict(recorded)
        data["scenarios"] = {name: data["scenarios"][name] for name in recorded["launches"]}
        data["outcomes"] = [one for one in data["outcomes"] if one["name"] in recorded["outcomes"]]
    dist = resources.files("sim.show.page").joinpath("dist")
    return {
        **{name: dist.joinpath(name).read_bytes() for name in BUILT},
        "data.json": _json(data),
        "config.json": _json(config),
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
