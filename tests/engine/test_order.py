"""The place of an employee in the table must not matter."""

from __future__ import annotations

import numpy as np

from sim.scenario import load_scenario
from sim.simulation import Simulation

BUSY = [
    "organization.employees=400",
    "run.weeks=12",
    "behavior.read_base=-0.5",
    "behavior.post_base_work=-1.5",
    "behavior.post_base_social=-1.5",
]


def test_posts_of_early_and_late_rows_are_seen_alike() -> None:
    """Where more is posted than read, being on top counts; rows must share it fairly."""
    scenario = load_scenario("baseline", BUSY).resolved()
    feedback, posted = np.zeros(400), np.zeros(400)
    for seed in range(6):
        simulation = Simulation(scenario, seed)
        simulation.run()
        table = simulation.table
        feedback += table["feedback"]
        posted += table["n_work_posts"] + table["n_questions"] + table["n_social_posts"] > 0
    early = feedback[:100].sum() / posted[:100].sum()
    late = feedback[300:].sum() / posted[300:].sum()
    assert 0.85 < late / early < 1.18
