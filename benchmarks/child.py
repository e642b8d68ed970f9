"""Measurements that need a process of their own; each prints one JSON object.

``python -m benchmarks.child reference N WEEKS REPEATS`` runs the plain Mesa model (with ``NUMBA_DISABLE_JIT=1``),
``python -m benchmarks.child memory N WEEKS`` runs the engine once and reports the largest memory it took.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from benchmarks.timing import best_of
from sim.scenario import load_scenario

SCENARIO = "baseline"
SEED = 1


def scenario_of(n_employees: int, n_weeks: int) -> Any:
    """Return the scenario of all measurements, for so many employees and weeks."""
    return load_scenario(SCENARIO, {"organization.employees": n_employees, "run.weeks": n_weeks})


def reference(n_employees: int, n_weeks: int, repeats: int) -> dict[str, Any]:
    """Return the seconds of the plain model, set-up and recording included, and a hash of the state it ends in."""
    from benchmarks.plain_mesa import PlainIntranetModel
    from benchmarks.plain_state import digest, plain_state
    from sim.kernel.tables import HAS_NUMBA

    assert not HAS_NUMBA, "the reference calls plain rules: set NUMBA_DISABLE_JIT=1"
    resolved = scenario_of(n_employees, n_weeks).resolved()

    def task() -> PlainIntranetModel:
        model = PlainIntranetModel(resolved, rng=SEED)
        model.run()
        return model

    return {"seconds": best_of(repeats, task)._asdict(), "digest": digest(plain_state(task()))}


def memory(n_employees: int, n_weeks: int) -> dict[str, Any]:
    """Return the largest memory of a run of the engine, in GiB, and the mean number of contacts."""
    import resource

    from sim import IntranetModel

    model = IntranetModel(scenario_of(n_employees, n_weeks), rng=SEED)
    model.run()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB, on a Mac bytes
    return {
        "gib": peak / (2**30 if sys.platform == "darwin" else 2**20),
        "contacts": len(model.simulation.world.neighbors) / n_employees,
    }


if __name__ == "__main__":
    what, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]]
    print(json.dumps(reference(*sizes) if what == "reference" else memory(*sizes)))
