"""Employee ids, managers, and the levels that follow from reporting lines."""

from __future__ import annotations

from collections.abc import Sequence

from sim.organization.structure import EXECUTIVE, MIDDLE_MANAGER, NO_MANAGER, STAFF, TEAM_LEAD
from sim.staff_cells import Problems, Table, check_filled, shown


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
