"""Which settings a staff file decides: the one place that says so.

Whoever names a staff file gets its people. What the file decides cannot be set beside it, changed or varied: no run
would be any different. A setting that comes from below, from a parent of the file that names the staff file, gives way.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.catalog.registry import PARAMETER_BY_PATH, PROFILES
from sim.errors import InputError
from sim.exports.staff import AS_IS, DESKLESS, Reading, StaffFile, read_staff
from sim.scenario.acting import COUNTED, Idle
from sim.scenario.places import (
    STAFF_FILE,
    Entry,
    KeyPath,
    Keys,
    Listing,
    Place,
    Problem,
    Scalar,
    node_at,
    place_of_key,
    plain,
    with_value,
)
from sim.words import said

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

WORKFORCE = "organization.workforce"
PROFILE = ("organization", "staff", "profile")
DECIDED: Mapping[str, str | None] = {
    "organization.employees": None,
    "organization.departments": None,
    "organization.sector": None,
    "organization.remote_share": "remote_share",
    "organization.trust": "trust",
}
"""What a staff file decides: always (None), or where it fills this column in every line."""

MADE_CONTACTS = ("department", "across", "everyone")
"""Keys of contacts that are made, which a contacts file takes the place of."""

_ROUNDING = 0.00015  # of means, which records hold to four decimals

_WHY = {
    "organization.employees": "refusal.staff.employees",
    "organization.departments": "refusal.staff.departments",
    "organization.sector": "refusal.staff.sector",
}


def is_staff_file(workforce: Any) -> bool:
    """Return whether a workforce is a file of one's own."""
    return isinstance(workforce, str) and workforce not in PROFILES


def decided_by(workforce: Any, reading: Reading = AS_IS) -> dict[str, Any]:
    """Return the keys that a workforce decides, with the value that its people have; None where there is no one value.

    A profile decides nothing. A file that cannot be read decides what every file does; what is wrong with it is said
    where its people are read.
    """
    if not is_staff_file(workforce):
        return {}
    found: dict[str, Any] = {key: None for key, column in DECIDED.items() if column is None}
    try:
        staff = read_staff(workforce, reading)
    except InputError:
        return found
    found["organization.employees"] = len(staff)
    if staff.department_sizes is not None:
        found["organization.departments"] = len(staff.department_sizes)
    return found | {f"organization.{name}": value for name, value in staff.recorded().items()}


def why_decided(key: str) -> str:
    """Return why a key cannot be set beside a staff file."""
    name = DECIDED[key]
    return said(_WHY[key]) if name is None else said("refusal.staff.column", column=name)


def with_staff(settings: Keys, layers: Iterable[Keys]) -> tuple[Keys, list[Problem]]:
    """Return settings of which a staff file has taken the place of what it decides, and what is set beside it.

    `layers` are the files, the oldest parent first. What is in none of them was laid over all of them.
    """
    names = [layer.place.source.name for layer in layers]
    settings, problems = _with_named_file(settings, names)
    path = _path(WORKFORCE)
    node = node_at(settings, path)
    if not isinstance(node, Scalar) or not is_staff_file(node.value):
        return settings, problems
    height = _height(node.place, names)
    values = decided_by(node.value, _reading_in(settings))
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


def _with_named_file(settings: Keys, names: Sequence[str]) -> tuple[Keys, list[Problem]]:
    """Return settings in which a file of ``organization.staff.file`` is the workforce, and a profile fills its gaps."""
    file = node_at(settings, STAFF_FILE)
    if not isinstance(file, Scalar) or not isinstance(file.value, str) or not file.value.strip():
        return settings, []
    problems = []
    workforce = node_at(settings, _path(WORKFORCE))
    settings = _without(settings, STAFF_FILE)
    if isinstance(workforce, Scalar) and workforce.value in PROFILES:
        if node_at(settings, PROFILE) is None:
            settings = with_value(settings, PROFILE, workforce)
    elif (
        isinstance(workforce, Scalar)
        and workforce.value != file.value
        and _height(workforce.place, names) >= _height(file.place, names)
    ):
        problems = [file.place.problem(STAFF_FILE, said("refusal.two_staff_files"))]
    return with_value(settings, _path(WORKFORCE), file), problems


def _reading_in(settings: Keys) -> Reading:
    """Return how settings say that the staff file is to be read, as far as they say it rightly."""
    node = node_at(settings, PROFILE[:-1])
    asked = plain(node) if isinstance(node, Keys) else {}
    columns, date = asked.get("columns"), asked.get("date")
    try:
        if date is not None:
            datetime.date.fromisoformat(str(date))
        return Reading.of({"staff": {**asked, "columns": dict(columns or {}), "date": str(date or "")}})
    except (TypeError, ValueError):
        return AS_IS


