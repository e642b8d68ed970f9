"""Run scenarios without compiled rules, in a process of its own.

Called by tests with ``NUMBA_DISABLE_JIT=1``: ``python run_plain.py reference|engine INPUT OUTPUT``. A scenario that
fails leaves its error in the place of what is found, so that one does not hide the others.
"""

from __future__ import annotations

import pickle
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.plain_mesa import PlainIntranetModel
from benchmarks.plain_state import engine_state, plain_series, plain_state
from sim.kernel.tables import HAS_NUMBA
from sim.model.simulation import Simulation


def run_engine(resolved: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return state and weekly outcomes of the engine."""
    simulation = Simulation(resolved, seed)
    simulation.run()
    return {
        "state": engine_state(simulation),
        "series": simulation.series,
        "n_posts_kept": len(simulation.world.posts),
    }


def run_reference(resolved: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return state and weekly outcomes of the plain Mesa model; all posts are kept."""
    model = PlainIntranetModel(resolved, seed)
    model.run()
    return {"state": plain_state(model), "series": plain_series(model)}


if __name__ == "__main__":
    assert not HAS_NUMBA, "the rules are to run uncompiled here"
    which, source, target = sys.argv[1:]
    cases, case_seed = pickle.loads(Path(source).read_bytes())
    run = {"reference": run_reference, "engine": run_engine}[which]
    found: dict[str, dict[str, Any]] = {}
    for name, resolved in cases.items():
        try:
            found[name] = run(resolved, case_seed)
        except ArithmeticError:
            found[name] = {"error": traceback.format_exc()}
    Path(target).write_bytes(pickle.dumps(found))
