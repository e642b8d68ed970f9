"""Who reports to whom, and the levels and teams that follow from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

from sim.exports.staff.cells import alike, id_of, is_empty, is_rounded_id, loose_id
from sim.exports.staff.table import MOST_ALIKE, Problems, StaffTable
from sim.words import Said, Whole, said

STAFF, TEAM_LEAD, MIDDLE_MANAGER, EXECUTIVE = 0, 1, 2, 3
NO_MANAGER = -1
_AMBIGUOUS = -2


class Lines(NamedTuple):
    """Reporting lines among the people who are kept."""

    managers: list[int]  # row of everyone's manager, -1 for nobody
    outside: frozenset[int]  # rows of those who report to somebody who is not in the file


def rows_in_words(lines: Sequence[int]) -> str:
    """Return some lines of a file, only the first of many."""
    return ", ".join(map(str, lines[:MOST_ALIKE])) + (", ..." if len(lines) > MOST_ALIKE else "")


def check_ids(table: StaffTable, problems: Problems) -> None:
    """Complain of empty, double and rounded ids; of row numbers alone, since no message says an id."""
    ids = table.cells["employee"]
    if all(is_rounded_id(cell) for cell in ids if cell) and any(ids):
        problems.add(table.header_line, table.places["employee"], table.headers["employee"], said("staff.rounded_ids"))
        return
    wrong: list[tuple[int, Said]] = []
    first: dict[str, int] = {}
    for line, cell in zip(table.lines, ids, strict=True):
        if not cell:
            wrong.append((line, said("staff.empty")))
        elif first.setdefault(id_of(cell), line) != line:
            wrong.append((line, said("staff.id_twice", line=first[id_of(cell)])))
    problems.add_of_column(table, "employee", wrong, len(ids))


def reporting_lines(table: StaffTable, kept: Sequence[int], problems: Problems, notes: list[Said]) -> Lines | None:
    """Return who reports to whom among the rows that are kept; None where the file has no managers.

    A manager may be named by the number, the e-mail address or the name: whichever most of them are found by. Who
    reports to somebody who has left reports to the manager of that one.
    """
    if "manager" not in table.cells:
        return None
    cells = table.cells["manager"]
    empty = {cell for cell in set(cells) if is_empty(cell) or not cell.strip("0")}  # SAP writes 00000000 for nobody
    filled = [row for row in kept if cells[row] not in empty]
    row_of = _key_to_people(table, kept, [cells[row] for row in filled])
    place_of = {row: place for place, row in enumerate(kept)}
    named = {cell: row_of(cell) for cell in set(cells) - empty}
    boss = {row: named[cell] for row, cell in enumerate(cells) if cell in named}
    own = [row for row in filled if boss[row] == row]
    unknown = [row for row in filled if boss[row] in (NO_MANAGER, _AMBIGUOUS)]
    if filled and len(unknown) == len(filled):
        wrong = [(table.lines[row], said("staff.no_manager")) for row in unknown]
        problems.add_of_column(table, "manager", wrong, len(filled))
        return None
    heads = [row for row in kept if cells[row] in empty]
    if len(own) == 1 and not heads:
        notes.append(said("staff.note.own_manager", line=table.lines[own[0]]))
    else:
        own_lines = [(table.lines[row], said("staff.own_manager")) for row in own]
        problems.add_of_column(table, "manager", own_lines, len(filled))
    if unknown:
        rows = rows_in_words([table.lines[row] for row in unknown])
        notes.append(said("staff.note.outside", n=Whole(len(unknown)), rows=rows))
    managers = []
    for row in kept:
        above = boss.get(row, NO_MANAGER)
        seen = {row}
        while above >= 0 and above not in place_of and above not in seen:
            seen.add(above)
            above = boss.get(above, NO_MANAGER)
        managers.append(place_of[above] if above >= 0 and above in place_of and above != row else NO_MANAGER)
    _check_circles(table, kept, managers, problems)
    return Lines(managers, frozenset(place_of[row] for row in unknown))


class _People:
    """Finds the row of a person by what a column says of them."""

    def __init__(self, cells: Sequence[str], kept: Sequence[int], is_name: bool) -> None:
        self._cells, self._kept = cells, kept
        self._exact: Callable[[str], str] = alike if is_name else id_of
        self._loose: Callable[[str], str] = alike if is_name else loose_id

    def _rows_by(self, key: Callable[[str], str]) -> dict[str, int]:
        there = set(self._kept)
        rows: dict[str, int] = {}
        for row in [*self._kept, *(row for row in range(len(self._cells)) if row not in there)]:
            cell = self._cells[row]
            if cell and rows.setdefault(key(cell), row) != row and row in there:
                rows[key(cell)] = _AMBIGUOUS
        return rows

    @cached_property
    def _rows(self) -> dict[str, int]:
        return self._rows_by(self._exact)

    @cached_property
    def _near(self) -> dict[str, int]:
        """Rows by what is looked at where an id itself is not there: most files need it for nobody."""
        return self._rows_by(self._loose)

    def __call__(self, cell: str) -> int:
        found = self._rows.get(self._exact(cell), NO_MANAGER)
        return found if found != NO_MANAGER else self._near.get(self._loose(cell), NO_MANAGER)


def _key_to_people(table: StaffTable, kept: Sequence[int], named: Sequence[str]) -> _People:
    """Return a finder by the column under which most of the managers named are found, the first if it finds all."""
    best, most = _People((), (), False), -1
    counts = Counter(named)
    for name in ("employee", "email", "name"):
        if name in table.cells and most < len(named):
            finder = _People(table.cells[name], kept, name == "name")
            n_found = sum(n for cell, n in counts.items() if finder(cell) >= 0)
            if n_found > most:
                best, most = finder, n_found
    return best


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


def levels_from_lines(lines: Lines, levels: Sequence[float | None]) -> list[float | None]:
    """Return the given levels, and for empty cells the level that follows from the reporting lines.

    Nobody reports to staff; only staff report to a team lead; an executive leads and reports to nobody; all
    others who lead are middle managers. Who reports to somebody outside the file is no executive.
    """
    heights, _ = heights_of(lines.managers)
    derived: list[float | None] = []
    for row, (level, height, manager) in enumerate(zip(levels, heights, lines.managers, strict=True)):
        if level is not None:
            derived.append(level)
        elif height == 0:
            derived.append(float(STAFF))
        elif manager == NO_MANAGER and row not in lines.outside:
            derived.append(float(EXECUTIVE))
        else:
            derived.append(float(TEAM_LEAD if height == 1 else MIDDLE_MANAGER))
    return derived


def leaders_of_teams(managers: Sequence[int], departments: Sequence[int]) -> list[int]:
    """Return the row of who leads everyone's team, as the reporting lines and departments tell.

    A team is those who report to one person and lead nobody themselves, with that person. Who leads leaders only is of
    the team of the manager above.
    """
    leads = set(managers) - {NO_MANAGER}
    with_staff = {
        manager
        for row, manager in enumerate(managers)
        if manager != NO_MANAGER and row not in leads and departments[row] == departments[manager]
    }
    return [
        row if row in with_staff or manager == NO_MANAGER else manager
        for row, manager in enumerate(managers)
    ]  # fmt: skip


def _check_circles(table: StaffTable, kept: Sequence[int], managers: Sequence[int], problems: Problems) -> None:
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
        lines = [str(table.lines[kept[member]]) for member in (*circle, circle[0])]
        chain = " > ".join(lines if len(lines) <= 6 else [*lines[:4], "...", lines[-1]])
        message = said("staff.circle", rows=chain)
        problems.add(table.lines[kept[circle[0]]], table.places["manager"], table.headers["manager"], message)
