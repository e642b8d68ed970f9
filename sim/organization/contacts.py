"""Who knows whom: ties within teams, departments and across them, as compressed rows of contacts.

A team knows itself. Beyond the team one knows some of the own department and a few elsewhere; reporting lines
are among these ties. Newcomers and those who work remotely have fewer ties across departments.

Sources: direction of the effect of remote work, Kossen & van der Berg 2022 (T6.08); sizes are assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.catalog.registry import EVERYONE_LIMIT, PROFILES
from sim.kernel.compiled import compiled
from sim.kernel.streams import uniforms
from sim.kernel.tables import stable_order
from sim.organization.profiles import assumptions
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
    """Return the contacts file of the section ``organization`` of a scenario, None for none; may raise InputError."""
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


# --- from ties to rows, in time that grows with the ties alone --------------------------------------------------------


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
    """Fill the rows of `neighbors` (E,), rising, without sorting; `offsets` (N + 1,) says where each starts.

    Departments and teams are contiguous, and pairs are ordered by upper, then lower. So a row rises if it gets, in this
    order: lower contacts across, in the department, in the team, then the upper ones the other way round. The few
    reporting lines, of `reporting` to their managers, are inserted at the end.
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


# --- which pairs are tied ---------------------------------------------------------------------------------------------


class Pairs(NamedTuple):
    """Ties of one kind: `lower` < `upper`, ordered by `upper`, then `lower`; int32 (pairs,)."""

    lower: np.ndarray
    upper: np.ndarray


class Blocks(NamedTuple):
    """Where everyone's team and department start, and what part of the team all know, int64 (N,)."""

    team_first: np.ndarray
    department_first: np.ndarray
    known_first: np.ndarray  # the whole team; of a large team only oneself
    known_end: np.ndarray


class LinesOutsideTeam(NamedTuple):
    """Reporting lines that a common team does not make a tie already, by the employee who reports, int64."""

    in_large_team: np.ndarray
    within: np.ndarray  # the manager is in another team of the department
    across: np.ndarray  # the manager is in another department


def blocks_of(workforce: Workforce) -> Blocks:
    """Return teams and departments by employee; ValueError if they are not contiguous."""
    team_first, team_end = _block_of_each(workforce.team, "teams")
    department_first, _ = _block_of_each(workforce.department, "departments")
    is_large = team_end - team_first > assumptions().large_team
    if not is_large.any():
        return Blocks(team_first, department_first, team_first, team_end)
    here = np.arange(len(is_large), dtype=np.int64)
    known_first, known_end = np.where(is_large, here, team_first), np.where(is_large, here + 1, team_end)
    return Blocks(team_first, department_first, known_first, known_end)


