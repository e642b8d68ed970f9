"""Check located settings against the schema: every problem with its place and key, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from sim.scenario.contradictions import Contradiction, contradictions
from sim.scenario.located import KeyPath, Place, Table, dotted, node_at, place_of, place_of_key, plain
from sim.scenario.parameters import PARAMETER_BY_PATH
from sim.scenario.problems import Problem
from sim.scenario.schema import FIELDS_ONLY, Scenario, own_words
from sim.scenario.structure import CHANGE_WEEK, GROUPS, keys_of
from sim.scenario.unknown_keys import listed, unknown_key
from sim.scenario.wording import did_you_mean, must_be, shown
from sim.texts.said import said

_OWN_WORDS = frozenset({"framing", "framing_sum", "name", "nothing_set"})


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
    return [_problem(settings, error) for error in _errors(plain(settings))]


def check(settings: Table) -> Checked:
    """Return the scenario that the settings describe, or everything that is wrong with them.

    Contradictions are looked for among the values that are right by themselves, so that they are reported
    together with the wrong ones.
    """
    values = plain(settings)
    errors = _errors(values)
    if not errors:
        scenario = Scenario.model_validate(values, context=FIELDS_ONLY)
        found = contradictions(scenario)
        if not found:
            return Checked(scenario, [])
        return Checked(None, [_contradiction(settings, one) for one in found])
    problems = [_problem(settings, error) for error in errors]
    wrong = [_unit(_key_path(error["loc"])) for error in errors]
    for one in _contradictions_among_the_right(values, wrong):
        problems.append(_contradiction(settings, one))
    return Checked(None, problems)


def _errors(values: dict[str, Any]) -> list[Any]:
    try:
        Scenario.model_validate(values, context=FIELDS_ONLY)
    except ValidationError as error:
        return list(error.errors(include_url=False))
    return []


def _key_path(location: tuple[int | str, ...]) -> KeyPath:
    """Return the path of keys; below ``launch.waves`` pydantic also names the form that the value has."""
    return location[:2] + location[3:] if location[:2] == ("launch", "waves") else location


def _problem(settings: Table, error: Any) -> Problem:
    path = _key_path(error["loc"])
    if error["type"] == "extra_forbidden":
        place = place_of_key(settings, path)
        return place.problem(path, unknown_key(path, _registered_path(path[:-1]), place.source.has_lines))
    if error["type"] == "missing":
        return place_of(settings, path).problem(path, _missing_key(path))
    return place_of(settings, path).problem(path, _wrong_value(path, error))


def _registered_path(path: KeyPath) -> str:
    """Return the path in the registry: a key under ``changes`` stands for the key it changes."""
    if path[:1] == ("changes",) and len(path) > 3:
        return dotted(path[3:])
    return dotted([part for part in path if isinstance(part, str)])


def _wrong_value(path: KeyPath, error: Any) -> str:
    value = error["input"]
    registered = _registered_path(path)
    if error["type"] in _OWN_WORDS:
        return own_words(error)
    if registered == CHANGE_WEEK.path:
        return must_be(CHANGE_WEEK, value)
    if registered == "launch.framing":
        return said("refusal.framing_form", value=shown(value))
    if registered == "launch.waves":
        options = ", ".join(f"{key}: ..." for key in keys_of("launch.waves"))
        return said(
            "refusal.waves_form", options=options, value=shown(value), hint=did_you_mean(value, ["all_at_once"])
        )
    if registered == "launch.waves.pilot":
        return _wrong_pilot(path, value)
    if path[:1] == ("changes",) and path[2:3] == ("departments",):
        return _wrong_pilot(path, value)
    if registered in PARAMETER_BY_PATH:
        return must_be(PARAMETER_BY_PATH[registered], value, is_needed=path[:1] == ("changes",))
    return said("refusal.must_be", allowed=_form_of(path), value=shown(value))


def _wrong_pilot(path: KeyPath, value: Any) -> str:
    if isinstance(path[-1], int):
        return said("refusal.department_number", value=shown(value))
    return said("refusal.department_list", value=shown(value))


def _form_of(path: KeyPath) -> str:
    """Return what a group, list or text outside the registry has to look like."""
    if path == ("changes",):
        return said("refusal.form.changes")
    if path[:1] == ("changes",):
        return said("refusal.form.change") if len(path) == 2 else said("refusal.form.settings")
    if dotted(path) in GROUPS:
        return said("refusal.form.group", names=listed(keys_of(dotted(path))))
    return said("refusal.allowed.text")


def _missing_key(path: KeyPath) -> str:
    if _registered_path(path).startswith("launch.framing."):
        return said("refusal.missing.framing")
    return said("refusal.missing.change")


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
    scenario = Scenario.model_validate(rest, context=FIELDS_ONLY)
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
