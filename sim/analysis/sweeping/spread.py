"""How outcomes are spread over worlds and luck, and what goes with what.

Worlds and replications are crossed: every world was run with the same seeds, so a lucky seed lifts them all. The
mean is therefore uncertain in two ways, which do not shrink together: other worlds could have been drawn, and
other luck. Taking all runs for independent would give intervals that are far too narrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.analysis.statistics import FEWEST_PAIRS
from sim.kernel.estimates import skewed_ends, t_quantiles, wilson_ends

BOTH, WORLDS, LUCK, NEITHER = "worlds and luck", "worlds", "luck", ""
"""What an interval covers: neither with a single world and a single replication."""


class Spread(NamedTuple):
    """Means over worlds and replications, and what moves them."""

    mean: np.ndarray  # (k,): mean of the cells that have a value
    n: np.ndarray  # int (k,): number of these cells
    # (k, n_worlds): how far each world moves the mean; squares add up to its variance due to worlds. Empty with one
    # world
    by_world: np.ndarray
    by_replication: np.ndarray  # (k, n_replications): the same for luck. Empty with one replication
    both: np.ndarray  # (k,): variance that is in both of these, as worlds and luck also act together
    covers: str  # `BOTH`, `WORLDS`, `LUCK` or `NEITHER`
    n_units: np.ndarray  # int (k,): worlds, or replications if there are more of them, that have a value
    # (k, 2): as many worlds, and replications, of equal weight give as sure a mean (`estimates.Units.effective`)
    effective: np.ndarray


def spread_of(values: np.ndarray, counts: np.ndarray | None = None) -> Spread:
    """Take the mean of each candidate apart.

    `values`: (k, n_worlds, n_replications): one outcome; NaN where a cell has none. Worlds or replications without any
    value are left out; `counts`: (k, n_worlds, n_replications): how many worlds stand behind each cell, 0 where it has
    no value: one that was drawn several times counts once, with their weight.
    """
    known = ~np.isnan(values)
    is_full = bool(known.all())
    if not is_full:
        some = known.any(axis=(0, 2)), known.any(axis=(0, 1))
        values, known = (part[:, some[0]][:, :, some[1]] for part in (values, known))
        counts = None if counts is None else counts[:, some[0]][:, :, some[1]]
    if counts is None:
        counts = (known[:1] if is_full else known).astype(float)
    n = known.sum(axis=(1, 2))
    total = np.maximum(counts.sum(axis=(1, 2)), 1)
    shares = counts / total[:, None, None]
    values = values if is_full else np.where(known, values, 0.0)
    # Sums of counts first: where all values are equal their mean is that value, without rounding.
    mean = np.where(n > 0, np.einsum("kwr,kwr->k", values, np.broadcast_to(counts, values.shape)) / total, np.nan)
    moved = (values - mean[:, None, None]) * shares
    moved = moved if is_full else np.where(known, moved, 0.0)
    _, n_worlds, n_replications = values.shape
    worlds, replications = shares.sum(axis=2), shares.sum(axis=1)
    both = np.zeros(len(values))
    if n_worlds > 1 and n_replications > 1:
        both = _interaction(moved, shares)
    covers = {(True, True): BOTH, (True, False): WORLDS, (False, True): LUCK, (False, False): NEITHER}
    n_units = np.maximum((worlds > 0).sum(axis=1), (replications > 0).sum(axis=1))
    with np.errstate(divide="ignore"):
        effective = np.stack([np.round(1.0 / (part**2).sum(axis=1), 9) for part in (worlds, replications)], axis=1)
    return Spread(
        mean, n, _effects(moved.sum(axis=2), worlds), _effects(moved.sum(axis=1), replications), both,
        covers[n_worlds > 1, n_replications > 1], np.broadcast_to(n_units, n.shape),
        np.broadcast_to(effective, (len(n), 2)),
    )  # fmt: skip


def _effects(moved: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return what each block adds to the mean, scaled so that squares add up to an unbiased variance."""
    if shares.shape[1] < 2:
        return np.empty((len(moved), 0))
    squares, cubes = (shares**2).sum(axis=1, keepdims=True), (shares**3).sum(axis=1, keepdims=True)
    left = squares - 2.0 * cubes + squares**2  # as in `estimates.Units.effects`
    has_several = (shares > 0).sum(axis=1, keepdims=True) > 1
    return np.asarray(moved * np.sqrt(np.where(has_several, squares, 0.0) / np.where(has_several, left, 1.0)))


