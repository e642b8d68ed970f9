"""Groups of scenario keys inside an experiment (``set``, an alternative, a row), flattened and checked one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.scenario.checking import value_problems
from sim.scenario.experiment.keys import CHANGES, OWN_KEYS, SETTABLE
from sim.scenario.located import KeyPath, Node, Place, Scalar, Source, Table, dotted, node_at, plain
from sim.scenario.merging import prepared, with_value
from sim.scenario.parameters import PARAMETER_BY_PATH
from sim.scenario.problems import Problem
from sim.scenario.structure import GROUPS, TOP_LEVEL
from sim.scenario.unknown_keys import unknown_setting
from sim.scenario.wording import shown
from sim.texts.said import said


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
    if not isinstance(node, Table):
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


def _flat(table: Table, path: KeyPath, start: str = "") -> Iterator[Setting]:
    """Yield each key with its value; a group of keys may be written dotted or nested."""
    for name, entry in table.entries.items():
        key = start + name.strip()
        inner = (*path, name)
        if key in GROUPS and isinstance(entry.value, Table):
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
    alone = prepared(with_value(Table(Place(Source(".", Path()))), setting.parts, setting.node))
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
