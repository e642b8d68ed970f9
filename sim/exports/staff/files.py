"""Read a staff file once, and the one that a study was planned with."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import replace
from functools import lru_cache

from sim.errors import ChangedStaffError, InputError
from sim.exports.staff.people import Reading, StaffFile, staff_in
from sim.exports.staff.table import MOST_BYTES
from sim.kernel.files import regular_content
from sim.words import Whole, said

# Content hash of each file (its path in full) whose content was fixed when a study was planned.
_planned: ContextVar[Mapping[str, str]] = ContextVar("planned staff", default={})  # noqa: B039 -- never written to

AS_IS = Reading()


def read_staff(path: str | os.PathLike[str], reading: Reading = AS_IS) -> StaffFile:
    """Return the staff of a CSV file or workbook; an unchanged file is read once per process.

    Within `staff_as_planned` it is the staff of the plan, or nobody's: a file that was read before is not read again,
    and one that has changed before this process came to read it is refused.

    Raises
    ------
    InputError
        If the file cannot be read or is wrong; each mistake by row and column, the first of them at once.
    """
    if not reading.date:
        day = today().isoformat()  # a study records it: reading as of that day must not be another reading
        staff = read_staff(path, reading._replace(date=day))
        return replace(staff, notes=(*staff.notes, said("staff.note.today", date=day))) if staff.date else staff
    full = os.path.abspath(path)
    planned = _planned.get().get(full)
    if planned is not None:
        return _read_planned(full, planned, reading)
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise _unreadable(str(path), error) from None
    return _read_unchanged(full, status.st_mtime_ns, status.st_size, reading)


def today() -> datetime.date:
    """Return the day of reading."""
    return datetime.date.today()


def file_name(path: str | os.PathLike[str]) -> str:
    """Return what messages and results call a staff file: its name alone, since folders tell of people, too."""
    return os.path.basename(os.fspath(path)) or str(path)


@contextlib.contextmanager
def staff_as_planned(hashes: Mapping[str, str]) -> Iterator[None]:
    """Have staff files read here as they were when their `staff_hash`, by path in full, was taken."""
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
    return planned or hashlib.sha256(content_of(str(path))).hexdigest()


def content_of(path: str) -> bytes:
    """Return the bytes of a file of one's own; InputError if it cannot be read."""
    try:
        return regular_content(path, MOST_BYTES)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: str, error: Exception) -> InputError:
    reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    return InputError(said("staff.at", where=file_name(path), message=said("staff.unreadable", reason=reason)))


@lru_cache(maxsize=8)
def _read_planned(path: str, planned: str, reading: Reading) -> StaffFile:
    content = content_of(path)
    if hashlib.sha256(content).hexdigest() != planned:
        raise ChangedStaffError(said("refusal.staff.changed", file=file_name(path)))
    return staff_in(content, file_name(path), reading)


@lru_cache(maxsize=4)
def _read_unchanged(path: str, _changed: int, size: int, reading: Reading) -> StaffFile:
    if size > MOST_BYTES:
        sizes = {"size": Whole(size // 1_000_000), "most": Whole(MOST_BYTES // 1_000_000)}
        raise InputError(said("staff.at", where=file_name(path), message=said("staff.too_large", **sizes)))
    return staff_in(content_of(path), file_name(path), reading)
