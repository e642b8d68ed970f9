"""The rows that boxes are looked for in: a point of a design with what the outcome was there.

A row is a point of one base scenario, or, for a difference, a pair of points; its value is the mean over
replications.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.scenario.outcome_table import OUTCOME_NAMES
from sim.study.checksums import is_there
from sim.study.discovery.limits import Condition
from sim.study.manifest import MANIFEST_NAME, read_manifest
from sim.study.over_worlds import headline_weights
from sim.study.points import WEIGHT
from sim.study.times import has_times, later, weeks_of_study, with_times
from sim.texts.said import said

if TYPE_CHECKING:
    import pandas as pd

SCENARIO = "scenario"
DUMMY = "dummy"
POINTS_NAME = "points.parquet"
_KEYS = ("point", "strategy", "world")


@dataclass(frozen=True)
class Results:
    """A results folder as far as discovery needs it.

    Attributes
    ----------
    folder : Path
        The folder.
    manifest : dict
        Its manifest.
    points : DataFrame
        One row a point: point, strategy, world, and a column for each factor.
    runs : DataFrame
        One row a finished run: scenario, point, replication, and the outcomes kept; times that were not reached as
        later than the run (`times`).
    n_weeks : int
        Weeks that every run has; 0 where no time was kept.
    """

    folder: Path
    manifest: dict[str, Any]
    points: pd.DataFrame
    runs: pd.DataFrame
    n_weeks: int = 0

    def weights_of(self, points: np.ndarray) -> np.ndarray | None:
        """Return how much each of some points counts, as its world is plausible; None where all count alike."""
        weights = headline_weights(self.points)
        if weights is None or not len(points):
            return None
        found = weights[points].to_numpy(dtype=float)
        return None if np.ptp(found) <= 1e-9 * found.max() else found

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of the factors, in the order of the design; without the dummy of a sensitivity analysis."""
        return tuple(
            name for name in self.points.columns if name not in (*_KEYS, DUMMY) and not name.startswith(WEIGHT)
        )

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the base scenarios, in the order of the experiment."""
        return tuple(dict.fromkeys(self.runs["scenario"]))

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that the runs have."""
        kept = self.manifest.get("kept", {}).get("outcomes", OUTCOME_NAMES)
        return tuple(name for name in dict.fromkeys((*OUTCOME_NAMES, *kept)) if name in self.runs.columns)

    def n_not_reached(self, outcome: str) -> int:
        """Return in how many runs a time was not reached within the run; 0 for what is no time."""
        return int((self.runs[outcome] >= later(outcome, self.n_weeks)).sum())

    @property
    def experiment(self) -> dict[str, Any]:
        """The experiment as the manifest tells it."""
        return self.manifest.get("experiment") or {}

    @property
    def replications(self) -> int:
        """Replications that were planned."""
        return int(self.manifest.get("replications") or self.runs["replication"].max() + 1)


NEEDED = ("plan_hash", "factors", "experiment")
"""What the manifest of a design says that boxes are made from."""


def read_results(folder: Path) -> Results:
    """Read the points and runs of a sweep or sensitivity analysis.

    Raises
    ------
    InputError
        If the folder holds none, or no finished run.
    """
    from sim.study.store import read_parquet

    manifest = read_manifest(folder)
    if manifest is None:
        raise InputError(said("refusal.folder.no_manifest", folder=folder, file=MANIFEST_NAME))
    if not is_there(folder / POINTS_NAME):
        raise InputError(said("refusal.discover.no_points", folder=folder, file=POINTS_NAME))
    if not is_there(folder / "runs.parquet"):
        raise InputError(said("refusal.discover.no_runs", folder=folder))
    missing = [name for name in NEEDED if name not in manifest]
    if missing:
        reason = said("refusal.manifest.lacks", names=", ".join(missing))
        raise InputError(said("refusal.manifest.damaged", file=folder / MANIFEST_NAME, reason=reason))
    runs = read_parquet(folder / "runs.parquet", _columns(folder / "runs.parquet", manifest)).to_pandas(
        use_threads=False
    )
    if runs.empty:
        raise InputError(said("refusal.discover.none_finished", folder=folder))
    points = read_parquet(folder / POINTS_NAME).to_pandas(use_threads=False)
    weights = headline_weights(points)
    if weights is not None:  # what was run beside the worlds of the answer is no part of it
        points = points[points["point"].map(weights) > 0].reset_index(drop=True)
        runs = runs[runs["point"].isin(points["point"])].reset_index(drop=True)
    if not has_times(runs):
        return Results(folder, manifest, points, runs)
    n_weeks = weeks_of_study(manifest["scenarios"], points)
    return Results(folder, manifest, points, with_times(runs, n_weeks), n_weeks)


