"""From the results folder of a wave to what each point showed for each target."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.errors import InputError
from sim.study.calibration.observables import OBSERVABLES
from sim.study.calibration.targets import Target
from sim.study.calibration.weighing import Yardstick
from sim.study.parquet import read_parquet, series_files

NEAREST = 150
FAR = 6.0
"""Tolerances from which a run is as far off as any."""


class Simulated(NamedTuple):
    """What a wave showed.

    Attributes
    ----------
    runs : ndarray
        float64 (n_points, n_targets, n_replications): the observable of each target in each run; NaN where it is
        undefined or the run failed.
    mean : ndarray
        float64 (n_points, n_targets): mean over replications that have a value.
    """

    runs: np.ndarray
    mean: np.ndarray


class _Arm(NamedTuple):
    """The runs of one scenario: `point` and `replication` of each, and the row of a run id."""

    run_id: np.ndarray
    point: np.ndarray
    replication: np.ndarray


def needed_outcomes(targets: Sequence[Target]) -> tuple[str, ...]:
    """Return the outcomes that some targets are made from, each once."""
    return tuple(dict.fromkeys(name for target in targets for name in OBSERVABLES[target.observable].outcomes))


def read_simulated(folder: Path, targets: Sequence[Target], n_points: int, n_replications: int) -> Simulated:
    """Return what the runs of a wave showed.

    Parameters
    ----------
    folder : Path
        Its results folder.
    targets : sequence of Target
        Those that are compared.
    n_points, n_replications : int
        Size of its design.

    Raises
    ------
    InputError
        If the folder did not keep what a target needs.
    """
    outcomes = needed_outcomes(targets)
    runs = read_parquet(folder / "runs.parquet", ["run_id", "scenario", "point", "replication", *outcomes])
    scenario = np.asarray(runs["scenario"].to_pylist())
    shown = np.full((n_points, len(targets), n_replications), np.nan)
    for name in dict.fromkeys(target.scenario for target in targets):
        own = [(place, target) for place, target in enumerate(targets) if target.scenario == name]
        is_own = scenario == name
        arm = _Arm(*(runs[key].to_numpy()[is_own] for key in ("run_id", "point", "replication")))
        final = {outcome: runs[outcome].to_numpy(zero_copy_only=False)[is_own] for outcome in outcomes}
        weekly = _weekly(folder, arm, own) if any(_needs_series(target) for _, target in own) else None
        for place, target in own:
            values = _observed(target, final, weekly)
            shown[arm.point, place, arm.replication] = values
    return Simulated(shown, _mean(shown))


def _mean(runs: np.ndarray) -> np.ndarray:
    """Return the mean over the last axis of what is defined; NaN where nothing is."""
    known = np.isfinite(runs)
    total = np.where(known, runs, 0.0).sum(axis=-1)
    count = known.sum(axis=-1)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def _needs_series(target: Target) -> bool:
    return target.week is not None or OBSERVABLES[target.observable].over_weeks


class _Weekly(NamedTuple):
    """Kept weeks, int64 (n_weeks,), and outcomes in them, float64 (n_runs, n_weeks) each."""

    weeks: np.ndarray
    values: dict[str, np.ndarray]


def _weekly(folder: Path, arm: _Arm, own: Sequence[tuple[int, Target]]) -> _Weekly:
    """Return the kept weeks of the runs of one scenario, for the outcomes that need them."""
    names = needed_outcomes([target for _, target in own if _needs_series(target)])
    order = np.argsort(arm.run_id, kind="stable")
    parts = []
    for file in series_files(folder):
        table = read_parquet(file, ["run_id", "week", *names])
        run_id = table["run_id"].to_numpy()
        place = np.searchsorted(arm.run_id, run_id, sorter=order)
        row = order[np.minimum(place, len(order) - 1)] if len(order) else np.zeros(len(run_id), dtype=int)
        is_own = (arm.run_id[row] == run_id) if len(order) else np.zeros(len(run_id), dtype=bool)
        parts.append(
            (
                row[is_own],
                table["week"].to_numpy()[is_own],
                *(table[name].to_numpy(zero_copy_only=False)[is_own] for name in names),
            )
        )
    if not parts:
        raise InputError(f"{folder}: no weeks were kept; the experiment must say series: 4, or all")
    row, week, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    weeks, position = np.unique(week, return_inverse=True)
    values = {}
    for name, column in zip(names, columns, strict=True):
        values[name] = np.full((len(arm.run_id), len(weeks)), np.nan)
        values[name][row, position] = column
    return _Weekly(weeks, values)


def _observed(target: Target, final: dict[str, np.ndarray], weekly: _Weekly | None) -> np.ndarray:
    observable = OBSERVABLES[target.observable]
    if weekly is None or not _needs_series(target):
        return observable.compute(*(final[name] for name in observable.outcomes))
    if observable.over_weeks:
        return observable.compute(weekly.weeks, *(weekly.values[name] for name in observable.outcomes))
    if target.week not in weekly.weeks:
        raise InputError(
            f"target {target.id} is about week {target.week}, which was not kept; the experiment's series must have it"
        )
    place = int(np.flatnonzero(weekly.weeks == target.week)[0])
    return observable.compute(*(weekly.values[name][:, place] for name in observable.outcomes))


def luck(runs: np.ndarray, yardstick: Yardstick) -> np.ndarray:
    """Return the covariance of one run around the mean of its point, float64 (n_targets, n_targets).

    On the scale of the targets, over the points of which both runs are nearest to all targets together: luck there is
    what counts. That both are near leaves out pairs of which one is far, so this is less than the luck of all points.
    Luck of one organization moves its numbers together, as an early start does the whole curve. 0 with one replication.

    Parameters
    ----------
    runs : ndarray
        float64 (n_points, n_targets, n_replications), of which the first two count.
    yardstick : Yardstick
        The targets.
    """
    n_targets = runs.shape[1]
    if runs.shape[2] < 2:
        return np.zeros((n_targets, n_targets))
    scaled = np.stack([yardstick.on_scale(runs[:, :, run]) for run in (0, 1)], axis=-1)
    with np.errstate(invalid="ignore"):
        off = np.stack([yardstick.off(runs[:, :, run]) for run in (0, 1)], axis=-1) / yardstick.tolerance[:, None]
    is_complete = np.isfinite(scaled).all(axis=(1, 2))
    if not is_complete.any():
        return np.zeros((n_targets, n_targets))
    farthest = np.where(is_complete, np.square(np.minimum(np.abs(off), FAR)).max(axis=2).sum(axis=1), np.inf)
    nearest = np.argsort(farthest, kind="stable")[: min(NEAREST, int(is_complete.sum()))]
    # Half of the square of a difference of two is the variance of each.
    apart = np.diff(scaled[nearest], axis=2)[:, :, 0] / np.sqrt(2.0)
    return np.asarray(apart.T @ apart / len(nearest))
