"""What could go wrong with the launch that looks best: warning signs on one scale, the largest first.

Each sign is a share; it counts from a threshold on, and weighs as much as it lies on the way from there to the worst
possible. Whoever reads the report sees all signs, with their thresholds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from sim.show.report.blocks import Block, Bullets, Paragraph, Row, Rows, Table
from sim.show.report.groups import told_groups
from sim.show.report.known import Known, peak_week, quoted
from sim.show.summary import means_by
from sim.study.wording import MISSING
from sim.texts import number, percent, text

MOST = 3
MONTH, QUARTER = 4, 13  # weeks


class Sign(NamedTuple):
    """A warning sign of one scenario.

    Attributes
    ----------
    name : str
        Key of its texts.
    scenario : str
        Whose it is.
    value : float
        From 0 (well) to 1 (the worst possible); NaN where it cannot be told.
    facts : dict of str to str
        What its text mentions.
    """

    name: str
    scenario: str
    value: float
    facts: dict[str, str]

    @property
    def threshold(self) -> float:
        """The value from which on it counts."""
        return THRESHOLDS[self.name]

    @property
    def weight(self) -> float:
        """How far it is on the way from the threshold to the worst; 0 below, NaN where it cannot be told."""
        return math.nan if math.isnan(self.value) else max(0.0, self.size)

    @property
    def size(self) -> float:
        """What signs are ordered by: the weight; below the threshold, how near it is; last what cannot be told."""
        if math.isnan(self.value):
            return -math.inf
        above = self.value - self.threshold
        return above / (1.0 - self.threshold) if above > 0 else above / self.threshold


# Share from which on a sign counts: a platform that fails in one of twenty runs; half of the staff who do not read,
# or of the knowledge that cannot be found; the others where a reader would raise an eyebrow.
THRESHOLDS = {
    "dies": 0.05,
    "unread": 0.5,
    "few_writers": 0.3,
    "starters_stop": 0.3,
    "unanswered": 0.3,
    "not_found": 0.5,
    "drift": 0.1,
    "silent_group": 0.25,
    "fading": 0.1,
}


def signs_of(known: Known, scenario: str) -> list[Sign]:
    """Return all warning signs of a scenario."""
    return [Sign(name, scenario, *measure(known, scenario)) for name, measure in _MEASURES.items()]


def worst_signs(known: Known) -> list[Sign]:
    """Return each sign where it is worst among the scenarios to choose from, the heaviest first."""
    by_name: dict[str, list[Sign]] = {}
    for scenario in known.leaders:
        for sign in signs_of(known, scenario):
            by_name.setdefault(sign.name, []).append(sign)

    worst = [max(signs, key=lambda sign: sign.size) for signs in by_name.values()]
    return sorted(worst, key=lambda sign: -sign.size)


def risks(known: Known) -> list[Block]:
    """Return the risks in words: the three signs that come first, and of those below their thresholds that they are."""
    language = known.language
    counted = [sign for sign in worst_signs(known) if not math.isnan(sign.value)][:MOST]
    who = known.names_listed(known.leaders)
    items = [(text(language, f"report.risk_title.{sign.name}"), _told(sign, language)) for sign in counted]
    key = "report.risks_of_several" if len(known.leaders) > 1 else "report.risks_of"
    if len(known.names) == 1:
        key = "report.risks_of_one"
    return [Paragraph(text(language, key, names=who), "note"), Bullets(items, is_ordered=True)]


def _told(sign: Sign, language: str) -> str:
    told = text(language, f"report.risk.{sign.name}", name=quoted(sign.scenario), **sign.facts)
    if sign.value > sign.threshold:
        return told
    below = text(language, "report.risk_below", threshold=percent(sign.threshold, 0, language))
    return f"{told} {below}"


def risk_table(known: Known) -> Table:
    """Return all signs with thresholds and weights, and so why these three are shown."""
    language = known.language
    rows = [
        Row(
            text(language, f"report.sign.{sign.name}"),
            [
                quoted(sign.scenario),
                MISSING if math.isnan(sign.value) else percent(sign.value, 0, language),
                percent(sign.threshold, 0, language),
                MISSING if math.isnan(sign.weight) else number(sign.weight, 2, language),
            ],
        )
        for sign in worst_signs(known)
    ]
    columns = ("sign", "sign_scenario", ">sign_value", ">sign_threshold", ">sign_weight")
    headers = [_header(language, column) for column in columns]
    return Table(text(language, "report.signs_caption"), headers, [Rows("", rows)])


def _header(language: str, column: str) -> str:
    mark = ">" if column.startswith(">") else ""
    return mark + text(language, f"report.column.{column.removeprefix('>')}")


Measured = tuple[float, dict[str, str]]


def _dies(known: Known, scenario: str) -> Measured:
    interval = known.intervals[scenario, "alive"]
    dead = 1 - interval.mean
    critical = next(arm for arm in known.study.plan.arms if arm.name == scenario).resolved["run"]["critical_share"]
    counted = text(known.language, "report.risk_by_weight") if known.is_over_worlds else ""
    facts = {"share": percent(dead, 0, known.language), "critical": percent(float(critical), 1, known.language)}
    facts["counted"] = counted
    return dead, facts


def _lack_of(outcome: str) -> Callable[[Known, str], Measured]:
    """Return the sign that something is lacking."""

    def measure(known: Known, scenario: str) -> Measured:
        mean = known.mean(scenario, outcome)
        language = known.language
        return 1 - mean, {"share": percent(1 - mean, 0, language), "rest": percent(mean, 0, language)}

    return measure


def _few_writers(known: Known, scenario: str) -> Measured:
    mean = known.mean(scenario, "top5_share")
    return mean, {"share": percent(mean, 0, known.language)}


def _weekly(known: Known, scenario: str, outcome: str) -> pd.Series:
    series = known.tables["series"]
    return means_by(series[series["scenario"] == scenario], ["week"], [outcome])[outcome].dropna()


def _drift(known: Known, scenario: str) -> Measured:
    """Return how much of the meaning "collaboration" is lost since the week in which it was largest."""
    weekly, language = _weekly(known, scenario, "frame_collaboration"), known.language
    if weekly.empty or weekly.max() == 0:
        return math.nan, {}
    top, end = float(weekly.max()), float(weekly.iloc[-1])
    facts = {"top": percent(top, 0, language), "end": percent(end, 0, language), "week": str(peak_week(weekly))}
    return 1 - end / top, facts


def _fading(known: Known, scenario: str) -> Measured:
    """Return how much use has fallen over the last quarter of a year, month against month."""
    weekly, language = _weekly(known, scenario, "weekly_posters"), known.language
    if len(weekly) < QUARTER + MONTH:
        return math.nan, {}
    before, end = float(weekly.iloc[-QUARTER - MONTH : -QUARTER].mean()), float(weekly.iloc[-MONTH:].mean())
    if before == 0:
        return math.nan, {}
    facts = {"before": percent(before, 1, language), "end": percent(end, 1, language), "weeks": str(QUARTER)}
    return max(0.0, 1 - end / before), facts


def _silent_group(known: Known, scenario: str) -> Measured:
    """Return how far the group that posts least stays behind all staff."""
    language, groups = known.language, known.tables["groups"]
    overall = known.mean(scenario, "monthly_posters")
    if groups.empty or not overall > 0:
        return math.nan, {}
    own = groups[groups["scenario"] == scenario]
    runs = known.tables["runs"]
    of_all = runs[runs["scenario"] == scenario].set_index("replication")["monthly_posters"]
    found = [one for one in told_groups(own, known.is_own_staff, language) if one.is_surely_below(of_all)]
    if not found:
        return math.nan, {}
    least, group = found[0].mean, found[0].name
    facts = {"group": group, "least": percent(least, 1, language), "all": percent(overall, 1, language)}
    return max(0.0, 1 - least / overall), facts


_MEASURES: dict[str, Callable[[Known, str], Measured]] = {
    "dies": _dies,
    "unread": _lack_of("monthly_readers"),
    "few_writers": _few_writers,
    "starters_stop": _lack_of("persistence"),
    "unanswered": _lack_of("answer_rate"),
    "not_found": _lack_of("knowledge"),
    "drift": _drift,
    "silent_group": _silent_group,
    "fading": _fading,
}
