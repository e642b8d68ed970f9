"""From runs at many points to what one's own figures say: of the future, and of the coefficients.

Approximate Bayesian computation with regression adjustment (Beaumont, Zhang & Balding 2002, Genetics 162, 2025-2035):
runs, each with errors of its own as real figures have them, are weighed by how near they come to what was seen, and
what the rest of the distance makes of them is taken out by a regression. Nothing is learned for one organization
alone: the same runs answer for any other figures, so that it can be tried many times whether the bands hold the truth.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.calibration.weighing import effective_size, weighted_quantile

ENDS = np.array([0.05, 0.5, 0.95])
"""A band of 90%, and the middle."""
COPIES = 4
"""Errors that each run is seen with."""
MOST_DIRECTIONS = 8
LEAST_VARIANCE = 0.003
NEAR = 0.3
"""Share of the runs that come nearest, which alone count."""
RIDGE = 1e-3
NEAREST = 10
"""Runs that say whether there is anything like what was seen."""


class Given(NamedTuple):
    """What some figures say.

    Attributes
    ----------
    rows : ndarray
        int64 (n,): the runs that count, some of them several times.
    weights : ndarray
        float64 (n,), summing to 1.
    away : ndarray
        float64 (n, n_directions): how far each is from what was seen.
    effective : float
        How many draws of equal weight they are worth, each run counted once.
    """

    rows: np.ndarray
    weights: np.ndarray
    away: np.ndarray
    effective: float


class Learner:
    """What runs at points of the prior teach.

    Parameters
    ----------
    shown : ndarray
        float64 (n_runs, n_figures): what each run shows for the figures, on the scale of comparison.
    covariance : ndarray
        float64 (n_figures, n_figures) of the errors of figures.
    generator : numpy.random.Generator
        Draws errors.
    near : float
        Share of the runs that come nearest, which alone count.
    """

    def __init__(
        self, shown: np.ndarray, covariance: np.ndarray, generator: np.random.Generator, near: float = NEAR
    ) -> None:
        self.near = near
        self.root = np.linalg.cholesky(covariance + 1e-12 * np.eye(len(covariance)))
        self.n_runs = len(shown)
        self._white = np.linalg.solve(self.root, shown.T).T
        self.rows = np.repeat(np.arange(len(shown)), COPIES)
        seen = shown[self.rows] + generator.standard_normal((len(self.rows), shown.shape[1])) @ self.root.T
        self._center, self._spread = seen.mean(axis=0), seen.std(axis=0) + 1e-9
        _, length, directions = np.linalg.svd((seen - self._center) / self._spread, full_matrices=False)
        share = np.square(length) / np.square(length).sum()
        n = max(1, min(MOST_DIRECTIONS, int((share >= LEAST_VARIANCE).sum())))
        self._directions = directions[:n].T
        self.seen = seen
        self.places = self._placed(seen)

    def _placed(self, seen: np.ndarray) -> np.ndarray:
        return np.asarray((seen - self._center) / self._spread @ self._directions)

    def given(self, seen: np.ndarray, without: int | None = None) -> Given:
        """Return what figures say, float64 (n_figures,) on the scale of comparison; one run may be left out."""
        away = self.places - self._placed(seen[None])[0]
        distance = np.sqrt(np.square(away).sum(axis=1))
        if without is not None:
            distance = np.where(self.rows == without, np.inf, distance)
        radius = float(np.sort(distance)[max(1, round(self.near * len(distance))) - 1])
        weights = np.maximum(1.0 - np.square(distance / max(radius, 1e-9)), 0.0)
        kept = np.flatnonzero(weights > 0)
        weights = weights[kept] / weights[kept].sum()
        by_run = np.bincount(self.rows[kept], weights, minlength=self.n_runs)
        return Given(self.rows[kept], weights, away[kept], effective_size(by_run))

    def apart(self, seen: np.ndarray, without: int | None = None) -> float:
        """Return how far figures are from the runs that come nearest, in all directions, in errors of figures."""
        away = np.square(self._white - np.linalg.solve(self.root, seen)).sum(axis=1)
        if without is not None:
            away = np.delete(away, without)
        nearest = min(NEAREST, len(away))
        return float(np.sqrt(np.partition(away, nearest - 1)[:nearest].mean()))

    def usually_apart(self, generator: np.random.Generator, n: int = 300) -> np.ndarray:
        """Return how far figures that runs show themselves are from the others: what is usual."""
        tried = generator.choice(len(self.rows), min(n, len(self.rows)), replace=False)
        return np.array([self.apart(self.seen[place], int(self.rows[place])) for place in tried.tolist()])


def adjusted(given: Given, values: np.ndarray) -> np.ndarray:
    """Return values of the runs that count as if each had shown just what was seen, float64 (n, n_values).

    Parameters
    ----------
    given : Given
        The runs that count.
    values : ndarray
        float64 (n_runs, n_values), on a scale without ends.
    """
    found = values[given.rows]
    with_one = np.column_stack([np.ones(len(given.rows)), given.away])
    weighed = with_one * given.weights[:, None]
    penalty = RIDGE * np.eye(with_one.shape[1]) * np.square(given.away).mean()
    penalty[0, 0] = 0.0
    slopes = np.linalg.solve(with_one.T @ weighed + penalty * np.mean(given.weights), weighed.T @ found)
    return np.asarray(found - given.away @ slopes[1:])


def band(given: Given, values: np.ndarray) -> np.ndarray:
    """Return 5%, 50% and 95% quantiles of adjusted values (n_runs, n_values), float64 (3, n_values)."""
    made = adjusted(given, values)
    return np.column_stack([weighted_quantile(made[:, place], given.weights, ENDS) for place in range(made.shape[1])])


# How well it works, by runs that play the truth.


class Check(NamedTuple):
    """What came of letting runs play the organization.

    Attributes
    ----------
    n : int
        Trials.
    holds : ndarray
        float64 (n_values,): share of trials in which the 90% band holds the truth.
    error, error_before : ndarray
        float64 (n_values,): root mean square error of the middle, with the figures and without any.
    """

    n: int
    holds: np.ndarray
    error: np.ndarray
    error_before: np.ndarray

    @property
    def cut(self) -> np.ndarray:
        """By what part the figures cut the error, float64 (n_values,)."""
        return np.asarray(1.0 - self.error / self.error_before)


def checked(
    learner: Learner, shown: np.ndarray, values: np.ndarray, truths: np.ndarray, generator: np.random.Generator
) -> Check:
    """Let some runs play the truth, each left out of what is learned, and see whether the others find it.

    Parameters
    ----------
    learner : Learner
        Learned from all runs.
    shown, values : ndarray
        What each run shows for the figures (n_runs, n_figures), and what is to be found (n_runs, n_values).
    truths : ndarray
        int64 (n,): the runs that play.
    generator : numpy.random.Generator
        Draws the errors of what is seen.
    """
    holds, errors, before = [], [], []
    for truth in truths.tolist():
        seen = shown[truth] + learner.root @ generator.standard_normal(len(learner.root))
        low, middle, high = band(learner.given(seen, truth), values)
        actual = values[truth]
        holds.append((low <= actual) & (actual <= high))
        errors.append(middle - actual)
        before.append(np.median(np.delete(values, truth, axis=0), axis=0) - actual)
    root_mean = [np.sqrt(np.square(found).mean(axis=0)) for found in (errors, before)]
    return Check(len(holds), np.mean(holds, axis=0), *root_mean)
