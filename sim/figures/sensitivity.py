"""What decides an outcome: sensitivity indices with intervals, against what a parameter without effect gets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.wording import index_text
from sim.figures.layout import (
    AXIS_ROOM,
    ENGLISH,
    GAPS,
    LANGUAGE,
    LONGEST_NAME,
    MARGIN,
    SHARES,
    End,
    Page,
    Panel,
    Words,
    clean_name,
    draw_labels,
    dress,
    labels_width,
    line_height,
    spread_out,
    text_width,
    tick_texts,
    tick_values,
    wrap,
)
from sim.figures.rows import bar, dot
from sim.figures.style import (
    DOT,
    INK,
    NEUTRAL_LOOK,
    NOTE_SIZE,
    QUIET_INK,
    RULE,
    SCENARIO_LOOKS,
    TEXT_SIZE,
    Look,
    drawing,
    scenario_look,
)

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
            bar(panel, at, low, high, look.color if is_resolved else DOT, 2.2)
            dot(panel, at, value, look.color, measure.look.marker, is_filled=is_resolved, size=5.5)
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


# Morris's picture: how much each factor does, against how differently it does so from place to place.


HEIGHT = 4.4
MOST_LABELS = 14
LONGEST_LABEL = 40


class Effect(NamedTuple):
    """One factor in the picture, in the unit that is read."""

    factor: str
    mu_star: float
    sigma: float
    is_resolved: bool


def effects_of(indices: pd.DataFrame) -> list[Effect]:
    """Return the factors with both measures, largest first, the dummy left out."""
    scale = scale_of(str(indices["outcome"].iloc[0]), "mu_star")
    mu_star, sigma = by_factor(indices, "mu_star"), by_factor(indices, "sigma")
    found = [
        Effect(name, scale * row["value"], scale * sigma[name]["value"], row["status"] == RESOLVED)
        for name, row in mu_star.items()
        if name != DUMMY
    ]
    return sorted(found, key=lambda effect: -effect.mu_star)


@drawing()
def elementary_effects_figure(indices: pd.DataFrame, words: Words = ENGLISH) -> Figure:
    """Draw mean absolute elementary effect against their standard deviation, a mark for each factor.

    Parameters
    ----------
    indices : DataFrame
        Rows of ``indices.parquet`` with one scenario, minus and outcome, of method Morris without groups.
    words : mapping
        Catalog of texts.
    """
    first = indices.iloc[0]
    effects = effects_of(indices)
    named = [effect for effect in effects if effect.is_resolved][:MOST_LABELS]
    texts = [clean_name(effect.factor, LONGEST_LABEL) for effect in named]
    page = Page(
        WIDTH,
        HEIGHT + 0.6,
        words["effects.title"].format(subject=subject_text(first, words)),
        words["effects.subtitle"],
        words["effects.caption"].format(n=len(named), of=len(effects)),
    )
    left = MARGIN + AXIS_ROOM
    room = max((text_width(text, TEXT_SIZE) for text in texts), default=0.0) + 0.55
    panel = page.panel(left, page.top + 0.05, WIDTH - left - room - MARGIN, HEIGHT)
    dress(panel)
    panel.axes.xaxis.grid(True, color=RULE, linewidth=0.8)
    scale = scale_of(str(first["outcome"]), "mu_star")
    dummy = by_factor(indices, "mu_star")[DUMMY]
    _scales(panel, effects, scale * dummy["high"], words)
    panel.axes.set_xlabel(axis_text(first, "mu_star", words))
    panel.axes.set_ylabel(words["effects.sigma"], verticalalignment="top")
    panel.axes.yaxis.set_label_coords(-AXIS_ROOM / panel.width, 0.5)
    for effect in effects:
        look = SCENARIO_LOOKS[0] if effect.is_resolved else NEUTRAL_LOOK
        dot(panel, effect.sigma, effect.mu_star, look.color, "o", is_filled=effect.is_resolved, size=6)
    _label(panel, named, texts)
    return page.figure


def _scales(panel: Panel, effects: Sequence[Effect], reach: float, words: Words) -> None:
    """Scale both axes alike from zero, draw the reach of the dummy and the line where both measures are equal."""
    axes = panel.axes
    right = 1.06 * max([reach, *(effect.mu_star for effect in effects)]) or 1.0  # nothing moves it: an empty panel
    top = 1.1 * max(effect.sigma for effect in effects) or right
    axes.set_xlim(0, right)
    axes.set_ylim(0, top)
    x_ticks, y_ticks = tick_values(0, right, 5), tick_values(0, top, 5)
    axes.set_xticks(x_ticks, tick_texts(x_ticks, words))
    axes.set_yticks(y_ticks, tick_texts(y_ticks, words))
    axes.axvspan(0, reach, color=RULE, zorder=0.5)
    end = min(right, top)
    axes.plot([0, end], [0, end], color=QUIET_INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1.5)
    axes.text(
        0.93 * end + 0.012 * right,
        0.93 * end,
        words["effects.equal"],
        fontsize=NOTE_SIZE,
        color=QUIET_INK,
        verticalalignment="top",
    )


def _label(panel: Panel, effects: Sequence[Effect], texts: Sequence[str]) -> None:
    """Write the names right of the panel, in the order of height, each tied to its mark."""
    axes = panel.axes
    right, top = axes.get_xlim()[1], axes.get_ylim()[1]
    heights = [line_height(TEXT_SIZE)] * len(effects)
    wishes = [effect.sigma / top * panel.height for effect in effects]
    places = spread_out(wishes, heights, 0.0, panel.height)
    for effect, text, place in zip(effects, texts, places, strict=True):
        end = (1 + 0.3 / panel.width) * right
        axes.plot(
            [effect.mu_star, end],
            [effect.sigma, place / panel.height * top],
            color=QUIET_INK,
            linewidth=0.5,
            alpha=0.6,
            clip_on=False,
            zorder=2,
        )
        axes.text(
            end + 0.05 / panel.width * right,
            place / panel.height * top,
            text,
            fontsize=TEXT_SIZE,
            color=SCENARIO_LOOKS[0].ink,
            verticalalignment="center",
        )


# Is the sample large enough: the largest indices over the size of the sample.


TREND_HEIGHT = 3.4
MOST_LINES = 5
# Lines are set apart a little, so that intervals at one size do not hide each other [share of a doubling].
APART = 0.05


def standing_out(indices: pd.DataFrame, measure: str) -> list[str]:
    """Return the factors whose interval stays above the dummy's, largest first."""
    own = by_factor(indices, measure)
    reach = max(0.0, own[DUMMY]["high"])
    return [name for name in ordered_factors(indices, measure) if own[name]["low"] > reach]


