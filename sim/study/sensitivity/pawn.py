"""Moment-independent sensitivity: how far fixing a factor moves the whole distribution of an outcome.

PAWN for a generic sample (Pianosi & Wagener 2015, doi:10.1016/j.envsoft.2015.01.004, and 2018,
doi:10.1016/j.envsoft.2018.07.019): the Kolmogorov-Smirnov distance between all outcomes and those in a slice of
the factor; its median over slices. The numbers are those of ``SALib.analyze.pawn`` (a test says so), worked out
from ranks so that a thousand resamples take a moment.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.study.sensitivity.sampling import Sample
from sim.study.sensitivity.values import DUMMY, Index, judged, middle
from sim.study.statistics import keyed_generator

SLICES = 10
FEWEST_PER_SLICE = 10
N_DRAWS = 200


def pawn_indices(sample: Sample, values: np.ndarray, n_levels: Mapping[str, int] | None = None) -> list[Index]:
    """Return ``KS`` of one outcome for each factor, and what a dummy gets.

    The interval of a factor is a bootstrap over points, about the estimate. The dummy is drawn many times: its
    column is shuffled, so its interval holds what a factor without effect gets from a sample of this size, luck
    included.

    Parameters
    ----------
    sample : Sample
        Of method ``pawn`` (or any whose points are spread evenly in each factor).
    values : array (n_points, n_replications)
        The outcome of each run; complete, and not the same everywhere.
    n_levels : mapping of str to int
        Number of alternatives of the factors that have few: their slices.
    """
    outcome = values.mean(axis=1)
    n_levels = n_levels or {}
    dummies = _shuffled(sample, outcome)
    dummy = Index("KS", DUMMY, "", float(dummies.mean()), *middle(dummies))
    found = []
    for column, name in enumerate(sample.factors):
        n_slices = slices_for(sample.n, n_levels.get(name))
        value = median_distance(sample.unit[:, column], outcome, n_slices)
        deviation = _deviation(sample.unit[:, column], outcome, n_slices)
        index = Index("KS", name, "", value, max(0.0, value - 1.96 * deviation), min(1.0, value + 1.96 * deviation))
        found.append(judged(index, dummy.high, knows_luck=True))
    return [*found, dummy]


def replication_estimates(
    sample: Sample, values: np.ndarray, n_levels: Mapping[str, int] | None = None
) -> dict[str, np.ndarray]:
    """Return ``KS`` on each replication alone, (n_replications, n_factors)."""
    n_levels = n_levels or {}
    slices = [slices_for(sample.n, n_levels.get(name)) for name in sample.factors]
    return {
        "KS": np.array(
            [
                [median_distance(column, outcome, n) for column, n in zip(sample.unit.T, slices, strict=True)]
                for outcome in values.T
            ]
        )
    }


def slices_for(n: int, n_levels: int | None = None) -> int:
    """Return into how many slices a factor is cut: its levels if they are few, else ten, or fewer for few points."""
    most = max(2, min(SLICES, n // FEWEST_PER_SLICE))
    return min(n_levels, most) if n_levels and n_levels > 1 else most


def median_distance(factor: np.ndarray, outcome: np.ndarray, n_slices: int = SLICES) -> float:
    """Return the median over slices of the distance between the outcomes in a slice and all outcomes.

    Parameters
    ----------
    factor, outcome : array (n_points,)
        Coordinate and outcome of each point.
    n_slices : int
        Slices with equally many points.
    """
    edges = np.nanquantile(factor, np.linspace(0, 1, n_slices + 1))
    # As in SALib: the very largest value belongs to no slice.
    slices = np.where(factor < edges[-1], np.searchsorted(edges, factor, side="right") - 1, n_slices)
    order = np.argsort(outcome, kind="stable")
    ranked = outcome[order]
    # Distribution functions step at the last of equal values.
    is_last = np.append(ranked[1:] != ranked[:-1], True)
    counts = np.cumsum(slices[order][:, None] == np.arange(n_slices), axis=0)[is_last]
    everything = np.flatnonzero(is_last) + 1.0
    sizes = counts[-1]
    filled = sizes > 0
    distances = np.abs(counts[:, filled] / sizes[filled] - (everything / len(outcome))[:, None]).max(axis=0)
    return float(np.median(distances))


def _deviation(factor: np.ndarray, outcome: np.ndarray, n_slices: int) -> float:
    """Return the standard deviation of the estimate over bootstrap resamples of the points."""
    generator = keyed_generator("pawn bootstrap", len(outcome))
    draws = generator.integers(len(outcome), size=(N_DRAWS, len(outcome)))
    return float(np.std([median_distance(factor[draw], outcome[draw], n_slices) for draw in draws], ddof=1))


def _shuffled(sample: Sample, outcome: np.ndarray) -> np.ndarray:
    """Return the index of the dummy for many orders of its column, (N_DRAWS,)."""
    generator = keyed_generator("pawn dummy", sample.n)
    n_slices = slices_for(sample.n)
    return np.array([median_distance(generator.permutation(sample.dummy), outcome, n_slices) for _ in range(N_DRAWS)])
