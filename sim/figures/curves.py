"""Weekly curves: how many read, take part and post, and what people think it is for; and who they are, by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.figures.layout import (
    AXIS_ROOM,
    ENGLISH,
    MARGIN,
    SHARES,
    Band,
    End,
    Page,
    Panel,
    Words,
    clean_name,
    draw_band,
    draw_labels,
    dress,
    explain_numbers,
    heading,
    labels_width,
    last_known,
    line_end,
    line_height,
    text_width,
    value_scale,
    week_scale,
    wrap,
)
from sim.figures.style import (
    FRAME_LOOKS,
    HEADING_SIZE,
    NOTE_SIZE,
    QUIET_INK,
    TEXT_SIZE,
    drawing,
    look_of,
    scenario_look,
)
from sim.figures.summary import (
    SMALLEST_GROUP,
    explain_spread,
    means_by,
    outcome_means,
    run_counts,
    scenario_names,
    spread_for,
    summarize,
)

USE_OUTCOMES = ("monthly_readers", "monthly_active", "monthly_posters")

WIDTH = 8.5
PANEL_HEIGHT = 1.75
PANEL_STEP = 2.3


def weekly_bands(series: pd.DataFrame, outcomes: Sequence[str]) -> dict[str, dict[str, Band]]:
    """Return mean and spread over runs of each outcome by week: ``bands[outcome][scenario]``.

    Parameters
    ----------
    series : DataFrame
        One row a run and week: run_id, scenario, week and the outcomes.
    outcomes : sequence of str
        Columns to summarize.
    """
    table = summarize(series, ["scenario", "week"], outcomes, spread_for(run_counts(series)))
    bands: dict[str, dict[str, Band]] = {outcome: {} for outcome in outcomes}
    for scenario in scenario_names(series):
        rows = table.loc[scenario]
        weeks = rows.index.to_numpy(dtype=float)
        for outcome in outcomes:
            parts = (rows[(outcome, part)].to_numpy(dtype=float) for part in ("mean", "low", "high"))
            bands[outcome][scenario] = Band(weeks, *parts)
    return bands


def value_extent(bands: Sequence[Band]) -> tuple[float, float]:
    """Return the lowest and highest mean or edge of these bands, NaN where there is none."""
    values = np.concatenate([part for band in bands for part in (band.mean, band.low, band.high)])
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if len(known) else (np.nan, np.nan)


def curve_ends(outcome: str, bands: Mapping[str, Band], runs: pd.DataFrame, words: Words) -> list[End]:
    """Return the labels of all scenarios of one outcome, in order."""
    means = outcome_means(runs, outcome)
    return [
        line_end(outcome, band.mean, means.get(name, np.nan), name, scenario_look(position), words)
        for position, (name, band) in enumerate(bands.items())
    ]


def draw_curves(
    panel: Panel, outcome: str, bands: Mapping[str, Band], runs: pd.DataFrame, words: Words, n_steps: int = 4
) -> None:
    """Draw one outcome of all scenarios into a panel, each line labeled at its end."""
    value_scale(panel, outcome, value_extent(list(bands.values())), words, n_steps)
    for position, band in enumerate(bands.values()):
        draw_band(panel, band, scenario_look(position), len(bands))
    draw_labels(panel, curve_ends(outcome, bands, runs, words))


@drawing()
def curves_figure(
    series: pd.DataFrame,
    runs: pd.DataFrame,
    outcomes: Sequence[str] = USE_OUTCOMES,
    words: Words = ENGLISH,
    width: float = WIDTH,
) -> Figure:
    """Draw outcomes by week, one panel each: the mean of the runs, and a band for their spread.

    Parameters
    ----------
    series : DataFrame
        One row a run and week: run_id, scenario, week and the outcomes.
    runs : DataFrame
        One row a run: scenario and the outcomes, whose means stand beside the lines.
    outcomes : sequence of str
        One panel each, from top to bottom.
    words : mapping
        Catalog of texts.
    width : float
        Width of the figure [inches]; less than usual for a telephone.
    """
    bands = weekly_bands(series, outcomes)
    names = scenario_names(series)
    caption = f"{explain_spread(run_counts(series), 'band', words)} {explain_numbers(outcomes, words)}"
    if len(outcomes) > 1:
        caption += " " + words["curves.scales"]
    is_use = set(outcomes) <= set(USE_OUTCOMES)
    title = words[f"curves.{'title' if is_use else 'weekly'}{'' if len(names) > 1 else '_one'}"]
    page = Page(
        width,
        len(outcomes) * PANEL_STEP + 0.3,
        title.format(scenario=clean_name(names[0])),
        caption=caption,
    )
    ends = [end for outcome in outcomes for end in curve_ends(outcome, bands[outcome], runs, words)]
    left = MARGIN + AXIS_ROOM
    panel_width = width - left - labels_width(ends, len(names))
    first, last = int(series["week"].min()), int(series["week"].max())
    for row, outcome in enumerate(outcomes):
        panel = page.panel(left, page.top + 0.3 + row * PANEL_STEP, panel_width, PANEL_HEIGHT)
        dress(panel)
        week_scale(panel, first, last, words, labels=row == len(outcomes) - 1)
        draw_curves(panel, outcome, bands[outcome], runs, words)
        name, meaning = words[f"outcome.{outcome}"], words.get(f"meaning.{outcome}", "")
        has_room = text_width(name, HEADING_SIZE, "bold") + text_width(meaning, TEXT_SIZE) < width - 2 * MARGIN
        heading(panel, name, meaning if has_room else "", -AXIS_ROOM)
    return page.figure


# What people think the platform is for: the three meanings of the frame by week, one panel a scenario.


FRAME_PANEL = 1.9
COLUMN_GAP = 0.3  # inches between the labels of one column and the ticks of the next


@drawing()
def frame_figure(
    series: pd.DataFrame,
    runs: pd.DataFrame,
    words: Words = ENGLISH,
    width: float = WIDTH,
    every: Sequence[str] = (),
) -> Figure:
    """Draw the mean shares of the three meanings by week, one panel a scenario, all on one scale.

    Parameters
    ----------
    series : DataFrame
        One row a run and week: run_id, scenario, week, frame_social, frame_collaboration, frame_broadcast.
    runs : DataFrame
        One row a run: scenario and the three shares, whose means stand beside the lines.
    words : mapping
        Catalog of texts.
    width : float
        Width of the figure [inches]; less than usual for a telephone, where all panels stand below each other.
    """
    meanings = list(FRAME_LOOKS)
    bands = weekly_bands(series, meanings)
    names = scenario_names(series)
    extent = value_extent([band for meaning in meanings for band in bands[meaning].values()])
    first, last = int(series["week"].min()), int(series["week"].max())
    n_columns = min(2, len(names)) if width >= WIDTH else 1
    n_rows = -(-len(names) // n_columns)

    means = {meaning: outcome_means(runs, meaning) for meaning in meanings}

    def frame_ends(name: str) -> list[End]:
        return [
            line_end(
                meaning,
                bands[meaning][name].mean,
                means[meaning].get(name, np.nan),
                words[f"frames.{meaning}"],
                look,
                words,
            )
            for meaning, look in FRAME_LOOKS.items()
        ]

    label_room = labels_width([end for name in names for end in frame_ends(name)], len(meanings))
    panel_width = (width - MARGIN - AXIS_ROOM - n_columns * label_room - (n_columns - 1) * COLUMN_GAP) / n_columns
    headings = [words["frames.scenario"].format(scenario=clean_name(name)) for name in names]
    titles = [wrap(text, HEADING_SIZE, panel_width + label_room - 0.1, "bold") for text in headings]
    head = max(len(lines) for lines in titles) * line_height(HEADING_SIZE) + 0.1 if len(names) > 1 else 0.1
    step = FRAME_PANEL + head + 0.4
    title = words["frames.title"] if len(names) > 1 else words["frames.title_one"]
    page = Page(
        width,
        n_rows * step + 0.3,
        title.format(scenario=clean_name(names[0])),
        caption=(
            f"{explain_spread(run_counts(series), 'band', words)} {explain_numbers(meanings, words)}"
            f" {words['frames.caption']}"
        ),
    )
    for place, name in enumerate(names):
        row, column = divmod(place, n_columns)
        left = MARGIN + AXIS_ROOM + column * (panel_width + label_room + COLUMN_GAP)
        top = page.top + row * step
        panel = page.panel(left, top + head, panel_width, FRAME_PANEL)
        dress(panel)
        value_scale(panel, meanings[0], extent, words)
        is_lowest = place + n_columns >= len(names)
        week_scale(panel, first, last, words, labels=is_lowest)
        if column:
            panel.axes.set_ylabel("")
        for meaning in meanings:
            draw_band(panel, bands[meaning][name], FRAME_LOOKS[meaning], len(meanings))
        draw_labels(panel, frame_ends(name))
        if len(names) > 1:
            ink = look_of(name, every or names).ink
            page.write(left, top, "\n".join(titles[place]), size=HEADING_SIZE, weight="bold", color=ink)
    return page.figure


# Who takes part: one outcome by group of employees, each scenario with the spread of its runs.

GROUPINGS = ("age_band", "leisure_experience")

GROUP_PANEL = 2.1
GROUP_STEP = 3.1
MOST_GROUPS = 8  # more do not fit next to each other; the largest are shown, and the heading says so
DODGE = 0.5  # of the distance between two groups, shared by the scenarios


def shown_groups(groups: pd.DataFrame, grouping: str) -> pd.DataFrame:
    """Return the rows of one grouping, without groups that are too small to show, in order."""
    rows = groups[(groups["grouping"] == grouping) & (groups["n_employees"] >= SMALLEST_GROUP)]
    return rows.sort_values(["order", "group"], kind="stable")


def largest_groups(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the rows of the largest groups that fit next to each other, and how many groups there are."""
    staff = means_by(rows, ["group"], ["n_employees"])["n_employees"]
    if len(staff) <= MOST_GROUPS:
        return rows, len(staff)
    largest = staff.sort_values(ascending=False, kind="stable").index[:MOST_GROUPS]
    return rows[rows["group"].isin(largest)], len(staff)


