"""Outcomes and verdicts in words, English and Dutch; numbers in the unit a reader expects.

Shares are written in percent and their differences in percentage points, everything else in its own unit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from sim.scenario.outcome_table import OUTCOMES, Outcome

MINUS = "−"
MISSING = "–"
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


def _count(label: str) -> Phrase:
    return Phrase(label, f"more {label}", f"fewer {label}")


def _degree(label: str) -> Phrase:
    return Phrase(label, f"a higher {label}", f"a lower {label}")


def _larger(label: str) -> Phrase:
    return Phrase(label, f"a larger {label}", f"a smaller {label}")


def _amount(label: str) -> Phrase:
    return Phrase(label, f"more {label}", f"less {label}")


def _aantal(label: str) -> Phrase:
    return Phrase(label, f"meer {label}", f"minder {label}")


def _hoger(label: str, article: str = "een", ending: str = "e") -> Phrase:
    return Phrase(label, f"{article} hoger{ending} {label}", f"{article} lager{ending} {label}")


def _groter(label: str) -> Phrase:
    return Phrase(label, f"een groter {label}", f"een kleiner {label}")


_ENGLISH: dict[str, Phrase] = {
    "reach": _larger("reach"),
    "adoption": _degree("adoption"),
    "weekly_readers": _count("weekly readers"),
    "monthly_readers": _count("monthly readers"),
    "weekly_posters": _count("weekly posters"),
    "monthly_posters": _count("monthly posters"),
    "weekly_active": _count("weekly active staff"),
    "monthly_active": _count("monthly active staff"),
    "posts_per_employee_month": _count("posts per employee"),
    "interactions_per_employee_month": _count("interactions per employee"),
    "work_share": _larger("share of work posts"),
    "reply_rate": _degree("reply rate"),
    "answer_rate": _degree("answer rate"),
    "days_to_answer": Phrase("days to an answer", "slower answers", "faster answers"),
    "top5_share": Phrase("written by the top 5%", "more written by the top 5%", "less written by the top 5%"),
    "gini": Phrase("inequality of contributions", "more unequal contributions", "more equal contributions"),
    "age_gap": _larger("age gap (25 and over minus under 25)"),
    "experience_gradient": _larger("experience gradient"),
    "intention_gap": _larger("intention gap (25 and over minus under 25)"),
    "intention_use_correlation": _larger("correlation of intention and use"),
    "frame_social": Phrase("frames: social", "a larger social share of frames", "a smaller social share of frames"),
    "frame_collaboration": Phrase(
        "frames: collaboration", "a larger collaboration share of frames", "a smaller collaboration share of frames"
    ),
    "frame_broadcast": Phrase(
        "frames: broadcast", "a larger broadcast share of frames", "a smaller broadcast share of frames"
    ),
    "frame_congruence": _degree("congruence of frames"),
    "cross_department_share": _larger("share read across departments"),
    "knowledge": _amount("knowledge"),
    "metaknowledge": Phrase("knowing who knows", "more people who know who knows", "fewer people who know who knows"),
    "cohesion": _amount("cohesion"),
    "cohesion_newcomers": _amount("cohesion among newcomers"),
    "cohesion_remote": _amount("cohesion among remote staff"),
    "weeks_to_critical_mass": Phrase("weeks to critical mass", "a later critical mass", "an earlier critical mass"),
    "peak_week": Phrase("peak week", "a later peak", "an earlier peak"),
    "persistence": _degree("persistence"),
    "alive": Phrase("alive at the end", "a living platform more often", "a living platform less often"),
}

_DUTCH: dict[str, Phrase] = {
    "reach": _groter("bereik"),
    "adoption": _hoger("adoptie"),
    "weekly_readers": _aantal("wekelijkse lezers"),
    "monthly_readers": _aantal("maandelijkse lezers"),
    "weekly_posters": _aantal("wekelijkse schrijvers"),
    "monthly_posters": _aantal("maandelijkse schrijvers"),
    "weekly_active": Phrase("wekelijks actief", "meer wekelijks actieven", "minder wekelijks actieven"),
    "monthly_active": Phrase("maandelijks actief", "meer maandelijks actieven", "minder maandelijks actieven"),
    "posts_per_employee_month": _aantal("berichten per medewerker"),
    "interactions_per_employee_month": _aantal("interacties per medewerker"),
    "work_share": _groter("aandeel werkberichten"),
    "reply_rate": Phrase(
        "berichten met reactie", "een groter aandeel berichten met reactie", "een kleiner aandeel berichten met reactie"
    ),
    "answer_rate": Phrase(
        "beantwoorde vragen", "een groter aandeel beantwoorde vragen", "een kleiner aandeel beantwoorde vragen"
    ),
    "days_to_answer": Phrase("dagen tot antwoord", "tragere antwoorden", "snellere antwoorden"),
    "top5_share": Phrase("van de actiefste 5%", "meer van de actiefste 5%", "minder van de actiefste 5%"),
    "gini": Phrase("ongelijkheid van bijdragen", "ongelijker verdeelde bijdragen", "gelijker verdeelde bijdragen"),
    "age_gap": _groter("leeftijdsverschil (25 en ouder min onder 25)"),
    "experience_gradient": _groter("verband tussen ervaring en gebruik"),
    "intention_gap": _groter("verschil in voornemen (25 en ouder min onder 25)"),
    "intention_use_correlation": _groter("verband tussen voornemen en gebruik"),
    "frame_social": Phrase(
        "beelden: sociaal", "een groter sociaal aandeel in de beelden", "een kleiner sociaal aandeel in de beelden"
    ),
    "frame_collaboration": Phrase(
        "beelden: samenwerking",
        "een groter samenwerkingsaandeel in de beelden",
        "een kleiner samenwerkingsaandeel in de beelden",
    ),
    "frame_broadcast": Phrase(
        "beelden: zender", "een groter zenderaandeel in de beelden", "een kleiner zenderaandeel in de beelden"
    ),
    "frame_congruence": _hoger("overeenstemming van beelden"),
    "cross_department_share": _groter("aandeel gelezen van andere afdelingen"),
    "knowledge": _aantal("kennis"),
    "metaknowledge": Phrase(
        "weten wie wat weet", "meer mensen die weten wie wat weet", "minder mensen die weten wie wat weet"
    ),
    "cohesion": _aantal("samenhang"),
    "cohesion_newcomers": _aantal("samenhang onder nieuwkomers"),
    "cohesion_remote": _aantal("samenhang onder thuiswerkers"),
    "weeks_to_critical_mass": Phrase(
        "weken tot kritische massa", "een latere kritische massa", "een eerdere kritische massa"
    ),
    "peak_week": Phrase("piekweek", "een latere piek", "een eerdere piek"),
    "persistence": _hoger("blijvend gebruik", ending=""),
    "alive": Phrase("levend aan het eind", "vaker een levend platform", "minder vaak een levend platform"),
}

PHRASES: dict[str, dict[str, Phrase]] = {"en": _ENGLISH, "nl": _DUTCH}

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
    },
}  # fmt: skip


def label(outcome: str, language: str = "en") -> str:
    """Return the name of an outcome for a reader; an unknown one keeps its key."""
    phrase = PHRASES[language].get(outcome)
    return phrase.label if phrase else outcome.replace("_", " ")


def phrase_for(outcome: str, language: str = "en") -> Phrase:
    """Return how to say that a scenario has more or less of an outcome."""
    found = PHRASES[language].get(outcome)
    if found is None:
        name = outcome.replace("_", " ")
        found = _degree(name) if language == "en" else _hoger(name)
    return found


def is_share(outcome: str) -> bool:
    """Say whether an outcome is a share (of staff, posts, runs), read in percent."""
    known = OUTCOME_BY_NAME.get(outcome)
    return outcome in YES_OR_NO or (known is not None and known.unit in {"share", "difference of shares"})


def smallest_interesting(outcome: str) -> float:
    """Return the smallest difference worth a word: a percentage point for shares; 0 (any) for others."""
    return SMALLEST_INTERESTING_SHARE if is_share(outcome) else 0.0


def number(value: float, decimals: int, language: str = "en", is_signed: bool = False) -> str:
    """Return a number with the language's decimal sign and a real minus sign; never "-0"."""
    if math.isnan(value):
        return MISSING
    rounded = round(value, decimals) + 0.0
    sign = MINUS if rounded < 0 else "+" if is_signed and rounded > 0 else ""
    text = f"{abs(rounded):.{decimals}f}"
    return sign + (text.replace(".", ",") if language == "nl" else text)


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
