"""A calibration with a known answer: parameters with a standard normal prior, observables linear in them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from sim.evidence.calibration.emulator import Emulator
from sim.evidence.calibration.proposals import propose
from sim.evidence.calibration.weighing import Bank, Luck, Yardstick, mixture_log_density

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
    """Return the bank of some waves without luck; of draws from the prior, if their density is left out."""
    unit = np.concatenate(units)
    wave = np.repeat(np.arange(1, len(units) + 1), [len(one) for one in units])
    names = tuple(f"p{place}" for place in range(unit.shape[1]))
    n_targets = len(problem.yardstick.ids)
    none = Luck(np.zeros(n_targets), np.zeros((n_targets, n_targets)))
    density = np.zeros(len(unit)) if log_density is None else log_density
    return Bank(names, unit, simulate(problem, unit), wave, density, none)


def weighted_bank(problem: Toy, n: int, seed: int, off: float = 0.0) -> Bank:
    """Return the bank of a wave from the prior and of two that follow an emulator which is wrong by `off`."""
    generator = np.random.default_rng(seed)
    n_parameters = problem.matrix.shape[1]
    units, tilts = [draws(n, n_parameters, seed)], []
    for heat in (0.5, 1.0):
        unit = np.concatenate(units)
        guide = Emulator(unit, simulate(problem, unit) + off, problem.yardstick).around()
        cloud = propose(guide, heat, n, n_parameters, generator).moved(guide, heat, 20, generator)
        units.append(cloud.unit)
        tilts.append((heat, guide))
    unit = np.concatenate(units)
    tilted = np.array([np.zeros(len(unit)), *(heat * guide.log_likelihood(unit) for heat, guide in tilts)])
    return bank_of(problem, units, mixture_log_density(tilted, np.full(3, float(n))))
