"""How sure one can be: intervals over replications, paired differences.

All intervals cover 95% and are about luck: which people work there, whom they know, what happens to them by
chance. What the model does not know about the world is not in them. Scipy is imported only where a number
needs it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.catalog.outcomes import TIMES, reason
from sim.kernel.estimates import (
    CONFIDENCE,
    ROUNDING,
    Units,
    majority,
    mean_ends,
    paired_share_ends,
    quantiles,
    share_ends,
    t_quantile,
    units_of,
    wilson,
)
from sim.kernel.streams import keyed_generator

if TYPE_CHECKING:
    import pandas as pd

    from sim.runs.plan import Plan


POWER = 0.8
MOST_REPLICATIONS = 1_000_000
FEWEST_PAIRS = 5
"""With fewer pairs (or worlds) nothing is said to differ or to be alike, whatever the interval: with 4, chance alone
gives all of them one sign once in 8 times."""

__all__ = [
    "CONFIDENCE", "MeanInterval", "PairedDifference", "keyed_generator", "mean_interval", "paired_difference",
    "replications_needed", "wilson",
]  # fmt: skip

NaN = math.nan
FEWEST_FOR_ENDS = 10
ALL_MISSING, ONE_RUN, ONE_PAIR, NO_PAIR, FEW_EQUAL, NEVER_REACHED = map(
    reason, ("all_missing", "one_run", "one_pair", "no_pair", "few_equal", "never_reached")
)


class Spread(NamedTuple):
    """How a difference, or a value, differs from one plausible world to another."""

    # `p5`, `median`, `p95`: the values below which these shares of the worlds, by weight, lie; few have no ends
    p5: float
    median: float
    p95: float
    # `share_a_greater`, `share_b_greater`: share of worlds, by weight, above zero and below it
    share_a_greater: float = NaN
    share_b_greater: float = NaN
    majority: int = 0  # on which side of zero surely most worlds lie, see `estimates.majority`
    effective: float = NaN  # as many worlds of equal weight say as much about a share


class MeanInterval(NamedTuple):
    """Mean over the units (runs or worlds) that have a value, with its 95% interval.

    Attributes
    ----------
    mean, low, high : float
        Mean and its interval; NaN where `reason` says why. Of times, a run that has not got there counts as the
        week after its end, so that the mean is "at least" that.
    n : int
        Units that have a value.
    reason : str
        Why a number is missing.
    n_not_reached : int
        Runs in which a time was not reached within the run.
    spread : Spread or None
        Over plausible worlds, how these differ.
    """

    mean: float
    low: float
    high: float
    n: int
    reason: str
    n_not_reached: int = 0
    spread: Spread | None = None


class PairedDifference(NamedTuple):
    """Difference a - b over pairs with one seed, or over plausible worlds (the units).

    Attributes
    ----------
    mean, low, high : float
        Mean difference and its 95% interval; NaN where `reason` says why.
    p_a_greater : float
        Share of units in which a is greater, ties counted half.
    n, n_a_greater, n_b_greater : int
        Units in which both have a value (a world that was drawn several times counts once); those in which a, or
        b, is greater.
    method : str
        ``t`` (numbers: Student's, corrected for skewness), ``score`` (yes or no: Tango's), ``exact`` (the same runs,
        or all of at least 5 differences equal) or empty (no interval).
    replications_needed : float
        Replications that would settle a difference of this size; NaN if none would or it cannot be known.
    reason : str
        Why there is no interval; empty if there is one.
    n_not_reached : int
        Pairs in which a time was not reached within the run by one or both.
    spread : Spread or None
        Over plausible worlds, how these differ.
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
    n_not_reached: int = 0
    spread: Spread | None = None

    @property
    def is_same_run(self) -> bool:
        """Whether there is no difference at all, and enough to say so."""
        return self.method == "exact" and self.n == self.n_ties

    @property
    def is_undecided(self) -> bool:
        """Whether it is a time that neither reached within the run, in any pair."""
        return self.reason == NEVER_REACHED

    @property
    def is_enough(self) -> bool:
        """Whether there is an interval, over units enough for something to rest on it."""
        return self.method == "exact" or (self.n >= FEWEST_PAIRS and not math.isnan(self.low + self.high))

    @property
    def is_sure(self) -> bool:
        """Whether one of the two is surely ahead: an interval without zero, over units enough.

        Over worlds, surely most of these must say so too: a few in which it is far ahead decide nothing.
        """
        is_by_most = self.spread is None or self.spread.majority * self.mean > 0
        return self.is_enough and not self.low <= 0.0 <= self.high and is_by_most

    @property
    def shares(self) -> tuple[float, float]:
        """The share of units in which a is greater, and that in which b is; NaN without units."""
        if self.spread is not None:
            return self.spread.share_a_greater, self.spread.share_b_greater
        return (self.n_a_greater / self.n, self.n_b_greater / self.n) if self.n else (NaN, NaN)

    @property
    def n_ties(self) -> int:
        """Pairs in which both have the very same value."""
        return self.n - self.n_a_greater - self.n_b_greater


