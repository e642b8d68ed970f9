"""The figures of a sweep: strategies from best to worst, what goes with what, spread over worlds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.show.associations import association_figure
from sim.show.ranking import ranking_figure
from sim.show.saving import save_figure
from sim.show.spreads import shown_outcomes, spread_figure
from sim.show.words import ENGLISH, Words
from sim.study.sweeping.sweep import Sweep, by_world
from sim.study.wording import MAIN_OUTCOMES

FIGURES_FOLDER = "figures"


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
