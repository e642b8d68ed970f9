"""The runs of a scorecard."""

from __future__ import annotations

import pytest

from sim.evidence.scorecard.claims import SWITCHES
from sim.evidence.scorecard.plan import (
    FORWARD_SETTINGS,
    FULL_SIZE,
    SETTING_BY_NAME,
    ScorecardPlan,
    Size,
    measures_kept,
    plan_for_scorecard,
    setting_name,
    settings_to_run,
)
from sim.experiments.world_sets import worlds

SIZE = Size(employees=50, weeks=30, n_worlds=9)


@pytest.fixture(scope="module")
def planned() -> ScorecardPlan:
    return plan_for_scorecard(SIZE, worlds(SIZE.n_worlds, 1, "prior"), 1)


def runs_of(planned: ScorecardPlan, setting: str, switch: str = "full") -> list:
    name = planned.places[setting, switch]
    return [run for run in planned.plan.runs if run.scenario == name]


def test_every_setting_has_a_place_in_every_arm(planned) -> None:
    wanted = {(setting.name, switch.name) for setting in settings_to_run() for switch in SWITCHES}
    assert set(planned.places) == wanted
    assert set(planned.places.values()) == {arm.name for arm in planned.plan.arms}


def test_arms_that_come_to_the_same_are_run_once(planned) -> None:
    places = planned.places
    assert len(planned.plan.arms) < len(places)
    # Without peers nobody conforms, however strong conformity would be.
    assert places["no conformity", "peers_off"] == places["strong conformity", "peers_off"]
    assert places["no conformity", "peers_off"] == places["baseline", "peers_off"]
    assert places["no conformity", "full"] != places["strong conformity", "full"]
    hashes = [run.content_hash for run in planned.plan.runs]
    assert len(set(hashes)) == len(hashes)


def test_staff_with_the_experience_of_its_own_profile_is_that_staff(planned) -> None:
    assert planned.places[setting_name("baseline", "nl-2014"), "full"] == planned.places["baseline", "full"]
    assert len({planned.places[setting.name, "full"] for setting in FORWARD_SETTINGS}) == len(FORWARD_SETTINGS)


def test_all_settings_meet_the_same_worlds_with_the_same_luck(planned) -> None:
    plan = planned.plan
    runs = [runs_of(planned, name, arm) for name in ("baseline", "like-facebook") for arm in ("full", "peers_off")]
    for several in zip(*runs, strict=True):
        assert len({run.seed for run in several}) == 1
        coefficients = [plan.resolved(run)["behavior"] for run in several]
        assert len({behavior["read_base"] for behavior in coefficients}) == 1


def test_every_world_has_luck_of_its_own(planned) -> None:
    seeds = [run.seed for run in runs_of(planned, "baseline")]
    assert len(set(seeds)) == len(seeds) == SIZE.n_worlds


def test_a_coefficient_that_a_setting_names_is_the_same_in_all_worlds(planned) -> None:
    plan = planned.plan
    for run in runs_of(planned, "increasing returns"):
        assert plan.resolved(run)["behavior"]["peer_exponent"] == 2.0
    exponents = {plan.resolved(run)["behavior"]["peer_exponent"] for run in runs_of(planned, "baseline")}
    assert len(exponents) == SIZE.n_worlds


def test_a_constant_that_a_setting_names_is_set_in_all_worlds(planned) -> None:
    plan = planned.plan
    decays = {
        name: {plan.resolved(run)["constants"]["knowledge_decay"] for run in runs_of(planned, name)}
        for name in ("knowledge lasts", "knowledge fades")
    }
    assert decays == {"knowledge lasts": {0.005}, "knowledge fades": {0.1}}


def test_size_holds_where_a_setting_does_not_say_otherwise(planned) -> None:
    resolved = {name: planned.plan.resolved(runs_of(planned, name)[0]) for name in ("baseline", "patient")}
    assert resolved["baseline"]["run"]["weeks"] == 30
    assert resolved["patient"]["run"]["weeks"] == SETTING_BY_NAME["patient"].changes["run.weeks"]
    assert {each["organization"]["employees"] for each in resolved.values()} == {50}


def test_little_is_kept_of_a_run(planned) -> None:
    kept = planned.plan.kept
    assert kept.series == "none"
    assert not kept.groups
    assert set(kept.outcomes) == set(measures_kept())


def test_the_full_scorecard_has_enough_worlds() -> None:
    assert FULL_SIZE.n_worlds >= 200