def mean_of_given(values: np.ndarray, axis: int, keepdims: bool = False) -> np.ndarray:
    """Return means along an axis over the values that are given; NaN where none is."""
    given = ~np.isnan(values)
    n = given.sum(axis=axis, keepdims=keepdims)
    return np.asarray(np.where(given, values, 0.0).sum(axis=axis, keepdims=keepdims) / np.where(n, n, np.nan))


def nine_in_ten(units: Units) -> Spread:
    """Return the middle of some units, and the ends between which nine in ten of them lie.

    Fewer than `FEWEST_FOR_ENDS` have no such ends (NaN): each is a larger part of them than the one in ten left out.
    """
    p5, median, p95 = quantiles(units, 0.05, 0.5, 0.95)
    if units.n < FEWEST_FOR_ENDS:
        p5 = p95 = NaN
    return Spread(p5, median, p95, effective=1.0 / float((units.shares**2).sum()))


def mean_interval(
    values: Sequence[float] | np.ndarray,
    low: float = -math.inf,
    high: float = math.inf,
    is_yes_or_no: bool = False,
    alike: np.ndarray | None = None,
    later: float = math.inf,
    weights: np.ndarray | None = None,
) -> MeanInterval:
    """Return the mean of `values` over replications (or worlds) with its 95% interval.

    Parameters
    ----------
    values : sequence of float, shape (n_runs,) or (n_worlds, n_replications)
        One value a run; NaN where a run has none. Rows are the units.
    low, high : float
        Possible values of the outcome; the interval is cut off there.
    is_yes_or_no : bool
        True for an outcome that is 0 or 1 in each run: Wilson's interval for a share, which stays honest when
        all runs agree. Otherwise that of `estimates.mean_ends`.
    alike : ndarray, optional
        The same number for rows that are one unit, see `estimates.units_of`.
    later : float
        The value that stands for a time not reached within the run (see `times.counted`).
    weights : ndarray, optional
        Of rows that are plausible worlds, see `estimates.units_of`.
    """
    given = np.asarray(values, dtype=float)
    units = units_of(given, alike, weights)
    if weights is not None:
        given = given[weights > 0]
    n_not_reached = int((given >= later).sum())
    if units.n == 0:
        return MeanInterval(NaN, NaN, NaN, 0, ALL_MISSING)
    mean = units.mean
    spread = None if weights is None and alike is None else nine_in_ten(units)
    found = MeanInterval(mean, NaN, NaN, units.n, "", n_not_reached, spread)
    if n_not_reached and n_not_reached == units.n_runs:
        return found._replace(reason=NEVER_REACHED)
    if is_yes_or_no:
        ends = share_ends(units)
        return found._replace(low=ends[0], high=ends[1])
    if units.n == 1:
        return found._replace(reason=ONE_RUN)
    if _are_equal(units.values, given) and units.n < FEWEST_PAIRS:
        return found._replace(reason=FEW_EQUAL)
    ends = mean_ends(units)
    return found._replace(low=max(low, ends[0]), high=min(high, ends[1]))


