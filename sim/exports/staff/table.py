"""From the bytes of a file to columns: CSV as spreadsheets and HR systems write it, and their own workbooks.

Which column is what, and what is wrong with its cells: by row and column, all at once.
"""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.exports.staff.cells import (
    WrongCell,
    column_meant,
    column_of,
    dialect_of,
    is_empty,
    is_no_name,
    known_columns,
    letters,
    meaning_of,
    suggestion,
    tidy,
)
from sim.words import Said, Whole, said

MOST_BYTES = 500_000_000
MOST_UNPACKED = 2_000_000_000
MOST_CELLS = 50_000_000  # of a sheet, with all empty ones between: they take 32 bytes each where it is read
DELIMITERS = ",;\t|"
_LOOKED_AT = 40  # rows among which the column names are sought, below titles
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=(.)\s*", re.IGNORECASE)  # written by spreadsheets as a first line
_AS_FORMULA = re.compile(r'="(.*)"', re.DOTALL)  # how a spreadsheet is kept from making a number of an id
_SPECIAL = "=\u200b\ufeff"  # without these signs, cleaning a cell is to strip it
_SHEET_ERROR = re.compile(r"#(N/[AB]|[A-Z]+/0!|[A-Z]+[!?]|#+)")  # in English and Dutch; or the column is too narrow
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_FILLED_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"(?:[^>]*[^/])?>')
_IN_TAGS = re.compile(rb"\s*(<!doctype html|<html|<table|<\?xml)", re.IGNORECASE)

Row = tuple[int, Sequence[str]]  # the line or row of the sheet it starts on, its cells
Score = Callable[[Sequence[str]], int]


class Sheet(NamedTuple):
    """The cells of a file."""

    header: Row  # line and cells of the column names
    rows: list[Row]  # line and cells of each row below that is not blank
    notes: list[Said]  # what was done to read it


def read_sheet(content: bytes, file: str, score: Score) -> Sheet:
    """Return the cells of a CSV file or workbook, which messages call `file`; InputError if the bytes are no table.

    `score` says how many cells of a row are names of columns that we know: of the first rows, that with most is the
    header.
    """
    notes: list[Said] = []
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0":
        rows = _from_workbook(content, file, score, notes)
    else:
        rows = _from_text(content, file, score, notes)
    if not rows:
        raise InputError(said("staff.at", where=file, message=said("staff.empty_file")))
    place = _header_place(rows, score)
    if place:
        notes.append(said("staff.note.titles", n=place))
    return Sheet(rows[place], rows[place + 1 :], notes)


def _header_place(rows: Sequence[Row], score: Score) -> int:
    """Return the place of the row that has most names of columns, the first of equals."""
    scores = [score(cells) for _, cells in rows[:_LOOKED_AT]]
    return scores.index(max(scores))


def _refused(file: str, key: str, line: int = 0, /, **values: Any) -> InputError:
    where = f"{file}:{line}" if line else file
    return InputError(said("staff.at", where=where, message=said(key, **values)))


# --- text -----------------------------------------------------------------------------------------------------------


def _from_text(content: bytes, file: str, score: Score, notes: list[Said]) -> list[Row]:
    text = _decoded(content, file, notes)
    n_before = 0
    marked = None
    for line in io.StringIO(text, newline=""):
        if line.strip():
            marked = _SEPARATOR_LINE.fullmatch(line.strip())
            break
        n_before += 1
    if marked is not None:
        rest = text.split("\n", n_before + 1)
        text, n_before = rest[-1] if len(rest) == n_before + 2 else "", n_before + 1
        if not text.strip():
            raise _refused(file, "staff.no_header_below", n_before)
    start = "".join(line for line, _ in zip(io.StringIO(text, newline=""), range(_LOOKED_AT), strict=False))
    named = marked.group(1) if marked is not None else ""
    return list(_split(text, _delimiter(start, score, named), n_before if named else 0, file))


