"""Where a machine gives few threads, libraries do with one: they would print what they lack, or end the process."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

# As `sim.runs.executors.ONE_THREAD`, and Arrow's.
ONE_THREAD = (
    "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS",
)  # fmt: skip
PLENTY = 4096
MOST_TRIED = 64
GROUP_LIMIT = Path("/sys/fs/cgroup/pids.max")


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
