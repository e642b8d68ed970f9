"""How outcomes are spread over worlds, firms or points: dots, and the ranges that most of them lie in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.scenario.outcome_table import YES_OR_NO
from sim.show.layout import ENGLISH, MARGIN, Page, Panel, Words, heading, swarm
from sim.show.ranking import lever_columns
from sim.show.rows import AXIS_FOOT, COLUMN_GAP, Column, fitted, row_panel, value_axis, write_columns
from sim.show.style import QUIET_INK, drawing, scenario_look
from sim.study.sweeping.sweep import Sweep

WIDTH = 8.5
ROW = 0.42
MOST_ROWS = 6
MOST_PANELS = 4
MOST_DOTS = 300
"""More points than this are drawn as an even sample; the ranges use them all."""

WIDEST_LABELS = 3.6
HEAD = 0.42
DOTS_ABOVE, BAR_BELOW = 0.05, 0.13
"""Inches from the middle of a row to its dots, and to the bar of its ranges."""


def shown_candidates(sweep: Sweep, outcome: str) -> list[int]:
    """Return the candidates to show: all if they are few, else the five best and the worst."""
    n = len(sweep.cells.candidates)
    if n <= MOST_ROWS:
        return list(range(n))
    places = sweep.strategies[sweep.strategies["outcome"] == outcome]["rank"].to_numpy(dtype=float)
    if len(places) < n:
        return list(range(MOST_ROWS))
    order = [int(index) for index in np.argsort(places, kind="stable") if np.isfinite(places[index])]
    return order if len(order) <= MOST_ROWS else [*order[: MOST_ROWS - 1], order[-1]]


def candidate_columns(sweep: Sweep, kept: Sequence[int], words: Words) -> list[Column]:
    """Return the columns that tell the shown candidates apart; none for a single one."""
    if len(sweep.cells.candidates) == 1:
        return []
    shown = [sweep.cells.candidates[index] for index in kept]
    table = pd.DataFrame({"scenario": [one.scenario for one in shown], "strategy": [one.strategy for one in shown]})
    columns = [Column(heading, texts) for heading, texts in lever_columns(table.fillna(-1), sweep, words).items()]
    return fitted(columns, WIDEST_LABELS)


@drawing()
def spread_figure(sweep: Sweep, values: Mapping[str, np.ndarray], words: Words = ENGLISH, main: str = "") -> Figure:
    """Draw outcomes over worlds (or points), a panel each: dots, the middle half, the middle 90%, the median.

    Parameters
    ----------
    sweep : Sweep
        A sweep over more than one world (or point).
    values : mapping of str to array (candidates, worlds)
        For each outcome to draw, the mean over replications.
    words : mapping
        Catalog of texts.
    main : str
        The outcome that decides which strategies are shown where there are many.
    """
    outcomes = list(values)[:MOST_PANELS]
    kept = shown_candidates(sweep, main or outcomes[0])
    n_all = len(sweep.cells.candidates)
    columns = candidate_columns(sweep, kept, words)
    left = MARGIN + sum(column.width + COLUMN_GAP for column in columns)
    places = [(index + 0.5) * ROW for index in range(len(kept))]
    step = HEAD + max(places) + ROW / 2 + AXIS_FOOT
    n_worlds = len(sweep.cells.worlds)
    kind = "worlds" if sweep.cells.is_crossed else "points"
    title = words[f"spread.title.{kind}"].format(n=n_worlds)
    notes = [words[f"spread.caption.{kind}"], words["spread.covers"]]
    if len(kept) < n_all:
        notes.append(words["spread.some"].format(n=len(kept), of=n_all))
    if n_worlds > MOST_DOTS:
        notes.append(words["spread.sample"].format(n=MOST_DOTS, of=n_worlds))
    page = Page(WIDTH, len(outcomes) * step + 0.1, title, "", " ".join(notes))
    for position, outcome in enumerate(outcomes):
        top = page.top + HEAD + position * step
        write_columns(page, MARGIN, top, columns, places)
        panel = row_panel(page, left, top, WIDTH - left - MARGIN, places, below=ROW / 2 + 0.05)
        heading(panel, words[f"outcome.{outcome}"], words.get(f"meaning.{outcome}", ""))
        shown = values[outcome][kept]
        value_axis(panel, outcome, shown, words, n_steps=8)
        for row, place, index in zip(shown, places, kept, strict=True):
            _draw_row(panel, row, place, sweep.distribution, (sweep, index, outcome))
    return page.figure


def _draw_row(panel: Panel, values: np.ndarray, place: float, table: pd.DataFrame, key: tuple[Sweep, int, str]) -> None:
    sweep, index, outcome = key
    candidate = sweep.cells.candidates[index]
    rows = table[(table["outcome"] == outcome) & (table["scenario"] == candidate.scenario)]
    if candidate.strategy is not None:
        rows = rows[rows["strategy"] == candidate.strategy]
    known = np.sort(values[np.isfinite(values)])
    if not len(known) or rows.empty:
        return
    row = rows.iloc[0]
    color = scenario_look(0).color
    below = place + BAR_BELOW
    panel.axes.plot([row["p5"], row["p95"]], [below, below], color=color, linewidth=1.2, zorder=3)
    panel.axes.plot(
        [row["p25"], row["p75"]], [below, below], color=color, linewidth=5, alpha=0.45, solid_capstyle="butt", zorder=2
    )
    panel.axes.plot([row["p50"]], [below], color=color, marker="|", markersize=10, markeredgewidth=2.2, zorder=4)
    dots = known if len(known) <= MOST_DOTS else known[np.linspace(0, len(known) - 1, MOST_DOTS).round().astype(int)]
    low, high = panel.axes.get_xlim()
    offsets = 0.28 * ROW * swarm(dots, span=high - low, n_levels=110)
    panel.axes.plot(
        dots, place - DOTS_ABOVE + offsets, linestyle="none", marker="o", markersize=2.6, markerfacecolor=QUIET_INK,
        markeredgewidth=0, alpha=0.6, zorder=2,
    )  # fmt: skip


def shown_outcomes(outcomes: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Return the outcomes to draw: the main one, then those that a first look needs; no yes-or-no ones."""
    names = dict.fromkeys([*outcomes[:1], *(name for name in wanted if name in outcomes)])
    return [name for name in names if name not in YES_OR_NO][:MOST_PANELS]
