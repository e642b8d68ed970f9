"""Boxes as figures: the two limits that matter most, drawn around the points; and what there was to choose from."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from sim.analysis import wording
from sim.analysis.discovery.cases import Limit
from sim.analysis.discovery.discovery import Discovery, Found, TradeOff
from sim.analysis.discovery.finding import (
    bound_text,
    box_text,
    condition_text,
    factor_label,
    level_text,
    limit_text,
    percent_interval,
    unit_text,
)
from sim.analysis.discovery.search import Factor
from sim.figures.layout import (
    MARGIN,
    Page,
    Panel,
    Words,
    clean_name,
    figure_words,
    line_height,
    step_decimals,
    text_width,
    tick_values,
    wrap,
)
from sim.figures.style import (
    DOT,
    HEADING_SIZE,
    INK,
    NOTE_SIZE,
    QUIET_INK,
    RULE,
    TEXT_SIZE,
    drawing,
    save_figure,
    scenario_look,
)
from sim.words import number, percent, short_number, text

WIDTH = 7.3
PANEL = (4.5, 3.9)
"""Width and height of the scatter [inches]."""

WIDEST_TICK = 0.9
LABEL_ROOM = 0.32
FOOT = 0.62
LEGEND_GAP = 0.22
MOST_DOTS = 2000
CASE = scenario_look(1)
FAINT = 0.22
EDGE = 0.46
"""Half the width of a level on an axis of levels, which stand 1 apart."""

SPREAD = 0.36
"""How far dots of one level are spread to each side of it."""


class Axis(NamedTuple):
    """One axis of the scatter.

    Attributes
    ----------
    label : str
        What it is.
    positions : array (n_rows,)
        Where each row stands.
    ends : tuple of float
        Where the axis begins and ends.
    box : tuple of float
        Where the box begins and ends; infinite where it is open.
    ticks, tick_labels
        What stands along it.
    is_log : bool
        Whether it is logarithmic.
    """

    label: str
    positions: np.ndarray
    ends: tuple[float, float]
    box: tuple[float, float]
    ticks: list[float]
    tick_labels: list[str]
    is_log: bool = False


def even_spread(n: int, which: int) -> np.ndarray:
    """Return `n` offsets from -1 to 1 that fill the range evenly in any order, without chance.

    The two sequences (`which` 0 and 1) fill a square evenly together (R2 of Roberts 2018, from the plastic number).
    """
    step = (0.7548776662466927, 0.5698402909980532)[which]
    return 2 * ((0.5 + step * np.arange(1, n + 1)) % 1.0) - 1


def factor_axis(discovery: Discovery, index: int, limit: Limit, which: int, language: str) -> Axis:
    """Return the axis of a factor; levels of a grid stand side by side, those in the box together."""
    factor = discovery.space.factors[index]
    label = factor_label(factor.name, discovery.space.names, language)
    codes = discovery.space.codes[:, index]
    if factor.is_stepped:
        return _level_axis(factor, label, codes, limit, which, language)
    values = np.array([factor.levels[code] for code in codes], dtype=float)
    low, high = float(factor.levels[0]), float(factor.levels[-1])
    box = -math.inf if limit.low is None else float(limit.low), math.inf if limit.high is None else float(limit.high)
    margin = (high / low) ** 0.03 if factor.is_log else 0.03 * (high - low)
    ends = (low / margin, high * margin) if factor.is_log else (low - margin, high + margin)
    ticks = _log_ticks(*ends) if factor.is_log else tick_values(*ends, 6)
    texts = [short_number(round(tick, 10), language) for tick in ticks]
    return Axis(label, values, ends, box, ticks, texts, factor.is_log)


def _level_axis(factor: Factor, label: str, codes: np.ndarray, limit: Limit, which: int, language: str) -> Axis:
    order = list(range(len(factor.levels)))
    if not factor.is_ordered:
        order.sort(key=lambda code: factor.levels[code] not in limit.names)
    is_in = [_allows(limit, factor.levels[code]) for code in order]
    place = np.empty(len(order))
    place[order] = np.arange(len(order))
    inside = np.flatnonzero(is_in)
    box = (float(inside[0]) - EDGE, float(inside[-1]) + EDGE)
    offsets = np.empty(len(codes))
    for code in range(len(order)):
        rows = np.flatnonzero(codes == code)
        offsets[rows] = SPREAD * even_spread(len(rows), which)
    texts = [clean_name(level_text(factor, factor.levels[code], language), 24) for code in order]
    ends = (-0.5, len(order) - 0.5)
    return Axis(label, place[codes] + offsets, ends, box, [float(k) for k in range(len(order))], texts)


def _allows(limit: Limit, level: float | str | bool) -> bool:
    if not limit.factor.is_ordered:
        return level in limit.names
    value = float(level)
    return (limit.low is None or value >= limit.low) and (limit.high is None or value <= limit.high)


def _log_ticks(low: float, high: float) -> list[float]:
    """Return 1, 2 and 5 times powers of ten, or powers alone over a wide range."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    factors = (1, 2, 5) if math.log10(high / low) < 2.5 else (1,)
    return [factor * 10.0**power for power in powers for factor in factors if low <= factor * 10.0**power <= high]


