"""Strategies from best to worst: mean, place, and how sure the place is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.show.layout import ENGLISH, LANGUAGE, MARGIN, Page, Words
from sim.show.rows import (
    AXIS_FOOT,
    COLUMN_GAP,
    HEADING_ABOVE,
    ROW,
    SIZE,
    Column,
    bar,
    dot,
    fitted,
    row_panel,
    value_axis,
    write_columns,
    write_line,
)
from sim.show.style import INK, QUIET_INK, RULE, Look, drawing, scenario_look
from sim.study.sweeping.cells import setting_text, short_names
from sim.study.sweeping.sweep import Sweep, rows_of
from sim.study.wording import difference_number, value_text
from sim.texts import counted, percent

WIDTH = 8.5
MOST_ROWS = 60
"""More strategies than this: the best and the worst are shown."""

N_BEST, N_WORST = 45, 10
MOST_LOOKS = 6
GAP_ROWS = 1.6
"""Rows left free where rows are left out, and between those that tie with the first and the others."""

PLACE_WIDTH = 1.4
SMALLEST_PANEL = 1.7
PANEL_GAP = 0.3
CHANCE_ROOM = 1.25
"""Inches for the column of chances and the gaps around it."""


class Shown(NamedTuple):
    """The rows of the figure, best first, where they stand, and where something stands between them."""

    table: pd.DataFrame
    places: list[float]
    breaks: list[tuple[float, str]]


def ranked_table(sweep: Sweep, outcome: str) -> pd.DataFrame:
    """Return the strategies in the order of their places, with mean and interval (`mean_low`, `mean_high`)."""
    keys = ["scenario", "strategy"]
    places = sweep.strategies[sweep.strategies["outcome"] == outcome]
    means = sweep.summary[sweep.summary["outcome"] == outcome][[*keys, "mean", "low", "high"]]
    means = means.rename(columns={"low": "mean_low", "high": "mean_high"})
    joined = places.assign(strategy=places["strategy"].fillna(-1)).merge(
        means.assign(strategy=means["strategy"].fillna(-1)), on=keys, how="left"
    )
    return joined.sort_values("rank", kind="stable", na_position="last", ignore_index=True)


def lever_columns(table: pd.DataFrame, sweep: Sweep, words: Words) -> dict[str, list[str]]:
    """Return what tells the rows apart: heading -> text of each row; scenarios first, where there are several."""
    columns: dict[str, list[str]] = {}
    if table["scenario"].nunique() > 1:
        columns[words["ranking.scenario"]] = table["scenario"].astype(str).tolist()
    settings: list[Mapping[str, Any]] = [sweep.settings.get(int(number), {}) for number in table["strategy"]]
    levers = list(settings[0]) if settings else []
    for name, short in short_names(levers).items():
        columns[short] = [setting_text(one[name], words[LANGUAGE]) for one in settings]
    return columns


def most_telling(columns: Mapping[str, Sequence[str]], means: np.ndarray) -> str:
    """Return the column whose values set the means apart most, among those with few enough values for looks."""
    found = {}
    for heading, texts in columns.items():
        groups = pd.Series(means).groupby(list(texts))
        if 2 <= groups.ngroups <= MOST_LOOKS:
            found[heading] = float(((groups.transform("mean") - np.nanmean(means)) ** 2).mean())
    return max(found, key=lambda heading: found[heading]) if found else ""


def looks_of(texts: Sequence[str]) -> list[Look]:
    """Return the look of each row: one for each distinct text, the best row's first."""
    order = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return [scenario_look(order[text]) for text in texts]


def _shown(table: pd.DataFrame, words: Words) -> Shown:
    """Leave out the middle of a long table, and put rows where they stand."""
    n = len(table)
    kept = list(range(n)) if n <= MOST_ROWS else [*range(N_BEST), *range(n - N_WORST, n)]
    tied = table["is_tied_with_first"].to_numpy(dtype=bool)
    places, breaks, at = [], [], 0.0
    for position, row in enumerate(kept):
        if position and row != kept[position - 1] + 1:
            text = words["ranking.between"].format(n=row - kept[position - 1] - 1)
            breaks.append((at + ROW * GAP_ROWS / 2, text))
            at += ROW * GAP_ROWS
        elif position and tied[kept[position - 1]] and not tied[row] and not tied[row:].any():
            breaks.append((at + ROW * GAP_ROWS / 2, words["ranking.behind"]))
            at += ROW * GAP_ROWS
        places.append(at + ROW / 2)
        at += ROW
    return Shown(table.iloc[kept].reset_index(drop=True), places, breaks)


