"""The Parquet files of a results folder: each written whole, and read only if it is the file that the manifest means.

The manifest lists the SHA-256 of every table. A file that has another one was damaged, or comes from another folder:
what it says is not used, and it is named. Files that the manifest does not list (of folders made by earlier versions,
or just being written) are read as they are. Which runs stand in which row group and file depends on the plan only.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast

from sim.errors import InputError
from sim.kernel.files import open_regular, written_whole
from sim.runs.columns import RUN_TABLES, SERIES
from sim.runs.manifest import files_of, read_manifest
from sim.words import said

if TYPE_CHECKING:
    from io import BufferedReader

    import pyarrow as pa

RUNS_PER_GROUP = 1000
# What a file was found to contain counts for as long as it looks the same. Clocks of file systems are coarse: a file
# that has only just been written may change again without looking another.
_SURELY_LATER_NS = 2_000_000_000
_known: dict[tuple[int, ...], str] = {}
_MOST_KNOWN = 10_000


class DamagedFileError(InputError):
    """A file of a results folder is missing, cannot be read, or is not the one that was written.

    Attributes
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(said("refusal.result.damaged", file=path, reason=reason))
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[type[DamagedFileError], tuple[object, ...]]:
        return type(self), (self.path, self.reason)


def _digest(file: BinaryIO) -> str:
    status = os.fstat(file.fileno())
    look = (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)
    found = _known.get(look)
    if found is None:
        found = hashlib.file_digest(cast("BufferedReader", file), "sha256").hexdigest()
        file.seek(0)
        if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > _SURELY_LATER_NS:
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            _known[look] = found
    return found


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with open_regular(path) as file:
        return _digest(file)


def _place(path: Path) -> tuple[Path, str]:
    """Return the results folder of a file, and the name of the file in its manifest."""
    folder = path.parent
    if folder.name == "series":
        return folder.parent, f"series/{path.name}"
    return folder, path.name


def listed(path: Path) -> str | None:
    """Return the checksum that the manifest has of a file; None where it has none."""
    folder, name = _place(path)
    manifest = read_manifest(folder, is_checked=False)  # whoever reads results has looked at it
    return None if manifest is None else files_of(manifest).get(name)


def is_there(path: Path) -> bool:
    """Say whether a file of a results folder is there.

    Raises
    ------
    DamagedFileError
        If it should be, and is not.
    """
    if path.exists():
        return True
    if listed(path) is not None:
        raise DamagedFileError(path, said("refusal.result.missing"))
    return False


def is_whole(path: Path, expected: str) -> bool:
    """Say whether a file is there and has the checksum `expected`."""
    try:
        return checksum(path) == expected
    except OSError:
        return False


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file of a results folder to be read, if it is the one that the manifest lists.

    Whatever goes wrong while it is read is told as damage of this file.

    Raises
    ------
    DamagedFileError
        If it is not, or cannot be read.
    """
    try:
        with _right_file(path) as file:
            yield file
    except InputError:
        raise
    except FileNotFoundError:
        raise DamagedFileError(path, said("refusal.result.missing")) from None
    except OSError as error:
        raise DamagedFileError(path, error.strerror or _first_line(error)) from None
    except Exception as error:  # there is no end to what readers raise about bytes that nobody wrote
        raise DamagedFileError(path, _first_line(error)) from None


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _right_file(path: Path) -> BinaryIO:
    tries = 3  # whoever writes the folder puts whole files in the place of others while we look
    for _ in range(tries):
        file = open_regular(path)
        try:
            found, expected = _digest(file), listed(path)
            if expected is None or found == expected:
                return file
        except BaseException:
            file.close()
            raise
        file.close()
    raise DamagedFileError(path, said("refusal.result.other"))


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write one table to `path` as a single row group, whole or not at all."""
    import pyarrow.parquet as pq

    with written_whole(path) as file:
        pq.write_table(table.combine_chunks(), file, compression="zstd", row_group_size=max(table.num_rows, 1))


def read_parquet(path: Path, columns: list[str] | None = None) -> pa.Table:
    """Read one file of a results folder, whole or some of its columns.

    Raises
    ------
    DamagedFileError
        If it is missing, or not as it was written.
    """
    import pyarrow.parquet as pq

    with opened(path) as file:
        parquet = pq.ParquetFile(file, pre_buffer=False)
        missing = [name for name in columns or () if name not in parquet.schema_arrow.names]
        if missing:
            raise DamagedFileError(path, said("refusal.result.columns", names=", ".join(missing)))
        if parquet.num_row_groups == 0:  # PyArrow before 19 cannot read it without reading ahead
            empty = parquet.schema_arrow.empty_table()
            return empty.select(columns) if columns is not None else empty
        # Without threads, of which reading ahead takes some too (`pre_buffer`): a machine may give none, and a command
        # that ends at once would now and then abort on those Arrow is still starting.
        return parquet.read(columns, use_threads=False)


