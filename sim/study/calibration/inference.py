"""What the bank and the targets say together: weights, diagnostics, and everything the pages report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.study.calibration.bank import Bank, needed_widening
from sim.study.calibration.learning import Learned, learned
from sim.study.calibration.leaving_out import LeftOut, left_out
from sim.study.calibration.matching import Pair, Pull, Reach, conflicts, pulls, reaches
from sim.study.calibration.predicting import Predicted, predicted
from sim.study.calibration.recovering import Coverage, coverage, coverage_by_emulator
from sim.study.calibration.second_way import Agreement, agreements, emulated_posterior
from sim.study.calibration.switches import ChanceOn, chances_on
from sim.study.calibration.weighing import Yardstick, effective_size, normalized
from sim.study.statistics import keyed_generator

ValuesOf = Callable[[int, np.ndarray], np.ndarray]
N_TRIALS = 200
STEPS = 12


@dataclass(frozen=True)
class Findings:
    """Everything that a calibration found.

    Attributes
    ----------
    weights : ndarray
        float64 (n_points,) of the points of the bank.
    effective : float
        Effective number of points.
    prior_only : float
        The same with the points of the first wave alone.
    is_used : ndarray
        bool (n_targets,): targets that decide over the weights: those marked as used and within reach.
    widening : float
        Factor by which tolerances had to grow, see `needed_widening`. It decides over weights only: reach, conflicts
        and predictions are judged with the tolerances as they were argued.
    reaches, conflicts, pulls, predicted, learned : lists
        See the modules of these names.
    second : list of Learned
        The posterior by the second way.
    agreements : list of Agreement
        Both ways side by side.
    chances_on : list of ChanceOn
        Of mechanisms that can be off.
    left_out : list of LeftOut
        Each organization predicted from the others.
    growth : ndarray
        float64 (n, 3): number of points so far, effective number, largest weight.
    recovery, recovery_here : Coverage
        Simulation-based check with truths from the prior, by the emulator, and from the posterior, by weights.
    """

    weights: np.ndarray
    effective: float
    prior_only: float
    is_used: np.ndarray
    widening: float
    reaches: list[Reach]
    conflicts: list[Pair]
    pulls: list[Pull]
    predicted: list[Predicted]
    learned: list[Learned]
    second: list[Learned]
    agreements: list[Agreement]
    chances_on: list[ChanceOn]
    left_out: list[LeftOut]
    growth: np.ndarray
    recovery: Coverage
    recovery_here: Coverage


def usable(bank: Bank, yardstick: Yardstick, is_wanted: np.ndarray) -> np.ndarray:
    """Return which targets decide over weights, bool (n_targets,): wanted ones that some point reaches.

    A target that no point reaches says that the model is wrong about it, not where its parameters should be: forced
    to fit, it would push them to the edge of their ranges.
    """
    is_reached = np.array([one.is_reached for one in reaches(bank, yardstick)], dtype=bool)
    return np.asarray(is_wanted & is_reached)


def infer(
    bank: Bank,
    yardstick: Yardstick,
    is_wanted: np.ndarray,
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
        Points of all waves.
    yardstick : Yardstick
        All targets that are compared, in the order of the bank.
    is_wanted : ndarray
        bool (n_targets,): those marked as used.
    values_of : callable
        From the position of a parameter and unit coordinates to its values.
    seed : int
        For the simulation-based check.
    off_share : ndarray
        float64 (n_parameters,): part of the prior of each in which its mechanism is off.
    scenarios : sequence of str
        For each target its organization.
    n_trials : int
        Its trials.
    """
    is_used = usable(bank, yardstick, is_wanted)
    widening = needed_widening(bank, yardstick, is_used)
    wider = yardstick.widened(widening)
    weights = bank.weights(wider, is_used)
    used = wider.part(is_used)
    shown = bank.for_targets(is_used)
    first = shown.of_wave(1).as_from_prior()
    prior_weights = first.weights(used, np.ones(len(used.ids), dtype=bool))
    generator = keyed_generator("calibration", "recovery", seed)
    particles = emulated_posterior(shown, used, off_share, generator, seed=17)
    even = np.full(len(particles), 1.0 / len(particles))
    return Findings(
        weights=weights,
        effective=effective_size(weights),
        prior_only=effective_size(prior_weights),
        is_used=is_used,
        widening=widening,
        reaches=reaches(bank, yardstick),
        conflicts=conflicts(bank, yardstick),
        pulls=pulls(bank, yardstick),
        predicted=predicted(bank, yardstick, weights),
        learned=learned(bank.names, bank.unit, weights, values_of),
        second=learned(bank.names, particles, even, values_of),
        agreements=agreements(bank, weights, particles),
        chances_on=chances_on(bank, weights, particles, off_share),
        left_out=left_out(bank, wider, is_used, scenarios),
        growth=_growth(bank, wider, is_used),
        recovery=coverage_by_emulator(shown, used, off_share, n_trials, generator),
        recovery_here=coverage(shown, used, n_trials, generator, truth_weights=weights),
    )


def _growth(bank: Bank, yardstick: Yardstick, is_used: np.ndarray) -> np.ndarray:
    """Return how the effective number of points grew as points were added in the order of the waves, (n, 3)."""
    log_weights = bank.log_weights(yardstick, is_used)
    rows = []
    for n in np.unique(np.linspace(0, bank.n_points, STEPS + 1).astype(int)[1:]):
        weights = normalized(log_weights[:n])
        rows.append((float(n), effective_size(weights), float(weights.max(initial=0.0))))
    return np.array(rows)
