"""Who takes part: one outcome by group of employees, each scenario with the spread of its runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.show.layout import (
    AXIS_ROOM,
    ENGLISH,
    MARGIN,
    SHARES,
    End,
    Page,
    Panel,
    Words,
    clean_name,
    draw_labels,
    dress,
    heading,
    labels_width,
    last_known,
    value_scale,
    wrap,
)
from sim.show.style import NOTE_SIZE, QUIET_INK, TEXT_SIZE, drawing, look_of, scenario_look
from sim.show.summary import (
    SMALLEST_GROUP,
    explain_spread,
    means_by,
    run_counts,
    scenario_names,
    spread_for,
    summarize,
)

GROUPINGS = ("age_band", "leisure_experience")

WIDTH = 8.5
PANEL_HEIGHT = 2.1
PANEL_STEP = 3.1
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
        len(groupings) * PANEL_STEP,
        title,
        words["groups.subtitle"].format(outcome=words[f"outcome.{outcome}"]),
        caption,
    )
    left = MARGIN + AXIS_ROOM
    longest = [End(np.nan, "", words["no_value"].format(name=name), scenario_look(0)) for name in names]
    width = WIDTH - left - (labels_width(longest, len(names)) if len(names) > 1 else MARGIN)
    for row, grouping in enumerate(groupings):
        panel = page.panel(left, page.top + 0.3 + row * PANEL_STEP, width, PANEL_HEIGHT)
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
