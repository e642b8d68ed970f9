"""A quick stand-in for the simulation: predicts what each target's observable would be at a point that was not run.

It decides where later waves look; the weights of the worlds rest on real runs, so a poor emulator costs effort there
and not truth. The second way to the posterior (`emulated_posterior`) does rest on it, with its error counted.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from sim.evidence.calibration.weighing import Luck, Yardstick, log_kernel

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
_ENDS = (float(np.arcsinh(-FARTHEST / BEND)), float(np.arcsinh(FARTHEST / BEND)))
MOST_NEAR = 3000
"""Points that are learned from with nearly all of their weight: a fourth of all, if these are fewer."""
NEAREST = 400
"""Points that tell how predictions err where some numbers are: those of which the predictions are nearest to them."""
TINY = 1e-9
Network: TypeAlias = list[tuple[np.ndarray, np.ndarray]]
"""Weights and offsets of its layers."""


def inputs_of(unit: np.ndarray, off_share: np.ndarray) -> np.ndarray:
    """Return what is learned from, float64 (n, n_parameters + n_mechanisms), each about from -1.7 to 1.7.

    A coefficient whose mechanism can be off gives two: whether it is on, and how strong it is then.
    """
    wide = np.sqrt(12.0)
    can_be_off = off_share > 0
    is_on = unit >= off_share
    strength = np.where(can_be_off, (unit - off_share) / (1.0 - off_share), unit) - 0.5
    return np.concatenate([wide * np.where(is_on, strength, 0.0), 2.0 * (is_on[:, can_be_off] - 0.5)], axis=1)


class Predictor(NamedTuple):
    """What has been learned: the networks, and what turns their answers into tolerances.

    Attributes
    ----------
    yardstick : Yardstick
        The targets.
    off_share : ndarray
        float64 (n_parameters,): the part of the prior of each parameter in which it is off.
    center, spread : ndarray
        float64 (n_targets,), of the misfits that were learned.
    networks : list
        For each fold the weights and the offsets of its layers; none where there were too few points.
    """

    yardstick: Yardstick
    off_share: np.ndarray
    center: np.ndarray
    spread: np.ndarray
    networks: list[Network]

    def predict(self, unit: np.ndarray) -> np.ndarray:
        """Return how far predictions are from the targets, in tolerances, float64 (n, n_targets)."""
        if not self.networks:
            return self.unbent(np.zeros((len(unit), len(self.center))))
        inputs = inputs_of(unit, self.off_share)
        return self.unbent(np.mean([_asked(network, inputs) for network in self.networks], axis=0))

    def unbent(self, told: np.ndarray) -> np.ndarray:
        """Return answers of networks in tolerances."""
        bent = np.clip(told * self.spread + self.center, *_ENDS)
        return np.asarray(BEND * np.sinh(bent))


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
        off_share = np.asarray(off_share, dtype=float) if len(off_share) else np.zeros(unit.shape[1])
        off = learned_from(yardstick, simulated)
        bent = np.arcsinh(off / BEND)
        center, spread = bent.mean(axis=0), np.maximum(bent.std(axis=0), 1e-9)
        told = np.zeros_like(bent)
        networks: list[Network] = []
        if len(unit) >= FEWEST_POINTS:
            inputs, wanted = inputs_of(unit, off_share), (bent - center) / spread
            told, networks = _learned(inputs, wanted, seed)
            told, networks = _learned(inputs, wanted, seed, self._nearness(told * spread + center))
        self.predictor = Predictor(yardstick, off_share, center, spread, networks)
        self._told = self.predictor.unbent(told)
        self._residual = off - self._told
        self.explained = 1.0 - np.square(told * spread + center - bent).mean(axis=0) / spread**2

    def _nearness(self, told: np.ndarray) -> np.ndarray:
        """Return how much each point is to be learned from, float64 (n_points,): by how near it is expected to be.

        Points that are not among the nearest matter less, the farther they are. It is what networks expect that counts,
        not what was seen, so that no point counts for its luck.
        """
        far = np.square(np.asarray(BEND * np.sinh(np.clip(told, *_ENDS)))).sum(axis=1)
        edge = np.sort(far)[min(MOST_NEAR, len(far) // 4)]
        near = 1.0 / (1.0 + np.square(far / max(edge, TINY)))
        return np.asarray(near / near.mean())

    def around(self, wanted: np.ndarray | None = None, luck: Luck | None = None) -> Around:
        """Return the likelihood of some numbers, with the error that predictions have where these numbers are.

        Parameters
        ----------
        wanted : ndarray, optional
            float64 (n_targets,), the numbers, in tolerances from those of the yardstick; these themselves, if left out.
        luck : Luck, optional
            That of the organization behind the numbers; the luck of what was learned from, if left out.
        """
        wanted = np.zeros(self._told.shape[1]) if wanted is None else wanted
        usual = np.sqrt(1.0 + np.square(self._residual).mean(axis=0))
        far = np.square((self._told - wanted) / usual).sum(axis=1)
        near = np.argsort(far, kind="stable")[: max(NEAREST, 4 * len(wanted))]
        residual = self._residual[near]
        shift = residual.mean(axis=0)
        own = (residual - shift).T @ (residual - shift) / max(len(near) - 1, 1)
        unit = np.outer(self.yardstick.tolerance, self.yardstick.tolerance)
        covariance = self.yardstick.covariance() / unit + own + TINY * np.eye(len(wanted))
        if luck is not None:
            shift = shift + luck.mean / self.yardstick.tolerance
            covariance = covariance + luck.covariance / unit
        return Around(self.predictor, wanted - shift, covariance)


def _learned(
    inputs: np.ndarray, wanted: np.ndarray, seed: int, weights: np.ndarray | None = None
) -> tuple[np.ndarray, list[Network]]:
    """Return what each point is told by the network that has not seen it, and the networks."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.model_selection import KFold
    from sklearn.neural_network import MLPRegressor

    told, networks = np.empty_like(wanted), []
    for fold, (seen, unseen) in enumerate(KFold(FOLDS, shuffle=True, random_state=seed).split(inputs)):
        network = MLPRegressor(
            hidden_layer_sizes=HIDDEN, alpha=PENALTY / np.sqrt(len(inputs)), batch_size=min(64, len(seen)),
            learning_rate_init=2e-3, max_iter=EPOCHS, random_state=seed + fold,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            own = None if weights is None else weights[seen]
            network.fit(inputs[seen], wanted[seen] if wanted.shape[1] > 1 else wanted[seen, 0], sample_weight=own)
        networks.append(list(zip(network.coefs_, network.intercepts_, strict=True)))
        told[unseen] = _asked(networks[-1], inputs[unseen])
    return told, networks


def _asked(network: Network, inputs: np.ndarray) -> np.ndarray:
    """Return what a network answers, without what checks its input: it is asked often for few points."""
    values = inputs
    for layer, (weights, offset) in enumerate(network):
        values = values @ weights + offset
        if layer < len(network) - 1:
            np.maximum(values, 0.0, out=values)
    return values


def learned_from(yardstick: Yardstick, simulated: np.ndarray) -> np.ndarray:
    """Return how far simulations are from the targets, in tolerances, cut off far away."""
    off = (yardstick.on_scale(simulated) - yardstick.on_scale(yardstick.value)) / yardstick.tolerance
    return np.clip(np.where(np.isnan(off), UNDEFINED, off), -FARTHEST, FARTHEST)


class Around(NamedTuple):
    """The likelihood of some numbers by an emulator: distances from `wanted`, in tolerances, and their covariance."""

    predictor: Predictor
    wanted: np.ndarray
    covariance: np.ndarray

    def log_likelihood(self, unit: np.ndarray) -> np.ndarray:
        """Return its logarithm at points (n, n_parameters), float64 (n,)."""
        off = self.predictor.predict(unit) - self.wanted
        off = np.where(self.predictor.yardstick.is_at_least, np.minimum(off, 0.0), off)
        return log_kernel(off, self.covariance)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return all of it but the targets as named arrays, for `around_of`."""
        told = self.predictor
        layers = {
            f"{part}-{fold}-{place}": array
            for fold, network in enumerate(told.networks)
            for place, layer in enumerate(network)
            for part, array in zip(("weights", "offsets"), layer, strict=True)
        }
        return {"wanted": self.wanted, "covariance": self.covariance, "off_share": told.off_share,
                "center": told.center, "spread": told.spread, **layers}  # fmt: skip


def around_of(arrays: Mapping[str, np.ndarray], yardstick: Yardstick) -> Around:
    """Return the likelihood whose `Around.arrays` these are."""
    n_layers = len(HIDDEN) + 1 if "weights-0-0" in arrays else 0
    networks = [
        [(arrays[f"weights-{fold}-{place}"], arrays[f"offsets-{fold}-{place}"]) for place in range(n_layers)]
        for fold in range(FOLDS if n_layers else 0)
    ]
    told = Predictor(yardstick, arrays["off_share"], arrays["center"], arrays["spread"], networks)
    return Around(told, arrays["wanted"], arrays["covariance"])
