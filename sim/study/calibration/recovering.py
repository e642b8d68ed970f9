"""Simulation-based check: can the method find parameters again when it is told what they produced?

A point of the bank plays the truth; what it showed, with error added, plays the published numbers; the rest of the
bank has to find it. Over many trials the 90% interval of a parameter should hold the truth nine times in ten (Cook,
Gelman & Rubin 2006; Talts et al. 2018).
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from sim.study.calibration.adjusting import adjusted
from sim.study.calibration.bank import Bank
from sim.study.calibration.learning import ENDS
from sim.study.calibration.weighing import (
    Yardstick,
    effective_size,
    log_likelihood,
    normalized,
    weighted_quantile,
)

FEWEST_EFFECTIVE = 10.0


class Coverage(NamedTuple):
    """How often the 90% intervals hold the truth.

    Attributes
    ----------
    n_trials : int
        Trials that could be judged.
    n_too_thin : int
        Trials with fewer than `FEWEST_EFFECTIVE` effective points near the truth: left out, and said.
    plain, after_adjustment : ndarray
        float64 (n_parameters,): share of trials in which the interval holds the truth, without and with regression
        adjustment.
    effective : float
        Median number of effective points.
    """

    n_trials: int
    n_too_thin: int
    plain: np.ndarray
    after_adjustment: np.ndarray
    effective: float


def coverage(
    bank: Bank,
    yardstick: Yardstick,
    n_trials: int,
    generator: np.random.Generator,
    truth_weights: np.ndarray | None = None,
) -> Coverage:
    """Return the coverage of the 90% intervals.

    Parameters
    ----------
    bank : Bank
        Points; targets are those of `yardstick`.
    yardstick : Yardstick
        Targets with the tolerances of the calibration; their values are replaced.
    n_trials : int
        Truths to try; those that turn out too thin are replaced as long as there are points.
    generator : numpy.random.Generator
        Chooses truths and errors.
    truth_weights : ndarray, optional
        float64 (n_points,): where truths are drawn from; the prior (points of wave 1) if left out. With the weights of
        the posterior the check is about the region that the calibration found.
    """
    complete = np.isfinite(yardstick.on_scale(bank.simulated)).all(axis=1)
    weights = (bank.wave == 1).astype(float) if truth_weights is None else truth_weights.copy()
    weights[~complete] = 0.0
    n_possible = int((weights > 0).sum())
    plain: list[np.ndarray] = []
    after: list[np.ndarray] = []
    effective: list[float] = []
    n_too_thin = 0
    order = np.empty(0, dtype=np.int64)
    if n_possible:
        order = generator.choice(bank.n_points, n_possible, replace=False, p=weights / weights.sum())
    for truth in order:
        if len(plain) == n_trials or n_too_thin >= 4 * n_trials:
            break
        found = _trial(bank, yardstick, int(truth), generator)
        if found is None:
            n_too_thin += 1
            continue
        plain.append(found[0])
        after.append(found[1])
        effective.append(found[2])
    nothing = np.full(len(bank.names), np.nan)
    return Coverage(
        len(plain),
        n_too_thin,
        np.mean(plain, axis=0) if plain else nothing,
        np.mean(after, axis=0) if after else nothing,
        float(np.median(effective)) if effective else 0.0,
    )


def _trial(
    bank: Bank, yardstick: Yardstick, truth: int, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, float] | None:
    """Return which parameters are found again, plainly and after adjustment, and the effective points."""
    spread = np.sqrt(yardstick.tolerance**2 + bank.luck**2)
    shown = yardstick.on_scale(bank.simulated[truth]) + spread * generator.standard_normal(len(spread))
    told = dataclasses.replace(
        yardstick, value=yardstick.from_scale(shown), is_at_least=np.zeros(len(spread), dtype=bool)
    )
    others = np.arange(bank.n_points) != truth
    rest = bank.rows(others)
    weights = normalized(log_likelihood(rest.misfit(told)) - rest.log_density)
    effective = effective_size(weights)
    if effective < FEWEST_EFFECTIVE:
        return None
    moved = adjusted(rest, told, generator)
    actual = bank.unit[truth]
    return _holds(rest.unit, weights, actual), _holds(moved.unit, moved.weights, actual), effective


def _holds(unit: np.ndarray, weights: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Return whether each parameter's 90% interval holds the actual value, bool (n_parameters,)."""
    ends = np.array([weighted_quantile(unit[:, place], weights, ENDS) for place in range(unit.shape[1])])
    return np.asarray((ends[:, 0] <= actual) & (actual <= ends[:, 2]))
