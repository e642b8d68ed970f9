"""Whether a scenario fits the staff file it names: the file decides how many people and departments there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.organization.importing.staff import StaffFile, read_staff
from sim.staff_cells import suggestion

MOST_NAMED = 8
LARGEST_EVERYONE = 5000  # employees who can all know each other


def fitted_to_staff(resolved: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resolved scenario whose numbers of people and departments are those of its staff file.

    Parameters
    ----------
    resolved : mapping
        A scenario with all values filled in; ``organization.workforce`` names a file.

    Raises
    ------
    InputError
        If the file cannot be read as staff, or the scenario asks for a department that it does not have, or for
        contacts among more people than can all know each other.
    """
    organization = resolved["organization"]
    path = organization["workforce"]
    staff = read_staff(path)
    n_departments = len(staff.department_sizes) if staff.department_sizes else organization["departments"]
    n_departments = min(n_departments, len(staff))
    problems: list[str] = []
    waves = resolved["launch"]["waves"]
    pilot = waves["pilot"] if isinstance(waves, Mapping) else ()
    numbers = _numbers_of(pilot, staff, n_departments, f"{path}: launch.waves.pilot", problems)
    changes = []
    for position, change in enumerate(resolved.get("changes") or []):
        where = f"{path}: changes[{position}].departments"
        named = _numbers_of(change.get("departments") or (), staff, n_departments, where, problems)
        changes.append({**change, "departments": named} if change.get("departments") else change)
    if organization["contacts"]["everyone"] and len(staff) > LARGEST_EVERYONE:
        problems.append(
            f"{path}: organization.contacts.everyone: is for up to {LARGEST_EVERYONE} employees, "
            f"but the file has {len(staff)}"
        )
    if problems:
        raise InputError(problems)
    fitted = {**resolved}
    if isinstance(waves, Mapping):
        fitted["launch"] = {**resolved["launch"], "waves": {**waves, "pilot": numbers}}
    if resolved.get("changes"):
        fitted["changes"] = changes
    known = {"employees": len(staff), "departments": n_departments, **_recorded(staff)}
    return {**fitted, "organization": {**organization, **known}}


def _numbers_of(
    named: Sequence[int | str], staff: StaffFile, n_departments: int, where: str, problems: list[str]
) -> list[int]:
    """Return the numbers of some departments of the file; add to `problems` which are not there, or there twice."""
    numbers: list[int] = []
    for department in named:
        number = _number_of(department, staff)
        if number is None:
            names = staff.department_names or ("-",)
            problems.append(
                f"{where}: there is no department {department!r} in the file, which has "
                f"{', '.join(names[:MOST_NAMED])}{', ...' if len(names) > MOST_NAMED else ''}"
                f"{suggestion(str(department), list(staff.department_names))}"
            )
        elif number >= n_departments:
            problems.append(
                f"{where}: there is no department {number}, "
                f"allowed are 0 to {n_departments - 1} ({n_departments} departments in the file)"
            )
        elif number in numbers:
            problems.append(f"{where}: department {department!r} is there twice")
        else:
            numbers.append(number)
    return numbers


def _number_of(department: int | str, staff: StaffFile) -> int | None:
    """Return the number of a department that is given as a number or by its name; None if no name is this one."""
    if isinstance(department, int):
        return department
    names = staff.department_names
    return names.index(department) if department in names else None


def _recorded(staff: StaffFile) -> dict[str, float]:
    """Return the settings that a filled column has taken the place of, as its people have them."""
    recorded = {}
    trust, remote = staff.column("trust"), staff.column("remote_share")
    if not np.isnan(trust).any():
        recorded["trust"] = round(float(trust.mean()), 4)
    if not np.isnan(remote).any():  # the share of staff who ever work remotely
        recorded["remote_share"] = round(float((remote > 0.0).mean()), 4)
    return recorded
