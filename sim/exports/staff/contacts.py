"""Read a contacts file: an edge list of who is in touch with whom, by the ids of the staff file."""

from __future__ import annotations

import datetime
import hashlib
import math
import os
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim.errors import ChangedStaffError
from sim.exports.staff.cells import is_empty, letters
from sim.exports.staff.files import content_of, file_name, read_staff, staff_hash, today
from sim.exports.staff.people import Reading, StaffFile
from sim.exports.staff.table import Problems, StaffTable, read_sheet
from sim.words import Said, Whole, said

COLUMNS = {
    "from": ("from", "van", "source", "bron", "employee", "medewerker", "sender", "afzender", "person", "persoon"),
    "to": ("to", "naar", "aan", "target", "doel", "contact", "colleague", "collega", "receiver", "ontvanger"),
    "weight": ("weight", "gewicht", "count", "aantal", "n", "strength", "sterkte"),
}
"""How the columns of an edge list are called, by our name, in letters alone."""
MOST_ROWS_NAMED = 5


class ContactsFile(NamedTuple):
    """Who is in touch with whom, each pair once."""

    # int32 (pairs,): places in the staff file, `lower` below `upper`, ordered by `upper`, then `lower`
    lower: np.ndarray
    upper: np.ndarray
    n_people: int
    n_rows: int
    notes: tuple[Said, ...]  # what was left out or put together, with rows

    @property
    def counts(self) -> np.ndarray:
        """Contacts of each person, int64 (n_people,)."""
        return np.bincount(self.lower, minlength=self.n_people) + np.bincount(self.upper, minlength=self.n_people)


def read_contacts(path: str, workforce: str, reading: Reading) -> ContactsFile:
    """Return the contacts of a CSV file or workbook among the people of a staff file; read once per process.

    A pair is one whichever way and however often it stands there. Rows with an id that the staff file does not have, or
    with one id twice, are left out and told of by their numbers.

    Raises
    ------
    InputError
        If a file cannot be read, cells are wrong, or no contact is left; by row and column, all at once.
    """
    full = os.path.abspath(path)
    return _read(full, staff_hash(full), workforce, staff_hash(workforce), reading, today())


@lru_cache(maxsize=4)
def _read(path: str, digest: str, workforce: str, _staff: str, reading: Reading, _day: datetime.date) -> ContactsFile:
    content = content_of(path)
    if hashlib.sha256(content).hexdigest() != digest:
        raise ChangedStaffError(said("refusal.staff.changed", file=file_name(path)))
    return contacts_in(content, file_name(path), read_staff(workforce, reading))


def contacts_in(content: bytes, file: str, staff: StaffFile) -> ContactsFile:
    """Return the contacts in the bytes of a file; see `read_contacts`."""
    problems = Problems(file)
    if not staff.places:
        problems.add(1, 0, "", said("staff.contacts.no_ids"))
        problems.stop_if_any()
    sheet = read_sheet(content, file, lambda cells: sum(bool(_column(cell)) for cell in cells))
    line, header = sheet.header
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = _column(cell)
        if name and name not in places:
            places[name] = place
    missing = [name for name in ("from", "to") if name not in places]
    if missing:
        problems.add(line, 0, "", said("staff.contacts.columns", names=", ".join(missing)))
        problems.stop_if_any()
    headers = {name: header[place] for name, place in places.items()}
    table = StaffTable([], {}, places, headers, line, (), "", [])
    wrong: dict[str, list[tuple[int, Said]]] = {name: [] for name in places}
    pairs: set[tuple[int, int]] = set()
    unknown: list[int] = []
    selves: list[int] = []
    n_again = n_nothing = 0
    for row, cells in sheet.rows:
        ends = [_cell(cells, places[name]).strip() for name in ("from", "to")]
        if any(is_empty(end) for end in ends):
            wrong["from" if is_empty(ends[0]) else "to"].append((row, said("staff.contacts.empty")))
            continue
        weight = _weight(_cell(cells, places["weight"])) if "weight" in places else 1.0
        if math.isnan(weight):
            wrong["weight"].append((row, said("staff.contacts.weight")))
            continue
        here = [staff.place_of(end) for end in ends]
        if here[0] is None or here[1] is None:
            unknown.append(row)
        elif here[0] == here[1]:
            selves.append(row)
        elif weight == 0.0:
            n_nothing += 1
        else:
            pair = (min(here[0], here[1]), max(here[0], here[1]))
            n_again += pair in pairs
            pairs.add(pair)
    for name, messages in wrong.items():
        problems.add_of_column(table, name, messages, len(sheet.rows))
    if not problems.found and not pairs:
        problems.add(line, 0, "", said("staff.contacts.nobody", n=Whole(len(sheet.rows))))
    problems.stop_if_any()
    notes = list(sheet.notes)
    for key, rows in (("unknown", unknown), ("selves", selves)):
        if rows:
            notes.append(said(f"staff.contacts.{key}", n=Whole(len(rows)), rows=_rows(rows)))
    for key, n in (("again", n_again), ("nothing", n_nothing)):
        if n:
            notes.append(said(f"staff.contacts.{key}", n=Whole(n)))
    ordered = np.array(sorted((upper, lower) for lower, upper in pairs), dtype=np.int32)
    return ContactsFile(ordered[:, 1].copy(), ordered[:, 0].copy(), len(staff), len(sheet.rows), tuple(notes))


def _column(cell: str) -> str:
    named = letters(cell)
    return next((name for name, words in COLUMNS.items() if named in words), "")


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _weight(cell: str) -> float:
    """Return a weight of at least 0, 1 for an empty cell, NaN for what is none."""
    if is_empty(cell):
        return 1.0
    try:
        value = float(cell.strip().replace(",", "."))
    except ValueError:
        return math.nan
    return value if 0.0 <= value < math.inf else math.nan


def _rows(lines: Sequence[int]) -> str:
    named = ", ".join(map(str, lines[:MOST_ROWS_NAMED]))
    return named + (", ..." if len(lines) > MOST_ROWS_NAMED else "")
