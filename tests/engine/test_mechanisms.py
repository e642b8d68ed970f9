"""Mechanisms that can be off as a whole: exactly silent there, and acting where they should."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from engine_runs import make_values

from sim.catalog.registry import COEFFICIENTS, PATH_OF
from sim.model.face import IntranetModel
from sim.model.groups import total_posts
from sim.model.rules.coefficients import coefficients_from
from sim.model.rules.remembering import casual_belonging
from sim.model.simulation import Simulation
from sim.model.why.explanation import explain_week
from sim.scenario import load_scenario

MECHANISMS = {entry.name: entry for entry in COEFFICIENTS if entry.when_on is not None}
LIVELY = {
    "read_base": -1.5, "post_base": -2.5, "post_question": 0.0,
    "respond_base": -2.0, "follow": 0.3, "word_of_mouth": 0.15, "unawareness": 0.5,
}  # fmt: skip
# What a mechanism that is off may have beside it: none of it may be felt.
BESIDE: dict[str, dict[str, float]] = {
    "ease": {"skill_leisure": 0.5},
    "reward_floor": {"reward_half_life": 2.0},
    "acquaintance": {"acquaintance_half": 3.0, "acquaintance_decay": 0.02},
}
# All of them off: one after the other is switched on against it.
OFF = {name: float(entry.off_at or 0.0) for name, entry in MECHANISMS.items() if name != "frame_strength"}
# What has to be on for a mechanism to do anything.
NEEDS: dict[str, dict[str, float]] = {"skill_leisure": {"ease": 1.0}, "frame_strength": {"post_mix": 2.0}}
N_WEEKS = 8


def run(n_weeks: int = N_WEEKS, **coefficients: float) -> Simulation:
    """Return a lively run of 100 employees under an association with outside media, in which leaders are rewarded."""
    lively = {**LIVELY, **OFF, **coefficients}
    settings: dict[str, Any] = {"launch__framing__association": 0.8, "leadership__appraisal": 0.5}
    simulation = Simulation(make_values(100, n_weeks, lively, **settings), 4)
    simulation.run()
    return simulation


def frames_of(simulation: Simulation) -> tuple[np.ndarray, np.ndarray]:
    """Return the collaboration share of everyone's frame, and the counts in all."""
    counts = [simulation.table[f"frame_{name}"] for name in ("social", "collaboration", "broadcast")]
    return counts[1] / sum(counts), sum(counts)


def state_of(simulation: Simulation) -> bytes:
    """Return all that can be seen of a run."""
    return b"".join([simulation.table.tobytes(), *(values.tobytes() for values in simulation.series.values())])


def test_every_mechanism_says_where_it_is_off() -> None:
    assert len(MECHANISMS) >= 16
    assert all(entry.off_at is not None and entry.low <= entry.off_at <= entry.high for entry in MECHANISMS.values())


@pytest.mark.parametrize("name", BESIDE)
def test_a_mechanism_that_is_off_is_silent_whatever_goes_with_it(name: str) -> None:
    assert state_of(run(**{name: float(MECHANISMS[name].off_at or 0.0)}, **BESIDE[name])) == state_of(run())


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_mechanism_that_is_on_acts(name: str) -> None:
    entry, needs = MECHANISMS[name], NEEDS.get(name, {})
    assert entry.when_on is not None
    on = entry.when_on[0] if name in ("prompt_push", "frame_strength", "reward_floor") else entry.when_on[1]
    assert state_of(run(**needs, **{name: on})) != state_of(run(**needs))


FRAMES = {"frame_social", "frame_collaboration", "frame_broadcast", "frame_congruence"}
ALL_ON = {"ease": 0.5, "unease_post": 1.0, "post_mix": 2.0, "imagined_audience": 0.5, "prompt_push": 1.0}


class TestFrameStrength:
    """One number for all that frames do."""

    def difference(self, **coefficients: float) -> set[str]:
        """Return the outcomes in which two framings differ."""
        runs = []
        for framing in ("like_facebook", "collaboration"):
            behavior = {**LIVELY, **ALL_ON, **coefficients}
            sets = [f"{PATH_OF[key]}={value}" for key, value in behavior.items()]
            sets += [f"launch.framing={framing}", "organization.employees=100", "run.weeks=10"]
            simulation = Simulation(load_scenario("baseline", sets).resolved(), 2)
            simulation.run()
            runs.append(simulation.series)
        return {name for name in runs[0] if runs[0][name].tobytes() != runs[1][name].tobytes()} - FRAMES

    def test_without_it_and_without_ease_from_outside_two_framings_are_the_same(self) -> None:
        assert self.difference(frame_strength=0.0, skill_leisure=0.0) == set()

    def test_without_it_the_difference_is_what_ease_leaves(self) -> None:
        assert self.difference(frame_strength=0.0, skill_leisure=0.5) != set()

    def test_with_it_they_differ(self) -> None:
        found = self.difference(skill_leisure=0.0)
        assert {"monthly_readers", "intention_gap", "work_share"} <= found


