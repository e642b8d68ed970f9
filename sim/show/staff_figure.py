"""A picture of an organization: departments and their teams, levels, ages, years here and remote work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.show.layout import clean_name
from sim.show.style import DPI, FRAME_LOOKS, INK, NOTE_SIZE, QUIET_INK, RULE, SCENARIO_LOOKS, TITLE_SIZE, drawing
from sim.texts import text, whole

if TYPE_CHECKING:
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
    for row, number in enumerate(shown):
        members = workforce.department == number
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
