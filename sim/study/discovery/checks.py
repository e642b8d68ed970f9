"""Is a box more than chance, and does it hold for points that it was not found with?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.study.discovery.pairing import folds_of, shuffled
from sim.study.discovery.search import Aim, Box, Counts, count, fewest_rows, find_box
from sim.study.discovery.space import Space
from sim.study.statistics import keyed_generator, wilson

N_FOLDS = 10
N_SHUFFLES = 199
ENOUGH_BETTER = 10
"""With so many shuffled designs as good, nothing more is to be learned (Besag and Clifford 1991, Biometrika 78)."""
MOST_ROWS_SHUFFLED = 2000
"""Of more rows the test takes these, to stay within seconds."""


class Interval(NamedTuple):
    """A share with its 95% interval."""

    share: float
    low: float
    high: float


class HeldOut(NamedTuple):
    """How boxes do that are found without a tenth of the points, on that tenth.

    Attributes
    ----------
    n_inside, n_cases_inside : int
        Held-out rows, and cases, in the box of their fold, over all folds.
    density : Interval
        Share of cases among them.
    coverage : float
        Share of all cases that lie in the box of their fold.
    base_rate : float
        Share of cases among all rows.
    n_folds : int
        Parts that were held out in turn.
    found_again : Counter
        In how many of them each factor (its column) was limited.
    """

    n_inside: int
    n_cases_inside: int
    density: Interval
    coverage: float
    base_rate: float
    n_folds: int
    found_again: Counter[int]

    @property
    def is_better_than_all(self) -> bool:
        """Whether the density is surely above the base rate."""
        return self.density.low > self.base_rate


class Chance(NamedTuple):
    """How often a shuffled design gives as good a box."""

    p: float
    n_shuffles: int
    n_rows: int


def share_of(holds: np.ndarray, weights: np.ndarray | None) -> float:
    """Return the share of cases among rows, by weight."""
    return float(np.average(holds, weights=weights))


def weights_of(space: Space, chosen: np.ndarray) -> np.ndarray | None:
    """Return how much some rows (bool) count; None where all count alike."""
    return None if space.weights is None else space.weights[chosen]


def share_interval(holds: np.ndarray, blocks: np.ndarray, weights: np.ndarray | None = None) -> Interval:
    """Return the share of cases with Wilson's interval, wider where rows of one block are alike.

    The number of rows is divided by the design effect (Korn and Graubard 1998, Survey Methodology 24).

    Parameters
    ----------
    holds : array of bool (n_rows,)
        Which rows are cases.
    blocks : array of int (n_rows,)
        The block of each.
    weights : array of float (n_rows,), optional
        How much each counts: unequal weights are worth fewer rows (Kish 1965).
    """
    n = len(holds)
    if n == 0:
        return Interval(math.nan, math.nan, math.nan)
    if weights is not None and weights.max() > weights.min():
        return _weighted_interval(holds, blocks, weights / weights.sum())
    share = float(holds.mean())
    _, block = np.unique(blocks, return_inverse=True)
    n_blocks = int(block.max()) + 1
    effective = float(n)
    if n_blocks == 1:
        effective = 1.0
    elif n_blocks < n:
        sums = np.bincount(block, weights=holds - share)
        variance = n_blocks / (n_blocks - 1) * float(sums @ sums) / n**2
        expected = share * (1 - share) / n
        # Where all rows agree nothing shows how alike blocks are: each then counts once.
        effective = n_blocks if expected == 0 else n * min(1.0, expected / variance) if variance > 0 else n
    return Interval(share, *wilson(share, effective))


def _weighted_interval(holds: np.ndarray, blocks: np.ndarray, weights: np.ndarray) -> Interval:
    """Return the same for weights that sum to 1."""
    share = float(weights @ holds)
    _, block = np.unique(blocks, return_inverse=True)
    worth, n_blocks = 1.0 / float(weights @ weights), int(block.max()) + 1
    if n_blocks == 1:
        return Interval(share, *wilson(share, 1.0))
    off = np.bincount(block, weights=weights * (holds - share))
    variance = n_blocks / (n_blocks - 1) * float(off @ off)
    whole = np.bincount(block, weights=weights)
    expected = share * (1 - share)
    # Where all rows agree nothing shows how alike blocks are: each then counts once.
    effective = 1.0 / float(whole @ whole) if expected == 0 or variance == 0 else min(worth, expected / variance)
    return Interval(share, *wilson(share, effective))


def hold_out(space: Space, holds: np.ndarray, blocks: np.ndarray, aim: Aim, key: Sequence[object]) -> HeldOut:
    """Find a box without each tenth of the blocks in turn, and count what it holds of that tenth."""
    n_folds = min(N_FOLDS, int(blocks.max()) + 1)
    folds = folds_of(blocks, n_folds, keyed_generator("discovery folds", *key))
    inside = np.zeros(len(holds), dtype=bool)
    found_again: Counter[int] = Counter()
    for fold in range(n_folds):
        held = folds == fold
        rest = holds[~held]
        part = aim._replace(n_fewest=min(aim.n_fewest, fewest_rows(len(rest), int(rest.sum()))))
        found = find_box(space.rows(~held), rest, part)
        if found is not None:
            inside[held] = found.box.contains(space.codes[held])
            found_again.update(found.box.allowed.keys())
    counts = count(inside, holds, space.weights)
    density = share_interval(holds[inside], blocks[inside], weights_of(space, inside))
    return HeldOut(
        counts.n_inside, counts.n_cases_inside, density, counts.coverage, counts.base_rate, n_folds, found_again
    )


def chance(space: Space, holds: np.ndarray, blocks: np.ndarray, aim: Aim, key: Sequence[object]) -> Chance:
    """Return how often the same search finds as good a box where the factors cannot matter.

    Whole blocks change places, and rows within them, so that cases keep standing together as they do.
    """
    generator = keyed_generator("discovery shuffles", *key)
    chosen = _some_blocks(blocks, generator)
    space, holds, blocks = space.rows(chosen), holds[chosen], blocks[chosen]
    aim = aim._replace(n_fewest=min(aim.n_fewest, fewest_rows(len(holds), int(holds.sum()))))
    found = find_box(space, holds, aim)
    if found is None:
        return Chance(1.0, 0, len(holds))
    n_better = 0
    for n_done in range(1, N_SHUFFLES + 1):
        other = find_box(space, holds[shuffled(blocks, generator)], aim)
        n_better += other is not None and other.worth >= found.worth
        if n_better == ENOUGH_BETTER:
            return Chance(n_better / n_done, n_done, len(holds))
    return Chance((n_better + 1) / (N_SHUFFLES + 1), N_SHUFFLES, len(holds))


def _some_blocks(blocks: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return which rows to use, bool (n_rows,): all, or whole blocks drawn until there are enough rows."""
    if len(blocks) <= MOST_ROWS_SHUFFLED:
        return np.ones(len(blocks), dtype=bool)
    sizes = np.bincount(blocks)
    drawn = generator.permutation(len(sizes))
    n_before = np.cumsum(sizes[drawn]) - sizes[drawn]
    return np.isin(blocks, drawn[n_before < MOST_ROWS_SHUFFLED])