@drawing()
def convergence_figure(convergence: pd.DataFrame, words: Words = ENGLISH) -> Figure:
    """Draw the largest indices of one outcome, with intervals, at an eighth, a quarter, half and all of the sample.

    Parameters
    ----------
    convergence : DataFrame
        Rows of ``convergence.parquet`` with one scenario, minus and outcome.
    words : mapping
        Catalog of texts.
    """
    measure = main_measure(convergence)
    own = convergence[convergence["measure"] == measure]
    first = own.iloc[0]
    sizes = sorted(own["samples"].unique())
    standing = standing_out(own[own["samples"] == sizes[-1]], measure)
    names = [*standing[:MOST_LINES], DUMMY]
    scale = scale_of(str(first["outcome"]), measure)
    lines = {name: own[own["factor"] == name].sort_values("samples") for name in names}
    looks = {name: NEUTRAL_LOOK if name == DUMMY else scenario_look(place) for place, name in enumerate(names)}
    ends = [
        End(
            scale * float(rows["value"].iloc[-1]),
            index_text(measure, str(first["outcome"]), float(rows["value"].iloc[-1]), words[LANGUAGE]),
            words["sensitivity.dummy"] if name == DUMMY else name,
            looks[name],
        )
        for name, rows in lines.items()
    ]
    n_factors = own["factor"].nunique() - 1
    caption = words["convergence.caption" if len(names) > 1 else "convergence.caption_none"]
    page = Page(
        WIDTH,
        TREND_HEIGHT + 0.7,
        words["convergence.title"].format(subject=subject_text(first, words)),
        words["convergence.subtitle"],
        caption.format(n=len(names) - 1, of=n_factors),
    )
    left = MARGIN + AXIS_ROOM
    panel = page.panel(left, page.top + 0.1, WIDTH - left - labels_width(ends, len(ends)), TREND_HEIGHT)
    dress(panel)
    low, high = (
        scale * float(own[own["factor"].isin(names)][part].agg(how)) for part, how in (("low", "min"), ("high", "max"))
    )
    bottom, top = min(0.0, 1.05 * low), max(1.05 * high, 0.0)
    if top <= bottom:  # nothing moves it
        top = bottom + 1.0
    panel.axes.set_ylim(bottom, top)
    ticks = tick_values(bottom, top, 5)
    panel.axes.set_yticks(ticks, tick_texts(ticks, words))
    value_text = words.get(f"convergence.value.{measure}", axis_text(first, measure, words))
    panel.axes.set_ylabel(value_text, verticalalignment="top")
    panel.axes.yaxis.set_label_coords(-AXIS_ROOM / panel.width, 0.5)
    places = [math.log2(size) for size in sizes]
    panel.axes.set_xlim(places[0] - 0.3, places[-1] + 0.3)
    points = own.groupby("samples")["points"].first()
    panel.axes.set_xticks(places, [words["convergence.size"].format(n=size, points=points[size]) for size in sizes])
    panel.axes.set_xlabel(words[f"convergence.axis.{measure}"])
    for place, (name, rows) in enumerate(lines.items()):
        x = np.log2(rows["samples"].to_numpy(dtype=float)) + APART * (place - (len(names) - 1) / 2)
        value, below, above = (scale * rows[part].to_numpy(dtype=float) for part in ("value", "low", "high"))
        look = looks[name]
        panel.axes.vlines(x, below, above, color=look.color, linewidth=1.6, alpha=0.55)
        panel.axes.plot(
            x, value, color=look.color, linestyle=look.dashes, marker=look.marker, markersize=5, linewidth=1.4
        )
    draw_labels(panel, ends)
    return page.figure
