"""Morris's picture: how much each factor does, against how differently it does so from place to place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from sim.show.layout import MARGIN, Page, Panel, clean_name, line_height, spread_out, text_width
from sim.show.marks import AXIS_ROOM, dress
from sim.show.numbers import tick_texts, tick_values
from sim.show.sensitivity import DUMMY, RESOLVED, axis_text, by_factor, scale_of, subject_text
from sim.show.style import (
    NEUTRAL_LOOK,
    NOTE_SIZE,
    QUIET_INK,
    RULE,
    SCENARIO_LOOKS,
    TEXT_SIZE,
    drawing,
)
from sim.show.words import ENGLISH, Words

WIDTH = 8.5
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
        panel.axes.plot(
            [effect.mu_star],
            [effect.sigma],
            linestyle="none",
            marker="o",
            markersize=6,
            markerfacecolor=look.color if effect.is_resolved else "white",
            markeredgecolor=look.color,
            markeredgewidth=1.2,
            zorder=4,
            clip_on=False,
        )
    _label(panel, named, texts)
    return page.figure


def _scales(panel: Panel, effects: Sequence[Effect], reach: float, words: Words) -> None:
    """Scale both axes alike from zero, draw the reach of the dummy and the line where both measures are equal."""
    axes = panel.axes
    right = 1.06 * max([reach, *(effect.mu_star for effect in effects)])
    top = 1.1 * max(effect.sigma for effect in effects)
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