class Dropped(NamedTuple):
    """What a box is without one of its factors.

    Attributes
    ----------
    counts : Counts
        The box without the factor.
    p : float
        Chance that a draw of as many rows from that wider box holds as many cases as the box (quasi-p-value,
        Bryant and Lempert 2010). The limit was chosen to be good, so this is too small; a large one says that the
        limit can go.
    n_found : int
        In how many of the parts of the cross-check the factor was limited too.
    together : tuple of str
        Other factors that could take its place: over these points they change together with it.
    """

    counts: Counts
    p: float
    n_found: int
    together: tuple[str, ...]


def drop_each(space: Space, holds: np.ndarray, box: Box, held_out: HeldOut) -> dict[int, Dropped]:
    """Return what is lost with each factor of a box."""
    from scipy.stats import binom

    own = count(box.contains(space.codes), holds, space.weights)
    found = {}
    for index in box.allowed:
        counts = count(box.without(index).contains(space.codes), holds, space.weights)
        p = float(binom.sf(own.n_cases_inside - 1, own.n_inside, counts.density))
        together = _together(space, index, box.allowed[index][space.codes[:, index]])
        found[index] = Dropped(counts, p, held_out.found_again[index], together)
    return found


def _together(space: Space, index: int, inside: np.ndarray) -> tuple[str, ...]:
    """Return the factors of which some levels single out the same rows."""
    names = []
    for k, factor in enumerate(space.factors):
        codes_in, codes_out = np.unique(space.codes[inside, k]), np.unique(space.codes[~inside, k])
        if k == index or np.intersect1d(codes_in, codes_out).size:
            continue
        merged = np.isin(np.unique(space.codes[:, k]), codes_in)
        if not factor.is_ordered or np.count_nonzero(np.diff(merged)) <= 2:
            names.append(factor.name)
    return tuple(names)
