"""Changes for named departments only: the same for everybody is the same run, and what differs acts where it should."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from benchmarks.plain_state import engine_state
from sim.model.simulation import Simulation, simulate
from sim.model.state import policies_by_week
from sim.model.why.explanation import explain_week, situation_of
from sim.scenario import load_scenario

SIZE = {
    "organization.employees": 160,
    "organization.departments": 4,
    "run.weeks": 12,
    "behavior.read_base": -1.5,
    "behavior.post_base": -2.0,
}
SEED = 5
SETTINGS = {
    "rules.restriction": 0.9,
    "launch.mandate": 0.8,
    "launch.framing.clarity": 1.0,
    "launch.campaign.reach": 0.9,
    "leadership.announcements": 9.0,
    "leadership.appraisal": 0.7,
    "organization.remote_share": 0.8,
    "platform.integration": 0.9,
    "rules.work_only": True,
}


def resolved_with(changes: list) -> dict:
    return load_scenario("collaboration", {**SIZE, "changes": changes}).resolved()


def state_after(changes: list) -> dict:
    simulation = Simulation(resolved_with(changes), SEED)
    simulation.run()
    return {**engine_state(simulation), **simulation.series}


def assert_same(one: dict, other: dict) -> None:
    for name, values in one.items():
        np.testing.assert_equal(other[name], values, name)


def test_the_same_for_all_departments_is_the_same_for_everybody() -> None:
    week = {"week": 3, "set": SETTINGS}
    together = state_after([week])
    assert_same(together, state_after([{**week, "departments": [0, 1, 2, 3]}]))
    assert_same(together, state_after([{**week, "departments": [one]} for one in (2, 0, 3, 1)]))


def test_nothing_is_kept_or_changed_where_no_department_is_named() -> None:
    simulation = Simulation(resolved_with([{"week": 3, "set": SETTINGS}]), SEED)
    assert not simulation.has_own_policies
    assert len(simulation.world.track) == 0
    assert all("departments" not in change for change in simulation.resolved["changes"])


@pytest.mark.parametrize("key", SETTINGS)
def test_each_lever_acts_in_the_departments_that_are_named(key: str) -> None:
    change = {"week": 3, "departments": [1], "set": {key: SETTINGS[key]}}
    own, others = (policies_by_week(resolved_with([change]), department) for department in (1, 0))
    everybody = policies_by_week(resolved_with([{"week": 3, "set": change["set"]}]))
    nobody = policies_by_week(resolved_with([]))
    assert own == everybody
    assert others == nobody
    if key != "organization.remote_share":  # which is no policy but what people are like
        assert own != others


def test_in_a_week_what_is_for_some_is_laid_over_what_is_for_all() -> None:
    changes = [
        {"week": 4, "departments": [1], "set": {"rules.restriction": 0.9}},
        {"week": 4, "set": {"rules.restriction": 0.4}},
        {"week": 8, "set": {"rules.restriction": 0.1}},
    ]
    resolved = resolved_with(changes)
    assert [policies_by_week(resolved, 1)[week].restriction for week in (5, 9)] == [0.9, 0.1]
    assert [policies_by_week(resolved, 2)[week].restriction for week in (5, 9)] == [0.4, 0.1]


def test_an_order_brings_readers_where_it_is_given() -> None:
    changes = [{"week": 4, "departments": [2], "set": {"launch.mandate": 1.0}}]
    with_order, without = (Simulation(resolved_with(given), SEED) for given in (changes, []))
    days = []
    for simulation in (with_order, without):
        simulation.run()
        days.append(
            np.array([simulation.table["days_read"][simulation.table["department"] == one].sum() for one in range(4)])
        )
    gained = days[0] - days[1]
    assert gained[2] > 3 * max(abs(gained[one]) for one in (0, 1, 3))


def test_remote_work_changes_where_it_is_said() -> None:
    simulation = Simulation(
        resolved_with([{"week": 2, "departments": [1], "set": {"organization.remote_share": 1.0}}]), 5
    )
    before = simulation.table["remote_share"].copy()
    simulation.run(3)
    moved = simulation.table["department"] == 1
    assert (simulation.table["remote_share"][moved] > 0.0).all()
    np.testing.assert_array_equal(simulation.table["remote_share"][~moved], before[~moved])


def test_what_is_explained_is_what_holds_in_the_own_department() -> None:
    changes = [{"week": 1, "departments": [1], "set": {"rules.restriction": 0.9}}]
    simulation = Simulation(resolved_with(changes), SEED)
    simulation.run(2)
    departments = simulation.table["department"]
    for department, restriction in ((0, 0.0), (1, 0.9)):
        i = int(np.flatnonzero(departments == department)[0])
        expected = simulation.resolved["rules"]["restriction"] if department == 0 else restriction
        assert situation_of(simulation, i).posting.restriction == expected


def test_explaining_a_week_runs_the_very_same_week() -> None:
    changes = [{"week": 1, "departments": [1, 2], "set": {"rules.restriction": 0.9, "launch.mandate": 0.9}}]
    explained, plain = (Simulation(resolved_with(changes), SEED) for _ in range(2))
    i = int(np.flatnonzero(explained.table["department"] == 1)[0])
    explained.run(3)
    week = explain_week(explained, i, 4)
    plain.run(4)
    assert_same(engine_state(plain), engine_state(explained))
    days = [day.reading for day in week.days if day.reading is not None]
    assert days
    assert all(day.situation.reading.mandate == 0.9 for day in days)


def test_copies_go_on_by_themselves() -> None:
    changes = [{"week": 4, "departments": [1], "set": SETTINGS}, {"week": 8, "departments": [3], "set": SETTINGS}]
    simulation = Simulation(resolved_with(changes), SEED)
    simulation.run(6)
    for one in (copy.deepcopy(simulation), pickle.loads(pickle.dumps(simulation))):
        one.run()
        assert_same(state_after(changes), {**engine_state(one), **one.series})


def test_who_comes_later_gets_the_campaign_of_the_own_department() -> None:
    changes = [{"week": 9, "departments": [1], "set": {"launch.campaign.reach": 1.0, "launch.campaign.weeks": 1}}]
    settings = {**SIZE, "launch.campaign.weeks": 1, "launch.campaign.reach": 0.0, "launch.champions.share": 0.0}
    resolved = load_scenario("collaboration", {**settings, "launch.training": 0.0, "changes": changes}).resolved()
    resolved["behavior"]["talk"] = 0.0
    simulation = Simulation(resolved, SEED)
    simulation.run(9)
    frames = simulation.table["frame_collaboration"].copy()
    quiet = simulation.table["last_read"] < 45
    simulation.run(10)
    moved = simulation.table["frame_collaboration"] > frames + 0.05
    not_read = quiet & (simulation.table["last_read"] < 45)
    departments = simulation.table["department"]
    assert moved[not_read & (departments == 1)].all()
    assert not moved[not_read & (departments != 1)].any()


def test_the_whole_run_is_repeatable() -> None:
    resolved = resolved_with([{"week": 4, "departments": [1], "set": SETTINGS}])
    np.testing.assert_equal(simulate(resolved, SEED).outcomes, simulate(resolved, SEED).outcomes)
