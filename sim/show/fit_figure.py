"""A picture of a fit: what was seen, on the bands of all worlds and of those that agree with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.show.style import DPI, INK, NOTE_SIZE, QUIET_INK, RULE, SCENARIO_LOOKS, TITLE_SIZE, drawing
from sim.texts import number, text

if TYPE_CHECKING:
    from sim.study.fitting.fit import Fitted

MOST_PANELS = 6
SMALL = 5.0  # percent, up to which scales have decimals
FIT, SEEN = SCENARIO_LOOKS[0].color, SCENARIO_LOOKS[1].color
_WEEKS_PER_MONTH = 4.0


@drawing()
def fit_figure(found: Fitted, language: str) -> Figure:
    """Return the picture of a fit, a panel for each kind of figure that was seen.

    Parameters
    ----------
    found : Fitted
        The fit.
    language : str
    """
    kinds = list(dict.fromkeys((row["figure"], row["span"], row["outcome"]) for row in found.figures))[:MOST_PANELS]
    n_columns = 1 if len(kinds) == 1 else 2
    n_rows = -(-len(kinds) // n_columns)
    height = 1.5 + 2.3 * n_rows
    figure = Figure(figsize=(10.0, height), dpi=DPI, label="fit")
    figure.suptitle(
        text(language, "fit.figure.title"), x=0.02, y=1.0 - 0.14 / height, ha="left", va="top", fontsize=TITLE_SIZE,
        fontweight="bold", color=INK,
    )  # fmt: skip
    panels = figure.subplots(n_rows, n_columns, squeeze=False, sharex=True)
    figure.subplots_adjust(
        left=0.07, right=0.98, bottom=0.85 / height, top=1.0 - 1.05 / height, hspace=0.42, wspace=0.16
    )
    handles: Sequence[Any] = ()
    for place, (name, span, outcome) in enumerate(kinds):
        panel = panels[place // n_columns][place % n_columns]
        rows = [row for row in found.figures if (row["figure"], row["span"]) == (name, span)]
        handles = _panel(panel, found.curves[outcome], rows, name, language)
        key = "fit.posts" if name == "posts" else f"fit.span.{span}"
        label = text(language, key, name=text(language, f"usage.figure.{name}"))
        panel.set_title(label, loc="left", fontsize=NOTE_SIZE + 1, color=INK)
        if place >= len(kinds) - n_columns:
            panel.set_xlabel(text(language, "fit.figure.week"), fontsize=NOTE_SIZE)
            panel.tick_params(labelbottom=True)
    for place in range(len(kinds), n_rows * n_columns):
        panels[place // n_columns][place % n_columns].set_visible(False)
    labels = [text(language, f"fit.figure.{name}") for name in ("seen", "fit", "all")]
    figure.legend(
        handles, labels, loc="upper left", bbox_to_anchor=(0.012, 1.0 - 0.42 / height), ncols=3, frameon=False,
        fontsize=NOTE_SIZE,
    )  # fmt: skip
    figure.text(0.02, 0.16 / height, text(language, "fit.figure.note"), fontsize=NOTE_SIZE, color=QUIET_INK)
    return figure


def _panel(panel: Axes, bands: Any, rows: Sequence[dict[str, Any]], name: str, language: str) -> Sequence[Any]:
    """Draw one kind of figure in percent of staff (posts: per 100 employees) and return what the legend shows."""
    factor = 100.0 / (_WEEKS_PER_MONTH if name == "posts" else 1.0)
    weeks = np.arange(1, bands["worlds"].shape[1] + 1)
    before, after = factor * bands["before"], factor * bands["worlds"]
    gray = panel.fill_between(weeks, before[0], before[2], color=RULE, alpha=0.75, linewidth=0)
    blue = panel.fill_between(weeks, after[0], after[2], color=FIT, alpha=0.28, linewidth=0)
    panel.plot(weeks, after[1], color=FIT, linewidth=1.6)
    seen = panel.scatter(
        [row["week"] for row in rows], [100.0 * row["seen"] for row in rows], color=SEEN, s=16, zorder=5, linewidth=0
    )
    panel.axvline(max(row["week"] for row in rows) + 0.5, color=QUIET_INK, linewidth=0.7, linestyle=(0, (2, 2)))
    panel.set_xlim(0.5, len(weeks) + 0.5)
    # The band of all worlds may reach far above anything that matters here: it is cut off, what was seen never is.
    tallest = [float(np.nanmax(after[2])), float(np.nanmedian(before[1])), *(100.0 * row["seen"] for row in rows)]
    shown = 1.15 * max(tallest)
    panel.set_ylim(0.0, min(shown, 100.0) if name != "posts" else shown)
    panel.spines[["top", "right"]].set_visible(False)
    panel.tick_params(labelsize=NOTE_SIZE, length=2)
    unit = "" if name == "posts" else "%"
    panel.yaxis.set_major_locator(MaxNLocator(5, integer=shown > SMALL))
    panel.yaxis.set_major_formatter(lambda value, _: number(value, 0 if shown > SMALL else 1, language) + unit)
    return seen, blue, gray
