"""A calibration with a known answer: parameters with a standard normal prior, observables linear in them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from sim.study.calibration.bank import Bank, mixture_log_density
from sim.study.calibration.emulator import Emulator
from sim.study.calibration.proposals import propose
from sim.study.calibration.weighing import Yardstick

MATRIX = np.array([[1.0, 0.0, 0.0, 0.0], [0.6, 0.8, 0.0, 0.0], [0.0, 0.5, -0.5, 0.0]])
"""Three observables of four parameters; the last parameter moves nothing."""


class Toy(NamedTuple):
    """A linear-Gaussian problem."""

    yardstick: Yardstick
    matrix: np.ndarray


def yardstick(values: list[float], tolerances: list[float]) -> Yardstick:
    """Return linear targets called a, b, c ..."""
    n = len(values)
    return Yardstick(
        tuple("abcdefgh"[:n]), np.array(values), np.array(tolerances), np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    )


def toy(values: list[float] | None = None) -> Toy:
    """Return the usual toy."""
    return Toy(yardstick(values or [1.0, -0.5, 0.4], [0.3, 0.4, 0.5]), MATRIX)


def posterior(problem: Toy) -> tuple[np.ndarray, np.ndarray]:
    """Return mean (k,) and covariance (k, k) of the posterior in closed form."""
    weight = np.diag(1 / problem.yardstick.tolerance**2)
    precision = np.eye(problem.matrix.shape[1]) + problem.matrix.T @ weight @ problem.matrix
    covariance = np.linalg.inv(precision)
    return covariance @ problem.matrix.T @ weight @ problem.yardstick.value, covariance


def simulate(problem: Toy, unit: np.ndarray) -> np.ndarray:
    """Return the observables (n, n_targets) of points in unit coordinates."""
    return parameters(unit) @ problem.matrix.T


def parameters(unit: np.ndarray) -> np.ndarray:
    """Return the parameters of points in unit coordinates."""
    return ndtri(np.clip(unit, 1e-12, 1 - 1e-12))


def draws(n: int, k: int, seed: int) -> np.ndarray:
    """Return Sobol points of the first wave."""
    return qmc.Sobol(k, seed=seed).random(n)


def bank_of(problem: Toy, units: list[np.ndarray], log_density: np.ndarray | None = None) -> Bank:
    """Return the bank of some waves without luck."""
    unit = np.concatenate(units)
    wave = np.repeat(np.arange(1, len(units) + 1), [len(one) for one in units])
    return Bank(
        tuple(f"p{place}" for place in range(unit.shape[1])),
        unit,
        simulate(problem, unit),
        np.zeros(len(problem.yardstick.ids)),
        1,
        wave,
        np.zeros(len(unit)) if log_density is None else log_density,
    )


def two_waves(problem: Toy, n: int, seed: int, heat: float = 0.7) -> Bank:
    """Return a bank of two waves, the second from an emulator of the first."""
    generator = np.random.default_rng(seed)
    first = draws(n, problem.matrix.shape[1], seed)
    emulator = Emulator(first, simulate(problem, first), problem.yardstick, np.zeros(len(problem.yardstick.ids)))
    proposal = propose(emulator, heat, 2 * n, problem.matrix.shape[1], generator)
    second = proposal.draw(n, generator)
    unit = np.concatenate([first, second])
    density = mixture_log_density([np.zeros(2 * n), proposal.log_density(unit)], [n, n])
    return bank_of(problem, [first, second], density)
