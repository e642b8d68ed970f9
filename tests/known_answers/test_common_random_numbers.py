"""Common random numbers: one seed means one workforce, one network and one luck, whatever the scenario."""

from __future__ import annotations

import limiting_cases as limits
import numpy as np
import pytest

from sim.model.simulation import Simulation, simulate

SEEDS = (1, 2, 3)
N_EMPLOYEES, WEEKS = 120, 12

# With these, enough happens in a small organization within weeks.
BUSY = {"read_base": -2.0, "unawareness": 0.0}

# Settings and coefficients that switch a mechanism off, then coefficients that can have no effect without it.
WITHOUT_EFFECT = [
    ({}, {}, {"risk_moderation": 0.7}),
    ({}, {}, {"compliance": 0.1}),
    ({}, {}, {"read_mandate": 2.0}),
    ({}, {}, {"mandate_threat": 1.0}),
    ({}, {}, {"reactance": 3.0}),
    ({}, {}, {"post_appraisal": 2.0}),
    ({}, {}, {"acceptance": 0.1}),
    ({}, {}, {"acceptance_trust": 1.0}),
    ({"platform__integration": 0.0}, {}, {"read_integration": 2.0}),
    ({"rules__restriction": 0.0}, {}, {"risk_restriction": 1.0}),
    ({"rules__guidance": 0.0}, {}, {"risk_guidance": 1.0}),
    ({"rules__guidance": 0.0}, {}, {"post_guidance": 1.5}),
    ({"leadership__participation": 0.0, "leadership__support": 0.0}, {}, {"label_cost": 0.9}),
    ({"launch__campaign__reach": 0.0}, {}, {"campaign_prompt": 0.9}),
    ({}, {"expectation": 0.0, "worth_learning": 0.0}, {"worth": 5.0}),
    ({}, {"post_risk": 0.0}, {"watch_days": 17.0, "imagined_audience": 0.9}),
    ({}, {"peers": 0.0}, {"peer_exponent": 2.0}),
    ({}, {"learning": 0.0, "talk": 0.0}, {"group_attraction": 2.0}),
    ({}, {"follow": 0.0}, {"follow_limit": 3.0}),
    ({}, {"ease": 0.0}, {"skill_leisure": 0.9}),
    ({}, {"frame_outside": 0.0, "frame_work_tools": 0.0}, {"tenure_half": 1.0}),
    ({}, {"post_feedback": 0.0}, {"feedback_gain": 0.9, "feedback_decay": 0.1, "reaction_worth": 1.0}),
    ({}, {"respond_base": -50.0, "answer_base": -50.0}, {"reply_share": 0.9}),
]


def assert_all_equal(first, second) -> None:
    """Check that two results of runs are equal to the last bit."""
    assert first.reasons == second.reasons
    assert first.groups == second.groups
    for name, value in first.outcomes.items():
        difference = 0.0 if np.isnan([value, second.outcomes[name]]).all() else value - second.outcomes[name]
        assert difference == 0.0, name
        np.testing.assert_array_equal(first.series[name], second.series[name], err_msg=name)


@pytest.mark.parametrize(
    ("settings", "behavior", "idle"), WITHOUT_EFFECT, ids=["+".join(idle) for _, _, idle in WITHOUT_EFFECT]
)
def test_coefficient_without_effect(settings, behavior, idle) -> None:
    for seed in SEEDS:
        first = simulate(limits.scenario(N_EMPLOYEES, WEEKS, {**BUSY, **behavior}, **settings), seed)
        second = simulate(limits.scenario(N_EMPLOYEES, WEEKS, {**BUSY, **behavior, **idle}, **settings), seed)
        assert first.outcomes["adoption"] > 0.0
        assert_all_equal(first, second)


def test_those_coefficients_do_have_an_effect_elsewhere() -> None:
    # Otherwise the test above would pass for a coefficient that no rule reads.
    everything = {
        "rules__moderation": True,
        "rules__work_only": True,
        "launch__mandate": 0.6,
        "launch__wording": "intervention",
        "leadership__appraisal": 0.6,
        "platform__following": "approval",
    }
    busy = {"read_base": -1.0, "post_base": -2.0, "post_question": 0.0, "unawareness": 0.5}
    usual = simulate(limits.scenario(300, WEEKS, busy, **everything), 1)
    for _, _, idle in WITHOUT_EFFECT:
        for name, value in idle.items():
            other = simulate(limits.scenario(300, WEEKS, {**busy, name: value}, **everything), 1)
            changed = [key for key in usual.series if not _same(usual.series[key], other.series[key])]
            assert changed, name


def _same(first: np.ndarray, second: np.ndarray) -> bool:
    return bool(np.array_equal(first, second, equal_nan=True))


def test_scenarios_share_workforce_network_and_luck() -> None:
    usual = Simulation(limits.scenario(N_EMPLOYEES, WEEKS, {}), 5)
    other = Simulation(
        limits.scenario(
            N_EMPLOYEES,
            WEEKS,
            {"read_base": -1.0, "post_base": 0.0, "learning": 1.0, "attention": 40.0},
            platform__following="approval",
            launch__wording="migration",
            launch__champions={"share": 0.3, "choose": "random"},
            rules__work_only=True,
        ),
        5,
    )
    fixed = (
        "age", "tenure", "leisure_experience", "professional_experience", "segmentation", "remote_share", "trust",
        "inclination", "expertise", "expertise_topic", "compliance", "level", "manager", "team", "department",
    )  # fmt: skip
    for name in fixed:
        np.testing.assert_array_equal(usual.table[name], other.table[name])
    np.testing.assert_array_equal(usual.world.neighbors, other.world.neighbors)
    np.testing.assert_array_equal(usual.world.interests, other.world.interests)
    usual.run(until_week=2)
    other.run(until_week=2)
    for first, second in zip(usual.draws(10, 5), other.draws(10, 5), strict=True):
        np.testing.assert_array_equal(first, second)


def test_a_change_has_no_effect_before_its_week() -> None:
    usual = simulate(limits.scenario(N_EMPLOYEES, WEEKS, BUSY), 4)
    changes = [{"week": 7, "set": {"rules.restriction": 1.0, "platform.following": "approval"}}]
    changed = simulate(limits.scenario(N_EMPLOYEES, WEEKS, BUSY, changes=changes), 4)
    some_differ = False
    # Reply and answer rates of a week are known two weeks later, when its posts are no longer read.
    for name, series in usual.series.items():
        until = 5 if name in ("reply_rate", "answer_rate") else 7
        np.testing.assert_array_equal(series[:until], changed.series[name][:until], err_msg=name)
        some_differ |= not _same(series[7:], changed.series[name][7:])
    assert some_differ


def test_more_champions_keep_the_luck_of_training() -> None:
    few = Simulation(limits.scenario(500, 1, {}, launch__champions__share=0.0), 9).table
    many = Simulation(limits.scenario(500, 1, {}, launch__champions__share=0.2), 9).table
    ordinary = many["champion"] == 0.0
    np.testing.assert_array_equal(few["trained"][ordinary], many["trained"][ordinary])
    assert many["trained"][~ordinary].all()


def test_readers_stay_readers_when_reading_becomes_more_likely() -> None:
    read = []
    for base in (-3.0, -2.0, -1.0):
        simulation = Simulation(limits.scenario(400, 1, {"read_base": base}), 6)
        simulation.step()
        read.append(simulation.table["last_read"] == 0)
    assert (read[0] <= read[1]).all()
    assert (read[1] <= read[2]).all()
    assert read[0].sum() < read[1].sum() < read[2].sum()
