"""Learning from a usage export: what was observed, the prior, and the worlds that agree with it.

The set that ships are 400 draws from what published numbers leave possible of a typical organization. A single one
may differ more, and 400 points in more than 40 dimensions are too few to be weighed: re-weighed alone, their band held
the truth in 72% of trials. So each draw is moved by a part of the spread of the set (a kernel that keeps the mean; Liu
& West 2001), which also lets an organization lie beyond the set, and some draws come from the ranges that the
calibration began with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.catalog.registry import PARAMETER_BY_PATH
from sim.errors import InputError
from sim.experiments.factors import Range
from sim.experiments.worlds import WorldSet, load_worlds
from sim.exports.usage import EVER, MONTH, WEEK, Figure
from sim.kernel.estimates import effective_size, weighted_quantile
from sim.kernel.streams import keyed_generator
from sim.words import Said, Whole, said

KEPT = 0.9
"""How much of a world stays in a draw from around it; the spread of the kernel follows, sqrt(1 - KEPT^2) = 0.44."""
WIDENED = 1.0
"""How much wider than the spread of the set the kernel is, in every direction."""
FROM_RANGES = 0.15
"""Share of draws from the plausible ranges themselves, whatever was published."""
_STEPS = 2001
_FARTHEST = 1e-6


class Prior:
    """Draws of coefficients as normal scores: each the normal quantile of its share of the plausible range.

    `worlds`: the plausible worlds; those of ``levels`` that ship, if left out.
    """

    def __init__(self, worlds: WorldSet | None = None) -> None:
        from sim.experiments.variation import plausible_range

        found = load_worlds() if worlds is None else worlds
        self.names = found.names
        self.digest = found.digest
        self._ranges: tuple[Range, ...] = tuple(plausible_range(PARAMETER_BY_PATH[name]) for name in self.names)
        self._centers = np.column_stack(
            [_scores(each, found.values[:, place], place) for place, each in enumerate(self._ranges)]
        )
        self._weights = found.weights
        self._mean = found.weights @ self._centers
        away = self._centers - self._mean
        self._root = np.linalg.cholesky((away * found.weights[:, None]).T @ away + 1e-6 * np.eye(len(self.names)))

    def draw(self, n: int, generator: np.random.Generator) -> np.ndarray:
        """Return `n` draws as normal scores, float64 (n, n_names), in random order."""
        n_wide = round(FROM_RANGES * n)
        chosen = generator.choice(len(self._centers), n - n_wide, p=self._weights)
        around = KEPT * self._centers[chosen] + (1.0 - KEPT) * self._mean
        luck = generator.standard_normal(around.shape) @ self._root.T
        near = around + WIDENED * np.sqrt(1.0 - KEPT**2) * luck
        wide = generator.standard_normal((n_wide, len(self.names)))
        return generator.permutation(np.concatenate([near, wide]))

    def values(self, scores: np.ndarray) -> np.ndarray:
        """Return the coefficients at some normal scores, float64 (n, n_names), with the digits that files have."""
        from scipy.special import ndtr

        unit = np.clip(ndtr(scores), _FARTHEST, 1.0 - _FARTHEST)
        return np.column_stack(
            [
                [float(f"{float(each.value(share)):.10g}") for share in unit[:, place].tolist()]
                for place, each in enumerate(self._ranges)
            ]
        )


def _scores(spread: Range, values: np.ndarray, place: int) -> np.ndarray:
    """Return the normal scores of some values of one coefficient; where it is off, evenly over the share that is."""
    from scipy.special import ndtri

    share_off = spread.off_share if spread.off_at is not None else 0.0
    grid = np.linspace(max(share_off, _FARTHEST), 1.0 - _FARTHEST, _STEPS)
    there = np.array([float(spread.value(share)) for share in grid.tolist()])
    order: Sequence[int] | slice = slice(None) if there[-1] >= there[0] else slice(None, None, -1)
    unit = np.interp(values, there[order], grid[order])
    if share_off > 0.0:
        is_off = values == spread.off_at
        # One place after another, in an order that has nothing to do with other coefficients.
        places = keyed_generator("fit", "off", place).permutation(int(is_off.sum()))
        unit[is_off] = share_off * (places + 0.5) / max(len(places), 1)
    return np.asarray(ndtri(np.clip(unit, 1e-4, 1.0 - 1e-4)))


# What an export counts, and what of a simulation is compared with it: the error model, in the open.
#
# Shares are compared as logits, numbers of posts as logarithms. What stands between an export and the right model of
# its organization is three errors: one that all weeks of a figure share (what is a reader here?), one that comes and
# goes over a month (a campaign of another kind, a crisis, what the model leaves out), and one of each week (a
# holiday). The luck of an organization is not among them: runs have it.

COMPARED = {
    ("readers", WEEK): "weekly_readers", ("readers", MONTH): "monthly_readers", ("readers", EVER): "reach",
    ("posters", WEEK): "weekly_posters", ("posters", MONTH): "monthly_posters", ("posters", EVER): "adoption",
    ("active", WEEK): "weekly_active", ("active", MONTH): "monthly_active", ("members", EVER): "registered",
    ("posts", WEEK): "posts_per_employee_month",
}  # fmt: skip
"""The outcome that a figure is compared with, by name and span."""
NEEDED = tuple(COMPARED.values())
WEEKS_PER_MONTH = 4.0
LASTING, PASSING, WEEKLY = 0.10, 0.10, 0.10
"""Standard deviations of the three errors, on a scale on which 0.1 is about a tenth of a small share."""
MEMORY = 4.0
"""Weeks over which the second error is forgotten."""
MONTHLY = 0.05
"""The third error of a figure about a month, in which a week's own errors level out."""
LOOSE = {
    # Microsoft's and Slack's messages are posts and replies; the model's posts are posts alone.
    ("people", "posters"): 0.30, ("people", "posts"): 0.35, ("groups", "posts"): 0.35, ("daily", "posters"): 0.30,
    ("daily", "posts"): 0.35, ("slack", "posters"): 0.30, ("mattermost", "posters"): 0.30,
    ("mattermost", "posts"): 0.35,
    # All of SharePoint, or of Slack, is more than the platform that was launched.
    ("pages", "readers"): 0.35, ("slack", "readers"): 0.20, ("daily", "readers"): 0.15,
    # An account is there before somebody came a second time.
    ("joined", "members"): 0.25,
}  # fmt: skip
"""The lasting error where an export counts something else than the model does, by kind of export and figure."""


