"""Mechanisms that can be off: how probable it is, after the targets, that each is on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.calibration.bank import Bank


class ChanceOn(NamedTuple):
    """How probable it is that a mechanism is on.

    `prior` before the targets, `first` after them by runs, `second` by the second way; `error` is the standard error
    of `first` that the effective number of points leaves.
    """

    parameter: str
    prior: float
    first: float
    error: float
    second: float


def chances_on(
    bank: Bank, weights: np.ndarray, particles: np.ndarray, off_share: np.ndarray, n_effective: float
) -> list[ChanceOn]:
    """Return the chance of being on of each mechanism that can be off."""
    n = max(n_effective, 1.0)
    found = []
    for place in np.flatnonzero(off_share > 0).tolist():
        first = float(weights @ (bank.unit[:, place] >= off_share[place]))
        second = float(np.mean(particles[:, place] >= off_share[place]))
        error = float(np.sqrt(max(first * (1.0 - first), 0.0) / n))
        found.append(ChanceOn(bank.names[place], float(1.0 - off_share[place]), first, error, second))
    return found