def _decoded(content: bytes, file: str, notes: list[Said]) -> str:
    """Return the text of a file in any encoding that HR systems and spreadsheets write."""
    if _IN_TAGS.match(content):
        raise _refused(file, "staff.web_page", 1)
    encoding = "utf-8-sig"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif b"\0" in content[:2000]:  # UTF-16 without a mark: most signs have a zero byte before or behind them
        first, second = (content[start:2000:2].count(0) for start in (0, 1))
        half = len(content[:2000]) / 4
        encoding = "utf-16-le" if second > half > first else "utf-16-be" if first > half > second else ""
    try:
        text = content.decode(encoding) if encoding else "\0"
    except UnicodeDecodeError as error:
        if encoding != "utf-8-sig":
            raise _refused(file, "staff.cut_short") from None
        text, encoding = _decoded_as_windows(content, error.start, file), "cp1252"
    if "\0" in text:
        raise _refused(file, "staff.binary", 1)
    if encoding == "cp1252":
        notes.append(said("staff.note.encoding"))
    return text


def _decoded_as_windows(content: bytes, first: int, file: str) -> str:
    if first > len(content) - 4:  # the last sign of UTF-8 is not whole: the end of the file is missing
        raise _refused(file, "staff.cut_short", content.count(b"\n") + 1)
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(file, "staff.no_encoding", line, byte=hex(content[error.start])) from None


def _delimiter(start: str, score: Score, named: str) -> str:
    """Return what separates the cells: that which makes most names of columns of a row, then what is named or most."""

    def merit(delimiter: str) -> tuple[int, bool, int]:
        rows: list[list[str]] = []
        with contextlib.suppress(csv.Error):  # said where the whole is split
            rows += csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
        return max(map(score, rows), default=0), delimiter == named, max(map(len, rows), default=0)

    return max(dict.fromkeys([*DELIMITERS, *named]), key=merit)


