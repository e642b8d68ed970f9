"""Where things stand on a figure, in inches: text that is measured, wrapped and kept from overlapping.

Positions are computed once, from measured text, so no layout engine has to draw a figure twice.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font

from sim.show.style import DPI, INK, NOTE_SIZE, QUIET_INK, TEXT_SIZE, TITLE_SIZE

POINTS_PER_INCH = 72.0
LINE_SPACING = 1.25
MARGIN = 0.3
LONGEST_NAME = 48


@functools.cache
def _character_width(character: str, weight: str) -> float:
    """Return how far a character moves the pen, as a share of the font size."""
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0  # the reader's font draws these as full squares, whatever this font says
    font = get_font(findfont(FontProperties(family="DejaVu Sans", weight=weight)))
    font.set_size(100.0, POINTS_PER_INCH)
    return font.load_char(ord(character)).linearHoriAdvance / 65536 / 100.0


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of one line of text [inches]; the sum of its characters, without kerning."""
    return sum(_character_width(character, weight) for character in text) * size / POINTS_PER_INCH


def line_height(size: float) -> float:
    """Return the height of one line of text with its spacing [inches]."""
    return size * LINE_SPACING / POINTS_PER_INCH


def _cut(piece: str, size: float, width: float, weight: str) -> list[str]:
    """Cut a piece without a place to break into parts that fit."""
    parts = [""]
    for character in piece:
        if parts[-1] and text_width(parts[-1] + character, size, weight) > width:
            parts.append("")
        parts[-1] += character
    return parts


def wrap(text: str, size: float, width: float, weight: str = "normal") -> list[str]:
    """Break text into lines of at most `width` inches: at spaces, after hyphens, or anywhere if it must.

    No-break spaces hold.
    """
    lines = [""]
    for piece in re.findall(r"[^ \-_/]*[\-_/]+|[^ \-_/]+| +", text):
        if text_width((lines[-1] + piece).rstrip(), size, weight) <= width:
            lines[-1] += piece
            continue
        parts = _cut(piece.strip(), size, width, weight)
        lines.extend(parts if lines[-1].strip() else [])
        if not lines[0].strip():
            lines = parts
    return [line.strip() for line in lines if line.strip()] or [""]


def clean_name(name: str, longest: int = LONGEST_NAME) -> str:
    """Return a name fit to print: one line, no control characters, its middle left out if it is too long.

    The end of a name often tells variants apart, so the end stays.
    """
    printable = "".join(character if character.isprintable() else " " for character in name)
    single = " ".join(printable.split())
    if len(single) <= longest:
        return single
    tail = longest // 2 - 1
    return f"{single[: longest - tail - 1]}…{single[-tail:]}"


