"""What a report about a ``run`` or ``compare`` rests on, how to say numbers in it, and what ends every report."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import pandas as pd

from sim.analysis.comparison import Difference
from sim.analysis.conduct import Study
from sim.analysis.notes import shares_staff
from sim.analysis.results import Stored
from sim.analysis.statistics import MeanInterval
from sim.analysis.wording import (
    MISSING,
    OUTCOME_BY_NAME,
    difference_number,
    is_gap,
    is_share,
    mean_text,
    unit_text,
    value_text,
)
from sim.catalog.outcomes import YES_OR_NO
from sim.experiments.world_sets import OWN
from sim.experiments.worlds import SETS
from sim.figures.layout import Words, clean_name, figure_words
from sim.words import text
from sim.words.blocks import Block, Bullets, Code, Facts, Paragraph, Row, Rows, Table

MOST_SCENARIOS = 4
"""Of more scenarios than this, people are told of the first and the best others only."""


MOST_CURVES = 6


@dataclass(frozen=True)
class Known:
    """The results of a ``run`` or ``compare``, as a report needs them.

    Attributes
    ----------
    stored, study : Stored, Study
        What the folder holds, and what it says.
    tables : mapping of str to DataFrame
        ``runs``, ``series``, ``groups``; over plausible worlds with a row where each world has one.
    runs : DataFrame
        A row for each finished run, with its seed and outcomes.
    language : str
        ``en`` or ``nl``.
    outcome : str
        What the answer is about.
    """

    stored: Stored
    study: Study
    tables: Mapping[str, pd.DataFrame]
    runs: pd.DataFrame
    language: str
    outcome: str

    @property
    def names(self) -> list[str]:
        """Names of the scenarios, in order."""
        return [arm.name for arm in self.study.plan.arms]

    @property
    def is_over_worlds(self) -> bool:
        """Whether the units are plausible worlds."""
        return self.study.plan.points is not None

    @property
    def is_own_staff(self) -> bool:
        """Whether the results are about staff of a file, whose departments are the same in each run."""
        return drawn_in(self.stored.manifest) is not None

    @property
    def n_weeks(self) -> int:
        """Weeks of the longest run."""
        return max(int(arm.resolved["run"]["weeks"]) for arm in self.study.plan.arms)

    @cached_property
    def words(self) -> Words:
        """The words in figures."""
        return figure_words(self.language, self.is_over_worlds, shares_staff(self.study.plan.arms))

    @cached_property
    def intervals(self) -> dict[tuple[str, str], MeanInterval]:
        """Mean and interval by scenario and outcome."""
        return {(row.scenario, row.outcome): row.interval for row in self.study.summaries}

    def mean(self, scenario: str, outcome: str) -> float:
        """Return the mean of an outcome, NaN where there is none."""
        return self.intervals[scenario, outcome].mean

    @property
    def main(self) -> list[Difference]:
        """The differences of the first scenario from each other one in the outcome that the answer is about."""
        return [row for row in self.study.differences if row.outcome == self.outcome]

    @cached_property
    def leaders(self) -> list[str]:
        """The scenarios to choose from: the one that is best, or all that cannot be told from it."""
        known = OUTCOME_BY_NAME[self.outcome]
        names = self.names
        if len(names) == 1 or known.better == 0:
            return names
        if len(names) == 2:
            row = self.main[0]
            if row.verdict().kind not in {"differs", "differs slightly"}:
                return names
            return [row.a if (row.paired.mean > 0) == (known.better > 0) else row.b]
        ranks = next(each.ranks for each in self.study.rankings if each.outcome == self.outcome)
        return [name for name in names if ranks[name].low == 1.0] or names

    @cached_property
    def shown(self) -> list[str]:
        """The scenarios whose people are told of."""
        names = self.names
        if len(names) <= MOST_SCENARIOS:
            return names
        sign = -1 if OUTCOME_BY_NAME[self.outcome].better >= 0 else 1
        means = {name: self.mean(name, self.outcome) for name in names[1:]}
        best = sorted(means, key=lambda name: math.inf if math.isnan(means[name]) else sign * means[name])
        chosen = {names[0], *best[: MOST_SCENARIOS - 1]}
        return [name for name in names if name in chosen]

    @property
    def drawn(self) -> list[str]:
        """The scenarios whose curves are drawn: all that can be told apart."""
        return self.names if len(self.names) <= MOST_CURVES else self.shown

    def of_shown(self, table: str) -> pd.DataFrame:
        """Return the rows of a table about the scenarios whose people are told of."""
        rows = self.tables[table]
        return rows[rows["scenario"].isin(self.shown)]

    def names_listed(self, names: Sequence[str]) -> str:
        """Return names in quotes, as a list in a sentence."""
        return listed([quoted(name) for name in names], self.words)


def drawn_in(manifest: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return what is drawn by chance of the own staff that results are about; None where all staff are synthetic."""
    staff = [each["resolved"].get("organization", {}).get("staff") for each in manifest["scenarios"]]
    found = [each["drawn"] for each in staff if each and "drawn" in each]
    return tuple(dict.fromkeys(column for columns in found for column in columns)) if found else None


def listed(parts: Sequence[str], words: Words) -> str:
    """Return parts as a list in a sentence."""
    return words["list_and"].join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def peak_week(weekly: pd.Series) -> int:
    """Return the week with the largest value, the first of several."""
    return int(weekly.index.to_numpy()[int(weekly.to_numpy().argmax())])


