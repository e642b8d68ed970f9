"""Two launches at one glance: their weekly curves, and the paired difference they end with."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.show.curves import curve_ends, draw_curves, weekly_bands
from sim.show.layout import (
    AXIS_ROOM,
    ENGLISH,
    LANGUAGE,
    MARGIN,
    Page,
    Panel,
    Words,
    clean_name,
    dress,
    explain_numbers,
    heading,
    labels_width,
    swarm,
    tick_texts,
    tick_values,
    week_scale,
    wrap,
)
from sim.show.pairs import Row, comparison_looks, dots_shown, make_row, symmetric_limit, turned
from sim.show.style import DOT, QUIET_INK, TEXT_SIZE, ZERO, Look, drawing
from sim.show.summary import explain_spread, run_counts
from sim.study.wording import difference_number
from sim.texts import percent

OVERVIEW_OUTCOME = "monthly_posters"

VERDICTS = {"alike": "overview.alike", "same": "overview.same"}

WIDTH = 9.6
PANEL_HEIGHT = 2.6
PAIRS_WIDTH = 1.1
SIDE_ROOM = 1.35  # inches right of the pairs for the name of the side


def headline(row: Row, upper: str, lower: str, outcome: str, words: Words) -> str:
    """Say who is ahead, or that one cannot tell."""
    names = {
        "upper": clean_name(upper, 32),
        "lower": clean_name(lower, 32),
        "outcome": words[f"noun.{outcome}"],
    }
    if not np.isfinite(row.mean):
        return words["overview.none"].format(**names)
    if row.n < 2:
        return words["overview.one"].format(**names)
    key = "overview.more" if not row.cannot_tell else VERDICTS.get(row.verdict, "overview.tie")
    return words[key].format(**names)


def finding(row: Row, upper: str, outcome: str, words: Words) -> str:
    """Say by how much a scenario is ahead."""
    if not np.isfinite(row.mean):
        return ""
    size = {"mean": difference_number(outcome, row.mean, words[LANGUAGE], is_signed=True)}
    if not (np.isfinite(row.low) and np.isfinite(row.high)):
        return words["overview.finding_one"].format(upper=clean_name(upper, 32), **size)
    size |= {
        "low": difference_number(outcome, row.low, words[LANGUAGE]),
        "high": difference_number(outcome, row.high, words[LANGUAGE]),
    }
    return words["overview.finding"].format(**size)


def draw_pairs(panel: Panel, row: Row, sides: tuple[str, str], looks: tuple[Look, Look], words: Words) -> None:
    """Draw the pairs as dots up and down, their mean as a marker, its interval as a bar, and name both sides.

    `sides` and `looks` belong to the scenario above zero and the one below.
    """
    axes = panel.axes
    limit = symmetric_limit([row], is_share=True)
    axes.set_xlim(-1.6, 1.6)
    axes.set_ylim(-limit, limit)
    ticks = tick_values(-limit, limit, 6)
    axes.set_yticks(ticks, tick_texts([100 * tick for tick in ticks], words, signed=True))
    axes.set_ylabel(words["differences.points_staff"], verticalalignment="top")
    axes.yaxis.set_label_coords(-AXIS_ROOM / panel.width, 0.5)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.axhline(0.0, color=ZERO, linewidth=1.2, zorder=1.5)
    dots = dots_shown(row.pairs)
    axes.plot(
        0.45 + swarm(dots, span=2 * limit, n_levels=36),
        dots,
        linestyle="none",
        marker="o",
        markersize=4,
        markerfacecolor=DOT,
        markeredgewidth=0,
        alpha=0.6,
        zorder=2,
    )
    if np.isfinite(row.low) and np.isfinite(row.high):
        axes.plot([-1, -1], [row.low, row.high], color=row.look.color, linewidth=3, zorder=3)
    axes.plot(
        [-1],
        [row.mean],
        linestyle="none",
        marker=row.look.marker,
        markersize=7,
        markerfacecolor="white" if row.cannot_tell else row.look.color,
        markeredgecolor=row.look.color,
        markeredgewidth=1.5,
        zorder=4,
    )
    right = 1 + 0.1 / panel.width
    n_ahead = int((row.pairs > 0).sum()), int((row.pairs < 0).sum())
    ends = zip(sides, looks, n_ahead, row.shares, (0.98, 0.02), ("top", "bottom"), strict=True)
    for name, look, ahead, share, height, anchor in ends:
        facts = {"ahead": ahead, "n": len(row.pairs), "share": percent(share, 0, words[LANGUAGE])}
        text = words["overview.ahead"].format(scenario=clean_name(name, 32), **facts)
        axes.text(
            right,
            height,
            "\n".join(wrap(text, TEXT_SIZE, SIDE_ROOM, "bold")),
            transform=axes.transAxes,
            color=look.ink,
            fontweight="bold",
            verticalalignment=anchor,
        )
    axes.text(
        right,
        0.5,
        words["overview.zero"],
        transform=axes.transAxes,
        color=QUIET_INK,
        verticalalignment="center",
    )


@drawing()
def overview_figure(
    series: pd.DataFrame,
    runs: pd.DataFrame,
    differences: pd.DataFrame,
    outcome: str = OVERVIEW_OUTCOME,
    words: Words = ENGLISH,
) -> Figure:
    """Draw the first comparison at one glance: curves with bands, and the pairs with their mean difference.

    Parameters
    ----------
    series : DataFrame
        One row a run and week: run_id, scenario, week and the outcome.
    runs : DataFrame
        One row a run: scenario, replication and the outcome.
    differences : DataFrame
        a, b, outcome, mean, low, high, p_a_greater, n, verdict. The first pair (a, b) is drawn.
    outcome : str
        A share of staff.
    words : mapping
        Catalog of texts.

    Raises
    ------
    ValueError
        If the outcome is not among the differences.
    """
    chosen = differences[differences["outcome"] == outcome]
    if chosen.empty:
        raise ValueError(f"differences: no row for {outcome}")
    a, b = str(chosen["a"].iloc[0]), str(chosen["b"].iloc[0])
    shown = series[series["scenario"].isin([a, b])]
    looks = comparison_looks(shown, chosen)
    row = make_row(runs, chosen.iloc[0], "", looks, by_side=True)
    upper, lower = a, b
    if not row.cannot_tell and row.mean < 0:  # the scenario that is ahead stands above zero
        row, upper, lower = turned(row), b, a
    bands = weekly_bands(shown, [outcome])[outcome]
    caption = f"{explain_spread(run_counts(shown), 'band', words)} {explain_numbers([outcome], words)}"
    if np.isfinite(row.mean):
        caption += " " + words["overview.caption" if row.n > 1 else "overview.caption_one"]
    page = Page(
        WIDTH,
        PANEL_HEIGHT + 0.85,
        headline(row, upper, lower, outcome, words),
        finding(row, upper, outcome, words),
        caption,
    )
    left = MARGIN + AXIS_ROOM
    pairs_left = WIDTH - MARGIN - SIDE_ROOM - PAIRS_WIDTH - 0.1
    width = pairs_left - AXIS_ROOM - 0.1 - labels_width(curve_ends(outcome, bands, runs, words), len(bands)) - left
    top = page.top + 0.3
    panel = page.panel(left, top, width, PANEL_HEIGHT)
    dress(panel)
    week_scale(panel, int(shown["week"].min()), int(shown["week"].max()), words)
    draw_curves(panel, outcome, bands, runs, words, n_steps=6)
    heading(panel, words["overview.curves"].format(meaning=words[f"meaning.{outcome}"]), left=-AXIS_ROOM)
    pairs = page.panel(pairs_left, top, PAIRS_WIDTH, PANEL_HEIGHT)
    dress(pairs)
    draw_pairs(pairs, row, (upper, lower), (looks[upper], looks[lower]), words)
    heading(pairs, words["overview.pairs"], left=-AXIS_ROOM)
    return page.figure