def _block_of_each(block: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return where each employee's block of equal numbers starts and ends, int64 (N,)."""
    first, end = np.empty(len(block), dtype=np.int64), np.empty(len(block), dtype=np.int64)
    if not find_blocks(block, first, end):
        raise ValueError(f"{name} are not contiguous")
    return first, end


@compiled
def find_blocks(block: np.ndarray, first: np.ndarray, end: np.ndarray) -> bool:
    """Fill where everyone's block of equal numbers starts and ends; return whether the numbers never fall."""
    start = 0
    for here in range(1, len(block) + 1):
        if here < len(block) and block[here] == block[start]:
            continue
        if here < len(block) and block[here] < block[start]:
            return False
        first[start:here] = start
        end[start:here] = here
        start = here
    return True


def reporting_lines_outside_team(workforce: Workforce, blocks: Blocks) -> LinesOutsideTeam:
    """Return the reporting lines between people who are not tied by their team already."""
    reporting = np.flatnonzero(workforce.manager >= 0)
    managers = workforce.manager[reporting]
    is_known = blocks.known_first[managers] == blocks.known_first[reporting]
    reporting, managers = reporting[~is_known], managers[~is_known]
    same_team = blocks.team_first[managers] == blocks.team_first[reporting]
    same_department = blocks.department_first[managers] == blocks.department_first[reporting]
    return LinesOutsideTeam(
        in_large_team=reporting[same_team],
        within=reporting[same_department & ~same_team],
        across=reporting[~same_department],
    )


def _probability(n_wanted: np.ndarray, n_possible: np.ndarray) -> np.ndarray:
    """Return the probability that makes `n_wanted` of `n_possible`, as far as there are so many."""
    return np.clip(n_wanted / np.maximum(n_possible, 1.0), 0.0, 1.0)


def _hazard(probability: np.ndarray) -> np.ndarray:
    """Return the rate per pair whose exponential waiting times give each pair `probability`."""
    with np.errstate(divide="ignore"):  # certain ties have no waiting time: an infinite rate
        return -np.log1p(-probability)


def department_ties(
    workforce: Workforce,
    blocks: Blocks,
    lines: np.ndarray,
    line_luck: np.ndarray,
    mean: float,
    seed: int,
) -> tuple[Pairs, np.ndarray]:
    """Return ties with others of the department, and which reporting lines are among the contacts.

    All pairs of a department that are not in one team are tied with the same probability, such that there are `mean` of
    these contacts each, on average. Reporting lines come first: `lines` are employees whose manager is in another team
    of the department, `line_luck`, uniform (N,), says whose line is kept where the mean leaves room for some lines
    only.
    """
    department = workforce.department.astype(np.intp)
    n_possible = np.bincount(department, weights=blocks.team_first - blocks.department_first)
    n_wanted = 0.5 * mean * np.bincount(department)
    n_lines = np.bincount(department[lines], minlength=len(n_wanted))
    is_kept = line_luck[lines] < _probability(n_wanted, n_lines)[department[lines]]
    probability = _probability(n_wanted - n_lines, n_possible - n_lines)
    pairs = _draw_pairs(
        blocks.department_first,
        blocks.team_first,
        _hazard(probability)[department],
        workforce.manager,
        n_expected=float(np.sum(probability * n_possible)),
        seed=seed,
        purpose="department contacts",
    )
    return pairs, lines[is_kept]


def sociability(tenure: np.ndarray, remote_share: np.ndarray | float) -> np.ndarray:
    """Return how many contacts across departments one has, as a share of an office-based long-timer's, float64 (N,).

    Newcomers have fewer (`tenure` is in years), those who work remotely (a share of days) have fewer, and newcomers
    lose most by remote work.
    """
    assumed = assumptions()
    newness = 1.0 / (1.0 + tenure)  # 1 at entry, one half after a year
    lost_remotely = assumed.remote_thinning + assumed.remote_newcomer_thinning * newness
    return (1.0 - assumed.newcomer_thinning * newness) * (1.0 - remote_share * lost_remotely)


def across_ties(
    workforce: Workforce,
    blocks: Blocks,
    lines: np.ndarray,
    line_luck: np.ndarray,
    mean: float,
    seed: int,
) -> tuple[Pairs, np.ndarray]:
    """Return ties with other departments, and which reporting lines are among the contacts.

    Candidates are drawn as if all were office-based long-timers, then thinned by the sociability of both.
    More remote work so takes ties away and moves none. Parameters are those of `department_ties`.
    """
    n = len(workforce.age)
    n_possible = float(blocks.department_first.sum())
    n_wanted = np.array(0.5 * mean * n)
    line_is_kept = line_luck[lines] < _probability(n_wanted, np.array(len(lines)))
    usual = float(np.mean(sociability(workforce.tenure, assumptions().reference_remote))) ** 2
    probability = _probability(n_wanted - len(lines), np.array((n_possible - len(lines)) * usual))
    pairs = _draw_pairs(
        np.zeros(n, dtype=np.int64),
        blocks.department_first,
        np.full(n, _hazard(probability)),
        workforce.manager,
        n_expected=float(probability) * n_possible,
        seed=seed,
        purpose="contacts across",
    )
    social = sociability(workforce.tenure, workforce.remote_share)
    chance = social[pairs.lower] * social[pairs.upper]
    is_kept = uniforms(seed, "contacts across kept", len(chance)) < chance
    return Pairs(pairs.lower[is_kept], pairs.upper[is_kept]), lines[line_is_kept]


def large_team_ties(workforce: Workforce, blocks: Blocks, seed: int) -> Pairs:
    """Return random ties in teams too large for all to know all.

    The teams of the tables are smaller; a user's own file may have larger ones.
    """
    if blocks.known_first is blocks.team_first:  # no team is large
        none = np.empty(0, dtype=np.int32)
        return Pairs(none, none)
    size = np.bincount(workforce.team.astype(np.intp))[workforce.team]
    is_large = blocks.known_end - blocks.known_first < size
    here = np.arange(len(size), dtype=np.int64)
    probability = np.where(is_large, _probability(np.array(assumptions().large_team), size - 1.0), 0.0)
    return _draw_pairs(
        blocks.team_first,
        here,
        _hazard(probability),
        workforce.manager,
        n_expected=float(np.sum(probability * (here - blocks.team_first))),
        seed=seed,
        purpose="large team contacts",
    )


def _draw_pairs(
    low: np.ndarray,
    high: np.ndarray,
    hazard: np.ndarray,
    manager: np.ndarray,
    *,
    n_expected: float,
    seed: int,
    purpose: str,
) -> Pairs:
    """Return random pairs (i, j) with ``low[j] <= i < high[j]``; see `sample_pairs`.

    One exponential draw is used per pair. Ten standard deviations above the expected number (the variance is
    at most the mean) are never used up.
    """
    n_draws = int(n_expected + 10.0 * n_expected**0.5 + 64.0)
    waits = -np.log(1.0 - uniforms(seed, purpose, n_draws))
    lower, upper = np.empty(n_draws, dtype=np.int32), np.empty(n_draws, dtype=np.int32)
    n_pairs = sample_pairs(low, high, hazard, manager, waits, lower, upper)
    return Pairs(lower[:n_pairs], upper[:n_pairs])


@compiled
def sample_pairs(
    low: np.ndarray,
    high: np.ndarray,
    hazard: np.ndarray,
    manager: np.ndarray,
    waits: np.ndarray,
    lower: np.ndarray,
    upper: np.ndarray,
) -> int:
    """Tie each pair (i, j), ``low[j] <= i < high[j]``, with probability ``1 - exp(-hazard[j])``; return how many.

    Skips from tie to tie (Batagelj & Brandes 2005), so the work grows with the ties, not with the pairs. A reporting
    line is not a random tie and is left out. Ties come ordered by j, then i, in `upper` and `lower`; `waits` are
    standard exponential draws, `hazard` is infinite for certain ties.
    """
    n_pairs = 0
    n_used = 1
    wait = waits[0]
    for j in range(len(low)):
        rate = hazard[j]
        if rate <= 0.0:
            continue
        i = low[j]
        end = high[j]
        while i < end:
            ahead = (end - i) * rate
            if wait >= ahead:
                wait -= ahead
                break
            i = min(i + int(wait / rate), end - 1)
            if manager[j] != i and manager[i] != j:
                lower[n_pairs] = i
                upper[n_pairs] = j
                n_pairs += 1
            i += 1
            if n_used == len(waits):
                return n_pairs
            wait = waits[n_used]
            n_used += 1
    return n_pairs
