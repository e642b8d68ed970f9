"""All runs of a class in one picture: a line a run, in the color of what its launch says that the platform is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from sim.figures.curves import value_extent
from sim.figures.layout import (
    AXIS_ROOM,
    MARGIN,
    Band,
    End,
    Page,
    Panel,
    Words,
    draw_band,
    draw_labels,
    dress,
    explain_numbers,
    heading,
    labels_width,
    line_end,
    line_height,
    swarm,
    text_width,
    tick_values,
    value_scale,
    week_scale,
    wrap,
)
from sim.figures.rows import SIZE, row_panel, shortened, value_axis, write_line
from sim.figures.style import DOT, FRAME_LOOKS, INK, QUIET_INK, RULE, TEXT_SIZE, Look, drawing
from sim.model.outcomes import FINAL_WEEKS

WIDTH = 8.5
PANEL_HEIGHT = 3.4
MOST_LINES = 160
"""More runs than this are drawn as an even sample; more lines are a blot, and a large file."""


def drawn_runs(series: pd.DataFrame, most: int = MOST_LINES) -> list[str]:
    """Return the runs to draw: all if they are few, else an even sample in their order."""
    names = [str(name) for name in series["run_id"].drop_duplicates()]
    if len(names) <= most:
        return names
    return [names[place] for place in np.linspace(0, len(names) - 1, most).round().astype(int)]


def mean_bands(series: pd.DataFrame) -> dict[str, Band]:
    """Return the mean over launches by week for each meaning; each launch counts once, however often it was run."""
    bands = {}
    for meaning in MEANING_LOOKS:
        own = series[series["meaning"] == meaning]
        if own.empty:
            continue
        weekly = own.groupby(["launch", "week"])["value"].mean().groupby("week").mean()
        nothing = np.full(len(weekly), np.nan)
        bands[meaning] = Band(weekly.index.to_numpy(dtype=float), weekly.to_numpy(dtype=float), nothing, nothing)
    return bands


def end_means(series: pd.DataFrame) -> dict[str, float]:
    """Return the mean over launches of the last four weeks for each meaning; each launch counts once."""
    last = series[series["week"] > series.groupby("run_id")["week"].transform("max") - FINAL_WEEKS]
    runs = last.groupby(["meaning", "launch", "run_id"])["value"].mean()
    launches = runs.groupby(["meaning", "launch"]).mean()
    return {str(meaning): float(mean) for meaning, mean in launches.groupby("meaning").mean().items()}


@drawing()
def class_runs_figure(series: pd.DataFrame, outcome: str, words: Words, width: float = WIDTH) -> Figure:
    """Draw every run of a class by week.

    Parameters
    ----------
    series : DataFrame
        A row for each run and week: run_id, launch, meaning (``social``, ``collaboration``, ``broadcast`` or
        ``mixed``), week, value.
    outcome : str
        What the values are.
    words : mapping
        Catalog of texts.
    width : float
        Width of the figure [inches]; less than usual for a telephone.
    """
    names = drawn_runs(series)
    bands = mean_bands(series)
    n_runs = int(series["run_id"].nunique())
    caption = f"{words['class_runs.caption']} {explain_numbers([outcome], words)}"
    if len(names) < n_runs:
        caption += " " + words["class_runs.some"].format(n=len(names), of=n_runs)
    title = words["class_runs.title"].format(outcome=words[f"outcome.{outcome}"])
    means = end_means(series)
    ends = []
    for meaning, band in bands.items():
        name = words[f"class_runs.meaning.{meaning}"]
        ends.append(line_end(outcome, band.mean, means[meaning], name, MEANING_LOOKS[meaning], words))
    is_narrow = width < WIDTH
    head = len(ends) * line_height(TEXT_SIZE) + 0.12 if is_narrow else 0.0
    page = Page(width, PANEL_HEIGHT + head + 0.55, title, words["class_runs.subtitle"], caption)
    left = MARGIN + AXIS_ROOM
    room = MARGIN if is_narrow else labels_width(ends, len(ends))
    panel = page.panel(left, page.top + head, width - left - room, PANEL_HEIGHT)
    dress(panel)
    week_scale(panel, int(series["week"].min()), int(series["week"].max()), words)
    drawn = series[series["run_id"].isin(names)]
    values = drawn["value"].to_numpy(dtype=float)
    everything = Band(values, values, values, values)
    value_scale(panel, outcome, value_extent([everything, *bands.values()]), words, 5)
    opacity = 0.45 if len(names) <= 40 else 0.3
    for meaning, look in MEANING_LOOKS.items():
        own = drawn[drawn["meaning"] == meaning]
        lines = [rows[["week", "value"]].to_numpy(dtype=float) for _, rows in own.groupby("run_id", sort=False)]
        if lines:
            drawing_of = LineCollection(lines, colors=look.color, linewidths=0.7, alpha=opacity, zorder=2)
            panel.axes.add_collection(drawing_of, autolim=False)
    for meaning, band in bands.items():
        draw_band(panel, band, MEANING_LOOKS[meaning], len(bands))
    if is_narrow:
        _write_above(page, ends)
    else:
        draw_labels(panel, ends)
    return page.figure


def _write_above(page: Page, ends: Sequence[End]) -> None:
    """Write the labels of lines above the panel, where there is no room beside it; the highest line first."""
    ordered = sorted(ends, key=lambda end: -end.y)
    for place, end in enumerate(ordered):
        top = page.top + place * line_height(TEXT_SIZE) - 0.06
        middle = 1 - (top + 0.075) / page.height
        line = Line2D(
            [MARGIN / page.width, (MARGIN + 0.3) / page.width], [middle, middle], color=end.look.color,
            linestyle=end.look.dashes, linewidth=1.9, transform=page.figure.transFigure,
        )  # fmt: skip
        page.figure.add_artist(line)
        page.write(MARGIN + 0.4, top, f"{end.value} {end.name}".strip(), color=end.look.ink, weight="bold")


# What the figures about a class have in common: colors for what a launch says that the platform is for.


MEANING_LOOKS: dict[str, Look] = {
    **{name.removeprefix("frame_"): look for name, look in FRAME_LOOKS.items()},
    "mixed": Look("#8A8A8A", "#5C5C5C", (0, (4, 1.5)), "D"),
}
"""By what a message is mostly about; the colors are those of the frames in every other figure."""


# The launches of a class from best to worst: every run, what each card says, and the mean.


ROW, STACKED_ROW = 0.36, 0.5
LABEL_ROOM = 3.3
MOST_ROWS = 24
MOST_DOTS = 60
"""More runs of one launch than this are drawn as an even sample."""

AXIS_FOOT = 0.5
SWARM = 0.1  # inches up and down


def shown_launches(launches: pd.DataFrame, most: int = MOST_ROWS) -> pd.DataFrame:
    """Return the launches to draw: all if they are few, else the best and the worst."""
    if len(launches) <= most:
        return launches
    half = most // 2
    return pd.concat([launches.head(half), launches.tail(most - half)])


@drawing()
def class_launches_figure(
    launches: pd.DataFrame, runs: pd.DataFrame, means: pd.DataFrame, outcome: str, words: Words,
    width: float = WIDTH,
) -> Figure:  # fmt: skip
    """Draw a row for each launch: small dots are runs, rings are cards, the large mark is the mean.

    Parameters
    ----------
    launches : DataFrame
        From best to worst: launch, name, meaning, mean.
    runs : DataFrame
        launch, value: a row for each run.
    means : DataFrame
        launch, value: a row for each card.
    outcome : str
        What the values are.
    words : mapping
        Catalog of texts.
    width : float
        Width of the figure [inches]; on a telephone names stand above the dots.
    """
    shown = shown_launches(launches)
    is_stacked = width < WIDTH
    row = STACKED_ROW if is_stacked else ROW
    places = [(place + 0.5) * row for place in range(len(shown))]
    caption = words["class_launches.caption"]
    if len(shown) < len(launches):
        caption += " " + words["class_launches.some"].format(n=len(shown), of=len(launches))
    page = Page(width, len(shown) * row + AXIS_FOOT + 0.1, words["class_launches.title"],
                words["class_launches.subtitle"], caption)  # fmt: skip
    left = MARGIN if is_stacked else MARGIN + LABEL_ROOM
    panel = row_panel(page, left, page.top, width - MARGIN - left - 0.1, places, row / 2)
    drawn = runs[runs["launch"].isin(shown["launch"])]
    value_axis(panel, outcome, np.concatenate([drawn["value"], shown["mean"], _of(means, shown)]), words)
    for place, launch in zip(places, shown.itertuples(), strict=True):
        shown_mean = float(str(launch.mean))
        dots = place + (0.09 if is_stacked else 0.0)
        look = MEANING_LOOKS[str(launch.meaning)]
        room = width - 2 * MARGIN if is_stacked else LABEL_ROOM - 0.15
        lines = _name_lines(str(launch.name), room, 1 if is_stacked else 2)
        first = place - 0.12 if is_stacked else place - (len(lines) - 1) * line_height(SIZE) / 2
        for number, line in enumerate(lines):
            write_line(page, MARGIN, page.top + first + number * line_height(SIZE), line, look.ink)
        panel.axes.axhline(dots, color=RULE, linewidth=0.6, zorder=1)
        own = runs.loc[runs["launch"] == launch.launch, "value"].dropna().to_numpy(dtype=float)
        _draw_runs(panel, own, dots)
        cards = means.loc[means["launch"] == launch.launch, "value"].dropna().to_numpy(dtype=float)
        panel.axes.plot(
            cards, np.full(len(cards), dots), linestyle="none", marker="o", markersize=6.5, markerfacecolor="none",
            markeredgecolor=INK, markeredgewidth=0.8, alpha=0.55, zorder=3, clip_on=False,
        )  # fmt: skip
        panel.axes.plot(
            [shown_mean], [dots], linestyle="none", marker=look.marker, markersize=7, color=look.color,
            markeredgecolor="white", markeredgewidth=0.8, zorder=4, clip_on=False,
        )  # fmt: skip
    if len(shown) < len(launches):
        middle = page.top + (MOST_ROWS // 2) * row
        panel.axes.axhline(middle - page.top, color=QUIET_INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
    return page.figure


def _name_lines(name: str, room: float, most: int) -> list[str]:
    """Return a name on at most so many lines, the middle of what does not fit left out."""
    lines = wrap(name, SIZE, room)
    if len(lines) > most:
        lines = [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), room)]
    return lines


def _of(means: pd.DataFrame, shown: pd.DataFrame) -> np.ndarray:
    return np.asarray(means.loc[means["launch"].isin(shown["launch"]), "value"], dtype=float)


def _draw_runs(panel: Panel, values: np.ndarray, place: float) -> None:
    if len(values) > MOST_DOTS:
        values = np.sort(values)[np.linspace(0, len(values) - 1, MOST_DOTS).round().astype(int)]
    low, high = panel.axes.get_xlim()
    offsets = swarm(values, span=high - low, n_levels=60) * SWARM
    panel.axes.plot(
        values, place + offsets, linestyle="none", marker="o", markersize=2.6, color=DOT, markeredgewidth=0, zorder=2,
        clip_on=False,
    )  # fmt: skip


# What a class predicted, and what became of it: bars of cards, an answer a row.


GUESS_ROW = 0.42
BAR = 0.27
GAP = 0.85  # inches between panels, with the axis and the heading
HEAD = 0.32
COUNT_ROOM = 0.55  # inches right of a panel
KEY = 0.13  # inches, side of the squares in the key

# From "it came true" to "it did not": blue against orange, dark where it is sure, so that it survives a gray printer.
COLORS: Mapping[str, tuple[str, str]] = {
    "true": ("#004488", "#FFFFFF"),
    "perhaps": ("#9DB8D6", INK),
    "hardly": ("#F0CDB0", INK),
    "false": ("#B54A00", "#FFFFFF"),
}


class Question(NamedTuple):
    """One thing that was predicted.

    Attributes
    ----------
    title : str
        The question.
    labels : sequence of str
        The answers, as rows from top to bottom.
    table : DataFrame
        A row for each answer; columns ``true``, ``perhaps``, ``hardly``, ``false``: numbers of cards.
    """

    title: str
    labels: Sequence[str]
    table: pd.DataFrame


@drawing()
def class_predictions_figure(questions: Sequence[Question], words: Words, width: float = WIDTH) -> Figure:
    """Draw how many cards gave each answer, and what became of it.

    Parameters
    ----------
    questions : sequence of Question
        One panel each.
    words : mapping
        Catalog of texts.
    width : float
        Width of the figure [inches]; less than usual for a telephone.
    """
    kinds = [kind for kind in COLORS if any(each.table[kind].sum() for each in questions)]
    room = min(2.6, 0.36 * width)
    labels = [[wrap(label, TEXT_SIZE, room - 0.1) for label in each.labels] for each in questions]
    rows = [max(GUESS_ROW, max(map(len, each)) * line_height(TEXT_SIZE) + 0.1) for each in labels]
    key_lines = _key_lines(kinds, words, width - 2 * MARGIN)
    key = len(key_lines) * 0.2 + 0.12
    heights = [len(each.labels) * row for each, row in zip(questions, rows, strict=True)]
    titles = [wrap(each.title, TEXT_SIZE + 1, width - 2 * MARGIN, "bold") for each in questions]
    body = key + sum(heights) + sum(GAP + (len(title) - 1) * 0.17 for title in titles)
    page = Page(width, body, words["class_predictions.title"], caption=words["class_predictions.caption"])
    _draw_key(page, key_lines, words)
    top = page.top + key
    most = max(int(each.table[list(COLORS)].sum(axis=1).max()) for each in questions)
    for question, title, lines, row, height in zip(questions, titles, labels, rows, heights, strict=True):
        top += HEAD + (len(title) - 1) * 0.17
        panel = page.panel(MARGIN + room, top, width - 2 * MARGIN - room - COUNT_ROOM, height)
        heading(panel, "\n".join(title), left=-room)
        _draw_bars(panel, question.table, lines, row, most, words)
        top += height + GAP - HEAD
    return page.figure


def _key_lines(kinds: Sequence[str], words: Words, room: float) -> list[list[str]]:
    """Return the entries of the key, as many to a line as fit."""
    lines: list[list[str]] = [[]]
    used = 0.0
    for kind in kinds:
        need = KEY + 0.25 + text_width(words[f"class_predictions.{kind}"], TEXT_SIZE)
        if lines[-1] and used + need > room:
            lines.append([])
            used = 0.0
        lines[-1].append(kind)
        used += need
    return lines


def _draw_key(page: Page, lines: Sequence[Sequence[str]], words: Words) -> None:
    for number, kinds in enumerate(lines):
        left, top = MARGIN, page.top + number * 0.2
        for kind in kinds:
            box = Rectangle(
                (left / page.width, 1 - (top + KEY) / page.height), KEY / page.width, KEY / page.height,
                facecolor=COLORS[kind][0], edgecolor=QUIET_INK, linewidth=0.5, transform=page.figure.transFigure,
            )  # fmt: skip
            page.figure.add_artist(box)
            said = words[f"class_predictions.{kind}"]
            page.write(left + KEY + 0.07, top - 0.015, said)
            left += KEY + 0.25 + text_width(said, TEXT_SIZE)


def _draw_bars(
    panel: Panel, table: pd.DataFrame, labels: Sequence[Sequence[str]], row: float, most: int, words: Words
) -> None:
    axes = panel.axes
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, pad=4)
    axes.set_xlim(0, max(most, 1))
    step = max(1, round(tick_values(0, max(most, 1), 6)[1]))
    axes.set_xticks(np.arange(0, most + 1, step))
    axes.xaxis.grid(True, color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_xlabel(words["class_predictions.unit"])
    axes.set_ylim(panel.height, 0)
    middles = [(place + 0.5) * row for place in range(len(labels))]
    axes.set_yticks(middles, ["\n".join(lines) for lines in labels])
    for label in axes.get_yticklabels():
        label.set_color(INK)
    for middle, counts in zip(middles, table.itertuples(), strict=True):
        start = 0
        for kind, (color, ink) in COLORS.items():
            n = int(getattr(counts, kind))
            if not n:
                continue
            axes.barh(middle, n, height=BAR, left=start, color=color, edgecolor="white", linewidth=0.8, zorder=2)
            if n / max(most, 1) * panel.width > 0.16:
                axes.text(
                    start + n / 2, middle, str(n), color=ink, horizontalalignment="center",
                    verticalalignment="center_baseline",
                )  # fmt: skip
            start += n
        total = words["class_predictions.total"].format(n=start)
        axes.text(start + 0.07 / panel.width * max(most, 1), middle, total, color=QUIET_INK,
                  verticalalignment="center_baseline")  # fmt: skip
