"""The results folder of one study: refuse early, keep every finished run, write tables whole.

While runs go on, finished ones are kept in small parts. At the end (or when interrupted) the parts become
tables: ``runs.parquet`` and its companions with one row group per thousand runs, ``series/part-*.parquet``
with one file per thousand runs. Which runs go where depends on the plan only, so the files have the same
bytes for any number of processes and after any number of interruptions; wall-clock times have a file of their
own.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from sim.errors import InputError, RunError
from sim.study import folder as places
from sim.study.files import remove_unfinished, written_whole
from sim.study.lock import FolderLock
from sim.study.manifest import (
    MANIFEST_NAME,
    new_manifest,
    now,
    plan_facts,
    read_manifest,
    write_manifest,
)
from sim.study.plan import Plan
from sim.study.records import Encoded, Finished, Journal, Record, encode, part_contents, read_part, write_part
from sim.study.shard import WHOLE, Shard
from sim.study.tables import RUN_TABLES, SERIES, TableMaker, plan_table, points_table
from sim.texts.said import said

if TYPE_CHECKING:
    import pyarrow as pa

RUNS_PER_GROUP = 1000
JOURNAL_NAME = "journal"
# Results that a study derives from its runs; removed with them by --overwrite.
DERIVED_TABLES = (
    "summary", "differences", "ranks", "strategies", "distribution", "associations", "indices", "convergence", "noise",
    "scorecard", "forward",
)  # fmt: skip
# Waiting this many times the duration of the last write keeps its cost near a hundredth.
WRITE_PAUSE = 100.0
LONGEST_PAUSE_SECONDS = 1.0
MOST_WAITING = 500

Mode = Literal["new", "resume", "overwrite"]


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write one table to `path` as a single row group, whole or not at all."""
    import pyarrow.parquet as pq

    with written_whole(path) as file:
        pq.write_table(table.combine_chunks(), file, compression="zstd", row_group_size=max(table.num_rows, 1))


def read_parquet(path: Path, columns: list[str] | None = None) -> pa.Table:
    """Read one file of a results folder, whole or some of its columns."""
    import pyarrow.parquet as pq

    with open(path, "rb") as file:
        # Without threads: a command that ends at once would now and then abort on those Arrow is still starting.
        return pq.ParquetFile(file).read(columns, use_threads=False)


