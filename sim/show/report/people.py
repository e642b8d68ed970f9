"""Who posts and who stays silent, and what people think the platform is for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from sim.show.curves import frame_figure
from sim.show.groups import group_figure
from sim.show.report.blocks import Block, Paragraph, Picture, Rows, SideBySide, Table
from sim.show.report.drawings import inline_svg
from sim.show.report.groups import (
    FEWEST_TOLD,
    FRAMES,
    activity_rows,
    frame_rows,
    group_means,
    in_words,
    n_hidden,
    told_groups,
)
from sim.show.report.known import Known, quoted
from sim.show.summary import SMALLEST_GROUP, means_by
from sim.texts import percent, text

DRAWN = (("age_band", "leisure_experience"), ("level", "department"))
"""Groupings in one figure; more of them would not fit on a printed page."""
NARROW = 4.6  # inches


def who_posts(known: Known) -> Iterator[Block]:
    """Yield who posts and who stays silent: a figure, and a table for each scenario."""
    language, groups = known.language, known.of_shown("groups")
    yield from _which_are_shown(known)
    if groups.empty:
        yield Paragraph(text(language, "report.no_groups"))
        return
    yield Paragraph(_extremes(known, groups))
    named = in_words(groups, language)
    alt = text(language, "report.alt_groups", finding=_extremes(known, groups))
    for place, pair in enumerate(DRAWN):
        drawn = [grouping for grouping in pair if not group_means(groups, grouping).empty]
        if drawn:
            figure = group_figure(named, drawn, "monthly_posters", known.words, known.names)
            yield Picture(inline_svg(figure, f"who{place}"), "", alt)
    columns = ("group", ">staff", ">posts", ">reads_only", ">does_not_read")
    yield _tables(known, groups, "report.who_caption", columns, activity_rows)
    yield from _hidden(groups, language)


def _tables(
    known: Known,
    groups: pd.DataFrame,
    caption: str,
    columns: tuple[str, ...],
    rows: Callable[[pd.DataFrame, str], Sequence[Rows]],
) -> SideBySide:
    """Return a table of groups for each scenario."""
    language = known.language
    headers = _headers(language, columns)
    return SideBySide(
        [
            Table(
                text(language, caption, name=quoted(name)),
                headers,
                rows(groups[groups["scenario"] == name], language),
                is_compact=True,
            )
            for name in known.shown
        ]
    )


def _headers(language: str, columns: tuple[str, ...]) -> list[str]:
    return [
        (">" if column.startswith(">") else "") + text(language, f"report.column.{column.removeprefix('>')}")
        for column in columns
    ]


def _which_are_shown(known: Known) -> Iterator[Block]:
    if len(known.shown) < len(known.names):
        names = known.names_listed(known.shown)
        yield Paragraph(text(known.language, "report.some_scenarios", names=names, n=len(known.names)), "note")


def _hidden(groups: pd.DataFrame, language: str) -> Iterator[Block]:
    n = n_hidden(groups)
    key = "report.hidden_none" if n == 0 else "report.hidden_one" if n == 1 else "report.hidden"
    yield Paragraph(text(language, key, n=n, smallest=SMALLEST_GROUP), "note")


def _extremes(known: Known, groups: pd.DataFrame) -> str:
    """Say which groups post most and least in each scenario, where that is surely so."""
    language, parts = known.language, []
    for name in known.shown:
        found = told_groups(groups[groups["scenario"] == name], known.is_own_staff, language)
        if not found or not found[0].is_surely_below(found[-1].by_run):
            parts.append(text(language, "report.no_extremes", name=quoted(name), fewest=FEWEST_TOLD))
            continue
        silent, loud = found[0], found[-1]
        parts.append(
            text(
                language, "report.extremes", name=quoted(name), most=percent(loud.mean, 1, language), loud=loud.name,
                least=percent(silent.mean, 1, language), silent=silent.name,
            )
        )  # fmt: skip
    return " ".join(parts)


def frames(known: Known) -> Iterator[Block]:
    """Yield what people think the platform is for: over time, and by group at the end."""
    language, series = known.language, known.of_shown("series")
    yield Paragraph(text(language, "report.frames_intro"))
    changes = " ".join(_frame_change(known, name) for name in known.shown)
    yield Paragraph(changes)
    wide = inline_svg(frame_figure(series, known.of_shown("runs"), known.words, every=known.names), "frames0")
    narrow = inline_svg(frame_figure(series, known.of_shown("runs"), known.words, NARROW, known.names), "frames1")
    yield Picture(wide, narrow, text(language, "report.alt_frames", finding=changes))
    groups = known.of_shown("groups")
    if groups.empty:
        return
    columns = ("group", ">staff", ">frame_social", ">frame_collaboration", ">frame_broadcast")
    yield _tables(known, groups, "report.frames_caption", columns, frame_rows)


def _frame_change(known: Known, name: str) -> str:
    """Say what the largest meaning is at the end, and how the three moved from the first week."""
    language, series = known.language, known.tables["series"]
    weekly = means_by(series[series["scenario"] == name], ["week"], FRAMES)
    first, last = weekly.iloc[0], weekly.iloc[-1]
    shares = {
        f"{part}_{end}": percent(float(row[f"frame_{part}"]), 0, language)
        for part in ("social", "collaboration", "broadcast")
        for end, row in (("first", first), ("last", last))
    }
    return text(language, "report.frame_change", name=quoted(name), week=int(weekly.index[-1]), **shares)