def read_schema(path: Path) -> pa.Schema:
    """Return the columns of one file of a results folder."""
    import pyarrow.parquet as pq

    with opened(path) as file:
        return pq.ParquetFile(file, pre_buffer=False).schema_arrow


def _read_runs(path: Path, runs: range) -> pa.Table:
    """Read the rows of `runs` from one table, touching only the row groups that can hold them."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with opened(path) as file:
        parquet = pq.ParquetFile(file, pre_buffer=False)
        held = [parquet.metadata.row_group(i).column(0).statistics for i in range(parquet.num_row_groups)]
        groups = [i for i, run_id in enumerate(held) if run_id.min < runs.stop and run_id.max >= runs.start]
        table = parquet.read_row_groups(groups, use_threads=False)
        run_id = table["run_id"]
        return table.filter(pc.and_(pc.greater_equal(run_id, runs.start), pc.less(run_id, runs.stop)))


def series_files(folder: Path) -> list[Path]:
    """Return the series files of a results folder, in order.

    Raises
    ------
    DamagedFileError
        If one is missing that the manifest lists.
    """
    there = set((folder / SERIES).glob("part-*.parquet"))
    manifest = read_manifest(folder, is_checked=False)
    listed = () if manifest is None else files_of(manifest)
    expected = {folder / name for name in listed if name.startswith(f"{SERIES}/")}
    for missing in sorted(expected - there):
        raise DamagedFileError(missing, said("refusal.result.missing"))
    return sorted(there)


def groups_of_runs(n_runs: int) -> list[range]:
    """Return which runs stand in one row group of a table, and in one file of the series."""
    return [range(first, min(first + RUNS_PER_GROUP, n_runs)) for first in range(0, n_runs, RUNS_PER_GROUP)]


def by_run(tables: Sequence[pa.Table]) -> pa.Table:
    """Return the rows of some tables in one, sorted by run; the rows of one run keep their order."""
    import numpy as np
    import pyarrow as pa

    table = pa.concat_tables(tables)
    return table.take(np.argsort(table["run_id"].to_numpy(), kind="stable")).combine_chunks()


def series_name(group: range) -> str:
    """Return the name, in a results folder, of the file of the series that holds a group of runs."""
    return f"{SERIES}/part-{group.start // RUNS_PER_GROUP:05d}.parquet"


def stored_rows(folder: Path, name: str, group: range) -> pa.Table | None:
    """Return the rows of a group of runs in a table of a folder; None where there is no such file."""
    if name == SERIES:
        path = folder / series_name(group)
        return read_parquet(path) if is_there(path) else None
    path = folder / f"{name}.parquet"
    return _read_runs(path, group) if is_there(path) else None


class TableWriter:
    """Writes the tables of a study, group of runs by group, each file whole or not at all.

    Parameters
    ----------
    folder : Path
        Where to.
    schemas : mapping of str to pyarrow.Schema
        The columns of each table; ``series`` among them, where it is kept.

    Attributes
    ----------
    names : tuple of str
        The tables to write, in that order.
    """

    def __init__(self, folder: Path, schemas: Mapping[str, pa.Schema]) -> None:
        self._folder = folder
        self._schemas = schemas
        self._files = contextlib.ExitStack()
        self._writers: dict[str, Any] = {}
        self.names = tuple(schemas)

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            # Files get their names in the opposite order, ``runs`` last.
            for name in (name for name in RUN_TABLES[::-1] if name in self.names):
                self._writers[name] = stack.enter_context(self._open(name))
            self._files = stack.pop_all()
        if SERIES in self.names:
            (self._folder / SERIES).mkdir(exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.__exit__(kind, error, trace)

    @contextlib.contextmanager
    def _open(self, name: str) -> Iterator[Any]:
        import pyarrow.parquet as pq

        with (
            written_whole(self._folder / f"{name}.parquet") as file,
            pq.ParquetWriter(file, self._schemas[name], compression="zstd") as writer,
        ):
            yield writer

    def write(self, name: str, group: range, table: pa.Table) -> None:
        """Write the rows of one group of runs; groups come in their order."""
        if not table.num_rows:
            return
        if name == SERIES:
            write_parquet(self._folder / series_name(group), table)
        else:
            self._writers[name].write_table(table, row_group_size=table.num_rows)
