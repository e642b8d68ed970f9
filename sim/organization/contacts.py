"""Who knows whom, as compressed rows of contacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.organization.contact_rows import count_contacts, fill_contacts, share_luck
from sim.organization.ties import (
    across_ties,
    blocks_of,
    department_ties,
    large_team_ties,
    reporting_lines_outside_team,
)
from sim.organization.workforce import Workforce
from sim.streams import uniforms

EVERYONE_LIMIT = 5_000  # employees; contacts of all with all grow with the square


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


def build_contacts(workforce: Workforce, contacts: Mapping[str, Any], seed: int) -> Contacts:
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

    Raises
    ------
    ValueError
        If `everyone` is asked of more than 5,000 employees, or departments or teams are not contiguous.
    """
    n = len(workforce.age)
    luck = uniforms(seed, "contact request", n)
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


def _all_with_all(luck: np.ndarray) -> Contacts:
    """Return the complete network."""
    n = len(luck)
    if n > EVERYONE_LIMIT:
        raise ValueError(f"everyone knows everyone: at most {EVERYONE_LIMIT:,} employees, not {n:,}")
    others = np.arange(n - 1, dtype=np.int32)
    neighbors = others + (others >= np.arange(n, dtype=np.int32)[:, np.newaxis])
    return Contacts(np.arange(n + 1, dtype=np.int64) * (n - 1), neighbors.ravel(), luck)
