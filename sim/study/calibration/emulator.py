"""A quick stand-in for the simulation: predicts what each target's observable would be at a point that was not run.

It decides where later waves look; the weights of the worlds rest on real runs, so a poor emulator costs effort there
and not truth. The second way to the posterior (`sim.study.calibration.second_way`) does rest on it, with its error
counted.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.study.calibration.weighing import Yardstick, log_likelihood

FEWEST_POINTS = 40
FOLDS = 3
HIDDEN = (128, 64)
EPOCHS = 80
PENALTY = 150.0
"""Of large weights, divided by the square root of the number of points: few points bear little detail."""
FARTHEST = 12.0
"""Tolerances beyond which a misfit is as bad as any, an undefined observable included."""
UNDEFINED = -8.0
"""What an undefined observable counts as, in tolerances: below nothing at all, and as far off as matters."""
BEND = 1.5
"""Tolerances up to which misfits are learned as they are; from there on by their logarithm (asinh)."""
NEAR = 3.0
FEWEST_NEAR = 50


def inputs_of(unit: np.ndarray, off_share: np.ndarray) -> np.ndarray:
    """Return what is learned from, float64 (n, n_parameters + n_mechanisms), each about from -1.7 to 1.7.

    A coefficient whose mechanism can be off gives two: whether it is on, and how strong it is then.
    """
    wide = np.sqrt(12.0)
    can_be_off = off_share > 0
    is_on = unit >= off_share
    strength = np.where(can_be_off, (unit - off_share) / (1.0 - off_share), unit) - 0.5
    return np.concatenate([wide * np.where(is_on, strength, 0.0), 2.0 * (is_on[:, can_be_off] - 0.5)], axis=1)


class Emulator:
    """Predicts the misfits of all targets and the likelihood that follows.

    Small neural networks, one for each fold of the points, averaged; each point is predicted by the one that has not
    learned from it to tell the error.

    Parameters
    ----------
    unit : ndarray
        float64 (n_points, n_parameters), the points that were run.
    simulated : ndarray
        float64 (n_points, n_targets), what they showed, NaN where undefined.
    yardstick : Yardstick
        The targets.
    luck : ndarray
        float64 (n_targets,), of one run, as `Bank.luck`. What the networks cannot predict has luck in it already, so it
        counts only where they miss by less.
    off_share : sequence of float
        For each parameter the part of its prior in which it is off; none is, if left out.
    seed : int
        Of the networks.
    """

    def __init__(
        self,
        unit: np.ndarray,
        simulated: np.ndarray,
        yardstick: Yardstick,
        luck: np.ndarray,
        off_share: Sequence[float] | np.ndarray = (),
        seed: int = 1,
    ) -> None:
        self.yardstick = yardstick
        self._off_share = np.asarray(off_share, dtype=float) if len(off_share) else np.zeros(unit.shape[1])
        inputs = inputs_of(unit, self._off_share)
        off = _learned_from(yardstick, simulated)
        bent = np.arcsinh(off / BEND)
        self._center, self._spread = bent.mean(axis=0), np.maximum(bent.std(axis=0), 1e-9)
        self._networks: list[Any] = []
        told = np.zeros_like(bent)
        if len(unit) >= FEWEST_POINTS:
            told = self._learn(inputs, (bent - self._center) / self._spread, seed)
        predicted = self._unbent(told)
        residual = predicted - off
        near = np.abs(predicted) < NEAR
        self.residual_sd = np.array([_spread_near(residual[:, k], near[:, k]) for k in range(off.shape[1])])
        self.explained = 1.0 - np.square(told * self._spread + self._center - bent).mean(axis=0) / self._spread**2
        self._own = np.maximum(luck, self.residual_sd * yardstick.tolerance)

    @property
    def error(self) -> np.ndarray:
        """Standard deviation of the prediction near each target, on its scale, float64 (n_targets,)."""
        return self.residual_sd * self.yardstick.tolerance

    @property
    def total_error(self) -> np.ndarray:
        """That error, or luck where it is larger, float64 (n_targets,)."""
        return self._own

    def predict(self, unit: np.ndarray) -> np.ndarray:
        """Return how far predictions are from the targets, in tolerances, float64 (n, n_targets)."""
        inputs = inputs_of(unit, self._off_share)
        if not self._networks:
            return self._unbent(np.zeros((len(unit), len(self._center))))
        told = np.mean([network(inputs) for network in self._networks], axis=0)
        return self._unbent(told)

    def log_likelihood(self, unit: np.ndarray) -> np.ndarray:
        """Return the logarithm of the likelihood (n,), luck and the emulator's own error added to the tolerance."""
        off = self.predict(unit)
        off = np.where(self.yardstick.is_at_least, np.minimum(off, 0.0), off)
        misfit = off * self.yardstick.tolerance / np.sqrt(self.yardstick.tolerance**2 + self._own**2)
        return log_likelihood(self.yardstick.whitened(misfit, self._own))

    def _unbent(self, told: np.ndarray) -> np.ndarray:
        bent = np.clip(told * self._spread + self._center, *np.arcsinh(np.array([-FARTHEST, FARTHEST]) / BEND))
        return np.asarray(BEND * np.sinh(bent))

    def _learn(self, inputs: np.ndarray, wanted: np.ndarray, seed: int) -> np.ndarray:
        """Fit the networks and return what each point was told by the one that had not seen it."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.model_selection import KFold
        from sklearn.neural_network import MLPRegressor

        told = np.empty_like(wanted)
        for fold, (seen, unseen) in enumerate(KFold(FOLDS, shuffle=True, random_state=seed).split(inputs)):
            network = MLPRegressor(
                hidden_layer_sizes=HIDDEN, alpha=PENALTY / np.sqrt(len(inputs)), batch_size=min(64, len(seen)),
                learning_rate_init=2e-3, max_iter=EPOCHS, random_state=seed + fold,
            )  # fmt: skip
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                network.fit(inputs[seen], wanted[seen] if wanted.shape[1] > 1 else wanted[seen, 0])
            self._networks.append(_Network(network.coefs_, network.intercepts_))
            told[unseen] = self._networks[-1](inputs[unseen])
        return told


class _Network:
    """A fitted network, without what checks its input: it is asked often for few points."""

    def __init__(self, weights: Sequence[np.ndarray], offsets: Sequence[np.ndarray]) -> None:
        self._weights, self._offsets = weights, offsets

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        values = inputs
        last = len(self._weights) - 1
        for layer, (weights, offset) in enumerate(zip(self._weights, self._offsets, strict=True)):
            values = values @ weights + offset
            if layer < last:
                np.maximum(values, 0.0, out=values)
        return values


def _learned_from(yardstick: Yardstick, simulated: np.ndarray) -> np.ndarray:
    """Return how far simulations are from the targets, in tolerances, cut off far away."""
    off = (yardstick.on_scale(simulated) - yardstick.on_scale(yardstick.value)) / yardstick.tolerance
    return np.clip(np.where(np.isnan(off), UNDEFINED, off), -FARTHEST, FARTHEST)


def _spread_near(residual: np.ndarray, near: np.ndarray) -> float:
    chosen = residual[near] if near.sum() >= FEWEST_NEAR else residual
    return float(np.sqrt(np.mean(np.square(chosen)))) if len(chosen) else 0.0
