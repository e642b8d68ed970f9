"""What goes with an outcome over the points of a sampled design: rank correlations with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.show.layout import ENGLISH, MARGIN, Page, Panel, Words, clean_name, wrap
from sim.show.rows import (
    AXIS_FOOT,
    COLUMN_GAP,
    HEADING_ABOVE,
    SIZE,
    Column,
    fitted,
    row_panel,
    scale_row,
    write_columns,
    write_line,
)
from sim.show.style import DOT, INK, QUIET_INK, ZERO, drawing, scenario_look
from sim.study.sweeping.cells import short_names
from sim.study.sweeping.spread import STANDS_OUT
from sim.study.sweeping.sweep import ALL_CANDIDATES, Sweep, rows_of

WIDTH = 8.5
MOST_ROWS = 15
MOST_PANELS = 3
ROW = 0.24
WIDEST_LABEL = 2.8
HEAD_LINE = 0.14
BAR = 0.6
"""Thickness of a bar, as a share of its row."""

SMALLEST_LIMIT = 0.2
EDGE = 1.18


def strongest(table: pd.DataFrame, most: int = MOST_ROWS) -> list[tuple[str, str | None]]:
    """Return the factors (with named alternatives) that go with the outcome most, in any panel."""
    keys = [(str(row.factor), None if pd.isna(row.level) else str(row.level)) for row in rows_of(table)]
    sizes: dict[tuple[str, str | None], float] = {}
    for key, rho in zip(keys, table["rho"], strict=True):
        sizes[key] = max(sizes.get(key, 0.0), abs(rho))
    return sorted(sizes, key=lambda key: -sizes[key])[:most]


def factor_labels(keys: Sequence[tuple[str, str | None]]) -> list[str]:
    """Return how factors are named in the figure: the end of the key, and the alternative."""
    short = short_names(list(dict.fromkeys(name for name, _ in keys)))
    return [short[name] + (f" = {level.replace('_', ' ')}" if level else "") for name, level in keys]


@drawing()
def association_figure(sweep: Sweep, outcome: str, words: Words = ENGLISH) -> Figure:
    """Draw the strongest rank correlations of factors with an outcome, a panel for each base scenario.

    Parameters
    ----------
    sweep : Sweep
        A sweep over enough points (or worlds).
    outcome : str
        What they are correlated with.
    words : mapping
        Catalog of texts.

    Raises
    ------
    ValueError
        If there are no associations with this outcome.
    """
    table = sweep.associations[sweep.associations["outcome"] == outcome]
    if table.empty:
        raise ValueError(f"no associations with {outcome}")
    subjects = list(dict.fromkeys(table["subject"]))[-MOST_PANELS:]
    table = table[table["subject"].isin(subjects)]
    keys = strongest(table)
    n_factors = len(table[["factor", "level"]].drop_duplicates())
    (names,) = fitted([Column(words["associations.factor"], factor_labels(keys))], WIDEST_LABEL)
    places = [(index + 0.5) * ROW for index in range(len(keys))]
    left = MARGIN + names.width + COLUMN_GAP
    width = (WIDTH - left - MARGIN - 0.2 * (len(subjects) - 1)) / len(subjects)
    heads = [wrap(_head(name, words), SIZE, width, "bold") for name in subjects]
    n_lines = max(len(lines) for lines in heads)
    noun = words[f"noun.{outcome}"]
    kind = "worlds" if sweep.cells.is_crossed else "points"
    n = int(table["n"].max())
    page = Page(
        WIDTH,
        0.16 + HEAD_LINE * n_lines + max(places) + ROW + AXIS_FOOT,
        words["associations.title"].format(outcome=noun),
        words["associations.subtitle"],
        words["associations.caption"].format(
            kind=words[f"sweep.{kind}.{'one' if n == 1 else 'many'}"].format(n=n),
            factors=n_factors,shown=len(keys),
        ),
    )  # fmt: skip
    top = page.top + 0.16 + HEAD_LINE * n_lines
    write_columns(page, MARGIN, top, [names], places)
    limit = max(SMALLEST_LIMIT, min(1.0, 1.02 * float(np.nanmax(np.abs(table[["low", "high"]].to_numpy())))))
    for position, subject in enumerate(subjects):
        at = left + position * (width + 0.2)
        for line, text in enumerate(reversed(heads[position])):
            write_line(page, at, top - HEADING_ABOVE - line * HEAD_LINE, text, weight="bold")
        panel = row_panel(page, at, top, width, places)
        _scale(panel, limit, words)
        _draw(panel, table[table["subject"] == subject], keys, places)
    return page.figure


def _head(subject: str, words: Words) -> str:
    return words["associations.all"] if subject == ALL_CANDIDATES else clean_name(subject)


def _scale(panel: Panel, limit: float, words: Words) -> None:
    scale_row(panel, (-limit, limit), words["associations.unit"], words, 8 if panel.width > 3 else 4, signed=True)
    panel.axes.set_xlim(-EDGE * limit, EDGE * limit)  # ticks at the ends keep clear of the next panel
    panel.axes.axvline(0.0, color=ZERO, linewidth=1.2, zorder=3)


def _draw(panel: Panel, table: pd.DataFrame, keys: Sequence[tuple[str, str | None]], places: Sequence[float]) -> None:
    """Draw a bar for each factor, hollow where it does not stand out, and its interval as a line."""
    color = scenario_look(0).color
    rows = {(row.factor, None if pd.isna(row.level) else row.level): row for row in rows_of(table)}
    for key, place in zip(keys, places, strict=True):
        row = rows.get(key)
        if row is None:
            continue
        is_clear = row.q <= STANDS_OUT
        panel.axes.barh(
            place, row.rho, height=BAR * ROW, zorder=2,
            color=color if is_clear else "white", edgecolor=color if is_clear else DOT, linewidth=1.0,
        )  # fmt: skip
        panel.axes.plot(
            [row.low, row.high], [place, place], color=INK if is_clear else QUIET_INK, linewidth=1.2, zorder=4
        )
