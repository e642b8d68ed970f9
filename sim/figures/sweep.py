"""The figures of a sweep: strategies from best to worst, what goes with what, and spread over worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.sweeping.cells import setting_text
from sim.analysis.sweeping.spread import STANDS_OUT
from sim.analysis.sweeping.sweep import ALL_CANDIDATES, Sweep, rows_of
from sim.analysis.wording import difference_number, short_names, value_text
from sim.catalog.outcomes import YES_OR_NO
from sim.figures.layout import ENGLISH, LANGUAGE, MARGIN, Page, Panel, Words, clean_name, heading
from sim.figures.rows import (
    AXIS_FOOT,
    COLUMN_GAP,
    ROW,
    SIZE,
    Column,
    Head,
    bar,
    dot,
    draw_dots,
    fitted,
    row_page,
    row_panel,
    scale_row,
    value_axis,
    write_columns,
    write_line,
)
from sim.figures.style import DOT, INK, QUIET_INK, RULE, ZERO, Look, drawing, scenario_look
from sim.words import counted, percent

WIDTH = 8.5
MOST_ROWS = 60
"""More strategies than this: the best and the worst are shown."""

N_BEST, N_WORST = 45, 10
MOST_LOOKS = 6
GAP_ROWS = 1.6
"""Rows left free where rows are left out, and between those that tie with the first and the others."""

PLACE_WIDTH = 1.4
SMALLEST_PANEL = 1.7
HEAD_ROOM = 0.3
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
    for name, short in short_names(levers, words[LANGUAGE]).items():
        columns[short] = [setting_text(one[name], words[LANGUAGE]) for one in settings]
    return columns


def most_telling(columns: Mapping[str, Sequence[str]], means: np.ndarray) -> str:
    """Return the column whose values set the means apart most, among those with few enough values for looks."""
    found = {}
    for name, texts in columns.items():
        groups = pd.Series(means).groupby(list(texts))
        if 2 <= groups.ngroups <= MOST_LOOKS:
            found[name] = float(((groups.transform("mean") - np.nanmean(means)) ** 2).mean())
    return max(found, key=lambda name: found[name]) if found else ""


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
    page, top, (means, ranks) = row_page(
        WIDTH, shown.places, [Head([words["ranking.mean"]]), Head([words["ranking.place"]], PLACE_WIDTH)], beside,
        [chances], above=HEAD_ROOM, title=_title(full, outcome, words),
        subtitle=_subtitle(full, outcome, words), caption=_caption(sweep, full, outcome, telling, words),
    )  # fmt: skip
    value_axis(means, outcome, table[["mean", "mean_low", "mean_high"]].to_numpy(dtype=float), words)
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
    return page.figure


def _beside(
    columns: Mapping[str, Sequence[str]], kept: Sequence[int], telling: str, looks: Sequence[Look]
) -> list[Column]:
    """Return the columns left of the panels, in the room there is."""
    found = []
    for name, texts in columns.items():
        inks = [look.ink for look in looks] if name == telling else [INK] * len(kept)
        found.append(Column(name, [texts[row] for row in kept], inks))
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


def _title(table: pd.DataFrame, outcome: str, words: Words) -> str:
    n_tied = int(table["is_tied_with_first"].sum())
    key = "ranking.title" if n_tied == 1 else "ranking.title_all" if n_tied == len(table) else "ranking.title_tied"
    noun = words[f"noun.{outcome}"]
    return words[key].format(n=len(table), tied=n_tied, outcome=noun)


def _subtitle(table: pd.DataFrame, outcome: str, words: Words) -> str:
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


# What goes with an outcome over the points of a sampled design: rank correlations with their intervals.

MOST_FACTORS = 15
MOST_PANELS = 3
FACTOR_ROW = 0.24
WIDEST_LABEL = 2.8
BAR_SHARE = 0.6
"""Thickness of a bar, as a share of its row."""

SMALLEST_REACH = 0.2
EDGE = 1.18


def strongest(table: pd.DataFrame, most: int = MOST_FACTORS) -> list[tuple[str, str | None]]:
    """Return the factors (with named alternatives) that go with the outcome most, in any panel."""
    keys = [(str(row.factor), None if pd.isna(row.level) else str(row.level)) for row in rows_of(table)]
    sizes: dict[tuple[str, str | None], float] = {}
    for key, rho in zip(keys, table["rho"], strict=True):
        sizes[key] = max(sizes.get(key, 0.0), abs(rho))
    return sorted(sizes, key=lambda key: -sizes[key])[:most]


def factor_labels(keys: Sequence[tuple[str, str | None]], language: str) -> list[str]:
    """Return how factors are named in the figure: the end of the key, and the alternative."""
    short = short_names([name for name, _ in keys], language)
    return [short[name] + (f" = {level.replace('_', ' ')}" if level else "") for name, level in keys]


@drawing()
def association_figure(sweep: Sweep, outcome: str, words: Words = ENGLISH) -> Figure:
    """Draw the strongest rank correlations of factors with an outcome, a panel for each base scenario.

    Parameters
    ----------
    sweep : Sweep
        A sweep over enough points (or worlds).
    outcome : str
        What they are correlated with.
    words : mapping
        Catalog of texts.

    Raises
    ------
    ValueError
        If there are no associations with this outcome.
    """
    table = sweep.associations[sweep.associations["outcome"] == outcome]
    if table.empty:
        raise ValueError(f"no associations with {outcome}")
    subjects = list(dict.fromkeys(table["subject"]))[-MOST_PANELS:]
    table = table[table["subject"].isin(subjects)]
    keys = strongest(table)
    n_factors = len(table[["factor", "level"]].drop_duplicates())
    (names,) = fitted([Column(words["associations.factor"], factor_labels(keys, words[LANGUAGE]))], WIDEST_LABEL)
    places = [(index + 0.5) * FACTOR_ROW for index in range(len(keys))]
    noun = words[f"noun.{outcome}"]
    kind = "worlds" if sweep.cells.is_crossed else "points"
    n = int(table["n"].max())
    page, _, panels = row_page(
        WIDTH, places, [Head([_head(name, words)]) for name in subjects], [names], above=HEAD_ROOM, gap=0.2,
        title=words["associations.title"].format(outcome=noun), subtitle=words["associations.subtitle"],
        caption=words["associations.caption"].format(
            kind=words[f"sweep.{kind}.{'one' if n == 1 else 'many'}"].format(n=n), factors=n_factors, shown=len(keys),
        ),
    )  # fmt: skip
    limit = max(SMALLEST_REACH, min(1.0, 1.02 * float(np.nanmax(np.abs(table[["low", "high"]].to_numpy())))))
    for subject, panel in zip(subjects, panels, strict=True):
        _scale(panel, limit, words)
        _draw(panel, table[table["subject"] == subject], keys, places)
    return page.figure


def _head(subject: str, words: Words) -> str:
    return words["associations.all"] if subject == ALL_CANDIDATES else clean_name(subject)


def _scale(panel: Panel, limit: float, words: Words) -> None:
    scale_row(panel, (-limit, limit), words["associations.unit"], words, 8 if panel.width > 3 else 4, signed=True)
    panel.axes.set_xlim(-EDGE * limit, EDGE * limit)  # ticks at the ends keep clear of the next panel
    panel.axes.axvline(0.0, color=ZERO, linewidth=1.2, zorder=3)


def _draw(panel: Panel, table: pd.DataFrame, keys: Sequence[tuple[str, str | None]], places: Sequence[float]) -> None:
    """Draw a bar for each factor, hollow where it does not stand out, and its interval as a line."""
    color = scenario_look(0).color
    rows = {(row.factor, None if pd.isna(row.level) else row.level): row for row in rows_of(table)}
    for key, place in zip(keys, places, strict=True):
        row = rows.get(key)
        if row is None:
            continue
        is_clear = row.q <= STANDS_OUT
        panel.axes.barh(
            place, row.rho, height=BAR_SHARE * FACTOR_ROW, zorder=2,
            color=color if is_clear else "white", edgecolor=color if is_clear else DOT, linewidth=1.0,
        )  # fmt: skip
        panel.axes.plot(
            [row.low, row.high], [place, place], color=INK if is_clear else QUIET_INK, linewidth=1.2, zorder=4
        )


# How outcomes are spread over worlds, firms or points: dots, and the ranges that most of them lie in.

SPREAD_ROW = 0.42
MOST_STRATEGIES = 6
MOST_OUTCOMES = 4
MOST_DOTS = 300
"""More points than this are drawn as an even sample; the ranges use them all."""

WIDEST_LABELS = 3.6
SPREAD_HEAD = 0.42
DOTS_ABOVE, BAR_BELOW = 0.05, 0.13
"""Inches from the middle of a row to its dots, and to the bar of its ranges."""


def shown_candidates(sweep: Sweep, outcome: str) -> list[int]:
    """Return the candidates to show: all if they are few, else the five best and the worst."""
    n = len(sweep.cells.candidates)
    if n <= MOST_STRATEGIES:
        return list(range(n))
    places = sweep.strategies[sweep.strategies["outcome"] == outcome]["rank"].to_numpy(dtype=float)
    if len(places) < n:
        return list(range(MOST_STRATEGIES))
    order = [int(index) for index in np.argsort(places, kind="stable") if np.isfinite(places[index])]
    return order if len(order) <= MOST_STRATEGIES else [*order[: MOST_STRATEGIES - 1], order[-1]]


def candidate_columns(sweep: Sweep, kept: Sequence[int], words: Words) -> list[Column]:
    """Return the columns that tell the shown candidates apart; none for a single one."""
    if len(sweep.cells.candidates) == 1:
        return []
    shown = [sweep.cells.candidates[index] for index in kept]
    table = pd.DataFrame({"scenario": [one.scenario for one in shown], "strategy": [one.strategy for one in shown]})
    columns = [Column(heading, texts) for heading, texts in lever_columns(table.fillna(-1), sweep, words).items()]
    return fitted(columns, WIDEST_LABELS)


@drawing()
def spread_figure(sweep: Sweep, values: Mapping[str, np.ndarray], words: Words = ENGLISH, main: str = "") -> Figure:
    """Draw outcomes over worlds (or points), a panel each: dots, the middle half, the middle 90%, the median.

    Parameters
    ----------
    sweep : Sweep
        A sweep over more than one world (or point).
    values : mapping of str to array (candidates, worlds)
        For each outcome to draw, the mean over replications.
    words : mapping
        Catalog of texts.
    main : str
        The outcome that decides which strategies are shown where there are many.
    """
    outcomes = list(values)[:MOST_OUTCOMES]
    kept = shown_candidates(sweep, main or outcomes[0])
    n_all = len(sweep.cells.candidates)
    columns = candidate_columns(sweep, kept, words)
    left = MARGIN + sum(column.width + COLUMN_GAP for column in columns)
    places = [(index + 0.5) * SPREAD_ROW for index in range(len(kept))]
    step = SPREAD_HEAD + max(places) + SPREAD_ROW / 2 + AXIS_FOOT
    n_worlds = len(sweep.cells.worlds)
    kind = "worlds" if sweep.cells.is_crossed else "points"
    title = words[f"spread.title.{kind}"].format(n=n_worlds)
    notes = [words[f"spread.caption.{kind}"], words["spread.covers"]]
    if len(kept) < n_all:
        notes.append(words["spread.some"].format(n=len(kept), of=n_all))
    if n_worlds > MOST_DOTS:
        notes.append(words["spread.sample"].format(n=MOST_DOTS, of=n_worlds))
    page = Page(WIDTH, len(outcomes) * step + 0.1, title, "", " ".join(notes))
    for position, outcome in enumerate(outcomes):
        top = page.top + SPREAD_HEAD + position * step
        write_columns(page, MARGIN, top, columns, places)
        panel = row_panel(page, left, top, WIDTH - left - MARGIN, places, below=SPREAD_ROW / 2 + 0.05)
        heading(panel, words[f"outcome.{outcome}"], words.get(f"meaning.{outcome}", ""))
        shown = values[outcome][kept]
        value_axis(panel, outcome, shown, words, n_steps=8)
        for row, place, index in zip(shown, places, kept, strict=True):
            _draw_row(panel, row, place, sweep.distribution, (sweep, index, outcome))
    return page.figure


def _draw_row(panel: Panel, values: np.ndarray, place: float, table: pd.DataFrame, key: tuple[Sweep, int, str]) -> None:
    sweep, index, outcome = key
    candidate = sweep.cells.candidates[index]
    rows = table[(table["outcome"] == outcome) & (table["scenario"] == candidate.scenario)]
    if candidate.strategy is not None:
        rows = rows[rows["strategy"] == candidate.strategy]
    known = np.sort(values[np.isfinite(values)])
    if not len(known) or rows.empty:
        return
    row = rows.iloc[0]
    color = scenario_look(0).color
    below = place + BAR_BELOW
    panel.axes.plot([row["p5"], row["p95"]], [below, below], color=color, linewidth=1.2, zorder=3)
    panel.axes.plot(
        [row["p25"], row["p75"]], [below, below], color=color, linewidth=5, alpha=0.45, solid_capstyle="butt", zorder=2
    )
    panel.axes.plot([row["p50"]], [below], color=color, marker="|", markersize=10, markeredgewidth=2.2, zorder=4)
    dots = known if len(known) <= MOST_DOTS else known[np.linspace(0, len(known) - 1, MOST_DOTS).round().astype(int)]
    low, high = panel.axes.get_xlim()
    draw_dots(panel, place - DOTS_ABOVE, dots, 0.28 * SPREAD_ROW, high - low, QUIET_INK, size=2.6, n_levels=110)


def shown_outcomes(outcomes: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Return the outcomes to draw: the main one, then those that a first look needs; no yes-or-no ones."""
    names = dict.fromkeys([*outcomes[:1], *(name for name in wanted if name in outcomes)])
    return [name for name in names if name not in YES_OR_NO][:MOST_OUTCOMES]
