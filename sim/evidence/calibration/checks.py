"""Checks: would the worlds show the published numbers, also those they were not fitted to, and are known worlds found?

Simulation-based check: a point plays the truth; what a run of it showed, with error added, plays the published
numbers; an emulator that has not learned from any of the truths has to find it. Over many trials the 90% interval of a
parameter should hold the truth nine times in ten, for truths from the prior (Cook, Gelman & Rubin 2006; Talts et al.
2018). Truths from the posterior are no draws from the prior, so an interval that is told their numbers alone need not
hold them as often. But they are draws from what is known after the published numbers: told both, those and its own, an
interval has to hold the truth nine times in ten again (posterior simulation-based check; Säilynoja, Schmitt, Bürkner &
Vehtari 2025). No truth is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.evidence.calibration.emulator import Around, Emulator, learned_from
from sim.evidence.calibration.learning import ENDS
from sim.evidence.calibration.proposals import Likelihood, propose
from sim.evidence.calibration.weighing import Bank, Yardstick
from sim.kernel.estimates import effective_size, weighted_quantile

DRAWS_OF_ERROR = 200
PARTICLES = 400
MOVES = 6
LAST_MOVES = 60
"""Moves after the posterior is reached: without them few particles are the parents of all, and intervals of what no
number tells of are too narrow."""


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


def predicted(
    simulated: np.ndarray, yardstick: Yardstick, weights: np.ndarray, luck: np.ndarray | float = 0.0
) -> list[Predicted]:
    """Return the prediction for each target.

    Parameters
    ----------
    simulated : ndarray
        float64 (n_runs, n_targets): what runs showed that had no part in choosing their points.
    yardstick : Yardstick
        The targets.
    weights : ndarray
        float64 (n_runs,), summing to 1.
    luck : ndarray or float
        float64 (n_targets,): variance of luck to add, on the scale of the targets, where runs have none of their own.
    """
    from scipy.special import ndtri

    # Error at its quantiles instead of by chance: the same for every target and every call.
    steps = ndtri((np.arange(DRAWS_OF_ERROR) + 0.5) / DRAWS_OF_ERROR)
    kept = weights > 0
    error = np.sqrt(yardstick.tolerance**2 + luck)
    rows = []
    for place, name in enumerate(yardstick.ids):
        target = yardstick.part(np.array([place]))
        shown = simulated[kept, place]
        scaled = target.on_scale(shown[:, None])[:, 0]
        noisy = (scaled[:, None] + error[place] * steps).ravel()
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


# Leave one organization out: fitted to the others, do the worlds predict it?


class LeftOut(NamedTuple):
    """One organization, predicted by worlds fitted to the others.

    `n_targets` used numbers are about it, of which `n_inside` lie inside the 90% predictive interval; `outside` names
    the others. `effective` is the number of points that the fit without it is worth.
    """

    scenario: str
    n_targets: int
    n_inside: int
    outside: tuple[str, ...]
    effective: float


def left_out(bank: Bank, yardstick: Yardstick, is_used: np.ndarray, scenarios: Sequence[str]) -> list[LeftOut]:
    """Return the check for each organization with a target that decides.

    Parameters
    ----------
    bank : Bank
        Points, whose targets are those of `yardstick`.
    yardstick : Yardstick
        The targets.
    is_used : ndarray
        bool (n_targets,): those that decide over weights.
    scenarios : sequence of str
        For each target its organization.
    """
    found = []
    names = np.array(scenarios)
    # The points share one luck; organizations have their own.
    shown = yardstick.from_scale(yardstick.on_scale(bank.simulated) + bank.luck.mean)
    luck = np.diag(bank.luck.covariance)
    for name in dict.fromkeys(names[is_used].tolist()):
        own = is_used & (names == name)
        if not (is_used & ~own).any():
            continue
        # Its own runs had no part in these weights.
        weights = bank.weights(yardstick, is_used & ~own)
        told = [one for place, one in enumerate(predicted(shown, yardstick, weights, luck)) if own[place]]
        outside = tuple(one.id for one in told if not one.is_inside)
        found.append(LeftOut(str(name), len(told), len(told) - len(outside), outside, effective_size(weights)))
    return found


# Are known worlds found?


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


class Truths(NamedTuple):
    """Points that play the truth.

    Attributes
    ----------
    places : ndarray
        int64 (n_trials,): positions in the bank.
    shown : ndarray
        float64 (n_trials, n_targets): what a run of each showed.
    is_after : bool
        Whether they are draws from what is known after the published numbers, which the method is then told too.
    """

    places: np.ndarray
    shown: np.ndarray
    is_after: bool


class _Both(NamedTuple):
    """The likelihood of the published numbers and of those of a truth."""

    published: Around
    told: Around

    def log_likelihood(self, unit: np.ndarray) -> np.ndarray:
        return self.published.log_likelihood(unit) + self.told.log_likelihood(unit)


def coverages(
    bank: Bank, yardstick: Yardstick, off_share: np.ndarray, lots: Sequence[Truths], generator: np.random.Generator
) -> list[Coverage]:
    """Return the coverage for several lots of truths, none of which the emulator has learned from.

    Parameters
    ----------
    bank : Bank
        Points; targets are those of `yardstick`.
    yardstick : Yardstick
        The targets.
    off_share : ndarray
        As for `Emulator`.
    lots : sequence of Truths
        Targets are those of `yardstick`.
    generator : numpy.random.Generator
        Draws errors and moves particles.
    """
    rest = bank.rows(np.setdiff1d(np.arange(bank.n_points), np.concatenate([lot.places for lot in lots])))
    emulator = Emulator(rest.unit, rest.simulated, yardstick, off_share, seed=101)
    published = emulator.around(luck=bank.luck)
    root = np.linalg.cholesky(yardstick.covariance()) / yardstick.tolerance[:, None]
    found = []
    for lot in lots:
        holds = []
        for truth, shown in zip(lot.places.tolist(), learned_from(yardstick, lot.shown), strict=True):
            told = emulator.around(shown + root @ generator.standard_normal(len(root)), bank.luck)
            asked = _Both(published, told) if lot.is_after else told
            holds.append(_holds(_drawn(asked, len(bank.names), generator), bank.unit[truth]))
        found.append(Coverage(len(holds), np.mean(holds, axis=0) if holds else np.full(len(bank.names), np.nan)))
    return found


def _drawn(asked: Likelihood, n_parameters: int, generator: np.random.Generator) -> np.ndarray:
    """Return draws from the posterior, float64 (PARTICLES, n_parameters)."""
    cloud = propose(asked, 1.0, PARTICLES, n_parameters, generator, MOVES)
    return cloud.moved(asked, 1.0, LAST_MOVES, generator).unit


def _holds(unit: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Return whether each parameter's 90% interval holds the actual value, bool (n_parameters,)."""
    even = np.full(len(unit), 1.0 / len(unit))
    ends = np.array([weighted_quantile(unit[:, place], even, ENDS) for place in range(unit.shape[1])])
    return np.asarray((ends[:, 0] <= actual) & (actual <= ends[:, 2]))
