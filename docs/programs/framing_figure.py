"""The figure of the page: worlds by the two inputs that decide most, colored by who gets more readers."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.figure import Figure

from sim.catalog.registry import COEFFICIENTS
from sim.figures.layout import MARGIN, Page, dress
from sim.figures.style import INK, TEXT_SIZE, drawing, scenario_look

WIDTH, BODY = 8.5, 4.6
NEAR = 0.01  # differences within a point are drawn hollow
SMALLEST, LARGEST = 14.0, 170.0  # areas of dots, for a difference of nothing and of 40 points


@drawing()
def turnaround_figure(unease: np.ndarray, push: np.ndarray, effect: np.ndarray) -> Figure:
    """Draw one dot a world.

    Parameters
    ----------
    unease : ndarray (n_worlds,)
        Coefficient `read_inappropriate` [logit].
    push : ndarray (n_worlds,)
        What one standard deviation more of outside experience adds to use where it is carried over [logit].
    effect : ndarray (n_worlds,)
        Monthly readers, collaboration minus like-facebook.
    """
    page = Page(
        WIDTH,
        BODY,
        "Who gets more readers, by unease and by what familiarity adds",
        f"Each dot is a world drawn from the plausible ranges ({len(effect)} in all); its color is the launch with more"
        " monthly readers, its size by how much. Hollow: within one percentage point.",
        "The further left, the less anybody minds something social at work; the higher, the more outside"
        " experience helps. The diamond marks the defaults.",
    )
    panel = page.panel(0.95, page.top + 0.4, WIDTH - 0.95 - MARGIN, BODY - 0.98)
    dress(panel)
    axes = panel.axes
    areas = SMALLEST + (LARGEST - SMALLEST) * np.clip(np.abs(effect) / 0.4, 0.0, 1.0)
    for position, name, chosen in ((0, "collaboration", effect > 0.0), (1, "like-facebook", effect < 0.0)):
        look = scenario_look(position)
        is_near = np.abs(effect) < NEAR
        for mask, face in ((chosen & is_near, "none"), (chosen & ~is_near, look.color)):
            axes.scatter(
                unease[mask], push[mask], s=areas[mask], marker=look.marker, facecolors=face, edgecolors=look.color,
                linewidths=0.7, alpha=0.65, zorder=3 + position,
            )  # fmt: skip
        axes.scatter([], [], s=60, marker=look.marker, color=look.color, label=f"{name} has more readers")
    defaults = {entry.name: float(entry.default) for entry in COEFFICIENTS}
    default_push = defaults["ease"] * math.sqrt(defaults["skill_leisure"])
    axes.scatter(
        [defaults["read_inappropriate"]], [default_push], s=95, marker="D", color=INK, edgecolors="white",
        linewidths=1.3, zorder=9, label="defaults",
    )  # fmt: skip
    axes.set_yticks([0.0, 0.2, 0.4, 0.6])
    axes.set_xlim(-0.05, 2.55)
    axes.set_ylim(-0.03, 0.75)
    axes.set_xlabel("sense that something social is not for work (read_inappropriate) [logit]")
    axes.set_ylabel("push of familiarity on all use\n(ease × √skill_leisure) [logit]")
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=3, frameon=False, fontsize=TEXT_SIZE)
    return page.figure
