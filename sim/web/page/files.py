"""The files of the page, ready to be served or written to a folder: what was built, its data and its configuration."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, NamedTuple

from sim.analysis.wording import decimals_for, is_gap, is_share
from sim.catalog.outcomes import OUTCOMES
from sim.catalog.registry import CHANGEABLE, PARAMETERS, PRESETS, Parameter, meaning_of, unit_of
from sim.scenario.library import plain_names, plain_values, settings_of
from sim.version import __version__
from sim.web.page.arc import EMPLOYEES, RUNS, WEEKS, lesson_data
from sim.words import LANGUAGES, catalog

BUILT = ("index.html", "main.js", "style.css", "worker.js", "LICENSES.txt")

# No other host, no script in the page's text; WebAssembly for the engine in the browser.
SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
)

NATIVE = {"kind": "native"}
DEFAULTS = {"employees": 500, "runs": 10}
LESSON_DEFAULTS = {"employees": EMPLOYEES, "runs": RUNS, "weeks": WEEKS}
"""Of a class, in every edition."""


def browser_engine(pyodide: str, numpy: str, core: str, module: str | None = None) -> dict[str, str]:
    """Return the configuration of the engine in the browser.

    Parameters
    ----------
    pyodide : str
        Folder of Pyodide's core, relative to the page, such as ``pyodide/``.
    numpy, core : str
        The NumPy wheel and the archive of ``sim.web.classroom.parts``, relative to the page.
    module : str, optional
        Pyodide's module, where it is not ``pyodide.mjs`` in the folder.
    """
    places = {"pyodide": pyodide, "numpy": numpy, "core": core, "module": module}
    return {"kind": "browser", **{name: place for name, place in places.items() if place is not None}}


def recorded_engine() -> dict[str, str]:
    """Return the configuration of the engine that answers what was recorded and nothing else."""
    return {"kind": "recorded"}


class Wishes(NamedTuple):
    """What a lecturer wants of the page of a class.

    Attributes
    ----------
    pair : tuple of str, optional
        Two scenarios: the lesson is then about these; left out, it is the one with rounds.
    employees, weeks, runs : int, optional
        Of that lesson; those of the class if left out.
    question : str, optional
        Shown with the prediction.
    is_locked : bool
        Whether nothing but the prediction can be changed.
    """

    pair: tuple[str, str] | None = None
    employees: int | None = None
    weeks: int | None = None
    runs: int | None = None
    question: str | None = None
    is_locked: bool = False

    def over(self, defaults: Mapping[str, int]) -> dict[str, int]:
        """Return the sizes to start with."""
        own = {"employees": self.employees, "weeks": self.weeks, "runs": self.runs}
        return {**defaults, **{name: value for name, value in own.items() if value is not None}}

    def as_config(self) -> dict[str, Any]:
        """Return what the page reads of it."""
        said = {"pair": self.pair and list(self.pair), "question": self.question, "lock": self.is_locked or None}
        return {name: value for name, value in said.items() if value is not None}


def page_files(
    engines: list[dict[str, str]],
    defaults: Mapping[str, int] = DEFAULTS,
    language: str | None = None,
    *,
    has_lesson: bool = False,
    recorded: Mapping[str, Any] | None = None,
    wishes: Wishes | None = None,
    recordings: Sequence[Mapping[str, Any]] = (),
    luck: Sequence[int] | None = None,
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
    wishes : Wishes, optional
        What the lecturer wants.
    recordings : sequence of mapping
        What tells the requests that each file of recorded runs answers, before any engine is asked.
    luck : sequence of int, optional
        Luck numbers of the lesson; all if left out.
    """
    wanted = wishes or Wishes()
    config: dict[str, Any] = {"engines": engines, "defaults": wanted.over(defaults), "language": language}
    config |= {"lesson": has_lesson, "edition": engines[0]["kind"], **wanted.as_config()}
    if recordings:
        config["recordings"] = [dict(one) for one in recordings]
    if luck is not None:
        config["luck"] = list(luck)
    data = page_data()
    if recorded is not None:
        config["recorded"] = dict(recorded)
        data["scenarios"] = {name: data["scenarios"][name] for name in recorded["launches"]}
        data["outcomes"] = [one for one in data["outcomes"] if one["name"] in recorded["outcomes"]]
    dist = resources.files("sim.web.page").joinpath("dist")
    return {
        **{name: dist.joinpath(name).read_bytes() for name in BUILT},
        "data.json": _json(data),
        "config.json": _json(config),
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


# What the page knows before it asks an engine: parameters, scenarios, outcomes and texts, as plain data.
#
# Nothing but the standard library is needed, so the page opens before the model is loaded.


AREAS = ("page", "lesson", "outcome", "explain", "number")  # texts that the page shows, beside the units of figures
PARTS = (("figure", "unit"), ("verdict", "unit"), ("edition", "recorded"))  # and of these areas, what begins so


def page_data() -> dict[str, Any]:
    """Return the data of the page, in a form that JSON can hold.

    Returns
    -------
    dict
        ``version`` of the model; ``parameters`` (a list, in the order of the registry); ``framings`` (numbers of each
        preset); ``scenarios`` (by name: what each sets other than the defaults); ``outcomes`` (a list); ``lesson`` (see
        `sim.web.page.arc`); ``texts`` (by language).
    """
    return {
        "version": __version__,
        "parameters": [_parameter(one) for one in PARAMETERS],
        "framings": {name: numbers._asdict() for name, numbers in PRESETS.items()},
        "scenarios": {name: settings_of(plain_values(name)) for name in plain_names()},
        "outcomes": [
            {
                "name": one.name,
                "unit": one.unit,
                "low": _limit(one.low),
                "high": _limit(one.high),
                "read_as": _read_as(one.name),
                "decimals": decimals_for(one.name),
                "over_run": one.over_run,
            }
            for one in OUTCOMES
        ],
        "lesson": lesson_data(),
        "texts": {language: _texts(language) for language in LANGUAGES},
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    return {
        "path": one.path,
        "kind": one.kind,
        "default": list(one.default) if isinstance(one.default, tuple) else one.default,
        "low": one.low,
        "high": one.high,
        "unit": one.unit,
        "choices": list(one.choices),
        "can_change": one in CHANGEABLE,
    }


def _read_as(outcome: str) -> str:
    """Return how a value is written: in ``percent``, as a difference in ``points``, or as a plain ``number``."""
    if is_gap(outcome):
        return "points"
    return "percent" if is_share(outcome) else "number"


def _limit(value: float) -> float | None:
    """Return a limit of an outcome; None if there is none."""
    return value if math.isfinite(value) else None


def _texts(language: str) -> dict[str, str]:
    def is_shown(key: str) -> bool:
        area, kind, *_ = key.split(".")
        return area in AREAS or (area, kind) in PARTS

    texts = {key: message for key, message in catalog(language).items() if is_shown(key)}
    texts |= {f"parameter.meaning.{one.path}": meaning_of(one, language) for one in PARAMETERS}
    return texts | {f"parameter.unit.{one.unit}": unit_of(one, language) for one in PARAMETERS}