def _read_runs(path: Path, runs: range) -> pa.Table:
    """Read the rows of `runs` from one table, touching only the row groups that can hold them."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with open(path, "rb") as file:
        parquet = pq.ParquetFile(file)
        held = [parquet.metadata.row_group(i).column(0).statistics for i in range(parquet.num_row_groups)]
        groups = [i for i, run_id in enumerate(held) if run_id.min < runs.stop and run_id.max >= runs.start]
        table = parquet.read_row_groups(groups, use_threads=False)
    run_id = table["run_id"]
    return table.filter(pc.and_(pc.greater_equal(run_id, runs.start), pc.less(run_id, runs.stop)))


def series_files(folder: Path) -> list[Path]:
    """Return the series files of a results folder, in order."""
    return sorted((folder / places.SERIES_NAME).glob("part-*.parquet"))


def remove_results(folder: Path, figures: Sequence[str]) -> None:
    """Remove the results of an earlier plan and nothing else; the manifest first, so no half stays valid."""
    names = [MANIFEST_NAME, places.PLAN_NAME, places.POINTS_NAME, "report.html"]
    names += [f"{name}.parquet" for name in (*RUN_TABLES, *DERIVED_TABLES)]
    for path in [
        *(folder / name for name in names),
        *series_files(folder),
        *(folder / name for name in figures),
    ]:
        path.unlink(missing_ok=True)
    shutil.rmtree(folder / places.PARTS_NAME, ignore_errors=True)


def groups_of_runs(n_runs: int) -> list[range]:
    """Return which runs stand in one row group of a table, and in one file of the series."""
    return [range(first, min(first + RUNS_PER_GROUP, n_runs)) for first in range(0, n_runs, RUNS_PER_GROUP)]


def by_run(tables: Sequence[pa.Table]) -> pa.Table:
    """Return the rows of some tables in one, sorted by run; the rows of one run keep their order."""
    import numpy as np
    import pyarrow as pa

    table = pa.concat_tables(tables)
    return table.take(np.argsort(table["run_id"].to_numpy(), kind="stable")).combine_chunks()


def _series_file(folder: Path, group: range) -> Path:
    return folder / places.SERIES_NAME / f"part-{group.start // RUNS_PER_GROUP:05d}.parquet"


def stored_rows(folder: Path, name: str, group: range) -> pa.Table | None:
    """Return the rows of a group of runs in a table of a folder; None where there is no such file."""
    if name == SERIES:
        path = _series_file(folder, group)
        return read_parquet(path) if path.exists() else None
    path = folder / f"{name}.parquet"
    return _read_runs(path, group) if path.exists() else None


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
            (self._folder / places.SERIES_NAME).mkdir(exist_ok=True)
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
            write_parquet(_series_file(self._folder, group), table)
        else:
            self._writers[name].write_table(table, row_group_size=table.num_rows)


class Results:
    """A results folder whose tables are there: what follows from them can be written.

    Attributes
    ----------
    folder : Path
        The results folder.
    manifest : dict
        What ``manifest.json`` says.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any], lock: FolderLock) -> None:
        self.folder = folder
        self.manifest = manifest
        self._lock = lock

    @property
    def has_derived(self) -> bool:
        """Whether anything was worked out from the runs and written."""
        return any((self.folder / f"{name}.parquet").exists() for name in DERIVED_TABLES)

    def write_derived(self, name: str, table: pa.Table) -> None:
        """Write a table that follows from the runs (one of `DERIVED_TABLES`)."""
        if name not in DERIVED_TABLES:
            raise ValueError(f"{name} is not among {DERIVED_TABLES}")
        try:
            write_parquet(self.folder / f"{name}.parquet", table)
        except OSError as error:
            raise RunError(self._full(error)) from error

    def note_figures(self, figures: Sequence[Path]) -> None:
        """Write down in the manifest which figures belong to the results."""
        self.manifest["figures"] = [path.relative_to(self.folder).as_posix() for path in figures]
        write_manifest(self.folder, self.manifest)

    def _full(self, error: OSError) -> str:
        return f"{self.folder} cannot be written any more: {error.strerror}. Make room and try again."

    def close(self) -> None:
        """Give the folder free."""
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Store(Results):
    """The open, locked results folder of one plan. Make one with `open_store`.

    Attributes
    ----------
    folder : Path
        The results folder.
    plan : Plan
        The runs to do.
    manifest : dict
        What ``manifest.json`` says.
    finished : set of int
        Ids of the runs that are done and kept.
    failed : set of int
        Ids of the runs that failed.
    shard : Shard
        The part of the plan whose runs belong here.
    """

    def __init__(
        self, folder: Path, plan: Plan, manifest: dict[str, Any], lock: FolderLock, shard: Shard = WHOLE
    ) -> None:
        super().__init__(folder, manifest, lock)
        self.plan = plan
        self.shard = shard
        self._parts = folder / places.PARTS_NAME
        self._journal = Journal(self._parts / JOURNAL_NAME)
        self._waiting: list[Encoded] = self._journal.read()
        self._next_write = 0.0
        self._n_parts = 0
        self.is_new = False  # whether the folder was made for this store
        self.finished: set[int] = set()
        self.failed: set[int] = set()
        self._find_finished()

    def _find_finished(self) -> None:
        """Learn from the folder which runs are done: those in the tables and those in parts."""
        for name, found in (("runs", self.finished), ("failures", self.failed)):
            path = self.folder / f"{name}.parquet"
            if path.exists():
                found.update(read_parquet(path, ["run_id"])["run_id"].to_pylist())
        for path in self._part_files():
            self._n_parts = max(self._n_parts, int(path.stem) + 1)
            self._note(part_contents(path))
        self._note({record.run_id: record.is_finished for record in self._waiting})

    def _note(self, contents: dict[int, bool]) -> None:
        for run_id, is_finished in contents.items():
            (self.finished if is_finished else self.failed).add(run_id)
        self.failed -= self.finished

    def _part_files(self) -> list[Path]:
        return sorted(self._parts.glob("*.arrow"))

    @property
    def run_ids(self) -> range:
        """Ids of the runs that belong here."""
        return self.shard.runs(len(self.plan.runs))

    @property
    def is_complete(self) -> bool:
        """Whether every run that belongs here is done."""
        return len(self.finished) == len(self.run_ids)

    @property
    def is_settled(self) -> bool:
        """Whether every run that belongs here is done and in the tables."""
        is_waiting = self._waiting or self._part_files()
        return self.is_complete and not is_waiting and (self.folder / "runs.parquet").exists()

    def extend(self, plan: Plan) -> None:
        """Go on with `plan`, which is the present one with more replications."""
        if plan.runs[: len(self.plan.runs)] != self.plan.runs:
            raise ValueError("a plan can only be extended by replications")
        self.plan = plan
        self.start()

    def start(self) -> None:
        """Write the plan and the manifest: from here on the folder belongs to this plan."""
        self.manifest |= {"status": "running", "end": None, **plan_facts(self.plan)}
        self._write_plan()
        if self.plan.points is not None:
            write_parquet(self.folder / places.POINTS_NAME, points_table(self.plan.points))
        # Before any result: a folder with a result in it can always say whose result that is.
        write_manifest(self.folder, self.manifest)
        self.flush()  # what a killed process left in its journal

    def _write_plan(self) -> None:
        """Write ``plan.parquet``; that of a design piece by piece, since it may be long."""
        import pyarrow.parquet as pq

        n_runs = len(self.plan.runs)
        groups = [range(n_runs)] if self.plan.points is None else groups_of_runs(n_runs)
        schema = plan_table(self.plan, range(0)).schema
        with (
            written_whole(self.folder / places.PLAN_NAME) as file,
            pq.ParquetWriter(file, schema, compression="zstd") as writer,
        ):
            for group in groups:
                writer.write_table(plan_table(self.plan, group), row_group_size=len(group))

    def add(self, records: Sequence[Record]) -> None:
        """Keep some finished or failed runs.

        The operating system has them at once, so that they outlive this process; a moment later they are in a
        part, which outlives the machine.

        Raises
        ------
        RunError
            If they cannot be written.
        """
        encoded = [encode(record) for record in records]
        self._waiting += encoded
        self._note({record.run_id: isinstance(record, Finished) for record in records})
        with self._keeping():
            self._journal.append(encoded)
        if time.monotonic() >= self._next_write or len(self._waiting) >= MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Write what waits to be written."""
        if not self._waiting:
            return
        start = time.monotonic()
        with self._keeping():
            self._parts.mkdir(exist_ok=True)
            write_part(self._parts / f"{self._n_parts:08d}.arrow", self._waiting)
        self._n_parts += 1
        self._waiting.clear()
        self._journal.clear()
        end = time.monotonic()
        self._next_write = end + min(WRITE_PAUSE * (end - start), LONGEST_PAUSE_SECONDS)

    @contextlib.contextmanager
    def _keeping(self) -> Iterator[None]:
        """Count what waits as lost if it cannot be written (some may still stand in the journal)."""
        try:
            yield
        except OSError as error:
            lost = {record.run_id for record in self._waiting}
            self.finished -= lost
            self.failed -= lost
            self._waiting.clear()
            raise RunError(self._full(error)) from error

    def _full(self, error: OSError) -> str:
        return (
            f"{self.folder} cannot be written any more: {error.strerror}. {len(self.finished)} of"
            f" {len(self.run_ids)} runs are kept; make room and go on with --resume."
        )

    def finish(self, status: str) -> None:
        """Make the tables from all parts, then write the manifest with `status`.

        Killed at any moment, this can be done again: parts go only when every table is whole.

        Raises
        ------
        RunError
            If the tables cannot be written; the parts are kept.
        """
        self.flush()
        try:
            self._make_tables()
            self.manifest |= {
                "status": status,
                "end": now(),
                "runs": {
                    "planned": len(self.run_ids),
                    "finished": len(self.finished),
                    "failed": len(self.failed),
                },
            }
            write_manifest(self.folder, self.manifest)
        except OSError as error:
            raise RunError(self._full(error)) from error
        self._journal.close()
        shutil.rmtree(self._parts, ignore_errors=True)

    def _make_tables(self) -> None:
        parts = self._part_files()
        where: dict[int, Path] = {}
        for path in parts:
            where.update(dict.fromkeys(part_contents(path), path))  # a later part holds the later attempt
        if not where and (self.folder / "runs.parquet").exists():
            return
        maker = TableMaker(self.plan)
        with TableWriter(self.folder, maker.schemas()) as writer:
            for group in groups_of_runs(len(self.plan.runs)):
                records = list(self._records(group, where))
                for name in writer.names:
                    writer.write(name, group, self._merged(name, maker, group, records))

    def _records(self, group: range, where: dict[int, Path]) -> Iterator[Record]:
        """Yield the records of a group of runs that are in parts, sorted by run id."""
        wanted = {run_id for run_id in group if run_id in where}
        found: dict[int, Record] = {}
        for path in sorted({where[run_id] for run_id in wanted}):
            here = {run_id for run_id in wanted if where[run_id] == path}
            found.update({record.run_id: record for record in read_part(path, here)})
        return (found[run_id] for run_id in sorted(found))

    def _merged(self, name: str, maker: TableMaker, group: range, records: Sequence[Record]) -> pa.Table:
        """Return the rows of a group of runs: those of `records`, and of other runs those in the folder."""
        fresh = maker.table(name, records)
        old = stored_rows(self.folder, name, group)
        if old is None or old.num_rows == 0:
            return fresh
        replaced = {record.run_id for record in records}
        if name == "failures":
            replaced |= self.finished
        return by_run([_without_runs(old, replaced), fresh])

    def close(self) -> None:
        """Give the folder free; one that was made in vain goes again."""
        self._journal.close()
        super().close()
        if self.is_new:
            with contextlib.suppress(OSError):  # not empty
                self.folder.rmdir()


def _without_runs(table: pa.Table, run_ids: set[int]) -> pa.Table:
    import numpy as np

    here = table["run_id"].to_numpy()
    return table.filter(~np.isin(here, np.fromiter(run_ids, dtype=np.int64, count=len(run_ids))))


def open_store(folder: Path, plan: Plan, mode: Mode, command: Sequence[str] = (), shard: Shard = WHOLE) -> Store:
    """Open a results folder for `plan`, or refuse it before anything is computed.

    Parameters
    ----------
    folder : Path
        Where results go; made if it does not exist.
    plan : Plan
        The runs to do.
    mode : str
        ``new`` (a folder with the very same plan is fine, finished or not), ``resume`` (also a plan with
        fewer replications), ``overwrite`` (removes results of another plan).
    command : sequence of str
        What the person typed, for the manifest.
    shard : Shard, optional
        The part of the plan to do in this folder.

    Returns
    -------
    Store
        Locked; its `finished` runs need not be done again. Nothing is written to it before `Store.start`.

    Raises
    ------
    InputError
        If the folder holds something else or another plan, is in use, cannot be written, or has no room.
    """
    places.refuse_foreign(folder)
    is_new = not folder.exists()
    places.make_folder(folder)
    try:
        store = _open_locked(folder, plan, mode, command, shard)
    except BaseException:
        if is_new:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    store.is_new = is_new
    return store


def _open_locked(folder: Path, plan: Plan, mode: Mode, command: Sequence[str], shard: Shard) -> Store:
    try:
        lock = FolderLock(folder)
    except OSError as error:
        places.probe_space(folder, 1)  # says what is wrong in words
        raise InputError(said("refusal.folder.cannot_lock", folder=folder, reason=error.strerror)) from None
    try:
        remove_unfinished(folder)
        manifest = read_manifest(folder)
        if manifest is not None and mode == "overwrite":
            places.probe_space(folder, places.expected_bytes(plan, shard))
            remove_results(folder, manifest.get("figures", ()))
            manifest = None
        if manifest is None:
            shutil.rmtree(folder / places.PARTS_NAME, ignore_errors=True)
            manifest = new_manifest(plan, command, shard)
        else:
            stored = _stored_hashes(folder)
            places.refuse_other_plan(folder, manifest, stored, plan, shard, resume=mode == "resume")
        store = Store(folder, plan, manifest, lock, shard)
        if not store.is_complete:
            if mode == "new" and store.finished:
                raise InputError(_incomplete(store))
            places.probe_space(folder, places.expected_bytes(plan, shard))
        return store
    except BaseException:
        lock.release()
        raise


def _stored_hashes(folder: Path) -> list[str]:
    """Return the content hash of each run of the plan in a folder."""
    try:
        hashes: list[str] = read_parquet(folder / places.PLAN_NAME)["content_hash"].to_pylist()
    except (OSError, ValueError, KeyError):  # Arrow's own errors are ValueErrors
        raise InputError(said("refusal.folder.damaged", folder=folder / places.PLAN_NAME)) from None
    return hashes


def _incomplete(store: Store) -> str:
    failed = f", {len(store.failed)} failed" if store.failed else ""
    return (
        f"{store.folder} holds {len(store.finished)} of {len(store.run_ids)} runs of this very"
        f" plan{failed}. Do the others with --resume, or start over with --overwrite."
    )
