"""The figure of many rows: panels beside each other, each with a scale along its foot, and texts in columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.figures.layout import (
    GAPS,
    MARGIN,
    POINTS_PER_INCH,
    SHARES,
    Page,
    Panel,
    Words,
    clean_name,
    swarm,
    text_width,
    tick_texts,
    tick_values,
    wrap,
)
from sim.figures.style import INK, RULE

ROW = 0.19
"""Inches for one of many rows; 48 of them still fit on a page."""

SIZE = 8.0
COLUMN_GAP = 0.16
NARROWEST = 0.4
HEADING_ABOVE = 0.12
HEAD_LINE = 0.14
PANEL_GAP = 0.3
MOST_OF_ROOM = 0.45
"""How much of the room a panel with a width of its own may take."""

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


class Head(NamedTuple):
    """What stands above a panel of rows, line by line; `most` is how wide the panel may be [inches]."""

    lines: Sequence[str] = ()
    most: float = math.inf


def row_page(
    width: float,
    places: Sequence[float],
    heads: Sequence[Head],
    before: Sequence[Column],
    after: Sequence[Column] = (),
    *,
    above: float = 0.0,
    below: float = ROW + AXIS_FOOT,
    gap: float = PANEL_GAP,
    **texts: str,
) -> tuple[Page, float, list[Panel]]:
    """Return a page with empty panels for rows, how far down they begin, and the panels.

    Parameters
    ----------
    width : float
        Of the page [inches].
    places : sequence of float
        How far below the upper edge of the panels each row stands [inches].
    heads : sequence of Head
        One for each panel, from left to right; those without a width of their own share what is left.
    before, after : sequence of Column
        Texts left and right of the panels; what is written in them.
    above, below : float
        Inches for what stands above the panels, and from the last row to the caption.
    gap : float
        Inches between panels.
    **texts
        As for `Page`.
    """
    left = MARGIN + sum(column.width + COLUMN_GAP for column in before)
    room = width - MARGIN - left - sum(column.width + COLUMN_GAP for column in after)
    widths = [min(head.most, MOST_OF_ROOM * room) if math.isfinite(head.most) else math.nan for head in heads]
    n_open = sum(map(math.isnan, widths))
    rest = room - gap * (len(heads) - 1) - sum(one for one in widths if not math.isnan(one))
    widths = [rest / n_open if math.isnan(one) else one for one in widths]
    lines = [[each for line in head.lines for each in wrap(line, SIZE, one, "bold")]
             for head, one in zip(heads, widths, strict=True)]  # fmt: skip
    n_lines = max(map(len, lines))
    head_room = above + max(0, n_lines - 1) * HEAD_LINE
    page = Page(width, head_room + max(places) + below, **texts)
    top = page.top + head_room
    write_columns(page, MARGIN, top, before, places)
    panels, at = [], left
    for texts_above, one in zip(lines, widths, strict=True):
        for line, text in enumerate(reversed(texts_above)):
            write_line(page, at, top - HEADING_ABOVE - line * HEAD_LINE, text, weight="bold")
        panels.append(row_panel(page, at, top, one, places))
        at += one + gap
    write_columns(page, left + room + COLUMN_GAP, top, after, places)
    return page, top, panels


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


def draw_dots(
    panel: Panel, place: float, values: np.ndarray, half: float, span: float, color: str, *, size: float,
    n_levels: int = 60,
) -> None:  # fmt: skip
    """Draw what a row is a summary of as dots around its middle, up to `half` to each side; `span` is the scale's."""
    panel.axes.plot(
        values, place + half * swarm(values, span=span, n_levels=n_levels), linestyle="none", marker="o",
        markersize=size, markerfacecolor=color, markeredgewidth=0, alpha=0.6, zorder=2,
    )  # fmt: skip
