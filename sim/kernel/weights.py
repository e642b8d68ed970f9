"""Weights of draws: what they add up to, how many equal draws they are worth, and drawing by them."""

from __future__ import annotations

import numpy as np


def systematic(weights: np.ndarray, n: int, generator: np.random.Generator) -> np.ndarray:
    """Return `n` positions drawn in proportion to `weights`, int64 (n,): systematic resampling.

    Each position comes floor(n w) or ceil(n w) times.
    """
    steps = (generator.random() + np.arange(n)) / n
    edges = np.cumsum(weights) / weights.sum()
    return np.minimum(np.searchsorted(edges, steps, side="right"), len(weights) - 1)


def normalized(log_weights: np.ndarray) -> np.ndarray:
    """Return weights (n,) that sum to 1, from their logarithms; all 0 where every weight is 0."""
    highest = log_weights.max(initial=-np.inf)
    if not np.isfinite(highest):
        return np.zeros(len(log_weights))
    weights = np.exp(log_weights - highest)
    return np.asarray(weights / weights.sum())


def effective_size(weights: np.ndarray) -> float:
    """Return how many equally weighted draws are worth as much (Kish): (sum w)^2 / sum w^2; 0 without weight."""
    squares = float(np.square(weights).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def weighted_quantile(values: np.ndarray, weights: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """Return the quantiles of weighted values (n,): where the weights below, half of one's own included, make `share`.

    Missing values and those without weight are left out; NaN if none is left.
    """
    kept = (weights > 0) & np.isfinite(values)
    if not kept.any():
        return np.full(np.shape(share), np.nan)
    values, weights = values[kept], weights[kept]
    order = np.argsort(values, kind="stable")
    weights = weights[order] / weights.sum()
    return np.interp(share, np.cumsum(weights) - weights / 2, values[order])
