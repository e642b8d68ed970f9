"""What one run leaves behind, and how finished runs are kept until the study is done.

A part is an Arrow file with some runs, written whole and made durable. Runs that wait for the next part stand in a
journal, so that not even a moment's work is lost when the process is killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.study.files import written_whole

if TYPE_CHECKING:
    import numpy as np


class Finished(NamedTuple):
    """A run that was done: its outcomes, why some are missing, its weeks, its groups and the time it took."""

    run_id: int
    outcomes: Mapping[str, float]
    reasons: Mapping[str, str]
    series: Mapping[str, np.ndarray]
    groups: Sequence[Mapping[str, Any]]
    run_seconds: float


class Failed(NamedTuple):
    """A run that failed, with the error in one line and the traceback."""

    run_id: int
    error: str
    traceback: str
    run_seconds: float


Record = Finished | Failed


class Encoded(NamedTuple):
    """A record as bytes: everything but the series as JSON, the series as numbers."""

    run_id: int
    is_finished: bool
    text: str
    series: bytes


def encode(record: Record) -> Encoded:
    """Return a record as bytes."""
    if isinstance(record, Failed):
        return Encoded(record.run_id, False, json.dumps([record.error, record.traceback, record.run_seconds]), b"")
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
    return Encoded(record.run_id, True, json.dumps(rest), weeks.tobytes())


def _decode(encoded: Encoded) -> Record:
    if not encoded.is_finished:
        return Failed(encoded.run_id, *json.loads(encoded.text))
    import numpy as np

    outcomes, reasons, names, groups, run_seconds = json.loads(encoded.text)
    weeks = np.frombuffer(encoded.series, dtype="<f8").reshape(len(names), -1) if names else np.empty((0, 0))
    return Finished(encoded.run_id, outcomes, reasons, dict(zip(names, weeks, strict=True)), groups, run_seconds)


def write_part(path: Path, records: Sequence[Encoded]) -> None:
    """Write `records` to the Arrow file `path`, whole or not at all."""
    import pyarrow as pa

    run_ids, finished, texts, series = zip(*records, strict=True)
    columns = {
        "run_id": pa.array(run_ids, pa.int64()),
        "is_finished": pa.array(finished, pa.bool_()),
        "record": pa.array(texts, pa.string()),
        "series": pa.array(series, pa.large_binary()),
    }
    table = pa.table(columns)
    with written_whole(path) as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def part_contents(path: Path) -> dict[int, bool]:
    """Return the run ids in a part, each with whether that run finished (False: it failed)."""
    import pyarrow as pa

    with pa.memory_map(str(path)) as source:
        table = pa.ipc.open_file(source).read_all()
        return dict(zip(table["run_id"].to_pylist(), table["is_finished"].to_pylist(), strict=True))


def read_part(path: Path, wanted: set[int] | None = None) -> Iterator[Record]:
    """Yield the records of a part, all or those with a `wanted` run id."""
    import pyarrow as pa

    with pa.OSFile(str(path)) as source:
        table = pa.ipc.open_file(source).read_all()
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        if wanted is None or row[0] in wanted:
            yield _decode(Encoded(*row))


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

    _HEAD = struct.Struct("<q?III")  # run id, whether it finished, lengths of text and series, checksum of both

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1
        self._size = 0

    def read(self) -> list[Encoded]:
        """Return the runs that were written whole, in the order in which they were written."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return []
        found = []
        place = 0
        while place + self._HEAD.size <= len(content):
            run_id, is_finished, n_text, n_series, checksum = self._HEAD.unpack_from(content, place)
            place += self._HEAD.size
            body = content[place : place + n_text + n_series]
            if len(body) < n_text + n_series or zlib.crc32(body) != checksum:
                break
            found.append(Encoded(run_id, is_finished, body[:n_text].decode(), body[n_text:]))
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
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
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
        body = text + record.series
        head = self._HEAD.pack(record.run_id, record.is_finished, len(text), len(record.series), zlib.crc32(body))
        return head + body

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


def read_journal(path: Path) -> Iterator[Record]:
    """Yield the runs in the journal `path` that were written whole; none if there is no such file."""
    yield from map(_decode, Journal(path).read())