# Numbers and names in the sentences and tables of a report.


def quoted(name: str) -> str:
    """Return the name of a scenario in quotation marks, fit to print."""
    return f"“{clean_name(name)}”"


def capital(sentence: str) -> str:
    """Return a text with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def value_with_unit(outcome: str, value: float, language: str) -> str:
    """Return a value of an outcome with its unit, such as ``6.3%`` or ``4.1 days``."""
    unit = unit_text(outcome, language)
    shown = value_text(outcome, value, language)
    return f"{shown} {unit}" if unit and not math.isnan(value) else shown


def ends_text(outcome: str, low: float, high: float, language: str) -> str:
    """Return the ends of an interval as ``4.1 to 6.0``, in the unit of the outcome."""
    ends = (difference_number(outcome, end, language) for end in (low, high))
    return text(language, "report.from_to", low=next(ends), high=next(ends))


def interval_words(outcome: str, interval: MeanInterval, language: str) -> str:
    """Return a mean with its interval as it stands in a sentence: ``6.3% (95% interval 5.1 to 7.4%)``."""
    mean = value_with_unit(outcome, interval.mean, language)
    if interval.n_not_reached:
        mean = text(language, "number.at_least", number=mean)
    if math.isnan(interval.low):
        return mean
    sign = "%" if is_share(outcome) and not is_gap(outcome) else ""
    ends = ends_text(outcome, interval.low, interval.high, language) + sign
    return text(language, "report.mean_interval", mean=mean, ends=ends)


def cell_text(outcome: str, interval: MeanInterval, language: str) -> str:
    """Return a mean with its interval as it stands in a table; a dash where there is none."""
    mean = mean_text(outcome, interval.mean, interval.n_not_reached, language)
    if math.isnan(interval.low):
        return mean
    ends = [difference_number(outcome, end, language) for end in (interval.low, interval.high)]
    return _unbroken(f"{mean} {text(language, 'number.interval', low=ends[0], high=ends[1])}")


def difference_cell(outcome: str, mean: float, low: float, high: float, language: str) -> str:
    """Return a signed difference with its interval as it stands in a table; a dash where there is none."""
    if math.isnan(mean):
        return MISSING
    shown = difference_number(outcome, mean, language, is_signed=True)
    if math.isnan(low):
        return shown
    ends = [difference_number(outcome, end, language) for end in (low, high)]
    return _unbroken(f"{shown} {text(language, 'number.interval', low=ends[0], high=ends[1])}")


def _unbroken(cell: str) -> str:
    """Return numbers that stay on one line."""
    return cell.replace(" ", "\N{NO-BREAK SPACE}")


def is_yes_or_no(outcome: str) -> bool:
    """Say whether an outcome is yes or no in each run."""
    return outcome in YES_OR_NO


# What ends every report: assumptions and limits, and how to do it again.

LIMITS = ("ranks", "calibration", "luck", "worlds", "model", "single", "groups")


def limits(language: str, manifest: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what the results rest on and what they cannot say."""
    items = []
    source = (manifest.get("experiment") or {}).get("source")
    drawn = drawn_in(manifest)
    for name in LIMITS:
        key = f"report.limit.{name}"
        if name == "calibration" and source in ("calibrated", *SETS):
            key = "report.limit.calibrated"
        if name == "calibration" and source == OWN:
            key = "report.limit.own_worlds"
        if name == "single" and drawn is not None:
            names = ", ".join(text(language, f"staff.column.{column}") for column in drawn) or "-"
            items.append((text(language, "report.limit_title.single"), text(language, "report.limit.own", drawn=names)))
            continue
        items.append((text(language, f"report.limit_title.{name}"), text(language, key)))
    yield Bullets(items)


def unfinished(language: str, manifest: Mapping[str, Any], n_done: int, n_failed: int) -> Iterator[Block]:
    """Yield a warning where runs are missing or failed."""
    planned = int(manifest["runs"]["planned"]) if "runs" in manifest else n_done
    if n_done < planned or n_failed:
        yield Paragraph(text(language, "report.partial", n=n_done, total=planned, failed=n_failed), "alert")


def repeat(language: str, manifest: Mapping[str, Any]) -> Iterator[Block]:
    """Yield how to do it again: the command, versions, seed and hashes."""
    yield Paragraph(text(language, "report.repeat_intro"))
    yield Code(shlex.join(manifest["command"]))
    versions = manifest["versions"]
    names = ", ".join(f"{name} {versions[name]}" for name in versions if name not in ("intranet-sim", "python"))
    end = manifest.get("end")
    facts = {
        "report.repeat.version": f"intranet-sim {versions['intranet-sim']}, {manifest['code_version']}",
        "report.repeat.python": f"Python {versions['python']}, {manifest['platform']}",
        "report.repeat.libraries": names,
        "report.repeat.seed": str(manifest["seed"]),
        "report.repeat.replications": str(manifest["replications"]),
        "report.repeat.plan": str(manifest["plan_hash"]),
        "report.repeat.when": _moment(manifest["start"]) + (f" – {_moment(end)}" if end else ""),
    }
    yield Facts([(text(language, key), value) for key, value in facts.items()])
    rows = [Row(quoted(str(each["name"])), [str(each["hash"])]) for each in manifest["scenarios"]]
    headers = [text(language, "report.column.scenario"), text(language, "report.column.hash")]
    yield Table(text(language, "report.hashes_caption"), headers, [Rows("", rows)])


def _moment(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%Y-%m-%d %H:%M UTC")
