"""What people think the platform is for: the three meanings of the frame by week, one panel a scenario."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.show.curves import value_extent, weekly_bands
from sim.show.layout import MARGIN, Page, clean_name, line_height, wrap
from sim.show.marks import (
    AXIS_ROOM,
    End,
    draw_band,
    draw_labels,
    dress,
    explain_numbers,
    labels_width,
    line_end,
    value_scale,
    week_scale,
)
from sim.show.style import FRAME_LOOKS, HEADING_SIZE, drawing, scenario_look
from sim.show.summary import explain_spread, outcome_means, run_counts, scenario_names
from sim.show.words import ENGLISH, Words

WIDTH = 8.5
PANEL_HEIGHT = 1.9
COLUMN_GAP = 0.3  # inches between the labels of one column and the ticks of the next


@drawing()
def frame_figure(series: pd.DataFrame, runs: pd.DataFrame, words: Words = ENGLISH, width: float = WIDTH) -> Figure:
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
    step = PANEL_HEIGHT + head + 0.4
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
        panel = page.panel(left, top + head, panel_width, PANEL_HEIGHT)
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
            ink = scenario_look(place).ink
            page.write(left, top, "\n".join(titles[place]), size=HEADING_SIZE, weight="bold", color=ink)
    return page.figure
