"""The defaults give a platform of a plausible size, within what published platforms show."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario import list_scenarios, load_scenario
from sim.simulation import simulate

# Read and active shares: 75 and Dutch benchmark organizations (T2.11, T2.13); interactions: T2.21; top share: T2.01.
RANGES = {
    "monthly_readers": (0.40, 0.85),
    "monthly_active": (0.15, 0.40),
    "interactions_per_employee_month": (0.3, 3.0),
    "top5_share": (0.35, 0.75),
    "work_share": (0.5, 0.95),
}


# What the calibration changed, as it was: the ranges were set for a model that nothing was fitted to.
BEFORE_CALIBRATION = {
    "read_effort": 0.8, "unawareness": 0.0, "campaign_prompt": 0.3, "unread_decay": 0.2, "visible_days": 20.0,
    "read_base": -3.2, "read_habit": 2.5, "read_inclination": 0.0, "word_of_mouth": 0.05, "habit_weight": 0.05,
    "post_base_work": -4.3, "post_base_question": -4.9, "post_base_social": -4.3, "post_inclination": 2.1,
    "respond_base": -4.2, "respond_inclination": 1.6,
}  # fmt: skip
MISFIT = pytest.mark.xfail(
    strict=True, reason="writing is less unequal at the calibrated defaults than published, see docs/calibration.md"
)


def means_of(settings: dict[str, float]) -> dict[str, float]:
    """Return the means of the outcomes with a range over 20 seeds."""
    overrides = {f"behavior.{name}": value for name, value in settings.items()}
    scenario = load_scenario("collaboration", overrides).resolved()
    runs = [simulate(scenario, seed).outcomes for seed in range(20)]
    return {name: float(np.mean([run[name] for run in runs])) for name in RANGES}


@pytest.mark.slow
def test_collaboration_lay_within_the_published_ranges_before_the_calibration() -> None:
    for name, mean in means_of(BEFORE_CALIBRATION).items():
        assert RANGES[name][0] <= mean <= RANGES[name][1], (name, mean)


@pytest.mark.slow
@pytest.mark.parametrize("name", [pytest.param(name, marks=MISFIT if name == "top5_share" else ()) for name in RANGES])
def test_collaboration_lies_within_the_published_ranges(name: str) -> None:
    assert RANGES[name][0] <= means_of({})[name] <= RANGES[name][1]


@pytest.mark.slow
def test_no_scenario_is_dead_or_used_by_all() -> None:
    for shipped in list_scenarios():
        scenario = load_scenario(shipped.name, {"run.weeks": 40}).resolved()
        posters = [simulate(scenario, seed).outcomes["monthly_posters"] for seed in range(4)]
        assert 0.0 < np.mean(posters) < 0.9, (shipped.name, posters)
