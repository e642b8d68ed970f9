"""95% intervals that cover: the one place where they are computed. How often each holds stands in docs/coverage.md.

A unit is what is drawn independently: a run, a pair of runs with one seed, or a plausible world. A world that was drawn
several times is one unit with more weight; where weights differ, the *effective* number of units is smaller than their
number (Kish 1965, Survey Sampling, 11.7).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

CONFIDENCE = 0.95
_Z = 1.959963984540054
# Units that vary less than this share of their size are equal but for rounding.
ROUNDING = 1e-14
_BISECTIONS = 60


class Units(NamedTuple):
    """Independent values of which a mean is taken."""

    values: np.ndarray  # mean of each unit over its runs
    weights: np.ndarray  # what each counts in the mean; they add up to 1
    n_runs: int  # runs (or pairs) behind them
    shares: np.ndarray  # what each counts where units are counted; they add up to 1

    @property
    def n(self) -> int:
        """Number of units."""
        return len(self.values)

    @property
    def mean(self) -> float:
        """Weighted mean."""
        return float(self.weights @ self.values)

    @property
    def effective(self) -> float:
        """As many units of equal weight give as sure a mean."""
        return float(1.0 / (self.weights**2).sum())

    @property
    def effects(self) -> np.ndarray:
        """How far each unit moves the mean, (n,), scaled so that squares add up to its variance without bias.

        With equal weights this is (x - mean) / n * sqrt(n / (n - 1)), whose squares add up to s^2 / n.
        """
        w = self.weights
        squares, cubes = float((w**2).sum()), float((w**3).sum())
        left = squares - 2.0 * cubes + squares**2  # expected sum of the squares of w (x - mean), in variances
        return np.asarray(w * (self.values - self.mean) * math.sqrt(squares / left))


def units_of(values: np.ndarray, alike: np.ndarray | None = None, weights: np.ndarray | None = None) -> Units:
    """Return the units of some runs.

    Rows of `values`, (n,) or (n, n_replications), are units; NaN where a run has no value. Rows without any are left
    out. Rows with one number of `alike` are one unit, such as a plausible world that was drawn several times: it counts
    once, with the weight of its rows. `weights` say how plausible each row is, so that they count in shares too; those
    of weight 0 are left out.
    """
    if weights is not None:
        values, weights = values[weights > 0], weights[weights > 0]
    block = values.reshape(len(values), -1 if values.size else 1)
    known = ~np.isnan(block)
    n_runs = known.sum(axis=1)
    has_value = n_runs > 0
    rows = np.where(known, block, 0.0).sum(axis=1)[has_value] / n_runs[has_value]
    even = np.full(len(rows), 1.0 / max(len(rows), 1))
    if weights is not None:
        own = weights[has_value]
        if len(own) and np.ptp(own) > 0.0:
            even = own / own.sum()
        return Units(rows, even, int(n_runs.sum()), even)
    if alike is None:
        return Units(rows, even, int(n_runs.sum()), even)
    _, places = np.unique(alike[has_value], return_inverse=True)
    counts = np.bincount(places)
    shares = np.full(len(counts), 1.0 / max(len(counts), 1))
    return Units(np.bincount(places, rows) / counts, counts / max(counts.sum(), 1), int(n_runs.sum()), shares)


def quantiles(units: Units, *shares: float) -> tuple[float, ...]:
    """Return the values below which these shares of the units lie; NaN without units.

    Weighted by what each counts, and halfway through each unit, so that equal weights give Hazen's quantiles.
    """
    if not units.n:
        return (math.nan,) * len(shares)
    order = np.argsort(units.values, kind="stable")
    through = np.cumsum(units.shares[order]) - units.shares[order] / 2.0
    return tuple(float(np.interp(share, through, units.values[order])) for share in shares)


def majority(units: Units) -> int:
    """Say on which side of zero surely most of the units lie: 1 above, -1 below, 0 if that cannot be told.

    By Wilson's interval of the share above among those that differ from zero, with as many of them as equal weights
    would need to say as much.
    """
    up, down = (float(units.shares[sign * units.values > 0].sum()) for sign in (1, -1))
    if up + down <= 0.0:
        return 0
    squares = float((units.shares[units.values != 0] ** 2).sum())
    low, high = wilson(up / (up + down), (up + down) ** 2 / squares)
    return 1 if low > 0.5 else -1 if high < 0.5 else 0


def t_quantile(n: float) -> float:
    """Return the two-sided 95% quantile of Student's t with `n` - 1 degrees of freedom."""
    return float(t_quantiles(np.asarray(n)))


def t_quantiles(n: np.ndarray) -> np.ndarray:
    """Return `t_quantile` of each number."""
    from scipy.special import stdtrit

    return np.asarray(stdtrit(n - 1, (1 + CONFIDENCE) / 2))


def mean_ends(units: Units) -> tuple[float, float]:
    """Return the 95% interval of a mean of numbers, of which at least two differ.

    Student's interval, corrected for skewness: Hall's (1992, J. R. Stat. Soc. B 54, 221-228) transformation of
    the t statistic. Where values are not skewed it is Student's; of skewed ones Student's interval covers 90% at 10
    units and lies too far to the short side. Without chance, so the same numbers always give the same interval.
    """
    effects = units.effects
    error = math.sqrt(float((effects**2).sum()))
    if not error:
        return units.mean, units.mean
    low, high = skewed_ends(units.mean, error, float((effects**3).sum()) / error**3, t_quantile(units.effective))
    return float(low), float(high)