def _agrees(key: str, setting: Scalar, value: Any) -> bool:
    """Return whether a setting says what the file says; a mapping with all values may hold the usual ones."""
    is_complete = not setting.place.source.has_lines and setting.place.source.is_whole
    usual = PARAMETER_BY_PATH[key].default
    if isinstance(value, float) and isinstance(setting.value, (int, float)):
        return abs(setting.value - value) < _ROUNDING or (is_complete and setting.value == usual)
    return (value is not None and setting.value == value) or (is_complete and setting.value == usual)


def _changed(settings: Keys) -> Iterable[tuple[int, str]]:
    """Yield the position of each change and each key that it sets."""
    changes = node_at(settings, ("changes",))
    for position, _ in enumerate(changes.items if isinstance(changes, Listing) else ()):
        group = node_at(settings, ("changes", position, "set"))
        yield from ((position, key) for key in (group.entries if isinstance(group, Keys) else ()))


def _height(place: Place, names: Sequence[str]) -> int:
    return names.index(place.source.name) if place.source.name in names else len(names)


def _path(key: str) -> tuple[str, ...]:
    return tuple(key.split("."))


def _without(settings: Keys, path: tuple[str, ...]) -> Keys:
    key, *rest = path
    entries = dict(settings.entries)
    entry = entries.pop(key)
    if rest and isinstance(entry.value, Keys):
        entries[key] = Entry(entry.place, _without(entry.value, tuple(rest)))
    return Keys(settings.place, entries)


def beside_staff(
    bases: Sequence[Scenario], alternatives: Iterable[Mapping[str, Any]], keys: Iterable[str]
) -> list[str]:
    """Return those of some keys that cannot be varied, since a staff file decides them at some point of a design.

    `alternatives` are all settings of listed alternatives, by dotted key: some may name a workforce, some change keys.
    """
    others = [each[WORKFORCE] for each in alternatives if each.get(WORKFORCE) is not None]
    decided = {key for found in (*map(decided_in, bases), *map(decided_by, others)) for key in found}
    return [key for key in keys if key in decided]


def counted(resolved: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a resolved scenario with the people of its staff file counted, if it names one that can be read."""
    staff = _staff_of(resolved)
    if staff is None:
        return resolved
    known = {"employees": len(staff), **staff.recorded(), COUNTED.rpartition(".")[2]: True}
    if staff.department_sizes is not None:
        known["departments"] = len(staff.department_sizes)
    return {**resolved, "organization": {**resolved["organization"], **known}}


def idle_reading(resolved: Mapping[str, Any]) -> list[Idle]:
    """Return the keys that say how a staff file is read, and that do nothing with the one that is named."""
    staff = _staff_of(resolved)
    if staff is None:
        return []
    has_deskless = DESKLESS in staff.left_out or DESKLESS in staff.kept
    acts = {
        "date": (bool(staff.date), said("acting.no_dates")),
        "deskless": (has_deskless, said("acting.nobody_deskless")),
        "profile": (bool(staff.drawn or staff.partly_drawn), said("acting.nothing_drawn")),
    }
    idle = [Idle(f"organization.staff.{name}", why) for name, (does_act, why) in acts.items() if not does_act]
    if resolved["organization"]["staff"].get("contacts"):
        idle += [Idle(f"organization.contacts.{name}", said("acting.own_contacts")) for name in MADE_CONTACTS]
    return idle


def _staff_of(resolved: Mapping[str, Any]) -> StaffFile | None:
    """Return the people of the staff file; None if there is none, or it is wrong, which is said where it is read."""
    organization = resolved["organization"]
    if not is_staff_file(organization["workforce"]):
        return None
    try:
        return read_staff(organization["workforce"], Reading.of(organization))
    except InputError:
        return None


def decided_in(scenario: Scenario) -> dict[str, Any]:
    """Return the keys that the workforce of a scenario decides, as `decided_by`."""
    reading = Reading.of({"staff": scenario.organization.staff.as_dict()})
    return decided_by(scenario.organization.workforce, reading)


def kept_keys(scenario: Scenario) -> tuple[str, ...]:
    """Return the keys that a range asked for by its group leaves alone: a scenario's own, and what its staff decide."""
    return (*scenario.own_coefficients(), *decided_in(scenario))
