"""What the bank and the targets say together: weights, diagnostics, and everything the pages report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.evidence.calibration.checks import Coverage, LeftOut, Predicted, Truths, coverages, left_out, predicted
from sim.evidence.calibration.learning import (
    Agreement,
    ChanceOn,
    Learned,
    agreements,
    chances_on,
    emulated_posterior,
    is_fitted,
    learned,
)
from sim.evidence.calibration.matching import Pair, Pull, Reach, conflicts, pulls, reaches
from sim.evidence.calibration.weighing import Bank, Yardstick, log_kernel, squares, tail_shape
from sim.experiments.worlds import SIZE, distinct
from sim.kernel.estimates import effective_size, normalized
from sim.kernel.streams import keyed_generator

ValuesOf = Callable[[int, np.ndarray], np.ndarray]
N_TRIALS = 200


class Worlds(NamedTuple):
    """The plausible worlds of a calibration: distinct points of the bank.

    Attributes
    ----------
    places : ndarray
        int64 (n_worlds,): positions in the bank.
    weights : ndarray
        float64 (n_worlds,), summing to 1, nearly equal.
    """

    places: np.ndarray
    weights: np.ndarray


def worlds_of(weights: np.ndarray, seed: int) -> Worlds:
    """Return the worlds that the weights (n_points,) of the bank give: the set ``levels``."""
    return Worlds(*distinct(weights, SIZE, keyed_generator("calibration", "levels", seed)))


@dataclass(frozen=True)
class Findings:
    """Everything that a calibration found.

    Attributes
    ----------
    weights : ndarray
        float64 (n_points,) of the points of the bank.
    effective, effective_lowest : float
        How many draws of equal weight the points are worth: by their weights alone, and for the mean of the fitted
        parameter for which they are worth least.
    tail_shape : float
        Of the weights (k-hat): above 0.7 a few points decide.
    prior_only : float
        Effective number of the points of the first wave.
    is_used : ndarray
        bool (n_targets,): targets that decide: those marked as used and within reach.
    squares, squares_most : float
        Posterior mean of the sum of squared misfits, as independent standard errors, and the 95% quantile that it has
        where model and tolerances are right.
    reaches, conflicts, pulls, predicted, learned : lists
        See the classes of these names; predictions are those of the worlds by new runs.
    worlds : Worlds
        The plausible worlds.
    second : list of Learned
        The posterior by the second way.
    agreements : list of Agreement
        Both ways side by side.
    chances_on : list of ChanceOn
        Of mechanisms that can be off.
    left_out : list of LeftOut
        Each organization predicted from the others.
    growth : ndarray
        float64 (n_waves, 2): points run by the end of a wave, and how many draws they are worth.
    recovery, recovery_here : Coverage
        Simulation-based check with truths from the prior and from the posterior.
    """

    weights: np.ndarray
    effective: float
    effective_lowest: float
    tail_shape: float
    prior_only: float
    is_used: np.ndarray
    squares: float
    squares_most: float
    reaches: list[Reach]
    conflicts: list[Pair]
    pulls: list[Pull]
    predicted: list[Predicted]
    learned: list[Learned]
    worlds: Worlds
    second: list[Learned]
    agreements: list[Agreement]
    chances_on: list[ChanceOn]
    left_out: list[LeftOut]
    growth: np.ndarray
    recovery: Coverage
    recovery_here: Coverage


def infer(
    banks: Sequence[Bank],
    worlds: Worlds,
    again: np.ndarray,
    is_mean: np.ndarray,
    yardstick: Yardstick,
    is_used: np.ndarray,
    values_of: ValuesOf,
    seed: int,
    off_share: np.ndarray,
    scenarios: Sequence[str],
    n_trials: int = N_TRIALS,
) -> Findings:
    """Work out everything from the bank.

    Parameters
    ----------
    banks : sequence of Bank
        After each wave; the last one counts.
    worlds : Worlds
        As `worlds_of` gives them.
    again : ndarray
        float64 (n_worlds, n_targets, at least 2): new runs of the worlds, each with luck of its own.
    is_mean : ndarray
        bool (n_targets,): numbers that are means over many organizations, which the mean of those runs stands for.
    yardstick : Yardstick
        All targets that are compared, in the order of the bank.
    is_used : ndarray
        bool (n_targets,): those that decide.
    values_of : callable
        From the position of a parameter and unit coordinates to its values.
    seed : int
        For the second way and the simulation-based check.
    off_share : ndarray
        float64 (n_parameters,): part of the prior of each in which its mechanism is off.
    scenarios : sequence of str
        For each target its organization.
    n_trials : int
        Trials of each check.
    """
    from scipy.special import chdtri

    bank = banks[-1]
    weights = bank.weights(yardstick, is_used)
    used = yardstick.part(is_used)
    shown = bank.for_targets(is_used)
    effective = effective_size(weights)
    generator = keyed_generator("calibration", "recovery", seed)
    particles = emulated_posterior(shown, used, off_share, generator, seed=17)
    even = np.full(len(particles), 1.0 / len(particles))
    is_there = weights > 0
    first = shown.of_wave(1)
    misfit = squares(shown.off(used)[is_there], used.covariance(shown.luck.covariance))
    n_runs = again.shape[2]
    published = as_published(again, is_mean)
    new_runs = np.concatenate([published[:, :, run] for run in range(n_runs)])
    lots = _truths(shown, worlds, _first_whole(published[:, is_used]), used, n_trials, generator)
    from_prior, from_posterior = coverages(shown, used, off_share, lots, generator)
    return Findings(
        weights=weights,
        effective=effective,
        effective_lowest=_effective_lowest(bank, weights),
        tail_shape=tail_shape(weights),
        prior_only=effective_size(normalized(log_kernel(first.off(used), used.covariance(first.luck.covariance)))),
        is_used=is_used,
        squares=float(weights[is_there] @ misfit) if is_there.any() else np.nan,
        squares_most=float(chdtri(int(is_used.sum()), 0.05)),
        reaches=reaches(bank, yardstick),
        conflicts=conflicts(bank, yardstick),
        pulls=pulls(bank, yardstick),
        predicted=predicted(new_runs, yardstick, np.tile(worlds.weights / n_runs, n_runs)),
        learned=learned(bank.names, bank.unit, weights, values_of, effective),
        worlds=worlds,
        second=learned(bank.names, particles, even, values_of, len(particles)),
        agreements=agreements(bank, weights, particles, effective),
        chances_on=chances_on(bank, weights, particles, off_share, effective),
        left_out=left_out(bank, yardstick, is_used, scenarios),
        growth=np.array([(one.n_points, effective_size(one.weights(yardstick, is_used))) for one in banks]),
        recovery=from_prior,
        recovery_here=from_posterior,
    )


def as_published(again: np.ndarray, is_mean: np.ndarray) -> np.ndarray:
    """Return runs (n, n_targets, n_runs) with, in place of each number that is a mean over many organizations, the mean
    over all runs that show it."""
    known = np.isfinite(again)
    n_known = known.sum(axis=2, keepdims=True)
    mean = np.where(known, again, 0.0).sum(axis=2, keepdims=True) / np.where(n_known > 0, n_known, np.nan)
    return np.where(is_mean[:, None], mean, again)


def _first_whole(runs: np.ndarray) -> np.ndarray:
    """Return of each point (n, n_targets, n_runs) the first run that shows all targets, or else the first one."""
    is_whole = np.isfinite(runs).all(axis=1)
    return np.asarray(runs[np.arange(len(runs)), :, is_whole.argmax(axis=1)])


def _truths(
    bank: Bank, worlds: Worlds, again: np.ndarray, used: Yardstick, n_trials: int, generator: np.random.Generator
) -> list[Truths]:
    """Return points that play the truth: the first draws from the prior, and worlds, of which a new run tells.

    Those from the prior have the luck that all points share, and get luck like that of organizations on top.
    """
    prior = np.flatnonzero(bank.wave == 1)
    prior = prior[: min(n_trials, len(prior) // 2)]
    lucky = generator.multivariate_normal(bank.luck.mean, bank.luck.covariance, len(prior), method="eigh")
    shown = used.from_scale(used.on_scale(bank.simulated[prior]) + lucky)
    n_here = min(n_trials, len(worlds.places))
    here = generator.choice(len(worlds.places), n_here, replace=False, p=worlds.weights)
    return [Truths(prior, shown, False), Truths(worlds.places[here], again[here], True)]


def _effective_lowest(bank: Bank, weights: np.ndarray) -> float:
    """Return how many draws the points are worth for the mean of the fitted parameter for which that is least."""
    if not weights.any():
        return 0.0
    fitted = [place for place, name in enumerate(bank.names) if is_fitted(name)] or range(len(bank.names))
    off = np.square(bank.unit[:, fitted] - weights @ bank.unit[:, fitted])
    return float(np.min((weights @ off) / (np.square(weights) @ off)))
