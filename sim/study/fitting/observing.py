"""What an export counts, and what of a simulation is compared with it: the error model, in the open.

Shares are compared as logits, numbers of posts as logarithms. What stands between an export and the right model of its
organization is three errors: one that all weeks of a figure share (what is a reader here?), one that comes and goes
over a month (a campaign of another kind, a crisis, what the model leaves out), and one of each week (a holiday). The
luck of an organization is not among them: runs have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.errors import InputError
from sim.texts.said import Said, Whole, said
from sim.usage import EVER, MONTH, WEEK, Figure

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
    """Figures in the order of a vector, and what they are compared with.

    Attributes
    ----------
    figures : tuple of Figure
        As they were read.
    outcomes : tuple of str
        The outcome of each.
    values : ndarray
        float64 (n,), as shares, or posts per employee and week.
    n_employees : int
        Employees of the organization.
    """

    figures: tuple[Figure, ...]
    outcomes: tuple[str, ...]
    values: np.ndarray
    n_employees: int

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

    Raises
    ------
    InputError
        If there are more people in them than in the organization.
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
