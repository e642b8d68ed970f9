"""What the columns of a staff file mean.

Every mistake is reported as ``file:line:column: what is wrong, what is allowed``, all of them at once. The
columns and their forms are described in `docs/workforce.md`. What the file leaves out is drawn from the
default profile; that is done in `sim.organization.workforce`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

from sim.errors import ChangedStaffError, InputError
from sim.files import regular_content
from sim.organization.profiles import PROFILE_NAMES
from sim.organization.structure import EXECUTIVE, MIDDLE_MANAGER, NO_MANAGER, STAFF, TEAM_LEAD
from sim.staff_cells import MOST_BYTES, Problems, Table, check_filled, read_table, shown, suggestion
from sim.texts.said import said

YOUNGEST_AT_ENTRY = 13.0  # years; files often have age in whole years, so this is one below the usual 14

LIMITS = {
    "age": (14.0, 99.0),
    "tenure": (0.0, 85.0),
    "leisure_experience": (0.0, 1.0),
    "professional_experience": (0.0, 1.0),
    "segmentation": (0.0, 1.0),
    "remote_share": (0.0, 1.0),
    "trust": (0.0, 1.0),
}
DECIMALS = {"age": 1, "tenure": 1}  # all others 4, as drawn values have
COLUMNS = ("employee", "department", "team", "manager", "level", *LIMITS)
LEVELS = {
    "staff": STAFF,
    "team lead": TEAM_LEAD,
    "middle manager": MIDDLE_MANAGER,
    "executive": EXECUTIVE,
    "medewerker": STAFF,
    "teamleider": TEAM_LEAD,
    "middenmanager": MIDDLE_MANAGER,
    "directie": EXECUTIVE,
}

_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)")

# Content hash of each file (its path in full) whose content was fixed when a study was planned.
_planned: ContextVar[Mapping[str, str]] = ContextVar("planned staff", default={})  # noqa: B039 -- never written to

Name = TypeVar("Name", str, tuple[int, str])
Values = list[float | None]


@dataclass(frozen=True)
class StaffFile:
    """A staff file, in the order of the simulation: departments contiguous, teams contiguous within them.

    Attributes
    ----------
    employees : tuple of str
        The id of each employee; its place among the rows (from 1) where the file has no ids.
    numbers : dict of str to tuple
        Given values by column, None where nothing is given; `level` among them as 0 to 3.
    department_names, team_names : tuple of str
        Names in the order of their numbers; empty where the file has none.
    department_sizes, team_sizes : tuple of int or None
        Employees of each, in the same order; None where the file does not say.
    manager : tuple of int or None
        Place of the manager of each employee, -1 for nobody; None where the file does not say.
    """

    employees: tuple[str, ...]
    numbers: dict[str, tuple[float | None, ...]]
    department_names: tuple[str, ...] = ()
    department_sizes: tuple[int, ...] | None = None
    team_names: tuple[str, ...] = ()
    team_sizes: tuple[int, ...] | None = None
    manager: tuple[int, ...] | None = None

    def __len__(self) -> int:
        return len(self.employees)

    def column(self, name: str) -> np.ndarray:
        """Return the given values of a column, float64 (N,), NaN where nothing is given."""
        if name not in self.numbers:
            return np.full(len(self), np.nan)
        return np.array(self.numbers[name], dtype=np.float64)


def read_staff(path: str | os.PathLike[str]) -> StaffFile:
    """Return the staff of a CSV file; an unchanged file is read once per process.

    Within `staff_as_planned` it is the staff of the plan, or nobody's: a file that was read before is not read again,
    and one that has changed before this process came to read it is refused.

    Parameters
    ----------
    path : path
        UTF-8 text, with or without byte order mark, cells separated by commas or semicolons.

    Raises
    ------
    InputError
        If the file cannot be read or is wrong; one line for each of the first 20 mistakes.
    """
    planned = _planned.get().get(os.path.abspath(path))
    if planned is not None:
        return _read_planned(str(path), planned)
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        allowed = f"must be a CSV file, or one of the profiles {', '.join(PROFILE_NAMES)}"
        raise InputError(f"{path}: cannot read the staff file ({_reason(error)}), {allowed}") from None
    return _read_unchanged(str(path), os.path.abspath(path), status.st_mtime_ns, status.st_size)


def workforce_size(path: str | os.PathLike[str]) -> int:
    """Return the number of employees in a staff file; raises InputError like `read_staff`."""
    return len(read_staff(path))


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


@contextlib.contextmanager
def staff_as_planned(hashes: Mapping[str, str]) -> Iterator[None]:
    """Have staff files read here as they were when their `staff_hash` was taken.

    Parameters
    ----------
    hashes : mapping of str to str
        `staff_hash` of each file by its path in full. Files that are not among them are read as they are.
    """
    before = _planned.set(hashes)
    try:
        yield
    finally:
        _planned.reset(before)


def staff_hash(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a staff file's content: of now, or within `staff_as_planned` that of the plan.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    planned = _planned.get().get(os.path.abspath(path))
    return planned or hashlib.sha256(_content(str(path))).hexdigest()


def _content(path: str) -> bytes:
    try:
        return regular_content(path, MOST_BYTES)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot read the staff file ({_reason(error)})") from None


@lru_cache(maxsize=8)
def _read_planned(path: str, planned: str) -> StaffFile:
    content = _content(path)
    if hashlib.sha256(content).hexdigest() != planned:
        raise ChangedStaffError(said("refusal.staff.changed", file=path))
    return _read(path, content)


@lru_cache(maxsize=4)
def _read_unchanged(written: str, path: str, _changed: int, size: int) -> StaffFile:
    if size > MOST_BYTES:
        megabytes = f"{size / 1e6:,.0f} MB, at most {MOST_BYTES / 1e6:,.0f} MB is allowed"
        raise InputError(f"{written}: the staff file has {megabytes}")
    return _read(written, _content(path))


def _read(written: str, content: bytes) -> StaffFile:
    problems = Problems(written)
    return _interpret(read_table(content, COLUMNS, problems), problems)


def _interpret(table: Table, problems: Problems) -> StaffFile:
    """Return the staff; complains of every cell that is wrong."""
    numbers: dict[str, Values] = {
        name: _parsed(table, name, _number_reader(name), problems) for name in LIMITS if name in table.cells
    }
    if "level" in table.cells:
        numbers["level"] = _parsed(table, "level", _read_level, problems)
    if "age" in numbers and "tenure" in numbers:
        _check_tenure(table, numbers["age"], numbers["tenure"], problems)
    if "department" in table.cells:
        check_filled(table, "department", problems)
    managers = manager_rows(table, rows_by_employee(table, problems), problems)
    if managers is not None:
        check_circles(table, managers, problems)
    problems.stop_if_any()
    if managers is not None:
        no_levels: Values = [None] * len(managers)
        numbers["level"] = levels_from_lines(managers, numbers.get("level", no_levels))
    return _in_order(table, numbers, managers)


def _parsed(table: Table, name: str, read: Callable[[str], float], problems: Problems) -> Values:
    """Return the values of a column, None for empty cells and for cells complained of."""
    values: Values = []
    for line, cell in zip(table.lines, table.cells[name], strict=True):
        value = None
        if cell:
            try:
                value = read(cell)
            except ValueError as error:
                problems.add(line, table.places[name], name, str(error))
        values.append(value)
    return values


def _number_reader(name: str) -> Callable[[str], float]:
    """Return a function from the text of a cell to its value; it raises ValueError with what is wrong."""
    low, high = LIMITS[name]
    decimals = DECIMALS.get(name, 4)
    allowed = f"must be a number from {low:g} to {high:g}, or empty"

    def read(cell: str) -> float:
        if not _NUMBER.fullmatch(cell):
            share = cell.removesuffix("%").strip()
            is_share = (
                cell.endswith("%") and _NUMBER.fullmatch(share) and low <= float(share.replace(",", ".")) / 100 <= high
            )
            hint = f" (write {float(share.replace(',', '.')) / 100:g} for {cell})" if is_share else ""
            raise ValueError(f"{shown(cell)} is not a number, {allowed}{hint}")
        value = float(cell.replace(",", "."))
        if not low <= value <= high:
            raise ValueError(f"{shown(cell)} is out of range, {allowed}")
        return round(value, decimals) + 0.0  # no negative zero

    return read


def _read_level(cell: str) -> float:
    word = re.sub(r"[\s_-]+", " ", cell.lower())
    if word not in LEVELS:
        message = f"{shown(cell)} is not a level, must be one of {', '.join(LEVELS)}, or empty"
        raise ValueError(message + suggestion(word, list(LEVELS)))
    return float(LEVELS[word])


def _check_tenure(table: Table, ages: Values, tenures: Values, problems: Problems) -> None:
    for line, age, tenure in zip(table.lines, ages, tenures, strict=True):
        if age is not None and tenure is not None and tenure > age - YOUNGEST_AT_ENTRY:
            allowed = f"at most age minus {YOUNGEST_AT_ENTRY:g} is allowed"
            message = f"{tenure:g} years is too long at age {age:g}, {allowed}"
            problems.add(line, table.places["tenure"], "tenure", message)


def _in_order(table: Table, numbers: dict[str, Values], managers: Sequence[int] | None) -> StaffFile:
    """Return the staff with departments and teams contiguous, by name, and people in their own order within them."""
    n = len(table.lines)
    in_own_order = _own_order(table, numbers)
    departments, department_of = _numbered(table.cells.get("department", [""] * n))
    # Teams of one name in two departments are two teams.
    teams, team_of = _numbered(list(zip(department_of, table.cells.get("team", [""] * n), strict=True)))
    order = sorted(in_own_order, key=lambda row: team_of[row])  # teams are numbered department by department
    place_of = dict(zip(order, range(n), strict=True))
    place_of[NO_MANAGER] = NO_MANAGER
    ids = table.cells.get("employee") or [str(row + 1) for row in range(n)]
    has_departments, has_teams = "department" in table.cells, "team" in table.cells
    return StaffFile(
        employees=tuple(ids[row] for row in order),
        numbers={name: tuple(values[row] for row in order) for name, values in numbers.items()},
        department_names=tuple(departments) if has_departments else (),
        department_sizes=_sizes(department_of, order) if has_departments else None,
        team_names=tuple(team for _, team in teams) if has_teams else (),
        team_sizes=_sizes(team_of, order) if has_teams else None,
        manager=None if managers is None else tuple(place_of[managers[row]] for row in order),
    )


def _own_order(table: Table, numbers: Mapping[str, Values]) -> list[int]:
    """Return the rows in an order that is the same however the lines of the file are sorted: by id.

    Luck goes by the place in this order; lines that were sorted otherwise must not deal it anew. Without ids, people
    are shuffled by what is known of them: sorted by it, those of one age would be put into one team where the file
    names none. Those of whom the same is known are alike, so it makes no difference who of them comes first.
    """
    rows = range(len(table.lines))
    if "employee" in table.cells:
        return sorted(rows, key=table.cells["employee"].__getitem__)
    units = [table.cells[name] for name in ("department", "team") if name in table.cells]
    columns: list[Sequence[str | float | None]] = [*units, *(numbers[name] for name in sorted(numbers))]
    n_alike: dict[str, int] = {}
    places = []
    for row in rows:
        known = repr([column[row] for column in columns])
        n_alike[known] = n_alike.get(known, 0) + 1
        places.append(hashlib.blake2b(f"{known} {n_alike[known]}".encode(), digest_size=16).digest())
    return sorted(rows, key=places.__getitem__)


def _numbered(names: Sequence[Name]) -> tuple[list[Name], list[int]]:
    """Return the different names in the order of the alphabet, and the number of each row's."""
    numbers = {name: number for number, name in enumerate(sorted(set(names)))}
    return list(numbers), [numbers[name] for name in names]


