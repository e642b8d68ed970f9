"""The figures of a results folder: plain functions from tables to figures, and one that writes them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.show.curves import curves_figure
from sim.show.differences import DRAWN_OUTCOMES, difference_figure
from sim.show.frames import frame_figure
from sim.show.groups import group_figure
from sim.show.overview import OVERVIEW_OUTCOME, overview_figure
from sim.show.saving import png_bytes, save_figure, svg_bytes
from sim.show.words import ENGLISH, Words
from sim.show.worlds import WORLDS_OUTCOME, worlds_figure
from sim.study.over_worlds import WORLDS_TABLE

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
