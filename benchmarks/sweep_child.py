"""Sweeps in a process of their own; each prints one JSON object.

``python -m benchmarks.sweep_child throughput REPLICATIONS JOBS``, ``... overhead POINTS JOBS`` or
``... memory RUNS``.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.sweep_designs import N_COMPARED, design_plan, processor_seconds, throughput_plan
from sim.analysis.conduct import conduct_runs
from sim.model.simulation import RunResult, simulate
from sim.runs.executors import Execution
from sim.runs.parquet import read_parquet
from sim.runs.plan import Plan
from sim.runs.progress import Silent
from sim.runs.store import open_store
from sim.runs.worker import Engine, engine


def _conducted(folder: Path, plan: Plan, jobs: int, simulation: Engine) -> None:
    with open_store(folder, plan, "new") as store:
        conduct_runs(store, simulation, Execution(jobs=jobs), Silent())
        assert store.is_settled


def throughput(n_replications: int, jobs: int) -> dict[str, Any]:
    """Return how long a design takes from its plan to its tables, and what comes out of the first replication.

    By the wall clock, and in processor time of all processes.
    """
    engine().warm_up()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "results"
        start, processor = time.perf_counter(), processor_seconds()
        plan = throughput_plan(n_replications)
        _conducted(folder, plan, jobs, engine())
        seconds, processor = time.perf_counter() - start, processor_seconds() - processor
        last = read_parquet(folder / "series" / "part-00000.parquet", ["run_id", "monthly_posters"]).slice(
            0, N_COMPARED
        )
    return {
        "runs": len(plan.runs),
        "seconds": seconds,
        "processor_seconds": processor,
        "monthly_posters": last["monthly_posters"].to_pylist(),
    }


def overhead(n_points: int, jobs: int) -> dict[str, Any]:
    """Return how long a design takes as a whole, from its plan to its tables, and its runs alone.

    By the wall clock and, in one process, also in processor time.
    """
    clock = _SimulateClock()
    measured = Engine(clock.simulate, engine().warm_up) if jobs == 1 else engine()
    with tempfile.TemporaryDirectory() as temporary:
        # Libraries are imported and rules compiled once a process, however many runs it does.
        _conducted(Path(temporary) / "first", design_plan(2, 1, n_employees=20, n_weeks=2), 1, measured)
        clock.seconds = 0.0
        folder = Path(temporary) / "results"
        start, processor = time.perf_counter(), time.process_time()
        plan = design_plan(n_points, 5, n_employees=300, n_weeks=26)
        _conducted(folder, plan, jobs, measured)
        seconds, processor = time.perf_counter() - start, time.process_time() - processor
        runs = read_parquet(folder / "timing.parquet", ["run_seconds"])["run_seconds"].to_numpy()
    return {
        "runs": len(runs),
        "seconds": seconds,
        "run_seconds": float(runs.sum()),
        "processor_seconds": processor,
        "run_processor_seconds": clock.seconds,
    }


class _SimulateClock:
    """The simulation, with the processor time of all runs in this process added up."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def simulate(self, resolved: Mapping[str, Any], seed: int, with_groups: bool = True) -> RunResult:
        start = time.process_time()
        try:
            return simulate(resolved, seed, with_groups)
        finally:
            self.seconds += time.process_time() - start


def memory(n_runs: int) -> dict[str, Any]:
    """Return the largest memory of a process that plans, does and keeps so many small runs, in MiB."""
    import resource

    with tempfile.TemporaryDirectory() as temporary:
        plan = design_plan(n_runs // 5, 5, n_employees=20, n_weeks=2)
        _conducted(Path(temporary) / "results", plan, 1, engine())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB, on a Mac bytes
    return {"mib": peak / (2**20 if sys.platform == "darwin" else 2**10)}


if __name__ == "__main__":
    what, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]]
    print(json.dumps({"throughput": throughput, "overhead": overhead, "memory": memory}[what](*sizes)))
