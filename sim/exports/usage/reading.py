"""From a file to counts: how many people read, posted and took part in some days, whoever they were."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.exports.staff.cells import DateForm, WrongCell, date_in, form_of, letters, shown, tidy
from sim.exports.staff.files import file_name, today
from sim.exports.staff.table import MOST_BYTES, Problems, StaffTable, read_sheet
from sim.exports.usage import log_lines
from sim.exports.usage.log_lines import is_log
from sim.kernel.files import regular_content
from sim.words import Said, Whole, said

FIGURES = ("readers", "posters", "active", "members", "posts")
"""What is counted: people who read, who posted, who posted or reacted, members so far; and posts."""
LAST_WEEK = 520
_CONCEALED = re.compile(r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_FIRST_DAY = datetime.date(2005, 1, 1)
_COUNT = re.compile(r"[0-9]+(\.0+)?|[0-9]{1,3}([.,' ][0-9]{3})+")
_SHARE = re.compile(r"[0-9]+([.,][0-9]+)?\s*%?|[.,][0-9]+\s*%?")


class Count(NamedTuple):
    """How much of one figure in some days."""

    figure: str  # one of `FIGURES`
    value: float  # the count; a share of staff where `is_share`
    days: int  # days that it is about, the last of which is `end`; 0 where it is all days so far
    end: datetime.date | None = None  # last day; None where `week` says it
    week: int | None = None  # week since the launch, from 1
    is_share: bool = False
    slack: float = 0.0  # what is not known of it, as a standard deviation of its logarithm, beside what is usual
    where: str = ""  # file and line, for messages


class UsageFile(NamedTuple):
    """What a file says."""

    name: str  # the file, without its folder
    # which export it is: ``people``, ``pages``, ``groups``, ``daily``, ``joined``, ``slack``, ``mattermost``,
    # ``weeks``
    kind: str
    counts: tuple[Count, ...]  # what was counted
    # for exports that have a line a person and day: the day, and who (a number that only this reading knows), with
    # what they did, as `log_lines.Act`
    days: tuple[log_lines.Act, ...] = ()
    notes: tuple[Said, ...] = ()  # what was done to read it


@cache
def _facts() -> dict[str, Any]:
    import tomllib
    from importlib import resources

    return tomllib.loads(resources.files("sim.exports.usage").joinpath("exports.toml").read_text(encoding="utf-8"))


@cache
def _columns() -> dict[str, str]:
    found: dict[str, str] = {}
    for column, names in _facts().items():
        if column != "words":
            for name in (column, *names["graph"], *names.get("others", ())):
                found.setdefault(letters(name), column)
    return found


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(letters(word) for word in _facts()["words"][kind])


def _word(kind: str, cell: str) -> bool:
    return letters(cell) in _words(kind)


def column_of(header: str) -> str:
    """Return our name of a column, or nothing.

    Examples
    --------
    >>> column_of("Posted Count"), column_of("Last activity date (UTC)"), column_of("Shoe size")
    ('posted', 'last_activity', '')
    """
    without_unit = re.sub(r"[(\[].*?[)\]]", "", header)
    return _columns().get(letters(header)) or _columns().get(letters(without_unit)) or ""


def read_usage(path: str | os.PathLike[str]) -> UsageFile:
    """Return what a usage export says: a CSV file, workbook, or file of JSON lines.

    Raises
    ------
    InputError
        If it cannot be read or is wrong; each mistake by row and column, the first of them at once.
    """
    try:
        content = regular_content(path, MOST_BYTES)
    except (OSError, ValueError) as error:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
        message = said("usage.unreadable", reason=reason)
        raise InputError(said("staff.at", where=file_name(path), message=message)) from None
    return usage_in(content, file_name(path))


def usage_in(content: bytes, name: str) -> UsageFile:
    """Return what the bytes of a usage export say; `name` is what messages call it."""
    problems = Problems(name)
    content = log_lines.unpacked(content, problems)
    if is_log(content):
        log_kind, told, acts, notes = log_lines.read(content, name, problems)
        problems.stop_if_any()
        return UsageFile(name, log_kind, tuple(Count(*one) for one in told), acts, notes)
    table = _table(content, name, problems)
    kind = _kind(table, problems)
    problems.stop_if_any()
    readers: Mapping[str, Callable[[StaffTable, Problems], list[Count]]] = {
        "people": _people, "pages": _people, "groups": _groups, "daily": _daily, "joined": _joined, "weeks": _weeks,
    }  # fmt: skip
    counts = readers[kind](table, problems)
    problems.stop_if_any()
    return UsageFile(name, kind, tuple(counts), (), tuple(table.notes))


# --- the table --------------------------------------------------------------------------------------------------------


def _table(content: bytes, name: str, problems: Problems) -> StaffTable:
    sheet = read_sheet(content, name, lambda cells: sum(bool(cell and column_of(cell)) for cell in cells))
    line, header = sheet.header
    header = [tidy(cell) for cell in header]
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        column = column_of(cell) if cell else ""
        if column and column in places:
            problems.add(line, place, cell, said("staff.column_twice"))
        elif column:
            places[column] = place
    if not places:
        problems.add(line, 0, "", said("usage.nothing_known"))
    problems.stop_if_any()
    n_columns = max((place + 1 for place, cell in enumerate(header) if cell), default=0)
    for row_line, row in sheet.rows:
        if len(row) < n_columns or any(row[n_columns:]):
            problems.add(row_line, 0, "", said("staff.cells", n=len(row), n_columns=n_columns))
    if not sheet.rows:
        problems.add(line, 0, "", said("usage.no_rows"))
    problems.stop_if_any()
    return StaffTable(
        lines=[row_line for row_line, _ in sheet.rows],
        cells={column: [row[place] for _, row in sheet.rows] for column, place in places.items()},
        places=places,
        headers={column: header[place] for column, place in places.items()},
        header_line=line,
        ignored=tuple(cell for place, cell in enumerate(header) if cell and place not in places.values()),
        dialect="",
        notes=list(sheet.notes),
    )


def _kind(table: StaffTable, problems: Problems) -> str:
    """Return which export it is, by the columns that it has."""
    there = set(table.cells)
    acts = there & {"posted", "read", "liked"}
    kind, needed = "", set[str]()
    if "joined_at" in there:
        kind = "joined"
    elif "week" in there:
        kind = "weeks"
        if not there & {"readers", "posters", "active", "members", "posted"}:
            problems.add(table.header_line, 0, "", said("usage.no_figure"))
    elif "group" in there and "posted" in there:
        kind, needed = "groups", {"refresh_date", "period"}
    elif "report_date" in there or ("date" in there and "user" not in there):
        kind = "daily"
    elif there & {"user", "display_name"} and ("visited_pages" in there or "viewed_files" in there):
        kind, needed = "pages", {"refresh_date", "period"}
    elif there & {"user", "display_name"} and acts:
        kind, needed = "people", {"refresh_date", "period"}
    if not kind:
        problems.add(table.header_line, 0, "", said("usage.no_kind", names=", ".join(table.headers.values())))
    for column in sorted(needed - there):
        name = _facts()[column]["graph"][0]
        problems.add(table.header_line, 0, "", said("staff.needs_beside", column=name))
    return kind


# --- cells ------------------------------------------------------------------------------------------------------------


def _nothing(cell: str) -> bool:
    return _word("nothing", cell)


def count_in(cell: str) -> float:
    """Return the whole number in a cell."""
    plain = cell.strip()
    if not _COUNT.fullmatch(plain):
        raise WrongCell("usage.count", value=shown(cell))
    plain = re.sub(r"\.0+$", "", plain) if re.fullmatch(r"[0-9]+\.0+", plain) else re.sub(r"[.,' ]", "", plain)
    return float(plain)


def _day_reader(cells: Iterable[str]) -> Callable[[str], datetime.date]:
    form: DateForm = form_of(cells)
    last = today() + datetime.timedelta(days=1)

    def read(cell: str) -> datetime.date:
        try:
            found = date_in(re.sub(r"[ T].*$", "", cell.strip()), form, today())
        except WrongCell:
            found = None
        if found is None or not _FIRST_DAY <= found <= last:
            raise WrongCell("usage.day", value=shown(cell))
        return found

    return read


def _parsed(table: StaffTable, name: str, read: Callable[[str], Any], problems: Problems) -> list[Any]:
    """Return the values of a column, None for what says nothing and for what is complained of."""
    return table.parsed(name, read, problems, _nothing)


def _needed(table: StaffTable, name: str, read: Callable[[str], Any], problems: Problems) -> list[Any]:
    """Return the values of a column that must be filled in every row."""
    values = _parsed(table, name, read, problems)
    empty = [
        (line, said("usage.empty")) for line, cell in zip(table.lines, table.cells[name], strict=True) if _nothing(cell)
    ]
    if empty:
        problems.add_of_column(table, name, empty, len(values))
    return values


def _days(table: StaffTable, name: str, problems: Problems) -> list[Any]:
    return _needed(table, name, _day_reader(table.cells[name]), problems)


def _periods(table: StaffTable, problems: Problems) -> list[Any]:
    def read(cell: str) -> int:
        found = re.fullmatch(r"D?\s*([0-9]{1,3})(\s*(days?|dagen))?", cell.strip(), re.IGNORECASE)
        if not found or int(found[1]) not in (1, 7, 28, 30, 90, 180):
            raise WrongCell("usage.period", value=shown(cell))
        return int(found[1])

    return _needed(table, "period", read, problems)


# --- a line a person --------------------------------------------------------------------------------------------------


def _people(table: StaffTable, problems: Problems) -> list[Count]:
    """Count the people of a report on one period after another: Microsoft's reports on Viva Engage and SharePoint."""
    ends, periods = _days(table, "refresh_date", problems), _periods(table, problems)
    of_who = "user" if "user" in table.cells else "display_name"
    people = table.cells[of_who]
    acts = {name: _acts(table, name, ends, periods, problems) for name in _ACTS if name in table.cells}
    _tell_concealed(table, people)
    seen: dict[tuple[Any, Any, str], int] = {}
    twice = []
    reports: dict[tuple[Any, Any], list[int]] = {}
    for row, (line, end, period, who) in enumerate(zip(table.lines, ends, periods, people, strict=True)):
        key = (end, period, who.casefold())
        if who and key in seen:
            twice.append((line, said("usage.person_twice", line=seen[key])))
        seen.setdefault(key, line)
        reports.setdefault((end, period), []).append(row)
    if twice:
        problems.add_of_column(table, of_who, twice, len(people))
    if problems.found:
        return []
    counts: list[Count] = []
    for (end, period), rows in reports.items():
        where = f"{problems.file}:{table.lines[rows[0]]}"

        def add(figure: str, value: float, at: tuple[Any, int, str] = (end, period, where)) -> None:
            counts.append(Count(figure, value, at[1], end=at[0], where=at[2]))

        done = {name: [values[row] for row in rows] for name, values in acts.items()}
        reading = done.get("read") or done.get("visited_pages") or done.get("viewed_files")
        if reading:
            add("readers", sum(one > 0 for one in reading))
        if "posted" in done:
            add("posters", sum(one > 0 for one in done["posted"]))
            add("posts", sum(done["posted"]))
            if "liked" in done:
                add("active", sum(a > 0 or b > 0 for a, b in zip(done["posted"], done["liked"], strict=True)))
    return counts


