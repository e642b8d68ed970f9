"""The figures of a folder of sensitivity analysis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.show.convergence import convergence_figure
from sim.show.elementary_effects import elementary_effects_figure
from sim.show.plots import FIGURES_FOLDER
from sim.show.saving import save_figure
from sim.show.sensitivity import sensitivity_figure
from sim.show.words import ENGLISH, Words
from sim.study.store import read_parquet

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