def _interaction(moved: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return the variance of the mean that is left when the effects of worlds and of luck are taken out."""
    worlds, replications = shares.sum(axis=2), shares.sum(axis=1)
    world = moved.sum(axis=2) / np.where(worlds > 0, worlds, 1.0)
    replication = moved.sum(axis=1) / np.where(replications > 0, replications, 1.0)
    left = moved - (world[:, :, None] + replication[:, None, :]) * shares
    n = (shares > 0).sum(axis=(1, 2))
    free = np.maximum(n - (worlds > 0).sum(axis=1) - (replications > 0).sum(axis=1) + 1, 1)
    return np.asarray(np.einsum("kwr,kwr->k", left, left) * n / free)


def intervals(spread: Spread, low: float, high: float, is_yes_or_no: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95% interval of each mean, (k,) and (k,); NaN where there is none.

    The variance is that of a crossed two-way layout (worlds + luck - what both count). The quantile is Student's,
    that for worlds and that for luck weighted by their variances (Cochran 1964, Biometrics 20), as a few
    replications say little about luck. The t statistic is corrected for skewness. With one world, or one replication,
    this is `estimates.mean_ends` of the means over the other.

    `spread`: the means; `low`, `high`: possible values of the outcome; intervals are cut off there; `is_yes_or_no`:
    true for an outcome that is 0 or 1 in each run: Wilson's interval for a share, with as many independent runs as
    would give this variance.
    """
    variance = variances(spread)
    if is_yes_or_no:
        return _wilson(spread, variance)
    error = np.sqrt(variance)
    cubes = (spread.by_world**3).sum(axis=1) + (spread.by_replication**3).sum(axis=1)
    skewness = cubes / np.where(error > 0, error, 1.0) ** 3
    below, above = skewed_ends(spread.mean, error, skewness, _quantiles(spread))
    # A few values that are all equal show nothing of how far others lie.
    is_known = (spread.n > 1) & ((error > 0) | (spread.n_units >= FEWEST_PAIRS))
    return (
        np.where(is_known, np.maximum(below, low), np.nan), np.where(is_known, np.minimum(above, high), np.nan),
    )  # fmt: skip


def variances(spread: Spread) -> np.ndarray:
    """Return the variance of each mean, (k,); 0 where neither worlds nor luck are known."""
    worlds, luck = _parts(spread)
    # What both count is an estimate too: each of the two alone is at least the whole of what it stands for.
    return np.maximum(worlds + luck - spread.both, np.maximum(worlds, luck))


def _parts(spread: Spread) -> tuple[np.ndarray, np.ndarray]:
    worlds, luck = ((part**2).sum(axis=1) for part in (spread.by_world, spread.by_replication))
    return worlds, luck


def _quantiles(spread: Spread) -> np.ndarray:
    """Return the quantile of each mean, NaN where there is nothing to estimate a variance from."""
    has_freedom = spread.effective > 1.0
    found = np.where(has_freedom, t_quantiles(np.where(has_freedom, spread.effective, 2.0)), 0.0)
    found[~has_freedom.any(axis=1)] = np.nan
    worlds, luck = found.T
    v_worlds, v_luck = _parts(spread)
    total = v_worlds + v_luck
    weighted = worlds * v_worlds + luck * v_luck
    return np.where(total > 0, weighted / np.where(total > 0, total, 1.0), np.maximum(worlds, luck))


def _wilson(spread: Spread, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's 95% interval of shares whose runs hang together (design effect)."""
    share = spread.mean
    worlds, luck = spread.effective.T
    n_blocks = worlds if spread.by_world.shape[1] else luck
    with np.errstate(invalid="ignore", divide="ignore"):
        n = np.where(variance > 0, share * (1 - share) / variance, n_blocks)
    n = np.clip(n, 1, np.maximum(spread.n, 1))
    return wilson_ends(np.clip(share, 0.0, 1.0), n)


# What goes with what over the points of a design: rank correlations, one factor at a time.
#
# An association is not an effect: it says that points with more of a factor had more (or less) of an outcome, in this
# design, on its own, whatever the other factors did. Only what rises or falls all along shows.

FEWEST_POINTS = 10
"""With fewer points a rank correlation says nothing worth reading."""

STANDS_OUT = 0.05
"""A factor stands out if the rate of false discoveries down to it is at most this."""

# Outcomes that differ by less than this are equal but for the rounding of sums and differences.
DECIMALS = 12
_Z = 1.959963984540054


class Association(NamedTuple):
    """Spearman's correlation of one factor (or one named alternative against the others) with an outcome.

    `q` is the share of false discoveries among all factors that stand out as much as this one, or more.
    """

    factor: str
    level: str | None
    rho: float
    low: float
    high: float
    n: int
    q: float


def indicators(factors: Mapping[str, np.ndarray]) -> dict[tuple[str, str | None], np.ndarray]:
    """Return the factors that vary as numbers (n_points,): named alternatives as 1 where chosen, else 0."""
    found: dict[tuple[str, str | None], np.ndarray] = {}
    for name, values in factors.items():
        distinct = list(dict.fromkeys(values.tolist()))
        if len(distinct) < 2:
            continue
        if all(isinstance(value, bool | int | float) for value in distinct):
            found[name, None] = values.astype(float)
            continue
        levels = sorted(map(str, distinct))
        # Of two alternatives one says all: more of the one is less of the other.
        for level in levels if len(levels) > 2 else levels[1:]:
            found[name, level] = np.array([str(value) == level for value in values.tolist()], dtype=float)
    return found


class Factors:
    """The factors of a design, ranked once for all outcomes.

    `columns`: (factor, level) to array (n_points,): numbers, as from `indicators`.
    """

    def __init__(self, columns: Mapping[tuple[str, str | None], np.ndarray]) -> None:
        self._names = list(columns)
        self._values = np.stack(list(columns.values())) if columns else np.empty((0, 0))
        self._ranks = _standard_ranks(self._values) if columns else self._values

    def associations(self, outcome: np.ndarray) -> list[Association]:
        """Return the rank correlation of every factor with an outcome, with 95% intervals.

        The interval is Fisher's, with the variance of Bonett and Wright (2000, Psychometrika 65).

        `outcome`: (n_points,): mean over replications; points without a value (NaN) are left out.
        """
        outcome = np.round(outcome, DECIMALS)
        given = ~np.isnan(outcome)
        n = int(given.sum())
        if n < FEWEST_POINTS or not self._names or np.ptp(outcome[given]) == 0:
            return []
        ranks = self._ranks if n == len(given) else _standard_ranks(self._values[:, given])
        rho = np.clip(ranks @ _standard_ranks(outcome[None, given])[0], -1, 1)
        with np.errstate(divide="ignore"):
            center = np.arctanh(rho)
        half = _Z * np.sqrt((1 + rho**2 / 2) / (n - 3))
        low, high = np.tanh(center - half), np.tanh(center + half)
        q = false_discovery(_chance(rho, n))
        return [
            Association(factor, level, float(rho[i]), float(low[i]), float(high[i]), n, float(q[i]))
            for i, (factor, level) in enumerate(self._names)
            if not np.isnan(rho[i])
        ]


def _chance(rho: np.ndarray, n: int) -> np.ndarray:
    """Return the probability of a rank correlation at least this far from zero by luck alone (Student's t)."""
    from scipy.special import stdtr

    with np.errstate(divide="ignore"):
        return np.asarray(2 * stdtr(n - 2, -np.abs(rho) * np.sqrt((n - 2) / (1 - rho**2))))


def false_discovery(chances: np.ndarray) -> np.ndarray:
    """Return the rate of false discoveries down to each of these chances (Benjamini and Hochberg 1995, JRSS B 57)."""
    found = np.full(len(chances), np.nan)
    known = np.flatnonzero(~np.isnan(chances))
    order = known[np.argsort(chances[known])]
    rates = chances[order] * len(order) / np.arange(1, len(order) + 1)
    found[order] = np.minimum(1.0, np.minimum.accumulate(rates[::-1])[::-1])
    return found


def _standard_ranks(values: np.ndarray) -> np.ndarray:
    """Return the ranks within each row, with mean 0 and length 1; NaN where a row is constant."""
    from scipy.stats import rankdata

    ranks = rankdata(values, axis=1)
    centered = ranks - ranks.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(centered / np.sqrt((centered**2).sum(axis=1, keepdims=True)))
