"""Two launches at one glance: their curves with the difference they end with, and a dot for each plausible world."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.comparison import DECIMALS
from sim.analysis.statistics import nine_in_ten
from sim.analysis.wording import difference_number, difference_text
from sim.experiments.points import DEFAULTS, INTERVIEWS, WEIGHT
from sim.figures.curves import curve_ends, draw_curves, weekly_bands
from sim.figures.differences import (
    HIGHER,
    Row,
    comparison_looks,
    difference_scale,
    dots_shown,
    make_row,
    symmetric_limit,
    turned,
    unit_text,
)
from sim.figures.layout import (
    AXIS_ROOM,
    ENGLISH,
    LANGUAGE,
    MARGIN,
    SHARES,
    Page,
    Panel,
    Words,
    clean_name,
    dress,
    explain_numbers,
    heading,
    labels_width,
    line_height,
    swarm,
    tick_texts,
    tick_values,
    week_scale,
    wrap,
)
from sim.figures.style import DOT, INK, NOTE_SIZE, QUIET_INK, TEXT_SIZE, ZERO, Look, drawing
from sim.figures.summary import explain_spread, run_counts
from sim.kernel.estimates import Units
from sim.words import percent

OVERVIEW_OUTCOME = "monthly_posters"

VERDICTS = {"alike": "overview.alike", "same": "overview.same"}

OVERVIEW_WIDTH = 9.6
PANEL_HEIGHT = 2.6
PAIRS_WIDTH = 1.1
SIDE_ROOM = 1.35  # inches right of the pairs for the name of the side


def headline(row: Row, upper: str, lower: str, outcome: str, words: Words) -> str:
    """Say who is ahead, or that one cannot tell."""
    names = {
        "upper": clean_name(upper, 32),
        "lower": clean_name(lower, 32),
        "outcome": words[f"noun.{outcome}"],
    }
    if not np.isfinite(row.mean):
        return words["overview.none"].format(**names)
    if row.n < 2:
        return words["overview.one"].format(**names)
    key = "overview.more" if not row.cannot_tell else VERDICTS.get(row.verdict, "overview.tie")
    return words[key].format(**names)


def finding(row: Row, upper: str, outcome: str, words: Words) -> str:
    """Say by how much a scenario is ahead."""
    if not np.isfinite(row.mean):
        return ""
    size = {"mean": difference_number(outcome, row.mean, words[LANGUAGE], is_signed=True)}
    if not (np.isfinite(row.low) and np.isfinite(row.high)):
        return words["overview.finding_one"].format(upper=clean_name(upper, 32), **size)
    size |= {
        "low": difference_number(outcome, row.low, words[LANGUAGE]),
        "high": difference_number(outcome, row.high, words[LANGUAGE]),
    }
    return words["overview.finding"].format(**size)


def draw_pairs(panel: Panel, row: Row, sides: tuple[str, str], looks: tuple[Look, Look], words: Words) -> None:
    """Draw the pairs as dots up and down, their mean as a marker, its interval as a bar, and name both sides.

    `sides` and `looks` belong to the scenario above zero and the one below.
    """
    axes = panel.axes
    limit = symmetric_limit([row], is_share=True)
    axes.set_xlim(-1.6, 1.6)
    axes.set_ylim(-limit, limit)
    ticks = tick_values(-limit, limit, 6)
    axes.set_yticks(ticks, tick_texts([100 * tick for tick in ticks], words, signed=True))
    axes.set_ylabel(words["differences.points_staff"], verticalalignment="top")
    axes.yaxis.set_label_coords(-AXIS_ROOM / panel.width, 0.5)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.axhline(0.0, color=ZERO, linewidth=1.2, zorder=1.5)
    dots = dots_shown(row.pairs)
    axes.plot(
        0.45 + swarm(dots, span=2 * limit, n_levels=36),
        dots,
        linestyle="none",
        marker="o",
        markersize=4,
        markerfacecolor=DOT,
        markeredgewidth=0,
        alpha=0.6,
        zorder=2,
    )
    if np.isfinite(row.low) and np.isfinite(row.high):
        axes.plot([-1, -1], [row.low, row.high], color=row.look.color, linewidth=3, zorder=3)
    axes.plot(
        [-1],
        [row.mean],
        linestyle="none",
        marker=row.look.marker,
        markersize=7,
        markerfacecolor="white" if row.cannot_tell else row.look.color,
        markeredgecolor=row.look.color,
        markeredgewidth=1.5,
        zorder=4,
    )
    right = 1 + 0.1 / panel.width
    n_ahead = int((row.pairs > 0).sum()), int((row.pairs < 0).sum())
    ends = zip(sides, looks, n_ahead, row.shares, (0.98, 0.02), ("top", "bottom"), strict=True)
    for name, look, ahead, share, height, anchor in ends:
        facts = {"ahead": ahead, "n": len(row.pairs), "share": percent(share, 0, words[LANGUAGE])}
        text = words["overview.ahead"].format(scenario=clean_name(name, 32), **facts)
        axes.text(
            right,
            height,
            "\n".join(wrap(text, TEXT_SIZE, SIDE_ROOM, "bold")),
            transform=axes.transAxes,
            color=look.ink,
            fontweight="bold",
            verticalalignment=anchor,
        )
    axes.text(
        right,
        0.5,
        words["overview.zero"],
        transform=axes.transAxes,
        color=QUIET_INK,
        verticalalignment="center",
    )


@drawing()
def overview_figure(
    series: pd.DataFrame,
    runs: pd.DataFrame,
    differences: pd.DataFrame,
    outcome: str = OVERVIEW_OUTCOME,
    words: Words = ENGLISH,
) -> Figure:
    """Draw the first comparison at one glance: curves with bands, and the pairs with their mean difference.

    Parameters
    ----------
    series : DataFrame
        One row a run and week: run_id, scenario, week and the outcome.
    runs : DataFrame
        One row a run: scenario, replication and the outcome.
    differences : DataFrame
        a, b, outcome, mean, low, high, p_a_greater, n, verdict. The first pair (a, b) is drawn.
    outcome : str
        A share of staff.
    words : mapping
        Catalog of texts.

    Raises
    ------
    ValueError
        If the outcome is not among the differences.
    """
    chosen = differences[differences["outcome"] == outcome]
    if chosen.empty:
        raise ValueError(f"differences: no row for {outcome}")
    a, b = str(chosen["a"].iloc[0]), str(chosen["b"].iloc[0])
    shown = series[series["scenario"].isin([a, b])]
    looks = comparison_looks(shown, chosen)
    row = make_row(runs, chosen.iloc[0], "", looks, by_side=True)
    upper, lower = a, b
    if not row.cannot_tell and row.mean < 0:  # the scenario that is ahead stands above zero
        row, upper, lower = turned(row), b, a
    bands = weekly_bands(shown, [outcome])[outcome]
    caption = f"{explain_spread(run_counts(shown), 'band', words)} {explain_numbers([outcome], words)}"
    if np.isfinite(row.mean):
        caption += " " + words["overview.caption" if row.n > 1 else "overview.caption_one"]
    page = Page(
        OVERVIEW_WIDTH,
        PANEL_HEIGHT + 0.85,
        headline(row, upper, lower, outcome, words),
        finding(row, upper, outcome, words),
        caption,
    )
    left = MARGIN + AXIS_ROOM
    pairs_left = OVERVIEW_WIDTH - MARGIN - SIDE_ROOM - PAIRS_WIDTH - 0.1
    width = pairs_left - AXIS_ROOM - 0.1 - labels_width(curve_ends(outcome, bands, runs, words), len(bands)) - left
    top = page.top + 0.3
    panel = page.panel(left, top, width, PANEL_HEIGHT)
    dress(panel)
    week_scale(panel, int(shown["week"].min()), int(shown["week"].max()), words)
    draw_curves(panel, outcome, bands, runs, words, n_steps=6)
    heading(panel, words["overview.curves"].format(meaning=words[f"meaning.{outcome}"]), left=-AXIS_ROOM)
    pairs = page.panel(pairs_left, top, PAIRS_WIDTH, PANEL_HEIGHT)
    dress(pairs)
    draw_pairs(pairs, row, (upper, lower), (looks[upper], looks[lower]), words)
    heading(pairs, words["overview.pairs"], left=-AXIS_ROOM)
    return page.figure


# One dot a plausible world: by how much a launch is ahead in it, so that nobody takes an average for what happens.

WORLDS_OUTCOME = "monthly_posters"

WIDTH = 8.5
NAME_ROOM = 1.75  # inches for what a row is about
SHARE_ROOM = 0.55  # inches on each side of zero's panel for a share
STRIP_HEIGHTS = {True: 0.95, False: 0.5}  # inches of a row of worlds, and of the row of the default values
STRIP_FOOT = 0.72
SMALLEST_HALF = {True: 0.01, False: 0.1}
DOT_AREA = 16.0  # square points of a world of usual weight
LEAST_AREA, MOST_AREA = 0.15, 8.0  # times that, however light or heavy a world is


class Strip(NamedTuple):
    """One row of dots: what it is, a difference and a weight for each world, and which of them are marked.

    `is_set` says whether these are worlds, or runs at the default values.
    """

    label: str
    values: np.ndarray
    weights: np.ndarray
    is_marked: np.ndarray
    looks: tuple[Look, Look]
    is_set: bool = True

    def share(self, sign: int) -> float:
        """Return the share of the weight above zero (1) or below it (-1)."""
        return float(self.weights[np.sign(self.values) == sign].sum())


def by_point(runs: pd.DataFrame, a: str, b: str, outcome: str, name: str) -> pd.DataFrame:
    """Return difference, weight in one set, and weight in the set of the interviews, a row for each world of the set.

    Parameters
    ----------
    runs : DataFrame
        One row a run: scenario, point, replication, the weights of its point, and the outcome.
    a, b : str
        The scenarios.
    outcome : str
        What is subtracted.
    name : str
        The set.
    """
    own = runs[runs[f"{WEIGHT}{name}"] > 0]
    wide = own.pivot(index=["point", "replication"], columns="scenario", values=outcome)
    if a not in wide or b not in wide:
        return pd.DataFrame({"difference": [], "weight": [], "interviews": []}, dtype=float)
    # Pair by pair, as the tables have it; runs at the default values are no worlds, and each is a unit of its own.
    pairs = (wide[a] - wide[b]).dropna()
    units = pairs.droplevel("replication") if name == DEFAULTS else pairs.groupby("point").mean()
    points = own.drop_duplicates("point").set_index("point").loc[units.index]
    marked = points.get(f"{WEIGHT}{INTERVIEWS}", pd.Series(0.0, index=units.index))
    found = pd.DataFrame(
        {
            "difference": units.round(DECIMALS).to_numpy(), "weight": points[f"{WEIGHT}{name}"].to_numpy(),
            "interviews": marked.to_numpy(),
        }
    )  # fmt: skip
    return found.assign(weight=found["weight"] / found["weight"].sum())


def set_names(runs: pd.DataFrame) -> list[str]:
    """Return the sets of worlds that runs are of, the one of the answer first."""
    return [str(name).removeprefix(WEIGHT) for name in runs.columns if str(name).startswith(WEIGHT)]


def strips_of(
    runs: pd.DataFrame, pairs: Sequence[tuple[str, str]], outcome: str, looks: Mapping[str, Look], words: Words
) -> list[Strip]:
    """Return the rows: for one pair a row for each set, for several a row for each pair."""
    names = set_names(runs)
    strips = []
    for a, b in pairs:
        for name in names if len(pairs) == 1 else names[:1]:
            table = by_point(runs, a, b, outcome, name)
            label = words[f"sets.{name}"].format(n=len(table)) if len(pairs) == 1 else clean_name(b, 32)
            strips.append(
                Strip(
                    label, table["difference"].to_numpy(dtype=float), table["weight"].to_numpy(dtype=float),
                    (table["interviews"] > 0).to_numpy() & (name not in (INTERVIEWS, DEFAULTS)), (looks[a], looks[b]),
                    name != DEFAULTS,
                )
            )  # fmt: skip
    return [strip for strip in strips if len(strip.values)]


@drawing()
def worlds_figure(
    runs: pd.DataFrame,
    differences: pd.DataFrame,
    outcome: str = WORLDS_OUTCOME,
    words: Words = ENGLISH,
    *,
    has_title: bool = True,
) -> Figure:
    """Draw the difference in each plausible world as a dot, with the share of worlds on each side of zero.

    Parameters
    ----------
    runs : DataFrame
        One row a run: scenario, point, replication, the weights of its point (``weight.<set>``), and the outcome.
    differences : DataFrame
        a, b, outcome, verdict: the finding that the title repeats.
    outcome : str
        What is compared.
    words : mapping
        Catalog of texts.
    has_title : bool
        Whether the finding stands above it.
    """
    chosen = differences[differences["outcome"] == outcome]
    looks = comparison_looks(runs, chosen)
    pairs = list(zip(chosen["a"].astype(str), chosen["b"].astype(str), strict=True))
    strips = strips_of(runs, pairs, outcome, looks, words)
    a, b = pairs[0]
    is_one = len(pairs) == 1
    left, right = (clean_name(b, 40), clean_name(a, 40)) if is_one else (words["dots.other"], clean_name(a, 40))
    half = (WIDTH - 2 * MARGIN - NAME_ROOM - 2 * SHARE_ROOM) / 2
    sides = [
        wrap(words[f"differences.higher_{side}"].format(scenario=name), TEXT_SIZE, half - 0.1, "bold")
        for side, name in (("left", left), ("right", right))
    ]
    head = max(map(len, sides)) * line_height(TEXT_SIZE) + 0.1
    heights = [STRIP_HEIGHTS[strip.is_set] for strip in strips]
    title = _title(strips[0], chosen.iloc[0], (a, b), outcome, words) if is_one and strips else words["dots.titles"]
    page = Page(
        WIDTH,
        head + sum(heights) + STRIP_FOOT,
        title.format(outcome=words[f"noun.{outcome}"]) if has_title else "",
        "",
        _caption(strips, is_one, words),
        label=title,
    )
    zero = MARGIN + NAME_ROOM + SHARE_ROOM + half
    colors = (looks[b].ink if is_one else QUIET_INK, looks[a].ink)
    page.write(zero - 0.1, page.top, "\n".join(sides[0]), color=colors[0], weight="bold", across="right")
    page.write(zero + 0.1, page.top, "\n".join(sides[1]), color=colors[1], weight="bold")
    limit = _limit(strips, outcome)
    panel = page.panel(zero - half, page.top + head, 2 * half, sum(heights))
    dress(panel, grid="x")
    difference_scale(panel, limit, unit_text(outcome, words), words, is_share=outcome in SHARES)
    _draw(panel, strips, heights, limit, outcome, words)
    return page.figure


def _title(strip: Strip, row: pd.Series, names: tuple[str, str], outcome: str, words: Words) -> str:
    """Say in which share of the worlds who is ahead, as the first line of the comparison does."""
    ahead = 0 if strip.share(1) >= strip.share(-1) else 1
    share = percent(strip.share((1, -1)[ahead]), 0, words[LANGUAGE])
    key = "dots.title" if str(row["verdict"]) in HIGHER else "dots.title_unsure"
    return words[key].format(
        winner=clean_name(names[ahead], 32), outcome=words[f"noun.{outcome}"], share=share, n=len(strip.values)
    )


def _limit(strips: Sequence[Strip], outcome: str) -> float:
    most = max((float(np.abs(strip.values).max()) for strip in strips), default=0.0)
    return max(1.08 * most, SMALLEST_HALF[outcome in SHARES])


def _caption(strips: Sequence[Strip], is_one: bool, words: Words) -> str:
    parts = [words["dots.caption"]]
    if any(strip.is_marked.any() for strip in strips):
        parts.append(words["dots.caption_marked"])
    if any(np.ptp(strip.weights) > 1e-12 for strip in strips if strip.is_set):
        parts.append(words["dots.caption_weights"])
    if is_one and any(not strip.is_set for strip in strips):
        parts.append(words["dots.caption_defaults"])
    return " ".join(parts)


def _draw(
    panel: Panel, strips: Sequence[Strip], heights: Sequence[float], limit: float, outcome: str, words: Words
) -> None:
    """Draw the rows from top to bottom, each with its dots, middle, nine in ten, and shares."""
    axes = panel.axes
    total = sum(heights)
    axes.set_ylim(total, 0.0)
    axes.set_yticks([])
    top = 0.0
    for strip, height in zip(strips, heights, strict=True):
        middle = top + 0.46 * height
        offsets = swarm(strip.values, span=2 * limit, n_levels=70)
        areas = DOT_AREA * np.clip(strip.weights / strip.weights.mean(), LEAST_AREA, MOST_AREA)
        faces = np.where(strip.values > 0, strip.looks[0].color, strip.looks[1].color)
        faces = np.where(strip.values == 0, ZERO, faces)
        axes.scatter(
            strip.values, middle - 0.3 * height * offsets, s=areas if strip.is_set else DOT_AREA / 2,
            c=faces.tolist(), edgecolors=np.where(strip.is_marked, INK, faces).tolist(), linewidths=0.8, zorder=2,
        )  # fmt: skip
        units = Units(strip.values, strip.weights, len(strip.values), strip.weights)
        low, median, high, *_ = nine_in_ten(units)
        at = top + 0.9 * height
        axes.plot([low, high], [at, at], color=INK, linewidth=2.0, zorder=3)
        axes.plot([median], [at], marker="D", markersize=4.5, color=INK, linestyle="none", zorder=4)
        _write(panel, strip, (top + height / 2, total), (low, median, high), outcome, words)
        top += height
        if top < total - 1e-9:
            axes.axhline(top, color=ZERO, linewidth=0.5, alpha=0.4, zorder=1)


def _write(
    panel: Panel,
    strip: Strip,
    place: tuple[float, float],
    ends: tuple[float, float, float],
    outcome: str,
    words: Words,
) -> None:
    """Write what a row is about, with its numbers, to its left, and the share of the worlds at either side."""
    axes, language = panel.axes, words[LANGUAGE]
    y, _ = place
    low, median, high = ends
    numbers = words["dots.typical_few" if math.isnan(low) else "dots.typical"].format(
        median=difference_text(outcome, median, language),
        low=difference_number(outcome, low, language, is_signed=True),
        high=difference_number(outcome, high, language, is_signed=True),
    )
    lines = [
        *wrap(strip.label, TEXT_SIZE, NAME_ROOM - 0.1),
        *(wrap(numbers, NOTE_SIZE, NAME_ROOM - 0.1) if strip.is_set else []),
    ]
    style: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "verticalalignment": "center"}
    axes.text(-(SHARE_ROOM + NAME_ROOM) / panel.width, y, "\n".join(lines), fontsize=NOTE_SIZE, color=INK, **style)
    for sign, look, x, across in ((-1, strip.looks[1], -0.06, "right"), (1, strip.looks[0], 0.06, "left")):
        at = (x if sign < 0 else panel.width + x) / panel.width
        share = percent(strip.share(sign), 0, language)
        axes.text(at, y, share, color=look.ink, fontweight="bold", horizontalalignment=across, **style)
