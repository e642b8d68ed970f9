"""All patterns, and the rows of the sources that are none, each with the reason."""

from __future__ import annotations

from sim.study.scorecard import (
    article_patterns,
    development_patterns,
    literature_patterns,
    two_sided_patterns,
)
from sim.study.scorecard.claims import Pattern

PATTERNS: tuple[Pattern, ...] = (
    *article_patterns.PATTERNS,
    *literature_patterns.PATTERNS,
    *two_sided_patterns.PATTERNS,
    *development_patterns.PATTERNS,
)
PATTERN_BY_ID: dict[str, Pattern] = {pattern.id: pattern for pattern in PATTERNS}

# Row -> why it is not scored.
NOT_SCORED: dict[str, str] = {
    "0.3": "says that people keep boundaries, which is an attribute of people here, not a consequence",
    "0.7": "says that work becomes demand-driven; the model has no other work than what happens on the platform",
    "1.1": "defines what a frame is",
    "1.2": "says what companies expect, not what happens",
    "2.1": "names three ways of looking, no direction",
    "2.2": "claims lower cost of organizing than without a platform; only the time to an answer on it is modeled",
    "2.3": "claims that stories bind people; the model has items, no stories (see 3.2 for what reading does)",
    "2.4": "people share to profile themselves: a coefficient, whose sign would be all that a test could find",
    "3.3": "is about e-mail, which is not in the model",
    "3.7": "asks for governance and for telling usefulness from hype, no direction",
    "4.6": "is a norm",
    "4.7": "announces a survey",
    "9, filter by interest": (
        "1.4 to 1.5 times the posts with a filter by interest: communities are by interest in every scenario and "
        "cannot be turned off without pooling knowledge and expertise as well"
    ),
}


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