def _sizes(number_of: Sequence[int], order: Sequence[int]) -> tuple[int, ...]:
    """Return how many rows have each number, in the order in which the numbers come."""
    counts: dict[int, int] = {}
    for row in order:
        counts[number_of[row]] = counts.get(number_of[row], 0) + 1
    return tuple(counts.values())


# Employee ids, managers, and the levels that follow from reporting lines.


def rows_by_employee(table: Table, problems: Problems) -> dict[str, int]:
    """Return the row of each employee id; complain of empty and double ids."""
    row_of: dict[str, int] = {}
    if "employee" not in table.cells:
        return row_of
    check_filled(table, "employee", problems)
    for row, cell in enumerate(table.cells["employee"]):
        first = row_of.setdefault(cell, row)
        if cell and first != row:
            message = f"{shown(cell)} is also in line {table.lines[first]}, must differ for each employee"
            problems.add(table.lines[row], table.places["employee"], "employee", message)
    return row_of


def manager_rows(table: Table, row_of: dict[str, int], problems: Problems) -> list[int] | None:
    """Return the row of everyone's manager, -1 for nobody, or None where the file has no managers.

    Complain of managers who are not in the file.
    """
    if "manager" not in table.cells:
        return None
    managers = []
    for row, cell in enumerate(table.cells["manager"]):
        manager = row_of.get(cell, NO_MANAGER) if cell else NO_MANAGER
        what = ""
        if manager == row:
            what, manager = "is the employee's own id", NO_MANAGER
        elif cell and manager == NO_MANAGER:
            what = "is not the id of an employee in this file"
        if what:
            message = f"{shown(cell)} {what}, must be another employee, or empty for who reports to nobody"
            problems.add(table.lines[row], table.places["manager"], "manager", message)
        managers.append(manager)
    return managers


