"""What a published number is compared with: quantities made from the outcomes of runs, read from a results folder.

Each has a name that ``data/targets.csv`` uses. Shares are from 0 to 1. A "member" has registered: came a second time,
or wrote; who looked once has not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.runs.parquet import read_parquet, series_files
from sim.words import said

if TYPE_CHECKING:
    from sim.evidence.calibration.targets import Target

MONTH, YEAR = 4, 52  # weeks
TOOK_OFF = {"viral-start": 0.02}
"""Share of staff that must be members in the end for anything to have been published, where nobody launched: a start
that nobody joined leaves no history. What a run of it showed counts as undefined."""


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


def _of_members(repeat_writers: np.ndarray, reach: np.ndarray, registered: np.ndarray) -> np.ndarray:
    """Return a share of those who ever read as a share of members; who writes is one."""
    return repeat_writers * _ratio(reach, registered)


def _second_year(weeks: np.ndarray, monthly_readers: np.ndarray) -> np.ndarray:
    """Return the level after two years to that after one; NaN where either week was not kept or nobody read."""
    if not {YEAR, 2 * YEAR} <= set(weeks.tolist()):
        return np.full(len(monthly_readers), np.nan)
    after_one, after_two = (monthly_readers[:, int(np.flatnonzero(weeks == week)[0])] for week in (YEAR, 2 * YEAR))
    return _ratio(after_two, after_one)


def _largest_rise(weeks: np.ndarray, members: np.ndarray) -> np.ndarray:
    """Return the largest rise over four weeks, among those that the kept weeks allow; before the start there is
    none."""
    weeks = np.concatenate([[0], weeks])
    members = np.concatenate([np.zeros((len(members), 1)), members], axis=1)
    starts, ends = np.nonzero(weeks[:, None] + MONTH == weeks[None, :])
    if not len(starts):
        return np.full(len(members), np.nan)
    rises: np.ndarray = (members[:, ends] - members[:, starts]).max(axis=1)
    return rises


OBSERVABLES: dict[str, Observable] = {
    "members": Observable("Share of staff who have come a second time or written.", ("registered",), _same),
    "largest_rise": Observable(
        "Largest rise of members within four weeks, as a share of staff.",
        ("registered",),
        _largest_rise,
        over_weeks=True,
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
    "daily": Observable("Share of staff who read on at least eight of the last ten days.", ("daily_readers",), _same),
    "second_year": Observable(
        "Readers of the last month two years after the launch, to those after one year.",
        ("monthly_readers",),
        _second_year,
        over_weeks=True,
        highest=math.inf,
    ),
    "monthly_users_of_members": Observable(
        "Readers of the last month to members; above 1 where many look in once.",
        ("monthly_readers", "registered"),
        _ratio,
        highest=math.inf,
    ),
    "readers_per_author": Observable(
        "People who ever read to each person who has ever posted.", ("reach", "adoption"), _ratio, highest=math.inf
    ),
    "top_share": Observable(
        "Share of all posts and replies that the most active 5% of those who ever read wrote.", ("top5_share",), _same
    ),
    "repeat_writers": Observable(
        "Share of members who have written more than one post or reply.",
        ("repeat_writers", "reach", "registered"),
        _of_members,
    ),
    "gini": Observable("Gini coefficient of posts and replies over those who ever read.", ("gini",), _same),
    "reply_rate": Observable("Share of posts that got a reply.", ("reply_rate",), _same),
}
"""By name, in the order of the documentation."""


class _Arm(NamedTuple):
    """The runs of one scenario: `point` and `replication` of each, and the row of a run id."""

    run_id: np.ndarray
    point: np.ndarray
    replication: np.ndarray


def needed_outcomes(targets: Sequence[Target]) -> tuple[str, ...]:
    """Return the outcomes that some targets are made from, each once."""
    return tuple(dict.fromkeys(name for target in targets for name in OBSERVABLES[target.observable].outcomes))


def read_simulated(folder: Path, targets: Sequence[Target], n_points: int, n_replications: int) -> np.ndarray:
    """Return what the runs of a wave showed, float64 (n_points, n_targets, n_replications); NaN where undefined.

    Parameters
    ----------
    folder : Path
        Its results folder.
    targets : sequence of Target
        Those that are compared.
    n_points, n_replications : int
        Size of its design.

    Raises
    ------
    InputError
        If the folder did not keep what a target needs.
    """
    outcomes = needed_outcomes(targets)
    runs = read_parquet(folder / "runs.parquet", ["run_id", "scenario", "point", "replication", *outcomes])
    scenario = np.asarray(runs["scenario"].to_pylist())
    shown = np.full((n_points, len(targets), n_replications), np.nan)
    for name in dict.fromkeys(target.scenario for target in targets):
        own = [(place, target) for place, target in enumerate(targets) if target.scenario == name]
        is_own = scenario == name
        arm = _Arm(*(runs[key].to_numpy()[is_own] for key in ("run_id", "point", "replication")))
        final = {outcome: runs[outcome].to_numpy(zero_copy_only=False)[is_own] for outcome in outcomes}
        weekly = _weekly(folder, arm, own) if any(_needs_series(target) for _, target in own) else None
        is_published = final["registered"] >= TOOK_OFF.get(name, 0.0) if name in TOOK_OFF else True
        for place, target in own:
            values = np.where(is_published, _observed(target, final, weekly), np.nan)
            shown[arm.point, place, arm.replication] = values
    return shown


def _needs_series(target: Target) -> bool:
    return target.week is not None or OBSERVABLES[target.observable].over_weeks


class _Weekly(NamedTuple):
    """Kept weeks, int64 (n_weeks,), and outcomes in them, float64 (n_runs, n_weeks) each."""

    weeks: np.ndarray
    values: dict[str, np.ndarray]


def _weekly(folder: Path, arm: _Arm, own: Sequence[tuple[int, Target]]) -> _Weekly:
    """Return the kept weeks of the runs of one scenario, for the outcomes that need them."""
    names = needed_outcomes([target for _, target in own if _needs_series(target)])
    order = np.argsort(arm.run_id, kind="stable")
    parts = []
    for file in series_files(folder):
        table = read_parquet(file, ["run_id", "week", *names])
        run_id = table["run_id"].to_numpy()
        place = np.searchsorted(arm.run_id, run_id, sorter=order)
        row = order[np.minimum(place, len(order) - 1)] if len(order) else np.zeros(len(run_id), dtype=int)
        is_own = (arm.run_id[row] == run_id) if len(order) else np.zeros(len(run_id), dtype=bool)
        parts.append(
            (
                row[is_own],
                table["week"].to_numpy()[is_own],
                *(table[name].to_numpy(zero_copy_only=False)[is_own] for name in names),
            )
        )
    if not parts:
        raise InputError(said("refusal.calibration.no_weeks", folder=folder))
    row, week, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    weeks, position = np.unique(week, return_inverse=True)
    values = {}
    for name, column in zip(names, columns, strict=True):
        values[name] = np.full((len(arm.run_id), len(weeks)), np.nan)
        values[name][row, position] = column
    return _Weekly(weeks, values)


def _observed(target: Target, final: dict[str, np.ndarray], weekly: _Weekly | None) -> np.ndarray:
    observable = OBSERVABLES[target.observable]
    if weekly is None or not _needs_series(target):
        return observable.compute(*(final[name] for name in observable.outcomes))
    if observable.over_weeks:
        return observable.compute(weekly.weeks, *(weekly.values[name] for name in observable.outcomes))
    if target.week not in weekly.weeks:
        raise InputError(said("refusal.calibration.week", id=target.id, week=target.week))
    place = int(np.flatnonzero(weekly.weeks == target.week)[0])
    return observable.compute(*(weekly.values[name][:, place] for name in observable.outcomes))
