"""What one run leaves behind, and how finished runs are kept until the study is done.

A part is an Arrow file with some runs, written whole and made durable. Runs that wait for the next part stand in a
journal, so that not even a moment's work is lost when the process is killed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.files import regular_content
from sim.study.files import written_whole

if TYPE_CHECKING:
    import numpy as np


REPLY_COLUMNS = ("day", "author", "replier", "kind")  # of `Simulation.replies`


class Finished(NamedTuple):
    """A run that was done: its outcomes, why some are missing, its weeks, its groups and the time it took."""

    run_id: int
    outcomes: Mapping[str, float]
    reasons: Mapping[str, str]
    series: Mapping[str, np.ndarray]
    groups: Sequence[Mapping[str, Any]]
    run_seconds: float
    replies: np.ndarray | None = None  # who replied to whom, where that is kept


class Failed(NamedTuple):
    """A run that failed, with the error in one line and the traceback."""

    run_id: int
    error: str
    traceback: str
    run_seconds: float


Record = Finished | Failed


class Encoded(NamedTuple):
    """A record as bytes: everything but the series as JSON, the series as numbers.

    `made_of` is the hash of all that the run was made of (`made_of`); empty where nobody noted it.
    """

    run_id: int
    is_finished: bool
    text: str
    series: bytes
    made_of: str = ""

    @property
    def checksum(self) -> int:
        """A checksum of all that it says."""
        head = f"{self.run_id} {self.is_finished} {self.made_of} "
        return zlib.crc32(self.series, zlib.crc32(self.text.encode(), zlib.crc32(head.encode())))


def made_of(content_hash: str, libraries: str) -> str:
    """Return the hash of all that a run is made of: scenario, seed and code, and the libraries that compute."""
    return hashlib.sha256(f"{content_hash} {libraries}".encode()).hexdigest()


def encode(record: Record, made_of: str = "") -> Encoded:
    """Return a record as bytes, with the hash of what it was made of."""
    if isinstance(record, Failed):
        text = json.dumps([record.error, record.traceback, record.run_seconds])
        return Encoded(record.run_id, False, text, b"", made_of)
    import numpy as np

    names = list(record.series)
    weeks = np.array([record.series[name] for name in names], dtype="<f8")
    rest = [
        dict(record.outcomes),
        dict(record.reasons),
        names,
        [dict(row) for row in record.groups],
        record.run_seconds,
    ]
    numbers = weeks.tobytes()
    if record.replies is not None:  # behind the weeks, with the length of these
        rest.append(len(numbers))
        numbers += _plain_replies(record.replies).tobytes()
    return Encoded(record.run_id, True, json.dumps(rest), numbers, made_of)


def _plain_replies(replies: np.ndarray) -> np.ndarray:
    """Return the rows of replies as numbers, int32 (rows, columns), the lowest byte first."""
    import numpy as np

    columns = [replies[name] for name in REPLY_COLUMNS]
    return np.stack(columns, axis=-1).astype("<i4") if len(replies) else np.empty((0, len(columns)), dtype="<i4")


def decode(encoded: Encoded) -> Record:
    """Return the record that some bytes are."""
    if not encoded.is_finished:
        return Failed(encoded.run_id, *json.loads(encoded.text))
    import numpy as np

    outcomes, reasons, names, groups, run_seconds, *more = json.loads(encoded.text)
    end = more[0] if more else len(encoded.series)
    weeks = np.frombuffer(encoded.series[:end], dtype="<f8").reshape(len(names), -1) if names else np.empty((0, 0))
    replies = None
    if more:
        rows = np.frombuffer(encoded.series[end:], dtype="<i4").reshape(-1, len(REPLY_COLUMNS))
        replies = rows.view([(name, "<i4") for name in REPLY_COLUMNS])[:, 0]
    series = dict(zip(names, weeks, strict=True))
    return Finished(encoded.run_id, outcomes, reasons, series, groups, run_seconds, replies)


def write_part(path: Path, records: Sequence[Encoded]) -> None:
    """Write `records` to the Arrow file `path`, whole or not at all."""
    import pyarrow as pa

    run_ids, finished, texts, series, made = zip(*records, strict=True)
    columns = {
        "run_id": pa.array(run_ids, pa.int64()),
        "is_finished": pa.array(finished, pa.bool_()),
        "record": pa.array(texts, pa.string()),
        "series": pa.array(series, pa.large_binary()),
        "made_of": pa.array(made, pa.string()),
        "checksum": pa.array([record.checksum for record in records], pa.uint32()),
    }
    table = pa.table(columns)
    with written_whole(path) as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


class DamagedPartError(Exception):
    """A part that is not as it was written; its runs are to be done again."""


def part_contents(path: Path) -> dict[int, bool]:
    """Return the run ids in a part, each with whether that run finished (False: it failed)."""
    return {record.run_id: record.is_finished for record in read_part(path)}


def read_part(path: Path) -> list[Encoded]:
    """Return the records of a part.

    Raises
    ------
    DamagedPartError
        If it is not as it was written.
    OSError
        If it cannot be read.
    """
    import pyarrow as pa

    content = regular_content(path)
    try:
        table = pa.ipc.open_file(pa.py_buffer(content)).read_all()
        table.validate(full=True)
        names = ("run_id", "is_finished", "record", "series", "made_of", "checksum")
        rows = list(zip(*(table[name].to_pylist() for name in names), strict=True))
        records = [Encoded(*row[:-1]) for row in rows]
        is_whole = all(record.checksum == row[-1] for record, row in zip(records, rows, strict=True))
    except Exception as error:  # there is no end to what Arrow raises about bytes that nobody wrote
        raise DamagedPartError(str(error)) from None
    if not is_whole:
        raise DamagedPartError(path)
    return records


class Journal:
    """The runs that wait for the next part, in a file that grows run by run.

    Each run is handed to the operating system as soon as it is there: a process that is killed loses none of them,
    a machine that loses its power loses what was not yet in a part. A run that was only half written when the
    process died is left out when the file is read.

    Parameters
    ----------
    path : Path
        Where it is; it need not exist, nor its folder.
    """

    # Run id, whether it finished, what it was made of, lengths of text and series, checksum of everything.
    _HEAD = struct.Struct("<q?64sIII")

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1
        self._size = 0

    def read(self) -> list[Encoded]:
        """Return the runs that were written whole, in the order in which they were written."""
        try:
            content = regular_content(self.path)
        except FileNotFoundError:
            return []
        found = []
        place = 0
        while place + self._HEAD.size <= len(content):
            run_id, is_finished, made, n_text, n_series, checksum = self._HEAD.unpack_from(content, place)
            place += self._HEAD.size
            body = content[place : place + n_text + n_series]
            text = body[:n_text].decode(errors="replace")
            record = Encoded(run_id, is_finished, text, body[n_text:], made.rstrip(b"\0").decode(errors="replace"))
            if len(body) < n_text + n_series or record.checksum != checksum:
                break
            found.append(record)
            place += len(body)
        return found

    def append(self, records: Sequence[Encoded]) -> None:
        """Write some runs behind the others.

        Raises
        ------
        OSError
            If they cannot be written; those that were there before are kept.
        """
        if self._descriptor < 0:
            self.path.parent.mkdir(exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
            self._descriptor = os.open(self.path, flags, 0o644)
            self._size = os.lseek(self._descriptor, 0, os.SEEK_END)
        block = b"".join(map(self._block, records))
        written = 0
        try:
            while written < len(block):
                written += os.write(self._descriptor, block[written:])
        except OSError:
            self._cut(self._size)
            raise
        self._size += written

    def _block(self, record: Encoded) -> bytes:
        text = record.text.encode()
        lengths = len(text), len(record.series)
        head = self._HEAD.pack(record.run_id, record.is_finished, record.made_of.encode(), *lengths, record.checksum)
        return head + text + record.series

    def _cut(self, size: int) -> None:
        with contextlib.suppress(OSError):
            os.ftruncate(self._descriptor, size)
            os.lseek(self._descriptor, size, os.SEEK_SET)

    def clear(self) -> None:
        """Forget all runs: they stand in a part now."""
        if self._descriptor >= 0:
            self._cut(0)
            self._size = 0
        else:
            self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
