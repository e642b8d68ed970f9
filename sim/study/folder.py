"""May this study use that folder? What can be refused is refused here, before anything is computed."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.study.files import TEMPORARY_SUFFIX
from sim.study.lock import LOCK_NAME
from sim.study.manifest import MANIFEST_NAME, plan_differences, plan_facts, read_manifest, shard_of
from sim.study.plan import Plan
from sim.study.shard import WHOLE, Shard
from sim.texts.said import said

PARTS_NAME = ".finished-runs"
PROBE_NAME = f".probe{TEMPORARY_SUFFIX}"
PLAN_NAME = "plan.parquet"
POINTS_NAME = "points.parquet"
SERIES_NAME = "series"
SHOWN_DIFFERENCES = 12


def _is_ours(name: str) -> bool:
    """Say whether a folder without a manifest may hold `name`: what a killed start leaves behind."""
    return name in {LOCK_NAME, PARTS_NAME, PLAN_NAME, POINTS_NAME} or name.endswith(TEMPORARY_SUFFIX)


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds something else than results of this project.

    Raises
    ------
    InputError
        If `folder` is no folder, or has content without a manifest of this project.
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
    others = [name for name in names if not _is_ours(name)]
    if others and read_manifest(folder) is None:
        shown = ", ".join(others[:5]) + (" ..." if len(others) > 5 else "")
        raise InputError(said("refusal.folder.other_files", folder=folder, names=shown, file=MANIFEST_NAME))


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
    n_runs = len(shard.runs(len(plan.runs)))
    return round(2 * n_runs * (weeks / len(plan.arms) * per_week + per_run)) + 3_000_000


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
        with open(probe, "wb") as file:
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
