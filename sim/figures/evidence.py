"""The figures of a calibration and of the scorecard."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.wording import measured_text
from sim.evidence.calibration.folder import Calibration, rows_of
from sim.evidence.calibration.weighing import Yardstick
from sim.evidence.scorecard.claims import SWITCHES
from sim.evidence.scorecard.finding import arm_title, estimate_text, result_text, scaled, unit_text
from sim.evidence.scorecard.plan import PROFILES, ForwardRow
from sim.evidence.scorecard.score import Score
from sim.evidence.scorecard.verdicts import CANNOT_TELL, DOES_NOT_HOLD, HOLDS, Result, VerdictWord
from sim.figures.layout import ENGLISH, MARGIN, Page, Panel
from sim.figures.rows import (
    AXIS_FOOT,
    COLUMN_GAP,
    ROW,
    SIZE,
    Column,
    Head,
    bar,
    dot,
    fitted,
    row_page,
    scale_row,
    write_columns,
    write_line,
)
from sim.figures.style import DOT, INK, QUIET_INK, RULE, ZERO, drawing, save_figure, scenario_look
from sim.words import interval, number

FIGURES_FOLDER = "figures"
WIDTH = 8.5
FARTHEST = 6.0
"""Tolerances beyond which the targets figure cuts off."""
MOST_PARAMETERS = 30
HEADING = 0.3
TRACK = "#E3E3E3"
COOL, WARM = scenario_look(0).color, scenario_look(1).color


def calibration_figures(found: Calibration) -> Iterator[tuple[str, Figure]]:
    """Yield name and figure for everything that a calibration can show, one at a time."""
    yield "targets", targets_figure(found)
    yield "parameters", parameters_figure(found)
    if len(found.tables["pulls"]):
        yield "pulls", pulls_figure(found)
    yield "effective", effective_figure(found)


def draw_calibration(found: Calibration) -> list[Path]:
    """Write every figure as PNG and SVG into the folder of the calibration and return the paths."""
    folder = found.folder / FIGURES_FOLDER
    folder.mkdir(exist_ok=True)
    return [path for name, figure in calibration_figures(found) for path in save_figure(figure, folder, name)]


def _off(row: Any, values: list[float]) -> np.ndarray:
    """Return values on the scale of a target, in tolerances from the published number, cut off far away."""
    yardstick = Yardstick(
        (row.id,), np.array([row.value]), np.array([row.tolerance]), np.array([row.scale == "log"]), np.array([False])
    )
    off = yardstick.misfit(np.array(values, dtype=float)[:, None])[:, 0]
    return np.where(np.isnan(off), np.nan, np.clip(off, -FARTHEST, FARTHEST))


@drawing()
def targets_figure(found: Calibration) -> Figure:
    """Draw for each target what the prior shows and what the plausible worlds predict, in tolerances."""
    frame = found.tables["targets"]
    parts = [frame[(frame["use"] == use)] for use in ("used", "check")]
    rows = pd.concat(parts, ignore_index=True)
    n_used = len(parts[0])
    places = [ROW * (position + 0.5) + (HEADING if position >= n_used else 0.0) for position in range(len(rows))]
    counts = found.summary["targets"]
    names = [f"{row.id}  {str(row.observable).replace('_', ' ')}" for row in rows_of(rows)]
    organizations = list(rows["scenario"])
    published = [("≥ " if row.kind == "at least" else "") + measured_text(row.value) for row in rows_of(rows)]
    columns = fitted(
        [
            Column("target", names),
            Column("organization", organizations, [QUIET_INK] * len(rows)),
            Column("number", published, is_right=True),
        ],
        WIDTH - 2 * MARGIN - 3.4,
    )
    page, top, (panel,) = row_page(
        WIDTH, places, [Head()], columns, above=HEADING,
        title=f"{counts['fitted_inside']} of {counts['fitted']} fitted targets lie inside their 90% predictive "
        "interval",
        subtitle="Distance from the published number (0), in tolerances: right of it the model shows more, left of it "
        "less.",
        caption="Gray: middle 90% of draws from the prior. Blue: middle 90% of the plausible worlds, dot: median; the "
        "thin line adds the tolerance, and orange says that it misses the target. Cut off at six tolerances. For "
        "a lower bound (≥), everything right of 0 is fine.",
    )  # fmt: skip
    axes = panel.axes
    axes.set_xlim(-FARTHEST - 0.2, FARTHEST + 0.2)
    ticks = np.arange(-FARTHEST, FARTHEST + 1, 2)
    axes.set_xticks(ticks, [number(float(tick), 0, is_signed=True) for tick in ticks])
    axes.set_xlabel("tolerances from the published number", fontsize=SIZE)
    axes.xaxis.grid(True, color=RULE, linewidth=0.8)
    axes.axvline(0, color=INK, linewidth=1.0, zorder=1.5)
    for row, place in zip(rows_of(rows), places, strict=True):
        color = COOL if row.is_inside else WARM
        prior = _off(row, [row.prior_low, row.prior_high])
        wide, worlds = _off(row, [row.low, row.high]), _off(row, [row.bare_low, row.bare_high])
        bar(panel, place, prior[0], prior[1], TRACK, 8.0)
        bar(panel, place, wide[0], wide[1], color, 1.0)
        bar(panel, place, worlds[0], worlds[1], color, 4.0)
        dot(panel, place, float(_off(row, [row.middle])[0]), color, "o", is_filled=row.use == "used", size=4.5)
    if n_used < len(rows):
        write_line(page, MARGIN, top + places[n_used] - ROW / 2 - HEADING / 2 + 0.02, "only compared", INK, "bold")
    return page.figure


@drawing()
def parameters_figure(found: Calibration) -> Figure:
    """Draw prior and posterior of the parameters that the targets say most about."""
    frame = found.tables["parameters"].sort_values("distance", ascending=False, kind="stable")
    rows = frame.head(MOST_PARAMETERS).reset_index(drop=True)
    n_informed = int(frame["is_informed"].sum())
    places = [ROW * (position + 0.5) for position in range(len(rows))]
    silent = len(frame) - n_informed
    inks = [INK if informed else QUIET_INK for informed in rows["is_informed"]]
    columns = fitted([Column("parameter", [name.removeprefix("behavior.") for name in rows["parameter"]], inks)], 2.2)
    right = [
        Column("posterior (median, 90%)", [
            f"{measured_text(row.middle)}  {interval(measured_text(row.low), measured_text(row.high))}"
            for row in rows_of(rows)
        ], inks),
        Column("distance", [number(value, 2) for value in rows["distance"]], inks, is_right=True),
    ]  # fmt: skip
    page, _, (panel,) = row_page(
        WIDTH, places, [Head()], columns, right, above=HEADING,
        title=f"The targets say something about {n_informed} of {len(frame)} parameters",
        subtitle=f"About {silent} they say no more than chance would: these keep their prior."
        + (f" Shown are the {len(rows)} that moved most." if len(frame) > len(rows) else ""),
        caption="Gray: the plausible range (prior). Bar: 90% interval of the posterior, dot: median; hollow and gray "
        "where the change is within chance. Distance: largest difference of the distribution functions, 0 (as the "
        "prior) to 1.",
    )  # fmt: skip
    panel.axes.set_xlim(-0.02, 1.02)
    panel.axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["lowest", "", "middle", "", "highest"])
    panel.axes.set_xlabel("place in the plausible range", fontsize=SIZE)
    for row, place in zip(rows_of(rows), places, strict=True):
        # The prior is uniform, so its 5% and 95% quantiles fix the ends of the range.
        span = (row.prior_high - row.prior_low) / 0.9 or 1.0
        start = row.prior_low - 0.05 * span
        low, middle, high = ((value - start) / span for value in (row.low, row.middle, row.high))
        color = COOL if row.is_informed else DOT
        bar(panel, place, 0.0, 1.0, TRACK, 8.0)
        bar(panel, place, low, high, color, 3.0)
        dot(panel, place, middle, color, "o", is_filled=bool(row.is_informed), size=4.5)
    return page.figure


@drawing()
def pulls_figure(found: Calibration) -> Figure:
    """Draw which parameters move which target most: rank correlations over draws from the prior."""
    pulls = found.tables["pulls"]
    targets = list(dict.fromkeys(pulls["id"]))
    strength = pulls.assign(size=pulls["correlation"].abs()).groupby("parameter")["size"].max()
    parameters = list(strength.sort_values(ascending=False, kind="stable").head(MOST_PARAMETERS).index)
    table = pulls.pivot(index="parameter", columns="id", values="correlation").reindex(parameters)[targets]
    correlations = table.to_numpy(dtype=float)
    cell, foot = 0.27, 0.95
    names = [name.removeprefix("behavior.") for name in parameters]
    column = Column("parameter", names)
    left = MARGIN + column.width + COLUMN_GAP
    width = WIDTH - MARGIN - left
    page = Page(
        WIDTH,
        HEADING + cell * len(parameters) + foot,
        "Which parameters move which target",
        "Rank correlation over draws from the prior; for each target the five strongest.",
        "Blue: more of the parameter, more of what is measured; orange: less. Numbers are hundredths.",
    )
    top = page.top + HEADING
    write_columns(page, MARGIN, top, [column], [cell * (position + 0.5) for position in range(len(parameters))])
    panel = page.panel(left, top, width, cell * len(parameters))
    axes = panel.axes
    axes.set_xlim(0, len(targets))
    axes.set_ylim(len(parameters), 0)
    for y in range(len(parameters)):
        for x in range(len(targets)):
            value = float(correlations[y, x])
            if not np.isfinite(value):
                continue
            color = COOL if value > 0 else WARM
            axes.add_patch(_cell(x, y, color, min(1.0, 0.15 + abs(value))))
            ink = "white" if abs(value) > 0.35 else INK
            text = number(100 * value, 0)
            axes.text(x + 0.5, y + 0.53, text, ha="center", va="center", fontsize=6.5, color=ink)
    axes.set_xticks(np.arange(len(targets)) + 0.5, targets, rotation=60, ha="right", rotation_mode="anchor")
    axes.set_yticks([])
    axes.tick_params(length=0, labelsize=SIZE)
    axes.set_xticks(np.arange(len(targets) + 1), minor=True)
    axes.set_yticks(np.arange(len(parameters) + 1), minor=True)
    axes.grid(True, which="minor", color=RULE, linewidth=0.6)
    axes.tick_params(which="minor", length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    return page.figure


def _cell(x: int, y: int, color: str, strength: float) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), 1, 1, facecolor=color, alpha=strength, linewidth=0)


@drawing()
def effective_figure(found: Calibration) -> Figure:
    """Draw how many draws the weighted points are worth, from wave to wave."""
    growth = found.tables["growth"]
    page = Page(
        WIDTH,
        2.9,
        f"The points are worth {number(found.summary['effective_size'], 0)} draws of equal weight",
        "Points that were run, against how many draws of equal weight from the posterior they are worth; a dot a wave.",
        "Told by their weights: the square of their sum, over the sum of their squares. A curve that goes on rising"
        " says that more points would still add; some hundreds are enough for the set of worlds.",
    )
    panel = page.panel(MARGIN + 0.55, page.top + 0.1, WIDTH - 2 * MARGIN - 0.75, 2.2)
    axes = panel.axes
    axes.plot(growth["points"], growth["effective"], color=COOL, marker="o", markersize=4, linewidth=1.6, zorder=3)
    axes.set_ylim(0, float(max(growth["effective"].max(), 1.0)) * 1.1 if len(growth) else 1.0)
    axes.set_xlabel("points run", fontsize=SIZE)
    axes.set_ylabel("draws of equal weight", fontsize=SIZE)
    axes.tick_params(labelsize=SIZE, length=0)
    axes.yaxis.grid(True, color=RULE, linewidth=0.8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    return page.figure


# The picture of a pattern, its value in every arm on the scale where it is predicted; and of the forward test.

PATTERN_WIDTH = 7.4
PATTERN_ROW = 0.27
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
    page, panel = _drawn(
        f"{pattern.id}: {pattern.claim}", [arm_title(one.name) for one in SWITCHES], results, unit, 1.5 * margin
    )
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
    places = [(position + 0.5) * PATTERN_ROW for position in range(len(names))]
    beside = Column("", names)
    estimates = [result.estimate for result in results]
    after = [Column("", [estimate_text(unit, found) for found in estimates])]
    if has_verdicts:
        after.append(Column("", [result_text(result) for result in results], [QUIET_INK] * len(results)))
    page, _, (panel,) = row_page(
        PATTERN_WIDTH, places, [Head()], [beside], after, below=PATTERN_ROW / 2 + AXIS_FOOT - 0.2, title="", label=title
    )
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
