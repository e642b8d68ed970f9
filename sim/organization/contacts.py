"""Who knows whom, as compressed rows of contacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.catalog.registry import EVERYONE_LIMIT, PROFILES
from sim.kernel.compiled import compiled
from sim.kernel.ordering import stable_order
from sim.kernel.streams import uniforms
from sim.organization.ties import (
    Blocks,
    Pairs,
    across_ties,
    blocks_of,
    department_ties,
    large_team_ties,
    reporting_lines_outside_team,
)
from sim.organization.workforce import Workforce

if TYPE_CHECKING:
    from sim.exports.staff.contacts import ContactsFile


class Contacts(NamedTuple):
    """Contacts as compressed rows: those of employee i are ``neighbors[offsets[i]:offsets[i + 1]]``.

    Attributes
    ----------
    offsets : ndarray, int64 (N + 1,)
        Where each row starts, and E at the end.
    neighbors : ndarray, int32 (E,)
        Contacts, rising in each row; symmetric, nobody is an own contact or twice a contact.
    luck : ndarray, float64 (N,)
        Everyone's own luck with contact requests, uniform [0, 1).
    """

    offsets: np.ndarray
    neighbors: np.ndarray
    luck: np.ndarray

    @property
    def accept_draw(self) -> np.ndarray:
        """Luck of each contact request, uniform [0, 1), the same for (i, j) and (j, i); float64 (E,)."""
        shared = np.empty(len(self.neighbors))
        share_luck(self.offsets, self.neighbors, self.luck, shared)
        return shared


def build_contacts(workforce: Workforce, contacts: Mapping[str, Any], seed: int, own: Pairs | None = None) -> Contacts:
    """Return the contact network.

    Parameters
    ----------
    workforce : Workforce
        N employees, departments and teams contiguous.
    contacts : mapping
        Section ``organization.contacts`` of a resolved scenario: `department` and `across`, the mean numbers
        of contacts beyond the team (fewer where there are not so many people; `across` is the mean at a usual
        share of remote work), and `everyone` (all know all).
    seed : int
        Seed of the run.
    own : Pairs, optional
        Who knows whom by the user's own contacts file (`own_pairs`), in the place of what else would be made.

    Raises
    ------
    ValueError
        If `everyone` is asked of more than 5,000 employees, or departments or teams are not contiguous.
    """
    n = len(workforce.age)
    luck = uniforms(seed, "contact request", n)
    if own is not None:
        return _of_pairs(own, luck)
    if contacts["everyone"]:
        return _all_with_all(luck)
    blocks = blocks_of(workforce)
    lines = reporting_lines_outside_team(workforce, blocks)
    line_luck = uniforms(seed, "reporting contact", n)
    department, lines_within = department_ties(workforce, blocks, lines.within, line_luck, contacts["department"], seed)
    across, lines_across = across_ties(workforce, blocks, lines.across, line_luck, contacts["across"], seed)
    large_team = large_team_ties(workforce, blocks, seed)
    reporting = np.concatenate((lines.in_large_team, lines_within, lines_across))
    offsets = np.zeros(n + 1, dtype=np.int64)
    count_contacts(offsets, across, department, large_team, blocks, reporting, workforce.manager)
    np.cumsum(offsets, out=offsets)
    neighbors = np.empty(offsets[-1], dtype=np.int32)
    fill_contacts(offsets, across, department, large_team, blocks, reporting, workforce.manager, neighbors)
    return Contacts(offsets, neighbors, luck)


def contacts_of(organization: Mapping[str, Any]) -> ContactsFile | None:
    """Return the contacts file that the section ``organization`` of a scenario names; None if it names none.

    Raises
    ------
    sim.errors.InputError
        If the file cannot be read as contacts.
    """
    file = (organization.get("staff") or {}).get("contacts")
    if not file or organization["workforce"] in PROFILES:
        return None
    from sim.exports.staff import Reading  # the science core does without files
    from sim.exports.staff.contacts import read_contacts

    return read_contacts(file, organization["workforce"], Reading.of(organization))


def own_pairs(organization: Mapping[str, Any]) -> Pairs | None:
    """Return who knows whom by the contacts file, as `contacts_of`."""
    found = contacts_of(organization)
    return None if found is None else Pairs(found.lower, found.upper)


def _of_pairs(pairs: Pairs, luck: np.ndarray) -> Contacts:
    """Return pairs as compressed rows, rising in each."""
    n = len(luck)
    ends = np.concatenate((pairs.lower, pairs.upper)).astype(np.int64)
    others = np.concatenate((pairs.upper, pairs.lower))
    order = stable_order(ends * n + others)
    offsets = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=n), out=offsets[1:])
    return Contacts(offsets, others[order].astype(np.int32), luck)


def _all_with_all(luck: np.ndarray) -> Contacts:
    """Return the complete network."""
    n = len(luck)
    if n > EVERYONE_LIMIT:
        raise ValueError(f"everyone knows everyone: at most {EVERYONE_LIMIT:,} employees, not {n:,}")
    others = np.arange(n - 1, dtype=np.int32)
    neighbors = others + (others >= np.arange(n, dtype=np.int32)[:, np.newaxis])
    return Contacts(np.arange(n + 1, dtype=np.int64) * (n - 1), neighbors.ravel(), luck)


# From ties to rows of contacts, in time that grows with the ties alone.


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
