"""How well simulations agree with targets, and what weight that gives them.

The error model is explicit: what an organization shows is what the right model says, plus its own luck, plus an error
with the standard deviation `tolerance`. Under this model a Gaussian kernel makes approximate Bayesian computation
exact (Wilkinson 2013, Statistical Applications in Genetics and Molecular Biology 12, 129-141).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from sim.evidence.calibration.targets import Target
from sim.kernel.estimates import normalized

COMMON = 0.5
"""Part of the variance of errors that targets share which err together: what is assumed of launches, and
what counts as a member, is wrong in the same direction for all of them, the rest is each organization's own."""

MOST_ROUNDS = 2000
"""Of the fixed point that tells what proposals integrate to."""


@dataclass(frozen=True)
class Yardstick:
    """Targets as arrays, one place a target.

    Attributes
    ----------
    ids : tuple of str
        Names.
    value : ndarray
        float64 (n_targets,), the numbers, in their own unit.
    tolerance : ndarray
        float64 (n_targets,), standard deviations on the scale of the target.
    is_log, is_at_least : ndarray
        bool (n_targets,): compared on a logarithmic scale; lower bounds.
    common : tuple of str
        For each target the name of those that err together, empty for one that errs by itself; nothing at all where all
        do.
    """

    ids: tuple[str, ...]
    value: np.ndarray
    tolerance: np.ndarray
    is_log: np.ndarray
    is_at_least: np.ndarray
    common: tuple[str, ...] = ()

    @classmethod
    def of(cls, targets: Sequence[Target]) -> Yardstick:
        """Return the yardstick of some targets."""
        return cls(
            tuple(target.id for target in targets),
            np.array([target.value for target in targets]),
            np.array([target.tolerance for target in targets]),
            np.array([target.scale == "log" for target in targets], dtype=bool),
            np.array([target.kind == "at least" for target in targets], dtype=bool),
            tuple(target.together for target in targets),
        )

    def part(self, places: np.ndarray) -> Yardstick:
        """Return some of the targets; `places` are positions or a mask."""
        positions = np.arange(len(self.ids))[places]
        return Yardstick(
            tuple(self.ids[position] for position in positions),
            self.value[positions],
            self.tolerance[positions],
            self.is_log[positions],
            self.is_at_least[positions],
            tuple(self.common[position] for position in positions) if self.common else (),
        )

    def covariance(self, error: np.ndarray | None = None) -> np.ndarray:
        """Return the covariance of what stands between targets and simulations, float64 (n_targets, n_targets).

        Of the tolerances of targets that err together a part of the variance (`COMMON`) is one error that they share.

        Parameters
        ----------
        error : ndarray, optional
            Another covariance to add, on the scale of the targets: luck, or the error of an emulator.
        """
        name = np.array(self.common or [""] * len(self.ids))
        is_shared = (name[:, None] == name[None, :]) & (name[:, None] != "")
        shared = COMMON * np.outer(self.tolerance, self.tolerance) * is_shared
        np.fill_diagonal(shared, self.tolerance**2)
        return np.asarray(shared if error is None else shared + error)

    def off(self, simulated: np.ndarray) -> np.ndarray:
        """Return how far simulations (..., n_targets) are from the targets, on their scale; 0 where a bound is kept."""
        off = self.on_scale(simulated) - self.on_scale(self.value)
        return np.where(self.is_at_least, np.minimum(off, 0.0), off)

    def log_likelihood(self, simulated: np.ndarray, error: np.ndarray | None = None) -> np.ndarray:
        """Return the logarithm of the kernel (n,) for simulations (n, n_targets), up to a constant.

        `error` is a covariance, as for `covariance`.
        """
        return log_kernel(self.off(simulated), self.covariance(error))

    def on_scale(self, simulated: np.ndarray) -> np.ndarray:
        """Return values (..., n_targets) on the scale of each target; the logarithm of 0 is minus infinity."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.is_log, np.log(np.where(self.is_log, simulated, 1.0)), simulated)

    def from_scale(self, scaled: np.ndarray) -> np.ndarray:
        """Return values (..., n_targets) in their own unit again."""
        return np.where(self.is_log, np.exp(np.where(self.is_log, scaled, 0.0)), scaled)

    def misfit(self, simulated: np.ndarray, error: np.ndarray | float = 0.0) -> np.ndarray:
        """Return how far simulations are from the targets, in standard deviations.

        Parameters
        ----------
        simulated : ndarray
            float64 (..., n_targets), in the unit of the targets.
        error : ndarray or float
            Standard deviations to add to the tolerance, on the scale of the targets: luck, or the error of an
            emulator.

        Returns
        -------
        ndarray
            float64 (..., n_targets); above 0 where the simulation is above the target. NaN where it is undefined, 0
            where a lower bound is kept.
        """
        return self.off(simulated) / np.sqrt(self.tolerance**2 + np.square(error))


def squares(off: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Return the sum of squares of distances (n, n_targets) as independent standard normal errors, float64 (n,).

    Infinite where any target is undefined: a world in which nobody posts has not produced the share of posts with a
    reply.
    """
    root = np.linalg.cholesky(covariance)
    known = np.isfinite(off).all(axis=1)
    found = np.full(len(off), np.inf)
    found[known] = np.square(np.linalg.solve(root, off[known].T)).sum(axis=0)
    return found


