"""The launches of a class from best to worst: every run, what each card says, and the mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.show.class_marks import MEANING_LOOKS
from sim.show.layout import MARGIN, Page, Panel, line_height, swarm, wrap
from sim.show.rows import SIZE, row_panel, shortened, value_axis, write_line
from sim.show.style import DOT, INK, QUIET_INK, RULE, drawing
from sim.show.words import Words

WIDTH = 8.5
ROW, STACKED_ROW = 0.36, 0.5
LABEL_ROOM = 3.3
MOST_ROWS = 24
MOST_DOTS = 60
"""More runs of one launch than this are drawn as an even sample."""

AXIS_FOOT = 0.5
SWARM = 0.1  # inches up and down


def shown_launches(launches: pd.DataFrame, most: int = MOST_ROWS) -> pd.DataFrame:
    """Return the launches to draw: all if they are few, else the best and the worst."""
    if len(launches) <= most:
        return launches
    half = most // 2
    return pd.concat([launches.head(half), launches.tail(most - half)])


@drawing()
def class_launches_figure(
    launches: pd.DataFrame, runs: pd.DataFrame, means: pd.DataFrame, outcome: str, words: Words,
    width: float = WIDTH,
) -> Figure:  # fmt: skip
    """Draw a row for each launch: small dots are runs, rings are cards, the large mark is the mean.

    Parameters
    ----------
    launches : DataFrame
        From best to worst: launch, name, meaning, mean.
    runs : DataFrame
        launch, value: a row for each run.
    means : DataFrame
        launch, value: a row for each card.
    outcome : str
        What the values are.
    words : mapping
        Catalog of texts.
    width : float
        Width of the figure [inches]; on a telephone names stand above the dots.
    """
    shown = shown_launches(launches)
    is_stacked = width < WIDTH
    row = STACKED_ROW if is_stacked else ROW
    places = [(place + 0.5) * row for place in range(len(shown))]
    caption = words["class_launches.caption"]
    if len(shown) < len(launches):
        caption += " " + words["class_launches.some"].format(n=len(shown), of=len(launches))
    page = Page(width, len(shown) * row + AXIS_FOOT + 0.1, words["class_launches.title"],
                words["class_launches.subtitle"], caption)  # fmt: skip
    left = MARGIN if is_stacked else MARGIN + LABEL_ROOM
    panel = row_panel(page, left, page.top, width - MARGIN - left - 0.1, places, row / 2)
    drawn = runs[runs["launch"].isin(shown["launch"])]
    value_axis(panel, outcome, np.concatenate([drawn["value"], shown["mean"], _of(means, shown)]), words)
    for place, launch in zip(places, shown.itertuples(), strict=True):
        shown_mean = float(str(launch.mean))
        dots = place + (0.09 if is_stacked else 0.0)
        look = MEANING_LOOKS[str(launch.meaning)]
        room = width - 2 * MARGIN if is_stacked else LABEL_ROOM - 0.15
        lines = _name_lines(str(launch.name), room, 1 if is_stacked else 2)
        first = place - 0.12 if is_stacked else place - (len(lines) - 1) * line_height(SIZE) / 2
        for number, line in enumerate(lines):
            write_line(page, MARGIN, page.top + first + number * line_height(SIZE), line, look.ink)
        panel.axes.axhline(dots, color=RULE, linewidth=0.6, zorder=1)
        own = runs.loc[runs["launch"] == launch.launch, "value"].dropna().to_numpy(dtype=float)
        _draw_runs(panel, own, dots)
        cards = means.loc[means["launch"] == launch.launch, "value"].dropna().to_numpy(dtype=float)
        panel.axes.plot(
            cards, np.full(len(cards), dots), linestyle="none", marker="o", markersize=6.5, markerfacecolor="none",
            markeredgecolor=INK, markeredgewidth=0.8, alpha=0.55, zorder=3, clip_on=False,
        )  # fmt: skip
        panel.axes.plot(
            [shown_mean], [dots], linestyle="none", marker=look.marker, markersize=7, color=look.color,
            markeredgecolor="white", markeredgewidth=0.8, zorder=4, clip_on=False,
        )  # fmt: skip
    if len(shown) < len(launches):
        middle = page.top + (MOST_ROWS // 2) * row
        panel.axes.axhline(middle - page.top, color=QUIET_INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
    return page.figure


def _name_lines(name: str, room: float, most: int) -> list[str]:
    """Return a name on at most so many lines, the middle of what does not fit left out."""
    lines = wrap(name, SIZE, room)
    if len(lines) > most:
        lines = [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), room)]
    return lines


def _of(means: pd.DataFrame, shown: pd.DataFrame) -> np.ndarray:
    return np.asarray(means.loc[means["launch"].isin(shown["launch"]), "value"], dtype=float)


def _draw_runs(panel: Panel, values: np.ndarray, place: float) -> None:
    if len(values) > MOST_DOTS:
        values = np.sort(values)[np.linspace(0, len(values) - 1, MOST_DOTS).round().astype(int)]
    low, high = panel.axes.get_xlim()
    offsets = swarm(values, span=high - low, n_levels=60) * SWARM
    panel.axes.plot(
        values, place + offsets, linestyle="none", marker="o", markersize=2.6, color=DOT, markeredgewidth=0, zorder=2,
        clip_on=False,
    )  # fmt: skip
