"""Resolve a scenario with the standard library alone: a shipped one by its name, with overrides.

The same result as ``load_scenario(name, overrides).resolved()``, without pydantic and ruamel.yaml: for the page, whose
engine may run in a browser. It refuses what that refuses, and two things more: staff files, since whoever asks may not
be who owns the files, and empty groups, which only a file can have by accident.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from sim.scenario.contradictions import FRAMING, contradictions
from sim.scenario.entries import PROFILES
from sim.scenario.framing import PRESETS, SHARES, shares_sum_to_one
from sim.scenario.located import KeyPath, Place, Source, Table, dotted, plain
from sim.scenario.merging import with_value
from sim.scenario.parameters import PARAMETER_BY_PATH
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.python_values import located
from sim.scenario.registry import Parameter
from sim.scenario.shipped import plain_names, plain_values
from sim.scenario.structure import CHANGE_WEEK, CHANGEABLE, NAME_LENGTH, is_valid_name, keys_of
from sim.scenario.unknown_keys import CHANGE_KEYS, unknown_key
from sim.scenario.wording import did_you_mean, must_be, number, shown
from sim.texts.said import said

_PLACE = Place(Source("overrides", Path(), has_lines=False))
_PLAIN_TEXTS = ("name", "description")
_PILOT = "launch.waves.pilot"
_CHANGEABLE = {entry.path: entry for entry in CHANGEABLE}


def resolve(name: str | None, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return a shipped scenario with overrides laid over it, all values filled in.

    Parameters
    ----------
    name : str or None
        Name of a shipped scenario; None for one in which everything has its default.
    overrides : mapping
        Values by dotted key, such as ``{"rules.restriction": 0.5}``; later ones are laid over earlier ones.

    Returns
    -------
    dict
        In the form of ``Scenario.resolved()``.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or a key or value is wrong; it lists every problem.
    """
    if name is not None and name not in plain_names():
        message = said("refusal.no_shipped", hint=did_you_mean(name, plain_names()))
        raise ScenarioError([Problem(shown(name), None, None, "", message)])
    settings, problems = _laid_over(plain_values(name), overrides)
    values: dict[str, Any] = plain(settings)
    problems += [_PLACE.problem(path, message) for path, message in _wrong_values(values)]
    if not problems:
        values = _completed(values)
        view = cast(Any, _view(values))
        problems = [_PLACE.problem(one.path, one.message) for one in contradictions(view)]
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    values["changes"] = sorted(values["changes"], key=lambda change: change["week"])
    return values


def _laid_over(values: dict[str, Any], overrides: Mapping[str, Any]) -> tuple[Table, list[Problem]]:
    settings, problems = located(values, _PLACE)
    assert isinstance(settings, Table)
    for key, value in overrides.items():
        path = tuple(part.strip() for part in str(key).split("."))
        node, wrong = located(value, _PLACE)
        if not all(path):
            wrong = [_PLACE.problem((), said("refusal.no_key_example"))]
        elif path[0] == "extends":
            wrong = [_PLACE.problem(path, said("refusal.file_only"))]
        problems += wrong
        if not wrong:
            settings = with_value(settings, path, node)
    return settings, problems


# --- what is wrong ----------------------------------------------------------------------------------------------------

Wrong = Iterator[tuple[KeyPath, str]]


def _wrong_values(values: Mapping[str, Any], path: tuple[str, ...] = ()) -> Wrong:
    """Yield path and message of each key and value that is wrong by itself."""
    for key, value in values.items():
        here = (*path, key)
        name = dotted(here)
        if key not in keys_of(dotted(path)):
            yield here, unknown_key(here, dotted(path))
        elif name == FRAMING:
            yield from _wrong_framing(value, here)
        elif name == "launch.waves":
            yield from _wrong_waves(value, here)
        elif name == "changes":
            yield from _wrong_changes(value)
        elif name in _PLAIN_TEXTS:
            if not isinstance(value, str):
                yield here, said("refusal.text", value=shown(value))
            elif name == "name" and not is_valid_name(value):
                yield here, said("refusal.scenario_name", length=NAME_LENGTH, value=shown(value))
        elif name == "organization.workforce":
            if value not in PROFILES:
                hint = did_you_mean(value, PROFILES)
                yield here, said("refusal.profile", names=", ".join(PROFILES), value=shown(value), hint=hint)
        elif name in PARAMETER_BY_PATH:
            if not is_allowed(PARAMETER_BY_PATH[name], value):
                yield here, must_be(PARAMETER_BY_PATH[name], value)
        elif not isinstance(value, Mapping):
            yield here, said("refusal.group", names=", ".join(keys_of(name)), value=shown(value))
        else:
            yield from _wrong_values(value, here)


