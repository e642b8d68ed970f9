"""The figures of sweeps: many runs, kept and compared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.figures import DAYS_PER_WEEK, REPOSITORY, YEAR, Figure

# The same numbers in another order of additions differ in the last bits.
ROUNDING = 1e-12


def _child(module: str, *arguments: Any, **environment: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=REPOSITORY, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def sweep(quick: bool) -> list[Figure]:
    """Return how many times faster a sweep is than ``mesa.batch_run`` of the plain model, on the same design."""
    n_replications = 25 if quick else 100
    jobs = 2
    halves = [_child("sweep_child", "throughput", n_replications, jobs)]
    plain = {
        n: _child("plain_sweep", n, NUMBA_DISABLE_JIT="1", OMP_NUM_THREADS="1") for n in ((2,) if quick else (1, 2))
    }
    # Before and after the reference, so that both see the machine in the same mood.
    halves.append(_child("sweep_child", "throughput", n_replications, jobs))
    ours = min(halves, key=lambda found: found["seconds"])
    return [_against(ours, jobs, plain[n_processes], n_processes) for n_processes in plain]


def _against(ours: dict[str, Any], jobs: int, plain: dict[str, Any], n_processes: int) -> Figure:
    pairs = zip(ours["monthly_posters"], plain["monthly_posters"], strict=True)
    same = all(abs(a - b) < ROUNDING for a, b in pairs)
    rates = [found["runs"] / found["seconds"] for found in (ours, plain)]
    costs = [found["processor_seconds"] / found["runs"] for found in (ours, plain)]
    return Figure(
        "sweep",
        f"sweep in {jobs} processes against mesa.batch_run in {n_processes}",
        rates[0] / rates[1] if same else 0.0,  # speed at other numbers is no speed
        "times",
        150.0,
        at_least=True,
        note=f"N = 500, {YEAR * DAYS_PER_WEEK} days; by the wall clock, from plan to tables, with starting the "
        f"processes: {rates[0]:.0f} against {rates[1]:.2f} runs a second ({ours['runs']} runs of a design, its first "
        f"{plain['runs']}); results {'the same' if same else 'DIFFER'}; in processor time of all processes, a run "
        f"takes {1000.0 * costs[0]:.1f} ms against {costs[1]:.2f} s",
        details={"sweep": ours, "batch_run": plain},
    )


def runner(quick: bool) -> list[Figure]:
    """Return what planning, hashing, keeping and writing add to the time that the runs themselves take."""
    n_points = 60 if quick else 300
    found = min((_child("sweep_child", "overhead", n_points, 1) for _ in range(1 if quick else 3)), key=_share)
    pooled = _child("sweep_child", "overhead", n_points, 2)
    in_processor_time = found["processor_seconds"] / found["run_processor_seconds"] - 1.0
    return [
        Figure(
            "runner",
            "what the runner adds to the time of the runs",
            100.0 * _share(found),
            "%",
            15.0,
            at_least=False,
            note=f"plan, hashes, store, tables; {found['runs']} runs of N = 300, 26 weeks in one process by the wall "
            f"clock (in processor time {100.0 * in_processor_time:.1f}%); in two processes, with starting them, "
            f"{pooled['seconds']:.1f} s for {pooled['run_seconds']:.1f} s of runs",
            details={"one process": found, "two processes": pooled},
        )
    ]


def _share(found: dict[str, Any]) -> float:
    return float(found["seconds"] / found["run_seconds"] - 1.0)


def flat_memory(quick: bool) -> list[Figure]:
    """Return by how much the memory of the process that leads a sweep grows with the number of runs."""
    sizes = (500, 5_000) if quick else (1_000, 20_000)
    small, large = (_child("sweep_child", "memory", size)["mib"] for size in sizes)
    return [
        Figure(
            "flat-memory",
            f"growth of memory from {sizes[0]:,} to {sizes[1]:,} runs",
            100.0 * (large / small - 1.0),
            "%",
            10.0,
            at_least=False,
            note=f"peak of the leading process, points of the design included: {small:.0f} and {large:.0f} MiB",
            details={"runs": sizes, "mib": (small, large)},
        )
    ]


def sobol_study(quick: bool) -> list[Figure]:
    """Return how long the shipped Sobol study takes, from the shell to its indices."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "results"
        command = [sys.executable, "-m", "sim", "sensitivity", "sensitivity-sobol", "--jobs", "2", "--out", str(folder)]
        start = time.perf_counter()
        subprocess.run(
            [*command, *(["--quick"] if quick else [])], cwd=REPOSITORY, stdout=subprocess.DEVNULL, check=True
        )
        minutes = (time.perf_counter() - start) / 60.0
        n_runs = json.loads((folder / "manifest.json").read_text())["runs"]["finished"]
    return [
        Figure(
            "sobol-study",
            f"Sobol study of eight inputs, {n_runs:,} runs",
            minutes,
            "minutes",
            10.0,
            at_least=False,
            note=f"experiments/sensitivity-sobol.yaml in two processes, figures included; "
            f"{n_runs / minutes / 60:.0f} runs a second",
        )
    ]


SWEEP_ROWS: dict[str, Callable[[bool], list[Figure]]] = {
    "sweep": sweep,
    "runner": runner,
    "flat-memory": flat_memory,
    "sobol-study": sobol_study,
}
# Takes minutes, so only when asked for.
ON_REQUEST = ("sobol-study",)