def draw_groups(
    panel: Panel,
    rows: pd.DataFrame,
    outcome: str,
    *,
    names: Sequence[str],
    counts: Sequence[int],
    words: Words,
    every: Sequence[str] = (),
) -> None:
    """Draw one grouping: groups from left to right, scenarios side by side within each group."""
    axes = panel.axes
    order = [str(group) for group in rows["group"].drop_duplicates()]
    staff = means_by(rows, ["group"], ["n_employees"])["n_employees"]
    table = summarize(rows, ["scenario", "group"], [outcome], spread_for(counts))[outcome]
    value_scale(
        panel,
        outcome,
        (float(table[["mean", "low"]].min().min()), float(table[["mean", "high"]].max().max())),
        words,
    )
    if outcome in SHARES:
        axes.set_ylabel(words["groups.share"])
    axes.set_xlim(-0.5, len(order) - 0.5)
    room = 0.95 * panel.width / len(order)
    size = TEXT_SIZE if len(order) <= 6 else NOTE_SIZE
    texts = [
        "\n".join(
            [
                *wrap(group, size, room),
                *wrap(words["groups.staff"].format(n=round(float(staff[group]))), size, room),
            ]
        )
        for group in order
    ]
    axes.set_xticks(range(len(order)), texts, fontsize=size)
    ends: list[End] = []
    for position, name in enumerate(names):
        look = look_of(name, every or names)
        part = table.reindex([(name, group) for group in order])
        mean, low, high = (part[column].to_numpy(dtype=float) for column in ("mean", "low", "high"))
        shift = DODGE * ((position + 0.5) / len(names) - 0.5) if len(names) > 1 else 0.0
        x = np.arange(len(order)) + shift
        axes.plot(x, mean, color=look.color, linestyle=look.dashes, linewidth=1.0, alpha=0.5, zorder=2)
        axes.vlines(x, low, high, color=look.color, linewidth=1.6, zorder=3)
        axes.plot(x, mean, color=look.color, marker=look.marker, markersize=5.5, linestyle="none", zorder=4)
        label = name if np.isfinite(mean).any() else words["no_value"].format(name=name)
        ends.append(End(last_known(mean), "", label, look))
    if len(names) > 1:
        draw_labels(panel, ends)


