"""Limits in natural units: round numbers, so that the box as said is the box as counted."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.study.discovery.boxes import Aim, Box, count
from sim.study.discovery.space import Factor, Space

ROUNDING_ROOM = 0.01
"""How far a limit may move to a rounder number: this share of the range of its factor."""

MOST_SCORE_LOST = 0.005
"""What the box may lose by it."""


class Limit(NamedTuple):
    """What a box allows of one factor.

    Attributes
    ----------
    factor : Factor
        The factor.
    low, high : number or None
        Both ends allowed; None where that side is free. Both None for named alternatives and switches.
    names : tuple
        The alternatives (or the switch position) that are allowed; empty for ordered factors.
    """

    factor: Factor
    low: float | None
    high: float | None
    names: tuple[Any, ...]


def _middle(factor: Factor, below: float, above: float) -> float:
    return math.sqrt(below * above) if factor.is_log else (below + above) / 2


def roundest(low: float, high: float, middle: float) -> float:
    """Return the number with the fewest decimals strictly between two others, nearest to `middle`.

    Examples
    --------
    >>> roundest(0.4312, 0.4688, 0.45), roundest(1180.0, 1260.0, 1220.0)
    (0.45, 1200.0)
    """
    start = -math.floor(math.log10(max(abs(low), abs(high)))) - 1
    for decimals in range(start, start + 17):
        rounded = round(middle, decimals) + 0.0
        if low < rounded < high:
            return rounded
    return middle


def _room(factor: Factor, below: float, above: float) -> tuple[float, float]:
    """Return between which numbers a limit that stands between two levels may move."""
    middle = _middle(factor, below, above)
    first, last = factor.levels[0], factor.levels[-1]
    if factor.is_log:
        step = (last / first) ** ROUNDING_ROOM
        return min(below, middle / step), max(above, middle * step)
    step = ROUNDING_ROOM * (last - first)
    return min(below, middle - step), max(above, middle + step)


def _end(factor: Factor, levels: np.ndarray, is_low: bool, has_room: bool) -> float | None:
    """Return the round limit at one end of a range, or None where that end is free.

    Without room it stays between the two levels that it parts, so that nothing changes sides.
    """
    place = int(np.flatnonzero(levels)[0 if is_low else -1])
    if place == (0 if is_low else len(levels) - 1):
        return None
    if factor.is_stepped:
        return factor.levels[place]
    below, above = (factor.levels[k] for k in ((place - 1, place) if is_low else (place, place + 1)))
    low, high = _room(factor, below, above) if has_room else (below, above)
    limit = roundest(max(low, factor.levels[0]), min(high, factor.levels[-1]), _middle(factor, below, above))
    if factor.kind == "whole":
        return math.ceil(limit) if is_low else math.floor(limit)
    return limit


def _between(factor: Factor, low: float | None, high: float | None) -> np.ndarray:
    values = np.array(factor.levels, dtype=float)
    return (values >= (-math.inf if low is None else low)) & (values <= (math.inf if high is None else high))


def rounded(space: Space, holds: np.ndarray, box: Box, aim: Aim) -> tuple[Box, dict[int, tuple[Any, Any]]]:
    """Move the limits of a box to round numbers where that costs (almost) nothing.

    Returns
    -------
    box : Box
        What lies within the limits as said.
    ends : dict of int to (low, high)
        The limits of each ordered factor, None where free.
    """
    ends: dict[int, tuple[Any, Any]] = {}
    for index in [index for index in box.allowed if space.factors[index].is_ordered]:
        factor, exact = space.factors[index], box.allowed[index]
        score = aim.score(count(box.contains(space.codes), holds))
        for has_room in (True, False):
            low, high = (_end(factor, exact, is_low, has_room) for is_low in (True, False))
            other = box.limited(index, _between(factor, low, high))
            if (
                index in other.allowed
                and score - aim.score(count(other.contains(space.codes), holds)) <= MOST_SCORE_LOST
            ):
                break
        box, ends[index] = other, (low, high)
    return box, ends


def limits_of(space: Space, box: Box, ends: dict[int, tuple[Any, Any]]) -> dict[int, Limit]:
    """Return what a box allows of each factor that it limits, in natural units."""
    found = {}
    for index, levels in box.allowed.items():
        factor = space.factors[index]
        names = () if factor.is_ordered else tuple(factor.levels[k] for k in np.flatnonzero(levels))
        low, high = ends.get(index, (None, None))
        found[index] = Limit(factor, low, high, names)
    return found
