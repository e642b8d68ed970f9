"""A scenario as its own staff file makes it: the file decides how many people and departments there are."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from typing import Any

from sim.catalog.registry import EVERYONE_LIMIT, PROFILES
from sim.errors import InputError
from sim.exports.staff import Reading, StaffFile, file_name, read_staff
from sim.exports.staff.cells import alike, suggestion
from sim.organization.contacts import contacts_of
from sim.scenario.departments import Opening, openings_of
from sim.words import Said, Whole, said

MOST_NAMED = 8
LEAST_SHOWN = 5
"""People of a group below which no output tells of it, so that nothing is said of single persons."""


def staff_of(resolved: Mapping[str, Any]) -> StaffFile:
    """Return the people of the staff file that a resolved scenario names; InputError if it cannot be read as staff."""
    organization = resolved["organization"]
    return read_staff(organization["workforce"], Reading.of(organization))


def names_to_show(staff: StaffFile) -> tuple[str, ...]:
    """Return the names of departments, empty for those of so few people that nothing may be said of them."""
    sizes = staff.department_sizes or ()
    return tuple(
        name if n >= LEAST_SHOWN else "" for name, n in zip(staff.department_names, sizes, strict=True)
    )  # fmt: skip


def groups_to_show(resolved: Mapping[str, Any]) -> tuple[tuple[str, ...], int]:
    """Return the names of departments and the fewest people of a group that a table may tell of."""
    if resolved["organization"]["workforce"] in PROFILES:
        return (), 1
    return names_to_show(staff_of(resolved)), LEAST_SHOWN


def as_written(resolved: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a resolved scenario as results hold it: of its staff file the name alone, and what was made of it.

    No folder is in it, since folders tell of people, too; departments by name but for those of fewer than 5 people.
    """
    organization = resolved.get("organization", {"workforce": PROFILES[0]})
    if organization["workforce"] in PROFILES or not os.path.isabs(organization["workforce"]):
        return resolved
    staff = staff_of(resolved)
    made = {"departments": list(names_to_show(staff)), "drawn": list(staff.drawn)}
    asked = dict(organization.get("staff") or {})
    if asked.get("contacts"):
        asked["contacts"] = file_name(asked["contacts"])
    own = {"workforce": file_name(organization["workforce"]), "staff": {**asked, **made}}
    return {**resolved, "organization": {**organization, **own}}


def fitted_to_staff(resolved: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resolved scenario whose numbers of people and departments are those of the staff file that it names.

    The day of ages and tenures is recorded, too, so that the same scenario gives the same people tomorrow.

    Raises
    ------
    InputError
        If the file cannot be read as staff, or the scenario asks for a department that it does not have, or for
        contacts among more people than can all know each other.
    """
    organization = resolved["organization"]
    file = file_name(organization["workforce"])
    staff = staff_of(resolved)
    n_departments = len(staff.department_sizes) if staff.department_sizes else organization["departments"]
    n_departments = min(n_departments, len(staff))
    problems: list[Said] = []
    waves = resolved["launch"]["waves"]
    pilot = waves["pilot"] if isinstance(waves, Mapping) else ()
    numbers = _numbers_of(pilot, staff, n_departments, f"{file}: launch.waves.pilot", problems)
    changes = []
    for position, change in enumerate(resolved.get("changes") or []):
        where = f"{file}: changes[{position}].departments"
        named = _numbers_of(change.get("departments") or (), staff, n_departments, where, problems)
        changes.append({**change, "departments": named} if change.get("departments") else change)
    if organization["contacts"]["everyone"] and len(staff) > EVERYONE_LIMIT:
        message = said("staff.everyone", limit=Whole(EVERYONE_LIMIT), n=Whole(len(staff)))
        problems.append(said("staff.at", where=f"{file}: organization.contacts.everyone", message=message))
    if problems:
        raise InputError(problems)
    contacts_of(organization)  # what is wrong with the contacts file is said here, too
    fitted = {**resolved}
    if isinstance(waves, Mapping):
        fitted["launch"] = {**resolved["launch"], "waves": {**waves, "pilot": numbers}}
    if resolved.get("changes"):
        fitted["changes"] = changes
    known: dict[str, Any] = {"employees": len(staff), "departments": n_departments, **staff.recorded()}
    if staff.date:
        known["staff"] = {**(organization.get("staff") or {}), "date": staff.date}
    return {**fitted, "organization": {**organization, **known}}


def openings(resolved: Mapping[str, Any]) -> list[Opening]:
    """Return when each department of a resolved scenario gets access, in the order of their numbers.

    Where the staff file that the scenario names cannot be read, departments are those that the scenario says.
    """
    organization = resolved["organization"]
    names: Sequence[str] = (organization.get("staff") or {}).get("departments", ())  # of results that are kept
    if organization["workforce"] not in PROFILES and not names:
        with contextlib.suppress(InputError):  # whoever plans a run is told what is wrong
            resolved = fitted_to_staff(resolved)
            names = names_to_show(staff_of(resolved))
    return openings_of(resolved, names)


def _numbers_of(
    named: Sequence[int | str], staff: StaffFile, n_departments: int, where: str, problems: list[Said]
) -> list[int]:
    """Return the numbers of some departments of the file; add to `problems` which are not there, or there twice."""
    numbers: list[int] = []
    for department in named:
        number = _number_of(department, staff)
        message: Said | None = None
        if number is None:
            names = [name for name in names_to_show(staff) if name] or ["-"]
            hint = suggestion(str(department), names)
            maybe = said("staff.maybe", word=hint) if hint else ""
            listed = ", ".join(names[:MOST_NAMED]) + (", ..." if len(names) > MOST_NAMED else "")
            message = said("staff.no_department_named", department=repr(department), names=listed, maybe=maybe)
        elif number >= n_departments:
            message = said("staff.no_department", department=number, last=n_departments - 1, n=n_departments)
        elif number in numbers:
            message = said("staff.department_twice", department=repr(department))
        else:
            numbers.append(number)
        if message is not None:
            problems.append(said("staff.at", where=where, message=message))
    return numbers


def _number_of(department: int | str, staff: StaffFile) -> int | None:
    """Return the number of a department that is given as a number or by its name; None if no name is this one."""
    if isinstance(department, int):
        return department
    names = [alike(name) for name in staff.department_names]
    return names.index(alike(department)) if alike(department) in names else None
