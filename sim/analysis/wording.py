"""Outcomes and verdicts in words, English and Dutch; numbers in the unit a reader expects.

Shares are written in percent and their differences in percentage points, everything else in its own unit. Tables,
sentences, figures and reports all write a number with these functions, so that it is the same wherever it stands.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.catalog.outcomes import OUTCOMES, TIMES, YES_OR_NO, Outcome, of_ones_own
from sim.words import DEFAULT_LANGUAGE, catalog, interval, number, percent, short_number, text

MINUS = text(DEFAULT_LANGUAGE, "number.minus")  # the same in all languages, as is the dash
MISSING = text(DEFAULT_LANGUAGE, "number.missing")
# A percentage point of staff is ten people in a thousand: a smaller difference is not worth a launch
# strategy.
SMALLEST_INTERESTING_SHARE = 0.01

EFFECTS = frozenset({"mu_star", "mu", "sigma"})
"""The measures of sensitivity that have the unit of the outcome; all others are pure numbers."""


class _ByName(dict[str, Outcome]):
    """Outcomes by name; of one that somebody has added no more is known than its name."""

    def __missing__(self, name: str) -> Outcome:
        return of_ones_own(name)


OUTCOME_BY_NAME: Mapping[str, Outcome] = _ByName({outcome.name: outcome for outcome in OUTCOMES})

# What a first look needs: who reads, writes and answers, what for, and whether it lasts.
MAIN_OUTCOMES: tuple[str, ...] = (
    "monthly_readers", "monthly_posters", "monthly_active", "interactions_per_employee_month", "work_share",
    "reply_rate", "top5_share", "answer_rate", "frame_collaboration", "knowledge", "cohesion", "alive",
)  # fmt: skip


class Phrase(NamedTuple):
    """How one outcome is named, and what a scenario "has" that has more, or less, of it."""

    label: str
    more: str
    less: str


def label(outcome: str, language: str = "en") -> str:
    """Return the name of an outcome for a reader; an unknown one keeps its key."""
    return catalog(language).get(f"outcome.label.{outcome}", outcome.replace("_", " "))


def phrase_for(outcome: str, language: str = "en") -> Phrase:
    """Return how to say that a scenario has more or less of an outcome."""
    name = label(outcome, language)
    if outcome in OUTCOME_BY_NAME:
        return Phrase(name, *(text(language, f"outcome.{which}.{outcome}") for which in ("more", "less")))
    return Phrase(name, *(text(language, f"outcome.unknown_{which}", name=name) for which in ("more", "less")))


def short_names(names: Sequence[str], language: str = DEFAULT_LANGUAGE) -> dict[str, str]:
    """Return names of factors as words, without their section; in full where that would make two the same.

    Examples
    --------
    >>> short_names(["organization.remote_share", "rollout"])
    {'organization.remote_share': 'remote share', 'rollout': 'rollout'}
    >>> short_names(["rules.weeks", "run.weeks"])["rules.weeks"], short_names(["launch.waves"], "nl")["launch.waves"]
    ('rules weeks', 'openstelling')
    """
    told = catalog(language)
    short = {name: told.get(f"parameter.short.{name}", name.partition(".")[2] or name) for name in dict.fromkeys(names)}
    counts = Counter(short.values())
    return {
        name: (rest if counts[rest] == 1 else name).replace(".", " ").replace("_", " ") for name, rest in short.items()
    }


def is_share(outcome: str) -> bool:
    """Say whether an outcome is a share (of staff, posts, runs), read in percent."""
    return outcome in YES_OR_NO or OUTCOME_BY_NAME[outcome].unit in {"share", "difference of shares"}


def is_gap(outcome: str) -> bool:
    """Say whether an outcome is itself a difference of shares, read in percentage points."""
    return OUTCOME_BY_NAME[outcome].unit == "difference of shares"


def smallest_interesting(outcome: str) -> float:
    """Return the smallest difference worth a word: a percentage point for shares; 0 (any) for others."""
    return SMALLEST_INTERESTING_SHARE if is_share(outcome) else 0.0


def decimals_for(outcome: str) -> int:
    """Return how many decimals a value of this outcome deserves, in the unit it is read in."""
    if is_share(outcome):
        return 1
    return 1 if OUTCOME_BY_NAME[outcome].unit in {"days", "weeks"} else 2


def value_text(outcome: str, value: float, language: str = "en") -> str:
    """Return a value of an outcome without unit, except the percent sign of a share; a gap has a sign."""
    if is_share(outcome) and not is_gap(outcome):
        return percent(value, decimals_for(outcome), language)
    return difference_number(outcome, value, language, is_signed=is_gap(outcome))


def mean_text(outcome: str, mean: float, n_not_reached: int, language: str = "en") -> str:
    """Return a mean as `value_text`; "at least" where some of the runs had not got there (see `times`)."""
    shown = value_text(outcome, mean, language)
    return text(language, "number.at_least", number=shown) if n_not_reached else shown


def quantile_text(outcome: str, value: float, n_weeks: int, language: str = "en") -> str:
    """Return a quantile as `value_text`; of times, "at least" where it lies after the run (see `times`)."""
    return mean_text(outcome, value, int(outcome in TIMES and value > n_weeks), language)


def interval_text(outcome: str, low: float, high: float, language: str = "en", n_weeks: float = math.inf) -> str:
    """Return an interval as ``[low, high]`` in the unit of `value_text`, or a dash where there is none.

    Where it lies between quantiles, and these are times, `n_weeks` are the weeks of the runs (`quantile_text`).
    """
    if math.isnan(low) or math.isnan(high):
        return MISSING
    ends = [difference_number(outcome, end, language) for end in (low, high)]
    later = [outcome in TIMES and end > n_weeks for end in (low, high)]
    shown = [text(language, "number.at_least", number=end) if is_later else end
             for end, is_later in zip(ends, later, strict=True)]  # fmt: skip
    return interval(shown[0], shown[1], language)


def unit_text(outcome: str, language: str = "en", is_difference: bool = False) -> str:
    """Return the unit that a value (or a difference) is read in; empty for pure numbers and percentages."""
    if is_share(outcome):
        return text(language, "verdict.unit.points") if is_difference or is_gap(outcome) else ""
    return catalog(language).get(f"verdict.unit.{OUTCOME_BY_NAME[outcome].unit.replace(' ', '_')}", "")


def difference_number(outcome: str, value: float, language: str = "en", is_signed: bool = False) -> str:
    """Return a difference as a bare number in the unit of `unit_text`."""
    scaled = 100 * value if is_share(outcome) else value
    return number(scaled, decimals_for(outcome), language, is_signed)


def index_text(measure: str, outcome: str, value: float, language: str = "en") -> str:
    """Return an index of sensitivity: an effect in the unit of differences of the outcome, others as pure numbers."""
    return difference_number(outcome, value, language) if measure in EFFECTS else number(value, 2, language)


def measured_text(value: float, language: str = "en") -> str:
    """Return a number that has no outcome's unit (what was published, a coefficient) with three digits."""
    return short_number(value, language, 3) if math.isfinite(value) else MISSING


def difference_text(outcome: str, value: float, language: str = "en") -> str:
    """Return a signed difference with its unit, such as ``+6.1 points``."""
    written = difference_number(outcome, value, language, is_signed=True)
    unit = unit_text(outcome, language, is_difference=True)
    return f"{written} {unit}" if unit and not math.isnan(value) else written
