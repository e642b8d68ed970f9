"""Who is in a staff file: what its columns say of each, who is left out, which departments and teams there are."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sim.exports.staff import cells
from sim.exports.staff.cells import alike, level_in_title, meaning_of, tidy
from sim.exports.staff.reporting import (
    NO_MANAGER,
    Lines,
    check_ids,
    leaders_of_teams,
    levels_from_lines,
    reporting_lines,
)
from sim.exports.staff.table import Problems, StaffTable, Values, meant_by_ignored, read_table
from sim.words import Said, Whole, said

YOUNGEST_AT_ENTRY = 13.0  # years; files often have age in whole years, so this is one below the usual 14
DAYS_A_WEEK = 5.0
FULL_WEEKS = (36.0, 38.0, 40.0)  # hours of a full week, where a file has hours alone
LEAST_PRESENCE = 0.2  # of those on call, whose contract has no hours: a day a week

LEVELS = ("staff", "team_lead", "middle_manager", "executive")
LEAVERS, STARTERS, GUESTS, DESKLESS = REASONS = ("leavers", "starters", "guests", "deskless")
LEFT_OUT = (LEAVERS, STARTERS, GUESTS)
"""Why people are always left out."""

_DATES = ("birth_date", "birth_year", "hire_date", "hire_year", "leave_date")
_SHARES = ("leisure_experience", "professional_experience", "segmentation", "trust", "remote_share")
DRAWN = ("age", "tenure", *_SHARES, "level", "department", "team", "manager")
"""What is drawn, or follows from chance, where a file does not say it."""


class Reading(NamedTuple):
    """How a staff file is to be read, as far as that is not plain from the file."""

    # our name of a column and its name in the file; None for a column that is not to be read
    columns: tuple[tuple[str, str | None], ...] = ()
    date: str = ""  # the day on which ages and tenures are as they count, such as ``2026-01-31``; empty: today
    leaves_deskless_out: bool = False  # whether people without a desk are left out, too

    @classmethod
    def of(cls, organization: Mapping[str, Any]) -> Reading:
        """Return how the section ``organization`` of a resolved scenario says that its staff file is to be read."""
        asked = organization.get("staff") or {}
        columns = tuple((asked.get("columns") or {}).items())
        return cls(columns, asked.get("date") or "", asked.get("deskless") == "leave_out")


@dataclass(frozen=True)
class StaffFile:
    """A staff file, in the order of the simulation: departments contiguous, teams contiguous within them.

    No id, name or address is in it: people are known by their place, and by their line in the file.
    """

    # given values by column, None where nothing is given; `level` among them as 0 to 3, and `working_share`, the
    # share of a full week that somebody works
    numbers: dict[str, tuple[float | None, ...]]
    department_names: tuple[str, ...] = ()  # names in the order of their numbers; empty where the file has none
    # employees of each, in the same order; None where the file does not say
    department_sizes: tuple[int, ...] | None = None
    team_names: tuple[str, ...] = ()
    team_sizes: tuple[int, ...] | None = None
    # place of the manager of each employee, -1 for nobody; None where the file does not say
    manager: tuple[int, ...] | None = None
    lines: tuple[int, ...] = field(default=(), compare=False)  # line of each employee in the file
    places: dict[bytes, int] = field(default_factory=dict, repr=False)  # place of each employee by the hash of the id
    columns: dict[str, str] = field(default_factory=dict)  # name in the file of each column that is read, by our name
    ignored: tuple[str, ...] = field(default=(), compare=False)  # names of the columns that nothing is read of
    dialect: str = ""  # whose export it looks like; empty where none stands out
    date: str = ""  # the day of ages and tenures, where they were worked out from dates; else empty
    # people who were left out, and who could have been, by reason
    left_out: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    notes: tuple[Said, ...] = field(default=(), compare=False)  # what else whoever brings the file should know

    def __len__(self) -> int:
        return len(self.lines)

    def place_of(self, employee: str) -> int | None:
        """Return the place of the employee with an id, None if there is none."""
        return self.places.get(_hash_of(employee))

    def filled(self, name: str) -> tuple[float, ...]:
        """Return the values of a column that is filled for everybody; otherwise nothing."""
        values = self.numbers.get(name, ())
        given = tuple(value for value in values if value is not None)
        return given if len(given) == len(values) else ()

    def recorded(self) -> dict[str, float]:
        """Return the settings of a scenario that a filled column takes the place of, as its people have them."""
        means = {}
        trust, remote = self.filled("trust"), self.filled("remote_share")
        if trust:
            means["trust"] = round(sum(trust) / len(trust), 4)
        if remote:  # the setting is the share of staff who ever work remotely
            means["remote_share"] = round(sum(value > 0.0 for value in remote) / len(remote), 4)
        return means

    @property
    def drawn(self) -> tuple[str, ...]:
        """What is drawn for everybody."""
        known = {name for name, values in self.numbers.items() if any(value is not None for value in values)}
        given = {
            "department": self.department_sizes is not None,
            "team": self.team_sizes is not None,
            "manager": self.manager is not None,
        }
        return tuple(name for name in DRAWN if not given.get(name, name in known))

    @property
    def partly_drawn(self) -> dict[str, int]:
        """For how many people something is drawn that the file says of others."""
        missing = {name: sum(value is None for value in self.numbers.get(name, ())) for name in DRAWN}
        return {name: n for name, n in missing.items() if 0 < n < len(self)}


def _hash_of(employee: str) -> bytes:
    return hashlib.blake2b(cells.id_of(employee).encode(), digest_size=16).digest()


def staff_in(content: bytes, file: str, reading: Reading) -> StaffFile:
    """Return the staff in the bytes of a file that messages call `file`; `reading` says as of which day.

    Raises
    ------
    InputError
        If the file is wrong; each mistake by row and column, all at once.
    """
    problems = Problems(file)
    everybody = read_table(content, dict(reading.columns), problems)
    day = datetime.date.fromisoformat(reading.date)
    notes = list(everybody.notes)
    reader = _Reader(everybody, day, problems, notes)
    leave_out = (*LEFT_OUT, *([DESKLESS] if reading.leaves_deskless_out else []))
    kept, left_out, still_there = _who_counts(everybody, reader, leave_out)
    if not kept:
        problems.add(everybody.header_line, 0, "", said("staff.nobody_left", n=Whole(len(everybody))))
        problems.stop_if_any()
    table = everybody.rows(kept)
    reader = _Reader(table, day, problems, notes)
    if "employee" in table.cells:
        check_ids(table, problems)
    numbers = reader.numbers()
    if "department" in table.cells:
        reader.check_filled("department")
    lines = reporting_lines(everybody, kept, problems, notes)
    problems.stop_if_any()
    if lines is not None:
        numbers["level"] = levels_from_lines(lines, numbers.get("level", [None] * len(table)))
    uses_dates = any(name in everybody.cells for name in _DATES)
    for header, name in meant_by_ignored(table.ignored):
        notes.append(said("staff.note.nearly", header=header, column=name))
    return _in_order(table, numbers, lines, notes, day if uses_dates else None, left_out, still_there)


# --- who counts -------------------------------------------------------------------------------------------------------


def _who_counts(
    table: StaffTable, reader: _Reader, leave_out: Sequence[str]
) -> tuple[list[int], dict[str, int], dict[str, int]]:
    """Return the rows of those who count, how many are left out by reason, and how many are kept in spite of one."""
    reasons = _reasons(table, reader)
    left_out, still_there, kept = Counter[str](), Counter[str](), []
    for row in range(len(table)):
        found = [reason for reason in REASONS if row in reasons[reason]]
        out = [reason for reason in found if reason in leave_out]
        if out:
            left_out[out[0]] += 1
        else:
            kept.append(row)
            still_there.update(found)
    return kept, dict(left_out), dict(still_there)


def _reasons(table: StaffTable, reader: _Reader) -> dict[str, set[int]]:
    """Return the rows for which there is a reason to leave them out."""
    found: dict[str, set[int]] = {reason: set() for reason in REASONS}
    status, kind = table.cells.get("status", []), table.cells.get("kind", [])
    has_codes = "3" in status and set(status) <= {"", "0", "1", "2", "3"}  # SAP: 3 is active
    for row, cell in enumerate(status):
        if (has_codes and cell in ("0", "1", "2")) or (not has_codes and meaning_of("left", cell)):
            found[LEAVERS].add(row)
        elif meaning_of("starter", cell):
            found[STARTERS].add(row)
    found[GUESTS].update(row for row, cell in enumerate(kind) if meaning_of("guest", cell))
    for row, left in enumerate(reader.dates("leave_date")):
        if left is not None and left < reader.day:
            found[LEAVERS].add(row)
    for row, hired in enumerate(reader.dates("hire_date")):
        if hired is not None and hired > reader.day:
            found[STARTERS].add(row)
    for name, without in (("desk", "no"), ("deskless", "yes")):
        for row, cell in enumerate(table.cells.get(name, [])):
            if meaning_of("yes", cell) == without:
                found[DESKLESS].add(row)
    return found


# --- what is known ----------------------------------------------------------------------------------------------------


class _Reader:
    """Reads the columns of a table; complains of every cell that is wrong."""

    def __init__(self, table: StaffTable, day: datetime.date, problems: Problems, notes: list[Said]) -> None:
        self.table, self.day, self._problems, self._notes = table, day, problems, notes
        self._year = day.year + (day.timetuple().tm_yday - 1) / 365.25

    def _has(self, name: str) -> bool:
        return name in self.table.cells

    def check_filled(self, name: str) -> None:
        """Complain of each empty cell of a column."""
        wrong = [
            (line, said("staff.empty"))
            for line, cell in zip(self.table.lines, self.table.cells[name], strict=True)
            if not cell
        ]
        self._problems.add_of_column(self.table, name, wrong, len(self.table))

    def dates(self, name: str) -> list[datetime.date | None]:
        """Return the dates of a column, without complaint: those of people who are left out need not be right."""
        if not self._has(name):
            return []
        return self._dates(name, Problems(""), [])

    def _dates(self, name: str, problems: Problems, notes: list[Said]) -> list[Any]:
        form = cells.form_of(self.table.cells[name])
        if form.is_open:
            notes.append(said("staff.note.day_first", column=self.table.headers[name]))
        return self.table.parsed(name, lambda cell: cells.date_in(cell, form, self.day), problems)

    def numbers(self) -> dict[str, Values]:
        """Return the values of everything that is known in numbers, by column."""
        found = {"age": self._age(), "tenure": self._tenure(), "working_share": self._presence()}
        for name in _SHARES[:-1]:
            found[name] = self._share(name)
        found["remote_share"] = self._remote(found["working_share"])
        found["level"] = self._level()
        known = {name: values for name, values in found.items() if values}
        if "age" in known and "tenure" in known:
            self._check_tenure(known["age"], known["tenure"])
        return known

    def _in_turn(self, *ways: Values) -> Values:
        """Return what the first way knows, and where it does not what the next one does; empty if none knows any."""
        known = [values for values in ways if values]
        if len(known) == 1:
            return known[0]
        return [next((value for value in row if value is not None), None) for row in zip(*known, strict=True)]

    def _age(self) -> Values:
        low, high = 14.0, 99.0

        def checked(cell: str, age: float) -> float:
            if not low <= age <= high:
                raise cells.WrongCell("staff.age", value=cells.shown(cell), age=round(age), low=14, high=99)
            return age

        form = cells.form_of(self.table.cells.get("birth_date", ()))

        def from_date(cell: str) -> float | None:
            born = cells.date_in(cell, form, self.day)
            return None if born is None else checked(cell, cells.years_between(born, self.day))

        def from_year(cell: str) -> float:
            year = cells.within(cells.FIRST_YEAR, cells.LAST_YEAR, 0)(cell)
            return checked(cell, round(self._year - (year or 0.0) - 0.5, 1))

        if form.is_open:
            self._notes.append(said("staff.note.day_first", column=self.table.headers["birth_date"]))
        return self._in_turn(
            self._parsed("age", cells.within(low, high, 1)),
            self._parsed("birth_date", from_date),
            self._parsed("birth_year", from_year),
        )

    def _tenure(self) -> Values:
        form = cells.form_of(self.table.cells.get("hire_date", ()))

        def from_date(cell: str) -> float | None:
            hired = cells.date_in(cell, form, self.day)
            return None if hired is None else max(0.0, cells.years_between(hired, self.day))

        def from_year(cell: str) -> float:
            year = cells.within(cells.FIRST_YEAR, cells.LAST_YEAR, 0)(cell)
            return max(0.0, round(self._year - (year or 0.0) - 0.5, 1))

        def from_months(cell: str) -> float:
            return round((cells.within(0.0, 1020.0, 1)(cell) or 0.0) / 12.0, 1)

        if form.is_open:
            self._notes.append(said("staff.note.day_first", column=self.table.headers["hire_date"]))
        return self._in_turn(
            self._parsed("tenure", cells.within(0.0, 85.0, 1)),
            self._parsed("tenure_months", from_months),
            self._parsed("hire_date", from_date),
            self._parsed("hire_year", from_year),
        )

    def _presence(self) -> Values:
        """Return the share of a full week that each works: from the contract's share or its hours."""
        shares = self._share("fte", most=1.5) if self._has("fte") else []
        hours = self._parsed("hours", cells.within(0.0, 60.0, 2))
        given = [value for value in hours if value is not None]
        full = next((each for each in FULL_WEEKS if max(given, default=0.0) <= each), FULL_WEEKS[-1])
        by_hours = [None if value is None else round(min(value / full, 1.0), 4) for value in hours]
        if given and not any(value is not None for value in shares):
            self._notes.append(said("staff.note.full_week", hours=round(full)))
        found = self._in_turn(shares, by_hours)
        on_call = sum(value is not None and value < LEAST_PRESENCE for value in found)
        if on_call:
            self._notes.append(said("staff.note.on_call", n=Whole(on_call)))
        return [None if value is None else max(value, LEAST_PRESENCE) for value in found]

    def _remote(self, presence: Values) -> Values:
        """Return the share of days at work that each works at home: as given, or from days a week."""
        home = self._parsed("home_days", cells.within(0.0, 7.0, 2))
        office = self._parsed("office_days", cells.within(0.0, 7.0, 2))
        days = [DAYS_A_WEEK * (each if each is not None else 1.0) for each in presence or [None] * len(self.table)]
        from_home = [None if n is None else round(min(n / of, 1.0), 4) for n, of in zip(home, days, strict=False)]
        from_office = [
            None if n is None else round(1.0 - min(n / of, 1.0), 4) for n, of in zip(office, days, strict=False)
        ]
        return self._in_turn(self._share("remote_share"), from_home, from_office)

    def _share(self, name: str, most: float = 1.0) -> Values:
        if not self._has(name):
            return []
        header = self.table.headers[name]
        form = cells.form_of_shares(self.table.cells[name], header, most)
        if form == "scale":
            self._problems.add(self.table.header_line, self.table.places[name], header, said("staff.share_scale"))
            return []
        if form == "percent" or "%" in header:
            self._notes.append(said(f"staff.note.{form}", column=header))
        return self._parsed(name, cells.share(form == "percent", most))

    def _level(self) -> Values:
        """Return levels as words tell them: of a column of levels, or of job titles where nothing else tells."""
        if self._has("level"):
            column = [cell for cell in self.table.cells["level"] if not cells.is_empty(cell)]
            understood = sum(bool(meaning_of("level", cell)) for cell in column)
            if self.table.is_plain("level") or understood == len(column):
                return self._parsed("level", cells.word("level", LEVELS))
            header = self.table.headers["level"]
            if 2 * understood < len(column):
                self._notes.append(said("staff.note.levels", column=header))
                return []
            unknown = len(column) - understood
            self._notes.append(said("staff.note.some_levels", column=header, n=Whole(unknown)))
            return self._parsed("level", lambda cell: _place_of_level(meaning_of("level", cell)))
        if self._has("job") and not self._has("manager"):
            found = self._parsed("job", lambda cell: _place_of_level(level_in_title(cell)))
            if any(value is not None for value in found):
                self._notes.append(said("staff.note.jobs", column=self.table.headers["job"]))
                return found
        return []

    def _check_tenure(self, ages: Values, tenures: Values) -> None:
        name = next(each for each in ("tenure", "tenure_months", "hire_date", "hire_year") if self._has(each))
        wrong = [
            (line, said("staff.tenure_too_long", tenure=f"{tenure:g}", age=f"{age:g}", below=f"{YOUNGEST_AT_ENTRY:g}"))
            for line, age, tenure in zip(self.table.lines, ages, tenures, strict=True)
            if age is not None and tenure is not None and tenure > age - YOUNGEST_AT_ENTRY
        ]
        self._problems.add_of_column(self.table, name, wrong, sum(value is not None for value in tenures))

    def _parsed(self, name: str, read: cells.Read) -> Values:
        return self.table.parsed(name, read, self._problems) if self._has(name) else []