_ACTS = ("posted", "read", "liked", "visited_pages", "viewed_files")


def _acts(table: StaffTable, name: str, ends: Sequence[Any], periods: Sequence[Any], problems: Problems) -> list[float]:
    """Return how often each person did something; an empty cell is nothing done only where nothing was of late."""
    values = _parsed(table, name, count_in, problems)
    lately: list[Any] = [None] * len(values)
    if "last_activity" in table.cells:
        lately = _parsed(table, "last_activity", _day_reader(table.cells["last_activity"]), Problems(problems.file))
    empty = []
    nothing = {cell for cell in set(table.cells[name]) if _nothing(cell)}
    for row, (line, cell) in enumerate(zip(table.lines, table.cells[name], strict=True)):
        last, end, period = lately[row], ends[row], periods[row]
        is_recent = None not in (last, end, period) and (end - last).days < period
        if is_recent and cell in nothing:
            empty.append((line, said("usage.empty_count")))
    if empty:
        problems.add_of_column(table, name, empty, len(values))
    return [0.0 if value is None else value for value in values]


def _tell_concealed(table: StaffTable, people: Sequence[str]) -> None:
    filled = [who for who in people if who]
    if filled and sum(bool(_CONCEALED.fullmatch(who)) for who in filled) > len(filled) / 2:
        table.notes.append(said("usage.note.concealed"))


