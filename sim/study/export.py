"""The tables of a results folder as CSV: RFC 4180, UTF-8, missing values empty."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError
from sim.study.columns import DERIVED_TABLES, RUN_TABLES, SERIES
from sim.study.files import written_whole
from sim.study.folder import is_merged
from sim.study.parquet import opened, series_files
from sim.study.results import Stored, has_table
from sim.texts import said

if TYPE_CHECKING:
    import pyarrow as pa


SUFFIX = ".csv"
ROWS_AT_ONCE = 10_000
_FORMULA = re.compile(r"[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")  # the wide signs count in some locales


class Signs(NamedTuple):
    """How a file is written: its encoding, what stands between cells, and the decimal sign."""

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."


PLAIN = Signs()
SPREADSHEET = {"en": Signs("utf-8-sig"), "nl": Signs("utf-8-sig", ";", ",")}
"""As a spreadsheet of the language opens it by a double click: it knows UTF-8 by the byte order mark alone."""


class Exported(NamedTuple):
    """A file that was written, and its number of rows without the header."""

    path: Path
    n_rows: int


def export_csv(stored: Stored, target: Path, signs: Signs = PLAIN) -> list[Exported]:
    """Write the tables of a results folder as CSV.

    Parameters
    ----------
    stored : Stored
        The results folder.
    target : Path
        A folder for all tables, one file each; or a name that ends in ``.csv`` for the table of runs alone, with
        ``<name>-reasons.csv`` beside it, which says why values are missing.
    signs : Signs
        How they are written.

    Raises
    ------
    InputError
        If a file is there already, or cannot be written; nothing was replaced.
    """
    plan = dict(_files(stored, target))
    present = [path.name for path in plan.values() if path.exists()]
    if present:
        raise InputError(said("refusal.export.present", target=target, names=", ".join(present)))
    folder = target.parent if target.suffix == SUFFIX else target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [Exported(path, write_csv(path, _batches(stored, name), signs)) for name, path in plan.items()]
    except OSError as error:
        raise InputError(said("refusal.export.target", target=target, reason=error.strerror)) from None


def _files(stored: Stored, target: Path) -> Iterator[tuple[str, Path]]:
    """Yield the tables to write, each with its file."""
    if target.suffix == SUFFIX:
        yield "runs", target
        if has_table(stored.folder / "reasons.parquet"):
            yield "reasons", target.with_name(f"{target.stem}-reasons{SUFFIX}")
        return
    for name in ("plan", "points", *RUN_TABLES[::-1], *DERIVED_TABLES):
        if name == "runs" or has_table(stored.folder / f"{name}.parquet"):
            yield name, target / f"{name}{SUFFIX}"
    if series_files(stored.folder):
        yield SERIES, target / f"{SERIES}{SUFFIX}"


def _batches(stored: Stored, name: str) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    # A study that was killed, or goes on, has runs that are in no table yet.
    if name == "runs" and not is_merged(stored.folder):
        yield from pa.Table.from_pandas(stored.runs, preserve_index=False).to_batches(ROWS_AT_ONCE)
        return
    files = series_files(stored.folder) if name == SERIES else [stored.folder / f"{name}.parquet"]
    for path in files:
        with opened(path) as file:
            parquet = pq.ParquetFile(file, pre_buffer=False)
            yield pa.RecordBatch.from_pylist([], parquet.schema_arrow)  # a header, even without rows
            yield from parquet.iter_batches(ROWS_AT_ONCE)


def write_csv(path: Path, batches: Iterable[pa.RecordBatch], signs: Signs = PLAIN) -> int:
    """Write batches of one schema to `path`, whole or not at all, and return the number of rows."""
    n_rows = 0
    with written_whole(path) as file:
        text = io.TextIOWrapper(file, encoding=signs.encoding, newline="")
        writer = csv.writer(text, delimiter=signs.delimiter, lineterminator="\r\n")
        names: list[str] = []
        for batch in batches:
            if not names:
                names = list(batch.schema.names)
                writer.writerow(map(_cell, names))
            columns = [[_cell(value, signs.decimal) for value in column.to_pylist()] for column in batch.columns]
            writer.writerows(zip(*columns, strict=True))
            n_rows += batch.num_rows
        text.flush()
        text.detach()
    return n_rows


def _cell(value: Any, decimal: str = ".") -> Any:
    """Return a value as it stands in a cell: switches as ``true`` and ``false``, missing ones empty.

    A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers.
    """
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and decimal != ".":
        return repr(value).replace(".", decimal)
    return ("true" if value else "false") if isinstance(value, bool) else value


def export_json(files: Iterable[Exported]) -> Mapping[str, Any]:
    """Return what was written, as JSON can hold it."""
    return {"exported": [{"file": str(path), "rows": n_rows} for path, n_rows in files]}
