"""The picture of a pattern, its value in every arm on the scale where it is predicted; and of the forward test."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from sim.show.layout import ENGLISH, MARGIN, Page, Panel
from sim.show.report.scorecard_finding import estimate_text, result_text, scaled, unit_text
from sim.show.rows import AXIS_FOOT, COLUMN_GAP, Column, bar, dot, row_panel, scale_row, write_columns
from sim.show.style import DOT, QUIET_INK, ZERO, drawing, scenario_look
from sim.study.scorecard.claims import SWITCHES
from sim.study.scorecard.plan import PROFILES, ForwardRow
from sim.study.scorecard.score import Score
from sim.study.scorecard.verdicts import CANNOT_TELL, DOES_NOT_HOLD, HOLDS, Result, VerdictWord

WIDTH = 7.4
ROW = 0.27
SIDE = "#DBE9F4"
"""Where the claim predicts the value."""

LOOKS: dict[VerdictWord, tuple[str, str]] = {
    HOLDS: (scenario_look(0).color, "o"), DOES_NOT_HOLD: ("#A8340B", "x"), CANNOT_TELL: (ZERO, "o"),
}  # fmt: skip
"""Color and marker of a verdict; where one cannot tell the marker is hollow."""


def predicted_sides(shape: str, margin: float) -> list[tuple[float, float]]:
    """Return the stretches of the scale on which the claim puts the statistic."""
    return {
        "more": [(0.0, math.inf)],
        "at least": [(-margin, math.inf)],
        "alike": [(-margin, margin)],
        "differ": [(-math.inf, -margin), (margin, math.inf)],
    }[shape]


@drawing()
def pattern_figure(score: Score) -> Figure:
    """Draw a pattern: a row an arm, with the predicted side and what counts as no difference behind it."""
    pattern = score.pattern
    unit, margin = pattern.statistic.unit, scaled(pattern.statistic.unit, pattern.margin)
    results = [score.results[switch.name] for switch in SWITCHES]
    page, panel = _drawn(f"{pattern.id}: {pattern.claim}", [one.title for one in SWITCHES], results, unit, 1.5 * margin)
    for side in predicted_sides(pattern.shape, margin):
        panel.axes.axvspan(*np.clip(side, *panel.axes.get_xlim()), color=SIDE, linewidth=0, zorder=0.3)
    if pattern.shape != "alike":
        panel.axes.axvspan(-margin, margin, color=DOT, alpha=0.3, linewidth=0, zorder=0.4)
    return page.figure


@drawing()
def forward_figure(row: ForwardRow, title: str) -> Figure:
    """Draw a gap of the forward test: a row a profile, each with its interval."""
    return _drawn(title, PROFILES, [Result(found, HOLDS) for found in row.at], "points", 1.0, has_verdicts=False)[
        0
    ].figure


def _drawn(
    title: str, names: Sequence[str], results: Sequence[Result], unit: str, least: float, has_verdicts: bool = True
) -> tuple[Page, Panel]:
    """Return a page with a row for each result, on a scale that reaches at least this far to both sides of zero."""
    places = [(position + 0.5) * ROW for position in range(len(names))]
    beside = Column("", names)
    estimates = [result.estimate for result in results]
    after = [Column("", [estimate_text(unit, found) for found in estimates])]
    if has_verdicts:
        after.append(Column("", [result_text(result) for result in results], [QUIET_INK] * len(results)))
    left = MARGIN + beside.width + COLUMN_GAP
    width = WIDTH - MARGIN - left - sum(column.width + COLUMN_GAP for column in after)
    page = Page(WIDTH, max(places) + ROW / 2 + AXIS_FOOT - 0.2, "", label=title)
    write_columns(page, MARGIN, page.top, [beside], places)
    write_columns(page, left + width + COLUMN_GAP, page.top, after, places)
    panel = row_panel(page, left, page.top, width, places)
    values = [[scaled(unit, value) for value in found[:3]] for found in estimates]
    known = [value for row in values for value in row if not math.isnan(value)]
    low, high = min([*known, -least]), max([*known, least])
    room = 0.04 * (high - low)
    scale_row(panel, (low - room, high + room), unit_text(unit), ENGLISH)
    panel.axes.axvline(0.0, color=ZERO, linewidth=1.0, zorder=1.5)
    for (value, low, high), result, place in zip(values, results, places, strict=True):
        color, marker = LOOKS[result.verdict]
        bar(panel, place, low, high, color, 2.2)
        dot(panel, place, value, color, marker, is_filled=result.verdict != CANNOT_TELL)
    return page, panel
