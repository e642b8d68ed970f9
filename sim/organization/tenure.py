"""Years with the organization, given age: never more than age minus 16, rising with age.

The Dutch table has no ages: its tenures are drawn as published and handed out so that everyone could have
theirs. The US tables have ages: tenure is drawn within the band of age.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.organization.ordering import stable_order
from sim.organization.people import YOUNGEST
from sim.organization.profiles import Profile, load_tenure_bands, load_tenure_by_age
from sim.organization.tables import assumptions
from sim.streams import normals, uniforms

FREE_CUT_AGE = 20.0  # years; below it a whole tenure distribution does not fit under age minus 16


def longest_tenures(age: np.ndarray) -> np.ndarray:
    """Return the longest possible tenure in tenths of a year, int64 (N,)."""
    return np.maximum(np.rint(10.0 * (age - YOUNGEST)), 0.0).astype(np.int64)


def draw_tenures(profile: Profile, sector: str, age: np.ndarray, seed: int) -> np.ndarray:
    """Return tenures [years, to 0.1], float64 (N,), at most age - 16.

    Parameters
    ----------
    profile : Profile
        Its country decides which tables are used.
    sector : str
        ``all``, ``financial`` or ``public``; Dutch tables only.
    age : ndarray, float64 (N,)
        Ages [years].
    seed : int
        Seed of the run.
    """
    if profile.tenure_country == "us":
        return _draw_by_age(age, seed)
    return _draw_by_sector(profile, sector, age, seed)


def _draw_by_sector(profile: Profile, sector: str, age: np.ndarray, seed: int) -> np.ndarray:
    """Draw from the sector's table, then hand out: to the older first, with luck, and only what fits."""
    ranks = uniforms(seed, "tenure", len(age))
    offered = np.sort(_sector_quantiles(sector, ranks))
    longest = longest_tenures(age)
    age_rank = np.interp(age, profile.age_edges, profile.age_shares_below)
    luck = normals(seed, "tenure order", len(age))
    first_in_line = stable_order(-(assumptions().tenure_age_weight * age_rank + luck))
    tenths = np.full(len(age), -1, dtype=np.int64)
    hand_out(first_in_line, _n_at_most(offered, longest), offered, tenths)
    # In a small or young workforce some tenures fit nobody; those left get any tenure that fits.
    return np.where(tenths >= 0, tenths, np.floor(ranks * longest)) / 10.0


def _n_at_most(offered: np.ndarray, longest: np.ndarray) -> np.ndarray:
    """Return for each of `longest` how many of `offered` are not above it, int64 (N,); both in tenths of a year."""
    # NumPy wants counts in the machine's own integers: 32 bits in a browser.
    counts = np.bincount(offered.astype(np.intp), minlength=int(longest.max()) + 1)
    n_at_most: np.ndarray = np.cumsum(counts, dtype=np.int64)[longest]
    return n_at_most


def _sector_quantiles(sector: str, ranks: np.ndarray) -> np.ndarray:
    """Return tenures in tenths of a year, int64: uniform in closed bands, falling to 0 in the open one."""
    table = load_tenure_bands(sector)
    open_share, open_edge, longest = table.shares_below[-2], table.edges[-2], table.edges[-1]
    years = np.interp(ranks, table.shares_below, table.edges)
    in_open = np.maximum(ranks - open_share, 0.0) / (1.0 - open_share)
    in_open_years = open_edge + (longest - open_edge) * (1.0 - np.sqrt(1.0 - in_open))
    return np.floor(10.0 * np.where(ranks < open_share, years, in_open_years)).astype(np.int64)


@compiled
def hand_out(order: np.ndarray, n_fitting: np.ndarray, offered: np.ndarray, received: np.ndarray) -> None:
    """Give each employee in `order` the longest tenure still offered that fits.

    Taking the longest that fits leaves the short ones to those who can take nothing else, so everyone gets a
    tenure whenever that is possible at all, in any order (scheduling with deadlines).

    Parameters
    ----------
    order : ndarray, int64 (N,)
        Employees, first in line first.
    n_fitting : ndarray, int64 (N,)
        How many of the offered tenures, from the shortest on, fit each employee.
    offered : ndarray, int64 (N,)
        Tenures in rising order.
    received : ndarray, int64 (N,)
        Is filled; stays as it is where nothing fits.
    """
    # free[k] leads to the longest tenure not yet given among the first k; 0 is none. Paths are halved as they
    # are walked, which keeps the whole close to linear.
    free = np.arange(len(offered) + 1, dtype=np.int64)
    for employee in order:
        k = n_fitting[employee]
        while free[k] != k:
            free[k] = free[free[k]]
            k = free[k]
        if k > 0:
            received[employee] = offered[k - 1]
            free[k] = k - 1


def _draw_by_age(age: np.ndarray, seed: int) -> np.ndarray:
    """Draw from the log-logistic distribution of the age band.

    The lower half is as published; the upper half is squeezed to end at age - 16, so that share within a year
    and median stay as published. Below 20 the whole distribution is cut off at age - 16.
    """
    table = load_tenure_by_age()
    band = np.clip(np.searchsorted(table.age_edges, age, side="right") - 1, 0, len(table.medians) - 1)
    median, shape = table.medians[band], table.shapes[band]
    longest = longest_tenures(age) / 10.0
    odds = (longest / median) ** shape
    fitting = odds / (1.0 + odds)  # share of the distribution up to the longest possible tenure
    ranks = uniforms(seed, "tenure", len(age))
    squeezed = np.where(ranks < 0.5, ranks, 0.5 + (ranks - 0.5) * (fitting - 0.5) / 0.5)
    ranks = np.where(age < FREE_CUT_AGE, ranks * fitting, squeezed)
    years = median * (ranks / (1.0 - ranks)) ** (1.0 / shape)
    return np.minimum(np.floor(10.0 * years), 10.0 * longest) / 10.0
