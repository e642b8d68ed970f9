"""Situations and "what if": the same numbers as the engine, and changes that do what they say."""

from __future__ import annotations

import math

import pytest

from sim.kernel.tables import as_record, as_records
from sim.model.rules.coefficients import coefficients_from, coefficients_of
from sim.model.rules.posting import post_probabilities, post_terms, post_utilities
from sim.model.rules.reading import (
    heeded_probability,
    presence,
    prompt_probability,
    read_probability,
    read_terms,
    read_utility,
)
from sim.model.simulation import Simulation
from sim.model.steps.inputs import posting_situation, reading_situation
from sim.model.why.explanation import (
    Situation,
    changed,
    explain_posting,
    explain_reading,
    explain_week,
    situation_of,
    telling_day,
)
from sim.scenario import load_scenario

N = 40
SETTINGS = [
    f"organization.employees={N}", "organization.departments=3", "run.weeks=8", "behavior.read_base=-0.5",
    "behavior.post_base=-2.5", "launch.mandate=0.4", "leadership.appraisal=0.5", "rules.restriction=0.4",
]  # fmt: skip
CHANGED_COLUMNS = {
    "trained": {"trained": 1.0},
    "habit": {"habit": 1.0},
    "no_habit": {"habit": 0.0},
    "full_trust": {"trust": 1.0},
    "average_writer": {"inclination": 0.0},
    "no_feedback": {"feedback": 0.0},
    "campaign_message": {"reached": 1, "aware": 1},
    "has_been_there": {"aware": 1},
    "seen_as_social": {"frame_social": 1.0, "frame_collaboration": 0.0, "frame_broadcast": 0.0},
    "seen_as_collaboration": {"frame_social": 0.0, "frame_collaboration": 1.0, "frame_broadcast": 0.0},
}
CHANGED_POLICY = {
    "no_restriction": ("restriction", 0.0),
    "full_restriction": ("restriction", 1.0),
    "full_guidance": ("guidance", 1.0),
    "no_guidance": ("guidance", 0.0),
    "appraisal_rewards": ("appraisal", 1.0),
    "appraisal_penalizes": ("appraisal", -1.0),
    "full_support": ("support", 1.0),
    "no_support": ("support", 0.0),
    "integrated": ("integration", 1.0),
    "not_integrated": ("integration", 0.0),
}


@pytest.fixture(params=["collaboration", "like-facebook", "approval-following", "imposed-migration", "work-only"])
def simulation(request: pytest.FixtureRequest) -> Simulation:
    """A small organization after five busy weeks."""
    found = Simulation(load_scenario(request.param, SETTINGS).resolved(), 7)
    found.run(until_week=5)
    return found


def engine_p_read(simulation: Simulation, i: int) -> float:
    c = simulation.world.c
    s = reading_situation(simulation.table.view(i), simulation.policy_rows[0], c)
    heeded = heeded_probability(read_utility(read_terms(s, c)), prompt_probability(s.reached, s.share_visible, c), c)
    present = presence(s.aware, s.integration, s.mandate, c)
    return float(read_probability(read_utility(read_terms(s, c)), present, heeded))


def engine_p_post(simulation: Simulation, i: int, may_be_social: bool) -> float:
    world = simulation.world
    s = posting_situation(simulation.table.view(i), world.people, simulation.policy_rows[0], world.c, simulation.day)
    return float(sum(post_probabilities(*post_utilities(post_terms(s, world.c)), may_be_social)))


