"""All patterns, and the rows of the sources that are none, each with the reason; read from ``data/claims.json``.

Rows of the articles are those of ``docs/sources.md``. Of published orderings ``tests/known_answers`` has limiting cases
of the same engine. Findings of the group ``development`` are those that the structure of the rules is chosen by:
claims, settings and limits stood there before any run. The first version of the model met none of them whole, and what
it gave stands with each. They may choose between structures; no coefficient is set by hand to meet one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.study.scorecard.claims import Pattern, Range
from sim.study.scorecard.statistic import statistic_from

_TOLD: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "claims.json").read_text(encoding="utf-8"))


def _margin(given: str | float) -> float:
    """Return what counts as no difference: a number, or the name of one that several claims share."""
    return float(_TOLD["margins"][given]["value"] if isinstance(given, str) else given)


def _pattern(given: Mapping[str, Any]) -> Pattern:
    told = {
        **given,
        "source": given["source"].format_map(_TOLD["sources"]),
        "statistic": statistic_from(given["statistic"]),
        "margin": _margin(given["margin"]),
        "reaches": Range(**given["reaches"]) if "reaches" in given else None,
    }
    return Pattern(**told)


PATTERNS: tuple[Pattern, ...] = tuple(map(_pattern, _TOLD["claims"]))
PATTERN_BY_ID: dict[str, Pattern] = {pattern.id: pattern for pattern in PATTERNS}

NOT_SCORED: dict[str, str] = _TOLD["not_scored"]
"""Row -> why it is not scored."""


def settings_needed(patterns: tuple[Pattern, ...] = PATTERNS) -> tuple[str, ...]:
    """Return the names of all settings that some patterns compare, each once."""
    names = (name for pattern in patterns for name in pattern.statistic.settings)
    reached = (pattern.reaches.setting for pattern in patterns if pattern.reaches)
    return tuple(dict.fromkeys([*names, *reached]))


def measures_needed(patterns: tuple[Pattern, ...] = PATTERNS) -> tuple[str, ...]:
    """Return the names of all measures that some patterns look at, each once."""
    names = (name for pattern in patterns for name in pattern.statistic.measures)
    reached = (pattern.reaches.measure for pattern in patterns if pattern.reaches)
    return tuple(dict.fromkeys([*names, *reached]))
