"""The bank: all points that were run, with what they showed and how often the moved points were there."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from sim.study.calibration.weighing import Yardstick


@dataclass(frozen=True)
class Bank:
    """Points of all waves and moves, one row each.

    Attributes
    ----------
    names : tuple of str
        Parameters, in the order of the columns of `unit`.
    unit : ndarray
        float64 (n_points, n_parameters): each parameter as the share of its prior below it, from 0 to 1. In these
        coordinates the prior is uniform, whatever it is in the parameter's own unit.
    simulated : ndarray
        float64 (n_points, n_targets): what one run showed, in the unit of the target; NaN where it is undefined. All
        points have the same luck.
    luck : ndarray
        float64 (n_targets, n_targets): covariance of one run around the mean of its point, on the scale of the targets.
    wave : ndarray
        int64 (n_points,): the wave that a point belongs to, from 1; moves are counted on.
    visits : ndarray
        int64 (n_points,): how often a moved point was there once the posterior was reached; 0 for all others.
    """

    names: tuple[str, ...]
    unit: np.ndarray
    simulated: np.ndarray
    luck: np.ndarray
    wave: np.ndarray
    visits: np.ndarray

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.unit)

    @property
    def error(self) -> np.ndarray:
        """Luck that stands between one run and one organization, each with its own, float64 (n_targets, n_targets)."""
        return 2.0 * self.luck

    @property
    def error_sd(self) -> np.ndarray:
        """Standard deviations of that error, float64 (n_targets,)."""
        return np.sqrt(np.diag(self.error))

    @property
    def weights(self) -> np.ndarray:
        """Posterior weights of the points, float64 (n_points,); they sum to 1, or all are 0 where nothing was moved."""
        return np.asarray(self.visits / max(int(self.visits.sum()), 1))

    def misfit(self, yardstick: Yardstick) -> np.ndarray:
        """Return the misfit (n_points, n_targets) to targets that are those of this bank, in this order."""
        return yardstick.misfit(self.simulated, self.error_sd)

    def log_likelihood(self, yardstick: Yardstick, used: np.ndarray) -> np.ndarray:
        """Return the logarithm of the likelihood (n_points,), of which `used` (n_targets,) targets decide."""
        part = self.for_targets(used)
        return yardstick.part(used).log_likelihood(part.simulated, part.error)

    def of_wave(self, wave: int) -> Bank:
        """Return the points of one wave."""
        return self.rows(self.wave == wave)

    def for_targets(self, places: np.ndarray) -> Bank:
        """Return the same points with some of the targets; `places` are positions or a mask."""
        return dataclasses.replace(self, simulated=self.simulated[:, places], luck=self.luck[places][:, places])

    def rows(self, places: np.ndarray) -> Bank:
        """Return some of the points; `places` are positions or a mask."""
        return dataclasses.replace(
            self, unit=self.unit[places], simulated=self.simulated[places], wave=self.wave[places],
            visits=self.visits[places],
        )  # fmt: skip
