"""What the targets say about each parameter: prior against posterior, and which parameters they say nothing about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sim.study.calibration.bank import Bank
from sim.study.calibration.weighing import weighted_quantile

LEVEL = 0.9
ENDS = np.array([(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
FALSE_ALARMS = 0.05


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
