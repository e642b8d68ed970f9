"""Simulation-based check: can the method find parameters again when it is told what they produced?

A run point plays the truth; what it showed, with error added, plays the published numbers; the method has to find it
without that point. Over many trials the 90% interval of a parameter should hold the truth nine times in ten (Cook,
Gelman & Rubin 2006; Talts et al. 2018). No truth is left out.

Truths from the prior are everywhere, and waves have looked only where the published numbers are: the emulator, which
knows the whole prior, finds them again. Truths from the posterior lie where points are dense: their weights find them
again.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from sim.study.calibration.bank import Bank
from sim.study.calibration.emulator import FARTHEST, NEAR, UNDEFINED, Emulator
from sim.study.calibration.learning import ENDS
from sim.study.calibration.proposals import propose
from sim.study.calibration.weighing import Yardstick, effective_size, log_likelihood, normalized, weighted_quantile

PARTICLES = 250
MOVES = 4


class Coverage(NamedTuple):
    """How often the 90% intervals hold the truth.

    Attributes
    ----------
    n_trials : int
        Trials.
    holds : ndarray
        float64 (n_parameters,): share of trials in which the interval of a parameter holds the truth.
    effective : float
        Median number of effective points of a trial.
    thinnest : float
        The smallest.
    """

    n_trials: int
    holds: np.ndarray
    effective: float
    thinnest: float


def coverage(
    bank: Bank, yardstick: Yardstick, n_trials: int, generator: np.random.Generator, truth_weights: np.ndarray
) -> Coverage:
    """Return the coverage of intervals by weights, of truths drawn by weight.

    Parameters
    ----------
    bank : Bank
        Points; targets are those of `yardstick`.
    yardstick : Yardstick
        Targets with the tolerances of the calibration; their values are replaced.
    n_trials : int
        Truths to try; the same point may come up again, with other errors.
    generator : numpy.random.Generator
        Chooses truths and errors.
    truth_weights : ndarray
        float64 (n_points,): where truths are drawn from.
    """
    known = np.isfinite(yardstick.on_scale(bank.simulated)).all(axis=1)
    weights = np.where(known, truth_weights, 0.0)
    if weights.sum() <= 0:
        return _nothing(bank)
    holds, effective = [], []
    for truth in generator.choice(bank.n_points, n_trials, p=weights / weights.sum()):
        # All points have the same luck; an organization has luck of its own.
        spread = np.sqrt(yardstick.tolerance**2 + bank.error**2)
        shown = yardstick.on_scale(bank.simulated[truth]) + spread * _errors(yardstick, bank.error, generator)
        told = dataclasses.replace(
            yardstick, value=yardstick.from_scale(shown), is_at_least=np.zeros(len(spread), dtype=bool)
        )
        rest = bank.rows(np.arange(bank.n_points) != truth)
        misfit = told.whitened(rest.misfit(told), rest.error)
        found = normalized(log_likelihood(misfit) - rest.log_density)
        holds.append(_holds(rest.unit, found, bank.unit[truth]))
        effective.append(effective_size(found))
    return Coverage(n_trials, np.mean(holds, axis=0), float(np.median(effective)), float(np.min(effective)))


def coverage_by_emulator(
    bank: Bank, yardstick: Yardstick, off_share: np.ndarray, n_trials: int, generator: np.random.Generator
) -> Coverage:
    """Return the coverage of intervals by the emulator, of truths that are the first draws from the prior.

    The emulator has not learned from any of the truths.
    """
    prior = np.flatnonzero(bank.wave == 1)
    truths = prior[: min(n_trials, len(prior) // 2)]
    rest = bank.rows(np.setdiff1d(np.arange(bank.n_points), truths))
    emulator = Emulator(rest.unit, rest.simulated, yardstick, bank.luck, off_share, seed=101)
    told = emulator.predict(rest.unit)
    shown = _off(yardstick, rest.simulated)
    holds = []
    for truth in truths:
        # What it showed has its luck, which the emulator cannot predict either.
        wanted = _off(yardstick, bank.simulated[truth : truth + 1])[0] + _errors(yardstick, 0.0, generator)
        near = np.abs(told - wanted) < NEAR
        residual = [_sd(told[near[:, k], k] - shown[near[:, k], k]) for k in range(len(wanted))]
        asked = _Asked(emulator, yardstick, wanted, np.array(residual) * yardstick.tolerance)
        found = propose(asked, 1.0, PARTICLES, len(bank.names), generator, MOVES).particles
        holds.append(_holds(found, np.full(len(found), 1.0 / len(found)), bank.unit[truth]))
    if not holds:
        return _nothing(bank)
    return Coverage(len(holds), np.mean(holds, axis=0), float(PARTICLES), float(PARTICLES))


class _Asked(NamedTuple):
    """The likelihood of other numbers than the published ones, by an emulator that tells distances from those."""

    emulator: Emulator
    yardstick: Yardstick
    wanted: np.ndarray
    error: np.ndarray

    def log_likelihood(self, unit: np.ndarray) -> np.ndarray:
        off = (self.emulator.predict(unit) - self.wanted) * self.yardstick.tolerance
        misfit = off / np.sqrt(self.yardstick.tolerance**2 + self.error**2)
        return log_likelihood(self.yardstick.whitened(misfit, self.error))


def _off(yardstick: Yardstick, simulated: np.ndarray) -> np.ndarray:
    """Return simulations in tolerances from the published numbers, as the emulator learns them."""
    off = (yardstick.on_scale(simulated) - yardstick.on_scale(yardstick.value)) / yardstick.tolerance
    return np.clip(np.where(np.isnan(off), UNDEFINED, off), -FARTHEST, FARTHEST)


def _errors(yardstick: Yardstick, luck: np.ndarray | float, generator: np.random.Generator) -> np.ndarray:
    """Return standard normal errors, correlated as those of the targets are."""
    root = np.linalg.cholesky(yardstick.correlation(luck))
    return np.asarray(root @ generator.standard_normal(len(yardstick.ids)))


def _sd(residual: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(residual)))) if len(residual) else NEAR


def _nothing(bank: Bank) -> Coverage:
    return Coverage(0, np.full(len(bank.names), np.nan), 0.0, 0.0)


def _holds(unit: np.ndarray, weights: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Return whether each parameter's 90% interval holds the actual value, bool (n_parameters,)."""
    ends = np.array([weighted_quantile(unit[:, place], weights, ENDS) for place in range(unit.shape[1])])
    return np.asarray((ends[:, 0] <= actual) & (actual <= ends[:, 2]))
