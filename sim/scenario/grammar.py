"""What a scenario may say: what is wrong with its keys and values, and the JSON schema for editors.

One walk over the registry, for files and page, says what is wrong with each by itself; what no single key can tell is
checked in ``contradictions``. It needs nothing but the standard library. In the JSON schema (draft 2020-12) every key
is optional: a file says only what differs from its parent. What no schema can say (three shares that sum to 1, a pilot
department that exists) is left to ``intranet-sim validate``.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sim.scenario.contradictions import FRAMING
from sim.scenario.hints import CHANGE_KEYS, did_you_mean, listed, must_be, number, shown, unknown_key
from sim.scenario.places import KeyPath, dotted
from sim.scenario.registry import (
    CHANGE_DEPARTMENTS,
    CHANGE_WEEK,
    CHANGEABLE,
    PARAMETER_BY_PATH,
    PRESETS,
    PROFILES,
    SECTIONS,
    SHARES,
    TOP_LEVEL,
    Parameter,
    keys_of,
    parameter,
    shares_sum_to_one,
)
from sim.staff.cells import known_columns
from sim.texts import said

NAME_LENGTH = 80
NAME_BYTES = 200  # in UTF-8: file systems allow 255, and what is beside a folder (a lock, a temporary name) adds some
_PORTS = [f"{port}{sign}" for port in ("com", "lpt") for sign in "0123456789¹²³"]
_DEVICES = frozenset(["con", "prn", "aux", "nul", "conin$", "conout$", *_PORTS])
"""Names that Windows keeps for devices, whatever follows a point."""
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')  # some file system refuses each of these


def is_valid_name(name: str) -> bool:
    """Return whether `name` can name a scenario and a folder on any file system.

    Examples
    --------
    >>> is_valid_name("like-facebook"), is_valid_name("../elsewhere"), is_valid_name(""), is_valid_name("con.2024")
    (True, False, False, False)
    """
    return (
        0 < len(name) <= NAME_LENGTH
        and name.isprintable()
        and len(name.encode()) <= NAME_BYTES
        and name.split(".", maxsplit=1)[0].rstrip().lower() not in _DEVICES
        and not _NOT_IN_NAMES & set(name)
        and name == name.strip(" .")
    )


def name_from_file(stem: str) -> str:
    """Return the nearest valid name to the stem of a file."""
    kept = "".join(
        character if character.isprintable() and character not in _NOT_IN_NAMES else "-" for character in stem
    )
    kept = kept[:NAME_LENGTH].encode()[:NAME_BYTES].decode(errors="ignore").strip(" .")
    return kept if is_valid_name(kept) else f"scenario-{kept}"[:NAME_LENGTH].rstrip(" .-")


_WAVES, _PILOT, _WORKFORCE = "launch.waves", "launch.waves.pilot", "organization.workforce"
_STAFF_FILE, _COLUMNS = "organization.staff.file", "organization.staff.columns"
_CONTACTS = "organization.staff.contacts"
_WHAT_IT_IS = tuple(section for section in SECTIONS if section not in ("behavior", "constants", "run"))
_TOP = tuple(dict.fromkeys(("name", "description", *_WHAT_IT_IS, "changes", *keys_of(""))))
_CHANGEABLE = {entry.path: entry for entry in CHANGEABLE}


class Wrong(NamedTuple):
    """A key or value that is wrong by itself.

    Attributes
    ----------
    path : tuple
        Where it stands.
    message : str
        What is wrong and what is allowed; of an unknown key as it is told of an option.
    group : str or None
        Of an unknown key, the dotted path of the group that does not have it, as the registry calls it.
    """

    path: KeyPath
    message: str
    group: str | None = None


def wrong_values(values: Mapping[str, Any], takes_files: bool) -> Iterator[Wrong]:
    """Yield each key and value that is wrong by itself, in the order of the registry, unknown keys after known ones.

    Parameters
    ----------
    values : mapping
        Nested like a scenario file.
    takes_files : bool
        Whether the workforce may be a staff file.
    """
    return _in_group(values, (), takes_files)


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
    if parameter.kind == "date":
        return _is_day(value)
    if parameter.kind in ("choice", "text", "columns"):
        return isinstance(value, str) and value in parameter.choices
    types = (int,) if parameter.kind == "int" else (int, float)
    if isinstance(value, bool) or not isinstance(value, types) or not -math.inf < value < math.inf:
        return False
    return (parameter.low is None or value >= parameter.low) and (parameter.high is None or value <= parameter.high)


def _is_day(value: Any) -> bool:
    try:
        return datetime.date.fromisoformat(value).isoformat() == value
    except (TypeError, ValueError):
        return False


def _in_order(values: Mapping[str, Any], known: Sequence[str]) -> Iterable[str]:
    return [key for key in known if key in values]


def _unknown(values: Iterable[str], known: Iterable[str], path: KeyPath, group: str) -> Iterator[Wrong]:
    for key in values:
        if key not in known:
            yield Wrong((*path, key), unknown_key((*path, key), group), group)


def _in_group(values: Mapping[str, Any], path: tuple[str, ...], takes_files: bool) -> Iterator[Wrong]:
    known = keys_of(dotted(path)) if path else _TOP
    for key in _in_order(values, known):
        here, value = (*path, key), values[key]
        name = dotted(here)
        if name == FRAMING:
            yield from _wrong_framing(value, here)
        elif name == _WAVES:
            yield from _wrong_waves(value, here)
        elif name == "changes":
            yield from _wrong_changes(value)
        elif name in ("name", "description"):
            if not isinstance(value, str):
                yield Wrong(here, said("refusal.text", value=shown(value)))
            elif name == "name" and not is_valid_name(value):
                yield Wrong(here, said("refusal.scenario_name", length=NAME_LENGTH, value=shown(value)))
        elif name == _WORKFORCE and not takes_files:
            if value not in PROFILES:
                hint = did_you_mean(value, PROFILES)
                message = said("refusal.profile", names=", ".join(PROFILES), value=shown(value), hint=hint)
                yield Wrong(here, message)
        elif name == _COLUMNS and takes_files and value is not None:
            yield from _wrong_columns(value, here)
        elif name in PARAMETER_BY_PATH:
            entry = PARAMETER_BY_PATH[name]
            is_file = takes_files and name in (_WORKFORCE, _STAFF_FILE, _CONTACTS) and isinstance(value, str)
            if not (is_file or is_allowed(entry, value)):
                yield Wrong(here, must_be(entry, value))
        elif not isinstance(value, Mapping):
            yield Wrong(here, said("refusal.group", names=listed(keys_of(name)), value=shown(value)))
        else:
            yield from _in_group(value, here, takes_files)
    yield from _unknown(values, known, path, dotted(path))


def _wrong_columns(value: Any, path: KeyPath) -> Iterator[Wrong]:
    """Yield what is wrong with the names of columns of a staff file; in a browser there are no files."""
    from sim.staff.cells import known_columns

    names = known_columns()
    if not isinstance(value, Mapping):
        yield Wrong(path, said("refusal.columns", names=", ".join(names), value=shown(value)))
        return
    for name, header in value.items():
        if name not in names:
            hint = did_you_mean(name, names)
            message = said("refusal.column_name", names=", ".join(names), value=shown(name), hint=hint)
            yield Wrong((*path, name), message)
        elif header is not None and not (isinstance(header, str) and header.strip()):
            yield Wrong((*path, name), said("refusal.column_header", name=name, value=shown(header)))


def _wrong_framing(value: Any, path: KeyPath) -> Iterator[Wrong]:
    if isinstance(value, str) and value in PRESETS:
        return
    names = keys_of(FRAMING)
    if not isinstance(value, Mapping):
        yield Wrong(path, framing_form(value))
        return
    wrong = []
    for key in names:
        entry = PARAMETER_BY_PATH[f"{FRAMING}.{key}"]
        if key in value and not is_allowed(entry, value[key]):
            wrong.append(Wrong((*path, key), must_be(entry, value[key], is_needed=path[0] == "changes")))
        elif key not in value and key in SHARES:
            wrong.append(Wrong((*path, key), said("refusal.missing.framing")))
    wrong += _unknown(value, names, path, FRAMING)
    yield from wrong
    if not wrong and not shares_sum_to_one(*(value[share] for share in SHARES)):
        yield Wrong(path, shares_message(*(value[share] for share in SHARES)))


def framing_form(value: Any) -> str:
    """Return the message for a framing that is neither a preset nor numbers."""
    numbers = ", ".join(f"{name}: ..." for name in keys_of(FRAMING))
    hint = did_you_mean(value, PRESETS)
    return said("refusal.framing", presets=", ".join(PRESETS), numbers=numbers, value=shown(value), hint=hint)


def shares_message(*shares: float) -> str:
    """Return the message for three shares that do not sum to 1."""
    return said("refusal.shares", total=number(round(sum(shares), 6)))


def _wrong_waves(value: Any, path: KeyPath) -> Iterator[Wrong]:
    known = keys_of(_WAVES)
    if isinstance(value, str) and value in PARAMETER_BY_PATH[_WAVES].choices:
        return
    if not isinstance(value, Mapping):
        options = ", ".join(f"{key}: ..." for key in known)
        hint = did_you_mean(value, PARAMETER_BY_PATH[_WAVES].choices)
        yield Wrong(path, said("refusal.waves_form", options=options, value=shown(value), hint=hint))
        return
    for key in _in_order(value, known):
        here, entry = (*path, key), PARAMETER_BY_PATH[f"{_WAVES}.{key}"]
        if key == "pilot":
            yield from _wrong_departments(value[key], here)
        elif not is_allowed(entry, value[key]):
            yield Wrong(here, must_be(entry, value[key]))
    yield from _unknown(value, known, path, _WAVES)


def _wrong_departments(value: Any, path: KeyPath) -> Iterator[Wrong]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        yield Wrong(path, said("refusal.department_list", value=shown(value)))
        return
    for position, department in enumerate(value):
        if not is_department(department):
            yield Wrong((*path, position), said("refusal.department_number", value=shown(department)))


def is_department(value: Any) -> bool:
    """Return whether a value is a department as a number from 0, or as its name in a staff file."""
    if isinstance(value, str):
        return bool(value.strip())
    return isinstance(value, int) and not isinstance(value, bool) and value >= (PARAMETER_BY_PATH[_PILOT].low or 0)


def _wrong_changes(value: Any) -> Iterator[Wrong]:
    if not isinstance(value, list | tuple):
        yield Wrong(("changes",), said("refusal.changes", value=shown(value)))
        return
    for position, change in enumerate(value):
        path = ("changes", position)
        if not isinstance(change, Mapping):
            yield Wrong(path, said("refusal.change", value=shown(change)))
            continue
        for key in CHANGE_KEYS:
            here = (*path, key)
            if key == "departments":
                if change.get(key) is not None:
                    yield from _wrong_departments(change[key], here)
            elif key not in change:
                yield Wrong(here, said("refusal.missing.change"))
            elif key == "set":
                yield from _wrong_set(change[key], here)
            elif change[key] is None or not is_allowed(CHANGE_WEEK, change[key]):
                yield Wrong(here, must_be(CHANGE_WEEK, change[key]))
        yield from _unknown(change, CHANGE_KEYS, path, "changes")


def _wrong_set(value: Any, path: KeyPath) -> Iterator[Wrong]:
    if not isinstance(value, Mapping):
        yield Wrong(path, said("refusal.settings", value=shown(value)))
    elif not value:
        yield Wrong(path, said("refusal.sets_nothing"))
    else:
        for key in _in_order(value, tuple(_CHANGEABLE)):
            here, part = (*path, key), value[key]
            if key == FRAMING:
                yield from _wrong_framing(part, here)
            elif part is None or not is_allowed(_CHANGEABLE[key], part):
                yield Wrong(here, must_be(_CHANGEABLE[key], part, is_needed=True))
        yield from _unknown(value, _CHANGEABLE, path, "changes.set")


DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {
    "float": "number",
    "int": "integer",
    "bool": "boolean",
    "choice": "string",
    "text": "string",
    "date": "string",
}


def scenario_schema() -> dict[str, Any]:
    """Return the schema of a scenario file."""
    sections = {section: _group(section) for section in SECTIONS}
    top_level: dict[str, dict[str, Any]] = {
        "name": {"type": "string", "minLength": 1, "maxLength": NAME_LENGTH},
        "description": {"type": ["string", "null"]},
        "extends": {"type": "string", "minLength": 1},
        "changes": _changes(),
    }
    described = {key: {**schema, "description": TOP_LEVEL[key]} for key, schema in top_level.items()}
    return {
        "$schema": DIALECT,
        "title": "Scenario of intranet-sim",
        "description": "One launch of a social intranet in one organization.",
        "type": "object",
        "properties": {**described, **sections},
        "additionalProperties": False,
    }


def _group(path: str) -> dict[str, Any]:
    """Return the schema of a group of keys; an empty group says nothing."""
    properties = {key: _key(f"{path}.{key}") for key in keys_of(path)}
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": False}


def _key(path: str) -> dict[str, Any]:
    if path == "launch.framing":
        return _framing()
    if path == "launch.waves":
        return _waves()
    return _value(parameter(path)) if path in PARAMETER_BY_PATH else _group(path)


def _value(entry: Parameter) -> dict[str, Any]:
    """Return the schema of one value."""
    if entry.kind == "columns":
        header = {"type": ["string", "null"], "pattern": "\\S"}
        names = dict.fromkeys(known_columns(), header)
        columns = {"type": ["object", "null"], "properties": names, "additionalProperties": False}
        return {**columns, "default": None, "description": _description(entry)}
    schema: dict[str, Any] = {"type": _TYPES[entry.kind]}
    if entry.default is None:
        schema["type"] = [schema["type"], "null"]
    if entry.kind == "date":
        schema["format"] = "date"
    if entry.kind == "choice":
        schema["enum"] = list(entry.choices)
    elif entry.choices:
        schema["examples"] = list(entry.choices)
    if entry.low is not None:
        schema["minimum"] = entry.low
    if entry.high is not None:
        schema["maximum"] = entry.high
    return {**schema, "default": entry.default, "description": _description(entry)}


def _description(entry: Parameter) -> str:
    return f"{entry.meaning} [{entry.unit}] Source: {entry.source}"


def _framing() -> dict[str, Any]:
    entry = parameter("launch.framing")
    return {
        "description": _description(entry),
        "default": entry.default,
        "oneOf": [
            {"type": "string", "enum": list(PRESETS)},
            {
                "type": "object",
                "properties": {key: _value(parameter(f"{entry.path}.{key}")) for key in keys_of(entry.path)},
                "additionalProperties": False,
            },
        ],
    }


def _waves() -> dict[str, Any]:
    entry = parameter("launch.waves")
    pilot = parameter("launch.waves.pilot")
    departments = {**_departments(), "default": list(pilot.default), "description": _description(pilot)}
    properties = {"pilot": departments, "every_weeks": _value(parameter("launch.waves.every_weeks"))}
    return {
        "description": _description(entry),
        "default": entry.default,
        "oneOf": [
            {"type": "string", "enum": list(entry.choices)},
            {"type": "object", "properties": properties, "additionalProperties": False},
        ],
    }


def _departments() -> dict[str, Any]:
    """Return the schema of a list of departments, by number or by name."""
    number = {"type": "integer", "minimum": parameter("launch.waves.pilot").low}
    name = {"type": "string", "pattern": "\\S"}
    return {"type": "array", "items": {"oneOf": [number, name]}, "minItems": 1, "uniqueItems": True}


def _changes() -> dict[str, Any]:
    """Return the schema of the timed changes: the same values, under dotted keys."""
    properties = {entry.path: _changed_value(entry) for entry in CHANGEABLE}
    change = {
        "type": "object",
        "properties": {
            "week": {"type": "integer", "minimum": CHANGE_WEEK.low, "description": _description(CHANGE_WEEK)},
            "departments": {**_departments(), "type": ["array", "null"], "description": CHANGE_DEPARTMENTS},
            "set": {
                "type": "object",
                "properties": properties,
                "additionalProperties": False,
                "minProperties": 1,
            },
        },
        "required": ["week", "set"],
        "additionalProperties": False,
    }
    return {"type": ["array", "null"], "items": change}


def _changed_value(entry: Parameter) -> dict[str, Any]:
    """Return the schema of a new value; nothing holds by default, and a framing in numbers must be whole."""
    schema = _framing() if entry.path == "launch.framing" else _value(entry)
    schema.pop("default")
    if entry.path == "launch.framing":
        schema["oneOf"][1]["required"] = list(SHARES)
    return schema
