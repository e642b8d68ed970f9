"""Which pairs of employees are tied: within teams, within departments and across departments.

A team knows itself. Beyond the team one knows some of the own department and a few elsewhere; reporting lines
are among these ties. Newcomers and those who work remotely have fewer ties across departments.

Sources: direction of the effect of remote work, Kossen & van der Berg 2022 (T6.08); sizes are assumptions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.kernel.compiled import compiled
from sim.kernel.streams import uniforms
from sim.organization.tables import assumptions
from sim.organization.workforce import Workforce


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
    """Return teams and departments by employee.

    Raises
    ------
    ValueError
        If departments or teams are not contiguous.
    """
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

    All pairs of a department that are not in one team are tied with the same probability, such that there are
    `mean` of these contacts each, on average. Reporting lines come first.

    Parameters
    ----------
    workforce, blocks
        The organization, N employees.
    lines : ndarray, int64
        Employees whose manager is in another team of the department.
    line_luck : ndarray, float64 (N,)
        Uniform: whose line is kept where the mean leaves room for some lines only.
    mean : float
        Contacts in the department beyond the team.
    seed : int
        Seed of the run.
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
    """Return how many contacts across departments one has, as a share of an office-based long-timer's.

    Newcomers have fewer, those who work remotely have fewer, and newcomers lose most by remote work.

    Parameters
    ----------
    tenure : ndarray, float64 (N,)
        Years with the organization.
    remote_share : ndarray, float64 (N,), or float
        Share of days worked remotely.
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
    """Tie each pair (i, j), ``low[j] <= i < high[j]``, with probability ``1 - exp(-hazard[j])``.

    Skips from tie to tie (Batagelj & Brandes 2005), so the work grows with the ties, not with the pairs. A
    reporting line is not a random tie and is left out. Ties come ordered by j, then i.

    Parameters
    ----------
    low, high : ndarray, int64 (N,)
        Limits of whom each employee can be tied to.
    hazard : ndarray, float64 (N,)
        Rate of ties per pair, infinite for certain ties.
    manager : ndarray, int64 (N,)
        Whom each reports to.
    waits : ndarray, float64 (draws,)
        Standard exponential draws.
    lower, upper : ndarray, int32 (draws,)
        Are filled with i and j.

    Returns
    -------
    int
        Number of ties.
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