def _split(text: str, delimiter: str, n_before: int, file: str) -> Iterator[Row]:
    """Yield the rows that are not blank of a text that comes after `n_before` lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = n_before + 1
    clean: Callable[[str], str] = _cell if any(sign in text for sign in _SPECIAL) else str.strip
    try:
        for row in reader:
            cells = tuple(map(clean, row))  # tuples of text are nothing that the garbage collector walks through
            if any(cells):
                yield line, cells
            line = n_before + reader.line_num + 1
    except csv.Error as error:
        raise _refused(file, "staff.quotes", line, reason=str(error)) from None


def _cell(cell: str) -> str:
    cell = cell.strip().strip("\u200b\ufeff")
    formula = _AS_FORMULA.fullmatch(cell) if cell[:1] == "=" else None
    return formula.group(1).strip() if formula else cell


# --- workbooks --------------------------------------------------------------------------------------------------------


def _from_workbook(content: bytes, file: str, score: Score, notes: list[Said]) -> list[Row]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    _refuse_bombs(content, file)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        sheets = {name: _rows_of_sheet(book.get_sheet_by_name(name)) for name in names}
    except PasswordError:
        raise _refused(file, "staff.password") from None
    except (CalamineError, OSError, ValueError, KeyError):
        raise _refused(file, "staff.workbook") from None
    filled = {name: rows for name, rows in sheets.items() if rows}
    if not filled:
        return []
    merit = {name: max(score(cells) for _, cells in rows[:_LOOKED_AT]) for name, rows in filled.items()}
    best = max(filled, key=lambda name: merit[name])
    others = sum(1 for name in filled if name != best and merit[name] > 1)
    if others:
        notes.append(said("staff.note.sheets", place=names.index(best) + 1, n=others))
    return filled[best]


def _refuse_bombs(content: bytes, file: str) -> None:
    if content[:2] != b"PK":
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            is_encrypted = any(member.flag_bits & 1 for member in archive.infolist())
            far = None if is_encrypted or unpacked > MOST_UNPACKED else _far_cell(archive)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _refused(file, "staff.workbook") from None
    if far is not None:
        raise _refused(file, "staff.far_cell", column=far[0], row=Whole(far[1]))
    if is_encrypted:
        raise _refused(file, "staff.password")
    if unpacked > MOST_UNPACKED:
        raise _refused(
            file, "staff.too_large", size=Whole(unpacked // 1_000_000), most=Whole(MOST_UNPACKED // 1_000_000)
        )


def _far_cell(archive: zipfile.ZipFile) -> tuple[str, int] | None:
    """Return the corner (column, row) of a sheet that is too large to be read, since a cell lies far from others."""
    for name in archive.namelist():
        if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            continue
        with archive.open(name) as sheet:
            start = sheet.read(10_000)
            told = _DIMENSION.search(start)
            if told and _n_cells(*told.groups()) <= MOST_CELLS:
                continue
            # What is told may have cells with a color and nothing else, which are not read.
            found = [(len(column), column, int(row)) for column, row in _FILLED_CELL.findall(start + sheet.read())]
        _, column, _ = max(found, default=(1, b"A", 1))
        row = max((row for *_, row in found), default=1)
        if _n_cells(column, row) > MOST_CELLS:
            return column.decode(), row
    return None


def _n_cells(column: bytes, row: bytes | int) -> int:
    number = 0
    for letter in column:
        number = 26 * number + letter - ord("A") + 1
    return number * int(row)


def _rows_of_sheet(sheet: Any) -> list[Row]:
    rows = ((line, [_written(cell) for cell in row]) for line, row in enumerate(sheet.to_python(False), start=1))
    return [(line, cells) for line, cells in rows if any(cells)]


def _written(value: Any) -> str:
    """Return a cell of a workbook as text: whole numbers without a point, dates as year, month and day."""
    if isinstance(value, str):
        return _cell(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(value)


MOST_EMPLOYEES = 2_000_000
MOST_MESSAGES = 20
MOST_ALIKE = 5  # messages of one kind about one column
TELL_OF_PEOPLE = ("employee", "email", "name", "age", "birth_date", "birth_year", "department")
NEEDED_BESIDE = {"team": ("department",), "manager": ("employee", "email", "name")}
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

    def add_of_column(self, table: StaffTable, name: str, wrong: Sequence[tuple[int, Said]], n_filled: int) -> None:
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
class StaffTable:
    """The cells of the columns that are read, as text without spaces around it."""

    lines: list[int]  # line of each row below the column names
    cells: dict[str, list[str]]  # cells by our name of the column; columns without any filled cell are left out
    places: dict[str, int]  # place in the file, from 0, and name in the file of each column
    headers: dict[str, str]
    header_line: int  # line of the column names
    ignored: tuple[str, ...]  # names of columns that nothing is read of
    dialect: str  # whose export it looks like; empty where none stands out
    notes: list[Said]  # what was done to read it

    def __len__(self) -> int:
        return len(self.lines)

    def rows(self, kept: Sequence[int]) -> StaffTable:
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


def read_table(content: bytes, mapping: Mapping[str, str | None], problems: Problems) -> StaffTable:
    """Return the cells of a file whose columns we know.

    `mapping` has the name in the file of some columns, by our name; None for a column that is not to be read.

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
    cells = {
        name: ["" if is_no_name(cell) else cell for cell in columns[place]] if name in NAMES else list(columns[place])
        for name, place in places.items()
    }
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
    table = StaffTable(
        lines=[line for line, _ in rows],
        cells=filled,
        places=places,
        headers={name: header[place] for name, place in places.items()},
        header_line=header_line,
        ignored=ignored,
        dialect=dialect_of(header),
        notes=notes,
    )
    _check_errors(table, problems)
    return table


def _check_errors(table: StaffTable, problems: Problems) -> None:
    """Complain of cells in which a spreadsheet has put a mistake of its own in the place of a value."""
    for name, column in table.cells.items():
        found = [(line, cell) for line, cell in zip(table.lines, column, strict=True) if _SHEET_ERROR.fullmatch(cell)]
        if found and name not in ("email", "name"):
            wrong = [(line, said("staff.sheet_error", value=f"'{cell[:9]}'")) for line, cell in found]
            problems.add_of_column(table, name, wrong, sum(map(bool, column)))
    problems.stop_if_any()


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
