"""Every outcome at the three levels, with its interval, what that covers, and why a value is missing."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from sim.scenario.outcome_table import OUTCOMES, Outcome
from sim.show.report.blocks import Block, Paragraph, Row, Rows, Table
from sim.show.report.known import Known
from sim.show.report.wording import capital, cell_text, difference_cell, quoted, reason_text
from sim.study.analysis import Difference
from sim.study.notes import shares_staff
from sim.study.statistics import CONFIDENCE, MeanInterval
from sim.study.wording import label, unit_text
from sim.texts import number, text

COUNTED = re.compile(r"(?P<reason>[^;]*) \((?P<k>\d+) of (?P<n>\d+) \w+\)")
"""A reason that says for how many runs, or worlds, it holds."""

LEVELS = ("operational", "tactical", "strategic", "course")


def levels(known: Known) -> Iterator[Block]:
    """Yield a table for each level, and what to keep in mind when reading them."""
    language = known.language
    about = "about_run" if len(known.names) == 1 else "about_worlds" if known.is_over_worlds else "about_pairs"
    if about == "about_pairs" and not shares_staff(known.study.plan.arms):
        about = "about_pairs_other_staff"
    by_chance = number(len(OUTCOMES) * (1 - CONFIDENCE), 1, language)
    yield Paragraph(text(language, f"report.{about}", n=len(OUTCOMES), by_chance=by_chance))
    for level in LEVELS:
        outcomes = [outcome for outcome in OUTCOMES if outcome.level == level]
        if outcomes:
            yield _table(known, level, outcomes)


def _table(known: Known, level: str, outcomes: list[Outcome]) -> Table:
    language, names = known.language, known.names
    caption = text(language, f"report.level.{level}")
    first = text(language, "report.column.outcome")
    interval = text(language, "report.column.interval")
    if len(names) == 1:
        headers = [first, f">{text(language, 'report.column.mean')} {interval}"]
        return Table(caption, headers, [Rows("", [_row_one(known, each) for each in outcomes])])
    if len(names) == 2:
        difference = text(language, "report.column.difference_of", a=quoted(names[0]), b=quoted(names[1]))
        headers = [first, *(f">{quoted(name)} {interval}" for name in names), f">{difference} {interval}",
                   text(language, "report.column.verdict")]  # fmt: skip
        return Table(caption, headers, [Rows("", [_row_two(known, each) for each in outcomes])])
    difference = text(language, "report.column.difference_from", a=quoted(names[0]))
    headers = [first, f">{text(language, 'report.column.mean')} {interval}", f">{difference} {interval}",
               text(language, "report.column.verdict")]  # fmt: skip
    return Table(caption, headers, [_rows_many(known, each) for each in outcomes])


def _name(outcome: Outcome, language: str) -> tuple[str, str]:
    """Return name and meaning of an outcome, the name with its unit."""
    unit = unit_text(outcome.name, language)
    name = capital(label(outcome.name, language))
    return (f"{name} ({unit})" if unit else name), text(language, f"outcome.meaning.{outcome.name}")


def _value(outcome: str, interval: MeanInterval, language: str) -> str:
    """Return mean and interval, with the reason where one of them, or some of the values, are missing."""
    shown = cell_text(outcome, interval, language)
    if not interval.reason:
        return shown
    counted = COUNTED.fullmatch(interval.reason)
    if counted is None:
        known = not math.isnan(interval.low)
        reason = reason_text(interval.reason, language)
        return f"{shown} ({text(language, 'report.some_missing', reason=reason) if known else reason})"
    reason = reason_text(counted["reason"], language)
    key = "report.n_not_reached" if interval.n_not_reached else "report.n_missing"
    return f"{shown} ({text(language, key, k=counted['k'], n=counted['n'], reason=reason)})"


def _row_one(known: Known, outcome: Outcome) -> Row:
    name, meaning = _name(outcome, known.language)
    return Row(name, [_value(outcome.name, known.intervals[known.names[0], outcome.name], known.language)], meaning)


def _row_two(known: Known, outcome: Outcome) -> Row:
    name, meaning = _name(outcome, known.language)
    cells = [_value(outcome.name, known.intervals[each, outcome.name], known.language) for each in known.names]
    row = next(each for each in known.study.differences if each.outcome == outcome.name)
    return Row(name, [*cells, *_difference(row, known.language)], meaning)


def _difference(row: Difference, language: str) -> list[str]:
    paired = row.paired
    shown = difference_cell(row.outcome, paired.mean, paired.low, paired.high, language)
    return [shown, verdict_text(row, language)]


def verdict_text(row: Difference, language: str) -> str:
    """Return the verdict in a few words."""
    kind = row.verdict(language).kind.replace(" ", "_")
    higher = row.a if row.paired.mean > 0 else row.b
    shown = text(language, f"study.short.{kind}", name=quoted(higher))
    return f"{shown} ({reason_text(row.paired.reason, language)})" if row.paired.reason else shown


def _rows_many(known: Known, outcome: Outcome) -> Rows:
    name, meaning = _name(outcome, known.language)
    differences = {row.b: row for row in known.study.differences if row.outcome == outcome.name}
    rows = []
    for each in known.names:
        value = _value(outcome.name, known.intervals[each, outcome.name], known.language)
        rest = _difference(differences[each], known.language) if each in differences else ["", ""]
        rows.append(Row(quoted(each), [value, *rest]))
    return Rows(name, rows, meaning)
