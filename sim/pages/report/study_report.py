"""The report about a ``run`` or ``compare``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sim.analysis.comparison import Difference, difference_rows
from sim.analysis.findings import decides_lines
from sim.analysis.notes import opening_lines, shares_staff, study_notes
from sim.analysis.over_worlds import WORLDS_TABLE, answered_keys, by_world, kept_in
from sim.analysis.results import Stored, read_tables, study_of
from sim.analysis.statistics import CONFIDENCE, MeanInterval
from sim.analysis.wording import label, unit_text
from sim.catalog.outcomes import OUTCOMES, Outcome
from sim.documents.printers import inline_svg
from sim.errors import InputError
from sim.experiments.points import Overlay
from sim.figures.curves import WIDTH as CURVES_WIDTH
from sim.figures.curves import curves_figure
from sim.figures.overview import OVERVIEW_OUTCOME, overview_figure, worlds_figure
from sim.organization import PROFILE_NAMES
from sim.pages.report.answer import MOST_NAMED, counts, covers, curves_alt, question
from sim.pages.report.basis import Known, capital, cell_text, difference_cell, limits, quoted, repeat
from sim.pages.report.board import Costs, board_page, load_costs
from sim.pages.report.people import NARROW, frames, who_posts
from sim.pages.report.risks import risk_table, risks, settings_table, what_would_change
from sim.pages.report.typical import ROLES, CardWriter, first_run
from sim.words import Said, in_language, number, said, text
from sim.words.blocks import Block, Bullets, Heading, Paragraph, Picture, Report, Row, Rows, Section, Table


def study_report(stored: Stored, language: str, outcome: str | None = None, costs: Costs | None = None) -> Report:
    """Return the report about a ``run`` or ``compare``.

    Parameters
    ----------
    stored : Stored
        What the folder holds.
    language : str
        ``en`` or ``nl``.
    outcome : str, optional
        What the answer is about; the main outcome if left out.
    costs : mapping, optional
        Hours that a launch takes; those that ship if left out.

    Raises
    ------
    InputError
        If no run is done.
    """
    known = _known(stored, language, outcome or stored.main_outcome)
    parts = {
        "answer": board_page(known, costs or load_costs()),
        "reasons": _reasons(known),
        "who": who_posts(known),
        "frames": frames(known),
        "levels": levels(known),
        "people": stories(known),
        "limits": _limits(known),
        "repeat": repeat(language, stored.manifest),
    }
    titles = {"answer": "board"}
    sections = [
        Section(name, text(language, f"report.section.{titles.get(name, name)}"), list(blocks))
        for name, blocks in parts.items()
    ]
    title = ", ".join(map(quoted, known.names))
    if len(known.names) == 2:
        title = text(language, "report.title_two", a=quoted(known.names[0]), b=quoted(known.names[1]))
    elif len(known.names) > MOST_NAMED:
        title = text(language, "report.title_many", n=len(known.names), outcome=label(known.outcome, language))
    return Report(language, title, _subtitle(known), sections)


def _known(stored: Stored, language: str, outcome: str) -> Known:
    study = study_of(stored)
    tables = read_tables(stored.folder)
    if tables["series"].empty:
        raise InputError(said("refusal.report.filling", folder=stored.folder))
    shown = by_world(tables) if study.plan.points is not None else tables
    return Known(stored, study, shown, tables["runs"], language, outcome)


def _subtitle(known: Known) -> str:
    plan = known.study.plan
    employees = dict.fromkeys(str(arm.resolved["organization"]["employees"]) for arm in plan.arms)
    facts = {"weeks": known.n_weeks, "employees": "/".join(employees), "n": plan.n_replications}
    if known.is_over_worlds:
        of = "report.kind.run_worlds" if len(known.names) == 1 else "report.kind.worlds"
        return text(known.language, of, worlds=known.study.n_worlds, **facts)
    kind = "run" if len(known.names) == 1 else "compare"
    return text(known.language, f"report.kind.{kind}", **facts)


def _reasons(known: Known) -> Iterator[Block]:
    """Yield what the page for the board rests on: the question, worlds, curves, risks, what would change the answer."""
    language = known.language
    yield from question(known)
    if len(known.names) > 1:
        yield Paragraph(covers(known))
    for note in study_notes(known.study, language, beyond_launch=True):
        yield Paragraph(note, "note")
    if len(known.names) > 1 and WORLDS_TABLE in known.tables:
        yield _worlds(known)
        yield from _decides(known)
    yield from counts(known)
    yield _curves(known)
    yield Heading(text(language, "report.risks_title"))
    yield from risks(known)
    yield Heading(text(language, "report.change_title"))
    yield from what_would_change(known)


def _worlds(known: Known) -> Picture:
    """Return the dots of the worlds, which come first."""
    drawn = inline_svg(
        worlds_figure(known.tables[WORLDS_TABLE], _differences(known), known.outcome, known.words, has_title=False),
        "worlds0",
    )
    told = "; ".join(row.verdict(known.language).text for row in known.main)
    return Picture(drawn, "", text(known.language, "report.alt_worlds", finding=told))


def _decides(known: Known) -> Iterator[Block]:
    """Yield which unknowns separate the worlds, for each scenario that the first is compared with."""
    for row in known.main:
        found = known.study.found.decisive(row)
        lines = [] if found is None else decides_lines(quoted(row.a), quoted(row.b), row.outcome, found, known.language)
        if not lines:
            continue
        first, *rest = lines
        yield Paragraph(first)
        if rest:
            yield Bullets([("", line.removeprefix("- ")) for line in rest])


def _curves(known: Known) -> Picture:
    tables, words, outcome = known.tables, known.words, known.outcome
    series = tables["series"]
    series = series[series["scenario"].isin(known.drawn)]
    if len(known.names) == 2 and outcome == OVERVIEW_OUTCOME and known.main[0].paired.n:
        wide = overview_figure(tables["series"], tables["runs"], _differences(known), words=words)
    else:
        wide = curves_figure(series, tables["runs"], (outcome,), words, width=CURVES_WIDTH)
    narrow = curves_figure(series, tables["runs"], (outcome,), words, width=NARROW)
    return Picture(inline_svg(wide, "curves0"), inline_svg(narrow, "curves1"), curves_alt(known))


def _differences(known: Known) -> pd.DataFrame:
    """Return the differences as the figures take them."""
    return pd.DataFrame(list(difference_rows(known.study.differences)))


def _limits(known: Known) -> Iterator[Block]:
    yield from limits(known.language, known.stored.manifest)
    yield from settings_table(known)
    for arm in known.study.plan.arms:
        lines = opening_lines(arm.resolved, known.language)
        if lines:
            yield Paragraph(f"{quoted(arm.name)}: {'; '.join(lines)}.", "note")
    yield Paragraph(text(known.language, "report.signs_rule"), "note")
    yield risk_table(known)


# Every outcome at the three levels, with its interval, what that covers, and why a value is missing.


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
    why = interval.reason
    if not isinstance(why, Said) or why.key != "report.reason.counted":
        known, reason = not math.isnan(interval.low), in_language(why, language)
        return f"{shown} ({text(language, 'report.some_missing', reason=reason) if known else reason})"
    reason = in_language(why.values["reason"], language)
    key = "report.n_not_reached" if interval.n_not_reached else "report.n_missing"
    return f"{shown} ({text(language, key, k=why.values['n'], n=why.values['total'], reason=reason)})"


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
    return f"{shown} ({in_language(row.paired.reason, language)})" if row.paired.reason else shown


def _rows_many(known: Known, outcome: Outcome) -> Rows:
    name, meaning = _name(outcome, known.language)
    differences = {row.b: row for row in known.study.differences if row.outcome == outcome.name}
    rows = []
    for each in known.names:
        value = _value(outcome.name, known.intervals[each, outcome.name], known.language)
        rest = _difference(differences[each], known.language) if each in differences else ["", ""]
        rows.append(Row(quoted(each), [value, *rest]))
    return Rows(name, rows, meaning)


# The typical employees of each scenario, from its first run done again; only if that gives the stored outcomes.


def stories(known: Known) -> Iterator[Block]:
    """Yield the typical employees of each scenario, or why they are not told of."""
    language = known.language
    yield Paragraph(text(language, "report.stories_rule"), "note")
    for name in known.shown:
        yield Heading(quoted(name))
        yield from _of_scenario(known, name)
    yield Paragraph(text(language, "report.stories_numbers"), "note")


def _of_scenario(known: Known, name: str) -> Iterator[Block]:
    language = known.language
    resolved = _resolved(known, name)
    if resolved["organization"]["workforce"] not in PROFILE_NAMES:
        yield Paragraph(text(language, "report.stories_own_staff"))
        return
    plan = known.stored.plan
    run_id = plan.loc[(plan["scenario"] == name) & (plan["replication"] == 0), "run_id"].iloc[0]
    stored = known.runs[known.runs["run_id"] == run_id]
    if stored.empty:
        yield Paragraph(text(language, "report.stories_no_run"))
        return
    try:
        found = first_run(resolved, int(stored["seed"].iloc[0]))
    except (InputError, KeyError, TypeError, ValueError):  # parameters of another version of the model
        yield Paragraph(text(language, "report.stories_other_version"))
        return
    if not _is_same(found.outcomes, stored.iloc[0].to_dict()):
        yield Paragraph(text(language, "report.stories_other_version"))
        return
    for person in found.people:
        yield CardWriter(person, language).card()
    there = {person.role for person in found.people}
    for role in ROLES:
        if role not in there:
            yield Paragraph(text(language, f"report.nobody.{role}"), "note")


def _resolved(known: Known, name: str) -> Mapping[str, Any]:
    """Return the scenario of the first run: over plausible worlds, with the coefficients of the first world."""
    resolved: Mapping[str, Any] = next(arm.resolved for arm in known.study.plan.arms if arm.name == name)
    if not known.is_over_worlds:
        return resolved
    first = known.stored.points().iloc[0]
    arm = next(arm for arm in known.study.plan.arms if arm.name == name)
    own = (*arm.own_coefficients, *kept_in(arm, answered_keys(known.stored.manifest["factors"])))
    keys = [str(each["name"]) for each in known.stored.manifest["factors"] if each["name"] not in own]
    return Overlay(resolved, {key: [_plain(first[key])] for key in keys}).at(0)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _is_same(outcomes: Mapping[str, float], stored: Mapping[str, Any]) -> bool:
    """Say whether a run gave the very outcomes that are stored."""
    for name, value in outcomes.items():
        other = float(stored[name])
        if value != other and not (math.isnan(value) and math.isnan(other)):
            return False
    return True
