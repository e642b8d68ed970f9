"""How sure one can be: intervals over replications, paired differences, ranks.

All intervals cover 95% and are about luck: which people work there, whom they know, what happens to them by
chance. What the model does not know about the world is not in them. Scipy is imported only where a number
needs it.
"""

from __future__ import annotations

import hashlib
import math
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIDENCE = 0.95
POWER = 0.8
N_RESAMPLES = 9999
RATIO_RESAMPLES = 4000
# A bootstrap of fewer pairs is too narrow whatever is done to it; Student's t is used there.
SMALLEST_BOOTSTRAP = 8
# With more pairs both intervals agree to three digits, and the bootstrap takes seconds.
LARGEST_BOOTSTRAP = 500
MOST_REPLICATIONS = 1_000_000
# Differences that vary less than this share of the values are equal but for the rounding of the subtraction.
ROUNDING = 1e-14
# Numbers held at a time while resampling (8 bytes each).
_BATCH = 2_000_000

NaN = math.nan
ALL_MISSING = "missing in every run"
ONE_RUN = "one run gives no interval"
ONE_PAIR = "one pair gives no interval"
NO_PAIR = "no pair in which both have a value"


class MeanInterval(NamedTuple):
    """Mean over the runs that have a value, with its 95% interval; `reason` says why a number is missing."""

    mean: float
    low: float
    high: float
    n: int
    reason: str


class PairedDifference(NamedTuple):
    """Difference a - b over pairs with one seed.

    Attributes
    ----------
    mean, low, high : float
        Mean difference and its 95% interval; NaN where `reason` says why.
    p_a_greater : float
        Probability of superiority: share of pairs in which a is greater, ties counted half.
    n, n_a_greater, n_b_greater : int
        Pairs in which both have a value; those in which a, or b, is greater.
    method : str
        ``bootstrap``, ``t`` (few pairs, or very many), ``exact`` (all differences equal) or empty (no interval).
    replications_needed : float
        Replications that would settle a difference of this size; NaN if none would or it cannot be known.
    reason : str
        Why there is no interval; empty if there is one.
    """

    mean: float
    low: float
    high: float
    p_a_greater: float
    n: int
    n_a_greater: int
    n_b_greater: int
    method: str
    replications_needed: float
    reason: str

    @property
    def n_ties(self) -> int:
        """Pairs in which both have the very same value."""
        return self.n - self.n_a_greater - self.n_b_greater


class Rank(NamedTuple):
    """Place of one scenario (1 = first), its 95% interval, and the probability of being first."""

    rank: float
    low: float
    high: float
    p_first: float


def keyed_generator(*key: object) -> np.random.Generator:
    """Return a random generator that depends on `key` only, so that output can be reproduced."""
    digest = hashlib.sha256("\n".join(map(str, key)).encode()).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(digest[:16], dtype="<u8")))


def _t_quantile(n: int) -> float:
    """Return the two-sided 95% quantile of Student's t with `n` - 1 degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, (1 + CONFIDENCE) / 2))


def mean_interval(
    values: Sequence[float] | np.ndarray,
    low: float = -math.inf,
    high: float = math.inf,
    is_yes_or_no: bool = False,
) -> MeanInterval:
    """Return the mean of `values` over replications with its 95% interval.

    Parameters
    ----------
    values : sequence of float, shape (n_runs,)
        One value a run; NaN where a run has none.
    low, high : float
        Possible values of the outcome; the interval is cut off there.
    is_yes_or_no : bool
        True for an outcome that is 0 or 1 in each run: Wilson's interval for a share, which stays honest when
        all runs agree. Otherwise Student's t.
    """
    given = np.asarray(values, dtype=float)
    given = given[~np.isnan(given)]
    n = len(given)
    if n == 0:
        return MeanInterval(NaN, NaN, NaN, 0, ALL_MISSING)
    mean = float(given.mean())
    if is_yes_or_no:
        return MeanInterval(mean, *wilson(mean, n), n, "")
    if n == 1:
        return MeanInterval(mean, NaN, NaN, 1, ONE_RUN)
    half = _t_quantile(n) * float(given.std(ddof=1)) / math.sqrt(n)
    return MeanInterval(mean, max(low, mean - half), min(high, mean + half), n, "")


def wilson(share: float, n: float) -> tuple[float, float]:
    """Return Wilson's 95% interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22)."""
    z = 1.959963984540054
    center = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, center - half), min(1.0, center + half)


