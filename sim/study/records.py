"""What one run leaves behind, and how finished runs are kept until the study is done.

A part is an Arrow file with a few finished runs, written whole: what a killed study has finished is in its
parts.
"""

from __future__ import annotations

import json
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


def _encode(record: Record) -> tuple[int, bool, str, bytes]:
    """Return run id, whether it finished, everything but the series as JSON, and the series as bytes."""
    if isinstance(record, Failed):
        return record.run_id, False, json.dumps([record.error, record.traceback, record.run_seconds]), b""
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
    return record.run_id, True, json.dumps(rest), weeks.tobytes()


def _decode(run_id: int, is_finished: bool, text: str, series: bytes) -> Record:
    if not is_finished:
        return Failed(run_id, *json.loads(text))
    import numpy as np

    outcomes, reasons, names, groups, run_seconds = json.loads(text)
    weeks = np.frombuffer(series, dtype="<f8").reshape(len(names), -1) if names else np.empty((0, 0))
    return Finished(run_id, outcomes, reasons, dict(zip(names, weeks, strict=True)), groups, run_seconds)


def write_part(path: Path, records: Sequence[Record]) -> None:
    """Write `records` to the Arrow file `path`, whole or not at all."""
    import pyarrow as pa

    run_ids, finished, texts, series = zip(*map(_encode, records), strict=True)
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
    for run_id, is_finished, text, series in zip(*(column.to_pylist() for column in table.columns), strict=True):
        if wanted is None or run_id in wanted:
            yield _decode(run_id, is_finished, text, series)