class Observed(NamedTuple):
    """Figures in the order of a vector, and what they are compared with."""

    figures: tuple[Figure, ...]  # as they were read
    outcomes: tuple[str, ...]  # the outcome of each
    values: np.ndarray  # float64 (n,), as shares, or posts per employee and week
    n_employees: int  # employees of the organization

    @property
    def weeks(self) -> np.ndarray:
        """The week of each figure, int64 (n,)."""
        return np.array([figure.week for figure in self.figures])

    def scaled(self) -> np.ndarray:
        """Return the figures on the scale of comparison, float64 (n,)."""
        return self.on_scale(self.values)

    def on_scale(self, values: np.ndarray) -> np.ndarray:
        """Return values (..., n) of these figures on the scale of comparison."""
        is_share = np.array([figure.name != "posts" for figure in self.figures])
        return np.where(is_share, logit(values, self.n_employees), log_amount(values, self.n_employees))

    def of_series(self, series: dict[str, np.ndarray]) -> np.ndarray:
        """Return what runs show for these figures, float64 (n_runs, n), from series (n_runs, n_weeks) by outcome."""
        columns = []
        for figure, outcome in zip(self.figures, self.outcomes, strict=True):
            column = series[outcome][:, figure.week - 1]
            columns.append(column / WEEKS_PER_MONTH if figure.name == "posts" else column)
        return np.column_stack(columns)

    def covariance(self) -> np.ndarray:
        """Return the covariance of the errors, float64 (n, n)."""
        return error_covariance(self.figures)