class TestWhereTheyAct:
    """Each moves what it is about, in the direction it is about."""

    def test_unease_of_writing_lowers_posts_but_not_the_will_to_come(self) -> None:
        without, with_it = run(), run(unease_post=2.0)
        np.testing.assert_array_equal(with_it.table["intention"], without.table["intention"])
        assert (with_it.table["intention_post"] < without.table["intention_post"]).all()
        assert with_it.world.tally[:, :5].sum() < 0.8 * without.world.tally[:, :5].sum()  # posts, replies, reactions

    def test_the_mix_of_kinds_follows_the_frame(self) -> None:
        flat = {**OFF, "post_boundary": 0.0, "post_question": -50.0}
        for social, collaboration, more in ((9.0, 0.5, "n_social_posts"), (0.5, 9.0, "n_work_posts")):
            posts = []
            for mix in (0.0, 3.0):
                simulation = Simulation(make_values(100, N_WEEKS, {**LIVELY, **flat, "post_mix": mix}), 4)
                simulation.table["frame_social"] = social
                simulation.table["frame_collaboration"] = collaboration
                simulation.run()
                posts.append(simulation.table[more].sum() / simulation.world.tally[:, :3].sum())
            assert posts[1] > 1.3 * posts[0]

    def test_an_imagined_audience_lowers_the_will_to_post_of_those_who_trust_little(self) -> None:
        without, with_it = run(), run(imagined_audience=1.0)
        loss = without.table["intention_post"] - with_it.table["intention_post"]
        has_manager = without.table["manager"] >= 0
        assert (loss[has_manager] > 0.0).all()
        np.testing.assert_array_equal(loss[~has_manager], 0.0)

    def test_skill_helps_those_who_have_it(self) -> None:
        skilled = run(ease=1.0)
        gained = skilled.table["intention"] - run().table["intention"]
        assert (np.sign(gained) == np.sign(skilled.table["skill"] + skilled.table["trained"])).all()
        assert abs(skilled.table["skill"].mean()) < 0.3
        assert 0.8 < skilled.table["skill"].std() < 1.2

    def test_what_disappoints_is_given_up(self) -> None:
        # Hardly anybody writes, so that visits bring next to nothing.
        bare = {"post_base": -7.0, "expectation": 0.9, "worth": 3.0}
        hoping, learning = run(**bare), run(**bare, worth_learning=0.3)
        assert (hoping.table["expected_work"] == 0.9).all()
        came = learning.table["days_read"] > 0
        assert (learning.table["expected_work"][came] < 0.9).all()
        assert (learning.table["expected_work"][~came] == 0.9).all()
        assert learning.table["days_read"].sum() < 0.9 * hoping.table["days_read"].sum()

    def test_talk_brings_contacts_together_and_remote_work_thins_it(self) -> None:
        quiet = {"read_base": -50.0, "word_of_mouth": 0.0, "campaign_prompt": 0.0, "forgetting": 0.0}
        quiet["message_weight"] = 0.0
        silent, talking = run(**quiet), run(**quiet, talk=1.0)
        spread = [float(np.std(frames_of(simulation)[0])) for simulation in (silent, talking)]
        assert spread[1] < 0.9 * spread[0]
        gained = frames_of(talking)[1] - frames_of(silent)[1]
        expected = N_WEEKS * (1.0 - 0.5 * talking.table["remote_share"]) * (talking.table["n_contacts"] > 0)
        np.testing.assert_allclose(gained, expected)

    def test_inclinations_go_together(self) -> None:
        people = run(n_weeks=1, inclination_correlation=0.9).table
        apart = run(n_weeks=1).table
        assert np.corrcoef(people["inclination"], people["reading_inclination"])[0, 1] > 0.8
        assert abs(np.corrcoef(apart["inclination"], apart["reading_inclination"])[0, 1]) < 0.3
        np.testing.assert_array_equal(people["inclination"], apart["inclination"])

    def test_older_tools_teach_that_tools_are_for_working_together(self) -> None:
        table = Simulation(make_values(100, 1, {**OFF, "frame_work_tools": 5.0}), 4).table
        before, tenure = Simulation(make_values(100, 1, OFF), 4).table, table["tenure"]
        gained = table["frame_collaboration"] - before["frame_collaboration"]
        assert (gained >= 0.0).all()
        assert np.corrcoef(gained, tenure / (tenure + 5.0))[0, 1] > 0.99
        np.testing.assert_array_equal(table["frame_broadcast"], before["frame_broadcast"])

    def test_remote_work_costs_newcomers_most_where_it_slows_the_growth_of_ties(self) -> None:
        c = coefficients_from({"cohesion_newcomer": 1.0})
        old, new = (casual_belonging(0.0, t, c) - casual_belonging(0.9, t, c) for t in (20.0, 1.0))
        assert 0.0 < old < new

    def test_belonging_grows_with_the_colleagues_that_one_has_read_of(self) -> None:
        without, with_it = run(), run(acquaintance=1.0)
        table = with_it.table
        met = table["acquainted"] > 0.0
        assert met.sum() > 20
        assert (table["cohesion"][met] > without.table["cohesion"][met]).all()
        assert (without.table["acquainted"] == 0.0).all()

    def test_some_write_several_posts_a_day(self) -> None:
        simulation = Simulation(make_values(100, N_WEEKS, {**LIVELY, **OFF, "post_again": 0.5}), 4)
        most = 0
        while simulation.day < simulation.n_days:
            before = total_posts(simulation.table)
            simulation.step()
            most = max(most, int((total_posts(simulation.table) - before).max()))
        assert 3 <= most <= 5
        contacts = simulation.world
        for i in range(100):  # whoever fell silent is taken off once, however many posts that day had
            around = contacts.neighbors[contacts.offsets[i] : contacts.offsets[i + 1]]
            assert simulation.table["n_active_contacts"][i] == simulation.table["visible"][around].sum()

    def test_a_reward_wears_off(self) -> None:
        lasting, fading = (
            Simulation(
                make_values(400, 16, {**LIVELY, **OFF, "post_appraisal": 2.0, **more}, leadership__appraisal=1.0), 4
            )
            for more in ({}, {"reward_floor": 0.0, "reward_half_life": 2.0})
        )
        lasting.run()
        fading.run()
        written = [simulation.world.tally[:, :2].sum(axis=1) for simulation in (fading, lasting)]
        assert written[0][0] > 0.7 * written[1][0]
        assert written[0][12:].sum() < 0.8 * written[1][12:].sum()

    def test_answers_are_harder_to_get_where_they_cost_effort_or_others_could(self) -> None:
        answered = [
            simulation.world.tally[:, 8].sum() / simulation.world.tally[:, 1].sum()
            for simulation in (run(answer_base=0.0), run(answer_base=-5.0), run(answer_base=0.0, answer_bystanders=2.0))
        ]
        assert answered[1] < 0.7 * answered[0]
        assert answered[2] < 0.7 * answered[0]

    def test_skill_follows_what_is_written(self) -> None:
        model = IntranetModel(
            load_scenario("baseline", ["organization.employees=40", "behavior.ease=1", "behavior.skill_leisure=0"]),
            rng=1,
        )
        for day in range(2):
            employee = model.employee(3 + day)
            employee.own_skill = 2.5
            assert employee.skill == 2.5
            model.step()
            assert employee.skill == 2.5

    def test_likening_to_outside_media_makes_skilled(self) -> None:
        settings = make_values(100, 1, {**OFF, "ease": 1.0, "skill_leisure": 0.3})
        skills = []
        for association in (0.0, 1.0):
            settings["launch"]["framing"].update(association=association, clarity=1.0)
            simulation = Simulation(settings, 4)
            skills.append(simulation.table["skill"].copy())
        experienced = simulation.table["leisure_experience"] > 0.0
        assert (skills[1][experienced] > skills[0][experienced]).all()
        np.testing.assert_allclose(skills[1][~experienced], skills[0][~experienced])

    def test_prompts_bring_fewer_of_those_who_think_little_of_it(self) -> None:
        bare = {"read_base": -6.0, "word_of_mouth": 0.15}
        everybody, some = run(**bare), run(**bare, prompt_push=3.0)
        assert some.table["days_read"].sum() < 0.7 * everybody.table["days_read"].sum()

    def test_what_was_lacking_for_reading_is_found_where_prompts_are_weighed(self) -> None:
        values = make_values(60, 6, {**LIVELY, "prompt_push": 1.0})
        days = [day for employee in range(6) for day in explain_week(Simulation(values, 3), employee, 5).days]
        explained = [day.reading for day in days if day.reading is not None and np.isfinite(day.reading.lacking)]
        assert len(explained) > 15
        for reading in explained:
            assert reading.did_read is bool(reading.lacking < 0.0)