def value_axis(discovery: Discovery, words: Words, language: str) -> Axis:
    """Return the axis of the outcome itself; the box is on the side of the condition."""
    condition = discovery.condition
    is_share = wording.is_share(condition.outcome)
    scale = 100.0 if is_share else 1.0
    values = scale * discovery.cases.means
    bound = scale * condition.bound
    low, high = min(float(values.min()), bound), max(float(values.max()), bound)
    span = (high - low) or 1.0
    ends = (low - 0.05 * span, high + 0.05 * span)
    ticks = tick_values(*ends, 6)
    decimals = step_decimals(ticks[1] - ticks[0])
    is_difference = discovery.sides is not None
    is_signed = is_difference or wording.is_gap(condition.outcome)
    sign = "%" if is_share and not is_signed else ""
    texts = [number(tick, decimals, language, is_signed) + sign for tick in ticks]
    label = words["boxes.value_difference" if is_difference else "boxes.value"].format(
        outcome=wording.label(condition.outcome, language),
        unit=wording.unit_text(condition.outcome, language, is_difference),
    )
    box = (-math.inf, bound) if condition.operator in ("<", "<=") else (bound, math.inf)
    return Axis(label.removesuffix(" ()"), values, ends, box, ticks, texts)


def shown_rows(n: int) -> np.ndarray:
    """Return which rows are drawn: all, or so many taken evenly."""
    return np.arange(n) if n <= MOST_DOTS else np.linspace(0, n - 1, MOST_DOTS).astype(int)


@drawing()
def box_figure(discovery: Discovery, number: int, language: str = "en") -> Figure:
    """Draw one box over the points: its two most important limits, or its one limit against the outcome.

    Dots that fail a third limit are faint, so what stands out in the box is what the box holds. Points of earlier
    boxes are left out.

    Parameters
    ----------
    discovery : Discovery
        What was found.
    number : int
        Which box, from 1.
    language : str
        ``en`` or ``nl``.
    """
    words = figure_words(language)
    found = discovery.boxes[number - 1]
    indices = list(found.limits)
    x = factor_axis(discovery, indices[0], found.limits[indices[0]], 0, language)
    if len(indices) > 1:
        y = factor_axis(discovery, indices[1], found.limits[indices[1]], 1, language)
    else:
        y = value_axis(discovery, words, language)
    is_left = np.ones(len(discovery.holds), dtype=bool)
    for earlier in discovery.boxes[: number - 1]:
        is_left &= ~earlier.inside
    meets_rest = np.ones(len(discovery.holds), dtype=bool)
    for index in indices[2:]:
        meets_rest &= found.box.allowed[index][discovery.space.codes[:, index]]
    page = Page(WIDTH, PANEL[1] + FOOT, _title(discovery, found, language), **_texts(discovery, found, words, language))
    room = _tick_room(y) + LABEL_ROOM
    panel = page.panel(MARGIN + room, page.top + 0.05, *PANEL)
    _draw_axes(panel, x, y, room)
    _draw_box(panel, x, y, is_half=len(indices) == 1)
    rows = np.flatnonzero(is_left)
    rows = rows[shown_rows(len(rows))]
    _draw_dots(panel, x.positions[rows], y.positions[rows], discovery.holds[rows], meets_rest[rows])
    _draw_legend(page, panel, discovery, found, words, language)
    return page.figure


