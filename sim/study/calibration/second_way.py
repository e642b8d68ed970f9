"""The second way to the posterior: a fresh stand-in for the simulation, with its error, and no run that decides.

The first way moves points by runs. This one asks another emulator, learned from all points, and lets particles move
from the prior to the posterior. Where both give the same, neither luck and lineage of the moved points nor the form of
the emulator decides.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.calibration.bank import Bank
from sim.study.calibration.emulator import Emulator
from sim.study.calibration.learning import ENDS
from sim.study.calibration.proposals import propose
from sim.study.calibration.weighing import Yardstick, weighted_quantile

PARTICLES = 2000
LAST_MOVES = 200
"""Moves after the posterior is reached, so that no draw remembers where it began."""


class Agreement(NamedTuple):
    """Both ways for one parameter, in shares of the prior: 5%, 50% and 95% quantiles, and how far medians are apart.

    `apart` is in standard deviations of the first way; `by_chance` is what the effective number of points explains.
    """

    parameter: str
    first: tuple[float, float, float]
    second: tuple[float, float, float]
    apart: float
    by_chance: float


def emulated_posterior(
    bank: Bank, yardstick: Yardstick, off_share: np.ndarray, generator: np.random.Generator, seed: int
) -> np.ndarray:
    """Return draws from the posterior by the emulator, float64 (PARTICLES, n_parameters).

    Parameters
    ----------
    bank : Bank
        Points, whose targets are those of `yardstick`.
    yardstick : Yardstick
        The targets that decide.
    off_share : ndarray
        As for `Emulator`.
    generator : numpy.random.Generator
        Moves the particles.
    seed : int
        Of the networks, another than that of the waves.
    """
    emulator = Emulator(bank.unit, bank.simulated, yardstick, off_share, seed)
    around = emulator.around(luck=bank.luck)
    return propose(around, 1.0, PARTICLES, bank.unit.shape[1], generator).moved(around, 1.0, LAST_MOVES, generator).unit


def agreements(bank: Bank, weights: np.ndarray, particles: np.ndarray, n_effective: float) -> list[Agreement]:
    """Return both ways side by side."""
    # The median of n draws has a standard error of about 1.25 sd / sqrt(n); 3 of them.
    by_chance = 3 * 1.25 / float(np.sqrt(max(n_effective, 1.0)))
    found = []
    even = np.full(len(particles), 1.0 / len(particles))
    for place, name in enumerate(bank.names):
        own = bank.unit[:, place]
        first = weighted_quantile(own, weights, ENDS)
        second = weighted_quantile(particles[:, place], even, ENDS)
        mean = weights @ own
        sd = float(np.sqrt(weights @ np.square(own - mean)))
        apart = float(abs(first[1] - second[1]) / sd) if sd > 0 else 0.0
        found.append(Agreement(name, tuple(first.tolist()), tuple(second.tolist()), apart, by_chance))
    return found
