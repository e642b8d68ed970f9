"""May this study use that folder? What can be refused is refused here, before anything is computed."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import socket
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.kernel.files import TEMPORARY_SUFFIX, regular_content
from sim.runs.columns import DERIVED_TABLES, RUN_TABLES, SERIES
from sim.runs.manifest import DISCOVERIES_NAME, MANIFEST_NAME, plan_differences, plan_facts, read_manifest, shard_of
from sim.runs.plan import WHOLE, Plan, Shard
from sim.words import said

PARTS_NAME = ".finished-runs"
JOURNAL_NAME = "journal"
PROBE_NAME = f".probe{TEMPORARY_SUFFIX}"
PLAN_NAME = "plan.parquet"
POINTS_NAME = "points.parquet"
FIGURES_NAME = "figures"
REPORT_NAME = "report.html"
SHOWN_DIFFERENCES = 12
_BYTES_OF_REPLIES = 600  # of an employee's replies in a year, at some forty of them: an estimate


SENSITIVITY_NAME = "sensitivity"
"""Where the analysis of a sweep goes, inside its results folder."""
_OF_A_DISCOVERY = re.compile(r"discovery\.json|rows\.parquet|(box|trade-off)-[0-9]+\.(png|svg)")

LOCK_NAME = ".lock"
_FOLDERS = (SERIES, FIGURES_NAME, PARTS_NAME)
_FILES = {
    LOCK_NAME, MANIFEST_NAME, PLAN_NAME, POINTS_NAME, REPORT_NAME,
    *(f"{name}.parquet" for name in (*RUN_TABLES, *DERIVED_TABLES)),
}  # fmt: skip
_IN_FOLDERS = {
    SERIES: re.compile(r"part-[0-9]{5,}\.parquet"),
    FIGURES_NAME: re.compile(
        r"(worlds|overview|differences|curves|groups|frames|ranking|associations|spread"
        r"|(indices|effects|convergence)(-[^/\\]+)?)\.(png|svg)"
    ),
    # Parts are of earlier versions.
    PARTS_NAME: re.compile(rf"[0-9]{{8,}}\.arrow|{JOURNAL_NAME}(-wal|-shm|-journal)?"),
}


def _is_temporary(name: str) -> bool:
    """Say whether a file of ours may have this name while it is being written."""
    return name.startswith(".") and name.endswith(TEMPORARY_SUFFIX)


def _is_start(name: str) -> bool:
    """Say whether a folder without a manifest may hold `name`: what a killed start leaves behind."""
    return name in {LOCK_NAME, PARTS_NAME, PLAN_NAME, POINTS_NAME} or _is_temporary(name)


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds something else than results of this project, or links in the place of them.

    Raises
    ------
    InputError
        If `folder` is no folder, has content without a manifest of this project, or a name that results have is a link
        (what is written there would end up elsewhere) or not the file or folder that it should be.
    """
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except FileNotFoundError:
        return
    except NotADirectoryError:
        if not folder.exists():
            return  # a parent is a file: making the folder says so
        raise InputError(said("refusal.folder.file", folder=folder)) from None
    except OSError as error:
        raise InputError(said("refusal.folder.no_access", folder=folder, reason=error.strerror)) from None
    others = [name for name in names if not _is_start(name)]
    if others and read_manifest(folder, is_checked=False) is None:
        shown = ", ".join(others[:5]) + (" ..." if len(others) > 5 else "")
        raise InputError(said("refusal.folder.other_files", folder=folder, names=shown, file=MANIFEST_NAME))
    problems = list(_misplaced(folder))
    if problems:
        raise InputError(problems)