def _place_of_level(level: str) -> float | None:
    return float(LEVELS.index(level)) if level else None


# --- departments and teams --------------------------------------------------------------------------------------------


def _in_order(
    table: StaffTable,
    numbers: dict[str, Values],
    lines: Lines | None,
    notes: list[Said],
    day: datetime.date | None,
    left_out: dict[str, int],
    still_there: dict[str, int],
) -> StaffFile:
    """Return the staff with departments and teams contiguous, by name, and people in their own order within them."""
    n = len(table)
    has_departments = "department" in table.cells
    departments, department_of = _numbered(_as_one(table, "department", notes))
    team_cells = _as_one(table, "team", notes)
    has_teams = has_departments and ("team" in table.cells or lines is not None)
    own = {row: place for place, row in enumerate(_own_order(table, numbers))}
    leads = [own[row] for row in leaders_of_teams(lines.managers, department_of)] if lines else None
    # Teams of one name in two departments are two; who is in no team is in that of the reporting lines, or in none.
    alone = leads or [own[row] for row in range(n)]
    keys = [
        (department_of[row], bool(name), name, -1 if name or not has_teams else alone[row])
        for row, name in enumerate(team_cells)
    ]
    teams, team_of = _numbered(keys)
    order = sorted(range(n), key=lambda row: (team_of[row], own[row]))
    place_of = dict(zip(order, range(n), strict=True))
    place_of[NO_MANAGER] = NO_MANAGER
    ids = table.cells.get("employee") or table.cells.get("email") or []
    return StaffFile(
        numbers={name: tuple(values[row] for row in order) for name, values in numbers.items()},
        department_names=tuple(departments) if has_departments else (),
        department_sizes=_sizes(department_of, order) if has_departments else None,
        team_names=tuple(team[2] for team in teams) if "team" in table.cells and has_teams else (),
        team_sizes=_sizes(team_of, order) if has_teams else None,
        manager=None if lines is None else tuple(place_of[lines.managers[row]] for row in order),
        lines=tuple(table.lines[row] for row in order),
        places={_hash_of(ids[row]): place_of[row] for row in range(n)} if ids else {},
        columns={name: table.headers[name] for name in table.cells if _is_read(name, table)},
        ignored=table.ignored,
        dialect=table.dialect,
        date=day.isoformat() if day else "",
        left_out=left_out,
        kept=still_there,
        notes=tuple(dict.fromkeys(notes)),
    )


