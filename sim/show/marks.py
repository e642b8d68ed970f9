"""What figures have in common inside their panels: frames, scales, lines with bands, labels of lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.lines import Line2D

from sim.show.layout import LONGEST_NAME, MARGIN, Panel, clean_name, line_height, spread_out, text_width, wrap
from sim.show.numbers import tick_texts, tick_values, week_ticks
from sim.show.style import HEADING_SIZE, QUIET_INK, RULE, TEXT_SIZE, ZERO, Look
from sim.show.words import GAPS, LANGUAGE, SHARES, Words
from sim.study.wording import OUTCOME_BY_NAME, value_text

LABEL_GAP = 0.16
"""Inches between a panel and the labels at the end of its lines."""

HEADING_GAP = 0.14
"""Inches between a panel and the heading above it."""

AXIS_ROOM = 0.72
"""Inches left of a panel for the label and the tick labels of its y axis."""

WIDEST_LABEL = 2.0
"""Inches a label at the end of a line may take before it is wrapped."""

LOWEST_TOP = {True: 0.02, False: 0.1}
"""A scale never ends below 2% (shares) or 0.1 (others): noise near zero must not look like a trend."""

FEW_BANDS = 3
"""With more scenarios than this, bands are paler so that the lines stay readable."""


class Band(NamedTuple):
    """One line over weeks with its spread; float64 arrays of equal length."""

    weeks: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


class End(NamedTuple):
    """A label for the end of a line: where it ends (NaN: no value), what to write, how it looks."""

    y: float
    value: str
    name: str
    look: Look


def dress(panel: Panel, grid: str = "y") -> None:
    """Take away what carries no information (box, tick marks) and leave a pale grid along one axis."""
    axes = panel.axes
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, pad=4)
    (axes.yaxis if grid == "y" else axes.xaxis).grid(True, color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)


def heading(panel: Panel, text: str, note: str = "", left: float = 0.0) -> None:
    """Write a bold heading and a quiet note on one line above a panel, `left` inches from its left edge."""
    above = 1 + HEADING_GAP / panel.height
    place: dict[str, Any] = {"transform": panel.axes.transAxes, "verticalalignment": "baseline"}
    panel.axes.text(left / panel.width, above, text, fontsize=HEADING_SIZE, fontweight="bold", **place)
    if note:
        left += text_width(text, HEADING_SIZE, "bold") + 0.12
        panel.axes.text(left / panel.width, above, note, fontsize=TEXT_SIZE, color=QUIET_INK, **place)


def value_scale(panel: Panel, outcome: str, extent: tuple[float, float], words: Words, n_steps: int = 4) -> None:
    """Run the y axis from zero to just beyond the values, below zero only where values are; round ticks."""
    lowest, highest = (value if np.isfinite(value) else 0.0 for value in extent)
    is_share = outcome in SHARES or outcome in GAPS
    top = max(1.08 * highest, LOWEST_TOP[is_share])
    if outcome in SHARES:
        top = min(top, 1.02)  # a line at 100% keeps its full width
    bottom = min(0.0, 1.08 * lowest)
    ticks = tick_values(bottom, top, n_steps)
    points = [100 * tick for tick in ticks] if outcome in GAPS else ticks
    panel.axes.set_ylim(bottom, top)
    texts = tick_texts(points, words, percent=outcome in SHARES, signed=outcome in GAPS)
    panel.axes.set_yticks(ticks, texts)
    unit = "\n".join(wrap(words[f"unit.{outcome}"], TEXT_SIZE, panel.height + 0.2))
    panel.axes.set_ylabel(unit, verticalalignment="top", linespacing=1.1)
    panel.axes.yaxis.set_label_coords(-AXIS_ROOM / panel.width, 0.5)
    if bottom < 0:
        panel.axes.axhline(0.0, color=ZERO, linewidth=1.0, zorder=1.5)


def week_scale(panel: Panel, first: int, last: int, words: Words, *, labels: bool = True) -> None:
    """Run the x axis from the first to the last week; a single week stands in the middle."""
    ticks = week_ticks(first, last)
    panel.axes.set_xlim((first, last) if last > first else (first - 1, last + 1))
    panel.axes.set_xticks(ticks, [str(week) for week in ticks] if labels else [""] * len(ticks))
    if labels:
        panel.axes.set_xlabel(words["week"])


def draw_band(panel: Panel, band: Band, look: Look, n_bands: int) -> None:
    """Draw the spread of the runs as a pale area, their mean as a line, and a marker at its last value."""
    axes = panel.axes
    spread = np.isfinite(band.low) & np.isfinite(band.high)
    if spread.sum() > 1:
        opacity = 0.20 if n_bands <= FEW_BANDS else 0.10
        axes.fill_between(
            band.weeks,
            band.low,
            band.high,
            where=spread.tolist(),
            color=look.color,
            alpha=opacity,
            linewidth=0,
        )
    elif spread.any():  # one week: the area would have no width
        axes.vlines(band.weeks[spread], band.low[spread], band.high[spread], color=look.color, alpha=0.4)
    axes.plot(band.weeks, band.mean, color=look.color, linestyle=look.dashes, linewidth=1.9, zorder=3)
    known = np.flatnonzero(np.isfinite(band.mean))
    if len(known):
        at = known[-1:]
        axes.plot(
            band.weeks[at],
            band.mean[at],
            color=look.color,
            marker=look.marker,
            markersize=5,
            linestyle="none",
            clip_on=False,
            zorder=4,
        )


def last_known(values: np.ndarray) -> float:
    """Return the last value that is not missing, NaN if all are."""
    known = values[np.isfinite(values)]
    return float(known[-1]) if len(known) else float("nan")


def line_end(outcome: str, values: np.ndarray, number: float, name: str, look: Look, words: Words) -> End:
    """Return the label for a line: the number that the tables have, and its name, where the line ends.

    Where a line ends and the number beside it are two things: an outcome is the mean of the last four weeks.
    """
    last = last_known(values)
    if np.isnan(number):
        return End(last, "", words["no_value"].format(name=name), look)
    return End(last, value_text(outcome, number, words[LANGUAGE]), name, look)


def explain_numbers(outcomes: Sequence[str], words: Words) -> str:
    """Say what the numbers beside lines are."""
    kinds = {OUTCOME_BY_NAME[outcome].over_run for outcome in outcomes}
    return words[f"curves.numbers.{kinds.pop() if len(kinds) == 1 else 'both'}"]


def label_lines(end: End, n_labels: int) -> list[str]:
    """Wrap a label; where it needs more lines than there is room for, shorten the middle of its name."""
    most = 3 if n_labels <= FEW_BANDS else 2
    for longest in (LONGEST_NAME, 40, 32, 24):
        lines = wrap(f"{end.value} {clean_name(end.name, longest)}", TEXT_SIZE, WIDEST_LABEL, "bold")
        if len(lines) <= most:
            break
    return lines


def labels_width(ends: Sequence[End], n_labels: int) -> float:
    """Return the room right of a panel that these labels need, `n_labels` to a panel [inches]."""
    lines = [line for end in ends for line in label_lines(end, n_labels)]
    return LABEL_GAP + max((text_width(line, TEXT_SIZE, "bold") for line in lines), default=0.0) + MARGIN


def draw_labels(panel: Panel, ends: Sequence[End]) -> None:
    """Write the labels of lines right of the panel, apart from each other, tied to where the lines end."""
    axes = panel.axes
    low, high = axes.get_ylim()
    lines = [label_lines(end, len(ends)) for end in ends]
    heights = [len(block) * line_height(TEXT_SIZE) for block in lines]
    levels = [end.y if np.isfinite(end.y) else low for end in ends]
    wishes = [(level - low) / (high - low) * panel.height for level in levels]
    places = spread_out(wishes, heights, -0.12, panel.height + 0.12)
    for end, block, wish, place in zip(ends, lines, wishes, places, strict=True):
        if np.isfinite(end.y):
            tie = Line2D(
                [1 + 0.05 / panel.width, 1 + (LABEL_GAP - 0.03) / panel.width],
                [wish / panel.height, place / panel.height],
                transform=axes.transAxes,
                color=end.look.color,
                linewidth=0.8,
                clip_on=False,
            )
            axes.add_artist(tie)
        axes.text(
            1 + LABEL_GAP / panel.width,
            place / panel.height,
            "\n".join(block),
            transform=axes.transAxes,
            color=end.look.ink,
            fontsize=TEXT_SIZE,
            fontweight="bold",
            verticalalignment="center",
            linespacing=1.1,
        )