# --- groups, days, members --------------------------------------------------------------------------------------------


def _groups(table: StaffTable, problems: Problems) -> list[Count]:
    """Count the posts of all groups."""
    ends, periods = _days(table, "refresh_date", problems), _periods(table, problems)
    posted = _needed(table, "posted", count_in, problems)
    if problems.found:
        return []
    sums: dict[tuple[Any, Any], float] = {}
    for end, period, n in zip(ends, periods, posted, strict=True):
        sums[end, period] = sums.get((end, period), 0.0) + n
    return [Count("posts", n, period, end=end, where=problems.file) for (end, period), n in sums.items()]


def _daily(table: StaffTable, problems: Problems) -> list[Count]:
    """Return the counts of single days: people or posts, which Microsoft's reports tell by their name alone."""
    day_column = "report_date" if "report_date" in table.cells else "date"
    days = _days(table, day_column, problems)
    counts: list[Count] = []
    plain = {name: name for name in ("readers", "posters", "active", "members") if name in table.cells}
    figures: dict[str, str]
    if plain or day_column == "date":
        figures = plain | ({"posted": "posts"} if "posted" in table.cells else {})
    else:
        figures = _figures_of_days(table, problems)
    seen: dict[datetime.date, int] = {}
    twice = []
    for line, day in zip(table.lines, days, strict=True):
        if day is not None and day in seen:
            twice.append((line, said("usage.day_twice", line=seen[day])))
        if day is not None:
            seen.setdefault(day, line)
    if twice:
        problems.add_of_column(table, day_column, twice, len(days))
    if not figures and not problems.found:
        problems.add(table.header_line, 0, "", said("usage.no_figure"))
    for column, figure in figures.items():
        for line, day, value in zip(table.lines, days, _parsed(table, column, count_in, problems), strict=True):
            if day is not None and value is not None:
                days_of = 0 if figure == "members" else 1
                counts.append(Count(figure, value, days_of, end=day, where=f"{problems.file}:{line}"))
    return counts


