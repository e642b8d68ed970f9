"""The JSON schema (draft 2020-12) of scenario files, made from the registry, for editors.

Every key is optional: a file says only what differs from its parent. What no schema can say (three shares
that sum to 1, a pilot department that exists) is left to ``intranet-sim validate``.
"""

from __future__ import annotations

from typing import Any

from sim.scenario.framing import PRESETS, SHARES
from sim.scenario.parameters import PARAMETER_BY_PATH, SECTIONS, parameter
from sim.scenario.registry import Parameter
from sim.scenario.structure import CHANGE_DEPARTMENTS, CHANGE_WEEK, CHANGEABLE, NAME_LENGTH, TOP_LEVEL, keys_of
from sim.staff.names import known_columns

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
