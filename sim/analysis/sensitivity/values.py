"""Outcomes by point and replication, and whether they can be analyzed at all.

SALib takes missing values and constant outcomes without complaint and answers with zeros, which read as "does
not matter". So every outcome is looked at first: one that is not complete, or that never varies, is not
analyzed, and the reader is told why.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from sim.analysis.statistics import CONFIDENCE, counted
from sim.catalog.outcomes import both_reasons, reason_of_run
from sim.kernel.estimates import ROUNDING
from sim.kernel.streams import keyed_generator
from sim.words import Measured, said

if TYPE_CHECKING:
    import pyarrow as pa


MOST_POINTS_NAMED = 5


class Subject(NamedTuple):
    """What is analyzed: an outcome of one scenario, or of one minus another (`minus` not empty)."""

    scenario: str
    minus: str
    outcome: str


class OutcomeValues(NamedTuple):
    """One subject at every point."""

    subject: Subject  # what the values are
    values: np.ndarray  # (n_points, n_replications): NaN where there is none
    reason: str  # why it cannot be analyzed; empty where it can


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
            found[""][row["point"]] = said("sensitivity.reason.failed", error=row["error"])
    for row in tables.reasons.select(["scenario", "point", "outcome", "reason"]).to_pylist():
        if row["scenario"] == scenario:
            found.setdefault(row["outcome"], {})[row["point"]] = reason_of_run(row["reason"])
    return found


def why_not(values: np.ndarray, causes: Sequence[Mapping[int, str]] = ()) -> str:
    """Return why an outcome cannot be analyzed; an empty text where it can.

    `values`: (n_points, n_replications): the outcome of each run; `causes`: point -> why a run there gave no value.
    """
    is_missing = ~np.isfinite(values)
    if is_missing.any():
        points = np.flatnonzero(is_missing.any(axis=1))
        counts = Counter(_cause(int(point), causes) for point in points)
        told = [said("sensitivity.reason.times", why=cause, n=n) for cause, n in counts.most_common(3)]
        return said(
            "sensitivity.reason.missing",
            n=int(is_missing.sum()), total=values.size, points=len(points), all=len(values),
            named=", ".join(map(str, points[:MOST_POINTS_NAMED])) + ", ..." * (len(points) > MOST_POINTS_NAMED),
            why=both_reasons(told) if len(counts) > 1 else next(iter(counts)),
        )  # fmt: skip
    means = values.mean(axis=1)
    if np.ptp(means) <= ROUNDING * max(float(np.abs(values).max()), 1e-300):
        return said("sensitivity.reason.same", value=Measured(float(means[0]), 6))
    return ""


def _cause(point: int, causes: Sequence[Mapping[int, str]]) -> str:
    return next((cause[point] for cause in causes if point in cause), said("sensitivity.reason.not_run"))


# What luck does to outcomes: parts of their variance, and a dummy that nothing but luck moves.
#
# All points of a design share the seeds of their replications. A parameter without any effect then gives the very same
# runs, and its indices are exactly 0: no yardstick. But where people react to each other, a change that means nothing
# can still make somebody post a day later, and send the run another way: common seeds keep the organization and most of
# the luck the same, not necessarily all of it. The dummy is therefore given what such a change could do at most: its
# steps draw anew all luck that a point does not share with the other points. How much that is, is known from the
# replications, so the dummy costs no run. It is an upper bound: what stays above it is an effect.


class LuckParts(NamedTuple):
    """Variance of an outcome between runs, in parts."""

    points: float  # between points: what the factors do, on the mean over luck
    # between replications: luck that moves all points alike (this organization is livelier than that one)
    shared: float
    own: float  # the rest: luck that is another one at each point, with organizations that respond differently
    n_replications: int  # runs per point; with one, `shared` and `own` are NaN and `points` includes them

    @property
    def share_of_run(self) -> float:
        """Share of the variance between single runs that is luck."""
        total = self.points + self.shared + self.own
        return (self.shared + self.own) / total if total > 0 else math.nan

    @property
    def share_of_mean(self) -> float:
        """Share of the variance between points, each the mean of its replications, that other seeds would change."""
        left = self.own / self.n_replications
        total = self.points + left
        return left / total if total > 0 else math.nan


def lasting_share(luck_share_of_mean: float | None) -> float:
    """Return the share of the variance between points that would be there with other seeds too, in whole percents.

    All points share their seeds, so *all* of the variance between points is the factors': the part that is luck is what
    they do with the luck of these seeds. It is not a rest beside the indices, which are about these seeds as well.
    """
    return math.nan if luck_share_of_mean is None else 1.0 - round(luck_share_of_mean, 2)


def _residuals(values: np.ndarray) -> np.ndarray:
    """Return what is left of each run after its point's mean and its replication's mean; (n_points, n)."""
    rows, columns = values.mean(axis=1, keepdims=True), values.mean(axis=0, keepdims=True)
    left: np.ndarray = values - rows - columns + values.mean()
    return left


def luck_parts(values: np.ndarray) -> LuckParts:
    """Return the parts of the variance of an outcome (analysis of variance, points by replications).

    `values`: (n_points, n_replications): the outcome of each run, complete.
    """
    n_points, n = values.shape
    if n < 2 or n_points < 2:
        return LuckParts(float(values.mean(axis=1).var(ddof=1)) if n_points > 1 else math.nan, math.nan, math.nan, n)
    own = float((_residuals(values) ** 2).sum() / ((n_points - 1) * (n - 1)))
    points = float(values.mean(axis=1).var(ddof=1)) - own / n
    shared = float(values.mean(axis=0).var(ddof=1)) - own / n_points
    return LuckParts(max(points, 0.0), max(shared, 0.0), own, n)


def luck_drawn_again(values: np.ndarray, *key: object) -> np.ndarray:
    """Return, for each point, by how much its mean could change if its own luck were drawn again.

    A random contrast of the replications of each point, scaled so that its variance is that of the difference
    between two means with luck of their own: 2 s^2 / n.

    `values`: (n_points, n_replications): the outcome of each run, complete; `key`: names the draw.

    Returns
    -------
    array (n_points,)
        Zeros for one replication, which knows nothing of luck.
    """
    n_points, n = values.shape
    if n < 2 or n_points < 2:
        return np.zeros(n_points)
    weights = keyed_generator("luck drawn again", *key).standard_normal(values.shape)
    scale = math.sqrt(2 / (n * (n - 1)) * n_points / (n_points - 1))
    drawn: np.ndarray = scale * (weights * _residuals(values)).sum(axis=1)
    return drawn


# What every method gives: indices with intervals, each held against a parameter that does nothing.


Status = Literal["resolved", "not resolved", "luck unknown", ""]

DUMMY = "dummy"
"""Name of the parameter that sets nothing: whatever it seems to do is luck and error of the estimate."""

ALL_FACTORS = "all"
"""Stands for the factor in indices of everything together, such as the sum of first-order indices."""


class Index(NamedTuple):
    """One sensitivity index."""

    # ``S1``, ``ST``, ``interaction`` (ST - S1), ``S1_sum``, ``S2``; ``mu_star``, ``mu``, ``sigma``; ``KS``
    measure: str
    # `factor`, `other`: the factor or group (`DUMMY` for the yardstick); `other` is empty but for pairs (``S2``)
    factor: str
    other: str
    # `value`, `low`, `high`: estimate with its 95% interval; NaN where the method gives none
    value: float
    low: float
    high: float
    # ``resolved``: the interval stays above what the dummy reaches. ``not resolved``: it does not. ``luck unknown``:
    # above zero, but one replication cannot show what luck does. Empty: not a question here
    status: Status = ""


def judged(index: Index, yardstick: float, knows_luck: bool) -> Index:
    """Return the index with its status.

    `index`: with an interval; `yardstick`: the upper end of what a parameter without effect reaches; below zero counts
    as zero; `knows_luck`: whether `yardstick` includes what luck does.
    """
    if math.isnan(index.low) or index.low <= max(yardstick, 0.0):
        return index._replace(status="not resolved")
    return index._replace(status="resolved" if knows_luck else "luck unknown")


def find(indices: Iterable[Index], measure: str, factor: str, other: str = "") -> Index:
    """Return one index out of many. Raises KeyError if it is not there."""
    for each in indices:
        if (each.measure, each.factor, each.other) == (measure, factor, other):
            return each
    raise KeyError((measure, factor, other))


# Bootstrap over base samples, trajectories or points: how far estimates depend on which ones were drawn.


N_RESAMPLES = 1000


@lru_cache(maxsize=4)
def resampling_weights(n: int) -> np.ndarray:
    """Return how often each of `n` rows is drawn in each resample, as shares; float64 (N_RESAMPLES, n).

    All outcomes share the draws, so that their intervals can be compared.
    """
    counts = keyed_generator("sensitivity bootstrap", n).multinomial(n, np.full(n, 1 / n), size=N_RESAMPLES)
    weights: np.ndarray = counts / n
    weights.flags.writeable = False
    return weights


def interval(resampled: np.ndarray, n: int) -> tuple[float, float]:
    """Return the 95% interval of an estimate from its resamples.

    Percentiles, expanded for few rows, where a plain bootstrap is too narrow as it takes the sample for the
    population (Hesterberg 2015, The American Statistician 69).

    `resampled`: (n_resamples,): the estimate on each resample; `n`: rows that were resampled.
    """
    tail = _expanded_tail(n)
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return float(low), float(high)


@lru_cache(maxsize=16)
def _expanded_tail(n: int) -> float:
    """Return the share left out on each side: that of Student's interval, seen by a bootstrap of `n` rows."""
    from scipy.special import ndtr, stdtrit

    return float(ndtr(-np.sqrt(n / (n - 1)) * stdtrit(n - 1, (1 + CONFIDENCE) / 2)))


def middle(values: np.ndarray) -> tuple[float, float]:
    """Return the ends of the middle 95% of some values."""
    low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)