def paired_difference(
    a: Sequence[float] | np.ndarray,
    b: Sequence[float] | np.ndarray,
    key: Sequence[object] = (),
    largest: float = math.inf,
    alike: np.ndarray | None = None,
) -> PairedDifference:
    """Compare two scenarios run by run: position i of `a` and `b` had the same seed.

    Parameters
    ----------
    a, b : sequence of float, shape (n_replications,)
        One outcome; pairs in which either is NaN are left out, and `n` says how many remain.
    key : sequence
        Names the comparison, for the resampling.
    largest : float
        Largest difference that the outcome allows; the interval is cut off there.
    alike : ndarray, optional
        int64 (n_replications,), the same number for pairs that are no independent draws, such as those of one plausible
        world that was drawn several times: the interval resamples them together, as one.
    """
    values = np.array([a, b], dtype=float)
    is_pair = ~np.isnan(values).any(axis=0)
    values = values[:, is_pair]
    difference = values[0] - values[1]
    n = len(difference)
    if n == 0:
        return PairedDifference(NaN, NaN, NaN, NaN, 0, 0, 0, "", NaN, NO_PAIR)
    n_a, n_b = int((difference > 0).sum()), int((difference < 0).sum())
    p_a_greater = (n_a + (n - n_a - n_b) / 2) / n
    mean = float(difference.mean())
    if n == 1:
        return PairedDifference(mean, NaN, NaN, p_a_greater, 1, n_a, n_b, "", NaN, ONE_PAIR)
    if np.ptp(difference) <= ROUNDING * np.abs(values).max():
        same = float(difference[0])
        return PairedDifference(same, same, same, p_a_greater, n, n_a, n_b, "exact", NaN, "")
    low, high, method = _difference_interval(difference, key, None if alike is None else alike[is_pair])
    low, high = max(low, -largest), min(high, largest)
    needed = replications_needed(mean, float(difference.std(ddof=1)))
    return PairedDifference(mean, low, high, p_a_greater, n, n_a, n_b, method, needed, "")


def _difference_interval(
    difference: np.ndarray, key: Sequence[object], alike: np.ndarray | None
) -> tuple[float, float, str]:
    if alike is not None and len(np.unique(alike)) < len(alike):
        return _interval_over_groups(difference, alike, keyed_generator("paired difference", *key))
    n = len(difference)
    mean = float(difference.mean())
    if SMALLEST_BOOTSTRAP <= n <= LARGEST_BOOTSTRAP:
        low, high = _bootstrap(difference, keyed_generator("paired difference", *key))
        if not math.isnan(low + high):
            return low, high, "bootstrap"
    half = _t_quantile(n) * float(difference.std(ddof=1)) / math.sqrt(n)
    return mean - half, mean + half, "t"


def _interval_over_groups(
    difference: np.ndarray, alike: np.ndarray, generator: np.random.Generator
) -> tuple[float, float, str]:
    """Return the interval of the mean with groups of pairs resampled as one; NaN with a single group."""
    sums, counts = sums_by(alike, difference), sums_by(alike, np.ones(len(difference)))
    if len(sums) < 2:
        return NaN, NaN, ""
    low, high = ratio_interval(sums, counts, generator)
    return low, high, "bootstrap"


