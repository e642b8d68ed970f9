"""What the bank and the targets say together: weights, diagnostics, and everything the pages report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.study.calibration.bank import Bank
from sim.study.calibration.learning import ChanceOn, Learned, chances_on, is_fitted, learned
from sim.study.calibration.matching import Pair, Pull, Reach, conflicts, pulls, reaches
from sim.study.calibration.moving import Moved, worth
from sim.study.calibration.predicting import LeftOut, Predicted, left_out, predicted
from sim.study.calibration.recovering import Coverage, coverages, truths_of
from sim.study.calibration.second_way import Agreement, agreements, emulated_posterior
from sim.study.calibration.weighing import Yardstick, effective_size, normalized, squares
from sim.study.statistics import keyed_generator

ValuesOf = Callable[[int, np.ndarray], np.ndarray]
N_TRIALS = 200


@dataclass(frozen=True)
class Findings:
    """Everything that a calibration found.

    Attributes
    ----------
    weights : ndarray
        float64 (n_points,) of the points of the bank.
    effective, effective_lowest : float
        How many independent draws the moved points are worth for the mean of a parameter: the median over parameters,
        and the least.
    prior_only : float
        Effective number of the points of the first wave, weighted by their likelihood.
    is_used : ndarray
        bool (n_targets,): targets that decide: those marked as used and within reach.
    squares, squares_most : float
        Posterior mean of the sum of squared misfits, as independent standard errors, and the 95% quantile that it has
        where model and tolerances are right.
    reaches, conflicts, pulls, predicted, learned : lists
        See the modules of these names.
    draws : ndarray
        float64 (n_draws, n_parameters): draws from the posterior by the emulator, which worlds are made of.
    second : list of Learned
        The posterior by the second way.
    agreements : list of Agreement
        Both ways side by side.
    chances_on : list of ChanceOn
        Of mechanisms that can be off.
    left_out : list of LeftOut
        Each organization predicted from the others.
    growth : ndarray
        float64 (n_sweeps, 2): points run so far and what the moved ones are worth.
    recovery, recovery_here : Coverage
        Simulation-based check with truths from the prior and from the posterior.
    """

    weights: np.ndarray
    effective: float
    effective_lowest: float
    prior_only: float
    is_used: np.ndarray
    squares: float
    squares_most: float
    reaches: list[Reach]
    conflicts: list[Pair]
    pulls: list[Pull]
    predicted: list[Predicted]
    learned: list[Learned]
    draws: np.ndarray
    second: list[Learned]
    agreements: list[Agreement]
    chances_on: list[ChanceOn]
    left_out: list[LeftOut]
    growth: np.ndarray
    recovery: Coverage
    recovery_here: Coverage


def usable(bank: Bank, yardstick: Yardstick, is_wanted: np.ndarray) -> np.ndarray:
    """Return which targets decide, bool (n_targets,): wanted ones that some point reaches.

    A target that no point reaches says that the model is wrong about it, not where its parameters should be: forced
    to fit, it would push them to the edge of their ranges.
    """
    is_reached = np.array([one.is_reached for one in reaches(bank, yardstick)], dtype=bool)
    return np.asarray(is_wanted & is_reached)


def infer(
    bank: Bank,
    moved: Moved,
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
    bank : Bank
        Points of all waves and moves.
    moved : Moved
        How points were moved by runs; `visited` are positions among the points of moves, the last
        of the bank.
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
        Trials of the check.
    """
    from scipy.special import chdtri

    weights = bank.weights
    used = yardstick.part(is_used)
    shown = bank.for_targets(is_used)
    first = shown.of_wave(1)
    n_first = bank.n_points - moved.n_run
    effective, effective_lowest = _effective(bank, moved, n_first, len(moved.visited))
    generator = keyed_generator("calibration", "recovery", seed)
    particles = emulated_posterior(shown, used, off_share, generator, seed=17)
    even = np.full(len(particles), 1.0 / len(particles))
    is_there = weights > 0
    misfit = squares(used.off(shown.simulated[is_there]), used.covariance(shown.error))
    from_prior, from_posterior = coverages(shown, used, off_share, truths_of(bank, n_trials, generator), generator)
    n_sweeps = range(1, len(moved.visited) + 1)
    run_before = bank.n_points - len(moved.visited) * len(moved.family)
    return Findings(
        weights=weights,
        effective=effective,
        effective_lowest=effective_lowest,
        prior_only=effective_size(normalized(used.log_likelihood(first.simulated, first.error))),
        is_used=is_used,
        squares=float(weights[is_there] @ misfit) if is_there.any() else np.nan,
        squares_most=float(chdtri(int(is_used.sum()), 0.05)),
        reaches=reaches(bank, yardstick),
        conflicts=conflicts(bank, yardstick),
        pulls=pulls(bank, yardstick),
        predicted=predicted(bank, yardstick, weights),
        learned=learned(bank.names, bank.unit, weights, values_of, effective),
        draws=particles,
        second=learned(bank.names, particles, even, values_of, len(particles)),
        agreements=agreements(bank, weights, particles, effective),
        chances_on=chances_on(bank, weights, particles, off_share, effective),
        left_out=left_out(bank, yardstick, is_used, scenarios),
        growth=np.array(
            [(run_before + n * len(moved.family), _effective(bank, moved, n_first, n)[0]) for n in n_sweeps]
        ).reshape(len(n_sweeps), 2),
        recovery=from_prior,
        recovery_here=from_posterior,
    )


def _effective(bank: Bank, moved: Moved, n_first: int, n_sweeps: int) -> tuple[float, float]:
    """Return how many draws the first sweeps are worth: the median over the fitted parameters, and the least."""
    if not n_sweeps:
        return 0.0, 0.0
    fitted = [place for place, name in enumerate(bank.names) if is_fitted(name)] or range(len(bank.names))
    visited = n_first + moved.visited[:n_sweeps]
    told = [worth(bank.unit[visited, place], moved.family) for place in fitted]
    return float(np.median(told)), float(min(told))