def _misplaced(folder: Path) -> Iterator[str]:
    """Yield what is wrong with names that results have: links, and files and folders in each other's place."""
    for name in _FOLDERS:
        place = folder / name
        if _is_link(place):
            yield said("refusal.folder.link", file=place)
        elif place.is_dir():
            inside = [place / each.name for each in sorted(place.iterdir()) if _IN_FOLDERS[name].fullmatch(each.name)]
            yield from _wrong_files(inside)
        elif place.exists():
            yield said("refusal.folder.no_folder", file=place)
    yield from _wrong_files([folder / name for name in sorted(_FILES)])


def _wrong_files(places: Iterable[Path]) -> Iterator[str]:
    for place in places:
        if _is_link(place):
            yield said("refusal.folder.link", file=place)
        elif place.exists() and not place.is_file():
            yield said("refusal.folder.no_file", file=place)


def _is_link(place: Path) -> bool:
    is_junction = getattr(os.path, "isjunction", None)  # of Windows, from Python 3.12 on
    return place.is_symlink() or (is_junction is not None and is_junction(place))


def remove_leftovers(folder: Path) -> None:
    """Remove what a killed process left under a temporary name in `folder` and the folders of results in it."""
    for place in (folder, *(folder / name for name in (SERIES, FIGURES_NAME))):
        for leftover in place.glob(f".*{TEMPORARY_SUFFIX}"):
            if not leftover.is_dir() and _is_temporary(leftover.name):
                _remove(leftover)


def has_waiting(folder: Path) -> bool:
    """Say whether runs wait in a journal to be put into tables."""
    return (folder / PARTS_NAME / JOURNAL_NAME).exists()


def is_merged(folder: Path) -> bool:
    """Say whether all runs that a folder has are in its tables."""
    return not has_waiting(folder) and (folder / "runs.parquet").exists()


def remove_parts(folder: Path) -> None:
    """Remove the runs that are in no table yet.

    Raises
    ------
    InputError
        If they cannot be removed.
    """
    parts = folder / PARTS_NAME
    if not parts.exists():
        return
    for place in sorted(parts.iterdir()):
        if _IN_FOLDERS[PARTS_NAME].fullmatch(place.name) or _is_temporary(place.name):
            _remove(place)
    with contextlib.suppress(OSError):  # something of somebody else is in it
        parts.rmdir()


def remove_results(folder: Path, figures: Sequence[str]) -> None:
    """Remove the results of an earlier plan and nothing else; the manifest last, so that this can be done again.

    Parameters
    ----------
    folder : Path
        A folder that `refuse_foreign` lets pass.
    figures : sequence of str
        What the manifest has as figures.

    Raises
    ------
    InputError
        If the manifest names something that we do not write (nothing is removed then), or a file cannot be removed.
    """
    for name in figures:
        if not is_figure(name):
            raise InputError(said("refusal.folder.names_others", file=folder / MANIFEST_NAME, name=name))
    names = [name for name in sorted(_FILES) if name not in {LOCK_NAME, MANIFEST_NAME}]
    series = folder / SERIES
    parts = sorted(series.iterdir()) if series.is_dir() else []
    remove_parts(folder)
    _remove_analyses(folder)
    for path in [
        *(folder / name for name in names),
        *(path for path in parts if _IN_FOLDERS[SERIES].fullmatch(path.name)),
        *(folder / name for name in figures),
        folder / MANIFEST_NAME,
    ]:
        _remove(path)


def _remove_analyses(folder: Path) -> None:
    """Remove what was found in results that are to be replaced: discoveries, and the analysis of a sweep."""
    for place in _folders_in(folder / DISCOVERIES_NAME):
        for file in sorted(place.iterdir()):
            if _OF_A_DISCOVERY.fullmatch(file.name) and not file.is_dir():
                _remove(file)
        _remove_if_empty(place)
    _remove_if_empty(folder / DISCOVERIES_NAME)
    analysis = folder / SENSITIVITY_NAME
    if not analysis.is_symlink() and analysis.is_dir():
        manifest = read_manifest(analysis, is_checked=False)
        if manifest is not None and not list(_misplaced(analysis)):
            remove_results(analysis, manifest.get("figures", ()))
            _remove(analysis / LOCK_NAME)
            for place in (analysis / FIGURES_NAME, analysis / SERIES, analysis):
                _remove_if_empty(place)


