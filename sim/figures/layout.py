"""Where things stand on a figure and what panels have in common: measured text, scales, bands, labels, words.

The figure functions take such a catalog as an argument. The texts are in ``sim/words``, in the files ``figure.json``.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.analysis.wording import OUTCOME_BY_NAME, is_gap, is_share, label, value_text
from sim.figures.style import DPI, HEADING_SIZE, INK, NOTE_SIZE, QUIET_INK, RULE, TEXT_SIZE, TITLE_SIZE, ZERO, Look
from sim.words import DEFAULT_LANGUAGE, catalog, number

Words = Mapping[str, str]

LANGUAGE = "language"
"""The key under which a catalog says which language it is, for the functions that write numbers."""

SHARES = frozenset(name for name in OUTCOME_BY_NAME if is_share(name) and not is_gap(name))
"""Outcomes shown in percent, differences of them in points. The mean of `alive` is a share of runs."""

GAPS = frozenset(name for name in OUTCOME_BY_NAME if is_gap(name))
"""Outcomes that are themselves a difference of shares: shown in percentage points, with a sign."""


WORLDS = "worlds."
"""Begins the keys of texts that are other ones where each value is the mean of a plausible world, not a run."""


OTHER_STAFF = "other_staff."
"""Begins the keys of texts that are other ones where the scenarios have organizations of their own."""


def _all_texts(language: str) -> Words:
    """Return the texts of the area ``figure``, by keys without it, and the names that outcomes have everywhere.

    ``noun.reach`` is the name as it stands in a sentence, ``outcome.reach`` with a capital.
    """
    found = catalog(language)
    names = [key.removeprefix("figure.") for key in found if key.startswith("figure.")]
    texts = {LANGUAGE: language, **{name: found[f"figure.{name}"] for name in names}}
    for outcome in OUTCOME_BY_NAME:
        noun = label(outcome, language)
        texts |= {f"noun.{outcome}": noun, f"outcome.{outcome}": noun[:1].upper() + noun[1:]}
    return texts


def figure_words(language: str = DEFAULT_LANGUAGE, is_over_worlds: bool = False, has_same_staff: bool = True) -> Words:
    """Return the words in figures.

    Parameters
    ----------
    language : str
        ``en`` or ``nl``.
    is_over_worlds : bool
        Whether the figures are about plausible worlds.
    has_same_staff : bool
        Whether runs with one seed have the same staff in all scenarios.
    """
    found = dict(_all_texts(language))
    others = {name.removeprefix(OTHER_STAFF): found.pop(name) for name in list(found) if name.startswith(OTHER_STAFF)}
    if not has_same_staff:
        found |= others
    words = {name: message for name, message in found.items() if not name.startswith(WORLDS)}
    return words | _over_worlds(found) if is_over_worlds else words


def _over_worlds(found: Words) -> dict[str, str]:
    return {name.removeprefix(WORLDS): message for name, message in found.items() if name.startswith(WORLDS)}


ENGLISH: Words = figure_words()

OVER_WORLDS: Words = _over_worlds(_all_texts(DEFAULT_LANGUAGE))
"""Replaces texts of `ENGLISH` in figures of a comparison over plausible worlds."""


# Where things stand on a figure, in inches: text that is measured, wrapped and kept from overlapping.
#
# Positions are computed once, from measured text, so no layout engine has to draw a figure twice.

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


# Round steps for an axis, and how its ticks are written; other numbers are written by `sim.analysis.wording`.


def tick_values(low: float, high: float, n_steps: int) -> list[float]:
    """Return round values from `low` to `high`, both included where they are round, at most `n_steps` steps apart."""
    room = 1e-9 * (high - low)
    ticks = MaxNLocator(n_steps, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    places = 9 - math.floor(math.log10(high - low))  # the locator adds steps up: zero is to be zero
    return [round(float(tick), places) for tick in ticks if low - room <= tick <= high + room]


def step_decimals(step: float) -> int:
    """Return how many decimals it takes to write multiples of `step` exactly."""
    for decimals in range(8):
        if abs(round(step, decimals) - step) < 1e-9 * step:
            return decimals
    return 8


def tick_texts(values: list[float], words: Words, *, percent: bool = False, signed: bool = False) -> list[str]:
    """Write the tick values with as many decimals as their step needs."""
    shown = [100 * value for value in values] if percent else values
    decimals = step_decimals(shown[1] - shown[0]) if len(shown) > 1 else 1
    return [number(value, decimals, words[LANGUAGE], signed) + ("%" if percent else "") for value in shown]


def week_ticks(first: int, last: int) -> list[int]:
    """Return the first week and multiples of a step that means something: a month, a quarter, a year."""
    if first == last:
        return [first]
    step = next((step for step in (1, 2, 4, 13, 26, 52, 104, 208) if (last - first) / step <= 8), 416)
    multiples = [week for week in range(step, last + 1, step) if week >= first]
    # The first week is named too, where its number does not touch the next.
    return multiples if multiples and multiples[0] - first < 0.6 * step else [first, *multiples]


# What figures have in common inside their panels: frames, scales, lines with bands, labels of lines.

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