def spread_out(centers: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Move labels up or down as little as needed so that none overlap.

    Parameters
    ----------
    centers : sequence of float
        Where the middle of each label would like to be.
    heights : sequence of float
        Height of each label, same unit.
    low, high : float
        Limits to keep within while there is room.

    Returns
    -------
    list of float
        Middle of each label, in the order given. Labels keep their order; ties put the earlier one on top.
    """
    order = sorted(range(len(centers)), key=lambda index: (centers[index], -index))
    blocks: list[tuple[float, float, list[int]]] = []  # start, total height, members
    for index in order:
        members = [index]
        while True:
            start, total = _block_place(members, centers, heights, low, high)
            if not blocks or blocks[-1][0] + blocks[-1][1] <= start + 1e-12:
                break
            members = blocks.pop()[2] + members
        blocks.append((start, total, members))
    placed = [0.0] * len(centers)
    for start, _, members in blocks:
        position = start
        for index in members:
            placed[index] = position + heights[index] / 2
            position += heights[index]
    return placed


def _block_place(
    members: list[int], centers: Sequence[float], heights: Sequence[float], low: float, high: float
) -> tuple[float, float]:
    """Return start and height of a stack of touching labels, as near to their wishes as the limits allow."""
    below = 0.0
    wishes = []
    for index in members:
        wishes.append(centers[index] - heights[index] / 2 - below)
        below += heights[index]
    return max(low, min(sum(wishes) / len(wishes), high - below)), below


def swarm(values: np.ndarray, *, span: float, n_levels: int = 24) -> np.ndarray:
    """Return a sideways offset for each value so that dots of nearly equal value stand side by side.

    Offsets run 0, +1, -1, +2, ... within a slice of the range, scaled to fit in [-1, 1]; nothing is drawn by
    chance.
    """
    offsets = np.zeros(len(values))
    if len(values) == 0 or span <= 0:
        return offsets
    slices = np.floor((values - values.min()) / span * n_levels).astype(int)
    for level in np.unique(slices):
        members = np.flatnonzero(slices == level)
        rank = np.arange(len(members))
        offsets[members] = np.where(rank % 2 == 1, (rank + 1) // 2, -(rank // 2))
    most = max(np.abs(offsets).max(), 3.0)
    return offsets / most


class Panel(NamedTuple):
    """Axes and their size [inches]."""

    axes: Axes
    width: float
    height: float


class Page:
    """A figure with a title, an optional subtitle and a caption; everything between is placed in inches.

    Parameters
    ----------
    width : float
        Width [inches].
    body : float
        Height between header and caption [inches].
    title, subtitle, caption : str
        Wrapped to the width; the height of the figure follows from their lines.
    label : str
        What the figure is called where it has no title of its own, since the page that it stands in gives it one.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    top : float
        Distance from the upper edge to the start of the body [inches].
    """

    def __init__(
        self, width: float, body: float, title: str, subtitle: str = "", caption: str = "", label: str = ""
    ) -> None:
        room = width - 2 * MARGIN
        title_lines = wrap(title, TITLE_SIZE, room, "bold") if title else []
        subtitle_lines = wrap(subtitle, TEXT_SIZE, room) if subtitle else []
        caption_lines = wrap(caption, NOTE_SIZE, room) if caption else []
        below_title = (0.22 if title else 0.0) + len(title_lines) * line_height(TITLE_SIZE)
        self.width = width
        self.top = below_title + len(subtitle_lines) * line_height(TEXT_SIZE) + 0.16
        foot = len(caption_lines) * line_height(NOTE_SIZE) + 0.18
        self.height = self.top + body + foot
        self.figure = Figure(figsize=(width, self.height), dpi=DPI, facecolor="white")
        self.figure.set_label(title or label)  # becomes the title of the file, for readers who cannot see it
        if title_lines:
            self.write(MARGIN, 0.22, "\n".join(title_lines), size=TITLE_SIZE, weight="bold")
        if subtitle_lines:
            self.write(MARGIN, below_title + 0.02, "\n".join(subtitle_lines), color=QUIET_INK)
        if caption_lines:
            self.write(MARGIN, self.height - foot, "\n".join(caption_lines), size=NOTE_SIZE, color=QUIET_INK)

    def write(
        self,
        left: float,
        top: float,
        text: str,
        *,
        size: float = TEXT_SIZE,
        color: str = INK,
        weight: str = "normal",
        across: str = "left",
    ) -> None:
        """Write text with its upper edge at `top` [inches from the upper left corner]."""
        self.figure.text(
            left / self.width,
            1 - top / self.height,
            text,
            fontsize=size,
            color=color,
            fontweight=weight,
            horizontalalignment=across,
            verticalalignment="top",
            linespacing=LINE_SPACING,
        )

    def panel(self, left: float, top: float, width: float, height: float) -> Panel:
        """Return new axes whose upper left corner is at (left, top) [inches from the upper left corner]."""
        axes = self.figure.add_axes(
            (
                left / self.width,
                1 - (top + height) / self.height,
                width / self.width,
                height / self.height,
            )
        )
        return Panel(axes, width, height)
