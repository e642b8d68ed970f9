"""What the targets say about each parameter: prior against posterior, and which parameters they say nothing about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sim.evidence.calibration.emulator import Emulator
from sim.evidence.calibration.proposals import propose
from sim.evidence.calibration.weighing import Bank, Yardstick
from sim.kernel.estimates import weighted_quantile

LEVEL = 0.9
ENDS = np.array([(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
FALSE_ALARMS = 0.05
PARTICLES = 2000
LAST_MOVES = 200
"""Moves after the posterior is reached, so that no draw of the second way remembers where it began."""


class Learned(NamedTuple):
    """One parameter before and after.

    Attributes
    ----------
    parameter : str
        Its name.
    low, middle, high : float
        5%, 50% and 95% quantile of the posterior, in the unit of the parameter.
    prior_low, prior_middle, prior_high : float
        The same of the prior.
    mean : float
        Posterior mean.
    distance : float
        Largest difference of the distribution functions of prior and posterior (Kolmogorov-Smirnov).
    shrinkage : float
        By how much the 90% interval got narrower, as a part of that of the prior, in shares of the prior.
    is_informed : bool
        Whether the distance is larger than chance explains.
    """

    parameter: str
    low: float
    middle: float
    high: float
    prior_low: float
    prior_middle: float
    prior_high: float
    mean: float
    distance: float
    shrinkage: float
    is_informed: bool


def distance_from_uniform(unit: np.ndarray, weights: np.ndarray) -> float:
    """Return the Kolmogorov-Smirnov distance of weighted values (n,) from the uniform distribution on 0 to 1."""
    order = np.argsort(unit, kind="stable")
    above = np.cumsum(weights[order])
    below = above - weights[order]
    values = unit[order]
    return float(max(np.max(above - values), np.max(values - below)))


def chance_distance(n_effective: float, n_parameters: int) -> float:
    """Return the distance that `n_effective` draws from the prior exceed in no parameter with 95% probability.

    The large-sample quantile of Kolmogorov's distribution, with Bonferroni's correction for the number of parameters.
    """
    if n_effective <= 0:
        return 1.0
    return min(1.0, float(np.sqrt(-np.log(FALSE_ALARMS / n_parameters / 2) / 2 / n_effective)))


def learned(
    names: Sequence[str],
    unit: np.ndarray,
    weights: np.ndarray,
    values_of: Callable[[int, np.ndarray], np.ndarray],
    n_effective: float,
) -> list[Learned]:
    """Return prior and posterior of each parameter.

    Parameters
    ----------
    names : sequence of str
        Parameters.
    unit : ndarray
        float64 (n_points, n_parameters).
    weights : ndarray
        float64 (n_points,), summing to 1.
    values_of : callable
        From the position of a parameter and unit coordinates (n,) to its values (n,).
    n_effective : float
        How many independent draws the points are worth.
    """
    threshold = chance_distance(n_effective, len(names))
    rows = []
    for place, name in enumerate(names):
        ends = weighted_quantile(unit[:, place], weights, ENDS)
        distance = distance_from_uniform(unit[:, place], weights)
        shrinkage = 1.0 - float(ends[2] - ends[0]) / LEVEL
        mean = float(weights @ values_of(place, unit[:, place]))
        low, middle, high = values_of(place, ends).tolist()
        prior_low, prior_middle, prior_high = values_of(place, ENDS).tolist()
        is_informed = distance > threshold
        rows.append(
            Learned(
                name, low, middle, high, prior_low, prior_middle, prior_high, mean, distance, shrinkage, is_informed
            )
        )
    return rows


# Which coefficients are fitted: those of which published use can say something, at most sixteen.
#
# All others of the registry vary over their prior in every world, so that what is not known about them stays in every
# answer; nothing is claimed to be learned about them.


FITTED: tuple[str, ...] = (
    "read_base", "read_habit", "habit_weight", "read_inclination", "worth", "worth_learning", "peers", "word_of_mouth",
    "campaign_prompt", "prompt_push", "post_base", "post_inclination", "inclination_correlation", "post_again",
    "respond_base", "ease",
)  # fmt: skip
"""By short name: what sets levels of reading, writing and answering, how they spread over people, how word gets round,
and how visits turn into habit or disappointment. The terms of single frames, rules and leaders are not among them: no
published level tells them apart."""


def is_fitted(name: str) -> bool:
    """Return whether a dotted key is fitted."""
    return name.removeprefix("behavior.") in FITTED


# Mechanisms that can be off: how probable it is, after the targets, that each is on.


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


# The second way to the posterior: a fresh stand-in for the simulation, with its error, and no run that decides.
#
# The first way weighs runs by how near they are. This one asks another emulator, learned from all points, and lets
# particles move from the prior to the posterior. Where both give the same, neither luck of single runs nor the form of
# the emulator decides.


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