@drawing()
def ranking_figure(sweep: Sweep, outcome: str, words: Words = ENGLISH) -> Figure:
    """Draw the strategies from best to worst: mean with its interval, place with its interval.

    Parameters
    ----------
    sweep : Sweep
        With at least two candidates.
    outcome : str
        One of which more (or less) is better.
    words : mapping
        Catalog of texts.

    Raises
    ------
    ValueError
        If there are no places in this outcome.
    """
    full = ranked_table(sweep, outcome)
    if full.empty or full["rank"].isna().all():
        raise ValueError(f"no places in {outcome}")
    shown = _shown(full, words)
    table = shown.table
    columns = lever_columns(full, sweep, words)
    telling = most_telling(columns, full["mean"].to_numpy(dtype=float))
    all_looks = looks_of(columns[telling]) if telling else [scenario_look(0)] * len(full)
    kept = [
        int(full.index[(full["scenario"] == row.scenario) & (full["strategy"] == row.strategy)][0])
        for row in rows_of(table)
    ]
    looks = [all_looks[row] for row in kept]
    beside = _beside(columns, kept, telling, looks)
    chances = Column(words["ranking.first"], [_share(share, words) for share in table["share_first"]], is_right=True)
    left = MARGIN + sum(column.width + COLUMN_GAP for column in beside)
    room = WIDTH - MARGIN - left - chances.width - 2 * COLUMN_GAP
    place_width = min(PLACE_WIDTH, 0.45 * room)
    page = Page(
        WIDTH,
        0.3 + max(shown.places) + ROW + AXIS_FOOT,
        _title(full, outcome, words),
        _subtitle(sweep, full, outcome, words),
        _caption(sweep, full, outcome, telling, words),
    )
    top = page.top + 0.3
    write_columns(page, MARGIN, top, beside, shown.places)
    means = row_panel(page, left, top, room - place_width - PANEL_GAP, shown.places)
    value_axis(means, outcome, table[["mean", "mean_low", "mean_high"]].to_numpy(dtype=float), words)
    ranks = row_panel(page, left + means.width + PANEL_GAP, top, place_width, shown.places)
    _place_axis(ranks, len(full), words)
    if np.isfinite(full["low"].iloc[0]):
        ranks.axes.axvspan(0.7, 1.3, color=RULE, alpha=0.7, linewidth=0, zorder=0.5)
    for row, place, look in zip(rows_of(table), shown.places, looks, strict=True):
        is_tied = bool(row.is_tied_with_first)
        bar(means, place, row.mean_low, row.mean_high, look.color, 1.3)
        dot(means, place, row.mean, look.color, look.marker, is_filled=is_tied)
        bar(ranks, place, row.low, row.high, look.color, 1.3)
        dot(ranks, place, row.rank, look.color, look.marker, is_filled=is_tied, size=4)
    for place, text in shown.breaks:
        for panel in (means, ranks):
            panel.axes.axhline(place, color=QUIET_INK, linewidth=0.7, linestyle=(0, (2, 2)), zorder=1)
        write_line(page, MARGIN, top + place, text, QUIET_INK)
    _heads(page, means, ranks, left, top, words)
    write_columns(page, left + room + COLUMN_GAP, top, [chances], shown.places)
    return page.figure


def _beside(
    columns: Mapping[str, Sequence[str]], kept: Sequence[int], telling: str, looks: Sequence[Look]
) -> list[Column]:
    """Return the columns left of the panels, in the room there is."""
    found = []
    for heading, texts in columns.items():
        inks = [look.ink for look in looks] if heading == telling else [INK] * len(kept)
        found.append(Column(heading, [texts[row] for row in kept], inks))
    return fitted(found, WIDTH - 2 * MARGIN - PLACE_WIDTH - SMALLEST_PANEL - CHANCE_ROOM)


def _share(share: float, words: Words) -> str:
    """Write the share of worlds (or replications) in which a strategy is ahead of all others."""
    return "–" if np.isnan(share) else percent(share, 0, words[LANGUAGE])


def _place_axis(panel: Any, n: int, words: Words) -> None:
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000) if n / step <= 6)
    ticks = [1, *(tick for tick in range(step, n + 1, step) if tick - 1 >= 0.6 * step)]
    panel.axes.set_xlim(0.4, n + 0.6)
    panel.axes.set_xticks(ticks, [str(tick) for tick in ticks])
    panel.axes.set_xlabel(words["ranking.place_unit"].format(n=n), fontsize=SIZE)
    panel.axes.xaxis.grid(True, color=RULE, linewidth=0.8)


def _heads(page: Page, means: Any, ranks: Any, left: float, top: float, words: Words) -> None:
    for at, key in ((left, "ranking.mean"), (left + means.width + PANEL_GAP, "ranking.place")):
        write_line(page, at, top - HEADING_ABOVE, words[key], weight="bold")


def _title(table: pd.DataFrame, outcome: str, words: Words) -> str:
    n_tied = int(table["is_tied_with_first"].sum())
    key = "ranking.title" if n_tied == 1 else "ranking.title_all" if n_tied == len(table) else "ranking.title_tied"
    noun = words[f"noun.{outcome}"]
    return words[key].format(n=len(table), tied=n_tied, outcome=noun)


def _subtitle(sweep: Sweep, table: pd.DataFrame, outcome: str, words: Words) -> str:
    first = table.iloc[0]
    low, high = first["mean_low"], first["mean_high"]
    best = words["ranking.best"].format(mean=value_text(outcome, first["mean"], words[LANGUAGE]))
    if np.isfinite(low):
        best += words["ranking.best_interval"].format(
            low=difference_number(outcome, low, words[LANGUAGE]), high=value_text(outcome, high, words[LANGUAGE])
        )
    return f"{words['ranking.subtitle']} {best}"


def _caption(sweep: Sweep, table: pd.DataFrame, outcome: str, telling: str, words: Words) -> str:
    _, n_worlds, n_replications = sweep.cells.shape
    covers = sweep.summary.loc[sweep.summary["outcome"] == outcome, "covers"].iloc[0]
    kind = "worlds" if sweep.cells.is_crossed else "points"
    counts = words[f"sweep.{kind}.{'one' if n_worlds == 1 else 'many'}"].format(n=n_worlds)
    runs = counted(words[LANGUAGE], "count.replications", n_replications)
    parts = [words[f"sweep.covers.{covers or 'nothing'}"].format(worlds=counts, replications=runs)]
    if covers:
        parts.append(words["ranking.caption"])
    if covers and n_worlds > 1:
        parts.append(words["ranking.paired"])
    if telling:
        parts.append(words["ranking.looks"].format(lever=telling))
    unranked = int(table["rank"].isna().sum())
    if unranked:
        parts.append(words["ranking.unranked"].format(n=unranked))
    return " ".join(parts)
