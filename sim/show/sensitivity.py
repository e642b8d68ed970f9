"""What decides an outcome: sensitivity indices with intervals, against what a parameter without effect gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.show.layout import LONGEST_NAME, MARGIN, Page, Panel, clean_name, line_height, text_width, wrap
from sim.show.marks import dress
from sim.show.numbers import tick_texts, tick_values
from sim.show.style import DOT, INK, NEUTRAL_LOOK, NOTE_SIZE, QUIET_INK, RULE, SCENARIO_LOOKS, TEXT_SIZE, Look, drawing
from sim.show.words import ENGLISH, GAPS, SHARES, Words

WIDTH = 8.5
ROW = 0.34
FOOT = 0.62  # inches below the panel for ticks and the label of the axis
KEY_ROOM = 0.32  # inches above the panel for the key
MOST_ROWS = 20
WIDEST_LABEL = 3.0

DUMMY = "dummy"
RESOLVED = "resolved"


class Measure(NamedTuple):
    """One kind of index as it is drawn: its look, and how far from the middle of its row [rows]."""

    name: str
    look: Look
    shift: float


MEASURES: dict[str, tuple[Measure, ...]] = {
    "ST": (Measure("ST", SCENARIO_LOOKS[0], -0.15), Measure("S1", SCENARIO_LOOKS[1], 0.15)),
    "mu_star": (Measure("mu_star", SCENARIO_LOOKS[0], 0.0),),
    "KS": (Measure("KS", SCENARIO_LOOKS[0], 0.0),),
}
"""By the measure that orders the rows, which has the first place."""


def main_measure(indices: pd.DataFrame) -> str:
    """Return the measure that tells what a factor does in all: ``ST``, ``mu_star`` or ``KS``."""
    present = set(indices["measure"])
    return next(name for name in MEASURES if name in present)


def subject_text(row: pd.Series, words: Words) -> str:
    """Return what the indices are about, in words: an outcome, and for a contrast of which two scenarios."""
    outcome = words[f"outcome.{row['outcome']}"]
    if not row["minus"]:
        return outcome
    names = {"a": clean_name(row["scenario"], 32), "b": clean_name(row["minus"], 32)}
    return words["sensitivity.contrast"].format(outcome=outcome, **names)


def scale_of(outcome: str, measure: str) -> float:
    """Return what a value is multiplied by to be read: effects on shares are in percentage points."""
    return 100.0 if measure in {"mu_star", "mu", "sigma"} and outcome in SHARES | GAPS else 1.0


def axis_text(row: pd.Series, measure: str, words: Words) -> str:
    """Return the label of an axis with this measure."""
    if measure != "mu_star":
        return words[f"sensitivity.axis.{measure}"]
    outcome = str(row["outcome"])
    unit = words["differences.points"] if outcome in SHARES | GAPS else words[f"unit.{outcome}"]
    return words["sensitivity.axis.mu_star"].format(unit=unit)


def by_factor(indices: pd.DataFrame, measure: str) -> dict[str, dict[str, Any]]:
    """Return the rows of one measure by factor."""
    rows = indices[indices["measure"] == measure].to_dict("records")
    return {str(row["factor"]): {str(name): value for name, value in row.items()} for row in rows}


def ordered_factors(indices: pd.DataFrame, measure: str) -> list[str]:
    """Return the factors, largest index first, without the dummy."""
    own = indices[(indices["measure"] == measure) & (indices["factor"] != DUMMY)]
    return list(own.sort_values("value", ascending=False, kind="stable")["factor"])


@drawing()
def sensitivity_figure(indices: pd.DataFrame, words: Words = ENGLISH) -> Figure:
    """Draw the indices of one outcome: a row for each factor, the dummy's reach as a band.

    Parameters
    ----------
    indices : DataFrame
        Rows of ``indices.parquet`` with one scenario, minus and outcome.
    words : mapping
        Catalog of texts.
    """
    measure = main_measure(indices)
    factors = ordered_factors(indices, measure)
    shown = factors[:MOST_ROWS]
    labels = [wrap(clean_name(name, LONGEST_NAME), TEXT_SIZE, WIDEST_LABEL) for name in [*shown, DUMMY]]
    labels[-1] = [words["sensitivity.dummy"]]
    first = indices.iloc[0]
    caption = words[f"sensitivity.caption.{measure}"]
    if len(shown) < len(factors):
        caption += " " + words["sensitivity.cut"].format(n=len(shown), of=len(factors))
    row_height = max(ROW, max(map(len, labels)) * line_height(TEXT_SIZE) + 0.06)
    page = Page(
        WIDTH,
        KEY_ROOM + len(labels) * row_height + FOOT,
        words["sensitivity.title"].format(subject=subject_text(first, words)),
        _subtitle(first, words),
        caption,
    )
    room = max(text_width(line, TEXT_SIZE) for lines in labels for line in lines) + 0.15
    panel = page.panel(MARGIN + room, page.top + KEY_ROOM, WIDTH - 2 * MARGIN - room - 0.1, len(labels) * row_height)
    dress(panel, grid="x")
    axes = panel.axes
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_yticks(range(len(labels)), ["\n".join(lines) for lines in labels])
    axes.tick_params(axis="y", labelcolor=INK)
    _draw_indices(panel, indices, [*shown, DUMMY], MEASURES[measure], scale_of(first["outcome"], measure), words)
    axes.set_xlabel(axis_text(first, measure, words))
    _draw_key(page, MARGIN, page.top + 0.02, MEASURES[measure], words)
    return page.figure


def _subtitle(first: pd.Series, words: Words) -> str:
    if first["minus"]:
        return words["sensitivity.about_contrast"]
    return words["sensitivity.about"].format(scenario=clean_name(first["scenario"]))


def _draw_indices(
    panel: Panel, indices: pd.DataFrame, names: Sequence[str], measures: Sequence[Measure], scale: float, words: Words
) -> None:
    axes = panel.axes
    ends = [0.0]
    for place, measure in enumerate(measures):
        own = by_factor(indices, measure.name)
        if place == 0:
            reach = [scale * own[DUMMY][end] for end in ("low", "high")]
            axes.axvspan(min(0.0, reach[0]), reach[1], color=RULE, zorder=0.5)
        for position, name in enumerate(names):
            row = own[name]
            value, low, high = (scale * row[part] for part in ("value", "low", "high"))
            is_resolved = row["status"] == RESOLVED
            look = measure.look if is_resolved else NEUTRAL_LOOK
            at = position + measure.shift
            axes.plot([low, high], [at, at], color=look.color if is_resolved else DOT, linewidth=2.2, zorder=3)
            axes.plot(
                [value],
                [at],
                linestyle="none",
                marker=measure.look.marker,
                markersize=5.5,
                markerfacecolor=look.color if is_resolved else "white",
                markeredgecolor=look.color,
                markeredgewidth=1.3,
                zorder=4,
            )
            ends += [low, high]
    known = [end for end in ends if np.isfinite(end)]
    span = max(known) - min(known) or 1.0
    left, right = min(known) - 0.03 * span * (min(known) < 0), max(known) + 0.03 * span
    axes.set_xlim(left, right)
    ticks = tick_values(left, right, 6)
    axes.set_xticks(ticks, tick_texts(ticks, words))
    axes.axvline(0.0, color=QUIET_INK, linewidth=0.8, zorder=1.5)


def _draw_key(page: Page, left: float, top: float, measures: Sequence[Measure], words: Words) -> None:
    """Say above the panel which mark is which, and what is hollow and what is gray."""
    height = line_height(NOTE_SIZE)
    entries = [
        (measure.look.marker, measure.look.color, words[f"sensitivity.key.{measure.name}"]) for measure in measures
    ]
    entries.append(("o", "", words["sensitivity.key.not_resolved"]))
    for marker, color, text in entries:
        dot = page.panel(left, top, 0.14, height)
        dot.axes.axis("off")
        dot.axes.plot(
            [0.5],
            [0.55],
            marker=marker,
            markersize=5.5,
            markerfacecolor=color or "white",
            markeredgecolor=color or NEUTRAL_LOOK.color,
            markeredgewidth=1.3,
        )
        dot.axes.set(xlim=(0, 1), ylim=(0, 1))
        page.write(left + 0.18, top, text, size=NOTE_SIZE, color=QUIET_INK)
        left += 0.18 + text_width(text, NOTE_SIZE) + 0.22
    band = page.panel(left, top + 0.02, 0.22, height - 0.05)
    band.axes.set_facecolor(RULE)
    band.axes.set(xticks=[], yticks=[])
    for spine in band.axes.spines.values():
        spine.set_visible(False)
    page.write(left + 0.28, top, words["sensitivity.key.band"], size=NOTE_SIZE, color=QUIET_INK)
