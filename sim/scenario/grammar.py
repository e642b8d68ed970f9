"""What a scenario may say: one walk over the registry, here and in a browser.

Each key of the registry has a `Form`: it says what is wrong with a value, what a scenario holds of it, and what the
JSON schema (draft 2020-12) for editors says of it. What no single key can tell is checked in ``contradictions``; no
schema can say that three shares sum to 1, or that a pilot department exists. It needs nothing but the standard library.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sim.catalog.registry import (
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
    shares_sum_to_one,
)
from sim.scenario.contradictions import FRAMING
from sim.scenario.hints import CHANGE_KEYS, did_you_mean, listed, must_be, number, shown, unknown_key
from sim.scenario.places import KeyPath
from sim.words import said

DIALECT = "https://json-schema.org/draft/2020-12/schema"
WAVES, CHANGES = "launch.waves", "changes"
_WORKFORCE = "organization.workforce"
_OWN_FILES = (_WORKFORCE, "organization.staff.file", "organization.staff.contacts")
_TYPES = {
    "float": "number",
    "int": "integer",
    "bool": "boolean",
    "choice": "string",
    "text": "string",
    "date": "string",
}

Schema = dict[str, Any]


class Wrong(NamedTuple):
    """A key or value that is wrong by itself."""

    path: KeyPath  # where it stands
    message: str  # what is wrong and what is allowed; of an unknown key as it is told of an option
    # of an unknown key, the dotted path of the group that does not have it, as the registry calls it
    group: str | None = None


def wrong_values(values: Mapping[str, Any], takes_files: bool) -> Iterator[Wrong]:
    """Yield each key and value that is wrong by itself, in the order of the registry, unknown keys after known ones.

    `takes_files` says whether the workforce may be a staff file.
    """
    return FORMS[""].wrong(values, (), takes_files)


def scenario_schema() -> Schema:
    """Return the JSON schema of a scenario file; every key is optional: a file says what differs from its parent."""
    return {
        "$schema": DIALECT,
        "title": "Scenario of intranet-sim",
        "description": "One launch of a social intranet in one organization.",
        **FORMS[""].schema(),
    }


# --- values -----------------------------------------------------------------------------------------------------------


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


class Form:
    """What may stand behind one key."""

    default: Any = None  # what the key holds where nothing is said of it; of a group, a mapping that says nothing

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        """Yield what is wrong with a value that stands at `path`."""
        raise NotImplementedError

    def made(self, value: Any) -> Any:
        """Return what is held of a right value."""
        return value

    def schema(self) -> Schema:
        """Return what the JSON schema says of the value."""
        raise NotImplementedError


class Words(Form):
    """A text of the top level: a name, a description, or what a file extends."""

    def __init__(self, key: str, meaning: str, default: str) -> None:
        self.key, self.meaning, self.default = key, meaning, default

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        """Yield what is wrong with it; what is extended is looked up where files are read."""
        if self.key == "extends":
            yield Wrong(path, said("refusal.file_only"))
        elif not isinstance(value, str):
            yield Wrong(path, said("refusal.text", value=shown(value)))
        elif self.key == "name" and not is_valid_name(value):
            yield Wrong(path, said("refusal.scenario_name", length=NAME_LENGTH, value=shown(value)))

    def schema(self) -> Schema:
        """Return what the JSON schema says of it: only a description may be empty."""
        if self.key == "description":
            return {"type": ["string", "null"], "description": self.meaning}
        longest = {"maxLength": NAME_LENGTH} if self.key == "name" else {}
        return {"type": "string", "minLength": 1, **longest, "description": self.meaning}


class Value(Form):
    """A value of a parameter."""

    def __init__(self, entry: Parameter) -> None:
        self.entry, self.default = entry, entry.default

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        """Yield it if the registry does not allow it; own files are looked at where they are read."""
        if self.entry.path in _OWN_FILES and takes_files and isinstance(value, str):
            return
        if self.entry.path == _WORKFORCE and not takes_files:
            if value not in PROFILES:
                hint = did_you_mean(value, PROFILES)
                yield Wrong(path, said("refusal.profile", names=", ".join(PROFILES), value=shown(value), hint=hint))
        elif not is_allowed(self.entry, value):
            yield Wrong(path, must_be(self.entry, value))

    def schema(self) -> Schema:
        """Return type, limits, default and meaning."""
        entry = self.entry
        schema: Schema = {"type": _TYPES[entry.kind]}
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


class _Number(Value):
    """A value with decimals."""

    def made(self, value: Any) -> Any:
        return None if value is None else float(value)


class _Columns(Value):
    """Names of columns of a staff file."""

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        if value is None or not takes_files:
            yield from super().wrong(value, path, takes_files)
            return
        names = self._names()
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

    def schema(self) -> Schema:
        header = {"type": ["string", "null"], "pattern": "\\S"}
        names = dict.fromkeys(self._names(), header)
        columns = {"type": ["object", "null"], "properties": names, "additionalProperties": False}
        return {**columns, "default": None, "description": _description(self.entry)}

    @staticmethod
    def _names() -> tuple[str, ...]:
        from sim.exports.staff.cells import known_columns  # in a browser there are no files

        return known_columns()


class _Departments(Form):
    """A list of departments, by number or by name; with a meaning alone, one that may be left out."""

    def __init__(self, entry: Parameter, meaning: str = "") -> None:
        self.entry, self.meaning = entry, meaning
        self.default = None if meaning else entry.default

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        if value is None and self.meaning:
            return
        if not isinstance(value, Sequence) or isinstance(value, str) or not value:
            yield Wrong(path, said("refusal.department_list", value=shown(value)))
            return
        for position, department in enumerate(value):
            if not self._is_department(department):
                yield Wrong((*path, position), said("refusal.department_number", value=shown(department)))

    def _is_department(self, value: Any) -> bool:
        """Return whether a value is a department as a number from 0, or as its name in a staff file."""
        if isinstance(value, str):
            return bool(value.strip())
        return isinstance(value, int) and not isinstance(value, bool) and value >= (self.entry.low or 0)

    def made(self, value: Any) -> Any:
        return None if value is None else tuple(value)

    def schema(self) -> Schema:
        one = {"oneOf": [{"type": "integer", "minimum": self.entry.low}, {"type": "string", "pattern": "\\S"}]}
        listing = {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}
        if self.meaning:
            return {**listing, "type": ["array", "null"], "description": self.meaning}
        return {**listing, "default": list(self.default), "description": _description(self.entry)}


def _description(entry: Parameter) -> str:
    return f"{entry.meaning} [{entry.unit}] Source: {entry.source}"


# --- groups -----------------------------------------------------------------------------------------------------------


class Group(Form):
    """Keys with their forms."""

    # what a scenario holds of the group is made by it, from the values of some of its keys
    section: Callable[..., Any] = dict

    def __init__(self, path: str, forms: Mapping[str, Form]) -> None:
        self.path, self.forms, self.default = path, forms, {}

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        """Yield what is wrong with each key, unknown ones last."""
        if not isinstance(value, Mapping):
            yield Wrong(path, self.needed(value))
            return
        for key, form in self.forms.items():
            if key in value:
                yield from form.wrong(value[key], (*path, key), takes_files)
        yield from self.unknown(value, path)

    def needed(self, value: Any) -> str:
        """Return the message for what is no group of keys."""
        return said("refusal.group", names=listed(self.forms), value=shown(value))

    def unknown(self, value: Iterable[str], path: KeyPath) -> Iterator[Wrong]:
        """Yield the keys that the group does not have."""
        group = self.path.replace("[]", "")
        for key in value:
            if key not in self.forms:
                yield Wrong((*path, key), unknown_key((*path, key), group), group)

    def made(self, value: Any) -> Any:
        """Return the section, which may be given as it is."""
        return value if isinstance(value, self.section) else self.section(**value)  # type: ignore[arg-type]

    def schema(self) -> Schema:
        """Return the schema of the group; an empty one says nothing."""
        return {**self.keys_schema(), "type": ["object", "null"]}

    def keys_schema(self) -> Schema:
        """Return the schema of the keys."""
        properties = {key: form.schema() for key, form in self.forms.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}


class _Top(Group):
    """A whole scenario."""

    def schema(self) -> Schema:
        properties = {key: self.forms[key].schema() for key in keys_of("")}
        return {**self.keys_schema(), "properties": properties}


class _OrWord(Group):
    """Numbers, or one word that stands for some."""

    def __init__(self, path: str, forms: Mapping[str, Form], words: Sequence[str]) -> None:
        super().__init__(path, forms)
        self.entry, self.words = PARAMETER_BY_PATH[path], tuple(words)
        self.default = self.entry.default

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        if not (isinstance(value, str) and value in self.words):
            yield from super().wrong(value, path, takes_files)

    def needed(self, value: Any) -> str:
        options, hint = ", ".join(f"{key}: ..." for key in self.forms), did_you_mean(value, self.words)
        return said("refusal.waves_form", options=options, value=shown(value), hint=hint)

    def made(self, value: Any) -> Any:
        return value if isinstance(value, str) else super().made(value)

    def schema(self) -> Schema:
        forms = [{"type": "string", "enum": list(self.words)}, self.keys_schema()]
        return {"description": _description(self.entry), "default": self.default, "oneOf": forms}


class _Framing(_OrWord):
    """The numbers of a framing, or a preset."""

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        if not isinstance(value, Mapping):
            yield from super().wrong(value, path, takes_files)
            return
        wrong = []
        for key in self.forms:
            entry = PARAMETER_BY_PATH[f"{FRAMING}.{key}"]
            if key in value and not is_allowed(entry, value[key]):
                wrong.append(Wrong((*path, key), must_be(entry, value[key], is_needed=path[0] == CHANGES)))
            elif key not in value and key in SHARES:
                wrong.append(Wrong((*path, key), said("refusal.missing.framing")))
        wrong += self.unknown(value, path)
        yield from wrong
        if not wrong and not shares_sum_to_one(*(value[share] for share in SHARES)):
            yield Wrong(path, shares_message(*(value[share] for share in SHARES)))

    def needed(self, value: Any) -> str:
        numbers = ", ".join(f"{name}: ..." for name in self.forms)
        hint = did_you_mean(value, self.words)
        presets = ", ".join(self.words)
        return said("refusal.framing", presets=presets, numbers=numbers, value=shown(value), hint=hint)

    def made(self, value: Any) -> Any:
        return Group.made(self, PRESETS[value]._asdict() if isinstance(value, str) else value)


def shares_message(*shares: float) -> str:
    """Return the message for three shares that do not sum to 1."""
    return said("refusal.shares", total=number(round(sum(shares), 6)))


class _Changes(Form):
    """The timed changes, a list."""

    default = ()

    def __init__(self, change: Form) -> None:
        self.change = change

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        if not isinstance(value, list | tuple):
            yield Wrong(path, said("refusal.changes", value=shown(value)))
            return
        for position, change in enumerate(value):
            yield from self.change.wrong(change, (*path, position), takes_files)

    def made(self, value: Any) -> Any:
        return tuple(self.change.made(one) for one in value)

    def schema(self) -> Schema:
        return {"type": ["array", "null"], "items": self.change.schema(), "description": TOP_LEVEL[CHANGES]}


class _Change(Group):
    """One of them; week and settings are needed."""

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        if not isinstance(value, Mapping):
            yield Wrong(path, said("refusal.change", value=shown(value)))
            return
        for key, form in self.forms.items():
            if key in value:
                yield from form.wrong(value[key], (*path, key), takes_files)
            elif key != "departments":
                yield Wrong((*path, key), said("refusal.missing.change"))
        yield from self.unknown(value, path)

    def schema(self) -> Schema:
        return {**self.keys_schema(), "required": ["week", "set"]}


class _Week(Value):
    """The week of a change, which has no default."""

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        if value is None or not is_allowed(self.entry, value):
            yield Wrong(path, must_be(self.entry, value))

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.entry.low, "description": _description(self.entry)}


class _NewValues(Group):
    """What a change sets: the same values, under dotted keys; nothing holds by default."""

    def wrong(self, value: Any, path: KeyPath, takes_files: bool = True) -> Iterator[Wrong]:
        if not isinstance(value, Mapping):
            yield Wrong(path, said("refusal.settings", value=shown(value)))
        elif not value:
            yield Wrong(path, said("refusal.sets_nothing"))
        else:
            for key, form in self.forms.items():
                if key == FRAMING and key in value:
                    yield from form.wrong(value[key], (*path, key), takes_files)
                elif key in value and (value[key] is None or not is_allowed(PARAMETER_BY_PATH[key], value[key])):
                    yield Wrong((*path, key), must_be(PARAMETER_BY_PATH[key], value[key], is_needed=True))
            yield from self.unknown(value, path)

    def schema(self) -> Schema:
        properties = {key: {**form.schema()} for key, form in self.forms.items()}
        for schema in properties.values():
            schema.pop("default")
        words, numbers = properties[FRAMING]["oneOf"]
        properties[FRAMING]["oneOf"] = [words, {**numbers, "required": list(SHARES)}]
        return {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1}


# --- all of it --------------------------------------------------------------------------------------------------------

FORMS: dict[str, Form] = {}
"""What may stand behind each key, by its dotted path; the whole scenario under the empty text."""


def _form(path: str) -> Form:
    """Return the form of a key or group, and keep it and those below."""
    forms = {key: _form(f"{path}.{key}") for key in keys_of(path)}
    entry = PARAMETER_BY_PATH.get(path)
    if path == FRAMING:
        form: Form = _Framing(path, forms, tuple(PRESETS))
    elif path == WAVES:
        form = _OrWord(path, forms, PARAMETER_BY_PATH[path].choices)
    elif entry is None:
        form = Group(path, forms)
    else:
        kinds: dict[str, Callable[[Parameter], Form]] = {"float": _Number, "columns": _Columns, "list": _Departments}
        form = kinds.get(entry.kind, Value)(entry)
    FORMS[path] = form
    return form


def _whole() -> Group:
    """Return the form of a whole scenario, in the order in which it is checked: runs and numbers of behavior last."""
    sections = {section: _form(section) for section in SECTIONS}
    pilot = PARAMETER_BY_PATH[f"{WAVES}.pilot"]
    new_values = _NewValues("changes[].set", {entry.path: FORMS[entry.path] for entry in CHANGEABLE})
    of_change = (_Week(CHANGE_WEEK), _Departments(pilot, CHANGE_DEPARTMENTS), new_values)
    FORMS.update({f"changes[].{key}": form for key, form in zip(CHANGE_KEYS, of_change, strict=True)})
    FORMS["changes[]"] = change = _Change("changes[]", dict(zip(CHANGE_KEYS, of_change, strict=True)))
    defaults = {"name": "scenario", "description": "", "extends": ""}
    words = {key: Words(key, TOP_LEVEL[key], default) for key, default in defaults.items()}
    what_it_is = {key: sections.pop(key) for key in SECTIONS if key not in ("behavior", "constants", "run")}
    order = {**words, **what_it_is, CHANGES: _Changes(change), "extends": words["extends"], **sections}
    FORMS.update(order)
    return _Top("", order)


FORMS[""] = _whole()


# --- names ------------------------------------------------------------------------------------------------------------

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
