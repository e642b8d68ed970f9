"""A figure twice in the page: for a wide screen and paper, and for a telephone."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.figure import Figure

from sim.show.report.blocks import Picture
from sim.show.report.drawings import inline_svg
from sim.show.report.people import NARROW

WIDE = 8.5  # inches


def picture(draw: Callable[[float], Figure], name: str, alt: str) -> Picture:
    """Return a figure for both widths.

    Parameters
    ----------
    draw : callable
        Draws the figure at a width [inches].
    name : str
        Begins all ids in the drawings.
    alt : str
        What the figure shows.
    """
    return Picture(inline_svg(draw(WIDE), f"{name}0"), inline_svg(draw(NARROW), f"{name}1"), alt)
