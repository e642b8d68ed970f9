"""Which settings a staff file decides: the one place that says so.

Whoever names a staff file gets its people. What the file decides cannot be set beside it, changed or varied: no run
would be any different. A setting that comes from below, from a parent of the file that names the staff file, gives way.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.files import regular_content
from sim.scenario.entries import PROFILES
from sim.scenario.located import Entry, KeyPath, Listing, Place, Scalar, Table, node_at, place_of_key
from sim.scenario.parameters import PARAMETER_BY_PATH
from sim.scenario.problems import Problem
from sim.staff_cells import MOST_BYTES, Problems, read_table
from sim.texts.said import said

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

WORKFORCE = "organization.workforce"
DECIDED: Mapping[str, str | None] = {
    "organization.employees": None,
    "organization.departments": None,
    "organization.sector": None,
    "organization.remote_share": "remote_share",
    "organization.trust": "trust",
}
"""What a staff file decides: always (None), or where it fills this column in every line."""

_ROUNDING = 0.00015  # of means, which records hold to four decimals

_WHY = {
    "organization.employees": "refusal.staff.employees",
    "organization.departments": "refusal.staff.departments",
    "organization.sector": "refusal.staff.sector",
}


def is_staff_file(workforce: Any) -> bool:
    """Return whether a workforce is a file of one's own."""
    return isinstance(workforce, str) and workforce not in PROFILES


def decided_by(workforce: Any) -> dict[str, Any]:
    """Return the keys that a workforce decides, with the value that its people have; None where there is no one value.

    A profile decides nothing. A file that cannot be read decides what every file does; what is wrong with it is said
    where its people are read.
    """
    if not is_staff_file(workforce):
        return {}
    found: dict[str, Any] = {key: None for key, column in DECIDED.items() if column is None}
    try:
        status = os.stat(workforce)
        return {**found, **_decided(workforce, status.st_mtime_ns, status.st_size)}
    except (OSError, ValueError, InputError):
        return found


@lru_cache(maxsize=8)
def _decided(path: str, _changed: int, size: int) -> dict[str, Any]:
    if size > MOST_BYTES:
        return {}
    table = read_table(regular_content(path, MOST_BYTES), None, Problems(path))
    found: dict[str, Any] = {"organization.employees": len(table.lines)}
    if "department" in table.cells:
        found["organization.departments"] = len(set(table.cells["department"]))
    for key, column in DECIDED.items():
        values = _numbers(table.cells.get(column or "", ()))
        if values and column == "remote_share":  # the setting is the share of staff who ever work remotely
            found[key] = round(sum(value > 0.0 for value in values) / len(values), 4)
        elif values:
            found[key] = round(sum(values) / len(values), 4)
    return found


def _numbers(cells: Sequence[str]) -> list[float]:
    """Return the numbers of a column that is filled in every line, otherwise nothing."""
    try:
        return [float(cell.replace(",", ".")) for cell in cells]
    except ValueError:
        return []


def why_decided(key: str) -> str:
    """Return why a key cannot be set beside a staff file."""
    name = DECIDED[key]
    return said(_WHY[key]) if name is None else said("refusal.staff.column", column=name)


def with_staff(settings: Table, layers: Iterable[Table]) -> tuple[Table, list[Problem]]:
    """Return settings of which a staff file has taken the place of what it decides, and what is set beside it.

    Parameters
    ----------
    settings : Table
        All settings together; each knows where it was written.
    layers : iterable of Table
        The files, the oldest parent first. What is in none of them was laid over all of them.
    """
    path = _path(WORKFORCE)
    node = node_at(settings, path)
    if not isinstance(node, Scalar) or not is_staff_file(node.value):
        return settings, []
    names = [layer.place.source.name for layer in layers]
    height = _height(node.place, names)
    problems: list[Problem] = []
    values = decided_by(node.value)
    for key, value in values.items():
        setting = node_at(settings, _path(key))
        if setting is None:
            continue
        if _height(setting.place, names) < height:
            settings = _without(settings, _path(key))
        elif not (isinstance(setting, Scalar) and _agrees(key, setting, value)):
            problems.append(setting.place.problem(_path(key), why_decided(key)))
    for change, key in _changed(settings):
        if key in values:
            where: KeyPath = ("changes", change, "set", key)
            problems.append(place_of_key(settings, where).problem(where, why_decided(key)))
    return settings, problems


def _agrees(key: str, setting: Scalar, value: Any) -> bool:
    """Return whether a setting says what the file says; a mapping with all values may hold the usual ones."""
    is_complete = not setting.place.source.has_lines and setting.place.source.is_whole
    usual = PARAMETER_BY_PATH[key].default
    if isinstance(value, float) and isinstance(setting.value, (int, float)):
        return abs(setting.value - value) < _ROUNDING or (is_complete and setting.value == usual)
    return (value is not None and setting.value == value) or (is_complete and setting.value == usual)


def _changed(settings: Table) -> Iterable[tuple[int, str]]:
    """Yield the position of each change and each key that it sets."""
    changes = node_at(settings, ("changes",))
    for position, _ in enumerate(changes.items if isinstance(changes, Listing) else ()):
        group = node_at(settings, ("changes", position, "set"))
        yield from ((position, key) for key in (group.entries if isinstance(group, Table) else ()))


def _height(place: Place, names: Sequence[str]) -> int:
    return names.index(place.source.name) if place.source.name in names else len(names)


def _path(key: str) -> tuple[str, ...]:
    return tuple(key.split("."))


def _without(settings: Table, path: tuple[str, ...]) -> Table:
    key, *rest = path
    entries = dict(settings.entries)
    entry = entries.pop(key)
    if rest and isinstance(entry.value, Table):
        entries[key] = Entry(entry.place, _without(entry.value, tuple(rest)))
    return Table(settings.place, entries)


def beside_staff(bases: Sequence[str], alternatives: Iterable[Mapping[str, Any]], keys: Iterable[str]) -> list[str]:
    """Return those of some keys that cannot be varied, since a staff file decides them at some point of a design.

    Parameters
    ----------
    bases : sequence of str
        The workforce of each base scenario.
    alternatives : iterable of mapping
        All settings of listed alternatives, by dotted key: some may name a workforce, some change keys on the way.
    keys : iterable of str
        What is varied.
    """
    others = [each[WORKFORCE] for each in alternatives if WORKFORCE in each]
    decided = {key for workforce in (*bases, *others) for key in decided_by(workforce)}
    return [key for key in keys if key in decided]


def kept_keys(scenario: Scenario) -> tuple[str, ...]:
    """Return the keys that a range asked for by its group leaves alone: a scenario's own, and what its staff decide."""
    return (*scenario.own_coefficients(), *decided_by(scenario.organization.workforce))
