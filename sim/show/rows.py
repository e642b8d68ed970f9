"""Figures of many rows: a scale along the foot, texts in columns beside the panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.show.layout import (
    GAPS,
    POINTS_PER_INCH,
    SHARES,
    Page,
    Panel,
    Words,
    clean_name,
    text_width,
    tick_texts,
    tick_values,
)
from sim.show.style import INK, RULE

ROW = 0.19
"""Inches for one of many rows; 48 of them still fit on a page."""

SIZE = 8.0
COLUMN_GAP = 0.16
NARROWEST = 0.4
HEADING_ABOVE = 0.12
AXIS_FOOT = 0.5
"""Inches below a panel for ticks, label and some air."""


class Column(NamedTuple):
    """Texts beside the rows of a panel, under a heading; `inks` are the colors of the texts."""

    heading: str
    texts: Sequence[str]
    inks: Sequence[str] = ()
    is_right: bool = False

    @property
    def width(self) -> float:
        """Width of the widest text [inches]."""
        widths = [text_width(text, SIZE) for text in self.texts]
        return max([text_width(self.heading, SIZE, "bold"), *widths])


def shortened(text: str, width: float) -> str:
    """Return a text that fits in `width` inches, the middle of a long one left out."""
    longest = max(len(text), 4)
    short = clean_name(text, longest)
    while text_width(short, SIZE) > width and longest > 6:
        longest -= 1
        short = clean_name(text, longest)
    return short


def fitted(columns: Sequence[Column], room: float) -> list[Column]:
    """Return columns that fit beside each other in `room` inches: the widest give way first."""
    widths = [column.width for column in columns]
    room -= COLUMN_GAP * len(columns)
    while sum(widths) > room and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 0.05
    return [
        column._replace(
            heading=shortened(column.heading, width), texts=[shortened(text, width) for text in column.texts]
        )
        for column, width in zip(columns, widths, strict=True)
    ]


def write_columns(page: Page, left: float, top: float, columns: Sequence[Column], places: Sequence[float]) -> float:
    """Write columns whose rows stand `places` inches below `top`; return where the next column would start."""
    for column in columns:
        at = left + column.width if column.is_right else left
        across = "right" if column.is_right else "left"
        write_line(page, at, top - HEADING_ABOVE, column.heading, INK, "bold", across)
        inks = column.inks or [INK] * len(column.texts)
        for text, place, ink in zip(column.texts, places, inks, strict=True):
            write_line(page, at, top + place, text, ink, "normal", across)
        left += column.width + COLUMN_GAP
    return left


def write_line(
    page: Page, left: float, middle: float, text: str, color: str = INK, weight: str = "normal", across: str = "left"
) -> None:
    """Write a small text around a height [inches from the upper left corner]; neighbors share their base line."""
    base = middle + 0.36 * SIZE / POINTS_PER_INCH
    page.figure.text(
        left / page.width, 1 - base / page.height, text, fontsize=SIZE, color=color, fontweight=weight,
        horizontalalignment=across, verticalalignment="baseline",
    )  # fmt: skip


def row_panel(
    page: Page, left: float, top: float, width: float, places: Sequence[float], below: float = ROW / 2 + 0.04
) -> Panel:
    """Return a panel whose y axis counts inches from its upper edge, so that rows stand where `places` say.

    It ends `below` inches below the last row.
    """
    height = max(places) + below
    panel = page.panel(left, top, width, height)
    panel.axes.set_ylim(height, 0)
    panel.axes.set_yticks([])
    for side in ("top", "right", "left"):
        panel.axes.spines[side].set_visible(False)
    panel.axes.tick_params(length=0, pad=4, labelsize=SIZE)
    panel.axes.set_axisbelow(True)
    return panel


def value_axis(panel: Panel, outcome: str, values: np.ndarray, words: Words, n_steps: int = 5) -> None:
    """Run the x axis over these values with round ticks; it need not start at zero, as rows are dots."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    room = 0.04 * (high - low) or 0.01
    low, high = low - room, high + room
    if outcome in SHARES:
        low, high = max(low, -0.01), min(high, 1.01)
    scale_row(
        panel, (low, high), words[f"unit.{outcome}"], words, n_steps, factor=100 if outcome in GAPS else 1,
        percent=outcome in SHARES, signed=outcome in GAPS,
    )  # fmt: skip


def scale_row(
    panel: Panel, ends: tuple[float, float], label: str, words: Words, n_steps: int = 5, *, factor: float = 1,
    percent: bool = False, signed: bool = False,
) -> None:  # fmt: skip
    """Run the x axis from end to end with round ticks, written `factor` times as large, and a label below them."""
    ticks = tick_values(*ends, n_steps)
    panel.axes.set_xlim(*ends)
    panel.axes.set_xticks(ticks, tick_texts([factor * tick for tick in ticks], words, percent=percent, signed=signed))
    panel.axes.set_xlabel(label, fontsize=SIZE)
    panel.axes.xaxis.grid(True, color=RULE, linewidth=0.8)


def bar(panel: Panel, place: float, low: float, high: float, color: str, width: float) -> None:
    """Draw the interval of one row, if it has one."""
    if np.isfinite(low) and np.isfinite(high):
        panel.axes.plot([low, high], [place, place], color=color, linewidth=width, solid_capstyle="butt", zorder=2.5)


def dot(panel: Panel, place: float, value: float, color: str, marker: str, *, is_filled: bool, size: float = 5) -> None:
    """Draw the value of one row, if it has one."""
    if np.isfinite(value):
        panel.axes.plot(
            [value], [place], linestyle="none", marker=marker, markersize=size, markeredgewidth=1.1, zorder=4,
            markerfacecolor=color if is_filled else "white", markeredgecolor=color,
            clip_on=False,
        )  # fmt: skip