def is_allowed(parameter: Parameter, value: Any) -> bool:
    """Return whether a parameter may have a value; types are strict, but a whole number will do for a number.

    Examples
    --------
    >>> restriction = PARAMETER_BY_PATH["rules.restriction"]
    >>> [is_allowed(restriction, value) for value in (0.5, 1, 2, True, "0.5", float("nan"))]
    [True, True, False, False, False, False]
    """
    if value is None:
        return parameter.default is None
    if parameter.kind == "bool":
        return isinstance(value, bool)
    if parameter.kind in ("choice", "text"):
        return isinstance(value, str) and value in parameter.choices
    types = (int,) if parameter.kind == "int" else (int, float)
    if isinstance(value, bool) or not isinstance(value, types) or not -math.inf < value < math.inf:
        return False
    return (parameter.low is None or value >= parameter.low) and (parameter.high is None or value <= parameter.high)


def _wrong_framing(value: Any, path: KeyPath) -> Wrong:
    if isinstance(value, str) and value in PRESETS:
        return
    names = keys_of(FRAMING)
    if not isinstance(value, Mapping):
        numbers = ", ".join(f"{name}: ..." for name in names)
        presets = ", ".join(PRESETS)
        yield (
            path,
            said(
                "refusal.framing",
                presets=presets,
                numbers=numbers,
                value=shown(value),
                hint=did_you_mean(value, PRESETS),
            ),
        )
        return
    wrong = [((*path, key), unknown_key((*path, key), FRAMING)) for key in value if key not in names]
    for key in names:
        entry = PARAMETER_BY_PATH[f"{FRAMING}.{key}"]
        if key in value and not is_allowed(entry, value[key]):
            wrong.append(((*path, key), must_be(entry, value[key])))
        elif key not in value and key in SHARES:
            message = said("refusal.missing.framing")
            wrong.append(((*path, key), message))
    yield from wrong
    if not wrong and not shares_sum_to_one(*(value[share] for share in SHARES)):
        total = number(round(sum(value[share] for share in SHARES), 6))
        yield path, said("refusal.shares", total=total)


def _wrong_waves(value: Any, path: KeyPath) -> Wrong:
    if value == "all_at_once":
        return
    if not isinstance(value, Mapping):
        options = ", ".join(f"{key}: ..." for key in keys_of("launch.waves"))
        hint = did_you_mean(value, ["all_at_once"])
        yield path, said("refusal.waves_form", options=options, value=shown(value), hint=hint)
        return
    for key, part in value.items():
        here, entry = (*path, key), PARAMETER_BY_PATH.get(f"launch.waves.{key}")
        if entry is None:
            yield here, unknown_key(here, "launch.waves")
        elif key == "pilot":
            yield from _wrong_pilot(part, here, entry)
        elif not is_allowed(entry, part):
            yield here, must_be(entry, part)


def _wrong_pilot(value: Any, path: KeyPath, entry: Parameter) -> Wrong:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        yield path, said("refusal.department_list", value=shown(value))
        return
    for position, department in enumerate(value):
        if isinstance(department, str) and department.strip():
            continue  # a name: what is wrong with it shows beside the workforce
        if not isinstance(department, int) or isinstance(department, bool) or department < (entry.low or 0):
            yield (*path, position), said("refusal.department_number", value=shown(department))