def skewed_ends(
    mean: float | np.ndarray, error: float | np.ndarray, skewness: float | np.ndarray, quantile: float | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return Hall's interval of a mean; arrays element by element.

    `error` is the standard error of the mean, `skewness` that of the mean (of the values, divided by the root of their
    number), `quantile` Student's.
    """
    skewness = np.asarray(skewness, dtype=float)
    is_even = np.abs(skewness) < 1e-6
    a = np.where(is_even, 1.0, skewness)

    def back(t: np.ndarray) -> np.ndarray:
        # The inverse of t + a t^2 / 3 + a^2 t^3 / 27 + a / 6, which takes the skewness out of t.
        return np.where(is_even, t, (np.cbrt(1.0 + a * (t - a / 6.0)) - 1.0) * 3.0 / a)

    t = np.asarray(quantile, dtype=float)
    return np.asarray(mean - back(t) * error), np.asarray(mean - back(-t) * error)


def wilson(share: float, n: float) -> tuple[float, float]:
    """Return Wilson's 95% interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22)."""
    low, high = wilson_ends(np.asarray(share), np.asarray(n))
    return float(low), float(high)


def wilson_ends(share: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Wilson's intervals of shares of `n` each."""
    center = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * np.sqrt(share * (1 - share) / n + _Z**2 / (4 * n * n))
    return np.maximum(0.0, center - half), np.minimum(1.0, center + half)


def share_ends(units: Units) -> tuple[float, float]:
    """Return the 95% interval of the share of yes among runs: Wilson's, with the effective number of runs."""
    mean = min(max(units.mean, 0.0), 1.0)
    return wilson(mean, effective_runs(units, mean * (1.0 - mean)))


def effective_runs(units: Units, of_a_run: float) -> float:
    """Return how many independent runs would give as sure a mean as these units (design effect, Kish 1965).

    `of_a_run` is the variance of a single run. At least the effective number of units and at most that of runs: where
    all units agree nothing shows how alike the runs of a unit are, and each unit counts once.
    """
    n, most = units.effective, units.n_runs
    variance = float((units.effects**2).sum()) if n > 1.0 else 0.0
    return n if variance <= 0.0 or most <= n else min(max(of_a_run / variance, n), most)


def paired_share_ends(units: Units) -> tuple[float, float]:
    """Return the 95% interval of a difference of two shares of yes over pairs: Tango's score interval.

    Tango 1998 (Statistics in Medicine 17, 891-908): the differences that a score test would not reject. Pairs that
    agree are no proof of no difference: all 5 pairs agreeing leave -43 to +43 points. Values are between -1 and 1; -1,
    0 or 1 where a unit is one pair.
    """
    up = float(units.weights @ np.maximum(units.values, 0.0))
    down = float(units.weights @ np.maximum(-units.values, 0.0))
    n = effective_runs(units, up + down - (up - down) ** 2)
    low, high = score_ends(np.array([up]), np.array([down]), np.array([n]))
    return float(low[0]), float(high[0])


def score_ends(up: np.ndarray, down: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return Tango's intervals of many differences, of which `up` and `down` are the shares of pairs that differ."""
    return _score_end(up, down, n, 1.0), _score_end(up, down, n, -1.0)


def _score_end(up: np.ndarray, down: np.ndarray, n: np.ndarray, side: float) -> np.ndarray:
    """Return one end: `side` 1 the lower, -1 the upper."""
    inside = up - down
    outside = np.full_like(inside, -side)
    for _ in range(_BISECTIONS):
        middle = (inside + outside) / 2.0
        keeps = _is_plausible(middle, up, down, n)
        inside, outside = np.where(keeps, middle, inside), np.where(keeps, outside, middle)
    return inside


def _is_plausible(difference: np.ndarray, up: np.ndarray, down: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Say whether a score test at 5% keeps each difference."""
    # The likeliest share of pairs the other way, if this were the difference: the root of 2 q^2 + b q + c.
    b = -up - down + (2.0 - up + down) * difference
    c = -down * difference * (1.0 - difference)
    q = (np.sqrt(np.maximum(b * b - 8.0 * c, 0.0)) - b) / 4.0
    variance = np.maximum(2.0 * q + difference * (1.0 - difference), 0.0)
    return np.asarray(n * (up - down - difference) ** 2 <= _Z**2 * variance)


# --- weights of draws: what they add up to, how many equal draws they are worth, drawing by them ----------------------


def systematic(weights: np.ndarray, n: int, generator: np.random.Generator) -> np.ndarray:
    """Return `n` positions drawn in proportion to `weights`, int64 (n,): systematic resampling.

    Each position comes floor(n w) or ceil(n w) times.
    """
    steps = (generator.random() + np.arange(n)) / n
    edges = np.cumsum(weights) / weights.sum()
    return np.minimum(np.searchsorted(edges, steps, side="right"), len(weights) - 1)


def normalized(log_weights: np.ndarray) -> np.ndarray:
    """Return weights (n,) that sum to 1, from their logarithms; all 0 where every weight is 0."""
    highest = log_weights.max(initial=-np.inf)
    if not np.isfinite(highest):
        return np.zeros(len(log_weights))
    weights = np.exp(log_weights - highest)
    return np.asarray(weights / weights.sum())


def effective_size(weights: np.ndarray) -> float:
    """Return how many equally weighted draws are worth as much (Kish): (sum w)^2 / sum w^2; 0 without weight."""
    squares = float(np.square(weights).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def weighted_quantile(values: np.ndarray, weights: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """Return the quantiles of weighted values (n,): where the weights below, half of one's own included, make `share`.

    Missing values and those without weight are left out; NaN if none is left.
    """
    kept = (weights > 0) & np.isfinite(values)
    if not kept.any():
        return np.full(np.shape(share), np.nan)
    values, weights = values[kept], weights[kept]
    order = np.argsort(values, kind="stable")
    weights = weights[order] / weights.sum()
    return np.interp(share, np.cumsum(weights) - weights / 2, values[order])