def _title(discovery: Discovery, found: Found, language: str) -> str:
    words = figure_words(language)
    condition = condition_text(discovery.condition, discovery.sides, language)
    return words["boxes.title"].format(condition=condition, box=box_text(found, discovery, language))


def _texts(discovery: Discovery, found: Found, words: Words, language: str) -> dict[str, str]:
    """Return subtitle and caption."""
    unit = unit_text(discovery, language)
    counts = found.counts
    subtitle = words["boxes.subtitle"].format(
        density=percent(counts.density, 0, language), k=counts.n_cases_inside, n=counts.n_inside, unit=unit,
        interval=percent_interval(found.density, language), elsewhere=percent(found.elsewhere.share, 0, language),
        held_out=percent(found.held_out.density.share, 0, language),
    )  # fmt: skip
    caption = [words["boxes.caption"].format(unit=unit)]
    others = list(found.limits.values())[2:]
    if others:
        names = discovery.space.names
        texts = [limit_text(limit, factor_label(limit.factor.name, names, language), language) for limit in others]
        caption.append(words["boxes.caption_others"].format(limits=text(language, "discovery.and").join(texts)))
    if len(found.limits) == 1:
        caption.append(words["boxes.caption_one"])
    if any(discovery.space.factors[index].is_stepped for index in list(found.limits)[:2]):
        caption.append(words["boxes.caption_levels"])
    n_left = len(discovery.holds) - sum(
        int(other.inside.sum()) for other in discovery.boxes[: _place(discovery, found)]
    )
    if n_left < len(discovery.holds):
        caption.append(words["boxes.caption_earlier"].format(unit=unit))
    if n_left > MOST_DOTS:
        caption.append(words["boxes.caption_sample"].format(n=MOST_DOTS, total=n_left, unit=unit))
    return {"subtitle": subtitle, "caption": " ".join(caption)}


def _place(discovery: Discovery, found: Found) -> int:
    return next(place for place, other in enumerate(discovery.boxes) if other is found)


def _tick_room(axis: Axis) -> float:
    """Return the width of the widest label along an axis, wrapped [inches]."""
    lines = [line for text in axis.tick_labels for line in wrap(text, TEXT_SIZE, WIDEST_TICK)]
    return max(text_width(line, TEXT_SIZE) for line in lines) + 0.1


def _draw_axes(panel: Panel, x: Axis, y: Axis, left_room: float) -> None:
    axes = panel.axes
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=3, pad=3)
    if x.is_log:
        axes.set_xscale("log")
    if y.is_log:
        axes.set_yscale("log")
    axes.set_xlim(*x.ends)
    axes.set_ylim(*y.ends)
    room = panel.width / max(len(x.ticks), 1) - 0.08
    axes.set_xticks(x.ticks, ["\n".join(wrap(text, TEXT_SIZE, max(room, 0.4))) for text in x.tick_labels])
    axes.set_yticks(y.ticks, ["\n".join(wrap(text, TEXT_SIZE, WIDEST_TICK)) for text in y.tick_labels])
    axes.minorticks_off()
    axes.set_xlabel(x.label, fontsize=HEADING_SIZE, color=INK)
    axes.set_ylabel("\n".join(wrap(y.label, HEADING_SIZE, panel.height)), fontsize=HEADING_SIZE, color=INK)
    axes.yaxis.set_label_coords(-(left_room - 0.12) / panel.width, 0.5)


def _draw_box(panel: Panel, x: Axis, y: Axis, is_half: bool) -> None:
    """Draw the box as a pale area with a firm edge; with one limit a band, and the bound as a line across."""
    left, right = (_clipped(end, x.ends) for end in x.box)
    bottom, top = y.ends if is_half else tuple(_clipped(end, y.ends) for end in y.box)
    panel.axes.add_patch(
        Rectangle(
            (left, bottom), right - left, top - bottom,
            facecolor="#F6E3D3", edgecolor=CASE.ink, linewidth=1.6, zorder=1, clip_on=False,
        )
    )  # fmt: skip
    if is_half:
        bound = next(end for end in y.box if math.isfinite(end))
        panel.axes.axhline(bound, color=INK, linewidth=1.2, linestyle=(0, (5, 2)), zorder=2)


