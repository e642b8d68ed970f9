"""What one run leaves behind, and how finished runs are kept until the study is done: in an SQLite database."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.kernel.files import refuse_irregular
from sim.words import said

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

    def is_whole(self, checksum: object) -> bool:
        """Say whether it is what was written with a checksum."""
        try:
            return self.checksum == checksum
        except (AttributeError, TypeError):  # somebody else's kinds of values
            return False


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


class DamagedJournalError(OSError):
    """A journal that is not as it was written."""


class Journal:
    """The runs of a study that are in no table yet: an SQLite database in the results folder.

    Each run is handed to the operating system as soon as it is there: a process that is killed loses none of them, and
    what it had only half handed over is left out. A machine that loses its power loses what came after `sync`. Each
    row has a checksum, since SQLite does not notice a bit that has turned.

    Parameters
    ----------
    path : Path
        Where it is; it need not exist, nor its folder.
    """

    SUFFIXES = ("", "-wal", "-shm", "-journal")
    """What the names of its files end in, the first when nobody has it open."""
    WAYS = ("WAL", "DELETE")
    """How SQLite journals; the second where a file system has no memory that processes share (a network)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database: sqlite3.Connection | None = None

    def append(self, records: Sequence[Encoded]) -> None:
        """Add some runs, all or none.

        Raises
        ------
        sqlite3.Error, OSError
            If they cannot be written; those that were there before are kept.
        """
        if self._database is None:
            self.path.parent.mkdir(exist_ok=True)
            self._database = self._opened()
        with self._database:
            rows = [(*record, record.checksum) for record in records]
            self._database.executemany("INSERT INTO runs VALUES (NULL, ?, ?, ?, ?, ?, ?)", rows)

    def _opened(self) -> sqlite3.Connection:
        """Open it to be written to, in the first way that the file system takes."""
        for way in self.WAYS:
            database = sqlite3.connect(self.path)
            try:
                database.executescript(
                    f"PRAGMA journal_mode = {way}; PRAGMA synchronous = NORMAL;"
                    "CREATE TABLE IF NOT EXISTS runs (number INTEGER PRIMARY KEY, run_id INTEGER, is_finished INTEGER,"
                    " record TEXT, series BLOB, made_of TEXT, checksum INTEGER);"
                    "CREATE INDEX IF NOT EXISTS by_run ON runs (run_id);"
                )
            except sqlite3.OperationalError:
                database.close()
                if way == self.WAYS[-1]:
                    raise
            else:
                break
        return database

    def sync(self) -> None:
        """Make what was added outlive the machine.

        Raises
        ------
        sqlite3.Error
            If it cannot be written.
        """
        if self._database is not None:
            self._database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def records(self, runs: range | None = None) -> Iterator[Encoded]:
        """Yield the runs (or those of `runs`), later attempts after earlier ones; it may be open elsewhere.

        Raises
        ------
        DamagedJournalError
            If it is not as it was written; once what is whole has been told, as far as that can be known.
        FileNotFoundError
            If it has gone while it was read.
        """
        if not self.path.exists():
            return
        n_damaged = 0
        where = (-1, 2**63 - 1) if runs is None else (runs.start, runs.stop - 1)
        try:
            for suffix in self.SUFFIXES:
                # Not opened: closing it would undo the locks that this process has on it.
                refuse_irregular(f"{self.path}{suffix}")
            # What a process that was killed had half written is taken back by whoever opens it to be written to.
            mode = "rw" if Path(f"{self.path}-journal").exists() else "ro"
            uri = f"{self.path.absolute().as_uri()}?mode={mode}"
            with contextlib.closing(sqlite3.connect(uri, uri=True)) as database:
                if not database.execute("SELECT * FROM sqlite_master").fetchone():
                    return  # just begun
                columns = "run_id, is_finished, record, series, made_of, checksum"
                query = f"SELECT {columns} FROM runs WHERE run_id BETWEEN ? AND ? ORDER BY number"
                for run_id, is_finished, *rest, checksum in database.execute(query, where):
                    record = Encoded(run_id, bool(is_finished), *rest)
                    if record.is_whole(checksum):
                        yield record
                    else:
                        n_damaged += 1
        except (sqlite3.Error, OSError) as error:
            if not self.path.exists():
                raise FileNotFoundError(self.path) from None
            raise DamagedJournalError(str(error)) from None
        if n_damaged:
            raise DamagedJournalError(said("refusal.result.rows", n=n_damaged))

    def close(self) -> None:
        """Close it; safe to call twice."""
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.execute("PRAGMA journal_mode = DELETE")  # one file, which can be read without a trace
            self._database.close()
            self._database = None
