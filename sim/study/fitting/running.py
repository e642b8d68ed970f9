"""The runs of a fit: one's own scenario at some points, in a results folder of its own, so that it can be resumed."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.study.executors import Execution
from sim.study.experiments import conduct_experiment
from sim.study.fitting.observing import NEEDED
from sim.study.kept import Kept
from sim.study.over_worlds import plan_over_worlds
from sim.study.plan import Arm, Plan
from sim.study.progress import Progress
from sim.study.store import Mode, open_store, read_parquet, series_files
from sim.study.worker import Engine
from sim.study.world_sets import ChosenWorlds

KEPT = Kept(outcomes=tuple(dict.fromkeys((*NEEDED, "alive"))), series="all", groups=False)


class How(NamedTuple):
    """How runs are done."""

    execution: Execution
    mode: Mode
    progress: Progress
    command: Sequence[str]
    engine: Engine | None = None


class Shown(NamedTuple):
    """What the finished runs of some points show.

    Attributes
    ----------
    rows : ndarray
        int64 (n,): the points whose run finished.
    series : dict of str to ndarray
        float64 (n, n_weeks) by outcome.
    outcomes : dict of str to ndarray
        float64 (n,): the outcome of the whole run.
    """

    rows: np.ndarray
    series: dict[str, np.ndarray]
    outcomes: dict[str, np.ndarray]


def plan_at(arm: Arm, names: Sequence[str], values: np.ndarray, source: str, seed: int) -> Plan:
    """Return the plan of one run at each of some points, float64 (n, n_names), each with luck of its own."""
    n = len(values)
    settings = tuple(dict(zip(names, row, strict=True)) for row in values.tolist())
    found = ChosenWorlds(source, settings, {source: np.full(n, 1.0 / n)}, {source: ""}, {source: n})
    return dataclasses.replace(plan_over_worlds([arm], found, 1, seed), kept=KEPT)


def shown_at(folder: Path, plan: Plan, how: How) -> Shown:
    """Do what is left of the runs of a plan and return what they show."""
    with open_store(folder, plan, how.mode, how.command) as store:
        conduct_experiment(store, how.engine, how.execution, how.progress)
    runs = read_parquet(folder / "runs.parquet", ["run_id", "point", *KEPT.outcomes])
    ids, points = runs["run_id"].to_numpy(), runs["point"].to_numpy()
    place = {run_id: row for row, run_id in enumerate(ids.tolist())}
    n_weeks = int(plan.arms[0].resolved["run"]["weeks"])
    series = {name: np.full((len(ids), n_weeks), np.nan) for name in KEPT.outcomes}
    for file in series_files(folder):
        part = read_parquet(file, ["run_id", "week", *KEPT.outcomes])
        rows = np.array([place[run_id] for run_id in part["run_id"].to_pylist()], dtype=np.int64)
        weeks = part["week"].to_numpy()
        for name, column in series.items():
            column[rows, weeks - 1] = part[name].to_numpy()
    outcomes = {name: runs[name].to_numpy().astype(float) for name in KEPT.outcomes}
    return Shown(points, series, outcomes)
