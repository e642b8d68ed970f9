"""From ties to rows of contacts, in time that grows with the ties alone."""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.organization.ties import Blocks, Pairs


@compiled
def count_contacts(
    offsets: np.ndarray,
    across: Pairs,
    department: Pairs,
    large_team: Pairs,
    blocks: Blocks,
    reporting: np.ndarray,
    manager: np.ndarray,
) -> None:
    """Add the number of contacts of employee i to ``offsets[i + 1]``."""
    for pairs in (across, department, large_team):
        for place in range(len(pairs.lower)):
            offsets[pairs.lower[place] + 1] += 1
            offsets[pairs.upper[place] + 1] += 1
    for employee in range(len(manager)):
        offsets[employee + 1] += blocks.known_end[employee] - blocks.known_first[employee] - 1
    for employee in reporting:
        offsets[employee + 1] += 1
        offsets[manager[employee] + 1] += 1


@compiled
def insert(row: np.ndarray, n_filled: int, contact: int) -> None:
    """Put `contact` at its place among the first `n_filled` values of `row`, which rise."""
    place = n_filled
    while place > 0 and row[place - 1] > contact:
        row[place] = row[place - 1]
        place -= 1
    row[place] = contact


@compiled
def fill_contacts(
    offsets: np.ndarray,
    across: Pairs,
    department: Pairs,
    large_team: Pairs,
    blocks: Blocks,
    reporting: np.ndarray,
    manager: np.ndarray,
    neighbors: np.ndarray,
) -> None:
    """Fill the rows of `neighbors`, rising, without sorting.

    Departments and teams are contiguous, and pairs are ordered by upper, then lower. So a row rises if it
    gets, in this order: lower contacts across, in the department, in the team, then the upper ones the other
    way round. The few reporting lines are inserted at the end.

    Parameters
    ----------
    offsets : ndarray, int64 (N + 1,)
        Where each row starts.
    across, department, large_team : Pairs
        Ties by kind.
    blocks : Blocks
        Says which teams all know.
    reporting : ndarray, int64
        Employees who are tied to their manager by the reporting line.
    manager : ndarray, int64 (N,)
        Whom each reports to.
    neighbors : ndarray, int32 (E,)
        Is filled.
    """
    end = offsets[:-1].copy()
    for pairs in (across, department, large_team):
        for place in range(len(pairs.lower)):
            employee = pairs.upper[place]
            neighbors[end[employee]] = pairs.lower[place]
            end[employee] += 1
    for employee in range(len(manager)):
        for colleague in range(blocks.known_first[employee], blocks.known_end[employee]):
            if colleague != employee:
                neighbors[end[employee]] = colleague
                end[employee] += 1
    for pairs in (large_team, department, across):
        for place in range(len(pairs.lower)):
            employee = pairs.lower[place]
            neighbors[end[employee]] = pairs.upper[place]
            end[employee] += 1
    for employee in reporting:
        leader = manager[employee]
        insert(neighbors[offsets[employee] :], end[employee] - offsets[employee], leader)
        end[employee] += 1
        insert(neighbors[offsets[leader] :], end[leader] - offsets[leader], employee)
        end[leader] += 1


@compiled
def luck_of_both(one: float, other: float) -> float:
    """Return the luck of a contact: the sum of both employees' own luck, without its whole part.

    It is uniform, the same from both sides, independent among the ties of any three people, and stays the
    same when other contacts come or go.
    """
    shared = one + other
    return shared - 1.0 if shared >= 1.0 else shared


@compiled
def share_luck(offsets: np.ndarray, neighbors: np.ndarray, luck: np.ndarray, accept_draw: np.ndarray) -> None:
    """Fill the luck of each contact."""
    for i in range(len(luck)):
        for place in range(offsets[i], offsets[i + 1]):
            accept_draw[place] = luck_of_both(luck[i], luck[neighbors[place]])
