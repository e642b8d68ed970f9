"""What luck does to outcomes: parts of their variance, and a dummy that nothing but luck moves.

All points of a design share the seeds of their replications. A parameter without any effect then gives the very same
runs, and its indices are exactly 0: no yardstick. But where people react to each other, a change that means nothing
can still make somebody post a day later, and send the run another way: common seeds keep the organization and most of
the luck the same, not necessarily all of it. The dummy is therefore given what such a change could do at most: its
steps draw anew all luck that a point does not share with the other points. How much that is, is known from the
replications, so the dummy costs no run. It is an upper bound: what stays above it is an effect.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.study.statistics import keyed_generator


class LuckParts(NamedTuple):
    """Variance of an outcome between runs, in parts.

    Attributes
    ----------
    points : float
        Between points: what the factors do, on the mean over luck.
    shared : float
        Between replications: luck that moves all points alike (this organization is livelier than that one).
    own : float
        The rest: luck that is another one at each point, with organizations that respond differently.
    n_replications : int
        Runs per point; with one, `shared` and `own` are NaN and `points` includes them.
    """

    points: float
    shared: float
    own: float
    n_replications: int

    @property
    def share_of_run(self) -> float:
        """Share of the variance between single runs that is luck."""
        total = self.points + self.shared + self.own
        return (self.shared + self.own) / total if total > 0 else math.nan

    @property
    def share_of_mean(self) -> float:
        """Share of the variance between points, each the mean of its replications, that other seeds would change."""
        left = self.own / self.n_replications
        total = self.points + left
        return left / total if total > 0 else math.nan


def lasting_share(luck_share_of_mean: float | None) -> float:
    """Return the share of the variance between points that would be there with other seeds too, in whole percents.

    All points share their seeds, so *all* of the variance between points is the factors': the part that is luck is what
    they do with the luck of these seeds. It is not a rest beside the indices, which are about these seeds as well.
    """
    return math.nan if luck_share_of_mean is None else 1.0 - round(luck_share_of_mean, 2)


def _residuals(values: np.ndarray) -> np.ndarray:
    """Return what is left of each run after its point's mean and its replication's mean; (n_points, n)."""
    rows, columns = values.mean(axis=1, keepdims=True), values.mean(axis=0, keepdims=True)
    left: np.ndarray = values - rows - columns + values.mean()
    return left


def luck_parts(values: np.ndarray) -> LuckParts:
    """Return the parts of the variance of an outcome (analysis of variance, points by replications).

    Parameters
    ----------
    values : array (n_points, n_replications)
        The outcome of each run, complete.
    """
    n_points, n = values.shape
    if n < 2 or n_points < 2:
        return LuckParts(float(values.mean(axis=1).var(ddof=1)) if n_points > 1 else math.nan, math.nan, math.nan, n)
    own = float((_residuals(values) ** 2).sum() / ((n_points - 1) * (n - 1)))
    points = float(values.mean(axis=1).var(ddof=1)) - own / n
    shared = float(values.mean(axis=0).var(ddof=1)) - own / n_points
    return LuckParts(max(points, 0.0), max(shared, 0.0), own, n)


def luck_drawn_again(values: np.ndarray, *key: object) -> np.ndarray:
    """Return, for each point, by how much its mean could change if its own luck were drawn again.

    A random contrast of the replications of each point, scaled so that its variance is that of the difference
    between two means with luck of their own: 2 s^2 / n.

    Parameters
    ----------
    values : array (n_points, n_replications)
        The outcome of each run, complete.
    key : object
        Names the draw.

    Returns
    -------
    array (n_points,)
        Zeros for one replication, which knows nothing of luck.
    """
    n_points, n = values.shape
    if n < 2 or n_points < 2:
        return np.zeros(n_points)
    weights = keyed_generator("luck drawn again", *key).standard_normal(values.shape)
    scale = math.sqrt(2 / (n * (n - 1)) * n_points / (n_points - 1))
    drawn: np.ndarray = scale * (weights * _residuals(values)).sum(axis=1)
    return drawn
