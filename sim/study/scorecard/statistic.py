"""What a pattern computes in each world: small formulas over the outcomes of the settings that it compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from sim.scenario.outcome_table import YES_OR_NO

# Setting -> measure -> its value in each world, float64 (worlds,), paired by position; NaN where there is none.
Values = Mapping[str, Mapping[str, np.ndarray]]
Unit = Literal["points", "correlation", "percent", "people"]


class Parts(NamedTuple):
    """A statistic as the ratio of two sums over worlds; the lower one is 1 in each world where it is a plain mean."""

    above: np.ndarray  # float64 (worlds,)
    below: np.ndarray  # float64 (worlds,)


@dataclass(frozen=True)
class Statistic:
    """A formula, what it is called, and what it needs.

    Attributes
    ----------
    text : str
        The formula in words.
    unit : str
        ``points`` (a share, read in percentage points), ``correlation``, ``percent`` (a ratio less one) or ``people``.
    settings, measures : tuple of str
        What has to be run, and what of it is looked at.
    parts : callable
        Returns the parts from the values of an arm.
    is_yes_or_no : bool
        Whether it is the difference of two outcomes that are yes or no in each world.
    """

    text: str
    unit: Unit
    settings: tuple[str, ...]
    measures: tuple[str, ...]
    parts: Callable[[Values], Parts]
    is_yes_or_no: bool = False


def _plain(values: np.ndarray) -> Parts:
    return Parts(values, np.ones(len(values)))


def level(
    measure: str, setting: str, text: str, *, sign: float = 1.0, bar: float = 0.0, unit: Unit = "points"
) -> Statistic:
    """Return how far a measure of one setting lies above `bar`; below it with `sign` -1."""
    return Statistic(text, unit, (setting,), (measure,), lambda values: _plain(sign * (values[setting][measure] - bar)))


def difference(measure: str, more: str, less: str, *, unit: Unit = "points") -> Statistic:
    """Return the measure under `more` minus that under `less`."""
    return Statistic(
        f"`{measure}`: {more} minus {less}",
        unit,
        (more, less),
        (measure,),
        lambda values: _plain(values[more][measure] - values[less][measure]),
        measure in YES_OR_NO,
    )


def excess(measure: str, over: str, setting: str, *, unit: Unit = "points") -> Statistic:
    """Return how far one measure of a setting exceeds another one of the same run."""
    return Statistic(
        f"`{measure}` minus `{over}`: {setting}",
        unit,
        (setting,),
        (measure, over),
        lambda values: _plain(values[setting][measure] - values[setting][over]),
    )


def gains_compared(
    measure: str, first: tuple[str, str], other_measure: str, other: tuple[str, str], *, unit: Unit = "points"
) -> Statistic:
    """Return one difference minus another: does a change do more here than there?

    Parameters
    ----------
    measure, other_measure : str
        What the first and the other difference are about.
    first, other : tuple of str
        Settings of each difference, the latter subtracted from the former.
    unit : str
        Unit of both.
    """

    def parts(values: Values) -> Parts:
        gain = values[first[0]][measure] - values[first[1]][measure]
        other_gain = values[other[0]][other_measure] - values[other[1]][other_measure]
        return _plain(gain - other_gain)

    text = f"(`{measure}`: {first[0]} minus {first[1]}) minus (`{other_measure}`: {other[0]} minus {other[1]})"
    return Statistic(text, unit, tuple(dict.fromkeys([*first, *other])), (measure, other_measure), parts)


def above_the_better(measure: str, mixture: str, alone: tuple[str, str]) -> Statistic:
    """Return the measure under `mixture` minus the larger of those under either of `alone`."""

    def parts(values: Values) -> Parts:
        better = np.maximum(values[alone[0]][measure], values[alone[1]][measure])
        return _plain(values[mixture][measure] - better)

    text = f"`{measure}`: {mixture} minus the better of {alone[0]} and {alone[1]}"
    return Statistic(text, "points", (mixture, *alone), (measure,), parts)


def ratio(measure: str, above: str, below: str, *, bar: float = 0.0) -> Statistic:
    """Return the mean under `above` as a ratio of that under `below`, less one, and less `bar`."""

    def parts(values: Values) -> Parts:
        return Parts(values[above][measure] - (1.0 + bar) * values[below][measure], values[below][measure])

    text = f"`{measure}`: {above} over {below}, less {_less(bar)}"
    return Statistic(text, "percent", (above, below), (measure,), parts)


def _less(bar: float) -> str:
    return f"{1.0 + bar:g}" if bar else "one"


def ratio_of_measures(later: str, earlier: str, setting: str, *, bar: float = 0.0) -> Statistic:
    """Return the mean of one measure of a setting as a ratio of that of another, less one, and less `bar`."""

    def parts(values: Values) -> Parts:
        found = values[setting]
        return Parts(found[later] - (1.0 + bar) * found[earlier], found[earlier])

    text = f"`{later}` over `{earlier}`, less {_less(bar)}: {setting}"
    return Statistic(text, "percent", (setting,), (later, earlier), parts)


def gain_faded(earlier: str, later: str, more: str, less: str) -> Statistic:
    """Return the gain of `more` over `less` in an earlier measure minus that in a later one, per unit without it."""

    def parts(values: Values) -> Parts:
        gain = values[more][earlier] - values[less][earlier]
        return Parts(gain - (values[more][later] - values[less][later]), values[less][earlier])

    text = f"`{earlier}` minus `{later}`: gain by {more} over {less}, as a part of `{earlier}` without"
    return Statistic(text, "percent", (more, less), (earlier, later), parts)


def where(measure: str, value: float, setting: str, inner: Statistic, condition: str) -> Statistic:
    """Return `inner` in those worlds only in which a measure of `setting` has one value."""

    def parts(values: Values) -> Parts:
        above, below = inner.parts(values)
        chosen = values[setting][measure] == value
        return Parts(np.where(chosen, above, np.nan), below)

    settings = tuple(dict.fromkeys([*inner.settings, setting]))
    measures = tuple(dict.fromkeys([*inner.measures, measure]))
    return Statistic(f"{inner.text}, {condition}", inner.unit, settings, measures, parts)


def change_within(later: str, earlier: str, setting: str, share: float, text: str) -> Statistic:
    """Return `share` of the earlier measure minus the later one: above zero if less than that share is left."""
    return Statistic(
        text,
        "points",
        (setting,),
        (later, earlier),
        lambda values: _plain(share * values[setting][earlier] - values[setting][later]),
    )


def outweighs(more: str, less: str, setting: str, times: float) -> Statistic:
    """Return one measure of a setting minus `times` the size of another, whose sign is that of its mean over worlds."""

    def parts(values: Values) -> Parts:
        other = values[setting][less]
        return _plain(values[setting][more] - times * _sign(other) * other)

    text = f"`{more}` minus {times:g} times the size of `{less}`: {setting}"
    return Statistic(text, "percent", (setting,), (more, less), parts)


def evens_out(first: str, last: str, setting: str) -> Statistic:
    """Return the size of one measure of a setting minus that of another; signs are those of their means over worlds."""

    def parts(values: Values) -> Parts:
        before, after = values[setting][first], values[setting][last]
        return _plain(_sign(before) * before - _sign(after) * after)

    text = f"size of `{first}` minus size of `{last}`: {setting}"
    return Statistic(text, "percent", (setting,), (first, last), parts)


def _sign(values: np.ndarray) -> float:
    given = values[~np.isnan(values)]
    return -1.0 if len(given) and given.mean() < 0.0 else 1.0


def most_common(measure: str, setting: str, tenth: int) -> Statistic:
    """Return the share of worlds whose measure lies in one tenth minus that in the most common other tenth.

    Parameters
    ----------
    measure : str
        A share [0-1].
    setting : str
        Where it is looked at.
    tenth : int
        Which tenth, counted from 0: 1 is from 10% to 20%.
    """

    def parts(values: Values) -> Parts:
        found = values[setting][measure]
        given = ~np.isnan(found)
        tenths = np.clip(np.where(given, found, 0.0) * 10.0, 0.0, 9.0).astype(int)
        counts = np.bincount(tenths[given], minlength=10)
        counts[tenth] = -1
        rival = int(counts.argmax())
        return _plain(np.where(given, (tenths == tenth).astype(float) - (tenths == rival), np.nan))

    text = f"share of organizations with `{measure}` from {10 * tenth}% to {10 * tenth + 10}%, minus that of the most "
    return Statistic(f"{text}common other tenth: {setting}", "points", (setting,), (measure,), parts)


FORMULAS: dict[str, Callable[..., Statistic]] = {
    formula.__name__: formula
    for formula in (
        level, difference, excess, gains_compared, above_the_better, ratio, ratio_of_measures, gain_faded, where,
        change_within, outweighs, evens_out, most_common,
    )
}  # fmt: skip
"""The formulas that a claim may name, each with its arguments."""


def statistic_from(given: Mapping[str, Any]) -> Statistic:
    """Return the statistic that a claim names: ``of``, the formula, and its arguments, which may be a statistic."""
    arguments = {name: statistic_from(value) if isinstance(value, dict) else value for name, value in given.items()}
    formula: Any = arguments.pop("of")
    return FORMULAS[formula](**arguments)
