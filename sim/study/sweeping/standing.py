"""Which candidate is best, how sure that is, and how much one loses with another: ranks and regret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.study.intervals import Units, majority, quantiles, score_ends
from sim.study.ranking import DECIMALS, can_be_ranked, places_of, shares_first
from sim.study.statistics import FEWEST_PAIRS
from sim.study.sweeping.cells import counts_by, mean_by
from sim.study.sweeping.spread import Spread, intervals, spread_of, variances

ROBUST_QUANTILE = 0.9


class Standing(NamedTuple):
    """Places of the candidates in one outcome; arrays (k,), NaN where there is no number.

    Attributes
    ----------
    rank, low, high : array
        Place (1 = best) by mean, ties sharing the better one, and the places that pairs leave open (`ranking`).
    share_first : array
        Share of different worlds (with one world, of replications) in which it is ahead of all others; a tie is
        not ahead.
    is_tied_with_first : array of bool
        Whether nobody is surely ahead of it: who is best cannot be told between those.
    regret_mean, regret_p90 : array
        How much worse than the best candidate of the same world: mean, and 90th percentile over worlds.
    share_worlds_best : array
        Share of different worlds in which it alone is the best.
    n_worlds, n_cells : int
        Worlds, and worlds x replications, in which every ranked candidate has a value.
    n_units : int
        Different worlds (with one world, replications) in which every ranked candidate has a value.
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
    n_units: int
    n_given: np.ndarray


def standing_of(
    values: np.ndarray,
    is_more_better: bool,
    draws: np.ndarray | None = None,
    largest: float = np.inf,
    is_yes_or_no: bool = False,
    is_new: np.ndarray | None = None,
    weights: np.ndarray | None = None,
) -> Standing:
    """Rank candidates over the worlds and luck that all of them met.

    Places are by the means over the cells in which all have a value, what they leave open by the cells of each pair;
    candidates with a value in fewer than half of the cells are not ranked.

    Parameters
    ----------
    values : array (k, n_worlds, n_replications)
        One outcome; NaN where a cell has none.
    is_more_better : bool
        Whether the largest mean is best.
    draws : array of int (n_worlds,), optional
        Worlds with one number are from one draw, which counts with their weight; each is its own if left out.
    largest : float
        Largest difference that the outcome allows.
    is_yes_or_no : bool
        True for an outcome that is 0 or 1 in each run.
    is_new : array of bool (n_worlds,), optional
        False for worlds that are one before them again: these count once where worlds are counted. All are new if left
        out.
    weights : array (n_worlds,), optional
        What each world counts, where these are plausible ones: nobody is then surely ahead of another who is not ahead
        in surely most of them, as in a comparison.
    """
    n_given = (~np.isnan(values)).sum(axis=(1, 2))
    ranked = can_be_ranked(n_given)
    own = values[ranked] * (-1.0 if is_more_better else 1.0)  # from here on, the smallest is best
    complete = ~np.isnan(own).any(axis=0) if ranked.any() else np.zeros(values.shape[1:], dtype=bool)
    cells = np.where(complete, own, np.nan)
    found = {name: np.full(len(values), np.nan) for name in _PLACES + _LOSSES + _SHARES}
    tied, n_units = np.zeros(len(values), dtype=bool), 0
    if complete.any():
        numbers = np.arange(values.shape[1]) if draws is None else draws
        each = np.ones(values.shape[1]) if weights is None else weights
        is_ahead = _surely_ahead(own, numbers, largest, is_yes_or_no, weights)
        for name, part in zip(_PLACES, places_of(_means(cells, each), is_ahead), strict=True):
            found[name][ranked] = part
        is_first = np.ones(values.shape[1], dtype=bool) if is_new is None else is_new
        units, worlds, chosen = _units(cells, is_first)
        shares = each[chosen] / each[chosen].sum()
        found["share_first"][ranked] = shares_first(units, shares if units.shape[1] == len(shares) else None)
        found["share_worlds_best"][ranked] = shares_first(worlds, shares)
        for name, part in zip(_LOSSES, _losses(cells, each), strict=True):
            found[name][ranked] = part
        n_units = units.shape[1]
        tied = found["low"] == 1.0
    return Standing(
        **found,
        is_tied_with_first=tied,
        n_worlds=int(complete.any(axis=1).sum()),
        n_cells=int(complete.sum()),
        n_units=n_units,
        n_given=n_given,
    )


_PLACES = ("rank", "low", "high")
_LOSSES = ("regret_mean", "regret_p90")
_SHARES = ("share_worlds_best", "share_first")