@drawing()
def group_figure(
    groups: pd.DataFrame,
    groupings: Sequence[str] = GROUPINGS,
    outcome: str = "monthly_posters",
    words: Words = ENGLISH,
    every: Sequence[str] = (),
) -> Figure:
    """Draw one outcome by group of employees: marker for the mean of the runs, bar for their spread.

    Groups of fewer than five employees are never shown.

    Parameters
    ----------
    groups : DataFrame
        One row a run and group: run_id, scenario, grouping, group, order, n_employees and the outcome.
    groupings : sequence of str
        One panel each, from top to bottom.
    outcome : str
        Column to draw.
    words : mapping
        Catalog of texts.
    every : sequence of str
        All scenarios of the study where some are left out, so that each looks as in other figures.
    """
    names = scenario_names(groups)
    counts = run_counts(groups)
    caption = f"{explain_spread(counts, 'bar', words)} {words['groups.small'].format(n=SMALLEST_GROUP)}"
    title = words[f"groups.title.{outcome}"]
    if len(names) == 1:
        title = words["groups.one"].format(title=title, scenario=clean_name(names[0]))
    page = Page(
        WIDTH,
        len(groupings) * GROUP_STEP,
        title,
        words["groups.subtitle"].format(outcome=words[f"outcome.{outcome}"]),
        caption,
    )
    left = MARGIN + AXIS_ROOM
    longest = [End(np.nan, "", words["no_value"].format(name=name), scenario_look(0)) for name in names]
    width = WIDTH - left - (labels_width(longest, len(names)) if len(names) > 1 else MARGIN)
    for row, grouping in enumerate(groupings):
        panel = page.panel(left, page.top + 0.3 + row * GROUP_STEP, width, GROUP_PANEL)
        dress(panel)
        rows, n_groups = largest_groups(shown_groups(groups, grouping))
        note = words["groups.largest"].format(n=MOST_GROUPS, of=n_groups) if n_groups > MOST_GROUPS else ""
        if len(rows):
            draw_groups(panel, rows, outcome, names=names, counts=counts, words=words, every=every)
        else:
            empty = words["groups.none"].format(n=SMALLEST_GROUP)
            panel.axes.set_xticks([])
            panel.axes.set_yticks([])
            panel.axes.text(0.5, 0.5, empty, transform=panel.axes.transAxes, ha="center", color=QUIET_INK)
        panel.axes.set_xlabel(words[f"groups.unit.{grouping}"])
        heading(panel, words[f"groups.{grouping}"], note, left=-AXIS_ROOM)
    return page.figure
