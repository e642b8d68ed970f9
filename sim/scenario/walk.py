"""What is wrong with the keys and values of a scenario, each by itself: one walk over the registry, for files and page.

It needs nothing but the standard library. What no single key can tell is checked in ``contradictions``.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sim.scenario.contradictions import FRAMING
from sim.scenario.entries import PROFILES
from sim.scenario.framing import PRESETS, SHARES, shares_sum_to_one
from sim.scenario.located import KeyPath, dotted
from sim.scenario.parameters import PARAMETER_BY_PATH, SECTIONS
from sim.scenario.registry import Parameter
from sim.scenario.structure import CHANGE_WEEK, CHANGEABLE, NAME_LENGTH, is_valid_name, keys_of
from sim.scenario.unknown_keys import CHANGE_KEYS, listed, unknown_key
from sim.scenario.wording import did_you_mean, must_be, number, shown
from sim.texts.said import said

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
    from sim.staff.names import known_columns

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
