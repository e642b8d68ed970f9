"""Draws from prior x likelihood ** heat, for a likelihood that costs nothing to ask: where later waves look."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from sim.kernel.estimates import effective_size, normalized, systematic

KEPT_EFFECTIVE = 0.5
MOVES = 5
FIRST_STEP = 0.3
WANTED_ACCEPTANCE = 0.25
LARGEST_STEP = 0.9
PARTICLES = 1500


class Likelihood(Protocol):
    """Whatever tells the logarithm of a likelihood at points (n, n_parameters)."""

    def log_likelihood(self, unit: np.ndarray) -> np.ndarray:
        """Return it, float64 (n,)."""
        ...


class Cloud(NamedTuple):
    """Points on their way: normal scores (n, n_parameters), the logarithm of the likelihood there (n,), a step."""

    scores: np.ndarray
    log_likelihood: np.ndarray
    step: float

    @property
    def unit(self) -> np.ndarray:
        """The points, float64 (n, n_parameters)."""
        from scipy.special import ndtr

        return np.asarray(ndtr(self.scores))

    def rows(self, places: np.ndarray) -> Cloud:
        """Return some of them; `places` are positions or a mask."""
        return Cloud(self.scores[places], self.log_likelihood[places], self.step)

    def moved(
        self, likelihood: Likelihood, heat: float, moves: int, generator: np.random.Generator, adapts: bool = True
    ) -> Cloud:
        """Return the points after some moves that keep prior x likelihood ** heat.

        Moves are those of Cotter et al. 2013 (preconditioned Crank-Nicolson) in normal scores: they keep the prior
        whatever the number of parameters, so that parameters without effect cost nothing. The step follows the share
        of moves that are accepted, if it `adapts`.
        """
        from scipy.special import ndtr

        scores, there, step = self.scores.copy(), self.log_likelihood.copy(), self.step
        for _ in range(moves):
            tried = np.sqrt(1.0 - step**2) * scores + step * generator.standard_normal(scores.shape)
            found = likelihood.log_likelihood(ndtr(tried))
            with np.errstate(invalid="ignore"):
                ratio = heat * (found - there)
            accepted = np.log(generator.random(len(scores))) < ratio
            scores[accepted], there[accepted] = tried[accepted], found[accepted]
            if adapts:
                step = float(np.clip(step * np.exp(accepted.mean() - WANTED_ACCEPTANCE), 0.01, LARGEST_STEP))
        return Cloud(scores, there, step)


def propose(
    likelihood: Likelihood,
    heat: float,
    n_particles: int,
    n_parameters: int,
    generator: np.random.Generator,
    moves: int = MOVES,
) -> Cloud:
    """Return draws from prior x likelihood ** heat, heated up from the prior step by step.

    Sequential Monte Carlo: particles from the prior are weighted by a small power of the likelihood, resampled and
    moved, until the power is `heat` (Del Moral, Doucet & Jasra 2006).
    """
    from scipy.special import ndtr, ndtri

    # Never exactly 0 or 1, where the normal score is infinite.
    scores = ndtri(np.clip(generator.random((n_particles, n_parameters)), 1e-12, 1.0 - 1e-12))
    cloud = Cloud(scores, likelihood.log_likelihood(ndtr(scores)), FIRST_STEP)
    power = 0.0
    while power < heat:
        rise = next_rise(cloud.log_likelihood, heat - power)
        chosen = systematic(normalized(rise * cloud.log_likelihood), n_particles, generator)
        power = min(heat, power + rise)
        cloud = cloud.rows(chosen).moved(likelihood, power, moves, generator)
    return cloud


def next_rise(log_likelihood: np.ndarray, most: float, kept: float = KEPT_EFFECTIVE) -> float:
    """Return how far the power may rise for a part of the particles to stay effective, found by halving."""
    wanted = kept * len(log_likelihood)
    if effective_size(normalized(most * log_likelihood)) >= wanted:
        return most
    low, high = 0.0, most
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if effective_size(normalized(middle * log_likelihood)) >= wanted else (low, middle)
    return max(low, 1e-6)
