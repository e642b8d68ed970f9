"""The words of an experiment file: forms of its keys, as in `sim.scenario.grammar`, and the JSON schema made of them.

What no schema can say (which keys a design needs, lists of one length, keys that two factors set) is left to
``intranet-sim validate``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.catalog.registry import GROUPS, PARAMETER_BY_PATH, PARAMETERS, SECTIONS, Parameter, parameter
from sim.scenario.grammar import CHANGES, DIALECT, FORMS, Form, Schema, Value, Words, Wrong
from sim.scenario.hints import did_you_mean, listed, shown
from sim.scenario.places import KeyPath
from sim.words import said

KEYS: dict[str, str] = {
    "name": "Short name of the experiment, also of its results folder; without it, the name of the file.",
    "description": "Which question it answers, and what to look for.",
    "base": "Scenario that everything starts from: a file, relative to this one, or the name of a shipped scenario. "
    "A list of them makes each an arm, run at every point.",
    "set": "Keys of a scenario that hold for every run, as with --set.",
    "design": "How settings of levers and uncertainties are combined: "
    "grid, list, zip, latin_hypercube or sobol (for sweep).",
    "method": "Method of sensitivity analysis: morris, sobol or pawn (for sensitivity; takes the place of design).",
    "by_group": "Whether sensitivity is worked out for groups of factors rather than for single ones.",
    "levers": "What the organization chooses: each a list, a range, named alternatives, or registry.",
    "uncertainties": "What the world is like, written in the same ways.",
    "strategies": "Rows of design list, each {name: ..., set: {key: value}} or the keys and values themselves.",
    "samples": "Number of draws: points, worlds (in a grid, list or zip), base samples or trajectories (of a method).",
    "replications": "Runs at each point, each with its own luck, which all points share.",
    "seed": "Seed of the design and of all luck.",
    "outcomes": "Outcomes to keep; the first is the main one. All, if left out.",
    "series": "How much of the weekly series to keep: none, all, or N for every N-th week and the last.",
    "groups": "Whether to keep the table of who posts.",
    "keep": "Tables that are kept only where they are asked for: replies (who replied to whom).",
    "quick": "What --quick lays over the file: samples, replications and set, for a first look in under a minute.",
}
QUICK_KEYS = ("samples", "replications", "set")
TELLING_KEYS = ("base", "levers", "uncertainties", "design", "method", "strategies", "samples", "quick")
"""Keys that no scenario has: a file with one of them is meant as an experiment."""

LISTED_DESIGNS = ("grid", "list", "zip")
SAMPLED_DESIGNS = ("latin_hypercube", "sobol")
DESIGNS = (*LISTED_DESIGNS, *SAMPLED_DESIGNS)
METHODS = ("morris", "sobol", "pawn")
LEAST_SAMPLES = {"morris": 2, "sobol": 4, "pawn": 20}
"""The smallest samples with which the estimators of a method are defined; sensible ones are far larger."""
DISTRIBUTIONS = ("uniform", "log_uniform", "triangular", "normal")
RANGE_KEYS = ("low", "high", "distribution", "mode", "mean", "sd", "steps", "off_at", "off_share")
SERIES_WORDS = ("none", "all")
KEEP_WORDS = ("replies",)

REGISTRY = "registry"
REGISTRY_GROUPS = tuple(dict.fromkeys(entry.group for entry in PARAMETERS))
ROW_FACTOR = "strategy_name"
"""The factor of design list: which row."""

SETTABLE = frozenset({*PARAMETER_BY_PATH, *GROUPS, CHANGES})
OWN_KEYS = {"run.replications": "replications", "run.seed": "seed"}
"""Keys of a scenario that an experiment has instead under a name of its own."""

RESERVED_NAMES = frozenset(
    {
        "point", "strategy", "world", "run_id", "scenario", "replication", "seed", "content_hash", "dummy", "week",
        "outcome", ROW_FACTOR, *OUTCOME_NAMES,
    }
)  # fmt: skip
"""Columns of the results, which no bundle can be called by."""

RUNS_LIMIT = 1_000_000

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


class _Names(Form):
    """One of some names, or a list of them."""

    def __init__(self, names: Sequence[str], default: tuple[str, ...]) -> None:
        self.names, self.default = tuple(names), default

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        is_list = isinstance(value, list | tuple)
        items = value if is_list else [value]
        for index, name in enumerate(items):
            message = self.refused(name, items[:index])
            if message:
                yield Wrong((*path, index) if is_list else path, message)
        if not items and self.default:
            yield Wrong(path, said("refusal.outcome.empty"))

    def refused(self, name: Any, before: Sequence[Any]) -> str:
        """Return what is wrong with one of them, empty if nothing."""
        if isinstance(name, str) and name in self.names:
            return ""
        words = {"names": ", ".join(self.names), "value": shown(name), "hint": did_you_mean(name, self.names)}
        return said("refusal.one_of", **words)

    def made(self, value: Any) -> tuple[str, ...]:
        return tuple(dict.fromkeys([value] if isinstance(value, str) else value))

    def schema(self) -> Schema:
        one = {"type": "string", "enum": list(self.names)}
        least = {"minItems": 1} if self.default else {}
        return {"oneOf": [one, {"type": "array", "items": one, **least, "uniqueItems": True}]}


class _Outcomes(_Names):
    """Outcomes to keep: all, if left out."""

    def refused(self, name: Any, before: Sequence[Any]) -> str:
        if not isinstance(name, str) or name not in self.names:
            hint = did_you_mean(name, self.names) or said("refusal.outcome.allowed", names=listed(self.names))
            return said("refusal.outcome.none", name=shown(name), hint=hint)
        return said("refusal.outcome.twice", name=name) if name in before else ""


class _Series(Form):
    """A word, or every how many weeks."""

    default = SERIES_WORDS[0]

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 1
        if not is_number and not (isinstance(value, str) and value in SERIES_WORDS):
            yield Wrong(path, said("refusal.series", words=", ".join(SERIES_WORDS), value=shown(value)))

    def schema(self) -> Schema:
        return {"oneOf": [{"enum": list(SERIES_WORDS)}, {"type": "integer", "minimum": 1}], "default": self.default}


def _value(key: str, kind: str, default: Any, choices: Sequence[str] = ()) -> Value:
    """Return the form of a key that is like a parameter of a scenario; numbers are of draws."""
    low, high = (1, RUNS_LIMIT) if kind == "int" else (None, None)
    return Value(Parameter(key, default, kind, low, high, "1", KEYS[key], "", "run", tuple(choices)))


FORMS_OF_KEYS: dict[str, Form] = {
    "name": Words("name", KEYS["name"], "experiment"),
    "description": Words("description", KEYS["description"], ""),
    "design": _value("design", "choice", "", DESIGNS),
    "method": _value("method", "choice", "", METHODS),
    "by_group": _value("by_group", "bool", False),
    "samples": _value("samples", "int", 1),
    "replications": Value(PARAMETER_BY_PATH["run.replications"]),
    "seed": Value(PARAMETER_BY_PATH["run.seed"]),
    "outcomes": _Outcomes(OUTCOME_NAMES, OUTCOME_NAMES),
    "series": _Series(),
    "groups": _value("groups", "bool", False),
    "keep": _Names(KEEP_WORDS, ()),
}
"""What may stand behind the keys that hold one value or some names; the others are read with what they lead to."""
_WITHOUT_DEFAULT = ("design", "method", "samples")


def _top_level() -> dict[str, Schema]:
    text = {"type": "string", "minLength": 1}
    values = {key: form.schema() for key, form in FORMS_OF_KEYS.items()}
    for key in _WITHOUT_DEFAULT:
        del values[key]["default"]
    row = {
        "type": "object",
        "properties": {"name": text, "set": _SETTINGS},
        "required": ["set"],
        "additionalProperties": False,
    }
    of_quick = {key: _SETTINGS if key == "set" else _undescribed(values[key]) for key in QUICK_KEYS}
    found = {
        **values,
        "base": {"oneOf": [text, {"type": "array", "items": text, "minItems": 1}]},
        "set": _SETTINGS,
        "levers": _FACTORS,
        "uncertainties": _FACTORS,
        "strategies": {"type": "array", "minItems": 1, "items": {"anyOf": [row, _SETTINGS]}},
        "quick": {"type": ["object", "null"], "properties": of_quick, "additionalProperties": False},
    }
    return {key: found[key] for key in KEYS}


def _undescribed(schema: Schema) -> Schema:
    return {key: part for key, part in schema.items() if key != "description"}


def _values() -> dict[str, Schema]:
    """Return the schema of the value of each key of a scenario, by dotted key; nothing holds by default."""
    values = {path: FORMS[path].schema() for path in (CHANGES, *PARAMETER_BY_PATH) if path not in OWN_KEYS}
    return {path: {key: part for key, part in schema.items() if key != "default"} for path, schema in values.items()}


def _settings() -> Schema:
    """Return the schema of keys of a scenario with values, dotted or in groups."""
    groups = {group: FORMS[group].schema() for group in sorted(GROUPS)}
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
