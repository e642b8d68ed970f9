"""All runs of a class in one picture: a line a run, in the color of what its launch says that the platform is for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.outcomes import FINAL_WEEKS
from sim.show.class_marks import MEANING_LOOKS
from sim.show.curves import value_extent
from sim.show.layout import MARGIN, Page, line_height
from sim.show.marks import (
    AXIS_ROOM,
    Band,
    End,
    draw_band,
    draw_labels,
    dress,
    explain_numbers,
    labels_width,
    line_end,
    value_scale,
    week_scale,
)
from sim.show.style import TEXT_SIZE, drawing
from sim.show.words import Words

WIDTH = 8.5
PANEL_HEIGHT = 3.4
MOST_LINES = 160
"""More runs than this are drawn as an even sample; more lines are a blot, and a large file."""


def drawn_runs(series: pd.DataFrame, most: int = MOST_LINES) -> list[str]:
    """Return the runs to draw: all if they are few, else an even sample in their order."""
    names = [str(name) for name in series["run_id"].drop_duplicates()]
    if len(names) <= most:
        return names
    return [names[place] for place in np.linspace(0, len(names) - 1, most).round().astype(int)]


def mean_bands(series: pd.DataFrame) -> dict[str, Band]:
    """Return the mean over launches by week for each meaning; each launch counts once, however often it was run."""
    bands = {}
    for meaning in MEANING_LOOKS:
        own = series[series["meaning"] == meaning]
        if own.empty:
            continue
        weekly = own.groupby(["launch", "week"])["value"].mean().groupby("week").mean()
        nothing = np.full(len(weekly), np.nan)
        bands[meaning] = Band(weekly.index.to_numpy(dtype=float), weekly.to_numpy(dtype=float), nothing, nothing)
    return bands


def end_means(series: pd.DataFrame) -> dict[str, float]:
    """Return the mean over launches of the last four weeks for each meaning; each launch counts once."""
    last = series[series["week"] > series.groupby("run_id")["week"].transform("max") - FINAL_WEEKS]
    runs = last.groupby(["meaning", "launch", "run_id"])["value"].mean()
    launches = runs.groupby(["meaning", "launch"]).mean()
    return {str(meaning): float(mean) for meaning, mean in launches.groupby("meaning").mean().items()}


@drawing()
def class_runs_figure(series: pd.DataFrame, outcome: str, words: Words, width: float = WIDTH) -> Figure:
    """Draw every run of a class by week.

    Parameters
    ----------
    series : DataFrame
        A row for each run and week: run_id, launch, meaning (``social``, ``collaboration``, ``broadcast`` or
        ``mixed``), week, value.
    outcome : str
        What the values are.
    words : mapping
        Catalog of texts.
    width : float
        Width of the figure [inches]; less than usual for a telephone.
    """
    names = drawn_runs(series)
    bands = mean_bands(series)
    n_runs = int(series["run_id"].nunique())
    caption = f"{words['class_runs.caption']} {explain_numbers([outcome], words)}"
    if len(names) < n_runs:
        caption += " " + words["class_runs.some"].format(n=len(names), of=n_runs)
    title = words["class_runs.title"].format(outcome=words[f"outcome.{outcome}"])
    means = end_means(series)
    ends = []
    for meaning, band in bands.items():
        name = words[f"class_runs.meaning.{meaning}"]
        ends.append(line_end(outcome, band.mean, means[meaning], name, MEANING_LOOKS[meaning], words))
    is_narrow = width < WIDTH
    head = len(ends) * line_height(TEXT_SIZE) + 0.12 if is_narrow else 0.0
    page = Page(width, PANEL_HEIGHT + head + 0.55, title, words["class_runs.subtitle"], caption)
    left = MARGIN + AXIS_ROOM
    room = MARGIN if is_narrow else labels_width(ends, len(ends))
    panel = page.panel(left, page.top + head, width - left - room, PANEL_HEIGHT)
    dress(panel)
    week_scale(panel, int(series["week"].min()), int(series["week"].max()), words)
    drawn = series[series["run_id"].isin(names)]
    values = drawn["value"].to_numpy(dtype=float)
    everything = Band(values, values, values, values)
    value_scale(panel, outcome, value_extent([everything, *bands.values()]), words, 5)
    opacity = 0.45 if len(names) <= 40 else 0.3
    for meaning, look in MEANING_LOOKS.items():
        own = drawn[drawn["meaning"] == meaning]
        lines = [rows[["week", "value"]].to_numpy(dtype=float) for _, rows in own.groupby("run_id", sort=False)]
        if lines:
            drawing_of = LineCollection(lines, colors=look.color, linewidths=0.7, alpha=opacity, zorder=2)
            panel.axes.add_collection(drawing_of, autolim=False)
    for meaning, band in bands.items():
        draw_band(panel, band, MEANING_LOOKS[meaning], len(bands))
    if is_narrow:
        _write_above(page, ends)
    else:
        draw_labels(panel, ends)
    return page.figure


def _write_above(page: Page, ends: Sequence[End]) -> None:
    """Write the labels of lines above the panel, where there is no room beside it; the highest line first."""
    ordered = sorted(ends, key=lambda end: -end.y)
    for place, end in enumerate(ordered):
        top = page.top + place * line_height(TEXT_SIZE) - 0.06
        middle = 1 - (top + 0.075) / page.height
        line = Line2D(
            [MARGIN / page.width, (MARGIN + 0.3) / page.width], [middle, middle], color=end.look.color,
            linestyle=end.look.dashes, linewidth=1.9, transform=page.figure.transFigure,
        )  # fmt: skip
        page.figure.add_artist(line)
        page.write(MARGIN + 0.4, top, f"{end.value} {end.name}".strip(), color=end.look.ink, weight="bold")
