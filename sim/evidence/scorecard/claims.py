"""What is claimed: statistics, claims as patterns (in ``data/claims.json``), and the arms they are judged in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from sim.catalog.outcomes import YES_OR_NO

# Setting -> measure -> its value in each world, float64 (worlds,), paired by position; NaN where there is none.
Values = Mapping[str, Mapping[str, np.ndarray]]
Unit = Literal["points", "correlation", "percent", "people"]


class Parts(NamedTuple):
    """A statistic as the ratio of two sums over worlds; the lower one is 1 in each world where it is a plain mean."""

    above: np.ndarray  # float64 (worlds,)
    below: np.ndarray  # float64 (worlds,)


@dataclass(frozen=True)
class Statistic:
    """A formula, what it is called, and what it needs."""

    text: str  # the formula in words
    # ``points`` (a share, read in percentage points), ``correlation``, ``percent`` (a ratio less one) or ``people``
    unit: Unit
    # `settings`, `measures`: what has to be run, and what of it is looked at
    settings: tuple[str, ...]
    measures: tuple[str, ...]
    parts: Callable[[Values], Parts]  # returns the parts from the values of an arm
    is_yes_or_no: bool = False  # whether it is the difference of two outcomes that are yes or no in each world


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

    `measure`, `other_measure`: what the first and the other difference are about; `first`, `other`: settings of each
    difference, the latter subtracted from the former; `unit`: unit of both.
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

    `measure`: a share [0-1]; `setting`: where it is looked at; `tenth`: which tenth, counted from 0: 1 is from 10% to
    20%.
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


# The form of a pattern: a claim, the statistic that speaks to it, and where that would have to lie.

Shape = Literal["more", "at least", "alike", "differ"]
Group = Literal["articles", "literature", "two sides", "development"]
BuiltIn = Literal["no", "partly", "direction"]


@dataclass(frozen=True)
class Range:
    """What the model has to reach for a claim to be about anything that happens in it.

    Where the mean over worlds of a measure stays below that, the claim is *outside the range*: it can neither hold nor
    fail, whatever the statistic is.
    """

    # `measure`, `setting`: what is looked at, and in which setting
    measure: str
    setting: str
    least: float  # what it has to reach
    # `because`, `because_nl`: why, as a clause
    because: str
    because_nl: str


@dataclass(frozen=True)
class Pattern:
    """One claim, ready to be judged."""

    id: str  # row of the source, with a word where a row claims several things: ``0.1-readers``
    # ``articles`` (the five source articles), ``literature`` (published orderings), ``two sides`` (claims of the theory
    # that a mechanism cuts both ways), ``development`` (findings that structures are chosen by)
    group: Group
    source: str  # where the claim comes from
    # `claim`, `claim_nl`: what is claimed, in our own words, in English and Dutch
    claim: str
    claim_nl: str
    statistic: Statistic  # what is computed in each world
    # what the claim predicts of the statistic: ``more`` (above zero), ``at least`` (not below zero), ``alike`` (near
    # zero), ``differ`` (away from zero, on either side)
    shape: Shape
    margin: float  # what counts as no difference, in the unit of the statistic
    settings_because: str  # why these settings stand for the claim
    # ``direction``: a rule of the model has the direction in it, so that only the size for a whole organization is
    # tested; ``partly``: mechanisms on both sides, or a long way from rule to outcome; ``no``: no rule mentions it
    built_in: BuiltIn
    if_it_fails: str = ""  # the best explanation we have, shown where the full model does not show the pattern
    # whether the statistic is measured on the frames themselves, so that an arm without frames says nothing
    is_about_frames: bool = False
    # what the claim was measured by in earlier versions, what that gave, and why it is measured otherwise now
    before: str = ""
    reaches: Range | None = None  # what has to be reached for the claim to be about anything that happens in the model


# All patterns, and the rows of the sources that are none, each with the reason; read from ``data/claims.json``.
#
# Rows of the articles are those of ``docs/sources.md``. Of published orderings ``tests/known_answers`` has limiting
# cases of the same engine. Findings of the group ``development`` are those that the structure of the rules is chosen
# by: claims, settings and limits stood there before any run. The first version of the model met none of them whole,
# and what it gave stands with each. They may choose between structures; no coefficient is set by hand to meet one.


def read_data(name: str) -> dict[str, Any]:
    """Return what a file of ``data`` says."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "data" / name).read_text(encoding="utf-8"))
    return found


_TOLD = read_data("claims.json")


def _margin(given: str | float) -> float:
    """Return what counts as no difference: a number, or the name of one that several claims share."""
    return float(_TOLD["margins"][given]["value"] if isinstance(given, str) else given)


def _pattern(given: Mapping[str, Any]) -> Pattern:
    told = {
        **given,
        "source": given["source"].format_map(_TOLD["sources"]),
        "statistic": statistic_from(given["statistic"]),
        "margin": _margin(given["margin"]),
        "reaches": Range(**given["reaches"]) if "reaches" in given else None,
    }
    return Pattern(**told)


PATTERNS: tuple[Pattern, ...] = tuple(map(_pattern, _TOLD["claims"]))
PATTERN_BY_ID: dict[str, Pattern] = {pattern.id: pattern for pattern in PATTERNS}

NOT_SCORED: dict[str, str] = _TOLD["not_scored"]
"""Row -> why it is not scored."""


def settings_needed(patterns: tuple[Pattern, ...] = PATTERNS) -> tuple[str, ...]:
    """Return the names of all settings that some patterns compare, each once."""
    names = (name for pattern in patterns for name in pattern.statistic.settings)
    reached = (pattern.reaches.setting for pattern in patterns if pattern.reaches)
    return tuple(dict.fromkeys([*names, *reached]))


def measures_needed(patterns: tuple[Pattern, ...] = PATTERNS) -> tuple[str, ...]:
    """Return the names of all measures that some patterns look at, each once."""
    names = (name for pattern in patterns for name in pattern.statistic.measures)
    reached = (pattern.reaches.measure for pattern in patterns if pattern.reaches)
    return tuple(dict.fromkeys([*names, *reached]))


# The four arms: the full model, and what each other arm sets to 0 to silence one mechanism.
#
# Every switch is a coefficient of the registry whose weight at 0 leaves no trace; ``tests/scorecard`` shows for each
# arm that the mechanism is silent. What an arm switches off counts in every setting and every world, also where a
# setting names that coefficient itself.


class Switch(NamedTuple):
    """One arm, as files and ``--json`` name it; its title is a text (``scorecard.arm.``)."""

    name: str
    off: tuple[str, ...]  # coefficients set to 0
    because: str  # why these and no others


SWITCHES: tuple[Switch, ...] = tuple(
    Switch(each["name"], tuple(each["off"]), each["because"]) for each in read_data("settings.json")["arms"]
)
SWITCH_BY_NAME: dict[str, Switch] = {switch.name: switch for switch in SWITCHES}
FULL, FRAMES_OFF, PEERS_OFF, EXPERIENCE_OFF = SWITCHES
