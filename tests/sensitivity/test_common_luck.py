"""How well shared seeds keep luck the same in the model itself: what makes the dummy an upper bound."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.simulation import simulate
from sim.runs.plan import replication_seed
from sim.scenario import load_scenario

SMALL = ["organization.employees=300", "run.weeks=26"]
OUTCOMES = ("monthly_posters", "monthly_readers", "knowledge")
N_SEEDS = 20


def outcomes(*settings: str) -> np.ndarray:
    """Outcomes of the baseline with some settings, (N_SEEDS, n_outcomes)."""
    resolved = load_scenario("baseline", [*SMALL, *settings]).resolved()
    runs = [simulate(resolved, replication_seed(1, replication)) for replication in range(N_SEEDS)]
    return np.array([[run.outcomes[name] for name in OUTCOMES] for run in runs])


@pytest.mark.slow
def test_a_small_change_leaves_nearly_all_luck_as_it_was() -> None:
    behavior = load_scenario("baseline").resolved()["behavior"]
    before = outcomes()
    for key in ("post_base", "read_base", "ease"):
        change = outcomes(f"behavior.{key}={behavior[key] + 0.01}") - before
        share_redrawn = change.var(axis=0, ddof=1) / (2 * before.var(axis=0, ddof=1))
        assert (share_redrawn < 0.02).all(), key