def _is_read(name: str, table: StaffTable) -> bool:
    """Return whether a column says anything: names and addresses count only where managers are named by them."""
    return name not in ("email", "name") or "manager" in table.cells or "employee" not in table.cells


def _as_one(table: StaffTable, name: str, notes: list[Said]) -> list[str]:
    """Return the names in a column, those that look alike as one: the spelling that most have."""
    if name not in table.cells:
        return [""] * len(table)
    spellings: dict[str, Counter[str]] = {}
    for cell, n in Counter(table.cells[name]).items():
        spellings.setdefault(alike(cell), Counter())[cell] += n
    chosen = {key: tidy(min(counts, key=lambda each: (-counts[each], each))) for key, counts in spellings.items()}
    n_merged = sum(len(counts) > 1 for counts in spellings.values())
    if n_merged:
        notes.append(said("staff.note.alike", column=table.headers[name], n=Whole(n_merged)))
    one = {cell: chosen[key] for key, counts in spellings.items() for cell in counts}
    return [one[cell] for cell in table.cells[name]]


def _own_order(table: StaffTable, numbers: Mapping[str, Values]) -> list[int]:
    """Return the rows in an order that is the same however the lines of the file are sorted: by id.

    Luck goes by the place in this order; lines that were sorted otherwise must not deal it anew. Without ids, people
    are shuffled by what is known of them: sorted by it, those of one age would be put into one team where the file
    names none. Those of whom the same is known are alike, so it makes no difference who of them comes first.
    """
    rows = range(len(table))
    ids = table.cells.get("employee") or table.cells.get("email")
    if ids and len(set(ids)) == len(ids):
        return sorted(rows, key=ids.__getitem__)
    units = [table.cells[name] for name in ("department", "team") if name in table.cells]
    columns: list[Sequence[str | float | None]] = [*units, *(numbers[name] for name in sorted(numbers))]
    n_alike: dict[str, int] = {}
    places = []
    for row in rows:
        known = repr([column[row] for column in columns])
        n_alike[known] = n_alike.get(known, 0) + 1
        places.append(hashlib.blake2b(f"{known} {n_alike[known]}".encode(), digest_size=16).digest())
    return sorted(rows, key=places.__getitem__)


def _numbered(names: Sequence[Any]) -> tuple[list[Any], list[int]]:
    """Return the different names in the order of the alphabet, and the number of each row's."""
    numbers: dict[Hashable, int] = {name: number for number, name in enumerate(sorted(set(names)))}
    return list(numbers), [numbers[name] for name in names]


def _sizes(number_of: Sequence[int], order: Sequence[int]) -> tuple[int, ...]:
    """Return how many rows have each number, in the order in which the numbers come."""
    counts: dict[int, int] = {}
    for row in order:
        counts[number_of[row]] = counts.get(number_of[row], 0) + 1
    return tuple(counts.values())
