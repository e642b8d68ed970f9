"""Settings of scenario keys inside an experiment: flattened and checked one by one, and combined with each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.catalog.registry import GROUPS, PARAMETER_BY_PATH, TOP_LEVEL
from sim.experiments.factors import Experiment, Factor, overlap
from sim.experiments.grammar import OWN_KEYS, ROW_FACTOR, SETTABLE
from sim.experiments.overlay import Laid, Overlay
from sim.scenario.contradictions import Contradiction
from sim.scenario.grammar import CHANGES
from sim.scenario.hints import shown, unknown_setting
from sim.scenario.loading import value_problems
from sim.scenario.places import (
    KeyPath,
    Keys,
    Node,
    Place,
    Problem,
    Scalar,
    Source,
    dotted,
    node_at,
    place_of_key,
    plain,
    prepared,
    with_value,
)
from sim.words import Whole, said

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario


class Setting(NamedTuple):
    """One key of a scenario with its value, as some part of an experiment sets it.

    Attributes
    ----------
    key : str
        Dotted key, such as ``rules.restriction``, or ``changes``.
    node : Node
        The value.
    place : Place
        Where the key is written.
    path : tuple
        Path of keys in the experiment, such as ``("set", "rules.restriction")``.
    """

    key: str
    node: Node
    place: Place
    path: KeyPath

    @property
    def parts(self) -> tuple[str, ...]:
        """The key as a path in a scenario."""
        return tuple(self.key.split("."))

    @property
    def value(self) -> Any:
        """The value as plain Python, whole numbers of a key that takes decimals as floats."""
        return plain_value(self.key, self.node)

    def problem(self, message: str) -> Problem:
        """Return a problem with this key."""
        return self.place.problem(self.path, message)


def plain_value(key: str, node: Node) -> Any:
    """Return a value as plain Python, as the key takes it."""
    value = plain(node)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return float(value) if is_number and key in PARAMETER_BY_PATH and PARAMETER_BY_PATH[key].kind == "float" else value


def read_settings(node: Node, path: KeyPath) -> tuple[list[Setting], list[Problem]]:
    """Return the right settings in a group of dotted (or nested) keys, shallow keys first, and what is wrong.

    Shallow keys come first, so that ``launch.framing.clarity`` changes the preset that ``launch.framing`` names,
    wherever the two stand.
    """
    if isinstance(node, Scalar) and node.value is None:
        return [], []
    if not isinstance(node, Keys):
        found = shown(plain(node))
        return [], [node.place.problem(path, said("refusal.set_form", value=found))]
    settings: list[Setting] = []
    problems: list[Problem] = []
    for given in _flat(node, path):
        right, wrong = checked_setting(given)
        if right is not None:
            settings.append(right)
        problems += wrong
    return sorted(settings, key=lambda setting: len(setting.parts)), problems


def _flat(table: Keys, path: KeyPath, start: str = "") -> Iterator[Setting]:
    """Yield each key with its value; a group of keys may be written dotted or nested."""
    for name, entry in table.entries.items():
        key = start + name.strip()
        inner = (*path, name)
        if key in GROUPS and isinstance(entry.value, Keys):
            yield from _flat(entry.value, inner, f"{key}.")
        elif not (key in GROUPS and isinstance(entry.value, Scalar) and entry.value.value is None):
            yield Setting(key, entry.value, entry.place, inner)


def checked_setting(setting: Setting) -> tuple[Setting | None, list[Problem]]:
    """Return the setting, ready to be laid over a scenario, and what is wrong with its key or value.

    The value is looked at by itself; what it contradicts depends on the rest of the scenario.
    """
    if setting.key in OWN_KEYS:
        message = said("refusal.set_own", key=OWN_KEYS[setting.key])
        return None, [setting.problem(message)]
    if setting.key in TOP_LEVEL and setting.key != CHANGES:
        return None, [setting.problem(said("refusal.file_only"))]
    if setting.key not in SETTABLE:
        return None, [setting.problem(unknown_setting(setting.key))]
    alone = prepared(with_value(Keys(Place(Source(".", Path()))), setting.parts, setting.node))
    problems = [
        problem._replace(path=dotted(setting.path) + problem.path.removeprefix(setting.key))
        for problem in value_problems(alone)
        if problem.path.startswith(setting.key)  # the shares of a framing are added up where all of them are known
    ]
    ready = node_at(alone, setting.parts) or setting.node
    return (None if problems else setting._replace(node=ready)), problems


def laid(settings: Iterable[Setting]) -> list[Setting]:
    """Return the settings that count, of some that are laid one over the other in this order."""
    kept: dict[str, Setting] = {}
    for setting in settings:
        kept = {key: below for key, below in kept.items() if not f"{key}.".startswith(f"{setting.key}.")}
        kept[setting.key] = setting
    return list(kept.values())


def as_values(settings: Sequence[Setting]) -> dict[str, Any]:
    """Return dotted keys and plain values."""
    return {setting.key: setting.value for setting in settings}


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


def impossible_points(experiment: Experiment, table: Keys) -> list[Problem]:
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


def unseen_points(experiment: Experiment, table: Keys) -> list[Problem]:
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
