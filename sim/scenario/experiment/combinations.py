"""Settings of several factors that cannot hold together: found when a file is read, whatever its design draws.

Only few keys can contradict each other, so a design of a million points has few combinations of these. Ranges are
looked at where they end: contradictions are about sums and limits, which no value between the ends exceeds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.scenario.contradictions import Contradiction
from sim.scenario.experiment.experiment import Experiment
from sim.scenario.experiment.factors import Factor, overlap
from sim.scenario.experiment.keys import CHANGES, ROW_FACTOR
from sim.scenario.experiment.overlay import Laid, Overlay
from sim.scenario.located import KeyPath, Table, dotted, place_of_key
from sim.scenario.problems import Problem
from sim.texts.said import Whole, said

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

_TOGETHER = (
    ("launch.framing", CHANGES, "run.weeks"),
    (
        "launch.waves",
        "organization.employees",
        "organization.departments",
        "organization.workforce",
        "organization.sector",
        "organization.contacts.everyone",
    ),
)
"""Keys that can contradict each other (`sim.scenario.contradictions`), those of one line only among themselves."""

_MOST = 20_000
"""Combinations looked at, a second or so; the points of a larger design are checked when it is run."""

_Chosen = tuple[tuple[Factor, Any, Mapping[str, Any]], ...]  # factors, each with its value and what that sets


class _Combined(NamedTuple):
    """Some factors combined: the base, their values, and what comes of them."""

    base: Scenario
    chosen: _Chosen
    laid: Laid


def impossible_points(experiment: Experiment, table: Table) -> list[Problem]:
    """Return a problem for each combination of values that no run can have, at a factor that takes part."""
    problems: dict[Problem, None] = {}
    for base, chosen, laid in _combined(experiment):
        for wrong in laid.wrong:
            taking_part = _taking_part(chosen, wrong)
            values = ", ".join(f"{factor.name}={value}" for factor, value, _ in taking_part)
            path = _path_of(taking_part[0][0])
            message = said(
                "refusal.with_base",
                label=f"{values}: ",
                path=dotted(wrong.path),
                message=wrong.message,
                name=base.name,
            )
            problems[place_of_key(table, path).problem(path, message)] = None
    return list(problems)


def possible_scenarios(experiment: Experiment) -> Iterator[Scenario]:
    """Yield the bases in every form that factors which can contradict something give them."""
    yield from experiment.bases
    for _, _, laid in _combined(experiment):
        if laid.scenario is not None:
            yield laid.scenario


def unseen_points(experiment: Experiment, table: Table) -> list[Problem]:
    """Return a note where a design has more combinations than are looked at before it is run."""
    n = max((_n_combinations(experiment, factors) for factors in _groups(experiment)), default=0)
    if n <= _MOST:
        return []
    path = ("design" if experiment.design else "method",)
    return [place_of_key(table, path).problem(path, said("acting.unseen_points", n=Whole(n), most=Whole(_MOST)))]


def _groups(experiment: Experiment) -> list[list[Factor]]:
    """Return the factors that can contradict each other or a base."""
    groups = (
        [factor for factor in experiment.factors if any(overlap(key, one) for key in factor.keys for one in keys)]
        for keys in _TOGETHER
    )
    return [group for group in groups if group]


def _combined(experiment: Experiment) -> Iterator[_Combined]:
    for factors in _groups(experiment):
        keys = tuple(dict.fromkeys(key for factor in factors for key in factor.keys))
        for base in experiment.bases:
            overlay = Overlay(base, keys)
            for chosen in islice(_choices(experiment, factors), _MOST):
                settings = {key: value for _, _, given in chosen for key, value in given.items()}
                yield _Combined(base, chosen, overlay.lay(settings))


def _choices(experiment: Experiment, factors: Sequence[Factor]) -> Iterator[_Chosen]:
    """Yield the values of some factors, listed ones combined as the design says, ranges at both ends."""
    listed = [_values(factor) for factor in factors if factor.spread is None]
    ranges = [_values(factor) for factor in factors if factor.spread is not None]
    together = zip(*listed, strict=True) if experiment.design == "zip" and listed else product(*listed)
    for values in together:
        for ends in product(*ranges):
            yield (*values, *ends)


def _values(factor: Factor) -> list[tuple[Factor, Any, Mapping[str, Any]]]:
    if factor.spread is not None:
        return [(factor, end, {factor.name: end}) for end in (factor.spread.low, factor.spread.high)]
    return [(factor, one.label, one.settings) for one in factor.alternatives]


def _n_combinations(experiment: Experiment, factors: Sequence[Factor]) -> int:
    sizes = [len(factor.alternatives) for factor in factors if factor.spread is None]
    n_listed = max(sizes, default=1) if experiment.design == "zip" else math.prod(sizes)
    return n_listed * 2 ** (len(factors) - len(sizes))


def _taking_part(chosen: _Chosen, wrong: Contradiction) -> _Chosen:
    """Return what takes part in a contradiction, or all where that cannot be told."""
    paths = [dotted([part for part in path if isinstance(part, str)]) for path in (wrong.path, *wrong.involves)]
    found = tuple(one for one in chosen if any(overlap(key, path) for key in one[0].keys for path in paths))
    return found or chosen


def _path_of(factor: Factor) -> KeyPath:
    if factor.name == ROW_FACTOR:
        return ("strategies",)
    return ("levers" if factor.is_lever else "uncertainties", factor.name)
