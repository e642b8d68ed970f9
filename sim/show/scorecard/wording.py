"""How the numbers and verdicts of a scorecard are said."""

from __future__ import annotations

import math

from sim.study.scorecard.claims import Pattern
from sim.study.scorecard.verdicts import CANNOT_TELL, DOES_NOT_HOLD, HOLDS, Estimate, Result, VerdictWord
from sim.study.wording import MISSING
from sim.texts import interval, number, short_number, text

# For readers who do not see the colors: filled, crossed, open.
OUTSIDE = "–"  # outside the range of the model
_AS_IT_IS = ("correlation", "people")
MARKS: dict[VerdictWord, str] = {HOLDS: "●", DOES_NOT_HOLD: "✕", CANNOT_TELL: "○"}


def scaled(unit: str, value: float) -> float:
    """Return a value in the unit in which it is read."""
    return value if unit in _AS_IT_IS else 100.0 * value


def decimals(unit: str) -> int:
    """Return how many decimals a value in this unit deserves."""
    return 2 if unit in _AS_IT_IS else 1


def value_text(unit: str, value: float, language: str = "en", is_signed: bool = True) -> str:
    """Return a value without its unit; a dash where there is none."""
    return MISSING if math.isnan(value) else number(scaled(unit, value), decimals(unit), language, is_signed)


def estimate_text(unit: str, found: Estimate, language: str = "en") -> str:
    """Return a value with its interval, such as ``+5.0 [4.3, 5.9]``."""
    if math.isnan(found.low):
        return MISSING
    ends = [value_text(unit, end, language, is_signed=False) for end in (found.low, found.high)]
    return f"{value_text(unit, found.value, language)} {interval(ends[0], ends[1], language)}"


def unit_text(unit: str, language: str = "en") -> str:
    """Return the unit that values are read in."""
    return text(language, f"scorecard.unit.{unit}")


def verdict_text(verdict: VerdictWord, language: str = "en") -> str:
    """Return a verdict in words."""
    return text(language, f"scorecard.verdict.{verdict.replace(' ', '_')}")


def result_text(result: Result, language: str = "en") -> str:
    """Return a verdict in words, or that the claim is outside the range of the model."""
    return text(language, "scorecard.outside") if result.out_of_range else verdict_text(result.verdict, language)


def mark_of(result: Result) -> str:
    """Return the mark of a verdict."""
    return OUTSIDE if result.out_of_range else MARKS[result.verdict]


def predicted_text(pattern: Pattern) -> str:
    """Return what the claim predicts, in words."""
    unit = pattern.statistic.unit
    number_text = short_number(scaled(unit, pattern.margin))
    margin = {
        "points": "1 point" if number_text == "1" else f"{number_text} points",
        "percent": f"{number_text}%",
        "people": f"{number_text} people",
    }.get(unit, number_text)
    return {
        "more": f"above zero; within {margin} of it counts as no difference",
        "at least": f"not below zero; by {margin} counts as not below",
        "alike": f"within {margin} of zero",
        "differ": f"away from zero, on either side; within {margin} of it counts as no difference",
    }[pattern.shape]
