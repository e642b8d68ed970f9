"""From the worlds of one arm to a value, an interval and a verdict.

The interval covers worlds *and* luck: every world has a luck of its own (people, contacts, chance), so resampling
worlds resamples both.

**The verdict** compares the interval with where the claim puts the statistic. Differences within the margin count as
none: a paired design finds differences that no organization could notice, and these support no claim.

* ``more`` (the claim: above zero): *does not hold* if the interval lies within the margin around zero or below zero;
  *holds* if it lies above zero; *cannot tell* otherwise.
* ``at least`` (not below zero): *holds* if the interval lies above minus the margin, *does not hold* if below it.
* ``alike`` (near zero): *holds* if the interval lies within the margin around zero, *does not hold* if outside of it.
* ``differ`` (away from zero): *does not hold* if it lies within the margin, *holds* if it lies on one side of zero.

A pattern with values in fewer than `FEWEST_WORLDS` worlds cannot be told.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np

from sim.study.scorecard.claims import Pattern, Shape
from sim.study.scorecard.statistic import Parts, Values
from sim.study.statistics import CONFIDENCE, keyed_generator

VerdictWord = Literal["holds", "does not hold", "cannot tell"]
HOLDS: VerdictWord = "holds"
DOES_NOT_HOLD: VerdictWord = "does not hold"
CANNOT_TELL: VerdictWord = "cannot tell"

N_RESAMPLES = 4000
FEWEST_WORLDS = 8
# Values that differ less than this are equal but for rounding.
ROUNDING = 1e-12


class Estimate(NamedTuple):
    """A statistic over worlds.

    Attributes
    ----------
    value, low, high : float
        Mean and its 95% interval; NaN where there are too few worlds.
    n : int
        Worlds with a value.
    n_above, n_below : int
        Worlds in which it is above, or below, zero; in the rest it is zero exactly.
    """

    value: float
    low: float
    high: float
    n: int
    n_above: int
    n_below: int


class Result(NamedTuple):
    """One pattern in one arm."""

    estimate: Estimate
    verdict: VerdictWord


def judge(shape: Shape, margin: float, low: float, high: float) -> VerdictWord:
    """Return what an interval says about a claim; the rules are at the top of this module."""
    if math.isnan(low) or math.isnan(high):
        return CANNOT_TELL
    is_small = -margin <= low and high <= margin
    if shape == "at least":
        return HOLDS if low >= -margin else DOES_NOT_HOLD if high < -margin else CANNOT_TELL
    if shape == "alike":
        return HOLDS if is_small else DOES_NOT_HOLD if low > margin or high < -margin else CANNOT_TELL
    if is_small:
        return DOES_NOT_HOLD
    if shape == "differ":
        return HOLDS if low > 0.0 or high < 0.0 else CANNOT_TELL
    return HOLDS if low > 0.0 else DOES_NOT_HOLD if high < 0.0 else CANNOT_TELL


def judged(pattern: Pattern, values: Values) -> Result:
    """Return how one pattern does in one arm."""
    found = estimate(pattern.statistic.parts(values), pattern.id)
    return Result(found, judge(pattern.shape, pattern.margin, found.low, found.high))


def supports_frames(pattern: Pattern, full: Result, frames_off: Result) -> bool | None:
    """Say whether a pattern speaks for the theory of frames; None where one cannot tell.

    It does if the full model shows it and the model without frames does not. A pattern that shows without frames too,
    or not even with them, is no support. Where it goes the same way without frames, only too little to matter, one
    cannot tell. Measured on the frames themselves it says nothing: without frames there is nothing to measure.
    """
    if pattern.is_about_frames:
        return None
    if full.verdict == DOES_NOT_HOLD or (full.verdict == HOLDS and frames_off.verdict == HOLDS):
        return False
    if full.verdict == HOLDS and frames_off.verdict == DOES_NOT_HOLD and not _goes_the_same_way(pattern, frames_off):
        return True
    return None


def _goes_the_same_way(pattern: Pattern, result: Result) -> bool:
    """Say whether a result lies on the side that the claim predicts, however small it is."""
    found = result.estimate
    return found.low > 0.0 if pattern.shape == "more" else pattern.shape == "differ" and found.low * found.high > 0.0


def estimate(parts: Parts, key: str) -> Estimate:
    """Return the ratio of sums over worlds with its interval (bias-corrected and accelerated bootstrap).

    Parameters
    ----------
    parts : Parts
        The statistic in each world; worlds in which either part is NaN are left out.
    key : str
        Names the resampling. Arms of one pattern share it.
    """
    given = ~(np.isnan(parts.above) | np.isnan(parts.below))
    above, below = parts.above[given], parts.below[given]
    n = len(above)
    counts = n, int((above > 0).sum()), int((above < 0).sum())
    if n < FEWEST_WORLDS or below.sum() == 0.0:
        return Estimate(math.nan, math.nan, math.nan, *counts)
    value = float(above.sum() / below.sum())
    if np.ptp(above - value * below) <= ROUNDING:
        return Estimate(value, value, value, *counts)
    return Estimate(value, *_interval(above, below, value, keyed_generator("scorecard", key)), *counts)


def _interval(
    above: np.ndarray, below: np.ndarray, value: float, generator: np.random.Generator
) -> tuple[float, float]:
    """Return the BCa interval, its level raised so that few worlds do not make it too narrow (Hesterberg 2015)."""
    from scipy.special import ndtr, ndtri, stdtrit

    n = len(above)
    draws = generator.multinomial(n, np.full(n, 1.0 / n), size=N_RESAMPLES)
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
