"""Outcomes equal a recount from each post and each row; conservation; what is undefined says why."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
from engine_runs import make_values
from recount import Recount

from sim.model.outcomes import OUTCOME_NAMES, OUTCOMES
from sim.model.simulation import Simulation, simulate
from sim.model.state import (
    ANSWERED_QUESTIONS,
    ANSWERS,
    CROSS_ITEMS,
    DAYS_TO_ANSWER,
    ITEMS,
    N_POSTS,
    POSTED_QUESTION,
    POSTED_SOCIAL,
    POSTED_WORK,
    REACTIONS,
    REPLIED_POSTS,
    REPLIES,
)

CASES = {
    "busy": {},
    "quiet": {"behavior": {"read_base": -4.0, "post_base": -4.0, "respond_base": -4.0}},
    "waves and approval": {
        "platform__following": "approval",
        "launch__waves": {"pilot": [0], "every_weeks": 1},
        "changes": [{"week": 5, "set": {"platform.following": "open"}}],
    },
    "short lives, few topics": {
        "constants": {"item_lifetime": 2.0, "attention": 3.0, "visible_days": 4.0},
        "platform__communities": 2,
        "platform__feed_length": 3,
    },
    "us workforce, work only": {
        "organization__workforce": "us-2021",
        "rules__work_only": True,
        "rules__moderation": True,
    },
}
SETTLED = ("reply_rate", "answer_rate")
COURSE = ("weeks_to_critical_mass", "peak_week", "alive")


@functools.cache
def recounted(case: str) -> Recount:
    """Return a finished recount of one case."""
    recount = Recount(Simulation(make_values(90, 9, **CASES[case]), 5))
    recount.run()
    return recount


@pytest.mark.parametrize("case", CASES)
def test_series_equal_a_recount(case: str) -> None:
    recount = recounted(case)
    found = recount.simulation.series
    assert set(found) == set(OUTCOME_NAMES) == {*recount.series, *SETTLED, *COURSE}
    for name, expected in recount.series.items():
        np.testing.assert_allclose(found[name], expected, rtol=1e-10, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("case", CASES)
def test_rates_are_given_once_they_are_settled(case: str) -> None:
    recount = recounted(case)
    lifetime = int(recount.simulation.world.c.item_lifetime)
    for week in range(9):
        found = [recount.simulation.series[name][week] for name in SETTLED]
        # The last day of the week is day 5 w + 4; its posts are read for a lifetime more.
        if week * 5 + 4 + lifetime <= recount.simulation.day - 1:
            np.testing.assert_allclose(found, recount.settled(week))
        else:
            assert np.isnan(found).all()


@pytest.mark.parametrize("case", CASES)
def test_course(case: str) -> None:
    simulation = recounted(case).simulation
    posters, critical = simulation.series["weekly_posters"], simulation.resolved["run"]["critical_share"]
    for week in range(9):
        so_far = posters[: week + 1]
        reached = np.flatnonzero(so_far >= critical)
        expected = reached[0] + 1.0 if len(reached) else math.nan
        np.testing.assert_equal(simulation.series["weeks_to_critical_mass"][week], expected)
        peak = np.flatnonzero(so_far == so_far.max())[0] + 1.0 if so_far.max() > 0.0 else math.nan
        np.testing.assert_equal(simulation.series["peak_week"][week], peak)
        assert simulation.series["alive"][week] == float((so_far[-4:] >= critical).all())


@pytest.mark.parametrize("case", CASES)
def test_runs_sum_up_the_last_weeks(case: str) -> None:
    simulation = recounted(case).simulation
    outcomes = simulation.outcomes()
    assert list(outcomes) == list(OUTCOME_NAMES)
    for outcome in OUTCOMES:
        series = simulation.series[outcome.name]
        if outcome.over_run == "last":
            expected = series[-1]
        else:
            weeks_to_settle = math.ceil(int(simulation.world.c.item_lifetime) / 5)
            settled = series[: len(series) - weeks_to_settle] if outcome.name in SETTLED else series
            last = settled[-4:]
            expected = last[~np.isnan(last)].mean() if (~np.isnan(last)).any() else math.nan
        np.testing.assert_allclose(outcomes[outcome.name], expected, err_msg=outcome.name)
        assert math.isnan(expected) or outcome.low <= expected <= outcome.high, outcome.name


@pytest.mark.parametrize("case", CASES)
def test_conservation(case: str) -> None:
    recount = recounted(case)
    world, table = recount.simulation.world, recount.simulation.table
    total = world.tally.sum(axis=0)
    assert total[POSTED_WORK] == table["n_work_posts"].sum()
    assert total[POSTED_QUESTION] == table["n_questions"].sum()
    assert total[POSTED_SOCIAL] == table["n_social_posts"].sum()
    assert total[[POSTED_WORK, POSTED_QUESTION, POSTED_SOCIAL]].sum() == world.counts[N_POSTS] == len(recount.posts)
    assert total[REPLIES] == table["n_replies"].sum() == sum(post["n_replies"] for post in recount.posts.values())
    assert total[REACTIONS] == table["n_reactions"].sum()
    assert total[ITEMS] == len(recount.items)
    assert total[CROSS_ITEMS] == sum(other for _, other in recount.items)
    assert total[REPLIED_POSTS] == sum(post["n_replies"] > 0 for post in recount.posts.values())
    answered = [post for post in recount.posts.values() if post["answered"] >= 0]
    assert all(post["kind"] == POSTED_QUESTION for post in answered)
    assert total[ANSWERS] == total[ANSWERED_QUESTIONS] == len(answered)
    assert total[DAYS_TO_ANSWER] == sum(post["answered"] - post["day"] for post in answered)
    assert (table["received_replies"] == 0).all()
    if case == "busy":
        assert (total > 0).all()


def test_frames_are_positive_and_shares_stay_shares() -> None:
    for case in CASES:
        simulation = recounted(case).simulation
        for name in ("habit", "contact_activity", "feedback", "cohesion", "casual", "resistance"):
            assert simulation.table[name].min() >= 0.0
            assert simulation.table[name].max() <= 1.0
        for name in ("frame_social", "frame_collaboration", "frame_broadcast"):
            assert simulation.table[name].min() > 0.0
        for name in ("unread_work", "unread_question", "unread_social", "unread_news"):
            assert simulation.table[name].min() >= 0.0
        assert np.isfinite(simulation.world.knowledge).all()
        assert (simulation.table["n_active_contacts"] <= simulation.table["n_contacts"]).all()


class TestUndefined:
    """What cannot be known is NaN, never 0, with the reason."""

    silent = functools.cached_property(
        lambda self: simulate(
            make_values(60, 4, dict.fromkeys(("read_base", "post_base"), -50.0), launch__campaign__reach=0.0), 1
        )
    )

    def test_nobody_reads(self) -> None:
        result = self.silent
        undefined = {name for name, value in result.outcomes.items() if math.isnan(value)}
        assert undefined == {
            "work_share", "reply_rate", "answer_rate", "days_to_answer", "top5_share", "repeat_writers", "gini",
            "experience_gradient", "reading_gradient", "intention_use_correlation", "stationarity",
            "cross_department_share", "cross_department_authors", "weeks_to_critical_mass", "peak_week", "persistence",
        }  # fmt: skip
        assert result.outcomes["adoption"] == 0.0
        assert result.outcomes["alive"] == 0.0

    def test_every_undefined_outcome_has_its_reason_and_no_other(self) -> None:
        for result in (self.silent, simulate(make_values(60, 6), 1), simulate(make_values(1, 1), 1)):
            undefined = {name for name, value in result.outcomes.items() if math.isnan(value)}
            assert set(result.reasons) == undefined
            assert all(result.reasons.values())

    def test_outcomes_that_can_be_undefined_say_so_in_the_table(self) -> None:
        undefined = set(self.silent.reasons) | set(simulate(make_values(1, 1), 1).reasons)
        assert undefined <= {outcome.name for outcome in OUTCOMES if outcome.when_undefined}

    def test_before_the_first_week_nothing_is_known(self) -> None:
        simulation = Simulation(make_values(30, 2), 1)
        simulation.step()
        assert all(math.isnan(value) for value in simulation.outcomes().values())
        assert set(simulation.reasons()) == set(OUTCOME_NAMES)

    def test_groups_that_are_empty(self) -> None:
        simulation = Simulation(make_values(40, 4), 1)
        simulation.table["age"] = 40.0
        simulation.table["tenure"] = 3.0
        simulation.table["remote_share"] = 0.0
        simulation.run()
        reasons = simulation.reasons()
        assert {"age_gap", "age_gap_readers", "cohesion_newcomers", "cohesion_remote"} <= set(reasons)
        assert "age groups" not in reasons["cohesion_remote"]

    def test_one_employee_and_one_week(self) -> None:
        result = simulate(make_values(1, 1), 1)
        assert result.outcomes["reach"] in (0.0, 1.0)
        assert len(result.series["reach"]) == 1
        assert len(result.groups) == 6
