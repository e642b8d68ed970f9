"""Orders that are the same everywhere, ties included."""

from __future__ import annotations

import numpy as np


def stable_order(values: np.ndarray) -> np.ndarray:
    """Return the places of `values` from the smallest to the largest; equal values keep their order.

    NumPy's quick sort takes a fifth of the time of its stable one, and gives the same where no two values are equal.
    """
    order = np.argsort(values)
    ordered = values[order]
    if np.any(ordered[1:] == ordered[:-1]):
        return np.argsort(values, kind="stable")
    return order
