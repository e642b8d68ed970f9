"""What counts as holding: estimates over worlds, verdicts, and how often a pattern comes out over the prior.

The interval covers worlds *and* luck: every world has a luck of its own (people, contacts, chance), so that what
differs between worlds is both.

**The verdict** compares the interval with where the claim puts the statistic. Differences within the margin count as
none: a paired design finds differences that no organization could notice, and these support no claim.

* ``more`` (the claim: above zero): *does not hold* if the interval lies within the margin around zero or below zero;
  *holds* if it lies above zero; *cannot tell* otherwise.
* ``at least`` (not below zero): *holds* if the interval lies above minus the margin, *does not hold* if below it.
* ``alike`` (near zero): *holds* if the interval lies within the margin around zero, *does not hold* if outside of it.
* ``differ`` (away from zero): *does not hold* if it lies within the margin, *holds* if it lies on one side of zero.

A pattern with values in fewer than `FEWEST_WORLDS` worlds cannot be told. Nor can one that is *outside the range* of
the model: where what the claim is about is not reached in the mean of all worlds (`Range`).

**Built in.** A claim that comes out in nearly all worlds of the prior, whatever its coefficients, is no finding: the
rules have it in them. `as_claimed` is the share of worlds in which the statistic lies where claimed.
"""

from __future__ import annotations

import csv
import math
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from sim.evidence.scorecard.claims import Parts, Pattern, Range, Shape, Values
from sim.kernel.estimates import mean_ends, paired_share_ends, units_of

VerdictWord = Literal["holds", "does not hold", "cannot tell"]
HOLDS: VerdictWord = "holds"
DOES_NOT_HOLD: VerdictWord = "does not hold"
CANNOT_TELL: VerdictWord = "cannot tell"

FEWEST_WORLDS = 8
BUILT_IN_FROM = 0.9  # of the worlds of the prior
# Values that differ less than this are equal but for rounding.
ROUNDING = 1e-12


class Estimate(NamedTuple):
    """A statistic over worlds."""

    # `value`, `low`, `high`: mean and its 95% interval; NaN where there are too few worlds
    value: float
    low: float
    high: float
    n: int  # worlds with a value
    # `n_above`, `n_below`: worlds in which it is above, or below, zero; in the rest it is zero exactly
    n_above: int
    n_below: int


class Result(NamedTuple):
    """One pattern in one arm."""

    estimate: Estimate
    verdict: VerdictWord
    out_of_range: bool = False  # what the claim is about is not reached
    as_claimed: float = math.nan  # share of worlds in which it lies where claimed


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


def judged(pattern: Pattern, values: Values, alike: np.ndarray | None = None) -> Result:
    """Return how one pattern does in one arm.

    `pattern`: the claim; `values`: what the settings came to in each world.
    """
    parts = pattern.statistic.parts(values)
    found = estimate(parts, alike, pattern.statistic.is_yes_or_no)
    share = share_as_claimed(pattern, parts)
    if pattern.reaches is not None and not _is_reached(pattern.reaches, values):
        return Result(found, CANNOT_TELL, True, share)
    return Result(found, judge(pattern.shape, pattern.margin, found.low, found.high), False, share)


def _is_reached(needed: Range, values: Values) -> bool:
    reached = values[needed.setting][needed.measure]
    given = reached[~np.isnan(reached)]
    return bool(len(given) and given.mean() >= needed.least)


def share_as_claimed(pattern: Pattern, parts: Parts) -> float:
    """Return the share of worlds in which a statistic lies where the claim puts it; NaN in few worlds."""
    counts = ~(np.isnan(parts.above) | np.isnan(parts.below)) & (parts.below > 0.0)
    if counts.sum() < FEWEST_WORLDS:
        return math.nan
    value, margin = parts.above[counts] / parts.below[counts], pattern.margin
    is_claimed = {
        "more": value > 0.0,
        "at least": value >= -margin,
        "alike": np.abs(value) <= margin,
        "differ": np.abs(value) > margin,
    }[pattern.shape]
    return float(is_claimed.mean())


def is_built_in(share: float) -> bool | None:
    """Say whether a pattern that comes out in this share of the worlds of the prior is built in; None if unknown."""
    return None if math.isnan(share) else share > BUILT_IN_FROM


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


def estimate(parts: Parts, alike: np.ndarray | None = None, is_yes_or_no: bool = False) -> Estimate:
    """Return the ratio of sums over worlds with its interval, which is one of those of `sim.kernel.estimates`.

    Parameters
    ----------
    parts : Parts
        The statistic in each world; worlds in which either part is NaN are left out.
    alike : ndarray, optional
        int64 (n_worlds,), the same number for worlds with the same settings: these are one unit with more weight.
    is_yes_or_no : bool
        Whether it is a difference of two outcomes that are yes or no in each world: worlds that agree are then no
        proof that the shares do.
    """
    given = ~(np.isnan(parts.above) | np.isnan(parts.below))
    above, below = parts.above[given], parts.below[given]
    n = len(above)
    counts = n, int((above > 0).sum()), int((above < 0).sum())
    if n < FEWEST_WORLDS or below.sum() == 0.0:
        return Estimate(math.nan, math.nan, math.nan, *counts)
    value = float(above.sum() / below.sum())
    # How far each world moves the ratio; of a plain mean, how far it lies from it. The mean over worlds is zero.
    moves = (above - value * below) / below.mean()
    units = units_of(above if is_yes_or_no else moves, None if alike is None else alike[given])
    if is_yes_or_no and units.n >= FEWEST_WORLDS:
        return Estimate(value, *paired_share_ends(units), *counts)
    if np.ptp(moves) <= ROUNDING:
        return Estimate(value, value, value, *counts)
    if units.n < FEWEST_WORLDS:
        return Estimate(math.nan, math.nan, math.nan, *counts)
    low, high = mean_ends(units)
    return Estimate(value, value + low, value + high, *counts)


# In what share of the worlds of the prior each pattern comes out: what says whether it is built in.
#
# The shares stand in ``data/prior.csv``, made from a scorecard over the prior by ``python
# docs/programs/prior_patterns.py FOLDER``. Where that file is not there, as in this version, no pattern has one, and
# the page says so; a pattern that was added or changed since has none until they are made again.

FILE = Path(__file__).resolve().parent / "data" / "prior.csv"
COLUMNS = ("pattern", "statistic", "as_claimed")


@lru_cache(maxsize=2)
def shares_over_prior(file: Path = FILE) -> dict[tuple[str, str], float]:
    """Return the share of worlds as claimed, by pattern and the text of its statistic; empty without a file."""
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return {
            (row["pattern"], row["statistic"]): float(row["as_claimed"]) if row["as_claimed"] else math.nan
            for row in rows
        }
