"""Which candidate is best, how sure that is, and how much one loses with another: ranks and regret."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.statistics import CONFIDENCE, keyed_generator
from sim.study.sweeping.cells import mean_by
from sim.study.sweeping.spread import spread_of
from sim.study.sweeping.wobble import wobble

MOST_DRAWS = 4000
FEWEST_DRAWS = 400
# Draws times candidates: enough for quantiles of 48 ranks, and still a second for thousands of candidates.
_NUMBERS = 8_000_000
_BATCH = 2_000_000
# A candidate with fewer of the cells than this is not ranked: it would leave hardly any cell to compare in.
SMALLEST_SHARE = 0.5
# Means that differ by less than this are equal but for the rounding of the sums.
DECIMALS = 12
ROBUST_QUANTILE = 0.9


class Standing(NamedTuple):
    """Places of the candidates in one outcome; arrays (k,), NaN where there is no number.

    Attributes
    ----------
    rank, low, high : array
        Place (1 = best) by mean, ties sharing the mean of theirs, and its 95% interval.
    p_first : array
        Probability of being best; ties share it.
    is_tied_with_first : array of bool
        Whether the interval of the place overlaps that of the first: who is best cannot be told between them.
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
    p_first: np.ndarray
    is_tied_with_first: np.ndarray
    regret_mean: np.ndarray
    regret_p90: np.ndarray
    share_worlds_best: np.ndarray
    n_worlds: int
    n_cells: int
    n_given: np.ndarray


def standing_of(
    values: np.ndarray, is_more_better: bool, key: tuple[object, ...] = (), draws: np.ndarray | None = None
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
    key : tuple
        Names the ranking, for its random draws.
    draws : array of int (n_worlds,), optional
        Worlds with one number are from one draw; each is its own if left out.
    """
    n_given = (~np.isnan(values)).sum(axis=(1, 2))
    ranked = (n_given > 0) & (n_given >= SMALLEST_SHARE * n_given.max(initial=0))
    cells = values[ranked] * (-1.0 if is_more_better else 1.0)  # from here on, the smallest is best
    complete = ~np.isnan(cells).any(axis=0) if ranked.any() else np.zeros(values.shape[1:], dtype=bool)
    cells = np.where(complete, cells, np.nan)
    found = {name: np.full(len(values), np.nan) for name in _PLACES + _LOSSES}
    tied = np.zeros(len(values), dtype=bool)
    if complete.any():
        for name, part in zip(_PLACES, _places(cells if draws is None else mean_by(cells, draws), key), strict=True):
            found[name][ranked] = part
        for name, part in zip(_LOSSES, _losses(cells), strict=True):
            found[name][ranked] = part
        tied = _tied(found["rank"], found["low"], found["high"])
    return Standing(
        **found,
        is_tied_with_first=tied,
        n_worlds=int(complete.any(axis=1).sum()),
        n_cells=int(complete.sum()),
        n_given=n_given,
    )


_PLACES = ("rank", "low", "high", "p_first")
_LOSSES = ("regret_mean", "regret_p90", "share_worlds_best")


def _tied(rank: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Say which places overlap that of the first; without intervals nobody can be told from it."""
    first = int(np.nanargmin(rank))
    if np.isnan(high[first]):
        return ~np.isnan(rank)
    return low <= high[first]


def _places(cells: np.ndarray, key: tuple[object, ...]) -> tuple[np.ndarray, ...]:
    """Return rank, its interval and the probability of being first.

    A bootstrap with weights: every world and every replication gets a random weight, the same for all candidates,
    and the means are ranked anew. Drawing 2 or 5 replications with replacement would be far too sure of itself,
    see `wobble`.
    """
    # What lifts all candidates alike moves no rank.
    spread = spread_of(cells - cells.mean(axis=0))
    mean = spread.mean
    observed = _ranked(mean[None, :])[0]
    if not spread.covers:
        nothing = np.full(len(mean), np.nan)
        return observed, nothing, nothing, nothing
    scale = _without_double(spread.by_world, spread.by_replication, spread.both)
    n_draws = int(np.clip(_NUMBERS // len(mean), FEWEST_DRAWS, MOST_DRAWS))
    generator = keyed_generator("standing", *key)
    drawn = np.empty((n_draws, len(mean)), dtype=np.float32)
    p_first = np.zeros(len(mean))
    for batch in np.array_split(np.arange(n_draws), -(-n_draws * len(mean) // _BATCH)):
        moved = sum(wobble(effects, generator, len(batch)) for effects in (spread.by_world, spread.by_replication))
        ranks = _ranked(mean + scale * moved)
        best = ranks == ranks.min(axis=1, keepdims=True)
        p_first += (best / best.sum(axis=1, keepdims=True)).sum(axis=0) / n_draws
        drawn[batch] = ranks
    low, high = np.quantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0, method="inverted_cdf")
    return observed, low.astype(float), high.astype(float), p_first


def _without_double(by_world: np.ndarray, by_replication: np.ndarray, both: np.ndarray) -> float:
    """Return by how much to shrink the draws, as both kinds of blocks count what worlds and luck do together."""
    worlds, luck = float((by_world**2).sum()), float((by_replication**2).sum())
    if worlds + luck == 0:
        return 1.0
    return float(np.sqrt(max(worlds + luck - float(both.sum()), worlds, luck) / (worlds + luck)))


def _ranked(scores: np.ndarray) -> np.ndarray:
    """Return the rank of each score in its row, smallest first, ties sharing their mean; (n, k) -> (n, k)."""
    from scipy.stats import rankdata

    return np.asarray(rankdata(np.round(scores, DECIMALS), axis=1, method="average"))


def _losses(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean and 90th percentile of the regret over worlds, and the share of worlds with none."""
    given = ~np.isnan(cells)
    worlds = given.any(axis=(0, 2))
    by_world = np.nanmean(cells[:, worlds], axis=2)
    regret = np.round(by_world - by_world.min(axis=0), DECIMALS)
    best = regret == 0
    share = (best / best.sum(axis=0)).mean(axis=1)
    return regret.mean(axis=1), np.quantile(regret, ROBUST_QUANTILE, axis=1), share