def paired_difference(
    a: Sequence[float] | np.ndarray,
    b: Sequence[float] | np.ndarray,
    largest: float = math.inf,
    is_yes_or_no: bool = False,
    alike: np.ndarray | None = None,
    later: float = math.inf,
    is_same_run: bool = False,
    weights: np.ndarray | None = None,
) -> PairedDifference:
    """Compare two scenarios run by run: position i of `a` and `b` had the same seed.

    Parameters
    ----------
    a, b : sequence of float, shape (n_replications,) or (n_worlds, n_replications)
        One outcome; pairs in which either is NaN are left out. Rows are the units, and `n` says how many remain.
    largest : float
        Largest difference that the outcome allows; the interval is cut off there.
    is_yes_or_no : bool
        True for an outcome that is 0 or 1 in each run: Tango's score interval. Otherwise that of
        `estimates.mean_ends`.
    alike : ndarray, optional
        The same number for rows that are one unit, such as those of one plausible world that was drawn several
        times, see `estimates.units_of`.
    later : float
        The value that stands for a time not reached within the run (see `times.counted`). Where both have not
        reached it, the pair is undecided and counts as a tie.
    is_same_run : bool
        Whether all outcomes of all pairs are the same: the two are then one and the same scenario, which no
        interval need say.
    weights : ndarray, optional
        Of rows that are plausible worlds, see `estimates.units_of`.
    """
    values = np.array([a, b], dtype=float)
    values = np.where(np.isnan(values).any(axis=0), NaN, values)
    units = units_of(values[0] - values[1], alike, weights)
    if weights is not None:
        values = values[:, weights > 0]
    n, mean = units.n, units.mean
    if n == 0:
        return PairedDifference(NaN, NaN, NaN, NaN, 0, 0, 0, "", NaN, NO_PAIR)
    is_equal = _are_equal(units.values, values)
    difference = np.where(np.abs(units.values) <= ROUNDING * np.nanmax(np.abs(values)), 0.0, units.values)
    n_a, n_b = int((difference > 0).sum()), int((difference < 0).sum())
    n_not_reached = int((values >= later).any(axis=0).sum())
    up, down = (float(units.shares[sign * difference > 0].sum()) for sign in (1, -1))
    spread = None
    if weights is not None or alike is not None:
        exact = units._replace(values=difference)
        spread = nine_in_ten(exact)._replace(share_a_greater=up, share_b_greater=down, majority=majority(exact))
    found = PairedDifference(
        mean, NaN, NaN, up + (1.0 - up - down) / 2 if spread else (n_a + (n - n_a - n_b) / 2) / n, n, n_a, n_b, "", NaN,
        "", n_not_reached, spread,
    )  # fmt: skip
    if is_same_run:
        return found._replace(mean=0.0, low=0.0, high=0.0, method="exact")
    if (values >= later).sum() == 2 * units.n_runs:
        return found._replace(reason=NEVER_REACHED)
    if n == 1 and not is_yes_or_no:
        return found._replace(reason=ONE_PAIR)
    if is_yes_or_no:
        low, high = paired_share_ends(units)
        return found._replace(low=low, high=high, method="score", replications_needed=_share_needed(units))
    if is_equal:
        if n < FEWEST_PAIRS:
            return found._replace(reason=FEW_EQUAL)
        return found._replace(low=mean, high=mean, method="exact")
    low, high = mean_ends(units)
    needed = replications_needed(mean, float(np.sqrt((units.effects**2).sum() * units.effective)))
    return found._replace(low=max(low, -largest), high=min(high, largest), method="t", replications_needed=needed)