def log_kernel(off: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Return the logarithm of the normal density of distances (n, n_targets), float64 (n,), up to a constant."""
    return np.asarray(-0.5 * squares(off, covariance))


def mixture_log_density(tilts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the density of points that come from several proposals, over that of the prior, as logarithm (n_points,).

    All points together are one sample from the mixture of their proposals (deterministic mixture; Veach & Guibas 1995,
    Cornuet et al. 2012). What each proposal integrates to follows from all of the points (Geyer 1994; Shirts & Chodera
    2008).

    Parameters
    ----------
    tilts : ndarray
        float64 (n_proposals, n_points): logarithm of each proposal over the prior, up to a constant; 0 for the prior
        itself, which comes first.
    counts : ndarray
        float64 (n_proposals,): points from each.
    """
    from scipy.special import logsumexp

    constants = np.zeros(len(tilts))
    shares = np.log(counts / counts.sum())[:, None]
    for _ in range(MOST_ROUNDS):
        density = logsumexp(tilts - constants[:, None] + shares, axis=0)
        found = logsumexp(tilts - density, axis=1) - np.log(tilts.shape[1])
        found -= found[0]
        if np.abs(found - constants).max() < 1e-9:
            break
        constants = found
    return np.asarray(logsumexp(tilts - constants[:, None] + shares, axis=0))


def tail_shape(weights: np.ndarray) -> float:
    """Return the shape of the tail of weights (k-hat; Vehtari et al. 2024): below 0.7 means of them can be trusted."""
    from scipy.stats import genpareto

    heavy = np.sort(weights[weights > 0])
    n_tail = min(len(heavy) // 5, int(3 * np.sqrt(len(heavy))))
    if n_tail < 5:
        return np.inf
    over = heavy[-n_tail:] - heavy[-n_tail - 1]
    return float(genpareto.fit(over / over.mean(), floc=0.0)[0]) if over.mean() > 0 else np.inf


class Whose(NamedTuple):
    """For each target whom it is about, and over how many organizations of the size that is simulated it is a mean."""

    names: tuple[str, ...]
    counts: np.ndarray

    @classmethod
    def of(cls, targets: Sequence[Target]) -> Whose:
        """Return those of some targets; one organization in two scenarios is two."""
        names = tuple(f"{target.scenario}: {target.about}" for target in targets)
        return cls(names, np.array([target.organizations for target in targets]))


class Luck(NamedTuple):
    """What stands between a run with the luck that all points share and a number of organizations with their own.

    Attributes
    ----------
    mean : ndarray
        float64 (n_targets,), on the scale of the targets: how much more organizations show on average.
    covariance : ndarray
        float64 (n_targets, n_targets) of what they show more.
    """

    mean: np.ndarray
    covariance: np.ndarray

    def part(self, places: np.ndarray) -> Luck:
        """Return that of some targets; `places` are positions or a mask."""
        return Luck(self.mean[places], self.covariance[places][:, places])


def luck_of(shared: np.ndarray, own: np.ndarray, yardstick: Yardstick, whose: Whose) -> Luck:
    """Return what published numbers show beyond runs with the luck that all points share.

    Two things stand between them. The shared luck does not act on every point alike: this concerns every number. And
    each organization has luck of its own: a mean over n of them has an n-th of its variance, numbers about different
    organizations have nothing of it in common, and what follows from the history of one organization (its numbers
    that are no means) does not average out over the parts of it (`averaged`).

    Parameters
    ----------
    shared : ndarray
        float64 (n_points, n_targets).
    own : ndarray
        float64 (n_points, n_targets, 2): two runs, each with luck of its own. The points must have been chosen without
        a look at any of the three: of runs that were chosen since they are near something, luck is the smaller part.
        Where something is undefined, as the numbers of a start that died, the run says nothing of it.
    yardstick, whose
        The targets.
    """
    import pandas as pd

    n_targets = shared.shape[1]
    if len(shared) < 2:
        return Luck(np.zeros(n_targets), np.zeros((n_targets, n_targets)))
    first, second = (yardstick.on_scale(own[:, :, run]) for run in range(2))
    with np.errstate(invalid="ignore"):
        more = np.concatenate([first, second]) - np.tile(yardstick.on_scale(shared), (2, 1))
        apart = (first - second) / np.sqrt(2.0)

    def covariance(values: np.ndarray) -> np.ndarray:
        return np.nan_to_num(pd.DataFrame(np.where(np.isfinite(values), values, np.nan)).cov().to_numpy(copy=True))

    # Of both signs, so that the mean of what is apart is nothing.
    of_one = _possible(covariance(np.concatenate([apart, -apart])))
    of_shared = _possible(covariance(more) - of_one)
    known = np.isfinite(more)
    mean = np.where(known, more, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    # On a logarithmic scale the mean of many lies above the middle one, by half of the variance.
    mean += np.where(yardstick.is_log, np.diag(of_one) / 2 * (1.0 - 1.0 / whose.counts), 0.0)
    averages = np.zeros((n_targets, n_targets))
    for name in dict.fromkeys(whose.names):
        block = np.ix_(*2 * [np.flatnonzero(np.array(whose.names) == name)])
        averages[block] = averaged(of_one[block], whose.counts[block[1][0]])
    return Luck(mean, of_shared + averages)


def averaged(of_one: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the covariance (n, n) of numbers about the same organizations, from the luck of one.

    Parameters
    ----------
    of_one : ndarray
        float64 (n, n), of the luck of one organization.
    counts : ndarray
        int64 (n,): over how many each number is a mean. Where some are of one organization and others means over its
        parts, what the former tell of the latter stays, since the parts share it, and the rest averages out.
    """
    is_mean = counts > 1
    history = of_one[:, ~is_mean]
    shared = history @ np.linalg.pinv(of_one[~is_mean][:, ~is_mean], hermitian=True) @ history.T
    return np.asarray(shared + (of_one - shared) * is_mean * is_mean[:, None] / np.maximum.outer(counts, counts))


def _possible(covariance: np.ndarray) -> np.ndarray:
    """Return the nearest covariance to an estimate that need not be one: pairs of numbers come from different runs."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)


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
        float64 (n_points, n_targets): what one run showed, in the unit of the target; NaN where it is undefined. All
        points have the same luck.
    wave : ndarray
        int64 (n_points,): the wave that a point belongs to, from 1.
    log_density : ndarray
        float64 (n_points,): logarithm of the density that all points together were drawn with, over that of the prior.
    luck : Luck
        Of organizations, where the last wave looked.
    """

    names: tuple[str, ...]
    unit: np.ndarray
    simulated: np.ndarray
    wave: np.ndarray
    log_density: np.ndarray
    luck: Luck

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.unit)

    def off(self, yardstick: Yardstick) -> np.ndarray:
        """Return how far organizations like these points are from the targets, float64 (n_points, n_targets)."""
        off = yardstick.on_scale(self.simulated) + self.luck.mean - yardstick.on_scale(yardstick.value)
        return np.where(yardstick.is_at_least, np.minimum(off, 0.0), off)

    def weights(self, yardstick: Yardstick, used: np.ndarray) -> np.ndarray:
        """Return the posterior weights of the points, float64 (n_points,), where `used` (n_targets,) targets decide.

        Runs decide: a normal density of how far they are off, with tolerances and luck (Wilkinson 2013), over the
        density that points were drawn with. They sum to 1, or all are 0.
        """
        part, own = self.for_targets(used), yardstick.part(used)
        likelihood = log_kernel(part.off(own), own.covariance(part.luck.covariance))
        return normalized(likelihood - self.log_density)

    def of_wave(self, wave: int) -> Bank:
        """Return the points of one wave."""
        return self.rows(self.wave == wave)

    def for_targets(self, places: np.ndarray) -> Bank:
        """Return the same points with some of the targets; `places` are positions or a mask."""
        return replace(self, simulated=self.simulated[:, places], luck=self.luck.part(places))

    def rows(self, places: np.ndarray) -> Bank:
        """Return some of the points; `places` are positions or a mask."""
        return replace(
            self, unit=self.unit[places], simulated=self.simulated[places], wave=self.wave[places],
            log_density=self.log_density[places],
        )  # fmt: skip
