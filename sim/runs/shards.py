"""Shards put together: a folder whose tables have the bytes that one unsharded study would have written."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError, RunError
from sim.kernel.files import written_whole
from sim.runs import folder as places
from sim.runs.code_version import NUMBERS_DEPEND_ON, libraries
from sim.runs.columns import RUN_TABLES, SERIES
from sim.runs.folder import FolderLock
from sim.runs.manifest import (
    complete_shape,
    made_with,
    plan_differences,
    read_manifest,
    shard_of,
    write_manifest,
)
from sim.runs.parquet import (
    DamagedFileError,
    TableWriter,
    by_run,
    checksum,
    groups_of_runs,
    is_there,
    opened,
    read_parquet,
    read_schema,
    series_files,
    stored_rows,
)
from sim.runs.plan import Shard
from sim.runs.store import Results
from sim.words import said

if TYPE_CHECKING:
    import pyarrow as pa


SHOWN_RUNS = 8


class _Part(NamedTuple):
    """The results folder of one shard."""

    folder: Path
    manifest: dict[str, Any]
    shard: Shard


def _read_parts(folders: Sequence[Path]) -> list[_Part]:
    """Return the shards in their order.

    Raises
    ------
    InputError
        If a folder holds no shard.
    """
    parts: list[_Part] = []
    problems: list[str] = []
    for folder in folders:
        try:
            manifest = read_manifest(folder)
            if manifest is not None and "shard" in manifest:
                complete_shape(folder, manifest, also=("runs",) if places.is_merged(folder) else ())
        except InputError as error:
            problems += error.lines
            continue
        if manifest is None:
            problems.append(said("refusal.merge.no_results", folder=folder))
        elif "shard" not in manifest:
            problems.append(said("refusal.merge.no_shard", folder=folder))
        else:
            parts.append(_Part(folder, manifest, shard_of(manifest)))
    if problems:
        raise InputError(problems)
    return sorted(parts, key=lambda part: part.shard)


def _check_one_plan(parts: Sequence[_Part]) -> None:
    """Refuse shards of different plans, with the difference shown."""
    first = parts[0]
    lines: list[str] = []
    for part in parts[1:]:
        damage = ""
        try:
            if _same_plan(first, part):
                continue
        except DamagedFileError as error:
            damage = f": {error}"
        ways = (f"in {first.folder}", f"in {part.folder}")
        found = plan_differences(first.manifest, part.manifest, ways) or [f"their plans differ{damage}"]
        lines += [f"{part.folder} belongs to another plan than {first.folder}:"]
        lines += [f"  {line}" for line in found[: places.SHOWN_DIFFERENCES]]
    if lines:
        raise InputError(lines)


def _same_plan(one: _Part, other: _Part) -> bool:
    keys = ("plan_hash", "code_version", "points_hash")
    if any(one.manifest.get(key) != other.manifest.get(key) for key in keys):
        return False
    for name in (places.PLAN_NAME, places.POINTS_NAME):
        paths = [part.folder / name for part in (one, other)]
        if is_there(paths[0]) != is_there(paths[1]):
            return False
        if paths[0].exists() and not read_parquet(paths[0]).equals(read_parquet(paths[1])):
            return False
    return True


def _check_libraries(parts: Sequence[_Part]) -> None:
    """Refuse shards whose runs were made with different versions of what computes them.

    Raises
    ------
    InputError
        With the versions of each.
    """
    made = {part.folder: made_with(part.manifest) for part in parts}
    if len({version for versions in made.values() for version in versions}) > 1:
        lines = [
            said("refusal.merge.libraries_of", folder=folder, versions="; ".join(versions))
            for folder, versions in made.items()
        ]
        raise InputError([said("refusal.merge.libraries"), *lines])


def _check_numbers(parts: Sequence[_Part]) -> None:
    """Refuse shards that are missing, double, or of a plan that was cut in another number of them."""
    n_shards = parts[0].shard.n_shards
    problems = [
        f"{part.folder} is shard {part.shard}, {parts[0].folder} is shard {parts[0].shard}."
        for part in parts
        if part.shard.n_shards != n_shards
    ]
    where: dict[int, list[str]] = {}
    for part in parts:
        where.setdefault(part.shard.number, []).append(str(part.folder))
    problems += [
        f"Shard {Shard(number, n_shards)} is there more than once: {', '.join(folders)}."
        for number, folders in where.items()
        if len(folders) > 1
    ]
    missing = [str(Shard(number, n_shards)) for number in range(1, n_shards + 1) if number not in where]
    if missing:
        problems.append(f"Missing: shard {', '.join(missing)}.")
    if problems:
        raise InputError(problems)


def _check_done(parts: Sequence[_Part], n_runs: int) -> None:
    """Refuse shards that have runs left to do."""
    problems = []
    for part in parts:
        left = _left(part, n_runs)
        if left:
            shown = ", ".join(map(str, left[:SHOWN_RUNS])) + (", ..." if len(left) > SHOWN_RUNS else "")
            problems.append(
                f"Shard {part.shard} in {part.folder} is not finished: {len(left)} of"
                f" {len(part.shard.runs(n_runs))} runs are left (run_id {shown}). Do them with --resume."
            )
    if problems:
        raise InputError(problems)


def _left(part: _Part, n_runs: int) -> list[int]:
    """Return the runs of a shard that are not in its tables, done or failed."""
    if places.has_waiting(part.folder) or not is_there(part.folder / "runs.parquet"):
        there: set[int] = set()  # not in the tables yet, so a process must first go on there
    else:
        names = ("runs", "failures")
        there = {
            run_id
            for name in names
            if is_there(part.folder / f"{name}.parquet")
            for run_id in read_parquet(part.folder / f"{name}.parquet", ["run_id"])["run_id"].to_pylist()
        }
    return [run_id for run_id in part.shard.runs(n_runs) if run_id not in there]


def merge(
    out: Path,
    folders: Sequence[Path],
    overwrite: bool = False,
    command: Sequence[str] = (),
    mixed_versions: bool = False,
) -> Results:
    """Put shards together in one folder.

    Parameters
    ----------
    out : Path
        Where to; new, empty, or with the results that are to be replaced.
    folders : sequence of Path
        The folder of each shard, in any order.
    overwrite : bool
        Whether results in `out` are replaced.
    command : sequence of str
        What the person typed, for the manifest.
    mixed_versions : bool
        Whether shards may have been made with different versions of Python, NumPy or numba.

    Returns
    -------
    Results
        Locked; the tables are there, what follows from them is not.

    Raises
    ------
    InputError
        If shards are missing, double, unfinished or of different plans, or `out` is refused.
    RunError
        If the tables cannot be written.
    """
    if not folders:
        raise InputError(said("refusal.merge.all"))
    parts = _read_parts(folders)
    _check_one_plan(parts)
    if not mixed_versions:
        _check_libraries(parts)
    _check_numbers(parts)
    n_runs = _n_runs(parts[0].folder)
    _check_done(parts, n_runs)
    places.refuse_foreign(out)
    places.make_folder(out)
    lock = FolderLock(out)
    try:
        _make_room(out, parts, overwrite)
        manifest = _merged_manifest(parts, n_runs, command)
        try:
            _write(out, parts, n_runs, manifest)
        except OSError as error:
            raise RunError(said("refusal.merge.full", folder=out, reason=error.strerror)) from error
    except BaseException:
        lock.release()
        raise
    return Results(out, manifest, lock)


def _n_runs(folder: Path) -> int:
    import pyarrow.parquet as pq

    with opened(folder / places.PLAN_NAME) as file:
        return int(pq.ParquetFile(file, pre_buffer=False).metadata.num_rows)


def _make_room(out: Path, parts: Sequence[_Part], overwrite: bool) -> None:
    places.remove_leftovers(out)
    before = read_manifest(out, is_checked=False)
    if before is not None:
        if any(part.folder.resolve() == out.resolve() for part in parts):
            raise InputError(said("refusal.merge.own", folder=out))
        is_half_merged = before.get("status") == "merging"
        if not (overwrite or is_half_merged):
            raise InputError(said("refusal.merge.holds", folder=out))
        places.remove_results(out, before.get("figures", ()))
    size = sum(path.stat().st_size for part in parts for path in part.folder.rglob("*.parquet") if path.is_file())
    places.probe_space(out, size + 1_000_000)


def _merged_manifest(parts: Sequence[_Part], n_runs: int, command: Sequence[str]) -> dict[str, Any]:
    counts = [part.manifest["runs"] for part in parts]
    n_failed = sum(count["failed"] for count in counts)
    left_out = ("shard", "files", "checksum", "also_made_with")
    manifest = {key: value for key, value in parts[0].manifest.items() if key not in left_out}
    others = _other_versions(parts)
    return (
        manifest
        | ({"also_made_with": others} if others else {})
        | {
            "status": "failed" if n_failed else "finished",
            "command": list(command),
            "start": min(part.manifest["start"] for part in parts),
            "end": max(part.manifest["end"] for part in parts),
            "figures": [],
            "merged_from": [str(part.folder) for part in parts],
            "runs": {"planned": n_runs, "finished": sum(count["finished"] for count in counts), "failed": n_failed},
        }
    )


def _other_versions(parts: Sequence[_Part]) -> list[dict[str, str | None]]:
    """Return the versions, other than those of the first shard, that runs were made with; each once."""
    manifests = [part.manifest for part in parts]
    every = [each for one in manifests for each in (one["versions"], *one.get("also_made_with", ()))]
    by_words = {libraries(each): {name: each.get(name) for name in NUMBERS_DEPEND_ON} for each in every}
    by_words.pop(libraries(manifests[0]["versions"]))
    return list(by_words.values())


def _write(out: Path, parts: Sequence[_Part], n_runs: int, manifest: dict[str, Any]) -> None:
    """Write plan, points and tables; killed at any moment, this can be done again."""
    write_manifest(out, manifest | {"status": "merging"})
    for name in (places.PLAN_NAME, places.POINTS_NAME):
        source = parts[0].folder / name
        if is_there(source):
            with opened(source) as content, written_whole(out / name) as file:
                shutil.copyfileobj(content, file)
    with TableWriter(out, _schemas(parts)) as writer:
        for group in groups_of_runs(n_runs):
            for name in writer.names:
                tables = [stored_rows(part.folder, name, group) for part in parts]
                found = [table for table in tables if table is not None]
                if found:
                    writer.write(name, group, by_run(found))
    names = [places.PLAN_NAME, places.POINTS_NAME, *(f"{name}.parquet" for name in RUN_TABLES)]
    files = [path for path in [*(out / name for name in names), *series_files(out)] if path.exists()]
    manifest["files"] = {path.relative_to(out).as_posix(): checksum(path) for path in sorted(files)}
    write_manifest(out, manifest)


def _schemas(parts: Sequence[_Part]) -> dict[str, pa.Schema]:
    """Return the columns of each table that the shards have."""
    paths = {name: parts[0].folder / f"{name}.parquet" for name in RUN_TABLES}
    with contextlib.suppress(StopIteration):
        paths[SERIES] = next(path for part in parts for path in series_files(part.folder))
    return {name: read_schema(path) for name, path in paths.items() if is_there(path)}
