"""Bootstrap over base samples, trajectories or points: how far estimates depend on which ones were drawn."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from sim.study.statistics import CONFIDENCE, keyed_generator

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

    Parameters
    ----------
    resampled : array (n_resamples,)
        The estimate on each resample.
    n : int
        Rows that were resampled.
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
