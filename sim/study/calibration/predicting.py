"""Posterior predictive checks: would the plausible worlds show the published numbers?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.calibration.bank import Bank
from sim.study.calibration.weighing import Yardstick, weighted_quantile

LEVEL = 0.9
DRAWS_OF_ERROR = 200
ENDS = np.array([(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])


class Predicted(NamedTuple):
    """What the worlds predict for one target, in its unit.

    `low`, `middle`, `high` with tolerance and luck (what a published number may be), `bare_low` and `bare_high`
    without (what the simulations show). `is_inside` says whether the target is in the 90% interval, `tail` how much of
    the prediction lies beyond it (two-sided, 1 in the middle); `off` is the misfit of the middle in tolerances.
    """

    id: str
    value: float
    low: float
    middle: float
    high: float
    bare_low: float
    bare_high: float
    is_inside: bool
    tail: float
    off: float
    undefined: float


def predicted(bank: Bank, yardstick: Yardstick, weights: np.ndarray) -> list[Predicted]:
    """Return the prediction for each target.

    Parameters
    ----------
    bank : Bank
        Points, whose targets are those of `yardstick`.
    yardstick : Yardstick
        The targets.
    weights : ndarray
        float64 (n_points,), summing to 1.
    """
    from scipy.special import ndtri

    # Error at its quantiles instead of by chance: the same for every target and every call.
    steps = ndtri((np.arange(DRAWS_OF_ERROR) + 0.5) / DRAWS_OF_ERROR)
    spread = np.sqrt(yardstick.tolerance**2 + bank.error_sd**2)
    kept = weights > 0
    rows = []
    for place, name in enumerate(yardstick.ids):
        target = yardstick.part(np.array([place]))
        shown = bank.simulated[kept, place]
        scaled = target.on_scale(shown[:, None])[:, 0]
        noisy = (scaled[:, None] + spread[place] * steps).ravel()
        noise_weights = np.repeat(weights[kept] / DRAWS_OF_ERROR, DRAWS_OF_ERROR)
        low, middle, high = target.from_scale(weighted_quantile(noisy, noise_weights, ENDS)[:, None])[:, 0]
        bare_low, _, bare_high = weighted_quantile(shown, weights[kept], ENDS)
        value = float(target.value[0])
        goal = float(target.on_scale(target.value)[0])
        known = np.isfinite(noisy)
        total = noise_weights[known].sum()
        below = float(noise_weights[known & (noisy < goal)].sum() / total) if total > 0 else np.nan
        is_bound = bool(target.is_at_least[0])
        tail = min(1.0, 2 * (1 - below)) if is_bound else 2 * min(below, 1 - below)
        is_inside = bool(value <= high) if is_bound else bool(low <= value <= high)
        off = float(target.misfit(np.array([middle]))[0])
        undefined = float(weights[kept][~np.isfinite(shown)].sum())
        rows.append(
            Predicted(
                name, value, float(low), float(middle), float(high), float(bare_low), float(bare_high), is_inside, tail,
                off, undefined,
            )
        )  # fmt: skip
    return rows
