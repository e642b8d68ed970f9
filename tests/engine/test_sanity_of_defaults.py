"""The defaults give a platform of a plausible size, within what published platforms show."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from sim.model.simulation import simulate
from sim.scenario import list_scenarios, load_scenario

# Read and active shares: 75 and Dutch benchmark organizations (T2.11, T2.13); interactions: T2.21; top share: T2.01.
RANGES = {
    "monthly_readers": (0.40, 0.85),
    "monthly_active": (0.15, 0.40),
    "interactions_per_employee_month": (0.3, 3.0),
    "top5_share": (0.35, 0.75),
    "work_share": (0.5, 0.95),
}


@functools.cache
def means() -> dict[str, float]:
    """Return the means of the outcomes with a range over 20 seeds."""
    scenario = load_scenario("collaboration").resolved()
    runs = [simulate(scenario, seed).outcomes for seed in range(20)]
    return {name: float(np.mean([run[name] for run in runs])) for name in RANGES}


@pytest.mark.slow
@pytest.mark.parametrize("name", RANGES)
def test_collaboration_lies_within_the_published_ranges(name: str) -> None:
    assert RANGES[name][0] <= means()[name] <= RANGES[name][1]


@pytest.mark.slow
def test_no_scenario_is_dead_or_used_by_all() -> None:
    for shipped in list_scenarios():
        scenario = load_scenario(shipped.name, {"run.weeks": 40}).resolved()
        posters = [simulate(scenario, seed).outcomes["monthly_posters"] for seed in range(4)]
        assert 0.0 < np.mean(posters) < 0.9, (shipped.name, posters)
