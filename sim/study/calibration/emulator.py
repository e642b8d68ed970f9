"""A quick stand-in for the simulation: predicts what each target's observable would be at a point that was not run.

It decides where later waves look; the weights of the worlds rest on real runs, so a poor emulator costs effort there
and not truth. The second way to the posterior (`sim.study.calibration.second_way`) does rest on it, with its error
counted.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.study.calibration.weighing import Yardstick, log_kernel

FEWEST_POINTS = 40
FOLDS = 3
HIDDEN = (128, 128, 64)
EPOCHS = 80
PENALTY = 15.0
"""Of large weights, divided by the square root of the number of points: few points bear little detail."""
FARTHEST = 12.0
"""Tolerances beyond which a misfit is as bad as any, an undefined observable included."""
UNDEFINED = -8.0
"""What an undefined observable counts as, in tolerances: below nothing at all, and as far off as matters."""
BEND = 1.5
"""Tolerances up to which misfits are learned as they are; from there on by their logarithm (asinh)."""
NEAREST = 400
"""Points that tell how predictions err where some numbers are: those of which the predictions are nearest to them."""
TINY = 1e-9


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
        off_share: Sequence[float] | np.ndarray = (),
        seed: int = 1,
    ) -> None:
        self.yardstick = yardstick
        self._off_share = np.asarray(off_share, dtype=float) if len(off_share) else np.zeros(unit.shape[1])
        inputs = inputs_of(unit, self._off_share)
        off = learned_from(yardstick, simulated)
        bent = np.arcsinh(off / BEND)
        self._center, self._spread = bent.mean(axis=0), np.maximum(bent.std(axis=0), 1e-9)
        self._networks: list[Any] = []
        told = np.zeros_like(bent)
        if len(unit) >= FEWEST_POINTS:
            told = self._learn(inputs, (bent - self._center) / self._spread, seed)
        self._told = self._unbent(told)
        self._residual = off - self._told
        self.explained = 1.0 - np.square(told * self._spread + self._center - bent).mean(axis=0) / self._spread**2

    def around(self, wanted: np.ndarray | None = None, luck: np.ndarray | None = None) -> Around:
        """Return the likelihood of some numbers, with the error that predictions have where these numbers are.

        Parameters
        ----------
        wanted : ndarray, optional
            float64 (n_targets,), the numbers, in tolerances from those of the yardstick; these themselves, if left out.
        luck : ndarray, optional
            float64 (n_targets, n_targets), of one run, as `Bank.luck`: that of the organization behind the numbers.
        """
        wanted = np.zeros(len(self._center)) if wanted is None else wanted
        usual = np.sqrt(1.0 + np.square(self._residual).mean(axis=0))
        far = np.square((self._told - wanted) / usual).sum(axis=1)
        near = np.argsort(far, kind="stable")[: max(NEAREST, 4 * len(wanted))]
        residual = self._residual[near]
        shift = residual.mean(axis=0)
        own = (residual - shift).T @ (residual - shift) / max(len(near) - 1, 1)
        unit = np.outer(self.yardstick.tolerance, self.yardstick.tolerance)
        if luck is not None:
            # The networks have seen runs of one and the same luck, and cannot err by less than luck does.
            own = own + np.diag(np.maximum(np.diag(luck / unit) - np.diag(own), 0.0)) + luck / unit
        covariance = self.yardstick.covariance() / unit + own + TINY * np.eye(len(wanted))
        return Around(self, wanted - shift, covariance)

    def predict(self, unit: np.ndarray) -> np.ndarray:
        """Return how far predictions are from the targets, in tolerances, float64 (n, n_targets)."""
        inputs = inputs_of(unit, self._off_share)
        if not self._networks:
            return self._unbent(np.zeros((len(unit), len(self._center))))
        told = np.mean([network(inputs) for network in self._networks], axis=0)
        return self._unbent(told)

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


def learned_from(yardstick: Yardstick, simulated: np.ndarray) -> np.ndarray:
    """Return how far simulations are from the targets, in tolerances, cut off far away."""
    off = (yardstick.on_scale(simulated) - yardstick.on_scale(yardstick.value)) / yardstick.tolerance
    return np.clip(np.where(np.isnan(off), UNDEFINED, off), -FARTHEST, FARTHEST)


class Around(NamedTuple):
    """The likelihood of some numbers by an emulator: distances from `wanted`, in tolerances, and their covariance."""

    emulator: Emulator
    wanted: np.ndarray
    covariance: np.ndarray

    def log_likelihood(self, unit: np.ndarray) -> np.ndarray:
        """Return its logarithm at points (n, n_parameters), float64 (n,)."""
        off = self.emulator.predict(unit) - self.wanted
        return log_kernel(np.where(self.emulator.yardstick.is_at_least, np.minimum(off, 0.0), off), self.covariance)
