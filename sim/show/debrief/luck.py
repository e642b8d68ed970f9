"""How much of what differs is luck (the same launch again) and how much is strategy (another launch)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.study.statistics import keyed_generator

N_SHUFFLES = 1999
SURE = 0.05


class Parts(NamedTuple):
    """Where the spread of runs comes from.

    Attributes
    ----------
    luck, strategy : float
        Standard deviation between runs of one launch, and between launches; NaN where it cannot be known.
    share : float
        Share of the variance of runs that lies between launches.
    p : float
        How likely such differences between launches are if only luck differs (the runs shuffled over the launches).
    n_runs, n_launches : int
        What it rests on.
    """

    luck: float
    strategy: float
    share: float
    p: float
    n_runs: int
    n_launches: int

    @property
    def is_known(self) -> bool:
        """Whether both parts can be estimated."""
        return not math.isnan(self.luck + self.strategy)

    @property
    def is_sure(self) -> bool:
        """Whether launches differ by more than luck."""
        return self.is_known and self.p <= SURE


def parts_of(runs: pd.DataFrame) -> Parts:
    """Return luck and strategy by analysis of variance with launches as a random effect.

    Parameters
    ----------
    runs : DataFrame
        A row for each run: launch, seed, value.
    """
    known = runs.dropna(subset=["value"])
    values = known["value"].to_numpy()
    launches, sizes = np.unique(known["launch"].to_numpy(), return_inverse=False, return_counts=True)
    n, k = len(values), len(launches)
    if k < 2 or n <= k:
        luck = float(np.std(values, ddof=1)) if k == 1 and n > 1 else math.nan
        return Parts(luck, math.nan, math.nan, math.nan, n, k)
    place = np.searchsorted(launches, known["launch"].to_numpy())
    within, between = _mean_squares(values, place, sizes)
    weight = (n - float((sizes**2).sum()) / n) / (k - 1)
    strategy = max(0.0, (between - within) / weight)
    total = strategy + within
    share = strategy / total if total > 0 else math.nan
    return Parts(math.sqrt(within), math.sqrt(strategy), share, _p(values, place, sizes), n, k)


def _mean_squares(values: np.ndarray, place: np.ndarray, sizes: np.ndarray) -> tuple[float, float]:
    n, k = len(values), len(sizes)
    means = np.bincount(place, values, k) / sizes
    within = float(((values - means[place]) ** 2).sum()) / (n - k)
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (k - 1)
    return within, between


def _p(values: np.ndarray, place: np.ndarray, sizes: np.ndarray) -> float:
    """Return the share of shuffles in which launches differ at least as much; the runs as they are count as one."""
    random = keyed_generator("debrief", len(values), len(sizes))
    found = _between(values, place, sizes)
    as_much = sum(_between(random.permutation(values), place, sizes) >= found - 1e-15 for _ in range(N_SHUFFLES))
    return (1 + as_much) / (1 + N_SHUFFLES)


def _between(values: np.ndarray, place: np.ndarray, sizes: np.ndarray) -> float:
    return float(((np.bincount(place, values, len(sizes)) ** 2) / sizes).sum())


class Repeated(NamedTuple):
    """A launch that several cards have, each with seeds of its own, and what they found."""

    launch: int
    n_cards: int
    low: float
    high: float


def most_repeated(means: pd.DataFrame) -> Repeated | None:
    """Return the launch that most cards have with other seeds; None if there is none.

    Parameters
    ----------
    means : DataFrame
        What each card tells of each launch: card, launch, seeds, value.
    """
    apart = means.dropna(subset=["value"]).drop_duplicates(["launch", "seeds"])
    counts = apart.groupby("launch")["value"].agg(["size", "min", "max"])
    counts = counts[counts["size"] > 1]
    if counts.empty:
        return None
    place = int(counts["size"].to_numpy().argmax())
    row = counts.iloc[place]
    return Repeated(int(counts.index.to_numpy()[place]), int(row["size"]), float(row["min"]), float(row["max"]))
