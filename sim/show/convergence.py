"""Is the sample large enough: the largest indices over the size of the sample."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.show.layout import MARGIN, Page
from sim.show.marks import AXIS_ROOM, End, draw_labels, dress, labels_width
from sim.show.numbers import tick_texts, tick_values
from sim.show.sensitivity import DUMMY, axis_text, by_factor, main_measure, ordered_factors, scale_of, subject_text
from sim.show.style import NEUTRAL_LOOK, drawing, scenario_look
from sim.show.words import ENGLISH, LANGUAGE, Words
from sim.study.wording import index_text

WIDTH = 8.5
HEIGHT = 3.4
MOST_LINES = 5
# Lines are set apart a little, so that intervals at one size do not hide each other [share of a doubling].
APART = 0.05


def standing_out(indices: pd.DataFrame, measure: str) -> list[str]:
    """Return the factors whose interval stays above the dummy's, largest first."""
    own = by_factor(indices, measure)
    reach = max(0.0, own[DUMMY]["high"])
    return [name for name in ordered_factors(indices, measure) if own[name]["low"] > reach]


@drawing()
def convergence_figure(convergence: pd.DataFrame, words: Words = ENGLISH) -> Figure:
    """Draw the largest indices of one outcome, with intervals, at an eighth, a quarter, half and all of the sample.

    Parameters
    ----------
    convergence : DataFrame
        Rows of ``convergence.parquet`` with one scenario, minus and outcome.
    words : mapping
        Catalog of texts.
    """
    measure = main_measure(convergence)
    own = convergence[convergence["measure"] == measure]
    first = own.iloc[0]
    sizes = sorted(own["samples"].unique())
    standing = standing_out(own[own["samples"] == sizes[-1]], measure)
    names = [*standing[:MOST_LINES], DUMMY]
    scale = scale_of(str(first["outcome"]), measure)
    lines = {name: own[own["factor"] == name].sort_values("samples") for name in names}
    looks = {name: NEUTRAL_LOOK if name == DUMMY else scenario_look(place) for place, name in enumerate(names)}
    ends = [
        End(
            scale * float(rows["value"].iloc[-1]),
            index_text(measure, str(first["outcome"]), float(rows["value"].iloc[-1]), words[LANGUAGE]),
            words["sensitivity.dummy"] if name == DUMMY else name,
            looks[name],
        )
        for name, rows in lines.items()
    ]
    n_factors = own["factor"].nunique() - 1
    caption = words["convergence.caption" if len(names) > 1 else "convergence.caption_none"]
    page = Page(
        WIDTH,
        HEIGHT + 0.7,
        words["convergence.title"].format(subject=subject_text(first, words)),
        words["convergence.subtitle"],
        caption.format(n=len(names) - 1, of=n_factors),
    )
    left = MARGIN + AXIS_ROOM
    panel = page.panel(left, page.top + 0.1, WIDTH - left - labels_width(ends, len(ends)), HEIGHT)
    dress(panel)
    low, high = (
        scale * float(own[own["factor"].isin(names)][part].agg(how)) for part, how in (("low", "min"), ("high", "max"))
    )
    bottom, top = min(0.0, 1.05 * low), 1.05 * high
    panel.axes.set_ylim(bottom, top)
    ticks = tick_values(bottom, top, 5)
    panel.axes.set_yticks(ticks, tick_texts(ticks, words))
    value_text = words.get(f"convergence.value.{measure}", axis_text(first, measure, words))
    panel.axes.set_ylabel(value_text, verticalalignment="top")
    panel.axes.yaxis.set_label_coords(-AXIS_ROOM / panel.width, 0.5)
    places = [math.log2(size) for size in sizes]
    panel.axes.set_xlim(places[0] - 0.3, places[-1] + 0.3)
    points = own.groupby("samples")["points"].first()
    panel.axes.set_xticks(places, [words["convergence.size"].format(n=size, points=points[size]) for size in sizes])
    panel.axes.set_xlabel(words[f"convergence.axis.{measure}"])
    for place, (name, rows) in enumerate(lines.items()):
        x = np.log2(rows["samples"].to_numpy(dtype=float)) + APART * (place - (len(names) - 1) / 2)
        value, below, above = (scale * rows[part].to_numpy(dtype=float) for part in ("value", "low", "high"))
        look = looks[name]
        panel.axes.vlines(x, below, above, color=look.color, linewidth=1.6, alpha=0.55)
        panel.axes.plot(
            x, value, color=look.color, linestyle=look.dashes, marker=look.marker, markersize=5, linewidth=1.4
        )
    draw_labels(panel, ends)
    return page.figure
