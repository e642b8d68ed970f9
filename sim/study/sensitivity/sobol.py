"""Variance-based indices: which share of the variance goes back to which factor, alone and together.

The estimators are SALib's: first order as in Saltelli et al. (2010, doi:10.1016/j.cpc.2009.09.018), total order
after Jansen (1999, doi:10.1016/S0010-4655(98)00154-4), second order as in Saltelli (2002,
doi:10.1016/S0010-4655(02)00280-1).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.study.sensitivity.sampling import FEWEST_TO_JUDGE, Sample, problem
from sim.study.sensitivity.values import (
    ALL_FACTORS,
    DUMMY,
    Index,
    interval,
    judged,
    luck_drawn_again,
    resampling_weights,
)


@dataclass(frozen=True)
class Rows:
    """Outcomes of a Saltelli sample by what was crossed, each the mean over replications.

    Attributes
    ----------
    a, b : array (n,)
        The two independent base samples.
    ab, ba : array (n, n_movers)
        All from A but one mover from B; all from B but one mover from A.
    """

    a: np.ndarray
    b: np.ndarray
    ab: np.ndarray
    ba: np.ndarray

    def with_dummy(self, luck_of_a: np.ndarray, luck_of_b: np.ndarray) -> Rows:
        """Return the rows with one more mover, which draws luck again and does nothing else."""
        ab = np.column_stack([self.ab, self.a + luck_of_a])
        return Rows(self.a, self.b, ab, np.column_stack([self.ba, self.b + luck_of_b]))

    def centered(self) -> Rows:
        """Return the rows about their overall mean, as SALib takes them."""
        center = np.concatenate([self.a, self.b, self.ab.ravel(), self.ba.ravel()]).mean()
        return Rows(self.a - center, self.b - center, self.ab - center, self.ba - center)

    def in_salib_order(self) -> np.ndarray:
        """Return the outcomes as SALib expects them: base sample by base sample."""
        return np.column_stack([self.a, self.ab, self.ba, self.b]).ravel()


def rows_of(sample: Sample, outcome: np.ndarray) -> Rows:
    """Return one outcome (n_points,) of a Saltelli sample by what was crossed."""
    n_movers = len(sample.movers)
    blocks = outcome.reshape(sample.n, sample.block)
    return Rows(blocks[:, 0], blocks[:, -1], blocks[:, 1 : 1 + n_movers], blocks[:, 1 + n_movers : -1])


def sobol_indices(sample: Sample, values: np.ndarray, has_pairs: bool = True) -> list[Index]:
    """Return first, total and (with `has_pairs`) second order indices of one outcome, the dummy's included.

    Parameters
    ----------
    sample : Sample
        Of method ``sobol``.
    values : array (n_points, n_replications)
        The outcome of each run; complete, and not the same everywhere.
    has_pairs : bool
        Whether to work out second order too.
    """
    knows_luck = values.shape[1] > 1
    base = np.concatenate([values[:: sample.block], values[sample.block - 1 :: sample.block]])
    luck = luck_drawn_again(base, sample.n)
    rows = rows_of(sample, values.mean(axis=1)).with_dummy(luck[: sample.n], luck[sample.n :])
    movers = (*sample.movers, DUMMY)
    estimates, resampled = point_estimates(rows, has_pairs), _Resampled(rows)
    found = [*_single(estimates, resampled, movers, knows_luck), _sum_of_first_order(estimates, resampled)]
    return [*found, *(_pairs(estimates["S2"], resampled, movers, knows_luck) if has_pairs else [])]


def point_estimates(rows: Rows, has_pairs: bool) -> dict[str, np.ndarray]:
    """Return SALib's estimates ``S1`` and ``ST`` (n_movers,) and ``S2`` (n_movers, n_movers)."""
    from SALib.analyze.sobol import analyze

    n_movers = rows.ab.shape[1]
    described = problem([str(number) for number in range(n_movers)])
    # SALib's own bootstrap is not used: two resamples are the fewest it accepts.
    found = analyze(described, rows.in_salib_order(), calc_second_order=True, num_resamples=2, seed=1)
    return {name: np.asarray(found[name]) for name in (("S1", "ST", "S2") if has_pairs else ("S1", "ST"))}


