"""Rejection with regression adjustment (Beaumont, Zhang & Balding 2002, Genetics 162, 2025-2035), for comparison.

The worlds that are shipped are points that were run, with their weights. This is the other usual way to the same
posterior: what each point showed gets an error of the size of the tolerance, as the published number had; the points
that then come nearest are kept and moved to where they would have met the targets.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.calibration.bank import Bank
from sim.study.calibration.weighing import Yardstick

ACCEPTED = 0.1
FEWEST_ACCEPTED = 100
RIDGE = 1e-3


class Adjusted(NamedTuple):
    """Accepted points, moved: `unit` float64 (n, n_parameters), `weights` (n,) summing to 1."""

    unit: np.ndarray
    weights: np.ndarray


def adjusted(bank: Bank, yardstick: Yardstick, generator: np.random.Generator) -> Adjusted:
    """Return the accepted points of a bank after adjustment.

    Regressed are the logits of the unit coordinates, so that no parameter leaves its range; weights are those of
    Epanechnikov's kernel over the density with which a point was drawn.

    Parameters
    ----------
    bank : Bank
        Points, whose targets are those of `yardstick`.
    yardstick : Yardstick
        The targets.
    generator : numpy.random.Generator
        Draws the errors.
    """
    spread = np.sqrt(yardstick.tolerance**2 + bank.error**2)
    with np.errstate(invalid="ignore"):
        off = (yardstick.on_scale(bank.simulated) - yardstick.on_scale(yardstick.value)) / spread
        off = off + generator.standard_normal(off.shape)
        off = np.where(yardstick.is_at_least, np.minimum(off, 0.0), off)
    distance = np.sqrt(np.square(np.where(np.isfinite(off), off, np.inf)).sum(axis=1))
    n_accepted = min(max(FEWEST_ACCEPTED, round(ACCEPTED * bank.n_points)), int(np.isfinite(distance).sum()))
    if n_accepted <= off.shape[1] + 1:  # nothing to regress on
        return Adjusted(bank.unit, np.full(bank.n_points, 1.0 / bank.n_points))
    kept = np.argsort(distance, kind="stable")[:n_accepted]
    kernel = np.maximum(1.0 - np.square(distance[kept] / (distance[kept[-1]] * (1 + 1e-9))), 0.0)
    weights = kernel * np.exp(-bank.log_density[kept])
    weights /= weights.sum()
    inner = np.clip(bank.unit[kept], 1e-6, 1 - 1e-6)
    logit = np.log(inner / (1 - inner))
    centered = off[kept] - weights @ off[kept]
    slope = np.linalg.solve(
        centered.T @ (weights[:, None] * centered) + RIDGE * np.eye(off.shape[1]),
        centered.T @ (weights[:, None] * (logit - weights @ logit)),
    )
    return Adjusted(1 / (1 + np.exp(-(logit - off[kept] @ slope))), weights)
