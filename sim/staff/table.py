"""Which column of a file is what, and what is wrong with its cells: by row and column, all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sim.errors import InputError
from sim.staff.cells import WrongCell, is_empty
from sim.staff.names import column_meant, column_of, dialect_of, known_columns, letters, meaning_of, suggestion, tidy
from sim.staff.sheet import Row, read_sheet
from sim.texts.said import Said, Whole, said

MOST_EMPLOYEES = 2_000_000
MOST_MESSAGES = 20
MOST_ALIKE = 5  # messages of one kind about one column
TELL_OF_PEOPLE = ("employee", "email", "name", "age", "birth_date", "birth_year", "department")
NEEDED_BESIDE = {"team": ("department",), "manager": ("employee", "email", "name")}
ABOUT_WHO = frozenset({"employee", "email", "name", "manager"})
NAMES = frozenset({"department", "team", "job"})

Values = list[float | None]


@dataclass
class Problems:
    """What is wrong with a file, by line and place of the column."""

    file: str
    found: list[tuple[int, int, int, Said]] = field(default_factory=list)

    def add(self, line: int, place: int, column: str, message: Said) -> None:
        """Add one problem; `column` may be empty where it is about the whole line."""
        where = f"{self.file}:{line}:{column}" if column else f"{self.file}:{line}"
        self.found.append((line, place, len(self.found), said("staff.at", where=where, message=message)))

    def add_of_column(self, table: Table, name: str, wrong: Sequence[tuple[int, Said]], n_filled: int) -> None:
        """Add what is wrong with cells of a column, by line: one problem where it is the same with all of them."""
        place, header = table.places[name], table.headers[name]
        by_kind: dict[str, list[tuple[int, Said]]] = {}
        for line, message in wrong:
            by_kind.setdefault(message.key, []).append((line, message))
        for alike in by_kind.values():
            line, message = alike[0]
            if len(alike) == n_filled > 1:
                message = said("staff.all_alike", n=Whole(len(alike)), line=line, message=message)
                self.add(table.header_line, place, header, message)
                continue
            for line, message in alike[:MOST_ALIKE]:
                self.add(line, place, header, message)
            others = [line for line, _ in alike[MOST_ALIKE:]]
            if others:
                rows = ", ".join(map(str, others[:MOST_ALIKE])) + (", ..." if len(others) > MOST_ALIKE else "")
                self.add(others[0], place, header, said("staff.more_alike", n=Whole(len(others)), rows=rows))

    def stop_if_any(self) -> None:
        """Raise InputError with the first messages, in the order of the file."""
        if not self.found:
            return
        lines: list[Said] = [message for *_, message in sorted(self.found, key=lambda one: one[:3])]
        n_more = len(lines) - MOST_MESSAGES
        if n_more > 0:
            more = said("staff.at", where=self.file, message=said("staff.more", n=Whole(n_more)))
            lines = [*lines[:MOST_MESSAGES], more]
        raise InputError(lines)


@dataclass(frozen=True)
class Table:
    """The cells of the columns that are read, as text without spaces around it.

    Attributes
    ----------
    lines : list of int
        Line of each row below the column names.
    cells : dict of str to list of str
        Cells by our name of the column; columns without any filled cell are left out.
    places, headers : dict
        Place in the file, from 0, and name in the file of each column.
    header_line : int
        Line of the column names.
    ignored : tuple of str
        Names of columns that nothing is read of.
    dialect : str
        Whose export it looks like; empty where none stands out.
    notes : list of Said
        What was done to read it.
    """

    lines: list[int]
    cells: dict[str, list[str]]
    places: dict[str, int]
    headers: dict[str, str]
    header_line: int
    ignored: tuple[str, ...]
    dialect: str
    notes: list[Said]

    def __len__(self) -> int:
        return len(self.lines)

    def rows(self, kept: Sequence[int]) -> Table:
        """Return the table of some rows."""
        if len(kept) == len(self):
            return self
        cells = {name: [column[row] for row in kept] for name, column in self.cells.items()}
        return replace(self, lines=[self.lines[row] for row in kept], cells=cells)

    def is_plain(self, name: str) -> bool:
        """Return whether a column has our own name for it, so that what stands in it can only be meant for it."""
        return letters(self.headers[name]) == letters(name)

    def parsed(
        self, name: str, read: Callable[[str], Any], problems: Problems, says_nothing: Callable[[str], bool] = is_empty
    ) -> list[Any]:
        """Return the values of a column, None for cells that say nothing and for cells complained of."""
        column = self.cells[name]
        values: dict[str, Any] = {}
        messages: dict[str, Said] = {}
        for cell in set(column):  # most cells say what others say, too
            values[cell] = None
            if not says_nothing(cell):
                try:
                    values[cell] = read(cell)
                except WrongCell as error:
                    messages[cell] = error.message
        if messages:
            wrong = [(line, messages[cell]) for line, cell in zip(self.lines, column, strict=True) if cell in messages]
            problems.add_of_column(self, name, wrong, sum(not says_nothing(cell) for cell in column))
        return [values[cell] for cell in column]


def read_table(content: bytes, mapping: Mapping[str, str | None], problems: Problems) -> Table:
    """Return the cells of a file whose columns we know.

    Parameters
    ----------
    content : bytes
        A CSV file or a workbook.
    mapping : mapping
        The name in the file of some columns, by our name; None for a column that is not to be read.
    problems : Problems
        Holds what messages call the file.

    Raises
    ------
    InputError
        If the bytes are no table, no column is one that we know, or rows have other lengths.
    """
    meant = {letters(header): name for name, header in mapping.items() if header}

    def column_at(cell: str) -> str:
        found = column_of(cell)
        name = meant.get(letters(cell)) or (found[0] if found else "")
        return name if mapping.get(name, "") is not None else ""

    sheet = read_sheet(content, problems.file, lambda cells: sum(bool(cell and column_at(cell)) for cell in cells))
    header_line, header = sheet.header
    header = [tidy(cell) for cell in header]
    _check_mapping(mapping, header, header_line, problems)
    places = _chosen(header, column_at, meant, header_line, problems)
    ignored = tuple(
        cell for place, cell in enumerate(header) if cell and place not in places.values() and not column_at(cell)
    )
    if not set(TELL_OF_PEOPLE) & set(places):
        problems.add(header_line, len(header), "", _nothing_known(ignored if places else ()))
    problems.stop_if_any()
    n_columns = max((place + 1 for place, cell in enumerate(header) if cell), default=0)
    rows = [row for row in sheet.rows if not _is_about_others(row[1])]
    _check_rows(rows, n_columns, header_line, problems)
    problems.stop_if_any()
    notes = list(sheet.notes)
    if len(rows) < len(sheet.rows):
        notes.append(said("staff.note.totals", n=len(sheet.rows) - len(rows)))
    columns = list(zip(*(row for _, row in rows), strict=False))  # no row is shorter than the header
    cells = {name: list(columns[place]) for name, place in places.items()}
    filled = {name: column for name, column in cells.items() if any(column)}
    for name, needed in NEEDED_BESIDE.items():
        if name in filled and not set(needed) & set(filled):
            message = said("staff.needs_beside", column=needed[0])
            problems.add(header_line, places[name], header[places[name]], message)
    problems.stop_if_any()
    unread = [cell for name, place in places.items() if name not in filled for cell in [header[place]]]
    if unread:
        notes.append(said("staff.note.empty_columns", names=", ".join(unread)))
    twins = _twins(header, places, column_at)
    if twins:
        notes.append(said("staff.note.twins", names=", ".join(twins)))
    return Table(
        lines=[line for line, _ in rows],
        cells=filled,
        places=places,
        headers={name: header[place] for name, place in places.items()},
        header_line=header_line,
        ignored=ignored,
        dialect=dialect_of(header),
        notes=notes,
    )


def _nothing_known(others: Sequence[str]) -> Said:
    """Return the message for a file without a column that tells of people; what may be data is not shown."""
    columns = ", ".join(("employee", "age", "birth_date", "department"))
    named = said("staff.there_are", names=", ".join(others)) if others else ""
    return said("staff.nothing_known", columns=columns, there=named)


def _check_mapping(mapping: Mapping[str, str | None], header: Sequence[str], line: int, problems: Problems) -> None:
    there = {letters(cell) for cell in header}
    for name, written in mapping.items():
        if written and letters(written) not in there:
            hint = suggestion(written, [cell for cell in header if cell])
            maybe = said("staff.maybe", word=hint) if hint else ""
            problems.add(line, 0, f"columns.{name}", said("staff.no_column", name=tidy(written), maybe=maybe))


def _chosen(
    header: Sequence[str],
    column_at: Callable[[str], str],
    meant: Mapping[str, str],
    line: int,
    problems: Problems,
) -> dict[str, int]:
    """Return the place of each column that is read: of several of one kind the one asked for, or named first."""
    best: dict[str, tuple[int, int]] = {}
    for place, cell in enumerate(header):
        name = column_at(cell)
        if not cell or not name:
            continue
        found = column_of(cell)
        is_asked = meant.get(letters(cell)) == name
        rank = -2 if is_asked else -1 if letters(cell) == letters(name) else found[1] if found else 0
        if name in best and best[name][0] == rank:
            problems.add(line, place, cell, said("staff.column_twice"))
        elif name not in best or rank < best[name][0]:
            best[name] = (rank, place)
    return {name: best[name][1] for name in known_columns() if name in best}


def _twins(header: Sequence[str], places: Mapping[str, int], column_at: Callable[[str], str]) -> list[str]:
    """Return the names of columns that are not read since another of their kind is."""
    return [cell for place, cell in enumerate(header) if cell and column_at(cell) and place not in places.values()]


def _is_about_others(cells: Sequence[str]) -> bool:
    """Return whether a row is about all others: a total, a source; few cells, the first of which says so."""
    first = next(cell for cell in cells if cell)
    if not first[0].isalnum():
        return all(set(cell) <= set("-=_+| ") for cell in cells)
    return len(cells) - cells.count("") <= 3 and bool(meaning_of("total", first.split(":")[0])) and not column_of(first)


def _check_rows(rows: Sequence[Row], n_columns: int, header_line: int, problems: Problems) -> None:
    if not rows:
        problems.add(header_line, 0, "", said("staff.no_employees"))
    if len(rows) > MOST_EMPLOYEES:
        message = said("staff.too_many", n=Whole(len(rows)), most=Whole(MOST_EMPLOYEES))
        problems.add(header_line, 0, "", message)
    wrong = [(line, len(row)) for line, row in rows if len(row) < n_columns or any(row[n_columns:])]
    lengths = Counter(n for _, n in wrong)
    if len(wrong) == len(rows) > 1 and len(lengths) == 1:
        message = said("staff.cells_all", n=next(iter(lengths)), n_rows=Whole(len(rows)), n_columns=n_columns)
        problems.add(header_line, 0, "", message)
        return
    for line, n in wrong:
        problems.add(line, 0, "", said("staff.cells", n=n, n_columns=n_columns))


def meant_by_ignored(ignored: Sequence[str]) -> list[tuple[str, str]]:
    """Return the ignored names that are nearly those of a column that we know, each with our name for it."""
    return [(header, column_meant(header)) for header in ignored if column_meant(header)]
