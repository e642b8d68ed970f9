"""From the bytes of a CSV file to cells by column, with a message for everything that is wrong."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.errors import InputError

MOST_BYTES = 500_000_000
MOST_EMPLOYEES = 2_000_000
MOST_MESSAGES = 20
NEEDED_BESIDE = {"team": "department", "manager": "employee"}

_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # written by spreadsheets as a first line

Row = tuple[int, list[str]]  # the line it starts on, its cells


@dataclass
class Problems:
    """What is wrong with a file, by line and place of the column."""

    path: str
    found: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, line: int, place: int, column: str, message: str) -> None:
        """Add one problem; `column` may be empty where it is about the whole line."""
        where = f"{self.path}:{line}:{column}" if column else f"{self.path}:{line}"
        self.found.append((line, place, f"{where}: {message}"))

    def stop_if_any(self) -> None:
        """Raise InputError with the first messages, in the order of the file."""
        if not self.found:
            return
        lines = [message for _, _, message in sorted(self.found)]
        n_more = len(lines) - MOST_MESSAGES
        if n_more > 0:
            lines = [*lines[:MOST_MESSAGES], f"{self.path}: and {n_more} more"]
        raise InputError(lines)


@dataclass(frozen=True)
class Table:
    """The cells of a file as text.

    Attributes
    ----------
    lines : list of int
        Line of each row below the column names.
    cells : dict of str to list of str
        Cells by column, without spaces around them; columns without any filled cell are left out.
    places : dict of str to int
        Place of each column in the file, from 0.
    """

    lines: list[int]
    cells: dict[str, list[str]]
    places: dict[str, int]


def shown(cell: str) -> str:
    """Return a cell as it is shown in a message: quoted, and cut if long."""
    return repr(cell if len(cell) <= 40 else cell[:37] + "...")


def suggestion(word: str, allowed: Sequence[str]) -> str:
    """Return a question for what was probably meant, or nothing."""
    close = difflib.get_close_matches(word, allowed, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def check_filled(table: Table, name: str, problems: Problems) -> None:
    """Complain of each empty cell of a column."""
    for line, cell in zip(table.lines, table.cells[name], strict=True):
        if not cell:
            problems.add(line, table.places[name], name, "empty, must be filled in every line or in none")


def read_table(content: bytes, columns: Sequence[str] | None, problems: Problems) -> Table:
    """Return the cells of a file.

    Parameters
    ----------
    content : bytes
        The file.
    columns : sequence of str or None
        Names that columns may have, of which one of ``age`` and ``employee`` must be there; None where this is looked
        at elsewhere.
    problems : Problems
        Holds the path.

    Raises
    ------
    InputError
        If the bytes are no CSV text, columns have other names, or rows have other lengths.
    """
    rows = _rows(_text(content, problems.path), problems.path)
    header_line, header = rows[0]
    names = _column_names(header, header_line, columns, problems)
    problems.stop_if_any()
    _check_rows(rows, len(names), problems)
    problems.stop_if_any()
    cells = {
        name: [cell.strip() for cell in column]
        for name, column in zip(names, zip(*(row for _, row in rows[1:]), strict=True), strict=True)
    }
    table = Table(
        lines=[line for line, _ in rows[1:]],
        cells={name: column for name, column in cells.items() if any(column)},
        places={name: place for place, name in enumerate(names)},
    )
    for name, needed in NEEDED_BESIDE.items():
        if name in table.cells and needed not in table.cells:
            problems.add(header_line, table.places[name], name, f"must have the column {needed} beside it")
    problems.stop_if_any()
    return table


def _text(content: bytes, path: str) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{path}:1: UTF-16 text, must be UTF-8; save it as 'CSV UTF-8'")
    if b"\0" in content:
        raise InputError(f"{path}:1: binary data, must be a CSV text file; save the sheet as 'CSV UTF-8'")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{content[error.start]:02x} is not UTF-8 text"
        raise InputError(f"{path}:{line}: {what}; save it as 'CSV UTF-8'") from None


def _rows(text: str, path: str) -> list[Row]:
    """Return the rows that are not blank, at least one."""
    stream = io.StringIO(text, newline="")
    first, n_read = "", 0
    for n_read, first in enumerate(stream, start=1):  # noqa: B007
        if first.strip():
            break
    if not first.strip():
        raise InputError(f"{path}: empty file, must have a line of column names and a line for each employee")
    marked = _SEPARATOR_LINE.fullmatch(first.strip())
    if marked is None:
        stream.seek(0)
        delimiter, n_read = _delimiter(first, n_read, path), 0
    else:
        delimiter = marked.group(1)
        if delimiter not in ",;":
            raise InputError(f"{path}:{n_read}: separator {delimiter!r}, must be a comma or a semicolon")
    rows = _split(stream, delimiter, n_read, path)
    if not rows:
        raise InputError(f"{path}:{n_read}: no line with column names below it")
    return rows


def _delimiter(first: str, line: int, path: str) -> str:
    if "\t" in first and not {",", ";"} & set(first):
        raise InputError(f"{path}:{line}: cells separated by tabs, must be separated by commas or semicolons")
    return ";" if first.count(";") > first.count(",") else ","


def _split(stream: io.StringIO, delimiter: str, n_before: int, path: str) -> list[Row]:
    """Return the rows of the rest of `stream`, which comes after `n_before` lines."""
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    rows = []
    line = n_before + 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = n_before + reader.line_num + 1
    except csv.Error as error:
        what = f"cannot be split into cells ({error}); check the quotation marks"
        raise InputError(f"{path}:{line}: {what}") from None
    return rows


def _column_names(header: list[str], line: int, columns: Sequence[str] | None, problems: Problems) -> list[str]:
    names = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in header]
    if columns is None:
        return names
    for place, (name, written) in enumerate(zip(names, header, strict=True)):
        if name not in columns:
            column = shown(written.strip())[1:-1] or f"column {place + 1}"
            message = f"unknown column, allowed are {', '.join(columns)}{suggestion(name, columns)}"
            problems.add(line, place, column, message)
        elif name in names[:place]:
            problems.add(line, place, name, "column given twice, must be given once")
    if not {"age", "employee"} & set(names):
        problems.add(line, len(names), "", "neither a column age nor a column employee, must have one of them")
    return names


def _check_rows(rows: list[Row], n_columns: int, problems: Problems) -> None:
    header_line = rows[0][0]
    n = len(rows) - 1
    if n == 0:
        problems.add(header_line, 0, "", "no employees below the column names, must be at least one")
    if n > MOST_EMPLOYEES:
        problems.add(header_line, 0, "", f"{n:,} employees, at most {MOST_EMPLOYEES:,} are allowed")
    for line, row in rows[1:]:
        if len(row) != n_columns:
            problems.add(line, 0, "", f"{len(row)} cells, must be {n_columns}, one for each column name")