def test_situations_are_the_state_in_the_words_of_the_rules(simulation: Simulation) -> None:
    policy, day, managers = simulation.policies[simulation.week], simulation.day, 0
    c = simulation.world.c
    # Columns that no rule of reading asks for, since their mechanism is off, are not fetched.
    unread = {"skill", "trained"} if c.ease == 0.0 else set()
    unread |= {"expected_work", "expected_fun", "expected_news"} if c.worth_learning == 0.0 else set()
    for i in range(N):
        person, s = simulation.table[i], situation_of(simulation, i)
        total = person["frame_social"] + person["frame_collaboration"] + person["frame_broadcast"]
        for decision in s:
            for name, value in decision._asdict().items():
                if decision is s.reading and name in unread:
                    continue
                if name in person.dtype.names and name not in ("aware", "reached", "level"):
                    assert value == person[name], name
                elif name in policy._fields:
                    assert value == getattr(policy, name), name
            assert decision.share_broadcast == person["frame_broadcast"] / total
        assert s.reading.share_visible == person["n_active_contacts"] / max(person["n_contacts"], 1)
        assert s.posting.has_manager == (person["manager"] >= 0)
        if person["manager"] >= 0:
            managers += 1
            manager = simulation.table[int(person["manager"])]
            assert s.posting.manager_posts == (day - manager["last_post"] < c.visible_days)
            assert s.posting.manager_looks in (0.0, c.imagined_audience, 1.0)
            assert 0.0 < s.posting.manager_commitment <= 1.0
    assert managers > N // 2


def test_what_if_is_what_the_engine_does_with_such_a_person_or_policy(simulation: Simulation) -> None:
    c, seen = simulation.world.c, set()
    for i in range(0, N, 3):
        s = situation_of(simulation, i)
        row, policies = simulation.table[i].copy(), simulation.policy_rows
        reading, posting = explain_reading(s, 0.5, c), explain_posting(s, 0.5, c)
        for case in [*reading.what_if, *posting.what_if]:
            if case.change in CHANGED_COLUMNS:
                for column, value in CHANGED_COLUMNS[case.change].items():
                    simulation.table[column][i] = value
            elif case.change in CHANGED_POLICY:
                name, value = CHANGED_POLICY[case.change]
                other = simulation.policies[simulation.week]._replace(**{name: value})
                simulation.policy_rows = as_records([other])
            else:
                continue
            seen.add(case.change)
            if case in reading.what_if:
                p = engine_p_read(simulation, i)
            else:
                p = engine_p_post(simulation, i, posting.may_be_social)
            assert case.p == pytest.approx(p, rel=1e-12), case.change
            assert case.would_have == (p > 0.5)
            simulation.table[i], simulation.policy_rows = row, policies
    assert seen >= set(CHANGED_POLICY) | {"trained", "no_habit", "full_trust", "average_writer", "seen_as_social"}


def shifted(s: Situation, draw: float, more: float, values: dict[str, float]) -> tuple[bool, bool]:
    """Return whether `s` reads, and posts, with `more` utility of each."""
    bases = ("read_base", "post_base")
    c = as_record(coefficients_from({**values, **{name: values[name] + more for name in bases}}))
    return explain_reading(s, draw, c).did_read, explain_posting(s, draw, c).did_post


@pytest.mark.parametrize("draw", [0.001, 0.2, 0.6, 0.97])
def test_exactly_the_utility_that_was_lacking_decides(simulation: Simulation, draw: float) -> None:
    values = coefficients_of(simulation.resolved)._asdict()
    c = as_record(coefficients_from(values))
    for i in range(0, N, 5):
        s = situation_of(simulation, i)
        reading, posting = explain_reading(s, draw, c), explain_posting(s, draw, c)
        assert reading.did_read == (reading.lacking < 0)
        assert posting.did_post == (posting.lacking < 0)
        if math.isfinite(reading.lacking):
            assert shifted(s, draw, reading.lacking + 1e-6, values)[0]
            assert not shifted(s, draw, reading.lacking - 1e-6, values)[0]
        if posting.lacking == math.inf:  # so many would write what is banned that nothing else is chosen so often
            assert not posting.may_be_social
            assert not shifted(s, draw, 40.0, values)[1]
            continue
        assert shifted(s, draw, posting.lacking + 1e-6, values)[1]
        assert not shifted(s, draw, posting.lacking - 1e-6, values)[1]


