"""Who posts and who stays silent, group by group, and what people think the platform is for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from sim.analysis.over_worlds import WEIGHT_OF_RUN
from sim.analysis.statistics import paired_difference
from sim.documents.printers import inline_svg
from sim.figures.curves import frame_figure, group_figure, shown_groups
from sim.figures.summary import SMALLEST_GROUP, means_by
from sim.pages.report.basis import Known, quoted
from sim.words import catalog, number, percent, text
from sim.words.blocks import Block, Paragraph, Picture, Row, Rows, SideBySide, Table

GROUPINGS = ("age_band", "leisure_experience", "level", "department", "tenure", "remote")
MOST_DEPARTMENTS = 12
FEWEST_TOLD = 25
"""Of a smaller group nothing is told in a sentence: one person more or less is over 4 points of it."""
FRAMES = ("frame_social", "frame_collaboration", "frame_broadcast")


def group_name(grouping: str, group: str, language: str) -> str:
    """Return the name of a group below a heading that says what the groups differ in.

    A group that is not known keeps its name.
    """
    if grouping == "department":
        head, _, name = group.partition(" ")
        return name if head == "department" else group
    return catalog(language).get(f"report.group.{grouping}.{group.replace(' ', '_')}", group)


def full_name(grouping: str, group: str, language: str) -> str:
    """Return the name of a group in a sentence."""
    name = group_name(grouping, group, language)
    key = f"report.full_name.{grouping}"
    return text(language, key, name=name) if key in catalog(language) else name


def in_words(groups: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return the table of groups with names for a reader, for figures."""
    if groups.empty:
        return groups
    pairs = groups[["grouping", "group"]].drop_duplicates()
    names = {
        (row.grouping, row.group): group_name(str(row.grouping), str(row.group), language) for row in pairs.itertuples()
    }
    named = [names[key] for key in zip(groups["grouping"], groups["group"], strict=True)]
    return groups.assign(group=named)


def group_means(groups: pd.DataFrame, grouping: str) -> pd.DataFrame:
    """Return the means over runs of the groups large enough to show, in order; the largest of many departments."""
    rows = shown_groups(groups, grouping)
    columns = ["n_employees", "monthly_posters", "monthly_readers", *FRAMES]
    means = means_by(rows, ["group"], columns)
    if len(means) > MOST_DEPARTMENTS:
        largest = means["n_employees"].nlargest(MOST_DEPARTMENTS).index
        means = means[means.index.isin(largest)]
    return means


class GroupUse(NamedTuple):
    """One group of one scenario: how many of it post, run by run (or world by world).

    Attributes
    ----------
    name : str
        Its name in a sentence.
    mean : float
        Mean share that posts in a month.
    by_run : Series
        The same by replication.
    weights : Series or None
        What each replication counts; None where all count the same.
    """

    name: str
    mean: float
    by_run: pd.Series
    weights: pd.Series | None

    def is_surely_below(self, other: pd.Series) -> bool:
        """Say whether this group surely posts less than another, or all staff, over the same runs."""
        both = pd.concat([self.by_run, other], axis=1, join="inner").dropna()
        weights = None if self.weights is None else self.weights.loc[both.index].to_numpy()
        difference = paired_difference(
            both.iloc[:, 0].to_numpy(), both.iloc[:, 1].to_numpy(), 2.0, False, None, weights=weights
        )
        return difference.is_sure and difference.mean < 0


def told_groups(groups: pd.DataFrame, is_own_staff: bool, language: str) -> list[GroupUse]:
    """Return the groups of one scenario that a sentence may be about, those that post least first.

    Departments are made anew in each run, but for those of one's own staff.
    """
    found = []
    for grouping in GROUPINGS:
        if grouping == "department" and not is_own_staff:
            continue
        for group, rows in shown_groups(groups, grouping).groupby("group", sort=False):
            means = means_by(rows, ["group"], ["n_employees", "monthly_posters"]).iloc[0]
            if means["n_employees"] >= FEWEST_TOLD and not math.isnan(means["monthly_posters"]):
                by_run = rows.set_index("replication")
                weights = by_run.get(WEIGHT_OF_RUN)
                name = full_name(grouping, str(group), language)
                found.append(GroupUse(name, float(means["monthly_posters"]), by_run["monthly_posters"], weights))
    return sorted(found, key=lambda one: (one.mean, one.name))


def n_hidden(groups: pd.DataFrame) -> int:
    """Return how many groups are too small to show in every run."""
    largest = groups.groupby(["grouping", "group"])["n_employees"].max()
    return int((largest < SMALLEST_GROUP).sum())


def activity_rows(groups: pd.DataFrame, language: str) -> list[Rows]:
    """Return who posts, who only reads and who does not come, group by group."""

    def cells(mean: pd.Series) -> list[str]:
        posts, reads = float(mean["monthly_posters"]), float(mean["monthly_readers"])
        return [
            number(float(mean["n_employees"]), 0, language),
            percent(posts, 1, language),
            percent(max(0.0, reads - posts), 1, language),
            percent(1 - reads, 1, language),
        ]

    return _rows(groups, language, cells)


def frame_rows(groups: pd.DataFrame, language: str) -> list[Rows]:
    """Return what people think that the platform is for, group by group."""

    def cells(mean: pd.Series) -> list[str]:
        shares = [percent(float(mean[name]), 0, language) for name in FRAMES]
        return [number(float(mean["n_employees"]), 0, language), *shares]

    return _rows(groups, language, cells)


def _rows(groups: pd.DataFrame, language: str, cells: Callable[[pd.Series], list[str]]) -> list[Rows]:
    found = []
    for grouping in GROUPINGS:
        means = group_means(groups, grouping)
        rows = [Row(group_name(grouping, str(group), language), cells(mean)) for group, mean in means.iterrows()]
        if rows:
            found.append(Rows(text(language, f"figure.groups.{grouping}"), rows))
    return found


# Who posts and who stays silent, and what people think the platform is for.

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
