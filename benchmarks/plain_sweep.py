"""A design as somebody with a plain Mesa model would run it: ``mesa.batch_run``, a model for each run."""

from __future__ import annotations

import json
import sys
import time
from functools import cache
from typing import Any

from benchmarks.plain_mesa import PlainIntranetModel
from benchmarks.sweep_designs import N_COMPARED, processor_seconds, throughput_plan


@cache
def _run_of(run_id: int) -> tuple[Any, int]:
    plan = throughput_plan(n_replications=1)
    run = plan.runs[run_id]
    return plan.resolved(run), run.seed


class PlainRun(PlainIntranetModel):
    """One run of the design; its monthly posters are collected day by day, as ``batch_run`` asks for."""

    def __init__(self, run_id: int) -> None:
        super().__init__(*_run_of(run_id))
        self.datacollector.model_vars = {"monthly_posters": []}

    def step(self) -> None:
        """Run one working day."""
        super().step()
        weeks = self.datacollector.tables["weeks"]["monthly_posters"]
        self.datacollector.model_vars["monthly_posters"].append(weeks[-1] if weeks else None)


def batch(n_processes: int) -> dict[str, Any]:
    """Return how long ``batch_run`` takes for the first replication of the design, and what comes out."""
    import mesa

    from sim.kernel.tables import HAS_NUMBA

    assert not HAS_NUMBA, "the reference calls plain rules: set NUMBA_DISABLE_JIT=1"
    start, processor = time.perf_counter(), processor_seconds()
    rows = mesa.batch_run(
        PlainRun,
        {"run_id": range(N_COMPARED)},
        number_processes=n_processes,
        max_steps=10**6,
        display_progress=False,
    )
    seconds, processor = time.perf_counter() - start, processor_seconds() - processor
    found = {row["run_id"]: row["monthly_posters"] for row in rows}
    return {
        "runs": len(rows),
        "seconds": seconds,
        "processor_seconds": processor,
        "monthly_posters": [found[run] for run in sorted(found)],
    }


if __name__ == "__main__":
    print(json.dumps(batch(int(sys.argv[1]))))
