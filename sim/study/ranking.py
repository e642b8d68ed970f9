"""The one ranking of scenarios and strategies: by mean, with the places that the paired differences leave open.

Inference for ranks from pairwise intervals (Mogstad, Romano, Shaikh & Wilhelm 2024, Review of Economic Studies 91):
whoever is surely ahead of k others has at least k behind, so that a place lies between 1 + those surely ahead and the
number of all minus those surely behind. *Surely* is what the line of a pair says: its own 95% interval leaves out zero,
over enough units. So no place contradicts a pair that one cannot tell. Each pair stands on its own; no level is claimed
for all at once.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

# Means that differ by less than this are equal but for the rounding of the sums.
DECIMALS = 12


class Rank(NamedTuple):
    """Place of one scenario.

    Attributes
    ----------
    rank : float
        1 = first; ties share the better place. NaN where it is not ranked.
    low, high : float
        The places that the paired differences leave open.
    share_first : float
        Share of the units (worlds, or replications) in which it is ahead of all others; a tie is not ahead.
    """

    rank: float
    low: float
    high: float
    share_first: float


# One with values in a smaller share of the runs than this is not ranked: hardly any run would be left to compare in.
SMALLEST_SHARE = 0.5


def can_be_ranked(n_given: np.ndarray) -> np.ndarray:
    """Say which have a value often enough; `n_given` (k,) counts the runs in which each has one."""
    return np.asarray((n_given > 0) & (n_given >= SMALLEST_SHARE * n_given.max(initial=0)))


NOT_RANKED = Rank(math.nan, math.nan, math.nan, math.nan)


def places_of(score: np.ndarray, is_ahead: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return place, and the first and last place that is left open.

    Parameters
    ----------
    score : array (k,)
        Means, the smallest first.
    is_ahead : array of bool (k, k)
        Whether the one of the row is surely ahead of the one of the column.
    """
    rounded = np.round(score, DECIMALS)
    rank = 1.0 + (rounded[:, None] > rounded[None, :]).sum(axis=1)
    low = 1.0 + is_ahead.sum(axis=0)
    high = len(score) - is_ahead.sum(axis=1).astype(float)
    # Where sums are rounded two ways a mean may lie a hair outside of what its own pairs say.
    return rank, np.minimum(low, rank), np.maximum(high, rank)


def shares_first(by_unit: np.ndarray, shares: np.ndarray | None = None) -> np.ndarray:
    """Return the share of units in which each is ahead of all others, (k,); nobody is where the best tie.

    Counted as in the lines of pairs: a world that was drawn several times counts once, or one could be ahead of all
    others in more worlds than it is ahead of one of them.

    Parameters
    ----------
    by_unit : array (k, n)
        One value a unit, the smallest is best.
    shares : array (n,), optional
        What each unit counts, summing to 1 (`Units.shares`); all the same if left out.
    """
    rounded = np.round(by_unit - by_unit.min(axis=0), DECIMALS)
    best = rounded == 0.0
    each = best & (best.sum(axis=0) == 1)
    return np.round(each.mean(axis=1) if shares is None else each @ shares, DECIMALS)