def own_outcomes(folder: Path) -> tuple[str, ...]:
    """Return the outcomes that somebody has added to the runs in a folder; none where it holds no results."""
    manifest = read_manifest(folder, is_checked=False) or {}
    return tuple(manifest.get("with", {}).get("outcomes", ()))


def _columns(path: Path, manifest: Mapping[str, Any]) -> list[str]:
    from sim.study.store import read_schema

    own = manifest.get("with", {}).get("outcomes", ())
    wanted = ("scenario", "point", "replication", *OUTCOME_NAMES, *own)
    there = set(read_schema(path).names)
    return [name for name in wanted if name in there]


@dataclass(frozen=True)
class Cases:
    """Rows with their values, before any condition.

    Attributes
    ----------
    columns : mapping of str to list
        Values of each factor, row by row; with several base scenarios ``scenario`` is one.
    points, worlds : array of int (n_rows,)
        Number of the point and of the world of each row (of a pair: those of its first point).
    values : array (n_rows, n_replications)
        The outcome (or the difference) of each replication; NaN where it is missing.
    dummy : list
        Value of the dummy of a sensitivity analysis, row by row; empty where there is none.
    n_without_partner : int
        Points that have no partner to be compared with.
    weights : array of float (n_rows,), optional
        How much each row counts: as much as its world does; left out where all count alike.
    """

    columns: dict[str, list[Any]]
    points: np.ndarray
    worlds: np.ndarray
    values: np.ndarray
    dummy: list[Any]
    n_without_partner: int = 0
    weights: np.ndarray | None = None

    @property
    def means(self) -> np.ndarray:
        """Mean of each row over the replications that have a value; NaN where none has."""
        n = (~np.isnan(self.values)).sum(axis=1)
        sums = np.nansum(self.values, axis=1)
        return np.where(n > 0, sums / np.maximum(n, 1), np.nan)

    def rows(self, chosen: np.ndarray) -> Cases:
        """Return some of the rows (bool)."""
        at = np.flatnonzero(chosen)
        columns = {name: [values[k] for k in at] for name, values in self.columns.items()}
        dummy = [self.dummy[k] for k in at] if self.dummy else []
        return Cases(
            columns, self.points[at], self.worlds[at], self.values[at], dummy, self.n_without_partner,
            None if self.weights is None else self.weights[at],
        )  # fmt: skip

    def n_disputed(self, condition: Condition) -> int:
        """Return at how many rows some replications meet the condition and others do not."""
        is_given = ~np.isnan(self.values)
        holds = condition.holds(self.values) & is_given
        return int((holds.any(axis=1) & (is_given & ~holds).any(axis=1)).sum())


def value_table(results: Results, outcome: str, scenario: str) -> np.ndarray:
    """Return an outcome of one base scenario, float64 (n_points, n_replications), in the order of the points.

    What failed or was not done is NaN, as is what is undefined.
    """
    runs = results.runs[results.runs["scenario"] == scenario]
    points = results.points["point"].to_numpy()
    order = np.argsort(points)
    values = np.full((len(points), results.replications), np.nan)
    at = order[np.searchsorted(points, runs["point"].to_numpy(), sorter=order)]
    values[at, runs["replication"].to_numpy()] = runs[outcome].to_numpy(dtype=float)
    return values


def all_cases(results: Results, outcome: str) -> Cases:
    """Return every point of every base scenario, with the outcome itself."""
    names = results.scenarios
    values = np.concatenate([value_table(results, outcome, name) for name in names])
    return _cases(results, names, values)


def _cases(results: Results, names: Sequence[str], values: np.ndarray) -> Cases:
    """Return the points as often as there are names (of base scenarios, or one name for a difference of two)."""
    points, times = results.points, len(names)
    columns: dict[str, list[Any]] = {}
    if times > 1:
        columns[SCENARIO] = [name for name in names for _ in range(len(points))]
    for factor in results.factors:
        columns[factor] = points[factor].tolist() * times
    dummy = points[DUMMY].tolist() * times if DUMMY in points.columns else []
    numbers = [np.tile(points[name].to_numpy(), times) for name in ("point", "world")]
    return Cases(columns, numbers[0], numbers[1], values, dummy, weights=results.weights_of(numbers[0]))


def scenario_difference(results: Results, outcome: str, a: str, b: str) -> Cases:
    """Return every point with the outcome of scenario `a` minus that of `b`, replication by replication."""
    values = value_table(results, outcome, a) - value_table(results, outcome, b)
    return _cases(results, (f"{a} minus {b}",), values)