def logit(share: np.ndarray, n: int) -> np.ndarray:
    """Return shares of `n` people on a scale without ends; nobody and everybody are half a person away from them."""
    half = 0.5 / n
    share = np.clip(share, 0.0, 1.0)
    return np.asarray(np.log((share + half) / (1.0 - share + half)))


def from_logit(scaled: np.ndarray) -> np.ndarray:
    """Return shares again, but for the half person."""
    return np.asarray(1.0 / (1.0 + np.exp(-scaled)))


def log_amount(amount: np.ndarray, n: int) -> np.ndarray:
    """Return amounts per employee as logarithms; none at all is half of one."""
    return np.asarray(np.log(np.maximum(amount, 0.0) + 0.5 / n))


def error_covariance(figures: Sequence[Figure]) -> np.ndarray:
    """Return the covariance of what stands between figures and the right model, float64 (n, n)."""
    names = np.array([figure.name for figure in figures])
    weeks = np.array([float(figure.week) for figure in figures])
    lasting = np.array([LOOSE.get((figure.kind, figure.name), LASTING) for figure in figures])
    lasting = np.sqrt(np.square(lasting) + np.square([figure.slack for figure in figures]))
    own = np.array([MONTHLY if figure.span == MONTH else WEEKLY for figure in figures])
    is_same = names[:, None] == names[None, :]
    apart = np.abs(weeks[:, None] - weeks[None, :])
    shared = np.outer(lasting, lasting) + PASSING**2 * np.exp(-apart / MEMORY)
    return np.asarray(np.where(is_same, shared, 0.0) + np.diag(np.square(own)))


def observed(figures: Sequence[Figure], n_employees: int) -> Observed:
    """Return figures as they are compared.

    Raises InputError if there are more people in them than in the organization.
    """
    problems: list[Said] = []
    values = []
    for figure in figures:
        value = figure.value if figure.is_share else figure.value / n_employees
        if figure.name != "posts" and value > 1.0:
            message = said(
                "usage.too_many_people", n=Whole(round(figure.value)), figure=said(f"usage.figure.{figure.name}"),
                week=figure.week, employees=Whole(n_employees),
            )  # fmt: skip
            problems.append(said("staff.at", where=figure.where, message=message))
        values.append(value)
    if problems:
        raise InputError(problems[:20])
    outcomes = tuple(COMPARED[figure.name, figure.span] for figure in figures)
    return Observed(tuple(figures), outcomes, np.array(values), n_employees)


# From runs at many points to what one's own figures say: of the future, and of the coefficients.
#
# Approximate Bayesian computation with regression adjustment (Beaumont, Zhang & Balding 2002, Genetics 162,
# 2025-2035): runs, each with errors of its own as real figures have them, are weighed by how near they come to what
# was seen, and what the rest of the distance makes of them is taken out by a regression. Nothing is learned for one
# organization alone: the same runs answer for any other figures, so that it can be tried many times whether the bands
# hold the truth.

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
    """What some figures say."""

    rows: np.ndarray  # int64 (n,): the runs that count, some of them several times
    weights: np.ndarray  # float64 (n,), summing to 1
    away: np.ndarray  # float64 (n, n_directions): how far each is from what was seen
    effective: float  # how many draws of equal weight they are worth, each run counted once


class Learner:
    """What runs at points of the prior teach.

    `shown`: float64 (n_runs, n_figures): what each run shows for the figures, on the scale of comparison; `covariance`:
    float64 (n_figures, n_figures) of the errors of figures; `generator`: draws errors; `near`: share of the runs that
    come nearest, which alone count.
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

    `given`: the runs that count; `values`: float64 (n_runs, n_values), on a scale without ends.
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
    """What came of letting runs play the organization."""

    n: int  # trials
    holds: np.ndarray  # float64 (n_values,): share of trials in which the 90% band holds the truth
    # `error`, `error_before`: float64 (n_values,): root mean square error of the middle, with the figures and without
    # any
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

    `learner`: learned from all runs; `shown`, `values`: what each run shows for the figures (n_runs, n_figures), and
    what is to be found (n_runs, n_values); `truths`: int64 (n,): the runs that play; `generator`: draws the errors of
    what is seen.
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