def _figures_of_days(table: StaffTable, problems: Problems) -> dict[str, str]:
    """Return what the columns of Microsoft's daily totals count: their headers are the same for people and posts."""
    if "visited_pages" in table.cells or "viewed_files" in table.cells:
        return {"visited_pages" if "visited_pages" in table.cells else "viewed_files": "readers"}
    name = letters(problems.file)
    if "usercounts" in name or "gebruikers" in name:
        return {
            column: figure for column, figure in (("read", "readers"), ("posted", "posters")) if column in table.cells
        }
    if "counts" in name:
        return {"posted": "posts"} if "posted" in table.cells else {}
    problems.add(table.header_line, 0, "", said("usage.users_or_posts"))
    return {}


def _joined(table: StaffTable, problems: Problems) -> list[Count]:
    """Return how many had joined by each day on which somebody did."""
    days = _parsed(table, "joined_at", _day_reader(table.cells["joined_at"]), problems)
    known = sorted(day for day in days if day is not None)
    if not known and not problems.found:
        problems.add(table.header_line, table.places["joined_at"], table.headers["joined_at"], said("usage.nobody"))
    n_empty = len(days) - len(known)
    if n_empty and known:
        table.notes.append(said("usage.note.never_joined", n=Whole(n_empty)))
    at = {day: place for place, day in enumerate(known, start=1)}
    return [Count("members", float(n), 0, end=day, where=problems.file) for day, n in at.items()]