def _clipped(end: float, ends: Sequence[float]) -> float:
    return min(max(end, ends[0]), ends[1])


def _draw_dots(panel: Panel, x: np.ndarray, y: np.ndarray, holds: np.ndarray, meets_rest: np.ndarray) -> None:
    """Draw cases as filled squares, others as hollow circles; faint where a limit that is not drawn fails."""
    size = 5.0 if len(x) <= 400 else 3.6
    for is_case in (False, True):
        for is_strong in (False, True):
            rows = (holds == is_case) & (meets_rest == is_strong)
            _dots(panel, x[rows], y[rows], is_case, 1.0 if is_strong else FAINT, size if is_strong else 0.7 * size)


def _dots(panel: Panel, x: np.ndarray, y: np.ndarray, is_case: bool, opacity: float, size: float) -> None:
    panel.axes.plot(
        x, y,
        linestyle="none", marker="s" if is_case else "o", markersize=0.9 * size if is_case else size,
        markerfacecolor=CASE.color if is_case else "white", markeredgecolor=CASE.ink if is_case else DOT,
        markeredgewidth=0.5 if is_case else 0.9, alpha=opacity, zorder=4 if is_case else 3, clip_on=False,
    )  # fmt: skip


def _draw_legend(page: Page, panel: Panel, discovery: Discovery, found: Found, words: Words, language: str) -> None:
    """Write what the marks mean right of the panel, each beside its mark."""
    left = page.width * panel.axes.get_position().x1 + LEGEND_GAP
    room = page.width - left - MARGIN - 0.2
    bound = bound_text(discovery.condition, discovery.sides is not None, language)
    entries = [("case", words["boxes.case"].format(bound=bound)), ("other", words["boxes.other"])]
    if len(found.limits) > 2:
        entries.append(("faint", words["boxes.faint"]))
    entries.append(("box", words["boxes.box"]))
    top = page.top + 0.1
    for kind, name in entries:
        lines = wrap(name, TEXT_SIZE, room)
        page.write(left + 0.2, top, "\n".join(lines), color=INK)
        _mark(page, left + 0.07, top + 0.5 * line_height(TEXT_SIZE), kind)
        top += len(lines) * line_height(TEXT_SIZE) + 0.1


def _mark(page: Page, left: float, top: float, kind: str) -> None:
    """Draw one mark of the legend, its middle at (left, top) [inches]."""
    place = (left / page.width, 1 - top / page.height)
    if kind == "box":
        page.figure.add_artist(
            Rectangle(
                (place[0] - 0.08 / page.width, place[1] - 0.05 / page.height), 0.16 / page.width, 0.1 / page.height,
                facecolor="#F6E3D3", edgecolor=CASE.ink, linewidth=1.4, transform=page.figure.transFigure,
            )
        )  # fmt: skip
        return
    is_case = kind != "other"
    page.figure.add_artist(
        Line2D(
            [place[0]], [place[1]], linestyle="none", marker="s" if is_case else "o", markersize=5,
            markerfacecolor=CASE.color if is_case else "white", markeredgecolor=CASE.ink if is_case else DOT,
            markeredgewidth=0.6 if is_case else 0.9, alpha=FAINT if kind == "faint" else 1.0,
            transform=page.figure.transFigure,
        )
    )  # fmt: skip


TRADE_OFF_WIDTH = 6.2
TRADE_OFF_PANEL = (4.6, 3.0)
NEAR = 0.03


