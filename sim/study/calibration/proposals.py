"""Where a wave looks: the first over the whole prior, later ones where the emulator expects agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.study.calibration.weighing import effective_size, normalized

DEFENSIVE = 0.1
"""Part of each later wave that is drawn from the prior, so that no weight can exceed 1 / (its part of all points)."""
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


@dataclass(frozen=True)
class Proposal:
    """The density that a wave draws from: a part from the prior, the rest from prior x likelihood ** heat.

    Attributes
    ----------
    likelihood : Likelihood
        That of the emulator.
    heat : float
        From 0 (the prior) to 1 (what the emulator takes for the posterior).
    log_constant : float
        Logarithm of the mean of likelihood ** heat over the prior.
    particles : ndarray
        float64 (n_particles, n_parameters), draws from that second part.
    """

    likelihood: Likelihood
    heat: float
    log_constant: float
    particles: np.ndarray

    def log_density(self, unit: np.ndarray) -> np.ndarray:
        """Return the logarithm of the density at points (n, n_parameters), in relation to the prior."""
        tilted = self.heat * self.likelihood.log_likelihood(unit) - self.log_constant
        return np.logaddexp(np.log(DEFENSIVE), np.log(1.0 - DEFENSIVE) + tilted)

    def draw(self, n_points: int, generator: np.random.Generator) -> np.ndarray:
        """Return new points, float64 (n_points, n_parameters).

        Raises
        ------
        ValueError
            If there are too few particles.
        """
        n_prior = round(DEFENSIVE * n_points)
        if n_points - n_prior > len(self.particles):
            raise ValueError(f"{n_points} points need more than {len(self.particles)} particles")
        chosen = generator.choice(len(self.particles), n_points - n_prior, replace=False)
        prior = generator.random((n_prior, self.particles.shape[1]))
        return np.concatenate([self.particles[chosen], prior])


def propose(
    likelihood: Likelihood,
    heat: float,
    n_particles: int,
    n_parameters: int,
    generator: np.random.Generator,
    moves: int = MOVES,
) -> Proposal:
    """Return the proposal for a likelihood, heated up from the prior step by step.

    Sequential Monte Carlo: particles from the prior are weighted by a small power of the likelihood, resampled and
    moved, until the power is `heat` (Del Moral, Doucet & Jasra 2006). Moves are those of Cotter et al. 2013
    (preconditioned Crank-Nicolson) in normal scores: they keep the prior whatever the number of parameters, so that
    parameters without effect cost nothing.
    """
    from scipy.special import ndtr, ndtri

    # Never exactly 0 or 1, where the normal score is infinite.
    scores = ndtri(np.clip(generator.random((n_particles, n_parameters)), 1e-12, 1.0 - 1e-12))
    log_likelihood = likelihood.log_likelihood(ndtr(scores))
    power, log_constant, step = 0.0, 0.0, FIRST_STEP
    while power < heat:
        rise = _next_rise(log_likelihood, heat - power)
        weights = normalized(rise * log_likelihood)
        log_constant += _log_mean(rise * log_likelihood)
        power = min(heat, power + rise)
        chosen = _systematic(weights, generator)
        scores, log_likelihood = scores[chosen], log_likelihood[chosen]
        for _ in range(moves):
            moved = np.sqrt(1.0 - step**2) * scores + step * generator.standard_normal(scores.shape)
            there = likelihood.log_likelihood(ndtr(moved))
            with np.errstate(invalid="ignore"):
                ratio = power * (there - log_likelihood)
            accepted = np.log(generator.random(n_particles)) < ratio
            scores[accepted], log_likelihood[accepted] = moved[accepted], there[accepted]
            step = float(np.clip(step * np.exp(accepted.mean() - WANTED_ACCEPTANCE), 0.01, LARGEST_STEP))
    return Proposal(likelihood, heat, log_constant, ndtr(scores))


def _next_rise(log_likelihood: np.ndarray, most: float) -> float:
    """Return how far the power may rise for half of the particles to stay effective, found by halving."""
    wanted = KEPT_EFFECTIVE * len(log_likelihood)
    if effective_size(normalized(most * log_likelihood)) >= wanted:
        return most
    low, high = 0.0, most
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if effective_size(normalized(middle * log_likelihood)) >= wanted else (low, middle)
    return max(low, 1e-6)


def _log_mean(logarithms: np.ndarray) -> float:
    from scipy.special import logsumexp

    return float(logsumexp(logarithms)) - float(np.log(len(logarithms)))


def _systematic(weights: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return positions drawn by weight, each as often as expected but for rounding."""
    return systematic(weights, len(weights), generator)


def systematic(weights: np.ndarray, n: int, generator: np.random.Generator) -> np.ndarray:
    """Return `n` positions drawn in proportion to `weights`, int64 (n,): systematic resampling.

    Each position comes floor(n w) or ceil(n w) times.
    """
    steps = (generator.random() + np.arange(n)) / n
    edges = np.cumsum(weights) / weights.sum()
    return np.minimum(np.searchsorted(edges, steps, side="right"), len(weights) - 1)