def _are_equal(values: np.ndarray, of: np.ndarray) -> bool:
    """Say whether values are equal but for the rounding of sums and differences of the numbers `of`."""
    return bool(np.ptp(values) <= ROUNDING * np.nanmax(np.abs(of)))


def _share_needed(units: Units) -> float:
    """Return the pairs that would settle a difference of two shares, with half a pair more of each kind.

    Agresti and Min 2005 (Statistics in Medicine 24): a few pairs that agree would otherwise settle anything.
    """
    up, down = (units.n * float(units.weights @ np.maximum(sign * units.values, 0.0)) for sign in (1.0, -1.0))
    mean = (up - down) / (units.n + 2)
    return replications_needed(mean, math.sqrt((up + down + 1) / (units.n + 2) - mean**2))


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
        At least `FEWEST_PAIRS`; NaN for a difference of 0, infinite above `MOST_REPLICATIONS`.
    """
    if mean == 0 or math.isnan(mean) or math.isnan(deviation):
        return NaN
    if deviation == 0:
        return float(FEWEST_PAIRS)
    effect = abs(mean) / deviation
    low, high = FEWEST_PAIRS - 1, FEWEST_PAIRS
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

    return 1 - float(nctdtr(n - 1, effect * math.sqrt(n), t_quantile(n)))


# Times that are not reached within the run: later than the run, not missing.
#
# In ``runs.parquet`` such a time is NaN, and ``reasons.parquet`` says that it was not reached, as a week that has not
# come has no number. Whatever is worked out from the runs counts it as the week after the last one: it comes after
# every week within the run, two of them are a tie (which is later cannot be known), and a mean that holds some is *at
# least* that. A run that failed or was not done has no row, and stays missing.


WEEKS = "run.weeks"


def fewest_weeks(lengths: Iterable[Any]) -> int:
    """Return the weeks that all runs have: where lengths differ, what comes later is later than the run for all."""
    return min(int(length) for length in lengths)


def weeks_of(plan: Plan) -> int:
    """Return the weeks that every run of a plan has."""
    lengths: list[Any] = []
    for place, arm in enumerate(plan.arms):
        varied = () if plan.points is None else plan.points.leaves[place].get(WEEKS, ())
        lengths += varied or [arm.resolved["run"]["weeks"]]
    return fewest_weeks(lengths)


def weeks_of_study(scenarios: Sequence[Mapping[str, Any]], points: pd.DataFrame | None = None) -> int:
    """Return the weeks that every run of a results folder has, from the scenarios of its manifest and its points."""
    if points is not None and WEEKS in points.columns:
        return fewest_weeks(points[WEEKS])
    return fewest_weeks(scenario["resolved"]["run"]["weeks"] for scenario in scenarios)


def later(outcome: str, n_weeks: int) -> float:
    """Return the value that stands for a time not reached in `n_weeks` weeks; infinite for what is no time."""
    return n_weeks + 1.0 if outcome in TIMES else math.inf


def counted(outcome: str, column: np.ndarray, n_weeks: int) -> np.ndarray:
    """Return the values of an outcome in finished runs, with times that were not reached as `later`."""
    values = np.asarray(column, dtype=float)
    if outcome not in TIMES:
        return values
    return np.minimum(np.where(np.isnan(values), math.inf, values), later(outcome, n_weeks))


def has_times(runs: pd.DataFrame) -> bool:
    """Say whether a table of runs has a column of times."""
    return any(name in TIMES for name in runs.columns)


def with_times(runs: pd.DataFrame, n_weeks: int) -> pd.DataFrame:
    """Return a table of finished runs with times that were not reached as `later`."""
    times = [name for name in runs.columns if name in TIMES]
    return runs.assign(**{name: counted(name, runs[name].to_numpy(), n_weeks) for name in times})