def test_nothing_is_lacking_with_perfect_luck(simulation: Simulation) -> None:
    s, c = situation_of(simulation, 0), simulation.world.c
    assert explain_reading(s, 0.0, c).lacking < -35.0  # where the chance itself rounds to nothing
    assert explain_posting(s, 0.0, c).lacking == -math.inf
    assert explain_posting(s, 0.0, c).did_post


def test_no_utility_is_enough_for_what_is_not_on_the_mind(simulation: Simulation) -> None:
    values = {**coefficients_of(simulation.resolved)._asdict(), "unawareness": 1.0}
    c = as_record(coefficients_from(values))
    now = situation_of(simulation, 0)
    alone = {"aware": 0.0, "reached": 0.0, "integration": 0.25, "mandate": 0.0, "share_visible": 0.0}
    unaware = now._replace(reading=changed(now.reading, alone))
    assert explain_reading(unaware, 0.3, c).lacking == math.inf
    assert not explain_reading(unaware, 0.3, c).did_read
    found = explain_reading(unaware, 0.2, c)
    assert found.present == 0.25

    def moved(s: Situation, more: float) -> bool:
        return explain_reading(
            s, 0.2, as_record(coefficients_from({**values, "read_base": values["read_base"] + more}))
        ).did_read

    assert moved(unaware, found.lacking + 1e-6)
    assert not moved(unaware, found.lacking - 1e-6)
    there = {case.change: case for case in found.what_if}["has_been_there"]
    assert there.p == pytest.approx(
        explain_reading(now._replace(reading=changed(now.reading, {**alone, "aware": 1.0})), 0.2, c).p
    )


def test_cases_that_change_nothing_are_left_out(simulation: Simulation) -> None:
    c = simulation.world.c
    values = {"trained": 1.0, "habit": 1.0, "reached": 0.0, "has_manager": 0.0, "inclination": 0.0}
    s = Situation(*(changed(one, values) for one in situation_of(simulation, 0)))
    changes = {case.change for case in explain_reading(s, 0.5, c).what_if}
    assert {"trained", "habit", "no_campaign_message"}.isdisjoint(changes)
    assert {"no_habit", "campaign_message"} <= changes
    changes = {case.change for case in explain_posting(s, 0.5, c).what_if}
    assert {"manager_posts", "manager_looks", "manager_silent", "average_writer"}.isdisjoint(changes)


def test_the_telling_day(simulation: Simulation) -> None:
    resolved, kinds = simulation.resolved, set()
    for i in range(N):
        week = explain_week(Simulation(resolved, 7), i, 3)
        day = telling_day(week)
        assert day is not None
        posts = [each for each in week.days if each.posting and each.posting.did_post]
        reads = [each for each in week.days if each.posting]
        if posts:
            kinds.add("posted")
            assert day == posts[0]
        elif reads:
            kinds.add("read")
            assert day.posting is not None
            assert day.posting.lacking == min(each.posting.lacking for each in reads if each.posting)
        else:
            kinds.add("not read")
            assert day.reading is not None
            assert day.reading.lacking == min(each.reading.lacking for each in week.days if each.reading)
    assert {"posted", "read"} <= kinds


def test_looking_on_changes_nothing(simulation: Simulation) -> None:
    watched = Simulation(simulation.resolved, 7)
    week = explain_week(watched, 4, 3)
    watched.run(until_week=5)
    assert watched.table.tobytes() == simulation.table.tobytes()
    fresh = Simulation(simulation.resolved, 7)
    fresh.run(until_week=2)
    assert week.before == {name: fresh.table[4][name].item() for name in week.before}
    fresh.run(until_week=3)
    assert week.person == {name: fresh.table[4][name].item() for name in week.person}
    assert [day.day for day in week.days] == [10, 11, 12, 13, 14]
