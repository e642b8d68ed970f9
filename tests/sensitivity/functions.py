"""Functions with indices known in closed form, and luck as a simulation has it."""

from __future__ import annotations

import numpy as np


def ishigami(unit: np.ndarray) -> np.ndarray:
    """Ishigami & Homma (1990) with a = 7, b = 0.1; the factors run from -pi to pi. (n, >=3) -> (n,)."""
    x = (2 * unit[:, :3] - 1) * np.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_indices() -> tuple[np.ndarray, np.ndarray]:
    """First and total order of the three factors, from the closed form."""
    a, b, pi = 7.0, 0.1, np.pi
    first = 0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8, 0.0
    together = 8 * b**2 * pi**8 / 225
    total = sum(first) + together
    return np.array(first) / total, np.array([first[0] + together, first[1], together]) / total


G_WEIGHTS = np.array([0.0, 1.0, 4.5, 99.0])


def sobol_g(unit: np.ndarray) -> np.ndarray:
    """Sobol's g-function; a factor with a small weight matters much. (n, >=4) -> (n,)."""
    return np.prod((np.abs(4 * unit[:, : len(G_WEIGHTS)] - 2) + G_WEIGHTS) / (1 + G_WEIGHTS), axis=1)


def sobol_g_indices() -> tuple[np.ndarray, np.ndarray]:
    """First and total order, from the closed form."""
    own = 1 / (3 * (1 + G_WEIGHTS) ** 2)
    variance = np.prod(1 + own) - 1
    return own / variance, own * np.prod(1 + own) / (1 + own) / variance


def with_luck(effect: np.ndarray, n_replications: int, shared: float, own: float, seed: int = 1) -> np.ndarray:
    """Runs of each point: its effect, luck that all points of a replication share, and luck of its own.

    ``own`` larger than 0 is the worst case of common seeds: every point, however near, has another course.
    """
    generator = np.random.default_rng(seed)
    shift = shared * generator.standard_normal(n_replications)
    return effect[:, None] + shift + own * generator.standard_normal((len(effect), n_replications))
