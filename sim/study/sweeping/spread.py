"""How sure a mean over worlds and replications is.

Worlds and replications are crossed: every world was run with the same seeds, so a lucky seed lifts them all. The
mean is therefore uncertain in two ways, which do not shrink together: other worlds could have been drawn, and
other luck. Taking all runs for independent would give intervals that are far too narrow.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.study.intervals import skewed_ends, t_quantile, wilson_ends
from sim.study.statistics import FEWEST_PAIRS

BOTH, WORLDS, LUCK, NEITHER = "worlds and luck", "worlds", "luck", ""
"""What an interval covers: neither with a single world and a single replication."""


class Spread(NamedTuple):
    """Means over worlds and replications, and what moves them.

    Attributes
    ----------
    mean : array (k,)
        Mean of the cells that have a value.
    n : array of int (k,)
        Number of these cells.
    by_world : array (k, n_worlds)
        How far each world moves the mean; squares add up to its variance due to worlds. Empty with one world.
    by_replication : array (k, n_replications)
        The same for luck. Empty with one replication.
    both : array (k,)
        Variance that is in both of these, as worlds and luck also act together.
    covers : str
        `BOTH`, `WORLDS`, `LUCK` or `NEITHER`.
    """

    mean: np.ndarray
    n: np.ndarray
    by_world: np.ndarray
    by_replication: np.ndarray
    both: np.ndarray
    covers: str


def spread_of(values: np.ndarray) -> Spread:
    """Take the mean of each candidate apart.

    Parameters
    ----------
    values : array (k, n_worlds, n_replications)
        One outcome; NaN where a cell has none. Worlds or replications without any value are left out.
    """
    given = ~np.isnan(values)
    values, given = (part[:, given.any(axis=(0, 2))][:, :, given.any(axis=(0, 1))] for part in (values, given))
    n = given.sum(axis=(1, 2))
    with np.errstate(invalid="ignore"):
        mean = np.where(given, values, 0.0).sum(axis=(1, 2)) / np.where(n, n, np.nan)
    centered = np.where(given, values - mean[:, None, None], 0.0)
    _, n_worlds, n_replications = values.shape
    by_world = _effects(centered.sum(axis=2), n)
    by_replication = _effects(centered.sum(axis=1), n)
    both = np.zeros(len(values))
    if n_worlds > 1 and n_replications > 1:
        both = _interaction(centered, given, n)
    covers = {(True, True): BOTH, (True, False): WORLDS, (False, True): LUCK, (False, False): NEITHER}
    return Spread(mean, n, by_world, by_replication, both, covers[n_worlds > 1, n_replications > 1])


def _effects(sums: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return what each block adds to the mean, scaled so that squares add up to an unbiased variance."""
    n_blocks = sums.shape[1]
    if n_blocks < 2:
        return np.empty((len(sums), 0))
    return sums / np.maximum(n, 1)[:, None] * np.sqrt(n_blocks / (n_blocks - 1))


def _interaction(centered: np.ndarray, given: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return the variance of the mean that is left when the effects of worlds and of luck are taken out."""
    world = centered.sum(axis=2) / np.maximum(given.sum(axis=2), 1)
    replication = centered.sum(axis=1) / np.maximum(given.sum(axis=1), 1)
    left = np.where(given, centered - world[:, :, None] - replication[:, None, :], 0.0)
    free = np.maximum(n - given.any(axis=2).sum(axis=1) - given.any(axis=1).sum(axis=1) + 1, 1)
    return (left**2).sum(axis=(1, 2)) / free / np.maximum(n, 1)


def intervals(spread: Spread, low: float, high: float, is_yes_or_no: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95% interval of each mean, (k,) and (k,); NaN where there is none.

    The variance is that of a crossed two-way layout (worlds + luck - what both count). The quantile is Student's,
    that for worlds and that for luck weighted by their variances (Cochran 1964, Biometrics 20), as a few
    replications say little about luck. The t statistic is corrected for skewness. With one world, or one replication,
    this is `intervals.mean_ends` of the means over the other.

    Parameters
    ----------
    spread : Spread
        The means.
    low, high : float
        Possible values of the outcome; intervals are cut off there.
    is_yes_or_no : bool
        True for an outcome that is 0 or 1 in each run: Wilson's interval for a share, with as many independent
        runs as would give this variance.
    """
    variance = variances(spread)
    if is_yes_or_no:
        return _wilson(spread, variance)
    error = np.sqrt(variance)
    cubes = (spread.by_world**3).sum(axis=1) + (spread.by_replication**3).sum(axis=1)
    skewness = cubes / np.where(error > 0, error, 1.0) ** 3
    below, above = skewed_ends(spread.mean, error, skewness, _quantiles(spread))
    # A few values that are all equal show nothing of how far others lie.
    n_units = max(spread.by_world.shape[1], spread.by_replication.shape[1])
    is_known = (spread.n > 1) & ((error > 0) | (n_units >= FEWEST_PAIRS))
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
    if spread.covers == NEITHER:
        return np.full(len(spread.mean), np.nan)
    blocks = [part.shape[1] for part in (spread.by_world, spread.by_replication)]
    worlds, luck = (t_quantile(n) if n > 1 else 0.0 for n in blocks)
    v_worlds, v_luck = _parts(spread)
    total = v_worlds + v_luck
    weighted = worlds * v_worlds + luck * v_luck
    return np.where(total > 0, weighted / np.where(total > 0, total, 1.0), max(worlds, luck))


def _wilson(spread: Spread, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's 95% interval of shares whose runs hang together (design effect)."""
    share = spread.mean
    n_blocks = max(spread.by_world.shape[1] or spread.by_replication.shape[1], 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        n = np.where(variance > 0, share * (1 - share) / variance, n_blocks)
    n = np.clip(n, 1, np.maximum(spread.n, 1))
    return wilson_ends(np.clip(share, 0.0, 1.0), n)
