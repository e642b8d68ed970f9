"""How many processors this process may use, and threads it can have: of the machine, of what a container pays for."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path("/")
ONE_THREAD = (
    "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS",
)  # fmt: skip
"""Variables of the environment, of 1, by which numerical libraries take one thread."""
PLENTY = 4096
MOST_TRIED = 64
GROUP_LIMIT = Path("/sys/fs/cgroup/pids.max")


def n_processors(root: Path = ROOT) -> int:
    """Return the number of processors that this process may use, at least 1.

    A container may be bound to some processors (affinity), or be given a part of the time of all of them (a quota of
    its control group, as Docker's ``--cpus`` and Kubernetes' limits are): more processes than that only wait for each
    other. Half a processor counts as one.

    Parameters
    ----------
    root : Path
        Where ``proc`` and ``sys`` lie, for tests.
    """
    counts = [float(_allowed())]
    counts += _quotas(root)
    return max(1, int(min(counts) + 0.5))


def _allowed() -> int:
    if hasattr(os, "process_cpu_count"):  # from Python 3.13 on; heeds PYTHON_CPU_COUNT too
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quotas(root: Path) -> Iterator[float]:
    """Yield the processors that each control group of this process allows; none where there is no limit."""
    try:
        lines = (root / "proc" / "self" / "cgroup").read_text().splitlines()
    except OSError:  # not Linux, or hidden
        return
    mount = root / "sys" / "fs" / "cgroup"
    for line in lines:
        _, controllers, group = line.split(":", 2) if line.count(":") >= 2 else ("", "", "")
        if line.startswith("0::"):
            for folder in _upwards(mount, group):
                yield from _quota(folder / "cpu.max")
        elif "cpu" in controllers.split(","):
            for name in (controllers, "cpu", "cpu,cpuacct"):
                for folder in _upwards(mount / name, group):
                    yield from _quota_of_v1(folder)


def _upwards(mount: Path, group: str) -> Iterator[Path]:
    """Yield the folder of a group and those above it: the least that any of them allows holds.

    In a container the group may be named as it is outside, where its folder is not to be seen; then the mount is its.
    """
    place = PurePosixPath(group.lstrip("/"))
    for part in (place, *place.parents):
        if ".." not in part.parts:
            yield mount / part


def _quota(file: Path) -> Iterator[float]:
    """Yield what ``cpu.max`` of control groups of the second version says: ``200000 100000`` is two processors."""
    try:
        quota, period = file.read_text().split()
        if quota != "max" and int(quota) > 0 and int(period) > 0:
            yield int(quota) / int(period)
    except (OSError, ValueError):
        return


def _quota_of_v1(folder: Path) -> Iterator[float]:
    """Yield what control groups of the first version say; -1 is no limit."""
    try:
        quota = int((folder / "cpu.cfs_quota_us").read_text())
        period = int((folder / "cpu.cfs_period_us").read_text())
    except (OSError, ValueError):
        return
    if quota > 0 and period > 0:
        yield quota / period


# Where a machine gives few threads, libraries do with one: they would print what they lack, or end the process.


def spare_threads() -> None:
    """Tell numerical libraries to take one thread each if this process cannot have one for each processor."""
    if _limit() < PLENTY and not can_start(min(os.cpu_count() or 1, MOST_TRIED)):
        for name in ONE_THREAD:
            os.environ.setdefault(name, "1")


def _limit() -> float:
    """Return how many processes and threads a user may have here, as far as that is known."""
    found = [float("inf")]
    with contextlib.suppress(ImportError):
        import resource

        soft = resource.getrlimit(resource.RLIMIT_NPROC)[0]
        found += [] if soft == resource.RLIM_INFINITY else [float(soft)]
    with contextlib.suppress(OSError, ValueError):
        found.append(float(GROUP_LIMIT.read_text().strip().replace("max", "inf")))
    return min(found)


def can_start(n: int) -> bool:
    """Say whether so many threads can be had at once."""
    end = threading.Event()
    threads = [threading.Thread(target=end.wait, daemon=True) for _ in range(n)]
    try:
        for thread in threads:
            thread.start()
    except RuntimeError:
        return False
    finally:
        end.set()
        for thread in threads:
            if thread.ident is not None:
                thread.join()
    return True
