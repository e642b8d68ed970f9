"""Reading a figure back: what was plotted, what is written, and whether any text is clipped or overlaps."""

from __future__ import annotations

import itertools

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from sim.figures.style import drawing


def written(figure: Figure) -> list[str]:
    """Every text of the figure, in one line each."""
    return [text.get_text().replace("\n", " ") for text in figure.findobj(Text) if text.get_text().strip()]


def data_lines(axes: Axes, **wanted: object) -> list[Line2D]:
    """The lines in data coordinates, those with these properties (such as color or marker) only."""
    return [
        line
        for line in axes.get_lines()
        if line.get_transform() == axes.transData
        and all(getattr(line, f"get_{name}")() == value for name, value in wanted.items())
    ]


def curve(axes: Axes, color: str, n_points: int) -> np.ndarray:
    """The y values of the one line of this color with this many points."""
    found = [line for line in data_lines(axes, color=color, marker="None") if len(line.get_ydata()) == n_points]
    assert len(found) == 1
    return np.asarray(found[0].get_ydata(), dtype=float)


@drawing()
def text_boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every visible text with the box it takes on the page [pixels]."""
    figure.draw_without_rendering()  # puts the ticks in place
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return [(text.get_text(), text.get_window_extent()) for text in texts]


def clipped_texts(figure: Figure, boxes: list[tuple[str, Bbox]]) -> list[str]:
    """Texts that leave the page."""
    width, height = figure.get_size_inches() * figure.dpi
    return [text for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height]


def overlapping_texts(boxes: list[tuple[str, Bbox]]) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes overlap by more than two pixels in both directions."""
    pairs = []
    for (a, box_a), (b, box_b) in itertools.combinations(boxes, 2):
        across = min(box_a.x1, box_b.x1) - max(box_a.x0, box_b.x0)
        along = min(box_a.y1, box_b.y1) - max(box_a.y0, box_b.y0)
        if across > 2 and along > 2:
            pairs.append((a, b))
    return pairs