# --- our own form -----------------------------------------------------------------------------------------------------


def _weeks(table: StaffTable, problems: Problems) -> list[Count]:
    """Return the counts of a plain form: a line a week, or a line a week and department."""

    def week_of(cell: str) -> int:
        if not re.fullmatch(r"[0-9]{1,3}", cell.strip()) or not 1 <= int(cell) <= LAST_WEEK:
            raise WrongCell("usage.week", value=shown(cell), last=LAST_WEEK)
        return int(cell)

    weeks = _needed(table, "week", week_of, problems)
    parts = [
        "" if _word("total", cell) or not cell else cell for cell in table.cells.get("department", [""] * len(weeks))
    ]
    seen: dict[tuple[int, str], int] = {}
    twice = []
    for line, week, part in zip(table.lines, weeks, parts, strict=True):
        key = (week, letters(part))
        if week is not None and key in seen:
            twice.append((line, said("usage.week_twice", line=seen[key])))
        seen.setdefault(key, line)
    if twice:
        problems.add_of_column(table, "week", twice, len(weeks))
    counts: list[Count] = []
    for column in ("readers", "posters", "active", "members", "posted"):
        if column in table.cells:
            counts += _figure_of_weeks(table, column, weeks, parts, problems)
    return counts


def _figure_of_weeks(
    table: StaffTable, column: str, weeks: Sequence[Any], parts: Sequence[str], problems: Problems
) -> list[Count]:
    is_share = column != "posted" and is_share_column(table.cells[column])
    values = _parsed(table, column, share_in if is_share else count_in, problems)
    figure = "posts" if column == "posted" else column
    by_week: dict[int, dict[str, tuple[float | None, int]]] = {}
    for line, week, part, value in zip(table.lines, weeks, parts, values, strict=True):
        if week is not None:
            by_week.setdefault(week, {})[letters(part)] = value, line
    every = {part for found in by_week.values() for part in found if part}
    counts, partial = [], []
    for week, found in by_week.items():
        days = 0 if figure == "members" else 7
        if "" in found:
            value, line = found[""]
        elif is_share:
            line = next(iter(found.values()))[1]
            problems.add(line, table.places[column], table.headers[column], said("usage.shares_of_departments"))
            return []
        elif set(found) == every and all(one is not None for one, _ in found.values()):
            value, line = sum(one for one, _ in found.values() if one is not None), next(iter(found.values()))[1]
        else:
            value, line = None, 0
            partial.append(week)
        if value is not None:
            where = f"{problems.file}:{line}:{table.headers[column]}"
            counts.append(Count(figure, value, days, week=week, is_share=is_share, where=where))
    if partial:
        listed = ", ".join(map(str, sorted(partial)))
        table.notes.append(said("usage.note.departments_missing", column=table.headers[column], weeks=listed))
    return counts


def is_share_column(cells: Iterable[str]) -> bool:
    """Return whether a column holds shares: a percentage, or nothing but numbers up to 1 and some between 0 and 1."""
    plain = [cell.strip() for cell in cells if not _nothing(cell)]
    if any(cell.endswith("%") for cell in plain):
        return True
    if not plain or not all(re.fullmatch(r"[01]?([.,][0-9]+)?", cell) for cell in plain):
        return False
    values = [float(cell.replace(",", ".")) for cell in plain if cell]
    return all(value <= 1.0 for value in values) and any(0.0 < value < 1.0 for value in values)


def share_in(cell: str) -> float:
    """Return the share in a cell, a number from 0 to 1 or a percentage."""
    plain = cell.strip()
    if not _SHARE.fullmatch(plain):
        raise WrongCell("staff.share", value=shown(cell))
    value = float(plain.rstrip("% ").replace(",", ".")) / (100.0 if plain.endswith("%") else 1.0)
    if value > 1.0:
        raise WrongCell("staff.share_range", value=shown(cell))
    return value
