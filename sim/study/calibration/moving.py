"""The first way to the posterior: points that are moved by runs, sequential Monte Carlo on the simulation itself.

A cloud of points starts where an emulator expects agreement and is led, power by power, from the emulator's likelihood
to that of real runs (Del Moral, Doucet & Jasra 2006). A move is a walk that the emulator guides, which costs nothing,
and one run at its end decides whether it is taken (Christen & Fox 2005, delayed acceptance; Liu 2001, section 9.4.3).
What the emulator gets wrong costs moves, not truth; it is learned anew from what the runs show, until some moves after
the power has reached 1. From then on every place of every point is a draw.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.study.calibration.proposals import LARGEST_STEP, Cloud, Likelihood, next_rise, propose, systematic
from sim.study.calibration.weighing import normalized

WALK = 6
"""Steps of a walk, of which the emulator takes about a quarter at first."""
HEATS = (1.0, 0.5)
"""Walks take turns: by the whole likelihood of the emulator, and by one twice as wide, which also reaches what the
emulator thinks unlikely."""
WANTED_TAKEN = 0.25
SMALLEST_STEP = 0.03
KEPT_EFFECTIVE = 0.7
"""Part of the cloud that stays effective when the power rises: little of it is lost, and many families remain."""
BURN_IN = 3
SWEEPS = 20
"""Moves of the whole cloud once the power is 1: those that still teach the emulator, and those that count."""


class Move(NamedTuple):
    """One move of the whole cloud.

    Attributes
    ----------
    number : int
        From 1; 0 is the start, before any move.
    power : float
        Part of the runs in the likelihood, from 0 (the emulator's) to 1 (that of runs).
    taken : float
        Share of walks that were taken, of those that led elsewhere.
    families : int
        Points of the start from which those of now descend.
    """

    number: int
    power: float
    taken: float
    families: int


class Moved(NamedTuple):
    """A cloud that has arrived.

    Attributes
    ----------
    visited : ndarray
        int64 (n_sweeps, n_points): positions in the list of all points that were run, one row a sweep that counts; none
        where no point of the start showed all targets.
    family : ndarray
        int64 (n_points,): the point of the start from which each descends.
    moves : list of Move
        The way.
    """

    visited: np.ndarray
    family: np.ndarray
    moves: list[Move]

    @property
    def n_run(self) -> int:
        """Number of points that were run."""
        return len(self.moves) * len(self.family)


def move_by_runs(
    learned: Callable[[], Likelihood],
    log_likelihood_at: Callable[[np.ndarray, int, float], np.ndarray],
    n_points: int,
    n_parameters: int,
    generator: np.random.Generator,
    sweeps: int = SWEEPS,
) -> Moved:
    """Lead a cloud from the emulator's posterior to that of runs, and return where it was.

    Parameters
    ----------
    learned : callable
        Returns the likelihood of an emulator that has learned from all points that were run.
    log_likelihood_at : callable
        Runs points (n_points, n_parameters), given the number of the move and the power, and returns the logarithm of
        their likelihood (n_points,), minus infinity where something is undefined. It keeps them in a list, in order.
    n_points, n_parameters : int
        Size of the cloud.
    generator : numpy.random.Generator
        Moves it.
    sweeps : int
        Moves that count; without any, the cloud only teaches the emulator.
    """
    start = learned()
    cloud = propose(start, 1.0, n_points, n_parameters, generator)
    shown, known = log_likelihood_at(cloud.unit, 0, 0.0), cloud.log_likelihood
    place, family = np.arange(n_points), np.arange(n_points)
    moves = [Move(0, 0.0, 1.0, n_points)]
    visited: list[np.ndarray] = []
    power, steps, n_taught, guide = 0.0, [cloud.step] * len(HEATS), 0, start
    while (len(visited) < sweeps or n_taught < BURN_IN) and np.isfinite(shown).any():
        if power < 1.0:
            gain = shown - known
            rise = next_rise(gain, 1.0 - power, KEPT_EFFECTIVE)
            chosen = systematic(normalized(rise * gain), n_points, generator)
            power = min(1.0, power + rise)
            cloud, known, shown = cloud.rows(chosen), known[chosen], shown[chosen]
            place, family = place[chosen], family[chosen]
        if n_taught <= BURN_IN:
            guide = learned()
            cloud = cloud._replace(log_likelihood=guide.log_likelihood(cloud.unit))
            n_taught += power >= 1.0
        number = len(moves)
        turn = number % len(HEATS)
        heat = HEATS[turn]
        there = cloud._replace(step=steps[turn]).moved(guide, heat, WALK, generator, adapts=False)
        found, expected = log_likelihood_at(there.unit, number, power), start.log_likelihood(there.unit)
        now = (1.0 - power) * known + power * shown - heat * cloud.log_likelihood
        then = (1.0 - power) * expected + power * found - heat * there.log_likelihood
        # A walk that comes back to where it began is no new place.
        is_elsewhere = (there.scores != cloud.scores).any(axis=1)
        taken = (np.log(generator.random(n_points)) < then - now) & is_elsewhere
        scores = np.where(taken[:, None], there.scores, cloud.scores)
        cloud = Cloud(scores, np.where(taken, there.log_likelihood, cloud.log_likelihood), there.step)
        shown, known = np.where(taken, found, shown), np.where(taken, expected, known)
        place = np.where(taken, number * n_points + np.arange(n_points), place)
        share = float(taken.sum() / max(int(is_elsewhere.sum()), 1))
        steps[turn] = float(np.clip(steps[turn] * np.exp(share - WANTED_TAKEN), SMALLEST_STEP, LARGEST_STEP))
        moves.append(Move(number, power, share, len(set(family.tolist()))))
        if n_taught > BURN_IN:
            visited.append(place.copy())
    return Moved(np.array(visited, dtype=np.int64).reshape(len(visited), n_points), family, moves)


def worth(values: np.ndarray, family: np.ndarray) -> float:
    """Return how many independent draws the places of a cloud are worth for the mean of something.

    Points that descend from one point, and places of one point, are alike; families are independent of each other. So
    the error of the mean is told by the differences between families, as for samples drawn in clusters.

    Parameters
    ----------
    values : ndarray
        float64 (n_sweeps, n_points), at all places.
    family : ndarray
        int64 (n_points,).
    """
    variance = float(values.var())
    if variance == 0:
        return float(values.size)
    sums = np.bincount(family, (values - values.mean()).sum(axis=0))
    error = float(np.square(sums).sum()) / values.size**2
    return min(float(values.size), variance / error) if error > 0 else float(values.size)
