"""The JSON schema (draft 2020-12) of experiment files, made from the registry, for editors.

What no schema can say (which keys a design needs, lists of one length, keys that two factors set) is left to
``intranet-sim validate``.
"""

from __future__ import annotations

from typing import Any

from sim.scenario.experiment.keys import (
    CHANGES,
    DESIGNS,
    DISTRIBUTIONS,
    KEEP_WORDS,
    KEYS,
    METHODS,
    OWN_KEYS,
    REGISTRY,
    REGISTRY_GROUPS,
    RUNS_LIMIT,
    SERIES_WORDS,
)
from sim.scenario.json_schema import DIALECT, scenario_schema
from sim.scenario.outcome_table import OUTCOME_NAMES
from sim.scenario.parameters import PARAMETER_BY_PATH, SECTIONS, parameter
from sim.scenario.structure import GROUPS, NAME_LENGTH

Schema = dict[str, Any]

_SETTINGS = {"$ref": "#/$defs/settings"}
_FACTORS = {"$ref": "#/$defs/factors"}
_BUNDLE = {"$ref": "#/$defs/alternatives"}


def experiment_schema() -> Schema:
    """Return the schema of an experiment file."""
    return {
        "$schema": DIALECT,
        "title": "Experiment of intranet-sim",
        "description": "What is varied around one or more scenarios, how it is combined, and what is kept.",
        "type": "object",
        "properties": {key: {**schema, "description": KEYS[key]} for key, schema in _top_level().items()},
        "required": ["base"],
        "oneOf": [{"required": ["design"]}, {"required": ["method"]}],
        "additionalProperties": False,
        "$defs": {
            "settings": _settings(),
            "factors": _factors(),
            "alternatives": {"type": "object", "minProperties": 1, "additionalProperties": _SETTINGS},
        },
    }


def _top_level() -> dict[str, Schema]:
    text = {"type": "string", "minLength": 1}
    samples = {"type": "integer", "minimum": 1, "maximum": RUNS_LIMIT}
    replications = _whole_number("run.replications")
    kept = {"type": "string", "enum": list(KEEP_WORDS)}
    outcome = {"type": "string", "enum": list(OUTCOME_NAMES)}
    row = {
        "type": "object",
        "properties": {"name": text, "set": _SETTINGS},
        "required": ["set"],
        "additionalProperties": False,
    }
    return {
        "name": {**text, "maxLength": NAME_LENGTH},
        "description": {"type": ["string", "null"]},
        "base": {"oneOf": [text, {"type": "array", "items": text, "minItems": 1}]},
        "set": _SETTINGS,
        "design": {"type": "string", "enum": list(DESIGNS)},
        "method": {"type": "string", "enum": list(METHODS)},
        "by_group": {"type": "boolean", "default": False},
        "levers": _FACTORS,
        "uncertainties": _FACTORS,
        "strategies": {"type": "array", "minItems": 1, "items": {"anyOf": [row, _SETTINGS]}},
        "samples": samples,
        "replications": replications,
        "seed": _whole_number("run.seed"),
        "outcomes": {"oneOf": [outcome, {"type": "array", "items": outcome, "minItems": 1, "uniqueItems": True}]},
        "series": {"oneOf": [{"enum": list(SERIES_WORDS)}, {"type": "integer", "minimum": 1}], "default": "none"},
        "groups": {"type": "boolean", "default": False},
        "keep": {"oneOf": [kept, {"type": "array", "items": kept, "uniqueItems": True}]},
        "quick": {
            "type": ["object", "null"],
            "properties": {"samples": samples, "replications": replications, "set": _SETTINGS},
            "additionalProperties": False,
        },
    }


def _whole_number(path: str) -> Schema:
    entry = parameter(path)
    return {"type": "integer", "minimum": entry.low, "maximum": entry.high, "default": entry.default}


def _values() -> dict[str, Schema]:
    """Return the schema of the value of each key of a scenario, by dotted key."""
    sections = scenario_schema()["properties"]
    values = {CHANGES: sections[CHANGES]}
    for path in PARAMETER_BY_PATH:
        if path not in OWN_KEYS:
            values[path] = _without_default(_inside(sections, path))
    return values


def _inside(properties: Schema, path: str) -> Schema:
    """Return the schema of a dotted key, looked up in those of the sections."""
    name, _, rest = path.partition(".")
    found: Schema = properties[name]
    if not rest:
        return found
    group = found if "properties" in found else next(form for form in found["oneOf"] if "properties" in form)
    return _inside(group["properties"], rest)


def _without_default(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "default"}


def _settings() -> Schema:
    """Return the schema of keys of a scenario with values, dotted or in groups."""
    sections = scenario_schema()["properties"]
    groups = {group: _inside(sections, group) for group in sorted(GROUPS)}
    return {
        "type": ["object", "null"],
        "properties": {**_values(), **groups},
        "additionalProperties": False,
    }


def _factors() -> Schema:
    """Return the schema of levers or uncertainties."""
    properties = {path: _factor(path, value) for path, value in _values().items() if path != CHANGES}
    for group in (*SECTIONS, *sorted(GROUPS), *REGISTRY_GROUPS):
        properties[group] = {"oneOf": [{"const": REGISTRY}, _BUNDLE]}
    return {"type": ["object", "null"], "properties": properties, "additionalProperties": _BUNDLE}


def _factor(path: str, value: Schema) -> Schema:
    """Return the schema of what may stand behind one key of a scenario."""
    entry = parameter(path)
    meaning = {"description": value["description"]} if "description" in value else {}
    forms: list[Schema] = [{"type": "array", "items": value, "minItems": 1, "uniqueItems": True}]
    if entry.kind in ("float", "int"):
        limit: Schema = {"type": "integer" if entry.kind == "int" else "number"}
        limit |= {key: at for key, at in (("minimum", entry.low), ("maximum", entry.high)) if at is not None}
        forms.append(
            {
                "type": "object",
                "properties": {
                    "low": limit,
                    "high": limit,
                    "distribution": {"type": "string", "enum": list(DISTRIBUTIONS), "default": DISTRIBUTIONS[0]},
                    "mode": {"type": "number"},
                    "mean": {"type": "number"},
                    "sd": {"type": "number", "exclusiveMinimum": 0},
                    "steps": {"type": "integer", "minimum": 2},
                    "off_at": limit,
                    "off_share": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
                },
                "required": ["low", "high"],
                "additionalProperties": False,
            }
        )
    if entry.plausible is not None or entry.when_on is not None:
        forms.append({"const": REGISTRY})
    return {**meaning, "oneOf": forms}
