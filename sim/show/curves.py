"""Weekly curves: how many read, take part and post, each scenario with the spread of its runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.show.layout import (
    AXIS_ROOM,
    ENGLISH,
    MARGIN,
    Band,
    End,
    Page,
    Panel,
    Words,
    clean_name,
    draw_band,
    draw_labels,
    dress,
    explain_numbers,
    heading,
    labels_width,
    line_end,
    line_height,
    text_width,
    value_scale,
    week_scale,
    wrap,
)
from sim.show.style import FRAME_LOOKS, HEADING_SIZE, TEXT_SIZE, drawing, look_of, scenario_look
from sim.show.summary import explain_spread, outcome_means, run_counts, scenario_names, spread_for, summarize

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


# What people think the platform is for: the three meanings of the frame by week, one panel a scenario.


FRAME_PANEL = 1.9
COLUMN_GAP = 0.3  # inches between the labels of one column and the ticks of the next


@drawing()
def frame_figure(
    series: pd.DataFrame,
    runs: pd.DataFrame,
    words: Words = ENGLISH,
    width: float = WIDTH,
    every: Sequence[str] = (),
) -> Figure:
    """Draw the mean shares of the three meanings by week, one panel a scenario, all on one scale.

    Parameters
    ----------
    series : DataFrame
        One row a run and week: run_id, scenario, week, frame_social, frame_collaboration, frame_broadcast.
    runs : DataFrame
        One row a run: scenario and the three shares, whose means stand beside the lines.
    words : mapping
        Catalog of texts.
    width : float
        Width of the figure [inches]; less than usual for a telephone, where all panels stand below each other.
    """
    meanings = list(FRAME_LOOKS)
    bands = weekly_bands(series, meanings)
    names = scenario_names(series)
    extent = value_extent([band for meaning in meanings for band in bands[meaning].values()])
    first, last = int(series["week"].min()), int(series["week"].max())
    n_columns = min(2, len(names)) if width >= WIDTH else 1
    n_rows = -(-len(names) // n_columns)

    means = {meaning: outcome_means(runs, meaning) for meaning in meanings}

    def frame_ends(name: str) -> list[End]:
        return [
            line_end(
                meaning,
                bands[meaning][name].mean,
                means[meaning].get(name, np.nan),
                words[f"frames.{meaning}"],
                look,
                words,
            )
            for meaning, look in FRAME_LOOKS.items()
        ]

    label_room = labels_width([end for name in names for end in frame_ends(name)], len(meanings))
    panel_width = (width - MARGIN - AXIS_ROOM - n_columns * label_room - (n_columns - 1) * COLUMN_GAP) / n_columns
    headings = [words["frames.scenario"].format(scenario=clean_name(name)) for name in names]
    titles = [wrap(text, HEADING_SIZE, panel_width + label_room - 0.1, "bold") for text in headings]
    head = max(len(lines) for lines in titles) * line_height(HEADING_SIZE) + 0.1 if len(names) > 1 else 0.1
    step = FRAME_PANEL + head + 0.4
    title = words["frames.title"] if len(names) > 1 else words["frames.title_one"]
    page = Page(
        width,
        n_rows * step + 0.3,
        title.format(scenario=clean_name(names[0])),
        caption=(
            f"{explain_spread(run_counts(series), 'band', words)} {explain_numbers(meanings, words)}"
            f" {words['frames.caption']}"
        ),
    )
    for place, name in enumerate(names):
        row, column = divmod(place, n_columns)
        left = MARGIN + AXIS_ROOM + column * (panel_width + label_room + COLUMN_GAP)
        top = page.top + row * step
        panel = page.panel(left, top + head, panel_width, FRAME_PANEL)
        dress(panel)
        value_scale(panel, meanings[0], extent, words)
        is_lowest = place + n_columns >= len(names)
        week_scale(panel, first, last, words, labels=is_lowest)
        if column:
            panel.axes.set_ylabel("")
        for meaning in meanings:
            draw_band(panel, bands[meaning][name], FRAME_LOOKS[meaning], len(meanings))
        draw_labels(panel, frame_ends(name))
        if len(names) > 1:
            ink = look_of(name, every or names).ink
            page.write(left, top, "\n".join(titles[place]), size=HEADING_SIZE, weight="bold", color=ink)
    return page.figure
