"""What claims about single people ask for: who did what in each month of a run, and who replied to whom.

A person's months are looked at together by least squares. Each number is a coefficient of one run, small and noisy by
itself; the scorecard takes the mean over many worlds. Forms stood here before any run.

* **Stopping** (D2). Of those who were active in a month, who is not active in any of the next three? On the part of the
  contacts who were active in that month and the part of all staff, each in standard deviations, and on how often one
  was active oneself.
* **Replies** (D3). Replies to a post, as a part of the mean, on the author's level and on the author's posts in
  standard deviations; an author with many posts counts as often as there are posts.
* **Use** (D4). Of those who already use it: days of reading next month less those of this one, as a part of the
  working days, on this month's of the own reports, of colleagues with the same manager and of the manager, and on one's
  own. Who has no such colleagues has a term of their own instead.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.simulation import Simulation
from sim.state import DAYS_PER_MONTH, DAYS_PER_WEEK, NEVER, REACTION

WEEKS_PER_MONTH = DAYS_PER_MONTH // DAYS_PER_WEEK
MONTHS_SILENT = 3  # after which someone has stopped
FEWEST = 30  # cases for a coefficient

HISTORY_MEASURES: dict[str, str] = {
    "stopping_by_contacts": "change in the chance of stopping for one standard deviation more of active contacts",
    "stopping_by_all": "change in the chance of stopping for one standard deviation more of active staff in all",
    "replies_by_level": "change in replies to a post for one level up, as a part of the mean",
    "replies_by_level_sd": "the same for one standard deviation of the level",
    "replies_by_activity": "change in replies to a post for one standard deviation more posts of the author, likewise",
    "replies_by_level_first": "`replies_by_level` in the first third of the run",
    "replies_by_level_last": "`replies_by_level` in the last third of the run",
    "use_by_subordinates": "change in use for all use more of the own reports a month before",
    "use_by_peers": "change in use for all use more of colleagues with the same manager a month before",
    "use_by_superior": "change in use for all use more of the own manager a month before",
}


class Months(NamedTuple):
    """What is known of each person in each month."""

    is_active: np.ndarray  # bool (months, N), posted, replied or reacted
    times_active: np.ndarray  # int64 (months, N), posts, replies and reactions
    days_read: np.ndarray  # int64 (months, N)
    posts: np.ndarray  # int64 (months, N)
    has_used: np.ndarray  # bool (months, N), has ever posted or replied by the end of the month


def run_with_history(simulation: Simulation) -> Months:
    """Run a simulation to its end, and return the months of everyone. Looking on changes nothing."""
    table, found = simulation.table, []
    counts = _counts(table)
    for month in range(simulation.n_weeks // WEEKS_PER_MONTH):
        simulation.run((month + 1) * WEEKS_PER_MONTH)
        before, counts = counts, _counts(table)
        is_active = table["last_active"] > simulation.day - 1 - DAYS_PER_MONTH
        has_used = (table["last_post"] > NEVER) | (table["n_replies"] > 0)
        found.append((is_active, *(counts - before), has_used))
    simulation.run()
    n = len(table["age"])
    return Months(*(np.array(column).reshape(-1, n) for column in (zip(*found, strict=True) if found else [[]] * 5)))


def _counts(table: Any) -> np.ndarray:
    """Return times active, days of reading and posts so far, int64 (3, N)."""
    posts = sum(table[name].astype(np.int64) for name in ("n_work_posts", "n_questions", "n_social_posts"))
    return np.array([posts + table["n_replies"] + table["n_reactions"], table["days_read"], posts])


def of_histories(simulation: Simulation, months: Months) -> dict[str, float]:
    """Return all `HISTORY_MEASURES` after a run."""
    return {**stopping(simulation, months), **replies(simulation, months), **use(simulation, months)}


def coefficients(outcome: np.ndarray, columns: list[np.ndarray], weights: np.ndarray | None = None) -> np.ndarray:
    """Return least-squares coefficients of some columns beside a constant term, float64 (columns,).

    A column that is the same throughout is left out, and its coefficient is NaN. All are NaN with few cases, or where
    columns cannot be told apart.
    """
    found = np.full(len(columns), math.nan)
    if len(outcome) < FEWEST:
        return found
    varies = np.array([np.ptp(column) > 0.0 for column in columns])
    design = np.column_stack([np.ones(len(outcome)), *np.array(columns)[varies]])
    root = np.sqrt(np.ones(len(outcome)) if weights is None else weights)[:, None]
    fitted, _, rank, _ = np.linalg.lstsq(design * root, outcome * root[:, 0], rcond=1e-10)
    if rank == design.shape[1]:
        found[varies] = fitted[1:]
    return found


def standardized(values: np.ndarray) -> np.ndarray:
    """Return values in standard deviations from their mean; zeros where all are the same."""
    spread = values.std()
    return (values - values.mean()) / spread if spread > 0.0 else np.zeros(len(values))


def stopping(simulation: Simulation, months: Months) -> dict[str, float]:
    """Return how the chance of stopping goes with the activity of contacts, and of all."""
    active = months.is_active
    last = len(active) - MONTHS_SILENT
    stopped, of_contacts, of_all, own = [], [], [], []
    for month in range(last):
        here = active[month]
        later = np.any(active[month + 1 : month + 1 + MONTHS_SILENT], axis=0)
        stopped.append(~np.asarray(later)[here])
        of_contacts.append(_share_of_contacts(simulation, here)[here])
        of_all.append(np.full(here.sum(), here.mean()))
        own.append(np.log(np.maximum(months.times_active[month][here], 1)))
    found = np.full(3, math.nan)
    if last > 0:
        columns = [standardized(np.concatenate(parts)) for parts in (of_contacts, of_all, own)]
        found = coefficients(np.concatenate(stopped).astype(float), columns)
    return {"stopping_by_contacts": float(found[0]), "stopping_by_all": float(found[1])}


def _share_of_contacts(simulation: Simulation, chosen: np.ndarray) -> np.ndarray:
    """Return the share of everyone's contacts who are among the chosen; 0 without contacts."""
    world = simulation.world
    n_contacts = np.diff(world.offsets)
    owner = np.repeat(np.arange(len(n_contacts)), n_contacts)
    n_chosen = np.bincount(owner, chosen[world.neighbors].astype(float), minlength=len(n_contacts))
    share: np.ndarray = n_chosen / np.maximum(n_contacts, 1)
    return share


