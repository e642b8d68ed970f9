"""The bank: all points that were run, with what they showed and how they were drawn."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.study.calibration.weighing import Yardstick, log_likelihood, normalized

WIDEST = 5.0


@dataclass(frozen=True)
class Bank:
    """Points of all waves, one row each.

    Attributes
    ----------
    names : tuple of str
        Parameters, in the order of the columns of `unit`.
    unit : ndarray
        float64 (n_points, n_parameters): each parameter as the share of its prior below it, from 0 to 1. In these
        coordinates the prior is uniform, whatever it is in the parameter's own unit.
    simulated : ndarray
        float64 (n_points, n_targets): mean over replications of each observable, in the unit of the target; NaN
        where it is undefined in all of them.
    luck : ndarray
        float64 (n_targets,): standard deviation of one run around that mean, on the scale of the target; 0 where
        there was but one replication.
    n_replications : int
        Runs behind each mean.
    wave : ndarray
        int64 (n_points,): the wave that a point belongs to, from 1.
    log_density : ndarray
        float64 (n_points,): logarithm of the density with which the waves together drew points here, in relation to
        the prior; 0 for draws from the prior alone.
    """

    names: tuple[str, ...]
    unit: np.ndarray
    simulated: np.ndarray
    luck: np.ndarray
    n_replications: int
    wave: np.ndarray
    log_density: np.ndarray

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.unit)

    @cached_property
    def error(self) -> np.ndarray:
        """Luck that stands between a simulated mean and one organization, float64 (n_targets,).

        The organization had its own luck, as of one run, and the mean over n runs is off by luck / sqrt(n).
        """
        return self.luck * np.sqrt(1.0 + 1.0 / self.n_replications)

    def misfit(self, yardstick: Yardstick) -> np.ndarray:
        """Return the misfit (n_points, n_targets) to targets that are those of this bank, in this order."""
        return yardstick.misfit(self.simulated, self.error)

    def log_weights(self, yardstick: Yardstick, used: np.ndarray) -> np.ndarray:
        """Return the logarithm of the posterior weights (n_points,), of which `used` (n_targets,) targets decide."""
        return log_likelihood(self.whitened(yardstick, used)) - self.log_density

    def whitened(self, yardstick: Yardstick, used: np.ndarray) -> np.ndarray:
        """Return the misfits (n_points, n_used) to some of the targets as independent standard normal errors."""
        return yardstick.part(used).whitened(self.misfit(yardstick)[:, used], self.error[used])

    def weights(self, yardstick: Yardstick, used: np.ndarray) -> np.ndarray:
        """Return the posterior weights (n_points,); they sum to 1."""
        return normalized(self.log_weights(yardstick, used))

    def of_wave(self, wave: int) -> Bank:
        """Return the points of one wave; `log_density` stays that of all waves."""
        return self.rows(self.wave == wave)

    def as_from_prior(self) -> Bank:
        """Return these points as draws from the prior, which those of the first wave are."""
        return dataclasses.replace(self, log_density=np.zeros(self.n_points))

    def for_targets(self, places: np.ndarray) -> Bank:
        """Return the same points with some of the targets; `places` are positions or a mask."""
        return dataclasses.replace(self, simulated=self.simulated[:, places], luck=self.luck[places])

    def rows(self, places: np.ndarray) -> Bank:
        """Return some of the points; `places` are positions or a mask."""
        return dataclasses.replace(
            self, unit=self.unit[places], simulated=self.simulated[places], wave=self.wave[places],
            log_density=self.log_density[places],
        )  # fmt: skip


def needed_widening(bank: Bank, yardstick: Yardstick, used: np.ndarray) -> float:
    """Return the factor by which tolerances must grow for the targets to be consistent with the model.

    If the model and the tolerances were right, the sum of squared misfits would on average over the posterior be about
    the number of targets, and exceed the 95% quantile of the chi-squared distribution once in twenty cases. Where it
    does, no setting of the parameters meets all targets: tolerances are too small for what the model leaves out, and
    weights would hang on the few points that happen to miss least. As in the Particle Data Group's treatment of
    measurements that disagree (after Birge 1932), all tolerances are then widened by one factor, the smallest that
    brings the sum down to that quantile.

    Returns
    -------
    float
        At least 1, at most `WIDEST`.
    """
    from scipy.special import chdtri

    most = float(chdtri(int(used.sum()), 0.05))

    def is_consistent(factor: float) -> bool:
        wider = yardstick.widened(factor)
        weights = bank.weights(wider, used)
        squares = np.square(bank.whitened(wider, used)).sum(axis=1)
        kept = weights > 0
        return bool(kept.any()) and float(weights[kept] @ squares[kept]) <= most

    if not used.any() or is_consistent(1.0):
        return 1.0
    low, high = 1.0, WIDEST
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if is_consistent(middle) else (middle, high)
    return high


def mixture_log_density(log_densities: Sequence[np.ndarray], sizes: Sequence[int]) -> np.ndarray:
    """Return the logarithm of the density with which all waves together drew points, float64 (n_points,).

    Every point is weighted as if each had been drawn from the mixture of all waves, in the shares of their sizes:
    the balance heuristic of Veach & Guibas 1995, also called deterministic mixture. No wave's own density can then
    make a weight explode.

    Parameters
    ----------
    log_densities : sequence of ndarray
        For each wave the logarithm of its density at all points (n_points,), in relation to the prior.
    sizes : sequence of int
        Number of points of each wave.
    """
    from scipy.special import logsumexp

    shares = np.asarray(sizes, dtype=float) / sum(sizes)
    return np.asarray(logsumexp(np.stack(log_densities), axis=0, b=shares[:, None]))
