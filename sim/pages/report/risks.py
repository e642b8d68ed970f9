"""What could go wrong with the launch that looks best, and what would change the answer.

Each sign is a share; it counts from a threshold on, and weighs as much as it lies on the way from there to the worst
possible. Whoever reads the report sees all signs, with their thresholds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim.analysis.comparison import Difference
from sim.analysis.wording import MISSING, OUTCOME_BY_NAME, label
from sim.experiments.world_sets import OWN, PRIOR
from sim.figures.summary import means_by
from sim.pages.report.basis import Known, peak_week, quoted
from sim.pages.report.people import told_groups
from sim.runs.columns import Value, flatten
from sim.words import number, per_hundred, percent, short_number, text, typed
from sim.words.blocks import Block, Bullets, Paragraph, Row, Rows, Table

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


# What would change the answer: what the scenarios differ in, what the runs say about it, and what was not tried.

NOT_SETTINGS = ("name", "description", "run.replications", "run.seed")
MOST_NAMED = 5
LOUD = ("differs", "differs slightly")


def what_would_change(known: Known) -> list[Block]:
    """Return what would change the answer, as far as the results say it."""
    items = list(_items(known))
    return [Bullets(items)]


def _items(known: Known) -> Iterator[tuple[str, str]]:
    language = known.language
    command = compare_command(known)
    if len(known.names) == 1:
        yield text(language, "report.change.alone_title"), text(language, "report.change.alone")
    if known.is_over_worlds:
        yield from _luck_or_world(known)
        yield from _other_sign(known)
    if known.is_over_worlds:
        source = known.study.world_source
        key = source if source in (PRIOR, OWN) else "calibrated"
        yield text(language, "report.change.source_title"), text(language, f"report.change.source_{key}")
    elif len(known.names) > 1:
        yield (
            text(language, "report.change.people_title"),
            text(language, "report.change.people", command=command),
        )
    yield from _other_outcomes(known)
    yield from _more_runs(known)
    yield text(language, "report.change.organization_title"), text(language, _organization_key(known))
    yield text(language, "report.change.levers_title"), text(language, "report.change.levers")


def _organization_key(known: Known) -> str:
    return "report.change.own_organization" if known.is_own_staff else "report.change.organization"


def compare_command(known: Known) -> str:
    """Return the comparison as one would type it, without its options."""
    words = list(known.stored.manifest["command"][2:])
    options = [place for place, part in enumerate(words) if part.startswith("-")]
    given = words[: options[0]] if options else words
    return typed("intranet-sim", "compare", *(given if len(given) == len(known.names) else known.names))


def _luck_or_world(known: Known) -> Iterator[tuple[str, str]]:
    """Yield what luck and what ignorance do: for one pair of scenarios, or for each of several in one sentence."""
    language = known.language
    rows = [row for row in known.main if row.over_worlds is not None and not row.over_worlds.reason]
    if not rows:
        return
    luck = [percent(row.over_worlds.luck, 0, language) for row in rows if row.over_worlds is not None]
    if len(known.names) == 2:
        (row,) = rows
        assert row.over_worlds is not None
        worlds = percent(row.over_worlds.worlds, 0, language)
        told = text(language, "report.change.split", luck=luck[0], worlds=worlds, a=quoted(row.a), b=quoted(row.b))
    else:
        shares = ", ".join(f"{quoted(row.b)} {share}" for row, share in zip(rows, luck, strict=True))
        told = text(language, "report.change.split_many", a=quoted(rows[0].a), shares=shares)
    yield text(language, "report.change.split_title"), told


def _other_sign(known: Known) -> Iterator[tuple[str, str]]:
    """Yield in how many worlds a difference has the other sign than on average, and how to look for these."""
    language = known.language
    rows = [row for row in known.main if row.paired.n and _other_share(row)]
    if not rows:
        return
    shares = [per_hundred(_other_share(row), language) for row in rows]
    asked = next((row for row in rows if row.b in known.leaders), rows[0])
    sign = "<" if asked.paired.mean > 0 else ">"
    question = ("--when", f"{asked.outcome} {sign} 0", "--difference", asked.a, asked.b)
    command = typed("intranet-sim", "discover", Path(known.stored.folder.name), *question)
    if len(known.names) == 2:
        names = {"a": quoted(asked.a), "b": quoted(asked.b)}
        told = text(language, "report.change.reverse", n=shares[0], command=command, **names)
    else:
        listed = ", ".join(f"{quoted(row.b)} {share}" for row, share in zip(rows, shares, strict=True))
        told = text(language, "report.change.reverse_many", a=quoted(asked.a), shares=listed, command=command)
    yield text(language, "report.change.reverse_title"), told


def _other_share(row: Difference) -> float:
    """Return the share of the worlds in which the difference has not the sign of the mean."""
    return row.paired.shares[1 if row.paired.mean > 0 else 0]


def _other_outcomes(known: Known) -> Iterator[tuple[str, str]]:
    """Yield the outcomes in which another scenario is better than the one that is ahead."""
    if len(known.names) != 2 or len(known.leaders) != 1:
        return
    language, leader = known.language, known.leaders[0]
    judged = [row for row in known.study.differences if OUTCOME_BY_NAME[row.outcome].better != 0]
    against = []
    for row in judged:
        if row.verdict().kind not in LOUD:
            continue
        better = row.a if (row.paired.mean > 0) == (OUTCOME_BY_NAME[row.outcome].better > 0) else row.b
        if better != leader:
            against.append(label(row.outcome, language))
    title = text(language, "report.change.other_title")
    n = len(judged)
    other = next(name for name in known.names if name != leader)
    if not against:
        yield title, text(language, "report.change.other_none", name=quoted(leader), other=quoted(other), n=n)
        return
    named = ", ".join(against[:MOST_NAMED]) + (", …" if len(against) > MOST_NAMED else "")
    yield title, text(language, "report.change.other", other=quoted(other), k=len(against), n=n, outcomes=named)


def _more_runs(known: Known) -> Iterator[tuple[str, str]]:
    """Yield whether more runs could change the answer."""
    language = known.language
    if len(known.names) == 1:
        return
    title = text(language, "report.change.luck_title")
    if len(known.names) > 2 and len(known.leaders) > 1:
        yield title, text(language, "report.change.luck_unsure_many", names=known.names_listed(known.leaders))
        return
    unsure = [row for row in known.main if row.verdict().kind == "cannot tell"] if len(known.names) == 2 else []
    key = "unsure" if unsure else "settled"
    names = known.names_listed([row.b for row in unsure]) if unsure else ""
    units = "worlds" if known.is_over_worlds else "runs"
    yield title, text(language, f"report.change.luck_{key}_{units}", names=names, a=quoted(known.names[0]))


def settings_table(known: Known) -> Iterator[Block]:
    """Yield what the scenarios differ in; nothing for one scenario."""
    if len(known.names) == 1:
        return
    language = known.language
    flats = {arm.name: flatten(arm.resolved) for arm in known.study.plan.arms}
    keys = dict.fromkeys(key for flat in flats.values() for key in flat if key not in NOT_SETTINGS)
    differing = [key for key in keys if len({str(flat.get(key)) for flat in flats.values()}) > 1]
    if len(known.names) <= 4:
        rows = [Row(key, [_setting(flat.get(key), language) for flat in flats.values()]) for key in differing]
        headers = [text(language, "report.column.setting"), *(f">{quoted(name)}" for name in flats)]
        groups = [Rows("", rows)]
    else:
        headers = [text(language, "report.column.scenario"), f">{text(language, 'report.column.value')}"]
        groups = [
            Rows(key, [Row(quoted(name), [_setting(flat.get(key), language)]) for name, flat in flats.items()])
            for key in differing
        ]
    if differing:
        yield Table(text(language, "report.settings_caption"), headers, groups)


def _setting(value: Value, language: str) -> str:
    if value is None:
        return text(language, "number.missing")
    if isinstance(value, bool):
        return text(language, "explain.yes" if value else "explain.no")
    if isinstance(value, int | float):
        return short_number(value, language)
    return str(value)
