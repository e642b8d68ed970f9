"""Which candidate is best, how sure that is, and how much one loses with another: ranks and regret."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.intervals import score_ends
from sim.study.ranking import DECIMALS, places_of, shares_first
from sim.study.statistics import FEWEST_PAIRS
from sim.study.sweeping.cells import mean_by
from sim.study.sweeping.spread import intervals, spread_of, variances

# A candidate with fewer of the cells than this is not ranked: it would leave hardly any cell to compare in.
SMALLEST_SHARE = 0.5
ROBUST_QUANTILE = 0.9


class Standing(NamedTuple):
    """Places of the candidates in one outcome; arrays (k,), NaN where there is no number.

    Attributes
    ----------
    rank, low, high : array
        Place (1 = best) by mean, ties sharing the better one, and the places that pairs leave open (`ranking`).
    share_first : array
        Share of worlds (with one world, of replications) in which it is ahead of all others; ties share.
    is_tied_with_first : array of bool
        Whether nobody is surely ahead of it: who is best cannot be told between those.
    regret_mean, regret_p90 : array
        How much worse than the best candidate of the same world: mean, and 90th percentile over worlds.
    share_worlds_best : array
        Share of worlds in which it is the best; ties share.
    n_worlds, n_cells : int
        Worlds, and worlds x replications, in which every ranked candidate has a value.
    n_given : array of int
        Cells in which the candidate itself has one.
    """

    rank: np.ndarray
    low: np.ndarray
    high: np.ndarray
    share_first: np.ndarray
    is_tied_with_first: np.ndarray
    regret_mean: np.ndarray
    regret_p90: np.ndarray
    share_worlds_best: np.ndarray
    n_worlds: int
    n_cells: int
    n_given: np.ndarray


def standing_of(
    values: np.ndarray,
    is_more_better: bool,
    draws: np.ndarray | None = None,
    largest: float = np.inf,
    is_yes_or_no: bool = False,
) -> Standing:
    """Rank candidates over the worlds and luck that all of them met.

    Cells in which a candidate has no value are left out for all; candidates with a value in fewer than half of
    the cells are not ranked.

    Parameters
    ----------
    values : array (k, n_worlds, n_replications)
        One outcome; NaN where a cell has none.
    is_more_better : bool
        Whether the largest mean is best.
    draws : array of int (n_worlds,), optional
        Worlds with one number are from one draw; each is its own if left out.
    largest : float
        Largest difference that the outcome allows.
    is_yes_or_no : bool
        True for an outcome that is 0 or 1 in each run.
    """
    n_given = (~np.isnan(values)).sum(axis=(1, 2))
    ranked = (n_given > 0) & (n_given >= SMALLEST_SHARE * n_given.max(initial=0))
    cells = values[ranked] * (-1.0 if is_more_better else 1.0)  # from here on, the smallest is best
    complete = ~np.isnan(cells).any(axis=0) if ranked.any() else np.zeros(values.shape[1:], dtype=bool)
    cells = np.where(complete, cells, np.nan)
    found = {name: np.full(len(values), np.nan) for name in _PLACES + _LOSSES}
    tied = np.zeros(len(values), dtype=bool)
    if complete.any():
        by_draw = cells if draws is None else mean_by(cells, draws)
        for name, part in zip(_PLACES, _places(by_draw, largest, is_yes_or_no), strict=True):
            found[name][ranked] = part
        for name, part in zip(_LOSSES, _losses(cells), strict=True):
            found[name][ranked] = part
        tied = found["low"] == 1.0
    return Standing(
        **found,
        is_tied_with_first=tied,
        n_worlds=int(complete.any(axis=1).sum()),
        n_cells=int(complete.sum()),
        n_given=n_given,
    )


_PLACES = ("rank", "low", "high", "share_first")
_LOSSES = ("regret_mean", "regret_p90", "share_worlds_best")


def _places(cells: np.ndarray, largest: float, is_yes_or_no: bool) -> tuple[np.ndarray, ...]:
    """Return place, the first and the last that is left open, and the share of units in which each is best."""
    mean = np.nanmean(cells, axis=(1, 2))
    is_ahead = np.zeros((len(cells), len(cells)), dtype=bool)
    for one in range(len(cells) - 1):
        others = np.arange(one + 1, len(cells))
        low, high = _paired_intervals(cells[one] - cells[others], largest, is_yes_or_no)
        is_ahead[one, others] = high < 0.0
        is_ahead[others, one] = low > 0.0
    worlds = ~np.isnan(cells[0]).all(axis=1)
    # The units are worlds where there are several, else the replications of the one there is.
    by_unit = np.nanmean(cells[:, worlds], axis=2) if worlds.sum() > 1 else cells[:, worlds][:, 0]
    by_unit = by_unit[:, ~np.isnan(by_unit[0])]
    n = by_unit.shape[1]
    return (*places_of(mean, is_ahead), shares_first(by_unit, np.full(n, 1.0 / n)))


def _paired_intervals(differences: np.ndarray, largest: float, is_yes_or_no: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of each mean difference, (k,) and (k,); NaN where it is nothing to rest on.

    With one world, or one replication, it is that of `paired_difference` over the other.
    """
    spread = spread_of(differences)
    n_units = max(spread.by_world.shape[1], spread.by_replication.shape[1])
    low, high = intervals(spread, -largest, largest, False)
    if is_yes_or_no and spread.covers:
        low, high = _score_intervals(differences, variances(spread), n_units)
    is_enough = n_units >= FEWEST_PAIRS
    return np.where(is_enough, low, np.nan), np.where(is_enough, high, np.nan)


def _score_intervals(differences: np.ndarray, variance: np.ndarray, n_units: int) -> tuple[np.ndarray, np.ndarray]:
    """Return Tango's interval of each difference of shares, with as many independent pairs as give this variance."""
    n_pairs = (~np.isnan(differences)).sum(axis=(1, 2))
    up, down = (np.nanmean(np.maximum(sign * differences, 0.0), axis=(1, 2)) for sign in (1.0, -1.0))
    of_a_pair = up + down - (up - down) ** 2
    n = np.clip(of_a_pair / np.where(variance > 0.0, variance, np.inf), n_units, n_pairs)
    return score_ends(up, down, n.astype(float))


def _losses(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean and 90th percentile of the regret over worlds, and the share of worlds with none."""
    given = ~np.isnan(cells)
    worlds = given.any(axis=(0, 2))
    by_world = np.nanmean(cells[:, worlds], axis=2)
    regret = np.round(by_world - by_world.min(axis=0), DECIMALS)
    best = regret == 0
    share = (best / best.sum(axis=0)).mean(axis=1)
    return regret.mean(axis=1), np.quantile(regret, ROBUST_QUANTILE, axis=1), share
