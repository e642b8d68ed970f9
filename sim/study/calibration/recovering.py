"""Simulation-based check: can the method find parameters again when it is told what they produced?

A run point plays the truth; what it showed, with error added, plays the published numbers; an emulator that has not
learned from any of the truths has to find it. Over many trials the 90% interval of a parameter should hold the truth
nine times in ten (Cook, Gelman & Rubin 2006; Talts et al. 2018). No truth is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.study.calibration.bank import Bank
from sim.study.calibration.emulator import Emulator, learned_from
from sim.study.calibration.learning import ENDS
from sim.study.calibration.proposals import propose
from sim.study.calibration.weighing import Yardstick, weighted_quantile

PARTICLES = 400
MOVES = 6


class Coverage(NamedTuple):
    """How often the 90% intervals hold the truth.

    Attributes
    ----------
    n_trials : int
        Trials.
    holds : ndarray
        float64 (n_parameters,): share of trials in which the interval of a parameter holds the truth.
    """

    n_trials: int
    holds: np.ndarray


def truths_of(bank: Bank, n_trials: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return points that play the truth: the first draws from the prior, and draws from the posterior."""
    prior = np.flatnonzero(bank.wave == 1)
    here = np.flatnonzero(bank.visits > 0)
    n_here = min(n_trials, len(here) // 2)
    drawn = generator.choice(here, n_here, replace=False, p=bank.weights[here]) if n_here else here[:0]
    return prior[: min(n_trials, len(prior) // 2)], drawn


def coverages(
    bank: Bank,
    yardstick: Yardstick,
    off_share: np.ndarray,
    truths: Sequence[np.ndarray],
    generator: np.random.Generator,
) -> list[Coverage]:
    """Return the coverage for several lots of truths, none of which the emulator has learned from.

    Parameters
    ----------
    bank : Bank
        Points; targets are those of `yardstick`.
    yardstick : Yardstick
        Targets with the tolerances of the calibration; their values are replaced.
    off_share : ndarray
        As for `Emulator`.
    truths : sequence of ndarray
        Each int64 (n_trials,): positions of points.
    generator : numpy.random.Generator
        Draws errors and moves particles.
    """
    rest = bank.rows(np.setdiff1d(np.arange(bank.n_points), np.concatenate(truths)))
    emulator = Emulator(rest.unit, rest.simulated, yardstick, off_share, seed=101)
    shown = learned_from(yardstick, bank.simulated)
    root = np.linalg.cholesky(yardstick.covariance()) / yardstick.tolerance[:, None]
    found = []
    for lot in truths:
        holds = []
        for truth in lot.tolist():
            # What it showed has its luck, which the emulator cannot predict either.
            asked = emulator.around(shown[truth] + root @ generator.standard_normal(len(root)))
            cloud = propose(asked, 1.0, PARTICLES, len(bank.names), generator, MOVES)
            holds.append(_holds(cloud.unit, bank.unit[truth]))
        found.append(Coverage(len(holds), np.mean(holds, axis=0) if holds else np.full(len(bank.names), np.nan)))
    return found


def _holds(unit: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Return whether each parameter's 90% interval holds the actual value, bool (n_parameters,)."""
    even = np.full(len(unit), 1.0 / len(unit))
    ends = np.array([weighted_quantile(unit[:, place], even, ENDS) for place in range(unit.shape[1])])
    return np.asarray((ends[:, 0] <= actual) & (actual <= ends[:, 2]))
