"""The results folder of one study: refuse early, keep every finished run, write tables whole.

While runs go on, finished ones are kept in a journal. At the end (or when interrupted) that becomes
tables: ``runs.parquet`` and its companions with one row group per thousand runs, ``series/part-*.parquet``
with one file per thousand runs. Which runs go where depends on the plan only, so the files have the same
bytes for any number of processes and after any number of interruptions; wall-clock times have a file of their
own.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from sim.errors import InputError, RunError
from sim.kernel.files import written_whole
from sim.runs import folder as places
from sim.runs.code_version import NUMBERS_DEPEND_ON, libraries, versions
from sim.runs.columns import DERIVED_TABLES, RUN_TABLES, SERIES, TableMaker, plan_table, points_table
from sim.runs.folder import FolderLock
from sim.runs.manifest import (
    check_manifest,
    complete_shape,
    files_of,
    made_with,
    new_manifest,
    now,
    plan_facts,
    read_manifest,
    write_manifest,
)
from sim.runs.parquet import (
    DamagedFileError,
    TableWriter,
    by_run,
    checksum,
    groups_of_runs,
    is_whole,
    read_parquet,
    series_name,
    stored_rows,
    write_parquet,
)
from sim.runs.plan import WHOLE, Plan, Shard
from sim.runs.records import DamagedJournalError, Encoded, Finished, Journal, Record, decode, encode, made_of
from sim.words import DEFAULT_LANGUAGE, said

if TYPE_CHECKING:
    import pyarrow as pa

# Waiting this many times as long as making runs durable took keeps its cost near a hundredth.
SYNC_PAUSE = 100.0
LONGEST_PAUSE_SECONDS = 1.0

Mode = Literal["new", "resume", "resume_mixed", "overwrite"]


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
        """Whether what was worked out from the runs is written, and whole."""
        names = [f"{name}.parquet" for name in DERIVED_TABLES]
        listed = [name for name in names if name in files_of(self.manifest)]
        is_known = all(is_whole(self.folder / name, self.manifest["files"][name]) for name in listed)
        return is_known and any((self.folder / name).exists() for name in names)

    def has_table(self, name: str) -> bool:
        """Whether a table is written, and as it was written."""
        path = self.folder / f"{name}.parquet"
        expected = files_of(self.manifest).get(path.name)
        return path.exists() if expected is None else is_whole(path, expected)

    def write_derived(self, name: str, table: pa.Table) -> None:
        """Write a table that follows from the runs (one of `DERIVED_TABLES`)."""
        if name not in DERIVED_TABLES:
            raise ValueError(f"{name} is not among {DERIVED_TABLES}")
        file = f"{name}.parquet"
        try:
            self._strike([file])
            write_parquet(self.folder / file, table)
            self._list([file])
            write_manifest(self.folder, self.manifest)
        except OSError as error:
            raise RunError(self._full(error)) from error

    def _list(self, names: Sequence[str]) -> None:
        """Have the manifest list some files that were written, with their checksums."""
        sums = {name: checksum(self.folder / name) for name in names if (self.folder / name).exists()}
        self.manifest["files"] = dict(sorted({**files_of(self.manifest), **sums}.items()))

    def _strike(self, names: Sequence[str]) -> None:
        """Strike files off the manifest before others take their place: whoever looks in between must not wonder."""
        left = {name: digest for name, digest in files_of(self.manifest).items() if name not in names}
        if len(left) < len(files_of(self.manifest)):
            self.manifest["files"] = left
            write_manifest(self.folder, self.manifest)

    def has_figures(self, language: str) -> bool:
        """Say whether figures of these results are there, in this language (earlier versions did not say which)."""
        return bool(self.manifest["figures"]) and self.manifest.get("figures_language", language) == language

    def note_figures(self, figures: Sequence[Path], language: str = DEFAULT_LANGUAGE) -> None:
        """Write down in the manifest which figures belong to the results, and in which language they are."""
        names = [path.relative_to(self.folder).as_posix() for path in figures]
        strange = [name for name in names if not places.is_figure(name)]
        if strange:  # --overwrite could not tell it from somebody else's file
            raise ValueError(f"no figure of ours may be called {strange}; see sim.runs.folder")
        self.manifest["figures"] = names
        self.manifest["figures_language"] = language
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
        self._journal = Journal(folder / places.PARTS_NAME / places.JOURNAL_NAME)
        self._is_journal_damaged = False
        self._next_sync = 0.0
        self._allowed = {libraries(), *made_with(manifest)}  # libraries that may have made a run
        self._damaged: set[str] = set()  # files in whose place others are to be made
        self.may_mix = False  # whether runs made with other libraries may be added
        self.notes: list[str] = []  # what whoever goes on with this folder should know
        self.is_new = False  # whether the folder was made for this store
        self.finished: set[int] = set()
        self.failed: set[int] = set()

    def find_finished(self, is_thorough: bool = True) -> None:
        """Learn from the folder which runs are done: those in the tables and those in the journal.

        A table that is damaged or missing has no runs: they are to be done again.

        Parameters
        ----------
        is_thorough : bool
            Whether to look at every file, not only at those that say which runs are done.
        """
        looked_at = {"runs.parquet", "failures.parquet"}
        for name, digest in files_of(self.manifest).items():
            path = self.folder / name
            is_looked_at = is_thorough or name in looked_at or not path.exists()
            if is_looked_at and not is_whole(path, digest):
                self._damaged.add(name)
        tables = {f"{name}.parquet" for name in RUN_TABLES}
        if not tables & self._damaged:
            for name, found in (("runs", self.finished), ("failures", self.failed)):
                path = self.folder / f"{name}.parquet"
                if path.exists():
                    found.update(read_parquet(path, ["run_id"])["run_id"].to_pylist())
        for group in groups_of_runs(len(self.plan.runs)):
            if series_name(group) in self._damaged:
                self.finished -= set(group)
        self.notes += [said("study.made_anew", file=self.folder / name) for name in sorted(self._damaged)]
        self._find_waiting()

    def _find_waiting(self) -> None:
        """Learn which runs are in the journal; those that were made of something else do not count."""
        n_others = 0
        found: dict[int, bool] = {}
        try:
            for record in self._journal.records():
                if self._is_ours(record):
                    found[record.run_id] = record.is_finished
                else:
                    n_others += 1
        except DamagedJournalError:
            self._is_journal_damaged = True
            self.notes.append(said("study.made_anew", file=self._journal.path))
            return
        self._note(found)
        if n_others:
            self.notes.append(said("study.of_others", n=n_others, folder=self._journal.path.parent))

    def _is_ours(self, record: Encoded) -> bool:
        if not 0 <= record.run_id < len(self.plan.runs) or record.run_id not in self.run_ids:
            return False
        content = self.plan.runs[record.run_id].content_hash
        return record.made_of in {made_of(content, each) for each in self._allowed}

    @property
    def damaged(self) -> list[Path]:
        """Files that are not as they were written, in whose place others are to be made."""
        return [self.folder / name for name in sorted(self._damaged)]

    def _note(self, contents: dict[int, bool]) -> None:
        for run_id, is_finished in contents.items():
            (self.finished if is_finished else self.failed).add(run_id)
        self.failed -= self.finished

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
        is_whole = not self._damaged - {f"{name}.parquet" for name in DERIVED_TABLES}
        return (
            self.is_complete
            and not places.has_waiting(self.folder)
            and is_whole
            and (self.folder / "runs.parquet").exists()
        )

    def extend(self, plan: Plan) -> None:
        """Go on with `plan`, which is the present one with more replications."""
        if plan.runs[: len(self.plan.runs)] != self.plan.runs:
            raise ValueError("a plan can only be extended by replications")
        self.plan = plan
        self.start()

    def start(self) -> None:
        """Write the plan and the manifest: from here on the folder belongs to this plan."""
        self.refuse_other_libraries()
        self._note_libraries()
        plan_files = [places.PLAN_NAME, *([] if self.plan.points is None else [places.POINTS_NAME])]
        self._strike(plan_files)
        self.manifest |= {"status": "running", "end": None, **plan_facts(self.plan)}
        self._write_plan()
        if self.plan.points is not None:
            write_parquet(self.folder / places.POINTS_NAME, points_table(self.plan.points))
        self._list(plan_files)
        # Before any result: a folder with a result in it can always say whose result that is.
        write_manifest(self.folder, self.manifest)
        if self._is_journal_damaged:
            places.remove_parts(self.folder)
            self._is_journal_damaged = False

    def refuse_other_libraries(self) -> None:
        """Refuse to have runs of one folder made with several versions of what computes them, unless asked to.

        Raises
        ------
        InputError
            With both versions.
        """
        if not (self.may_mix or self.is_complete or not self.finished or libraries() in made_with(self.manifest)):
            raise InputError(_other_libraries(self.folder, self.manifest))

    def _note_libraries(self) -> None:
        """Write down which Python and libraries make the runs from here on."""
        if not self.finished:
            self.manifest["versions"] = versions()
            self.manifest.pop("also_made_with", None)
        elif libraries() not in made_with(self.manifest):
            here = versions()
            new = {name: here[name] for name in NUMBERS_DEPEND_ON}
            self.manifest["also_made_with"] = [*self.manifest.get("also_made_with", ()), new]

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

        The operating system has them at once, so that they outlive this process; a moment later they outlive the
        machine.

        Raises
        ------
        RunError
            If they cannot be written.
        """
        with self._keeping():
            self._journal.append([encode(record, self._made_of(record.run_id)) for record in records])
        self._note({record.run_id: isinstance(record, Finished) for record in records})
        if time.monotonic() >= self._next_sync:
            self.flush()

    def _made_of(self, run_id: int) -> str:
        return made_of(self.plan.runs[run_id].content_hash, libraries())

    def flush(self) -> None:
        """Make what was kept outlive the machine."""
        start = time.monotonic()
        with self._keeping():
            self._journal.sync()
        end = time.monotonic()
        self._next_sync = end + min(SYNC_PAUSE * (end - start), LONGEST_PAUSE_SECONDS)

    @contextlib.contextmanager
    def _keeping(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise RunError(self._full(error)) from error

    def _full(self, error: OSError | sqlite3.Error) -> str:
        is_full = getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
        reason = os.strerror(errno.ENOSPC) if is_full else getattr(error, "strerror", None) or error
        return (
            f"{self.folder} cannot be written any more: {reason}. {len(self.finished)} of"
            f" {len(self.run_ids)} runs are kept; make room and go on with --resume."
        )

    def finish(self, status: str) -> None:
        """Make the tables of all runs, then write the manifest with `status`.

        Killed at any moment, this can be done again: the journal goes only when every table is whole.

        Raises
        ------
        RunError
            If the tables cannot be written; the journal is kept.
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
        with contextlib.suppress(InputError):  # the tables have it all; what stays is recognized as the same runs
            places.remove_parts(self.folder)

    def _make_tables(self) -> None:
        groups = groups_of_runs(len(self.plan.runs))
        names = [f"{name}.parquet" for name in RUN_TABLES]
        names += [*map(series_name, groups)]
        is_damaged = bool(self._damaged - {f"{name}.parquet" for name in DERIVED_TABLES})
        if places.has_waiting(self.folder) or is_damaged or not (self.folder / "runs.parquet").exists():
            self._strike(names)
            maker = TableMaker(self.plan)
            with TableWriter(self.folder, maker.schemas()) as writer:
                for group in groups:
                    records = self._waiting(group)
                    for name in writer.names:
                        writer.write(name, group, self._merged(name, maker, group, records))
        elif set(names) <= files_of(self.manifest).keys():
            return
        self._damaged.clear()
        self._list(names)

    def _waiting(self, group: range) -> list[Record]:
        """Return the runs of a group that are in the journal, sorted by run id; of each the latest attempt."""
        found = {record.run_id: record for record in self._journal.records(group) if self._is_ours(record)}
        return [decode(found[run_id]) for run_id in sorted(found)]

    def _merged(self, name: str, maker: TableMaker, group: range, records: Sequence[Record]) -> pa.Table:
        """Return the rows of a group of runs: those of `records`, and of other runs those in the folder."""
        fresh = maker.table(name, records)
        old = None if self._is_damaged(name, group) else stored_rows(self.folder, name, group)
        if old is None or old.num_rows == 0:
            return fresh
        replaced = {record.run_id for record in records}
        if name == "failures":
            replaced |= self.finished
        if self._damaged:  # what is to be done again must not stand there as done
            replaced |= set(old["run_id"].to_pylist()) - self.finished - self.failed
        return by_run([_without_runs(old, replaced), fresh])

    def _is_damaged(self, name: str, group: range) -> bool:
        """Say whether the rows of a group of runs in a table are not those that were written."""
        if name == SERIES:
            return series_name(group) in self._damaged
        return bool(self._damaged & {f"{each}.parquet" for each in RUN_TABLES})

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
        ``new`` (a folder with the very same plan is fine, if finished), ``resume`` (also one that is not, and a plan
        with fewer replications), ``resume_mixed`` (also under other versions of Python, NumPy or numba; the manifest
        then names both), ``overwrite`` (removes results of another plan).
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
        places.remove_leftovers(folder)
        manifest = read_manifest(folder, is_checked=False)
        if manifest is not None and mode == "overwrite":
            places.probe_space(folder, places.expected_bytes(plan, shard))
            places.remove_results(folder, manifest.get("figures", ()))
            manifest = None
        if manifest is None:
            places.remove_parts(folder)
            manifest = new_manifest(plan, command, shard)
        else:
            _refuse_unfit(folder, manifest, plan, mode, shard)
        store = Store(folder, plan, manifest, lock, shard)
        store.may_mix = mode == "resume_mixed"
        store.find_finished(is_thorough=mode != "new")
        if mode == "new" and store.damaged:
            raise InputError([said("refusal.result.anew", file=file) for file in store.damaged])
        if not store.is_complete:
            if mode == "new" and store.finished:
                raise InputError(_incomplete(store))
            store.refuse_other_libraries()
            places.probe_space(folder, places.expected_bytes(plan, shard))
        return store
    except BaseException:
        lock.release()
        raise


def _refuse_unfit(folder: Path, manifest: dict[str, Any], plan: Plan, mode: Mode, shard: Shard) -> None:
    """Refuse a manifest of another plan, and one that was changed after it was written."""
    complete_shape(folder, manifest)
    stored = _stored_hashes(folder)
    places.refuse_other_plan(folder, manifest, stored, plan, shard, resume=mode in ("resume", "resume_mixed"))
    try:
        check_manifest(folder, manifest)
    except InputError as error:
        if libraries() in made_with(manifest):
            raise
        raise InputError([_other_libraries(folder, manifest), *error.lines]) from None


def _other_libraries(folder: Path, manifest: dict[str, Any]) -> str:
    return said("refusal.folder.libraries", folder=folder, there="; ".join(made_with(manifest)), here=libraries())


def _stored_hashes(folder: Path) -> list[str]:
    """Return the content hash of each run of the plan in a folder."""
    try:
        hashes: list[str] = read_parquet(folder / places.PLAN_NAME, ["content_hash"])["content_hash"].to_pylist()
    except DamagedFileError:
        raise InputError(said("refusal.folder.damaged", folder=folder / places.PLAN_NAME)) from None
    return hashes


def _incomplete(store: Store) -> str:
    failed = f", {len(store.failed)} failed" if store.failed else ""
    return (
        f"{store.folder} holds {len(store.finished)} of {len(store.run_ids)} runs of this very"
        f" plan{failed}. Do the others with --resume, or start over with --overwrite."
    )