def _bootstrap(difference: np.ndarray, generator: np.random.Generator) -> tuple[float, float]:
    """Return the bias-corrected and accelerated (BCa) bootstrap interval of the mean.

    A plain bootstrap of 20 values is too narrow, as it takes the sample for the population; its level is
    raised so that it equals Student's interval where that one is exact (Hesterberg 2015, The American
    Statistician 69, expanded percentiles).
    """
    from scipy.special import ndtr
    from scipy.stats import DegenerateDataWarning, bootstrap

    n = len(difference)
    tail = float(ndtr(-math.sqrt(n / (n - 1)) * _t_quantile(n)))
    # Where its correction is undefined (next to no spread) scipy warns and returns NaN, which the caller sees.
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateDataWarning)
        result = bootstrap(
            (difference,), np.mean, n_resamples=N_RESAMPLES, batch=max(1, _BATCH // n),
            confidence_level=1 - 2 * tail, method="BCa", rng=generator,
        )  # fmt: skip
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def replications_needed(mean: float, deviation: float) -> float:
    """Return how many pairs would settle a difference of this size.

    The smallest number with which a two-sided paired t-test at 5% has 80% power: the 95% interval would then
    exclude zero four times in five.

    Parameters
    ----------
    mean : float
        Difference, taken for the true one.
    deviation : float
        Standard deviation of the difference over pairs.

    Returns
    -------
    float
        At least 2; NaN for a difference of 0, infinite above `MOST_REPLICATIONS`.
    """
    if mean == 0 or math.isnan(mean) or math.isnan(deviation):
        return NaN
    if deviation == 0:
        return 2.0
    effect = abs(mean) / deviation
    low, high = 1, 2
    while _power(effect, high) < POWER:
        low, high = high, high * 2
        if high > MOST_REPLICATIONS:
            return math.inf
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _power(effect, middle) < POWER else (low, middle)
    return float(high)


def _power(effect: float, n: int) -> float:
    """Return the power of a paired t-test with `n` pairs; `effect` is in standard deviations."""
    from scipy.special import nctdtr

    return 1 - float(nctdtr(n - 1, effect * math.sqrt(n), _t_quantile(n)))


def ranks(values: Mapping[str, np.ndarray], is_more_first: bool, key: Sequence[object] = ()) -> dict[str, Rank]:
    """Rank scenarios by their mean, with the uncertainty of the ranks.

    Replications are resampled together for all scenarios, as they are paired; those in which any scenario has
    no value are left out.

    Parameters
    ----------
    values : mapping of str to array (n_replications,)
        One outcome of each scenario, paired by position.
    is_more_first : bool
        Whether the largest mean comes first (rank 1).
    key : sequence
        Names the ranking, for the resampling.

    Returns
    -------
    dict of str to Rank
        Ties share the mean of their ranks, and the chance of being first. Interval and chance are NaN with
        fewer than two complete replications, all is NaN with none.
    """
    names = list(values)
    table = np.array([values[name] for name in names], dtype=float)
    table = table[:, ~np.isnan(table).any(axis=0)]
    n = table.shape[1]
    if n == 0:
        return {name: Rank(NaN, NaN, NaN, NaN) for name in names}
    sign = -1.0 if is_more_first else 1.0
    observed = _ranked(sign * table.mean(axis=1)[None, :])[0]
    if n == 1:
        return {name: Rank(float(rank), NaN, NaN, NaN) for name, rank in zip(names, observed, strict=True)}
    # How often each replication is drawn, so that a resampled mean is one matrix product.
    draws = keyed_generator("ranks", *key).multinomial(n, np.full(n, 1 / n), size=N_RESAMPLES)
    resampled = _ranked(sign * np.round(draws @ table.T / n, 12))
    low, high = np.quantile(resampled, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0, method="inverted_cdf")
    best = resampled == resampled.min(axis=1, keepdims=True)
    p_first = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return {
        name: Rank(float(observed[i]), float(low[i]), float(high[i]), float(p_first[i])) for i, name in enumerate(names)
    }


def _ranked(scores: np.ndarray) -> np.ndarray:
    """Return the rank of each score in its row, smallest first, ties sharing their mean; (n, k) -> (n, k)."""
    smaller = (scores[:, :, None] > scores[:, None, :]).sum(axis=2)
    equal = (scores[:, :, None] == scores[:, None, :]).sum(axis=2)
    return smaller + (equal + 1) / 2


def sums_by(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the sum of values (n,) in each group, groups in rising order."""
    _, places = np.unique(groups, return_inverse=True)
    return np.bincount(places, weights=values)


def ratio_interval(above: np.ndarray, below: np.ndarray, generator: np.random.Generator) -> tuple[float, float]:
    """Return the 95% interval of a ratio of sums (n,) over (n,): bias-corrected and accelerated bootstrap.

    Its level is raised so that few values do not make it too narrow (Hesterberg 2015, as in `paired_difference`).
    """
    from scipy.special import ndtr, ndtri, stdtrit

    n, value = len(above), float(above.sum() / below.sum())
    draws = generator.multinomial(n, np.full(n, 1.0 / n), size=RATIO_RESAMPLES)
    with np.errstate(divide="ignore", invalid="ignore"):
        resampled = (draws @ above) / (draws @ below)
        left_out = (above.sum() - above) / (below.sum() - below)
    resampled = np.sort(resampled[np.isfinite(resampled)])
    share_below = np.clip(
        (np.searchsorted(resampled, value, "left") + np.searchsorted(resampled, value, "right")) / (2 * len(resampled)),
        1e-3,
        1 - 1e-3,
    )
    bias = float(ndtri(share_below))
    spread = left_out[np.isfinite(left_out)].mean() - left_out[np.isfinite(left_out)]
    squares = float((spread**2).sum())
    acceleration = float((spread**3).sum()) / (6.0 * squares**1.5) if squares > 0.0 else 0.0
    z = math.sqrt(n / (n - 1)) * float(stdtrit(n - 1, (1 + CONFIDENCE) / 2))
    ends = []
    for side in (-z, z):
        shifted = bias + side
        ends.append(float(np.quantile(resampled, float(ndtr(bias + shifted / (1.0 - acceleration * shifted))))))
    return ends[0], ends[1]
