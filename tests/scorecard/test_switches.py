"""Each switch really silences its mechanism, whatever the world."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalog.registry import PATH_OF, PRESETS
from sim.evidence.scorecard.claims import EXPERIENCE_OFF, FRAMES_OFF, FULL, PEERS_OFF, SWITCH_BY_NAME
from sim.evidence.scorecard.plan import SETTING_BY_NAME, Size, resolve, switched
from sim.experiments.world_sets import prior_worlds
from sim.model.rules.coefficients import coefficients_of
from sim.model.rules.frame import item_counts
from sim.model.rules.posting import post_chances
from sim.model.simulation import Simulation
from sim.model.why.explanation import changed, p_read_in, situation_of
from sim.organization.workforce import build_workforce
from sim.scenario import load_scenario

SIZE = Size(employees=80, weeks=30, n_worlds=4)
FRAMES = ("frame_social", "frame_collaboration", "frame_broadcast")
WORLDS = range(SIZE.n_worlds)


def scenario(setting: str, switch: str, world: int, **changes) -> dict:
    """Return the resolved scenario of a setting in an arm, at a world; a lively one."""
    one = SETTING_BY_NAME[setting]
    people = prior_worlds(SIZE.n_worlds, 7)[world] | {"behavior.read_base": -1.5, "behavior.post_base": -2.0}
    variant = switched(one, resolve(one, SIZE), SWITCH_BY_NAME[switch], tuple(people))
    free = {key.split(".")[1]: value for key, value in people.items() if key not in variant.fixed}
    sections = {"behavior": free, "constants": {"unawareness": 0.0}}
    changed = {section: {**variant.resolved[section], **values} for section, values in sections.items()}
    return {**variant.resolved, **changed, **changes}


def run(resolved: dict, **organization) -> Simulation:
    simulation = Simulation(resolved, 5, **organization)
    simulation.run()
    return simulation


def shares(simulation: Simulation) -> np.ndarray:
    counts = np.array([simulation.table[name] for name in FRAMES])
    return counts / counts.sum(axis=0)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("setting", ["like-facebook", "unframed", "patient"])
def test_without_frames_all_have_one_frame_and_keep_it(setting, world) -> None:
    simulation = Simulation(scenario(setting, FRAMES_OFF.name, world), 5)
    np.testing.assert_allclose(shares(simulation), 1.0 / 3.0, rtol=1e-12)
    simulation.run()
    np.testing.assert_allclose(shares(simulation), 1.0 / 3.0, rtol=1e-12)
    assert simulation.outcomes()["posts_per_employee_month"] > 0.0
    with_frames = run(scenario(setting, FULL.name, world))
    assert np.abs(shares(with_frames) - 1.0 / 3.0).max() > 0.05


def same_outcomes(one: Simulation, other: Simulation, but: tuple[str, ...] = ()) -> bool:
    found = [{name: value for name, value in each.outcomes().items() if name not in but} for each in (one, other)]
    return all(np.array_equal(found[0][name], found[1][name], equal_nan=True) for name in found[0])


@pytest.mark.parametrize("world", WORLDS)
def test_without_frames_framings_differ_by_familiarity_only(world) -> None:
    arm = FRAMES_OFF.name
    resolved = {name: scenario(name, arm, world) for name in ("like-facebook", "collaboration")}
    for each in resolved.values():
        each["behavior"].update(ease=0.5, skill_leisure=0.3)
    # Likeness makes the platform easier for the experienced, which is no matter of frames.
    assert not same_outcomes(*map(run, resolved.values()))
    for each in resolved.values():
        each["behavior"]["skill_leisure"] = 0.0
    assert same_outcomes(*map(run, resolved.values()))


@pytest.mark.parametrize("world", WORLDS)
def test_without_frames_what_the_message_is_about_makes_no_difference(world) -> None:
    found = []
    for preset in ("collaboration", "news"):  # equally clear, neither likened to anything
        resolved = scenario("baseline", FRAMES_OFF.name, world)
        resolved["launch"] = {**resolved["launch"], "framing": PRESETS[preset]._asdict()}
        found.append(run(resolved))
    assert same_outcomes(*found)


@pytest.mark.parametrize("world", WORLDS)
def test_without_peers_nobody_minds_what_contacts_do(world) -> None:
    resolved = scenario("baseline", PEERS_OFF.name, world)
    simulation = Simulation(resolved, 5)
    c = coefficients_of(resolved)
    full = coefficients_of(scenario("baseline", FULL.name, world))
    simulation.run(until_week=6)
    moved = 0
    for i in range(0, SIZE.employees, 7):
        lonely, crowded = (
            [changed(one, {"contact_activity": share, "share_visible": share, "feedback": share}) for one in found]
            for found in [situation_of(simulation, i)]
            for share in (0.0, 0.9)
        )
        assert p_read_in(lonely[0], c) == p_read_in(crowded[0], c)
        assert post_chances(lonely[1], c) == post_chances(crowded[1], c)
        moved += p_read_in(lonely[0], full) < p_read_in(crowded[0], full)
    assert moved > 0
    assert item_counts(True, c) == item_counts(False, c)


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("setting", ["baseline", "like-facebook"])
def test_without_experience_it_makes_no_difference_who_has_it(setting, world) -> None:
    outcomes = {}
    for arm in (FULL.name, EXPERIENCE_OFF.name):
        resolved = scenario(setting, arm, world)
        staff = build_workforce(resolved["organization"], resolved["platform"]["communities"], 5)
        turned = staff._replace(
            leisure_experience=staff.leisure_experience[::-1].copy(),
            professional_experience=staff.professional_experience[::-1].copy(),
        )
        outcomes[arm] = same_outcomes(
            run(resolved, workforce=staff),
            run(resolved, workforce=turned),
            but=("experience_gradient", "reading_gradient"),
        )
    assert outcomes == {FULL.name: False, EXPERIENCE_OFF.name: True}


def test_a_switch_wins_over_setting_and_world() -> None:
    setting = SETTING_BY_NAME["strong conformity"]
    resolved = resolve(setting, SIZE)
    keys = list(PATH_OF.values())
    off = switched(setting, resolved, PEERS_OFF, keys)
    assert off.resolved["constants"]["conformity"] == 0.0
    assert off.fixed == {PATH_OF[name] for name in PEERS_OFF.off}
    full = switched(setting, resolved, FULL, keys)
    assert full.resolved["constants"]["conformity"] == 2.0
    assert full.fixed == {"constants.conformity"}
    # A resolved scenario is shared by all arms, so none of them may write into it.
    assert resolved["constants"]["conformity"] == 2.0
    assert load_scenario("baseline").resolved()["constants"]["conformity"] != 2.0
