"""What every method gives: indices with intervals, each held against a parameter that does nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal, NamedTuple

Status = Literal["resolved", "not resolved", "luck unknown", ""]

DUMMY = "dummy"
"""Name of the parameter that sets nothing: whatever it seems to do is luck and error of the estimate."""

ALL_FACTORS = "all"
"""Stands for the factor in indices of everything together, such as the sum of first-order indices."""


class Index(NamedTuple):
    """One sensitivity index.

    Attributes
    ----------
    measure : str
        ``S1``, ``ST``, ``interaction`` (ST - S1), ``S1_sum``, ``S2``; ``mu_star``, ``mu``, ``sigma``; ``KS``.
    factor, other : str
        The factor or group (`DUMMY` for the yardstick); `other` is empty but for pairs (``S2``).
    value, low, high : float
        Estimate with its 95% interval; NaN where the method gives none.
    status : str
        ``resolved``: the interval stays above what the dummy reaches. ``not resolved``: it does not. ``luck
        unknown``: above zero, but one replication cannot show what luck does. Empty: not a question here.
    """

    measure: str
    factor: str
    other: str
    value: float
    low: float
    high: float
    status: Status = ""


def judged(index: Index, yardstick: float, knows_luck: bool) -> Index:
    """Return the index with its status.

    Parameters
    ----------
    index : Index
        With an interval.
    yardstick : float
        The upper end of what a parameter without effect reaches; below zero counts as zero.
    knows_luck : bool
        Whether `yardstick` includes what luck does.
    """
    if math.isnan(index.low) or index.low <= max(yardstick, 0.0):
        return index._replace(status="not resolved")
    return index._replace(status="resolved" if knows_luck else "luck unknown")


def find(indices: Iterable[Index], measure: str, factor: str, other: str = "") -> Index:
    """Return one index out of many.

    Raises
    ------
    KeyError
        If it is not there.
    """
    for each in indices:
        if (each.measure, each.factor, each.other) == (measure, factor, other):
            return each
    raise KeyError((measure, factor, other))
