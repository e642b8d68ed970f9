"""Paired runs as rows of a figure: a dot for each pair, a marker for their mean, a bar for its interval.

Every scale is symmetric about zero, so that "no difference" is one straight line through all panels, and the
side on which a marker stands says which scenario is higher.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.show.layout import LANGUAGE, Panel, Words, swarm, tick_texts, tick_values
from sim.show.style import DOT, INK, NEUTRAL_LOOK, QUIET_INK, ZERO, Look, scenario_look
from sim.show.summary import scenario_names, weighted_pairs
from sim.study.wording import difference_number, interval_text

MOST_DOTS = 200
"""More pairs than this are drawn as an even sample, named in the caption; the interval uses them all."""

EMPTY = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}

SMALLEST_LIMIT = {True: 0.01, False: 0.1}
"""A difference scale covers at least 1 point (shares) or 0.1 (others) on each side of zero."""


HIGHER = ("differs", "differs slightly")
"""The kinds of verdict that say which scenario is higher."""


class Row(NamedTuple):
    """One difference to draw: the pairs, their mean, its interval, the kind of verdict, and how it looks.

    `shares` are the shares of the pairs (of worlds, by what they count) above zero and below it.
    """

    label: str
    pairs: np.ndarray
    mean: float
    low: float
    high: float
    n: int
    verdict: str
    look: Look
    shares: tuple[float, float] = (0.0, 0.0)

    @property
    def cannot_tell(self) -> bool:
        """Whether neither is surely higher, as the tables have it: an interval beside zero is not enough for that."""
        return self.verdict not in HIGHER


def dots_shown(pairs: np.ndarray) -> np.ndarray:
    """Return the pairs to draw as dots: all, or an evenly spread sample of the sorted pairs."""
    if len(pairs) <= MOST_DOTS:
        return pairs
    return np.sort(pairs)[np.linspace(0, len(pairs) - 1, MOST_DOTS).round().astype(int)]


def comparison_looks(runs: pd.DataFrame, differences: pd.DataFrame) -> dict[str, Look]:
    """Return the look of each scenario, in the order of the runs; those without a finished run come last."""
    names = dict.fromkeys([*scenario_names(runs), *differences["a"], *differences["b"]])
    return {name: scenario_look(position) for position, name in enumerate(names)}


def make_row(runs: pd.DataFrame, difference: pd.Series, label: str, looks: dict[str, Look], *, by_side: bool) -> Row:
    """Join one row of the differences table with its pairs of runs.

    `by_side` gives the row the look of the scenario that is higher (a neutral one where that cannot be told);
    otherwise it has the look of `b`.
    """
    a, b = str(difference["a"]), str(difference["b"])
    pairs, weights = weighted_pairs(runs, a, b, str(difference["outcome"]))
    # Over worlds the table has the shares: where runs lack values, means of a world are not those of its pairs.
    told = [float(difference.get(f"share_of_worlds_{side}_greater", np.nan)) for side in "ab"]
    row = Row(
        label=label,
        pairs=pairs,
        mean=float(difference["mean"]),
        low=float(difference["low"]),
        high=float(difference["high"]),
        n=int(difference["n"]),
        verdict=str(difference["verdict"]),
        look=looks[b],
        shares=(float(weights[pairs > 0].sum()), float(weights[pairs < 0].sum()))
        if np.isnan(told).any()
        else (told[0], told[1]),
    )
    if by_side:
        return row._replace(look=NEUTRAL_LOOK if row.cannot_tell else looks[a if row.mean > 0 else b])
    return row


def turned(row: Row) -> Row:
    """Return the same difference seen from the other side: b minus a."""
    return row._replace(pairs=-row.pairs, mean=-row.mean, low=-row.high, high=-row.low, shares=row.shares[::-1])


def symmetric_limit(rows: Sequence[Row], *, is_share: bool) -> float:
    """Return how far the scale reaches on each side of zero."""
    values = np.concatenate([[row.mean, row.low, row.high, *row.pairs] for row in rows])
    known = np.abs(values[np.isfinite(values)])
    return max(1.08 * float(known.max()) if len(known) else 0.0, SMALLEST_LIMIT[is_share])


def difference_scale(panel: Panel, limit: float, unit: str, words: Words, *, is_share: bool) -> None:
    """Run the x axis from -limit to +limit with round ticks, and draw the zero line."""
    axes = panel.axes
    axes.set_xlim(-limit, limit)
    ticks = tick_values(-limit, limit, 6 if panel.width > 2.5 else 4)
    points = [100 * tick for tick in ticks] if is_share else ticks
    axes.set_xticks(ticks, tick_texts(points, words, signed=True))
    axes.set_xlabel(unit)
    axes.axvline(0.0, color=ZERO, linewidth=1.2, zorder=1.5)


def draw_rows(panel: Panel, rows: Sequence[Row], limit: float, words: Words) -> None:
    """Draw each row from top to bottom: the pairs as dots, the mean as a marker, its interval as a bar."""
    axes = panel.axes
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.tick_params(axis="y", labelcolor=INK)
    for position, row in enumerate(rows):
        if not np.isfinite(row.mean):
            axes.text(0, position, words["differences.none"], color=QUIET_INK, ha="center", va="center", bbox=EMPTY)
            continue
        dots = dots_shown(row.pairs)
        axes.plot(
            dots,
            position + 0.3 * swarm(dots, span=2 * limit, n_levels=60),
            linestyle="none",
            marker="o",
            markersize=3,
            markerfacecolor=DOT,
            markeredgewidth=0,
            alpha=0.55,
            zorder=2,
        )
        if np.isfinite(row.low) and np.isfinite(row.high):
            axes.plot([row.low, row.high], [position] * 2, color=row.look.color, linewidth=2.4, zorder=3)
        axes.plot(
            [row.mean],
            [position],
            linestyle="none",
            marker=row.look.marker,
            markersize=6,
            markerfacecolor="white" if row.cannot_tell else row.look.color,
            markeredgecolor=row.look.color,
            markeredgewidth=1.4,
            zorder=4,
        )


def mean_text(outcome: str, row: Row, words: Words) -> str:
    """Return a difference as text: "+6.1 [4.2, 8.0]", without brackets where there is no interval."""
    if not np.isfinite(row.mean):
        return ""
    mean = difference_number(outcome, row.mean, words[LANGUAGE], is_signed=True)
    if not (np.isfinite(row.low) and np.isfinite(row.high)):
        return mean
    return f"{mean} {interval_text(outcome, row.low, row.high, words[LANGUAGE])}"


def caption(rows: Sequence[Row], words: Words) -> str:
    """Say what markers, bars and dots stand for."""
    most = max(len(row.pairs) for row in rows)
    text = words["differences.caption"] if max(row.n for row in rows) > 1 else words["differences.caption_one"]
    if most > MOST_DOTS:
        text += " " + words["differences.caption_sample"].format(shown=MOST_DOTS, n=most)
    return text
