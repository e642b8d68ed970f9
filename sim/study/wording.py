"""Outcomes and verdicts in words, English and Dutch; numbers in the unit a reader expects.

Shares are written in percent and their differences in percentage points, everything else in its own unit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from sim.scenario.outcome_table import OUTCOMES, Outcome
from sim.texts import DEFAULT_LANGUAGE, LANGUAGES, number, text

MINUS = text(DEFAULT_LANGUAGE, "number.minus")  # the same in all languages, as is the dash
MISSING = text(DEFAULT_LANGUAGE, "number.missing")
# 0 or 1 in each run, so the mean over runs is a share of runs.
YES_OR_NO = frozenset({"alive"})
# A percentage point of staff is ten people in a thousand: a smaller difference is not worth a launch
# strategy.
SMALLEST_INTERESTING_SHARE = 0.01

OUTCOME_BY_NAME: Mapping[str, Outcome] = {outcome.name: outcome for outcome in OUTCOMES}

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


def _phrases(language: str) -> dict[str, Phrase]:
    def words(kind: str, outcome: str) -> str:
        return text(language, f"outcome.{kind}.{outcome}")

    return {name: Phrase(words("label", name), words("more", name), words("less", name)) for name in OUTCOME_BY_NAME}


PHRASES: dict[str, dict[str, Phrase]] = {language: _phrases(language) for language in LANGUAGES}

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "points": "points", "days": "days", "weeks": "weeks", "per month": "per month",
        "more": "{winner} has {phrase} in {k} of {n} pairs, {mean} [{low}, {high}]",
        "small": "; that is less than {smallest}, so it hardly matters",
        "alike": "no difference that matters: {mean} [{low}, {high}] stays within {smallest} of zero",
        "same": "no difference at all in {n} of {n} pairs",
        "unsure": "cannot tell: {mean}, the interval [{low}, {high}] spans zero",
        "needed": "; about {needed} replications would settle a difference of this size",
        "needed many": "; no practical number of replications would settle a difference of this size",
        "one pair": "cannot tell from one pair ({mean}); use more replications",
        "no pair": "cannot tell: in no pair both have a value",
        "dropped": " ({n} pairs without a value left out)",
        "dropped one": " (1 pair without a value left out)",
        "more worlds":
            "{winner} has {phrase} in {share} of {n} plausible worlds (the reverse in {reverse}),"
            " on average {mean} [{low}, {high}]",
        "same worlds": "no difference at all in {n} of {n} plausible worlds",
        "needed worlds": "; about {needed} worlds would settle an average difference of this size",
        "needed many worlds": "; no practical number of worlds would settle an average difference of this size",
        "one pair worlds": "cannot tell from one world ({mean}); use more worlds",
        "no pair worlds": "cannot tell: in no world both have a value",
        "unsure worlds":
            "cannot tell: {a} has {phrase} in {share} of {n} plausible worlds, on average {mean} [{low}, {high}]",
        "dropped worlds": " ({n} worlds without a value left out)",
        "dropped one worlds": " (1 world without a value left out)",
    },
    "nl": {
        "points": "punten", "days": "dagen", "weeks": "weken", "per month": "per maand",
        "more": "{winner} heeft {phrase} in {k} van {n} paren, {mean} [{low}; {high}]",
        "small": "; dat is minder dan {smallest} en doet er nauwelijks toe",
        "alike": "geen verschil dat ertoe doet: {mean} [{low}; {high}] blijft binnen {smallest} van nul",
        "same": "helemaal geen verschil in {n} van {n} paren",
        "unsure": "niet te zeggen: {mean}, het interval [{low}; {high}] bevat nul",
        "needed": "; ongeveer {needed} herhalingen zouden een verschil van deze grootte beslissen",
        "needed many": "; geen haalbaar aantal herhalingen zou een verschil van deze grootte beslissen",
        "one pair": "niet te zeggen op grond van één paar ({mean}); gebruik meer herhalingen",
        "no pair": "niet te zeggen: in geen enkel paar hebben beide een waarde",
        "dropped": " ({n} paren zonder waarde weggelaten)",
        "dropped one": " (1 paar zonder waarde weggelaten)",
        "more worlds":
            "{winner} heeft {phrase} in {share} van {n} denkbare werelden (andersom in {reverse}),"
            " gemiddeld {mean} [{low}; {high}]",
        "same worlds": "helemaal geen verschil in {n} van {n} denkbare werelden",
        "needed worlds": "; ongeveer {needed} werelden zouden een gemiddeld verschil van deze grootte beslissen",
        "needed many worlds": "; geen haalbaar aantal werelden zou een gemiddeld verschil van deze grootte beslissen",
        "one pair worlds": "niet te zeggen op grond van één wereld ({mean}); gebruik meer werelden",
        "no pair worlds": "niet te zeggen: in geen enkele wereld hebben beide een waarde",
        "unsure worlds":
            "niet te zeggen: {a} heeft {phrase} in {share} van {n} denkbare werelden, gemiddeld {mean} [{low}; {high}]",
        "dropped worlds": " ({n} werelden zonder waarde weggelaten)",
        "dropped one worlds": " (1 wereld zonder waarde weggelaten)",
    },
}  # fmt: skip


def label(outcome: str, language: str = "en") -> str:
    """Return the name of an outcome for a reader; an unknown one keeps its key."""
    phrase = PHRASES[language].get(outcome)
    return phrase.label if phrase else outcome.replace("_", " ")


def phrase_for(outcome: str, language: str = "en") -> Phrase:
    """Return how to say that a scenario has more or less of an outcome."""
    found = PHRASES[language].get(outcome)
    if found is not None:
        return found
    name = outcome.replace("_", " ")
    more, less = (text(language, f"outcome.unknown_{which}", name=name) for which in ("more", "less"))
    return Phrase(name, more, less)


def is_share(outcome: str) -> bool:
    """Say whether an outcome is a share (of staff, posts, runs), read in percent."""
    known = OUTCOME_BY_NAME.get(outcome)
    return outcome in YES_OR_NO or (known is not None and known.unit in {"share", "difference of shares"})


def smallest_interesting(outcome: str) -> float:
    """Return the smallest difference worth a word: a percentage point for shares; 0 (any) for others."""
    return SMALLEST_INTERESTING_SHARE if is_share(outcome) else 0.0


def decimals_for(outcome: str) -> int:
    """Return how many decimals a value of this outcome deserves, in the unit it is read in."""
    if is_share(outcome):
        return 1
    known = OUTCOME_BY_NAME.get(outcome)
    return 1 if known is not None and known.unit in {"days", "weeks"} else 2


def value_text(outcome: str, value: float, language: str = "en") -> str:
    """Return a value of an outcome without unit, except the percent sign of a share."""
    if math.isnan(value):
        return MISSING
    scaled = 100 * value if is_share(outcome) else value
    return number(scaled, decimals_for(outcome), language) + ("%" if is_share(outcome) else "")


def interval_text(outcome: str, low: float, high: float, language: str = "en") -> str:
    """Return an interval as ``[low, high]`` in the unit of `value_text`, or a dash where there is none."""
    if math.isnan(low) or math.isnan(high):
        return MISSING
    scale = 100 if is_share(outcome) else 1
    low_text, high_text = (number(scale * end, decimals_for(outcome), language) for end in (low, high))
    return f"[{low_text}, {high_text}]" if language == "en" else f"[{low_text}; {high_text}]"


def unit_text(outcome: str, language: str = "en", is_difference: bool = False) -> str:
    """Return the unit that a value (or a difference) is read in; empty for pure numbers and percentages."""
    if is_share(outcome):
        return TEXTS[language]["points"] if is_difference else ""
    known = OUTCOME_BY_NAME.get(outcome)
    return TEXTS[language].get(known.unit, "") if known else ""


def difference_number(outcome: str, value: float, language: str = "en", is_signed: bool = False) -> str:
    """Return a difference as a bare number in the unit of `unit_text`."""
    scaled = 100 * value if is_share(outcome) else value
    return number(scaled, decimals_for(outcome), language, is_signed)


def difference_text(outcome: str, value: float, language: str = "en") -> str:
    """Return a signed difference with its unit, such as ``+6.1 points``."""
    text = difference_number(outcome, value, language, is_signed=True)
    unit = unit_text(outcome, language, is_difference=True)
    return f"{text} {unit}" if unit and not math.isnan(value) else text
