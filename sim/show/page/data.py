"""What the page knows before it asks an engine: parameters, scenarios, outcomes and texts, as plain data.

Nothing but the standard library is needed, so the page opens before the model is loaded.
"""

from __future__ import annotations

import math
from typing import Any

from sim.scenario.framing import PRESETS
from sim.scenario.outcome_table import OUTCOMES
from sim.scenario.parameter_words import meaning_of, unit_of
from sim.scenario.parameters import PARAMETERS
from sim.scenario.registry import Parameter
from sim.scenario.shipped import plain_names, plain_values, settings_of
from sim.scenario.structure import CHANGEABLE
from sim.study.wording import decimals_for, is_gap, is_share
from sim.texts import LANGUAGES, catalog
from sim.version import __version__

AREAS = ("page", "lesson", "outcome", "explain", "number")  # texts that the page shows, beside the units of figures
PARTS = (("figure", "unit"), ("verdict", "unit"), ("edition", "recorded"))  # and of these areas, what begins so


def page_data() -> dict[str, Any]:
    """Return the data of the page, in a form that JSON can hold.

    Returns
    -------
    dict
        ``version`` of the model; ``parameters`` (a list, in the order of the registry); ``framings`` (numbers of each
        preset); ``scenarios`` (by name: what each sets other than the defaults); ``outcomes`` (a list); ``texts`` (by
        language).
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
            }
            for one in OUTCOMES
        ],
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
