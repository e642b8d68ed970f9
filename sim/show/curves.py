"""Weekly curves: how many read, take part and post, each scenario with the spread of its runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.show.layout import MARGIN, Page, Panel, clean_name, text_width
from sim.show.marks import (
    AXIS_ROOM,
    Band,
    End,
    draw_band,
    draw_labels,
    dress,
    explain_numbers,
    heading,
    labels_width,
    line_end,
    value_scale,
    week_scale,
)
from sim.show.style import HEADING_SIZE, TEXT_SIZE, drawing, scenario_look
from sim.show.summary import explain_spread, outcome_means, run_counts, scenario_names, spread_for, summarize
from sim.show.words import ENGLISH, Words

USE_OUTCOMES = ("monthly_readers", "monthly_active", "monthly_posters")

WIDTH = 8.5
PANEL_HEIGHT = 1.75
PANEL_STEP = 2.3


def weekly_bands(series: pd.DataFrame, outcomes: Sequence[str]) -> dict[str, dict[str, Band]]:
    """Return mean and spread over runs of each outcome by week: ``bands[outcome][scenario]``.

    Parameters
    ----------
    series : DataFrame
        One row a run and week: run_id, scenario, week and the outcomes.
    outcomes : sequence of str
        Columns to summarize.
    """
    table = summarize(series, ["scenario", "week"], outcomes, spread_for(run_counts(series)))
    bands: dict[str, dict[str, Band]] = {outcome: {} for outcome in outcomes}
    for scenario in scenario_names(series):
        rows = table.loc[scenario]
        weeks = rows.index.to_numpy(dtype=float)
        for outcome in outcomes:
            parts = (rows[(outcome, part)].to_numpy(dtype=float) for part in ("mean", "low", "high"))
            bands[outcome][scenario] = Band(weeks, *parts)
    return bands


def value_extent(bands: Sequence[Band]) -> tuple[float, float]:
    """Return the lowest and highest mean or edge of these bands, NaN where there is none."""
    values = np.concatenate([part for band in bands for part in (band.mean, band.low, band.high)])
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if len(known) else (np.nan, np.nan)


def curve_ends(outcome: str, bands: Mapping[str, Band], runs: pd.DataFrame, words: Words) -> list[End]:
    """Return the labels of all scenarios of one outcome, in order."""
    means = outcome_means(runs, outcome)
    return [
        line_end(outcome, band.mean, means.get(name, np.nan), name, scenario_look(position), words)
        for position, (name, band) in enumerate(bands.items())
    ]


def draw_curves(
    panel: Panel, outcome: str, bands: Mapping[str, Band], runs: pd.DataFrame, words: Words, n_steps: int = 4
) -> None:
    """Draw one outcome of all scenarios into a panel, each line labeled at its end."""
    value_scale(panel, outcome, value_extent(list(bands.values())), words, n_steps)
    for position, band in enumerate(bands.values()):
        draw_band(panel, band, scenario_look(position), len(bands))
    draw_labels(panel, curve_ends(outcome, bands, runs, words))


@drawing()
def curves_figure(
    series: pd.DataFrame,
    runs: pd.DataFrame,
    outcomes: Sequence[str] = USE_OUTCOMES,
    words: Words = ENGLISH,
    width: float = WIDTH,
) -> Figure:
    """Draw outcomes by week, one panel each: the mean of the runs, and a band for their spread.

    Parameters
    ----------
    series : DataFrame
        One row a run and week: run_id, scenario, week and the outcomes.
    runs : DataFrame
        One row a run: scenario and the outcomes, whose means stand beside the lines.
    outcomes : sequence of str
        One panel each, from top to bottom.
    words : mapping
        Catalog of texts.
    width : float
        Width of the figure [inches]; less than usual for a telephone.
    """
    bands = weekly_bands(series, outcomes)
    names = scenario_names(series)
    caption = f"{explain_spread(run_counts(series), 'band', words)} {explain_numbers(outcomes, words)}"
    if len(outcomes) > 1:
        caption += " " + words["curves.scales"]
    is_use = set(outcomes) <= set(USE_OUTCOMES)
    title = words[f"curves.{'title' if is_use else 'weekly'}{'' if len(names) > 1 else '_one'}"]
    page = Page(
        width,
        len(outcomes) * PANEL_STEP + 0.3,
        title.format(scenario=clean_name(names[0])),
        caption=caption,
    )
    ends = [end for outcome in outcomes for end in curve_ends(outcome, bands[outcome], runs, words)]
    left = MARGIN + AXIS_ROOM
    panel_width = width - left - labels_width(ends, len(names))
    first, last = int(series["week"].min()), int(series["week"].max())
    for row, outcome in enumerate(outcomes):
        panel = page.panel(left, page.top + 0.3 + row * PANEL_STEP, panel_width, PANEL_HEIGHT)
        dress(panel)
        week_scale(panel, first, last, words, labels=row == len(outcomes) - 1)
        draw_curves(panel, outcome, bands[outcome], runs, words)
        name, meaning = words[f"outcome.{outcome}"], words.get(f"meaning.{outcome}", "")
        has_room = text_width(name, HEADING_SIZE, "bold") + text_width(meaning, TEXT_SIZE) < width - 2 * MARGIN
        heading(panel, name, meaning if has_room else "", -AXIS_ROOM)
    return page.figure
