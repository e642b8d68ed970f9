"""Departments, teams, levels and reporting lines. Nobody's age plays a part here.

Employees are ordered so that departments are contiguous, and teams contiguous within departments.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernel.compiled import compiled
from sim.kernel.streams import normals, uniforms
from sim.organization.profiles import assumptions, load_team_sizes

STAFF, TEAM_LEAD, MIDDLE_MANAGER, EXECUTIVE = 0, 1, 2, 3
NO_MANAGER = -1
_ABOVE_ALL_SCORES = 10.0  # tenure and luck together stay below
_WEIGHT_UNIT = 1e6  # department weights become whole numbers, whose sums are the same everywhere


class Lines(NamedTuple):
    """Who leads whom."""

    manager: np.ndarray  # int64 (N,): employee one reports to, -1 for none
    level: np.ndarray  # int64 (N,): 0 staff, 1 team lead, 2 middle manager, 3 executive


def starts_of(sizes: np.ndarray) -> np.ndarray:
    """Return where each block of the given sizes starts, and the end of the last, int64 (blocks + 1,)."""
    starts = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def department_sizes(n: int, n_departments: int, seed: int) -> np.ndarray:
    """Return the sizes of departments, int64, summing to `n`; log-normally unequal, at least 1 each.

    With fewer employees than departments there is one department per employee.
    """
    n_departments = min(n, n_departments)
    unequal = np.exp(assumptions().department_spread * normals(seed, "department size", n_departments))
    weights = np.rint(_WEIGHT_UNIT * unequal).astype(np.int64) + 1
    sizes, remainders = np.divmod(weights * (n - n_departments), weights.sum())
    left = n - n_departments - int(sizes.sum())
    sizes[np.argsort(-remainders, kind="stable")[:left]] += 1
    return sizes + 1


def team_sizes(department_starts: np.ndarray, seed: int) -> np.ndarray:
    """Return the sizes of teams in the order of departments, int64; from the span of control (T7.18)."""
    table = load_team_sizes()
    n = int(department_starts[-1])
    wanted = np.interp(uniforms(seed, "team size", n), table.shares, table.sizes).astype(np.int64)
    sizes = np.empty(n, dtype=np.int64)
    return sizes[: divide_into_teams(department_starts, wanted, sizes)].copy()


@compiled
def divide_into_teams(department_starts: np.ndarray, wanted: np.ndarray, sizes: np.ndarray) -> int:
    """Divide each department into teams of the `wanted` sizes; return their number.

    The size of a team is the one drawn at the place of its first member. The last team of a department takes
    what is left; a single person who is left joins the team before.
    """
    n_teams = 0
    for department in range(len(department_starts) - 1):
        first, end = department_starts[department], department_starts[department + 1]
        while first < end:
            size = min(wanted[first], end - first)
            if end - first - size == 1:
                size += 1
            sizes[n_teams] = size
            n_teams += 1
            first += size
    return n_teams


def promotion_scores(tenure: np.ndarray, seed: int) -> np.ndarray:
    """Return what decides who leads, float64 (N,): tenure, less and less, and luck; never age."""
    assumed = assumptions()
    luck = uniforms(seed, "promotion", len(tenure))
    return tenure / (tenure + assumed.promotion_years) + assumed.promotion_luck * luck


def reporting_lines(
    department_starts: np.ndarray,
    team_starts: np.ndarray,
    scores: np.ndarray,
    given_level: np.ndarray | None = None,
) -> Lines:
    """Return leaders and reporting lines, of whom the highest of `scores`, float64 (N,), leads.

    In each team the highest score leads. Teams are grouped under middle managers, and groups again, until one head of
    the department is left; each of them goes on leading the own team. The heads of the largest departments are
    executives, at most one in a hundred of staff. They are grouped in the same way under one of them; the heads of
    other departments report to an executive.

    Where levels are known (`given_level`, int64 (N,), 0 where not), a higher one goes before any score, and heads who
    are executives already take the place of the heads of the largest departments. What is returned follows from the
    lines; `given_level` itself is for the caller to keep.
    """
    assumed = assumptions()
    n = len(scores)
    if given_level is not None:
        scores = scores + _ABOVE_ALL_SCORES * given_level
    n_departments = len(department_starts) - 1
    manager = np.full(n, NO_MANAGER, dtype=np.int64)
    level = np.zeros(n, dtype=np.int64)
    heads = np.zeros(n_departments, dtype=np.int64)
    appoint(department_starts, team_starts, scores, int(assumed.department_span), heads, manager, level)
    importance = np.diff(department_starts)  # larger departments first
    n_executives = min(n_departments, int(n * assumed.executives_share + 0.5))
    if given_level is not None and EXECUTIVE in given_level:
        importance = importance + n * given_level[heads]
        n_executives = int(np.count_nonzero(given_level[heads] == EXECUTIVE))
    n_executives = max(1, n_executives)
    by_importance = heads[np.argsort(-importance, kind="stable")]
    executives, others = by_importance[:n_executives], by_importance[n_executives:]
    level[executives] = EXECUTIVE
    manager[others] = executives[np.arange(len(others)) % n_executives]
    group_up(executives.copy(), n_executives, int(assumed.board_span), EXECUTIVE, scores, manager, level)
    return Lines(manager, level)


@compiled
def best(scores: np.ndarray, employees: np.ndarray, first: int, end: int) -> int:
    """Return whom of ``employees[first:end]`` has the highest score; the first of equals."""
    winner = employees[first]
    for place in range(first + 1, end):
        if scores[employees[place]] > scores[winner]:
            winner = employees[place]
    return winner


@compiled
def group_up(
    units: np.ndarray,
    n_units: int,
    span: int,
    title: int,
    scores: np.ndarray,
    manager: np.ndarray,
    level: np.ndarray,
) -> int:
    """Group the leaders of units, and groups again, under one of them until one is left; return that one.

    The leaders are the first `n_units` of `units`, which is overwritten. Who leads a group gets the level
    `title`.
    """
    while n_units > 1:
        n_groups = (n_units + span - 1) // span
        for group in range(n_groups):
            first, end = group * n_units // n_groups, (group + 1) * n_units // n_groups
            winner = best(scores, units, first, end)
            for place in range(first, end):
                if units[place] != winner:
                    manager[units[place]] = winner
                    level[winner] = title
            units[group] = winner
        n_units = n_groups
    return units[0]


@compiled
def appoint(
    department_starts: np.ndarray,
    team_starts: np.ndarray,
    scores: np.ndarray,
    span: int,
    heads: np.ndarray,
    manager: np.ndarray,
    level: np.ndarray,
) -> None:
    """Fill `heads` of departments, and `manager` and `level` within them."""
    leads = np.empty(len(team_starts), dtype=np.int64)
    team = 0
    for department in range(len(department_starts) - 1):
        end = department_starts[department + 1]
        n_teams = 0
        while team < len(team_starts) - 1 and team_starts[team] < end:
            lead = team_starts[team]
            for employee in range(team_starts[team] + 1, team_starts[team + 1]):
                if scores[employee] > scores[lead]:
                    lead = employee
            for employee in range(team_starts[team], team_starts[team + 1]):
                if employee != lead:
                    manager[employee] = lead
                    level[lead] = TEAM_LEAD
            leads[n_teams] = lead
            n_teams += 1
            team += 1
        heads[department] = group_up(leads, n_teams, span, MIDDLE_MANAGER, scores, manager, level)
