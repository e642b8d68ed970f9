"""Limits in natural units: round numbers, so that the box as said is the box as counted."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.scenario.outcome_table import OUTCOME_NAMES, TIMES
from sim.scenario.wording import did_you_mean, shown
from sim.study.discovery.search import Aim, Box, count
from sim.study.discovery.space import Factor, Space
from sim.texts.said import said

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
        score = aim.score(count(box.contains(space.codes), holds, space.weights))
        for has_room in (True, False):
            low, high = (_end(factor, exact, is_low, has_room) for is_low in (True, False))
            other = box.limited(index, _between(factor, low, high))
            if (
                index in other.allowed
                and score - aim.score(count(other.contains(space.codes), holds, space.weights)) <= MOST_SCORE_LOST
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


# The condition that cases meet: an outcome, a comparison and a number, as a person types it.


OPERATORS = ("<=", ">=", "<", ">")
EXAMPLE = said("refusal.when.example")
_FORM = re.compile(r"\s*(?P<outcome>[^\s<>=!]*)\s*(?P<operator>[<>=!]*)\s*(?P<bound>.*?)\s*")
_NUMBER = re.compile(r"[-+−]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?%?")


class Condition(NamedTuple):
    """An outcome compared with a number; shares are of 1 (10% is 0.1)."""

    outcome: str
    operator: str
    bound: float

    def __str__(self) -> str:
        return f"{self.outcome} {self.operator} {self.bound:g}"

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Return where the condition holds, bool of the shape of `values`; a missing value (NaN) never does.

        Whoever asks keeps missing values apart: they are no evidence that it does not hold.
        """
        with np.errstate(invalid="ignore"):
            match self.operator:
                case "<":
                    return values < self.bound
                case "<=":
                    return values <= self.bound
                case ">":
                    return values > self.bound
                case _:
                    return values >= self.bound


def parse_condition(text: str, outcomes: Sequence[str] = OUTCOME_NAMES, n_weeks: int | None = None) -> Condition:
    """Read a condition such as ``monthly_posters < 0.1`` or ``monthly_posters >= 10%``.

    Parameters
    ----------
    text : str
        What the person typed.
    outcomes : sequence of str
        Names that may stand on the left.
    n_weeks : int, optional
        Weeks of the runs: in which week after these a time is reached is not known, so none may be compared with one.

    Raises
    ------
    InputError
        Pointing at the place that is wrong.

    Examples
    --------
    >>> parse_condition("monthly_posters<10%")
    Condition(outcome='monthly_posters', operator='<', bound=0.1)
    """
    found = _FORM.fullmatch(text.replace("\n", " "))
    if found is None or not found["outcome"]:
        raise _wrong(text, 0, len(text), said("refusal.when.begin", example=EXAMPLE))
    if found["operator"] not in OPERATORS:
        place = found.span("operator")
        given = said("refusal.when.not", value=shown(found["operator"])) if found["operator"] else ""
        names = ", ".join(OPERATORS)
        raise _wrong(text, *place, said("refusal.when.operator", names=names, given=given, example=EXAMPLE))
    if not _NUMBER.fullmatch(found["bound"]):
        hint = _about_number(found["bound"])
        raise _wrong(text, *found.span("bound"), said("refusal.when.number", example=EXAMPLE, hint=hint))
    if found["outcome"] not in outcomes:
        raise _wrong(text, *found.span("outcome"), _unknown(found["outcome"], outcomes))
    number = float(found["bound"].rstrip("%").replace("−", "-"))
    bound = round(number / 100, 15) if found["bound"].endswith("%") else number
    if not math.isfinite(bound):
        raise _wrong(text, *found.span("bound"), said("refusal.when.large"))
    if n_weeks is not None and found["outcome"] in TIMES and bound > n_weeks:
        raise _wrong(text, *found.span("bound"), said("refusal.when.weeks", n=n_weeks))
    return Condition(found["outcome"], found["operator"], bound)


def _wrong(text: str, start: int, end: int, message: str) -> InputError:
    """Return an error with the text and a mark under what is wrong in it."""
    line = text.replace("\n", " ").replace("\t", " ")
    mark = " " * start + "^" * max(end - start, 1)
    return InputError([said("refusal.when.read"), f"  {line}", said("refusal.when.mark", mark=mark, message=message)])


def _about_number(given: str) -> str:
    if re.fullmatch(r"[-+]?\d+,\d+%?", given):
        return said("refusal.when.point", value=given.replace(",", "."))
    if re.search(r"\b(and|or)\b|&|\|", given):
        return said("refusal.when.one")
    return ""


def _unknown(name: str, outcomes: Sequence[str]) -> str:
    if name in OUTCOME_NAMES:
        return said("refusal.when.not_kept", name=name, names=", ".join(outcomes))
    hint = did_you_mean(name, outcomes) or did_you_mean(name, OUTCOME_NAMES)
    return said("refusal.when.no_outcome", value=shown(name), hint=hint or said("refusal.when.list"))
