"""The figures of a results folder: plain functions from tables to figures, and one that writes them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.analysis.over_worlds import WORLDS_TABLE
from sim.analysis.sweeping.sweep import Sweep, by_world
from sim.analysis.wording import MAIN_OUTCOMES
from sim.figures.curves import curves_figure, frame_figure, group_figure
from sim.figures.differences import DRAWN_OUTCOMES, difference_figure
from sim.figures.layout import ENGLISH, Words
from sim.figures.overview import OVERVIEW_OUTCOME, WORLDS_OUTCOME, overview_figure, worlds_figure
from sim.figures.sensitivity import convergence_figure, elementary_effects_figure, sensitivity_figure
from sim.figures.style import png_bytes, save_figure, svg_bytes
from sim.figures.sweep import association_figure, ranking_figure, shown_outcomes, spread_figure
from sim.runs.parquet import read_parquet

__all__ = [
    "curves_figure",
    "difference_figure",
    "draw_all",
    "figures",
    "frame_figure",
    "group_figure",
    "overview_figure",
    "png_bytes",
    "svg_bytes",
    "worlds_figure",
]

FIGURES_FOLDER = "figures"


def figures(tables: Mapping[str, pd.DataFrame], words: Words = ENGLISH) -> Iterator[tuple[str, Figure]]:
    """Yield name and figure for everything that these tables can show, one at a time.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``runs``, ``series``, ``groups`` and, where scenarios were compared, ``differences``; over plausible worlds
        ``worlds`` too, the runs with the weights of their points (`by_world`).
    words : mapping
        Catalog of texts.
    """
    if tables["runs"].empty:  # every run failed: there is nothing to see
        return
    differences = tables.get("differences")
    worlds = tables.get(WORLDS_TABLE)
    compared = set() if differences is None else set(differences["outcome"])
    if differences is not None and worlds is not None and WORLDS_OUTCOME in compared:
        yield "worlds", worlds_figure(worlds, differences, words=words)
    if differences is not None and compared & DRAWN_OUTCOMES:
        if len(differences[["a", "b"]].drop_duplicates()) == 1 and OVERVIEW_OUTCOME in compared:
            yield "overview", overview_figure(tables["series"], tables["runs"], differences, words=words)
        yield "differences", difference_figure(tables["runs"], differences, words)
    yield "curves", curves_figure(tables["series"], tables["runs"], words=words)
    yield "groups", group_figure(tables["groups"], words=words)
    yield "frames", frame_figure(tables["series"], tables["runs"], words)


def draw_all(results_dir: Path, tables: Mapping[str, pd.DataFrame], words: Words = ENGLISH) -> list[Path]:
    """Write every figure as PNG and SVG into ``results_dir/figures`` and return the paths.

    The same tables give the same bytes; each file appears whole or not at all.

    Parameters
    ----------
    results_dir : Path
        Results folder of one command; must exist.
    tables : mapping of str to DataFrame
        ``runs`` (run_id, scenario, replication, outcomes), ``series`` (run_id, scenario, replication, week,
        outcomes), ``groups`` (run_id, scenario, replication, grouping, group, order, n_employees, outcomes)
        and, where scenarios were compared, ``differences`` (a, b, outcome, mean, low, high, p_a_greater, n,
        verdict).
    words : mapping
        Catalog of texts.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    folder = results_dir / FIGURES_FOLDER
    folder.mkdir(exist_ok=True)
    return [path for name, figure in figures(tables, words) for path in save_figure(figure, folder, name)]


# The figures of a sweep: strategies from best to worst, what goes with what, spread over worlds.


def sweep_figures(
    sweep: Sweep, runs: pd.DataFrame, outcome: str, words: Words = ENGLISH
) -> Iterator[tuple[str, Figure]]:
    """Yield name and figure for everything that a sweep can show, one at a time.

    Parameters
    ----------
    sweep : Sweep
        What was found.
    runs : DataFrame
        The runs that it was worked out from.
    outcome : str
        The main outcome.
    words : mapping
        Catalog of texts.
    """
    places = sweep.strategies[sweep.strategies["outcome"] == outcome]
    if places["rank"].notna().any():
        yield "ranking", ranking_figure(sweep, outcome, words)
    if (sweep.associations["outcome"] == outcome).any():
        yield "associations", association_figure(sweep, outcome, words)
    if len(sweep.distribution):
        values = by_world(sweep, runs, shown_outcomes(list(dict.fromkeys([outcome, *sweep.outcomes])), MAIN_OUTCOMES))
        if values:
            yield "spread", spread_figure(sweep, values, words, outcome)


def draw_sweep(folder: Path, sweep: Sweep, runs: pd.DataFrame, outcome: str, words: Words = ENGLISH) -> list[Path]:
    """Write every figure of a sweep as PNG and SVG into ``folder/figures`` and return the paths.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    figures = folder / FIGURES_FOLDER
    figures.mkdir(exist_ok=True)
    drawn = sweep_figures(sweep, runs, outcome, words)
    return [path for name, figure in drawn for path in save_figure(figure, figures, name)]


# The figures of a folder of sensitivity analysis.


KEY = ["scenario", "minus", "outcome"]


def sensitivity_figures(
    indices: pd.DataFrame, convergence: pd.DataFrame, words: Words = ENGLISH
) -> Iterator[tuple[str, Figure]]:
    """Yield name and figure for the main outcome, of each scenario and each contrast.

    Parameters
    ----------
    indices, convergence : DataFrame
        Rows of ``indices.parquet`` and ``convergence.parquet``; the first outcome is the main one.
    words : mapping
        Catalog of texts.
    """
    if indices.empty:
        return
    main = indices[indices["outcome"] == indices["outcome"].iloc[0]]
    subjects = list(main.groupby(KEY, sort=False))
    for key, own in subjects:
        scenario, minus, _ = key
        ending = "" if len(subjects) == 1 else f"-{scenario}-minus-{minus}" if minus else f"-{scenario}"
        yield f"indices{ending}", sensitivity_figure(own, words)
        if "sigma" in set(own["measure"]):
            yield f"effects{ending}", elementary_effects_figure(own, words)
        sizes = convergence[(convergence[KEY] == list(key)).all(axis=1)]
        if sizes["samples"].nunique() > 1:
            yield f"convergence{ending}", convergence_figure(sizes, words)


def draw_sensitivity(folder: Path, words: Words = ENGLISH) -> list[Path]:
    """Write the figures of a results folder as PNG and SVG, and return their paths.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    target = folder / FIGURES_FOLDER
    target.mkdir(exist_ok=True)
    indices, convergence = (
        read_parquet(folder / f"{name}.parquet").to_pandas(use_threads=False) for name in ("indices", "convergence")
    )
    drawn = sensitivity_figures(indices, convergence, words)
    return [path for name, figure in drawn for path in save_figure(figure, target, name)]
