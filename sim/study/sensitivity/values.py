"""Outcomes by point and replication, and whether they can be analyzed at all.

SALib takes missing values and constant outcomes without complaint and answers with zeros, which read as "does
not matter". So every outcome is looked at first: one that is not complete, or that never varies, is not
analyzed, and the reader is told why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.study.intervals import ROUNDING
from sim.study.times import counted

if TYPE_CHECKING:
    import pyarrow as pa

MOST_POINTS_NAMED = 5


class Subject(NamedTuple):
    """What is analyzed: an outcome of one scenario, or of one minus another (`minus` not empty)."""

    scenario: str
    minus: str
    outcome: str


class OutcomeValues(NamedTuple):
    """One subject at every point.

    Attributes
    ----------
    subject : Subject
        What the values are.
    values : array (n_points, n_replications)
        NaN where there is none.
    reason : str
        Why it cannot be analyzed; empty where it can.
    """

    subject: Subject
    values: np.ndarray
    reason: str


class RunTables(NamedTuple):
    """The tables of a results folder that say how each run ended: ``runs``, ``failures`` and ``reasons``."""

    runs: pa.Table
    failures: pa.Table
    reasons: pa.Table


def gather(
    tables: RunTables, scenarios: Sequence[str], outcomes: Sequence[str], shape: tuple[int, int], n_weeks: int
) -> Iterator[OutcomeValues]:
    """Yield every outcome of every scenario, and of the first scenario minus each other one.

    Parameters
    ----------
    tables : RunTables
        With columns ``scenario``, ``point`` and ``replication``.
    scenarios, outcomes : sequence of str
        In the order to keep; the first outcome is the main one.
    shape : tuple of int
        Number of points and of replications.
    n_weeks : int
        Weeks that every run has, for times that are not reached.
    """
    by_scenario = {name: _by_point(tables.runs, name, outcomes, shape, n_weeks) for name in scenarios}
    why = {name: _why_missing(tables, name, shape) for name in scenarios}
    first, *others = scenarios
    for outcome in outcomes:
        for name in scenarios:
            values = by_scenario[name][outcome]
            reason = why_not(values, [why[name].get(outcome, {}), why[name].get("", {})])
            yield OutcomeValues(Subject(name, "", outcome), values, reason)
        for other in others:
            values = by_scenario[first][outcome] - by_scenario[other][outcome]
            causes = [why[name].get(key, {}) for name in (first, other) for key in (outcome, "")]
            yield OutcomeValues(Subject(first, other, outcome), values, why_not(values, causes))


def _by_point(
    runs: pa.Table, scenario: str, outcomes: Sequence[str], shape: tuple[int, int], n_weeks: int
) -> dict[str, np.ndarray]:
    own = np.array(runs["scenario"].to_pylist(), dtype=object) == scenario
    where = runs["point"].to_numpy()[own], runs["replication"].to_numpy()[own]
    found = {}
    for outcome in outcomes:
        found[outcome] = np.full(shape, np.nan)
        found[outcome][where] = counted(outcome, runs[outcome].to_numpy(), n_weeks)[own]
    return found


def _why_missing(tables: RunTables, scenario: str, shape: tuple[int, int]) -> dict[str, dict[int, str]]:
    """Return, by outcome (empty: all of them), point -> why a run there gave no value."""
    found: dict[str, dict[int, str]] = {"": {}}
    failures = tables.failures.select(["scenario", "point", "error"]).to_pylist()
    for row in failures:
        if row["scenario"] == scenario:
            found[""][row["point"]] = f"run failed: {row['error']}"
    for row in tables.reasons.select(["scenario", "point", "outcome", "reason"]).to_pylist():
        if row["scenario"] == scenario:
            found.setdefault(row["outcome"], {})[row["point"]] = row["reason"]
    return found


def why_not(values: np.ndarray, causes: Sequence[Mapping[int, str]] = ()) -> str:
    """Return why an outcome cannot be analyzed; an empty text where it can.

    Parameters
    ----------
    values : array (n_points, n_replications)
        The outcome of each run.
    causes : sequence of mapping of int to str
        Point -> why a run there gave no value.
    """
    is_missing = ~np.isfinite(values)
    if is_missing.any():
        points = np.flatnonzero(is_missing.any(axis=1))
        counts = Counter(_cause(int(point), causes) for point in points)
        told = "; ".join(f"{cause} ({n})" if len(counts) > 1 else cause for cause, n in counts.most_common(3))
        named = ", ".join(map(str, points[:MOST_POINTS_NAMED]))
        more = ", ..." if len(points) > MOST_POINTS_NAMED else ""
        return (
            f"{int(is_missing.sum())} of {values.size} runs have no value, at {len(points)} of {len(values)} points"
            f" ({named}{more}): {told}"
        )
    means = values.mean(axis=1)
    if np.ptp(means) <= ROUNDING * max(float(np.abs(values).max()), 1e-300):
        return f"the same at every point ({means[0]:g}), so nothing can be said about what it depends on"
    return ""


def _cause(point: int, causes: Sequence[Mapping[int, str]]) -> str:
    return next((cause[point] for cause in causes if point in cause), "not run")
