"""A quick stand-in for the simulation: predicts what each target's observable would be at a point that was not run.

It only decides where later waves look. Weights rest on real runs, so a poor emulator costs effort and not truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.study.calibration.weighing import Yardstick, log_likelihood

MOST_POINTS = 2500
"""Points to learn from at most: the cost grows with their cube."""
FEWEST_POINTS = 20
FOLDS = 5
WIDTHS = (0.1, 0.3, 1.0)
PENALTIES = (0.03, 0.3)
# Inputs that move the observable less than this part of the strongest one are left out: they only add noise.
LEAST_RELEVANCE = 0.02
# The error that counts is that near the target: among this part of the points, the nearest ones.
NEAR = 0.25
# Shares closer to 0 or 1 than this are as good as 0 or 1 for every target.
EDGE = 0.003
SMALLEST = 1e-3


@dataclass(frozen=True)
class _One:
    """The emulator of one target."""

    is_share: bool
    is_log: bool
    center: float
    spread: float
    relevance: np.ndarray  # float64 (n_parameters,), scale of each input; 0 leaves it out
    model: Any
    error: float  # standard deviation near the target, on the scale of the target
    explained: float  # part of the variance of points not learned from

    def predict(self, unit: np.ndarray) -> np.ndarray:
        """Return predictions (n,) in the unit of the target."""
        if self.model is None:
            return np.full(len(unit), float(_back(np.array([self.center]), self.is_share, self.is_log)[0]))
        inputs = unit[:, self.relevance > 0] * self.relevance[self.relevance > 0]
        return _back(self.model.predict(inputs) * self.spread + self.center, self.is_share, self.is_log)


def _there(values: np.ndarray, is_share: bool, is_log: bool) -> np.ndarray:
    """Return values on a scale without ends, so that predictions are possible values."""
    if is_log:
        return np.log(np.maximum(values, SMALLEST))
    if is_share:
        inner = np.clip(values, EDGE, 1.0 - EDGE)
        return np.log(inner / (1.0 - inner))
    return values


def _back(values: np.ndarray, is_share: bool, is_log: bool) -> np.ndarray:
    if is_log:
        return np.exp(values)
    return 1.0 / (1.0 + np.exp(-values)) if is_share else values


class Emulator:
    """Predicts the observables of all targets and the likelihood that follows.

    Kernel ridge regression with inputs scaled by the size of their linear effect; width and penalty are chosen by
    cross-validation.

    Parameters
    ----------
    unit : ndarray
        float64 (n_points, n_parameters), the points that were run.
    simulated : ndarray
        float64 (n_points, n_targets), what they showed; points where a target is undefined are left out for it.
    yardstick : Yardstick
        The targets.
    luck : ndarray
        float64 (n_targets,), as `Bank.error`.
    """

    def __init__(self, unit: np.ndarray, simulated: np.ndarray, yardstick: Yardstick, luck: np.ndarray) -> None:
        self.yardstick = yardstick
        misfit = yardstick.misfit(simulated)
        self._parts = [
            _learned(unit, simulated[:, place], misfit[:, place], yardstick.part(np.array([place])))
            for place in range(len(yardstick.ids))
        ]
        self._error = np.sqrt(np.square(luck) + np.square([one.error for one in self._parts]))

    @property
    def explained(self) -> np.ndarray:
        """Part of the variance explained at points not learned from, float64 (n_targets,)."""
        return np.array([one.explained for one in self._parts])

    @property
    def error(self) -> np.ndarray:
        """Standard deviation of the prediction near each target, on its scale, float64 (n_targets,)."""
        return np.array([one.error for one in self._parts])

    def predict(self, unit: np.ndarray) -> np.ndarray:
        """Return predictions (n, n_targets) in the unit of the targets."""
        return np.column_stack([one.predict(unit) for one in self._parts])

    def log_likelihood(self, unit: np.ndarray) -> np.ndarray:
        """Return the logarithm of the likelihood (n,), the emulator's own error added to the tolerance."""
        return log_likelihood(self.yardstick.misfit(self.predict(unit), self._error))


def _learned(unit: np.ndarray, simulated: np.ndarray, misfit: np.ndarray, target: Yardstick) -> _One:
    is_log = bool(target.is_log[0])
    known = np.isfinite(simulated)
    unit, simulated, misfit = unit[known], simulated[known], np.abs(misfit[known])
    if len(unit) > MOST_POINTS:
        # Those nearest to the target matter most; the rest, evenly, keeps the emulator honest elsewhere.
        order = np.argsort(misfit, kind="stable")
        near, far = order[: MOST_POINTS // 2], order[MOST_POINTS // 2 :]
        places = np.concatenate([near, far[np.linspace(0, len(far) - 1, MOST_POINTS - len(near)).astype(int)]])
        unit, simulated, misfit = unit[places], simulated[places], misfit[places]
    is_share = not is_log and len(simulated) > 0 and bool(((simulated >= 0) & (simulated <= 1)).all())
    values = _there(simulated, is_share, is_log)
    center, spread = (float(values.mean()), float(values.std())) if len(values) else (0.0, 0.0)
    nothing = np.zeros(unit.shape[1])
    if len(values) < FEWEST_POINTS or spread == 0:
        return _One(is_share, is_log, center, spread, nothing, None, float(target.tolerance[0]), 0.0)
    scaled = (values - center) / spread
    relevance = _relevance(unit, scaled)
    inputs = unit[:, relevance > 0] * relevance[relevance > 0]
    model, predicted = _best(inputs, scaled)
    off = target.on_scale(_back(predicted * spread + center, is_share, is_log)[:, None]) - target.on_scale(
        _back(values, is_share, is_log)[:, None]
    )
    nearest = np.argsort(misfit, kind="stable")[: max(FEWEST_POINTS, int(NEAR * len(misfit)))]
    error = float(np.sqrt(np.mean(np.square(off[nearest]))))
    explained = 1.0 - float(np.mean(np.square(predicted - scaled)))
    return _One(is_share, is_log, center, spread, relevance, model.fit(inputs, scaled), error, explained)


def _relevance(unit: np.ndarray, scaled: np.ndarray) -> np.ndarray:
    """Return the scale of each input, float64 (n_parameters,): the size of its linear effect, the largest being 2."""
    from sklearn.linear_model import RidgeCV

    effect = np.abs(RidgeCV(alphas=np.logspace(-2, 4, 13)).fit(unit, scaled).coef_)
    if effect.max() == 0:
        return np.ones(unit.shape[1])
    relevance = effect / effect.max()
    return np.where(relevance < LEAST_RELEVANCE, 0.0, 2.0 * relevance)


def _best(inputs: np.ndarray, scaled: np.ndarray) -> tuple[Any, np.ndarray]:
    """Return the regressor that predicts points best that it has not seen, and those predictions."""
    from sklearn.kernel_ridge import KernelRidge
    from sklearn.model_selection import KFold, cross_val_predict

    folds = KFold(FOLDS, shuffle=True, random_state=1)
    tried = []
    for width in WIDTHS:
        for penalty in PENALTIES:
            model = KernelRidge(kernel="rbf", gamma=width, alpha=penalty)
            predicted = cross_val_predict(model, inputs, scaled, cv=folds)
            tried.append((float(np.mean(np.square(predicted - scaled))), model, predicted))
    _, model, predicted = min(tried, key=lambda one: one[0])
    return model, predicted
