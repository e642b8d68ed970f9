"""Repeated timing, and facts about the machine that a time belongs to."""

from __future__ import annotations

import gc
import importlib.metadata
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple


class Seconds(NamedTuple):
    """How long something took: time on the processor, and on the clock on the wall."""

    processor: float
    wall: float


def seconds_of(task: Callable[[], Any]) -> Seconds:
    """Return how long a task takes, with rubbish of earlier tasks cleared away first."""
    gc.collect()
    processor, wall = time.process_time(), time.perf_counter()
    task()
    return Seconds(time.process_time() - processor, time.perf_counter() - wall)


def best_of(repeats: int, task: Callable[[], Any]) -> Seconds:
    """Return the shortest of some timings: whatever else the machine does can only add time."""
    return shortest([seconds_of(task) for _ in range(repeats)])


def best_of_each(repeats: int, tasks: Sequence[Callable[[], Any]]) -> list[Seconds]:
    """Return the shortest timing of each task, going round so that a busy minute does not fall on one task alone."""
    rounds = [[seconds_of(task) for task in tasks] for _ in range(repeats)]
    return [shortest(timings) for timings in zip(*rounds, strict=True)]


def shortest(timings: Sequence[Seconds]) -> Seconds:
    """Return the shortest processor time and the shortest wall-clock time."""
    return Seconds(min(timing.processor for timing in timings), min(timing.wall for timing in timings))


def machine_facts() -> Mapping[str, Any]:
    """Return what a reader needs to compare these times with other ones."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(_memory_bytes() / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in ("numpy", "numba", "mesa")},
        "load_at_start": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def _memory_bytes() -> int:
    if "SC_PHYS_PAGES" not in getattr(os, "sysconf_names", {}):
        return 0
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
