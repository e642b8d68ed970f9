"""Pictures of one's own organization: its departments and people, and what a fit makes of its first weeks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.figures.layout import clean_name
from sim.figures.style import DPI, FRAME_LOOKS, INK, NOTE_SIZE, QUIET_INK, RULE, SCENARIO_LOOKS, TITLE_SIZE, drawing
from sim.words import number, text, whole

if TYPE_CHECKING:
    from sim.evidence.fitting.fit import Fitted
    from sim.organization import Workforce


MOST_DEPARTMENTS = 18
LEAST_SHOWN = 5
GIVEN, DRAWN = SCENARIO_LOOKS[0].color, RULE
LEADING = FRAME_LOOKS["frame_social"].color


@drawing()
def staff_figure(workforce: Workforce, names: Sequence[str], drawn: Sequence[str], language: str) -> Figure:
    """Return the picture of an organization.

    Parameters
    ----------
    workforce : Workforce
        Its people.
    names : sequence of str
        Names of departments in the order of their numbers, empty for those that are not to be shown; no names at all
        where departments are drawn.
    drawn : sequence of str
        What is drawn by chance: shown in gray.
    language : str
    """
    sizes = np.bincount(workforce.department)
    shown = [number for number in np.argsort(-sizes, kind="stable") if sizes[number] >= LEAST_SHOWN][:MOST_DEPARTMENTS]
    height = 2.6 + 0.28 * max(len(shown), 8)
    figure = Figure(figsize=(10.0, height), dpi=DPI, label="organization")
    title = text(language, "staff.figure.title", n=whole(len(workforce.age), language), m=whole(len(sizes), language))
    figure.suptitle(title, x=0.02, y=1.0 - 0.16 / height, ha="left", fontsize=TITLE_SIZE, fontweight="bold", color=INK)
    bottom, top = 0.75 / height, 1.0 - 0.85 / height
    left = figure.add_axes((0.19, bottom, 0.36, top - bottom))
    _departments(left, workforce, shown, names, language)
    gap, each = 0.75 / height, (top - bottom - 2 * 0.75 / height) / 3
    panels = [figure.add_axes((0.64, top - (each + gap) * k - each, 0.34, each)) for k in range(3)]
    for panel, name in zip(panels, ("age", "tenure", "remote_share"), strict=True):
        _spread(panel, getattr(workforce, name), name, name in drawn, language)
    figure.text(0.02, 0.18 / height, text(language, "staff.figure.note"), fontsize=NOTE_SIZE, color=QUIET_INK)
    return figure


def _plain(axes: Axes, heading: str) -> None:
    axes.set_title(heading, loc="left", fontsize=NOTE_SIZE + 1, color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=NOTE_SIZE, length=2)


def _departments(axes: Axes, workforce: Workforce, shown: Sequence[int], names: Sequence[str], language: str) -> None:
    """Draw a bar for each department, cut where its teams meet, the largest first; leaders stand out at its start."""
    for row, department in enumerate(shown):
        members = workforce.department == department
        n_leading = int((workforce.level[members] > 0).sum())
        axes.barh(row, int(members.sum()), color=GIVEN, height=0.72)
        if n_leading >= LEAST_SHOWN:
            axes.barh(row, n_leading, color=LEADING, height=0.72)
        teams = np.sort(np.unique(workforce.team[members], return_counts=True)[1])[::-1]
        for edge in np.cumsum(teams[teams >= LEAST_SHOWN]):  # those of smaller teams are together, at the end
            axes.plot([edge, edge], [row - 0.36, row + 0.36], color="white", linewidth=0.6)
        axes.annotate(
            whole(int(members.sum()), language), (members.sum(), row), xytext=(3, 0), textcoords="offset points",
            va="center", fontsize=NOTE_SIZE, color=QUIET_INK,
        )  # fmt: skip
    labels = [names[number] if names else text(language, "staff.figure.department", n=number) for number in shown]
    axes.set_yticks(range(len(shown)), [clean_name(label, 26) for label in labels])
    axes.invert_yaxis()
    axes.margins(x=0.12)
    _plain(axes, text(language, "staff.figure.departments"))


def _spread(axes: Axes, values: np.ndarray, name: str, is_drawn: bool, language: str) -> None:
    """Draw how a quantity is spread over people, gray where it is drawn by chance; no bar of fewer than 5 people."""
    if name == "remote_share":
        edges = np.array([-0.1, 1e-6, *np.linspace(0.1, 1.0, 10)])  # never, and then by tenths
    else:
        edges = np.arange(0.0 if name == "tenure" else 15.0, max(float(values.max()), 20.0) + 5.0, 5.0)
    counts, _ = np.histogram(values, np.concatenate(([-np.inf], edges[1:-1], [np.inf])))
    counts[counts < LEAST_SHOWN] = 0
    axes.bar(edges[:-1], counts, width=np.diff(edges) * 0.92, align="edge", color=DRAWN if is_drawn else GIVEN)
    heading = text(language, f"staff.figure.{name}")
    _plain(axes, text(language, "staff.figure.drawn", what=heading) if is_drawn else heading)


# A picture of a fit: what was seen, on the bands of all worlds and of those that agree with it.

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