@drawing()
def trade_off_figure(discovery: Discovery, number: int, language: str = "en") -> Figure:
    """Draw coverage against density of the candidates for one box, and which of them was chosen.

    Parameters
    ----------
    discovery : Discovery
        What was found.
    number : int
        Which box, from 1.
    language : str
        ``en`` or ``nl``.
    """
    words = figure_words(language)
    found = discovery.boxes[number - 1]
    page = Page(
        TRADE_OFF_WIDTH, TRADE_OFF_PANEL[1] + FOOT,
        words["boxes.trade_off_title"].format(condition=condition_text(discovery.condition, discovery.sides, language)),
        words["boxes.trade_off_subtitle"].format(number=number),
        words["boxes.trade_off_caption"],
    )  # fmt: skip
    panel = page.panel(MARGIN + 0.75, page.top + 0.05, *TRADE_OFF_PANEL)
    axes = panel.axes
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(True, color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, pad=8)
    shown = [point for point in found.trade_off if point.is_chosen or not _is_near_chosen(point, found)]
    _share_scale(axes.set_xlim, axes.set_xticks, min(point.coverage for point in shown), language)
    _share_scale(axes.set_ylim, axes.set_yticks, min(point.density for point in shown), language)
    axes.set_xlabel(words["boxes.coverage"])
    axes.set_ylabel(words["boxes.density"])
    axes.plot([point.coverage for point in shown], [point.density for point in shown], color=DOT, linewidth=1.4)
    for point in shown:
        _trade_off_mark(panel, point)
    chosen = next(point for point in shown if point.is_chosen)
    _name_chosen(panel, chosen, words["boxes.chosen"])
    return page.figure


def _is_near_chosen(point: TradeOff, found: Found) -> bool:
    """Say whether a candidate is the chosen one but for a point or two."""
    chosen = next(other for other in found.trade_off if other.is_chosen)
    return max(abs(point.coverage - chosen.coverage), abs(point.density - chosen.density)) < NEAR


def _share_scale(set_limits: Callable[..., Any], set_ticks: Callable[..., Any], lowest: float, language: str) -> None:
    """Run an axis of shares from a round number below the lowest to just beyond 100%."""
    low = max(0.0, math.floor(10 * lowest - 0.3) / 10)
    ticks = [tick for tick in tick_values(low, 1.0, 5) if tick <= 1.0]
    set_limits(low, 1 + 0.06 * (1 - low))
    set_ticks(ticks, [percent(round(tick, 10), 0, language) for tick in ticks])


def _trade_off_mark(panel: Panel, point: TradeOff) -> None:
    """Draw a candidate with the number of its limits in the mark."""
    is_chosen = point.is_chosen
    panel.axes.plot(
        [point.coverage], [point.density], linestyle="none", marker="s" if is_chosen else "o", markersize=13,
        markerfacecolor=CASE.color if is_chosen else "white", markeredgecolor=CASE.ink if is_chosen else QUIET_INK,
        markeredgewidth=1.2, zorder=5 if is_chosen else 4, clip_on=False,
    )  # fmt: skip
    panel.axes.text(
        point.coverage, point.density, str(point.n_limits), horizontalalignment="center",
        verticalalignment="center_baseline", fontsize=NOTE_SIZE, fontweight="bold" if is_chosen else "normal",
        color="white" if is_chosen else INK, zorder=6,
    )  # fmt: skip


def _name_chosen(panel: Panel, point: TradeOff, name: str) -> None:
    """Write beside the chosen box that it was chosen: below left, where the curve, which falls, leaves room."""
    low, high = panel.axes.get_xlim()
    is_left = (point.coverage - low) / (high - low) * panel.width > text_width(name, TEXT_SIZE, "bold") + 0.2
    panel.axes.annotate(
        name, (point.coverage, point.density), xytext=(-11 if is_left else 11, -13 if is_left else 8),
        textcoords="offset points", horizontalalignment="right" if is_left else "left", fontweight="bold",
        color=CASE.ink, annotation_clip=False, zorder=6,
    )  # fmt: skip


def draw_discovery(discovery: Discovery, folder: Path, language: str = "en") -> list[Path]:
    """Write the figures of every box to `folder`; none where no box was found. Return the paths."""
    paths = []
    for place in range(1, len(discovery.boxes) + 1):
        paths += save_figure(box_figure(discovery, place, language), folder, f"box-{place}")
        paths += save_figure(trade_off_figure(discovery, place, language), folder, f"trade-off-{place}")
    return paths
