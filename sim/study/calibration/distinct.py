"""From weighted points to a set of distinct worlds of nearly equal weight."""

from __future__ import annotations

import numpy as np


def distinct(weights: np.ndarray, n: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return which points make the set, int64 (about `n`,), each once, and their weights, summing to 1.

    Rejection control (Liu, Chen & Wong 1998): a point lighter than a threshold is kept with a probability of its weight
    over the threshold, and then weighs as much as the threshold; a heavier one is kept with its own weight. So every
    weighted mean stays right on average, no world comes twice, and all but the heaviest weigh the same. The threshold
    is that which keeps `n` points on average; they are drawn systematically, which keeps `n`, give or take one.
    """
    weights = weights / weights.sum()
    n = min(n, int((weights > 0).sum()))
    low, high = 0.0, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(weights / middle, 1.0).sum() > n else (low, middle)
    kept_with = np.minimum(weights / high, 1.0)
    order = generator.permutation(len(weights))
    steps = np.floor(np.cumsum(kept_with[order]) + generator.random())
    is_kept = np.diff(np.concatenate([[0.0], steps])) > 0
    kept = np.sort(order[is_kept])
    own = np.maximum(weights[kept], high)
    return kept, own / own.sum()
