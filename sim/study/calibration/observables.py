"""What a published number is compared with: quantities made from the outcomes of a run.

Each has a name that ``data/targets.csv`` uses. Shares are from 0 to 1; "members" are people who have ever read.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

MONTH = 4  # weeks


class Observable(NamedTuple):
    """One quantity.

    Attributes
    ----------
    meaning : str
        Definition in one sentence.
    outcomes : tuple of str
        The outcomes that it is made from.
    compute : callable
        From those outcomes at one time, float64 (n_runs,) each, to its values (n_runs,). With `over_weeks`: from the
        weeks, int64 (n_weeks,), and those outcomes in them, float64 (n_runs, n_weeks) each.
    over_weeks : bool
        Whether it looks at the whole course of a run.
    highest : float
        Largest possible value; the smallest is 0.
    """

    meaning: str
    outcomes: tuple[str, ...]
    compute: Callable[..., np.ndarray]
    over_weeks: bool = False
    highest: float = 1.0


def _same(values: np.ndarray) -> np.ndarray:
    return values


def _rest(values: np.ndarray) -> np.ndarray:
    return 1.0 - values


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return part / whole, NaN where the whole is nothing."""
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)


def _low_activity(weekly_active: np.ndarray, monthly_active: np.ndarray, monthly_readers: np.ndarray) -> np.ndarray:
    """Return the share of users who did not act within two weeks.

    Two weeks lie midway between one and four on a logarithmic scale. If the share who act within a period is a power
    of its length, the share for two weeks is the geometric mean.
    """
    return 1.0 - _ratio(np.sqrt(weekly_active * monthly_active), monthly_readers)


def _largest_rise(weeks: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Return the largest rise over four weeks, among those that the kept weeks allow; before the start nobody reads."""
    weeks = np.concatenate([[0], weeks])
    reach = np.concatenate([np.zeros((len(reach), 1)), reach], axis=1)
    starts, ends = np.nonzero(weeks[:, None] + MONTH == weeks[None, :])
    if not len(starts):
        return np.full(len(reach), np.nan)
    rises: np.ndarray = (reach[:, ends] - reach[:, starts]).max(axis=1)
    return rises


OBSERVABLES: dict[str, Observable] = {
    "members": Observable("Share of staff who have ever read.", ("reach",), _same),
    "largest_rise": Observable(
        "Largest rise of members within four weeks, as a share of staff.", ("reach",), _largest_rise, over_weeks=True
    ),
    "readers": Observable("Share of staff who read in the last month.", ("monthly_readers",), _same),
    "non_users": Observable("Share of staff who did not read in the last month.", ("monthly_readers",), _rest),
    "never_readers": Observable("Share of staff who have never read.", ("reach",), _rest),
    "active": Observable(
        "Share of staff who posted, replied or reacted in the last month.", ("monthly_active",), _same
    ),
    "interactions": Observable(
        "Posts, replies and reactions per employee and month.",
        ("interactions_per_employee_month",),
        _same,
        highest=math.inf,
    ),
    "low_activity": Observable(
        "Share of the month's readers who did not post, reply or react within two weeks (geometric mean of week and"
        " month).",
        ("weekly_active", "monthly_active", "monthly_readers"),
        _low_activity,
    ),
    "weekly_users_of_monthly": Observable(
        "Readers of the last week as a share of readers of the last month.",
        ("weekly_readers", "monthly_readers"),
        _ratio,
    ),
    "monthly_users_of_members": Observable(
        "Readers of the last month as a share of members.", ("monthly_readers", "reach"), _ratio
    ),
    "readers_per_author": Observable(
        "Members to each person who has ever posted.", ("reach", "adoption"), _ratio, highest=math.inf
    ),
    "top_share": Observable(
        "Share of all posts and replies that the most active 5% of members wrote.", ("top5_share",), _same
    ),
    "repeat_writers": Observable(
        "Share of members who have written more than one post or reply.", ("repeat_writers",), _same
    ),
    "gini": Observable("Gini coefficient of posts and replies over members.", ("gini",), _same),
    "reply_rate": Observable("Share of posts that got a reply.", ("reply_rate",), _same),
}
"""By name, in the order of the documentation."""
