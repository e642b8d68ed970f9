"""The report about a ``run`` or ``compare``."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.errors import InputError
from sim.show.curves import WIDTH as CURVES_WIDTH
from sim.show.curves import curves_figure
from sim.show.overview import OVERVIEW_OUTCOME, overview_figure
from sim.show.report.answer import MOST_NAMED, answer, counts, curves_alt, question
from sim.show.report.blocks import Block, Bullets, Heading, Paragraph, Picture, Report, Section
from sim.show.report.change import settings_table, what_would_change
from sim.show.report.closing import limits, repeat, unfinished
from sim.show.report.drawings import inline_svg
from sim.show.report.known import Known
from sim.show.report.levels import levels
from sim.show.report.people import NARROW, frames, who_posts
from sim.show.report.risks import risk_table, risks
from sim.show.report.stories import stories
from sim.show.report.wording import quoted
from sim.show.worlds import worlds_figure
from sim.study.analysis import difference_rows
from sim.study.decides import decides_lines
from sim.study.notes import opening_lines, study_notes
from sim.study.over_worlds import WORLDS_TABLE, by_world
from sim.study.results import read_tables
from sim.study.stored import Stored
from sim.study.stored_study import study_of
from sim.study.wording import label
from sim.texts import text
from sim.texts.said import said


def study_report(stored: Stored, language: str, outcome: str | None = None) -> Report:
    """Return the report about a ``run`` or ``compare``.

    Parameters
    ----------
    stored : Stored
        What the folder holds.
    language : str
        ``en`` or ``nl``.
    outcome : str, optional
        What the answer is about; the main outcome if left out.

    Raises
    ------
    InputError
        If no run is done.
    """
    known = _known(stored, language, outcome or stored.main_outcome)
    parts = {
        "answer": _first_page(known),
        "who": who_posts(known),
        "frames": frames(known),
        "levels": levels(known),
        "people": stories(known),
        "limits": _limits(known),
        "repeat": repeat(language, stored.manifest),
    }
    sections = [Section(name, text(language, f"report.section.{name}"), list(blocks)) for name, blocks in parts.items()]
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


def _first_page(known: Known) -> Iterator[Block]:
    """Yield what a board needs: question, answer, curves, how often, risks, what would change the answer."""
    language = known.language
    yield from unfinished(language, known.stored.manifest, len(known.stored.runs), len(known.stored.failures))
    yield from question(known)
    yield Paragraph(answer(known), "alert")
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