def _folders_in(place: Path) -> list[Path]:
    """Return the folders in a folder, links left aside; none if it is a link itself."""
    if place.is_symlink() or not place.is_dir():
        return []
    return [each for each in sorted(place.iterdir()) if each.is_dir() and not each.is_symlink()]


def _remove_if_empty(place: Path) -> None:
    with contextlib.suppress(OSError):  # not there, or something of somebody else is in it
        if not place.is_symlink():
            place.rmdir()


def is_figure(name: str) -> bool:
    """Say whether a name in a results folder is one that a figure of ours has."""
    place, _, file = name.partition("/")
    return place == FIGURES_NAME and _IN_FOLDERS[FIGURES_NAME].fullmatch(file) is not None


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(said("refusal.folder.cannot_remove", file=path, reason=error.strerror or error)) from None


def make_folder(folder: Path) -> None:
    """Make `folder` and its parents.

    Raises
    ------
    InputError
        If that is not possible.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(said("refusal.folder.cannot_make", folder=folder, reason=error.strerror)) from None


def expected_bytes(plan: Plan, shard: Shard = WHOLE) -> int:
    """Return about how much space the results of `plan` take at most, in bytes.

    Twice the numbers (parts and tables exist side by side for a moment) plus the figures.
    """
    kept = plan.kept
    per_week = 8 * (len(kept.outcomes) + 4)
    weeks = sum(len(kept.weeks(n_weeks)) for n_weeks in _weeks_of_a_point(plan))
    per_run = 2_000 + 60 * len(kept.outcomes) + (4_000 if kept.groups else 0)  # parameters, outcomes, reasons
    if kept.replies:
        per_run += _BYTES_OF_REPLIES * max(_employees_of(plan), default=0)
    n_runs = len(shard.runs(len(plan.runs)))
    return round(2 * n_runs * (weeks / len(plan.arms) * per_week + per_run)) + 3_000_000


def _employees_of(plan: Plan) -> list[int]:
    return [int(arm.resolved.get("organization", {}).get("employees", 0)) for arm in plan.arms]


def _weeks_of_a_point(plan: Plan) -> list[int]:
    """Return the most weeks that a run of each arm has."""
    weeks = []
    for index, arm in enumerate(plan.arms):
        own = int(arm.resolved.get("run", {}).get("weeks", 52))
        varied = () if plan.points is None else plan.points.leaves[index].get("run.weeks", ())
        weeks.append(int(max(varied, default=own)))
    return weeks


def probe_space(folder: Path, n_bytes: int) -> None:
    """Write a file of the expected size to `folder` and remove it again.

    Raises
    ------
    InputError
        If `folder` cannot be written or the disk (or quota) has less room than that.
    """
    probe = folder / PROBE_NAME
    try:
        with open(probe, "xb") as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, n_bytes)
            elif shutil.disk_usage(folder).free < n_bytes:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            file.write(b"intranet-sim")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError(_no_space(folder, n_bytes, error)) from None
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()


def _no_space(folder: Path, n_bytes: int, error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return (
            f"{folder} has no room for the results: about {n_bytes / 1e6:.0f} MB are needed"
            f" ({error.strerror}). Free some space, or choose another folder with --out."
        )
    return f"{folder} cannot be written: {error.strerror}. Choose another folder with --out."


def refuse_other_plan(
    folder: Path, manifest: dict[str, Any], stored: Sequence[str], plan: Plan, shard: Shard, resume: bool
) -> None:
    """Refuse to mix two plans in one folder, or to go on without being asked to.

    Parameters
    ----------
    folder : Path
        The results folder.
    manifest : dict
        Its manifest.
    stored : sequence of str
        Content hash of each run of its plan, in order.
    plan : Plan
        The plan asked for.
    shard : Shard
        The part of it asked for.
    resume : bool
        Whether unfinished or additional runs of the same plan may be done.

    Raises
    ------
    InputError
        With the difference and what to do.
    """
    n_asked = len(plan.runs)
    names_there = [scenario["name"] for scenario in manifest["scenarios"]]
    same_arms = names_there == [arm.name for arm in plan.arms]
    same_design = manifest.get("points_hash", "") == plan.points_hash and shard_of(manifest) == shard
    same_design &= ("keep" in manifest) == plan.kept.replies
    rows = zip(stored, plan.runs, strict=False)  # as far as both go
    same_runs = same_arms and same_design and all(there == run.content_hash for there, run in rows)
    if same_runs and (len(stored) == n_asked or (resume and len(stored) < n_asked)):
        return
    lines = plan_differences(manifest, plan_facts(plan))
    if shard_of(manifest) != shard:
        lines.append(said("refusal.folder.shards", there=shard_of(manifest), here=shard))
    lines = lines or [said("refusal.folder.runs")]
    shown = lines[:SHOWN_DIFFERENCES]
    if len(lines) > len(shown):
        shown.append(said("refusal.folder.more", n=len(lines) - len(shown)))
    is_part = same_runs and len(stored) < n_asked
    ways = said("refusal.folder.resume") if is_part else said("refusal.folder.replace")
    differences = [said("refusal.folder.line", line=line) for line in shown]
    raise InputError([said("refusal.folder.other_plan", folder=folder), *differences, ways])


# One process at a time in a results folder.
#
# The operating system holds the lock and lets go of it when the process ends, however it ends: a lock of a dead
# process is no lock. The file also says who holds it, for the message.


_BUSY = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}
_UNSUPPORTED = {errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL}


def _lock_file(descriptor: int) -> None:
    """Take an exclusive lock on an open file, or raise OSError at once."""
    if sys.platform == "win32":
        import msvcrt

        # A byte far behind the text, so that others can still read who holds the lock.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_same_file(descriptor: int, path: Path) -> bool:
    """Say whether `path` still names the open file (its holder may just have removed it)."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _holder(path: Path) -> str:
    """Return a description of the process that holds the lock at `path`."""
    try:
        held = json.loads(regular_content(path))
        return f"process {held['process']} on {held['host']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


