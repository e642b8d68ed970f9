"""A calibration with a known answer: parameters with a standard normal prior, observables linear in them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from sim.study.calibration.bank import Bank
from sim.study.calibration.emulator import Emulator
from sim.study.calibration.moving import Moved, move_by_runs
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


def bank_of(problem: Toy, units: list[np.ndarray], moved: Moved | None = None) -> Bank:
    """Return the bank of some waves without luck, and of the moves that followed."""
    unit = np.concatenate(units)
    wave = np.repeat(np.arange(1, len(units) + 1), [len(one) for one in units])
    visits = np.zeros(len(unit), dtype=np.int64)
    if moved is not None:
        np.add.at(visits, len(unit) - moved.n_run + moved.visited.ravel(), 1)
    n_targets = len(problem.yardstick.ids)
    names = tuple(f"p{place}" for place in range(unit.shape[1]))
    return Bank(names, unit, simulate(problem, unit), np.zeros((n_targets, n_targets)), wave, visits)


def moved_bank(problem: Toy, n: int, seed: int, off: float = 0.0) -> tuple[Bank, Moved]:
    """Return the bank of one wave and of moves by runs, guided by an emulator of the wave that is wrong by `off`."""
    generator = np.random.default_rng(seed)
    units = [draws(n, problem.matrix.shape[1], seed)]
    emulator = Emulator(units[0], simulate(problem, units[0]) + off, problem.yardstick)

    def log_likelihood_at(unit: np.ndarray, _move: int, _power: float) -> np.ndarray:
        units.append(unit)
        return problem.yardstick.log_likelihood(simulate(problem, unit))

    moved = move_by_runs(emulator.around, log_likelihood_at, n, problem.matrix.shape[1], generator, sweeps=10)
    return bank_of(problem, units, moved), moved
