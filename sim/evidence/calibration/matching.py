"""History matching: which targets can be reached, which not together, and what pulls them (Craig et al. 1997)."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np

from sim.evidence.calibration.weighing import Bank, Yardstick
from sim.kernel.estimates import weighted_quantile

IMPLAUSIBLE = 3.0
"""Standard deviations beyond which a point is no match: Pukelsheim's rule, 95% of any unimodal distribution."""
CONFLICT = 0.1
"""Two targets conflict if they are met together less than this often as if one had nothing to do with the other."""
FEWEST_TOGETHER, FEWEST_EXPECTED = 3.0, 10.0
"""So many points have to be expected together before their absence, or their rareness, says anything."""
STRONGEST = 5
CHANCE = 3.5
"""Rank correlations below this divided by the square root of the number of points are left out as chance."""


class Reach(NamedTuple):
    """How a target is reached.

    `nearest` is the smallest absolute misfit; `share` the part of the draws from the prior within `IMPLAUSIBLE`;
    `low`, `middle`, `high` are quantiles (5%, 50%, 95%) of what draws from the prior show; `undefined` is the part of
    all points without a value.
    """

    id: str
    nearest: float
    share: float
    low: float
    middle: float
    high: float
    undefined: float
    is_reached: bool


class Pair(NamedTuple):
    """Two targets that are met together by `share` of the points, against `expected` if they were independent.

    `nearest` is the smallest of the larger misfit of the two over all points.
    """

    a: str
    b: str
    share: float
    expected: float
    nearest: float


class Pull(NamedTuple):
    """Rank correlation of a parameter with what is compared with a target, over draws from the prior."""

    id: str
    parameter: str
    correlation: float


def usable(yardstick: Yardstick, simulated: np.ndarray, is_wanted: np.ndarray) -> np.ndarray:
    """Return which targets decide, bool (n_targets,): wanted ones that some point (n_points, n_targets) reaches.

    A target that no point reaches says that the model is wrong about it, not where its parameters should be: forced
    to fit, it would push them to the edge of their ranges.
    """
    with np.errstate(invalid="ignore"):
        is_reached = (np.abs(yardstick.misfit(simulated)) < IMPLAUSIBLE).any(axis=0)
    return np.asarray(is_wanted & is_reached)


def reaches(bank: Bank, yardstick: Yardstick) -> list[Reach]:
    """Return how each target is reached."""
    misfit = np.abs(yardstick.misfit(bank.simulated))
    is_prior = bank.wave == 1
    found = []
    for place, name in enumerate(yardstick.ids):
        own = misfit[:, place]
        nearest = float(np.nanmin(own)) if np.isfinite(own).any() else float("inf")
        share = float(np.mean(own[is_prior] < IMPLAUSIBLE))
        shown = bank.simulated[is_prior, place]
        low, middle, high = weighted_quantile(shown, np.ones(len(shown)), np.array([0.05, 0.5, 0.95]))
        is_reached = nearest < IMPLAUSIBLE
        undefined = float(np.isnan(bank.simulated[:, place]).mean())
        found.append(Reach(name, nearest, share, float(low), float(middle), float(high), undefined, is_reached))
    return found


def conflicts(bank: Bank, yardstick: Yardstick) -> list[Pair]:
    """Return the pairs of targets that no point meets together, or hardly any, the worst first.

    Both are reached often enough by themselves that some points should meet both if one had nothing to do with the
    other. Shares are those of draws from the prior.
    """
    misfit = np.abs(yardstick.misfit(bank.simulated))
    with np.errstate(invalid="ignore"):
        is_met = misfit < IMPLAUSIBLE
    prior = is_met[bank.wave == 1]
    found = []
    for i, j in combinations(range(len(yardstick.ids)), 2):
        expected = float(prior[:, i].mean() * prior[:, j].mean())
        share = float((prior[:, i] & prior[:, j]).mean())
        worse = np.maximum(misfit[:, i], misfit[:, j])
        nearest = float(np.nanmin(worse)) if np.isfinite(worse).any() else float("inf")
        n_expected = expected * len(prior)
        is_never = nearest >= IMPLAUSIBLE and n_expected >= FEWEST_TOGETHER
        if is_never or (share < CONFLICT * expected and n_expected >= FEWEST_EXPECTED):
            found.append(Pair(yardstick.ids[i], yardstick.ids[j], share, expected, nearest))
    return sorted(found, key=lambda pair: (-pair.nearest, pair.a, pair.b))


def pulls(bank: Bank, yardstick: Yardstick, n_strongest: int = STRONGEST) -> list[Pull]:
    """Return the parameters that move each target's observable most, by rank correlation over draws from the prior."""
    from scipy.stats import rankdata

    prior = bank.of_wave(1)
    found = []
    for place, name in enumerate(yardstick.ids):
        known = np.isfinite(prior.simulated[:, place])
        shown = rankdata(prior.simulated[known, place])
        if len(shown) < 3 or np.ptp(shown) == 0:
            continue
        ranks = rankdata(prior.unit[known], axis=0)
        spread = ranks.std(axis=0) * shown.std()
        product = ((ranks - ranks.mean(axis=0)) * (shown - shown.mean())[:, None]).mean(axis=0)
        correlation = np.divide(product, spread, out=np.zeros(len(spread)), where=spread > 0)
        strongest = np.argsort(-np.abs(correlation), kind="stable")[:n_strongest]
        least = CHANCE / np.sqrt(len(shown))
        found += [
            Pull(name, bank.names[one], float(correlation[one])) for one in strongest if abs(correlation[one]) > least
        ]
    return found
