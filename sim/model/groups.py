"""Who reads and who posts: the last 4 weeks of a run, group by group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.kernel.tables import ColumnTable
from sim.model.outcomes import YOUNG
from sim.model.state import DAYS_PER_MONTH

AGE_BANDS = (
    (0.0, YOUNG, "under 25"),
    (YOUNG, 35.0, "25-34"),
    (35.0, 45.0, "35-44"),
    (45.0, 55.0, "45-54"),
    (55.0, 999.0, "55 and over"),
)
EXPERIENCE_BANDS = (
    (0.0, 0.0001, "none"), (0.0001, 0.35, "little"), (0.35, 0.55, "some"), (0.55, 0.7, "much"), (0.7, 9.0, "very much"),
)  # fmt: skip
TENURE_BANDS = (
    (0.0, 1.0, "under 1 year"),
    (1.0, 5.0, "1-4 years"),
    (5.0, 10.0, "5-9 years"),
    (10.0, 999.0, "10 years and over"),
)
REMOTE_BANDS = ((0.0, 0.0001, "never remote"), (0.0001, 9.0, "sometimes or mostly remote"))
LEVELS = ("staff", "team lead", "middle manager", "executive")


def _banded(values: np.ndarray, bands: tuple[tuple[float, float, str], ...]) -> tuple[np.ndarray, list[str]]:
    edges = np.array([low for low, _, _ in bands[1:]])
    return np.searchsorted(edges, values, side="right"), [label for _, _, label in bands]


def total_posts(table: np.ndarray | ColumnTable) -> np.ndarray:
    """Return how many posts of any kind each employee has written, int64 (N,)."""
    return table["n_work_posts"] + table["n_questions"] + table["n_social_posts"]


def _large_enough(size: np.ndarray, least: int) -> np.ndarray:
    """Return which groups may be told of: none of fewer people, nor the one that would give those away.

    Where fewer people than that are left out, subtraction from all would tell of them: the smallest others go, too.
    """
    is_told = size >= max(least, 1)
    n_hidden = int(size[~is_told].sum())
    for group in np.argsort(size, kind="stable"):
        if not 0 < n_hidden < least:
            break
        if is_told[group]:
            is_told[group] = False
            n_hidden += int(size[group])
    return is_told


def group_table(
    table: np.ndarray | ColumnTable,
    day: int,
    posts_before: np.ndarray | None,
    departments: Sequence[str] = (),
    least: int = 1,
) -> list[dict[str, Any]]:
    """Return a row for each group with members.

    Parameters
    ----------
    table : ColumnTable, or a structured array of its columns
        The employees after `day`.
    day : int
        The last day of the run.
    posts_before : ndarray or None
        Posts, int64 (N,), as they were 4 weeks before the end (or at the start of a shorter run).
    departments : sequence of str
        Their names, where they have any; empty for one that is not to be named.
    least : int
        Of groups with fewer people there is no row: real people are behind those of a staff file.

    Returns
    -------
    list of dict
        Keys: grouping, group, order, n_employees, monthly_posters, monthly_readers, posts_per_employee_month and the
        mean frame shares. A run of less than 4 weeks has posts of the weeks it has.
    """
    posted = table["last_post"] > day - DAYS_PER_MONTH
    read = table["last_read"] > day - DAYS_PER_MONTH
    n_posts = total_posts(table)
    if posts_before is not None:
        n_posts = n_posts - posts_before
    frames = [table[name] for name in ("frame_social", "frame_collaboration", "frame_broadcast")]
    certainty = frames[0] + frames[1] + frames[2]
    groupings = {
        "age_band": _banded(table["age"], AGE_BANDS),
        "leisure_experience": _banded(table["leisure_experience"], EXPERIENCE_BANDS),
        "level": (table["level"], list(LEVELS)),
        "department": (
            table["department"],
            [
                (departments[d] if departments else "") or f"department {d}"
                for d in range(int(table["department"].max()) + 1)
            ],
        ),
        "remote": _banded(table["remote_share"], REMOTE_BANDS),
        "tenure": _banded(table["tenure"], TENURE_BANDS),
    }
    rows = []
    for grouping, (codes, labels) in groupings.items():
        size = np.bincount(codes, minlength=len(labels))
        is_told = _large_enough(size, least)

        def mean(values: np.ndarray, codes: np.ndarray = codes, size: np.ndarray = size) -> np.ndarray:
            return np.bincount(codes, weights=values, minlength=len(size)) / np.maximum(size, 1)

        columns = {
            "monthly_posters": mean(posted),
            "monthly_readers": mean(read),
            "posts_per_employee_month": mean(n_posts),
            "frame_social": mean(frames[0] / certainty),
            "frame_collaboration": mean(frames[1] / certainty),
            "frame_broadcast": mean(frames[2] / certainty),
        }
        rows += [
            {"grouping": grouping, "group": label, "order": order, "n_employees": int(size[order])}
            | {name: float(column[order]) for name, column in columns.items()}
            for order, label in enumerate(labels)
            if is_told[order]
        ]
    return rows
