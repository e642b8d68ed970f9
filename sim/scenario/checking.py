"""Check located settings against the registry: every problem with its place and key, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sim.scenario.contradictions import Contradiction, contradictions
from sim.scenario.located import KeyPath, Place, Table, dotted, node_at, place_of, place_of_key, plain
from sim.scenario.problems import Problem
from sim.scenario.schema import Scenario
from sim.scenario.unknown_keys import unknown_key
from sim.scenario.walk import Wrong, wrong_values
from sim.texts.said import said


class Checked(NamedTuple):
    """Outcome of a check.

    Attributes
    ----------
    scenario : Scenario or None
        The scenario, where nothing is wrong.
    problems : list of Problem
        Everything that is wrong.
    """

    scenario: Scenario | None
    problems: list[Problem]


def value_problems(settings: Table) -> list[Problem]:
    """Return what is wrong with single keys and values, contradictions between them left aside."""
    return [_problem(settings, one) for one in wrong_values(plain(settings), takes_files=True)]


def check(settings: Table) -> Checked:
    """Return the scenario that the settings describe, or everything that is wrong with them.

    Contradictions are looked for among the values that are right by themselves, so that they are reported
    together with the wrong ones.
    """
    values = plain(settings)
    found = list(wrong_values(values, takes_files=True))
    if not found:
        scenario = Scenario.of(values)
        against = contradictions(scenario)
        return Checked(None if against else scenario, [_contradiction(settings, one) for one in against])
    problems = [_problem(settings, one) for one in found]
    among = _contradictions_among_the_right(values, [_unit(one.path) for one in found])
    return Checked(None, [*problems, *(_contradiction(settings, one) for one in among)])


def _problem(settings: Table, one: Wrong) -> Problem:
    if one.group is None:
        return place_of(settings, one.path).problem(one.path, one.message)
    place = place_of_key(settings, one.path)
    return place.problem(one.path, unknown_key(one.path, one.group, place.source.has_lines))


def _contradiction(settings: Table, one: Contradiction) -> Problem:
    """Return the problem at the place of its key, naming the files of the other keys where they differ."""
    place = _place_in(settings, one.path)
    elsewhere = [
        said("refusal.elsewhere.one", path=dotted(path), where=_where(other))
        for path in one.involves
        if node_at(settings, path) is not None and (other := place_of(settings, path)).source != place.source
    ]
    message = one.message
    if elsewhere:
        message = said("refusal.elsewhere.all", message=message, places=_one_after_another(elsewhere))
    return place.problem(one.path, message)


def _one_after_another(messages: Sequence[str]) -> str:
    first, *others = messages
    return said("refusal.elsewhere.more", first=first, others=_one_after_another(others)) if others else first


def _place_in(settings: Table, path: KeyPath) -> Place:
    """Return the place of a value; for a key under ``set``, of the key."""
    return place_of_key(settings, path) if path[:1] == ("changes",) and "set" in path else place_of(settings, path)


def _where(place: Place) -> str:
    if place.line is None or not place.source.has_lines:
        return place.source.name
    return f"{place.source.name}:{place.line}:{place.column}"


def _contradictions_among_the_right(values: dict[str, Any], wrong: list[KeyPath]) -> Iterable[Contradiction]:
    """Yield contradictions in which no wrong value takes part."""
    kept = [index for index in range(_n_changes(values)) if ("changes", index) not in {path[:2] for path in wrong}]
    rest = _without(values, wrong)
    if isinstance(values.get("changes"), list):
        rest["changes"] = [values["changes"][index] for index in kept]
    scenario = Scenario.of(rest)
    for one in contradictions(scenario):
        path = one.path
        if path[0] == "changes":
            path = ("changes", kept[int(path[1])], *path[2:])
        if not any(_touch(key, bad) for key in (path, *one.involves) for bad in wrong):
            yield one._replace(path=path)


def _unit(path: KeyPath) -> KeyPath:
    """Return the path of what stands or falls together: a framing in numbers is right or wrong as a whole."""
    return path[:2] if path[:2] == ("launch", "framing") else path


def _n_changes(values: dict[str, Any]) -> int:
    changes = values.get("changes")
    return len(changes) if isinstance(changes, list) else 0


def _touch(one: KeyPath, other: KeyPath) -> bool:
    """Return whether one path leads to the other or lies below it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _without(values: dict[str, Any], wrong: list[KeyPath]) -> dict[str, Any]:
    """Return the values without the wrong ones; a list with a wrong item is left out whole."""
    kept: dict[str, Any] = {}
    for key, value in values.items():
        inside = [path[1:] for path in wrong if path[0] == key]
        if not inside:
            kept[key] = value
        elif isinstance(value, dict) and all(inside):
            kept[key] = _without(value, inside)
    return kept
