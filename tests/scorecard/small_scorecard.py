"""A scorecard that is small enough for a test."""

from __future__ import annotations

from pathlib import Path

import invented

from sim.evidence.scorecard.plan import Size, plan_for_scorecard
from sim.evidence.scorecard.score import Scorecard, conduct_scorecard
from sim.experiments.world_sets import worlds
from sim.runs.executors import Execution
from sim.runs.progress import Silent
from sim.runs.store import open_store
from sim.runs.worker import Engine

SIZE = Size(employees=20, weeks=30, n_worlds=10)


def conducted(folder: Path, engine: Engine = invented.ENGINE) -> Scorecard:
    """Do a small scorecard with an engine."""
    planned = plan_for_scorecard(SIZE, worlds(SIZE.n_worlds, 1, "prior"), 1)
    with open_store(folder, planned.plan, "new", ["intranet-sim", "scorecard"]) as store:
        return conduct_scorecard(store, planned, Execution(jobs=1), Silent(), engine)