def heights_of(managers: Sequence[int]) -> tuple[list[int], set[int]]:
    """Return everyone's longest way down to somebody without reports, and the rows for which there is no end.

    The latter are those in a circle of reporting lines and those above it.
    """
    n = len(managers)
    n_open = [0] * n  # reports whose height is not yet known
    for manager in managers:
        if manager != NO_MANAGER:
            n_open[manager] += 1
    heights = [0] * n
    ready = [row for row in range(n) if n_open[row] == 0]
    for row in ready:  # grows while it is walked
        manager = managers[row]
        if manager == NO_MANAGER:
            continue
        heights[manager] = max(heights[manager], heights[row] + 1)
        n_open[manager] -= 1
        if n_open[manager] == 0:
            ready.append(manager)
    return heights, {row for row in range(n) if n_open[row] > 0}


def levels_from_lines(managers: Sequence[int], levels: Sequence[float | None]) -> list[float | None]:
    """Return the given levels, and for empty cells the level that follows from the reporting lines.

    Nobody reports to staff; only staff report to a team lead; an executive leads and reports to nobody; all
    others who lead are middle managers.
    """
    heights, _ = heights_of(managers)
    derived: list[float | None] = []
    for level, height, manager in zip(levels, heights, managers, strict=True):
        if level is not None:
            derived.append(level)
        elif height == 0:
            derived.append(float(STAFF))
        elif manager == NO_MANAGER:
            derived.append(float(EXECUTIVE))
        else:
            derived.append(float(TEAM_LEAD if height == 1 else MIDDLE_MANAGER))
    return derived


def check_circles(table: Table, managers: Sequence[int], problems: Problems) -> None:
    """Complain of people who report to themselves through others: once for each circle, at its first line."""
    _, endless = heights_of(managers)
    while endless:
        row = min(endless)
        way: dict[int, None] = {}
        while row in endless:
            endless.discard(row)
            way[row] = None
            row = managers[row]
        if row not in way:  # led into a circle that was reported before
            continue
        rows = list(way)
        circle = rows[rows.index(row) :]
        start = circle.index(min(circle))
        circle = [*circle[start:], *circle[:start]]
        ids = [shown(table.cells["employee"][member]) for member in (*circle, circle[0])]
        chain = " > ".join(ids if len(ids) <= 6 else [*ids[:4], "...", ids[-1]])
        message = f"reports to itself ({chain}), must lead to somebody who reports to nobody"
        problems.add(table.lines[circle[0]], table.places["manager"], "manager", message)


# Whether a scenario fits the staff file it names: the file decides how many people and departments there are.


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
