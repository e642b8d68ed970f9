"""From the bytes of a file to rows of cells: CSV as spreadsheets and HR systems write it, and their own workbooks."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.texts.said import Said, Whole, said

MOST_BYTES = 500_000_000
MOST_UNPACKED = 2_000_000_000
DELIMITERS = ",;\t|"
_LOOKED_AT = 40  # rows among which the column names are sought, below titles
_SEPARATOR_LINE = re.compile(r"\ufeff?sep=(.)\s*", re.IGNORECASE)  # written by spreadsheets as a first line
_AS_FORMULA = re.compile(r'="(.*)"', re.DOTALL)  # how a spreadsheet is kept from making a number of an id
_SPECIAL = "=\u200b\ufeff"  # without these signs, cleaning a cell is to strip it
_IN_TAGS = re.compile(rb"\s*(<!doctype html|<html|<table|<\?xml)", re.IGNORECASE)

Row = tuple[int, Sequence[str]]  # the line or row of the sheet it starts on, its cells
Score = Callable[[Sequence[str]], int]


class Sheet(NamedTuple):
    """The cells of a file.

    Attributes
    ----------
    header : tuple
        Line and cells of the column names.
    rows : list of tuple
        Line and cells of each row below that is not blank.
    notes : list of Said
        What was done to read it.
    """

    header: Row
    rows: list[Row]
    notes: list[Said]


def read_sheet(content: bytes, file: str, score: Score) -> Sheet:
    """Return the cells of a CSV file or workbook.

    Parameters
    ----------
    content : bytes
        The file.
    file : str
        What messages call it.
    score : callable
        How many cells of a row are names of columns that we know: of the first rows, that with most is the header.

    Raises
    ------
    InputError
        If the bytes are no table.
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
        return list(_split(text, marked.group(1), n_before, file))
    start = "".join(line for line, _ in zip(io.StringIO(text, newline=""), range(_LOOKED_AT), strict=False))
    return list(_split(text, _delimiter(start, score), 0, file))


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


def _delimiter(start: str, score: Score) -> str:
    """Return what separates the cells: that which makes most names of columns of a row, then most cells."""

    def merit(delimiter: str) -> tuple[int, int]:
        rows = list(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter))
        return max((score(row) for row in rows), default=0), max(map(len, rows), default=0)

    return max(DELIMITERS, key=merit)


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
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _refused(file, "staff.workbook") from None
    if is_encrypted:
        raise _refused(file, "staff.password")
    if unpacked > MOST_UNPACKED:
        raise _refused(
            file, "staff.too_large", size=Whole(unpacked // 1_000_000), most=Whole(MOST_UNPACKED // 1_000_000)
        )


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