def replies(simulation: Simulation, months: Months) -> dict[str, float]:
    """Return how replies to a post go with the level and the activity of its author."""
    n = len(simulation.table["age"])
    kept = simulation.replies()
    in_words = kept[kept["kind"] != REACTION]
    of_month = in_words["day"] // DAYS_PER_MONTH
    n_months = len(months.posts)
    third = n_months // 3

    def of_months(first: int, end: int) -> np.ndarray:
        chosen = (of_month >= first) & (of_month < end)
        received = np.bincount(in_words["author"][chosen], minlength=n)
        return _by_level(simulation.table["level"], months.posts[first:end].sum(axis=0), received)

    whole = of_months(0, n_months)
    return {
        "replies_by_level": float(whole[0]),
        "replies_by_level_sd": float(whole[1]),
        "replies_by_activity": float(whole[2]),
        "replies_by_level_first": float(of_months(0, third)[0]),
        "replies_by_level_last": float(of_months(n_months - third, n_months)[0]),
    }


def _by_level(level: np.ndarray, posts: np.ndarray, received: np.ndarray) -> np.ndarray:
    """Return the effects of a level, of a standard deviation of it, and of one of the author's posts."""
    wrote = posts > 0
    if received.sum() == 0:
        return np.full(3, math.nan)
    weights = posts[wrote].astype(float)
    a_post = received[wrote] / weights / (received[wrote].sum() / weights.sum())
    levels, activity = level[wrote].astype(float), np.log(weights)
    spread = [_weighted_deviation(values, weights) for values in (levels, activity)]
    of_level, of_activity = coefficients(a_post, [levels, activity], weights)
    return np.array([of_level, of_level * spread[0], of_activity * spread[1]])


def _weighted_deviation(values: np.ndarray, weights: np.ndarray) -> float:
    mean = np.average(values, weights=weights)
    return math.sqrt(np.average((values - mean) ** 2, weights=weights))


def use(simulation: Simulation, months: Months) -> dict[str, float]:
    """Return how use a month later goes with that of the own reports, of peers and of the manager."""
    read = months.days_read / DAYS_PER_MONTH
    manager = np.asarray(simulation.table["manager"])
    n, has_manager = len(manager), manager >= 0
    above = np.where(has_manager, manager, n)  # one place more, for nobody
    n_reports = np.bincount(above, minlength=n + 1)
    has_reports, has_peers = n_reports[:n] > 0, has_manager & (n_reports[above] > 1)
    changes, columns = [], []
    for month in range(len(read) - 1):
        here, own = months.has_used[month] & has_manager, read[month]
        of_reports = np.bincount(above, own, minlength=n + 1)
        reports = np.where(has_reports, of_reports[:n] / np.maximum(n_reports[:n], 1), 0.0)
        peers = np.where(has_peers, (of_reports[above] - own) / np.maximum(n_reports[above] - 1, 1), 0.0)
        superior = own[np.maximum(manager, 0)]
        changes.append((read[month + 1] - own)[here])
        terms = (reports, peers, superior, own, has_reports.astype(float), has_peers.astype(float))
        columns.append(np.array([term[here] for term in terms]))
    found = np.full(3, math.nan)
    if changes:
        found = coefficients(np.concatenate(changes), list(np.concatenate(columns, axis=1)))
    names = ("use_by_subordinates", "use_by_peers", "use_by_superior")
    return dict(zip(names, map(float, found[:3]), strict=True))