def replication_estimates(sample: Sample, values: np.ndarray) -> dict[str, np.ndarray]:
    """Return ``S1`` and ``ST`` on each replication alone, (n_replications, n_movers) with NaN where nothing varies."""
    from SALib.analyze.sobol import first_order, total_order

    found: dict[str, list[np.ndarray]] = {"S1": [], "ST": []}
    for column in values.T:
        rows = rows_of(sample, column).centered()
        varies = np.ptp(np.concatenate([rows.a, rows.b])) > 0
        for name, estimate in (("S1", first_order), ("ST", total_order)):
            a, b = rows.a[:, None], rows.b[:, None]
            n_movers = rows.ab.shape[1]
            one = [estimate(a, rows.ab[:, [j]], b)[0] if varies else math.nan for j in range(n_movers)]
            found[name].append(np.array(one))
    return {name: np.array(values) for name, values in found.items()}


class _Resampled:
    """Estimates on resamples: each is a ratio of means of one number a row, so a matrix product gives them all."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows.centered()
        self.n = len(rows.a)
        self.weights = resampling_weights(self.n)
        a, b = self.rows.a, self.rows.b
        mean, square = self.weights @ ((a + b) / 2), self.weights @ ((a * a + b * b) / 2)
        # A resample in which nothing varies tells nothing; it is rare and left out of the quantiles' reach.
        self.variance = np.maximum(square - mean * mean, np.finfo(float).tiny)[:, None]
        self.first = self._ratio(b[:, None] * (self.rows.ab - a[:, None]))
        self.total = self._ratio((a[:, None] - self.rows.ab) ** 2 / 2)

    def _ratio(self, terms: np.ndarray) -> np.ndarray:
        ratio: np.ndarray = (self.weights @ terms) / self.variance
        return ratio

    def reach(self, dummy: Index) -> float:
        """Return what an index must exceed: the upper end of the dummy's, or anything with too few rows."""
        return dummy.high if self.n >= FEWEST_TO_JUDGE["sobol"] else math.inf

    def pairs(self, j: int, others: np.ndarray) -> np.ndarray:
        """Return second order indices of mover `j` with `others`, (n_resamples, n_others)."""
        both = self.rows.ba[:, [j]] * self.rows.ab[:, others] - (self.rows.a * self.rows.b)[:, None]
        second: np.ndarray = self._ratio(both) - self.first[:, [j]] - self.first[:, others]
        return second


def _single(
    estimates: Mapping[str, np.ndarray], resampled: _Resampled, movers: Sequence[str], knows_luck: bool
) -> list[Index]:
    """Return S1, ST and their difference for each mover; the dummy comes last."""
    kinds = {
        "S1": (estimates["S1"], resampled.first),
        "ST": (estimates["ST"], resampled.total),
        "interaction": (estimates["ST"] - estimates["S1"], resampled.total - resampled.first),
    }
    found = []
    for kind, (values, draws) in kinds.items():
        ends = [interval(draws[:, j], resampled.n) for j in range(len(movers))]
        each = [
            Index(kind, name, "", float(value), *end) for name, value, end in zip(movers, values, ends, strict=True)
        ]
        found += [*(judged(index, resampled.reach(each[-1]), knows_luck) for index in each[:-1]), each[-1]]
    return found


def _sum_of_first_order(estimates: Mapping[str, np.ndarray], resampled: _Resampled) -> Index:
    """Return what all factors do on their own; the rest of the variance is what they do together."""
    total = float(estimates["S1"][:-1].sum())
    return Index("S1_sum", ALL_FACTORS, "", total, *interval(resampled.first[:, :-1].sum(axis=1), resampled.n))


def _pairs(values: np.ndarray, resampled: _Resampled, movers: Sequence[str], knows_luck: bool) -> list[Index]:
    """Return S2 of every pair; the yardstick of a pair is what either of the two seems to do with the dummy."""
    n = len(movers)
    table: dict[tuple[int, int], Index] = {}
    for j in range(n - 1):
        others = np.arange(j + 1, n)
        draws = resampled.pairs(j, others)
        for place, k in enumerate(others.tolist()):
            table[j, k] = Index(
                "S2", movers[j], movers[k], float(values[j, k]), *interval(draws[:, place], resampled.n)
            )
    dummy = n - 1
    return [
        pair
        if k == dummy
        else judged(pair, max(resampled.reach(table[j, dummy]), resampled.reach(table[k, dummy])), knows_luck)
        for (j, k), pair in table.items()
    ]