class FolderLock:
    """The lock on one results folder, held from creation until `release`.

    Parameters
    ----------
    folder : Path
        An existing folder.

    Raises
    ------
    InputError
        If another process holds it, or the file system cannot lock.
    OSError
        If the lock file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK_NAME
        self._descriptor = self._take()
        text = json.dumps({"process": os.getpid(), "host": socket.gethostname()})
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, text.encode())

    def _take(self) -> int:
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
            try:
                self._refuse_other_file(descriptor)
                _lock_file(descriptor)
            except InputError:
                os.close(descriptor)
                raise
            except OSError as error:
                os.close(descriptor)
                if error.errno in _BUSY:
                    raise InputError(
                        said("refusal.folder.in_use", folder=self.path.parent, holder=_holder(self.path))
                    ) from None
                if error.errno in _UNSUPPORTED:
                    raise InputError(said("refusal.folder.no_lock", folder=self.path.parent)) from None
                raise
            if _is_same_file(descriptor, self.path):
                return descriptor
            os.close(descriptor)  # removed by its last holder in between: try again with the new file

    def _refuse_other_file(self, descriptor: int) -> None:
        """Refuse what is no file, or has another name elsewhere: it would be written to."""
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            raise InputError(said("refusal.folder.link", file=self.path))

    def release(self) -> None:
        """Give the folder free and remove the lock file; safe to call twice."""
        if self._descriptor < 0:
            return
        # Remove before closing: whoever opens the name now makes a new file, and cannot hold the old one.
        with contextlib.suppress(OSError):
            self.path.unlink()
        os.close(self._descriptor)
        self._descriptor = -1