def _means(cells: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the mean of each candidate over its cells, by what their worlds count."""
    if np.ptp(weights) == 0.0:
        return np.asarray(np.nanmean(cells, axis=(1, 2)))
    counts = np.where(np.isnan(cells), 0.0, weights[None, :, None])
    return np.asarray((np.nan_to_num(cells) * counts).sum(axis=(1, 2)) / counts.sum(axis=(1, 2)))


def weighted_quantiles(values: np.ndarray, shares: Sequence[float], weights: np.ndarray) -> np.ndarray:
    """Return quantiles over worlds, (number of shares, k), by what these count; NaN are left out.

    Parameters
    ----------
    values : array (k, n_worlds)
        One value a world.
    shares : sequence of float
        What lies below each quantile.
    weights : array (n_worlds,)
        What each world counts.
    """
    if np.ptp(weights) == 0.0:
        return np.asarray(np.nanquantile(values, shares, axis=1))
    found = []
    for row in values:
        known = ~np.isnan(row)
        own = weights[known] / weights[known].sum()
        found.append(quantiles(Units(row[known], own, int(known.sum()), own), *shares))
    return np.array(found).T


def _surely_ahead(
    cells: np.ndarray, draws: np.ndarray, largest: float, is_yes_or_no: bool, weights: np.ndarray | None = None
) -> np.ndarray:
    """Return whether the one of the row is surely ahead of (smaller than) the one of the column, bool (k, k)."""
    k = len(cells)
    is_ahead = np.zeros((k, k), dtype=bool)
    by_draw, counts = mean_by(cells, draws), counts_by(cells, draws)
    of_draws = np.ones(counts.shape[1]) if weights is None else weights[np.unique(draws, return_index=True)[1]]
    counts = counts * of_draws[None, :, None]
    is_full = not np.isnan(cells).any()
    for one in range(k - 1):
        others = slice(one + 1, k)
        if is_full:
            differences, n = by_draw[one] - by_draw[others], counts[:1]
        else:
            of_worlds = cells[one] - cells[others]
            differences, n = mean_by(of_worlds, draws), counts_by(of_worlds, draws) * of_draws[None, :, None]
        low, high = _paired_intervals(differences, n, largest, is_yes_or_no)
        is_ahead[one, others] = high < 0.0
        is_ahead[others, one] = low > 0.0
        if weights is not None:
            sides = _majorities(differences, n)
            is_ahead[one, others] &= sides < 0
            is_ahead[others, one] &= sides > 0
    return is_ahead


def _majorities(differences: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return on which side of zero surely most worlds lie, see `intervals.majority`, (k,)."""
    found = []
    for row, own in zip(differences, np.broadcast_to(counts, differences.shape), strict=True):
        known = (~np.isnan(row)).any(axis=1)
        values, weights = np.asarray(np.nanmean(row[known], axis=1)), own[known].max(axis=1)
        shares = weights / max(weights.sum(), 1e-300)
        found.append(majority(Units(values.round(DECIMALS), shares, len(values), shares)))
    return np.array(found)


def _paired_intervals(
    differences: np.ndarray, counts: np.ndarray, largest: float, is_yes_or_no: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of each mean difference, (k,) and (k,); NaN where it is nothing to rest on.

    With one world, or one replication, it is that of `paired_difference` over the other.
    """
    spread = spread_of(differences, counts)
    low, high = intervals(spread, -largest, largest, False)
    if is_yes_or_no and spread.covers:
        low, high = _score_intervals(differences, counts, spread)
    is_enough = spread.n_units >= FEWEST_PAIRS
    return np.where(is_enough, low, np.nan), np.where(is_enough, high, np.nan)


def _score_intervals(differences: np.ndarray, counts: np.ndarray, spread: Spread) -> tuple[np.ndarray, np.ndarray]:
    """Return Tango's interval of each difference of shares, with as many independent pairs as give this variance."""
    n_pairs = np.maximum(counts.sum(axis=(1, 2)), 1.0)
    up, down = (
        (np.nan_to_num(np.maximum(sign * differences, 0.0)) * counts).sum(axis=(1, 2)) / n_pairs for sign in (1.0, -1.0)
    )
    of_a_pair, variance = up + down - (up - down) ** 2, variances(spread)
    fewest = np.minimum(spread.effective.max(axis=1), n_pairs)
    n = np.clip(of_a_pair / np.where(variance > 0.0, variance, np.inf), fewest, n_pairs)
    return score_ends(up, down, n)


def _units(cells: np.ndarray, is_new: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the value of each unit, (k, n), that of each different world, and which worlds these are.

    Units are replications if it is one world.
    """
    given = ~np.isnan(cells[0]).all(axis=1)
    chosen = given & is_new if (given & is_new).any() else given
    worlds = np.asarray(np.nanmean(cells[:, chosen], axis=2))
    if chosen.sum() > 1:
        return worlds, worlds, chosen
    of_one = cells[:, chosen][:, 0]
    return of_one[:, ~np.isnan(of_one[0])], worlds, chosen


def _losses(cells: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and 90th percentile of the regret over worlds, by what these count."""
    given = ~np.isnan(cells[0]).all(axis=1)
    by_world = np.nanmean(cells[:, given], axis=2)
    regret = np.round(by_world - by_world.min(axis=0), DECIMALS)
    own = weights[given]
    mean = regret.mean(axis=1) if np.ptp(own) == 0.0 else regret @ (own / own.sum())
    return mean, weighted_quantiles(regret, [ROBUST_QUANTILE], own)[0]