def _wrong_changes(value: Any) -> Wrong:
    if not isinstance(value, list):
        yield ("changes",), said("refusal.changes", value=shown(value))
        return
    for position, change in enumerate(value):
        path = ("changes", position)
        if not isinstance(change, Mapping):
            yield path, said("refusal.change", value=shown(change))
            continue
        yield from (((*path, key), unknown_key((*path, key), "")) for key in change if key not in CHANGE_KEYS)
        for key in ("week", "set"):
            if key not in change:
                yield (*path, key), said("refusal.missing.change")
        if "week" in change and (change["week"] is None or not is_allowed(CHANGE_WEEK, change["week"])):
            yield (*path, "week"), must_be(CHANGE_WEEK, change["week"])
        if change.get("departments") is not None:
            yield from _wrong_pilot(change["departments"], (*path, "departments"), PARAMETER_BY_PATH[_PILOT])
        if "set" in change:
            yield from _wrong_set(change["set"], (*path, "set"))


def _wrong_set(value: Any, path: KeyPath) -> Wrong:
    if not isinstance(value, Mapping):
        yield path, said("refusal.settings", value=shown(value))
    elif not value:
        yield path, said("refusal.sets_nothing")
    else:
        for key, part in value.items():
            here = (*path, key)
            if key not in _CHANGEABLE:
                yield here, unknown_key(here, "")
            elif key == FRAMING:
                yield from _wrong_framing(part, here)
            elif part is None or not is_allowed(_CHANGEABLE[key], part):
                yield here, must_be(_CHANGEABLE[key], part, is_needed=True)


# --- what is right, filled in ---------------------------------------------------------------------------------------


def _completed(values: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return right values in their types, with the numbers of a framing and of waves filled in."""
    completed: dict[str, Any] = {}
    for key, value in values.items():
        name = dotted((*path, key))
        if name == "changes":
            completed[key] = [_completed_change(one) for one in value]
        elif isinstance(value, Mapping) and name not in (FRAMING, "launch.waves"):
            completed[key] = _completed(value, (*path, key))
        else:
            completed[key] = _completed_value(name, value)
    return completed


def _completed_change(change: Mapping[str, Any]) -> dict[str, Any]:
    named = change.get("departments")
    some = {} if named is None else {"departments": list(named)}
    return {"week": change["week"], **some, "set": _completed_set(change["set"])}


def _completed_set(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _changed_value(key, value) for key, value in values.items()}


def _changed_value(path: str, value: Any) -> Any:
    """Return a right value of a change: of a framing in numbers those that are given, the others stay in force."""
    completed = _completed_value(path, value)
    return {key: completed[key] for key in value} if isinstance(value, Mapping) else completed


def _completed_value(path: str, value: Any) -> Any:
    if path == FRAMING:
        given = PRESETS[value]._asdict() if isinstance(value, str) else value
        return {key: float(given.get(key, PARAMETER_BY_PATH[f"{FRAMING}.{key}"].default)) for key in keys_of(FRAMING)}
    if path == "launch.waves" and isinstance(value, Mapping):
        default = {key: PARAMETER_BY_PATH[f"{path}.{key}"].default for key in keys_of(path)}
        return {key: list(part) if key == "pilot" else part for key, part in {**default, **value}.items()}
    if path in PARAMETER_BY_PATH and PARAMETER_BY_PATH[path].kind == "float" and value is not None:
        return float(value)
    return value


def _view(values: Mapping[str, Any]) -> SimpleNamespace:
    """Return the values with the attributes by which contradictions are looked for."""

    def attributes(part: Any) -> Any:
        return SimpleNamespace(**{key: attributes(inner) for key, inner in part.items()}) if _is_group(part) else part

    view = attributes({key: part for key, part in values.items() if key != "changes"})
    framing = values["launch"]["framing"]
    view.launch.framing = SimpleNamespace(model_dump=lambda: dict(framing))
    view.changes = [_change_view(change) for change in values["changes"]]
    return cast(SimpleNamespace, view)


def _change_view(change: Mapping[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(
        week=change["week"],
        departments=change.get("departments"),
        set=SimpleNamespace(as_dict=lambda: change["set"]),
    )


def _is_group(value: Any) -> bool:
    return isinstance(value, Mapping)
