"""What the scorecard measures beyond the outcomes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.evidence.scorecard.measures import EXPERIENCE_KEY, HISTORY_MEASURES, MEASURES, SECTION, after, before, simulate
from sim.model.rules.remembering import casual_belonging
from sim.model.simulation import Simulation
from sim.model.simulation import simulate as simulate_plain
from sim.model.state import ITEMS
from sim.scenario import load_scenario


@pytest.fixture(scope="module")
def resolved() -> dict:
    settings = {"organization.employees": 150, "run.weeks": 14, "behavior.post_base": -3.0}
    return load_scenario("baseline", settings).resolved()


@pytest.fixture(scope="module")
def measured(resolved) -> dict[str, float]:
    return simulate(resolved, 3).outcomes


def test_measuring_changes_nothing(resolved, measured) -> None:
    for name, value in simulate_plain(resolved, 3).outcomes.items():
        assert measured[name] == value or (math.isnan(value) and math.isnan(measured[name]))


def test_all_measures_are_there(measured) -> None:
    assert set(MEASURES) <= set(measured)
    of_later_weeks = {f"posts_in_month_{n}" for n in (30, 52, 70)}
    assert {name for name in MEASURES if math.isnan(measured[name])} == {*of_later_weeks, *HISTORY_MEASURES}


def test_measures_by_hand(resolved, measured) -> None:
    simulation = Simulation(resolved, 3)
    table = simulation.table
    young = table["age"] < 25
    social = np.array([row["frame_social"] / sum(row[f"frame_{name}"] for name in KINDS) for row in table])
    assert measured["social_frame_gap"] == pytest.approx(social[young].mean() - social[~young].mean())
    experience = table["leisure_experience"]
    assert measured["experience_gap"] == pytest.approx(experience[young].mean() - experience[~young].mean())
    from scipy.stats import spearmanr

    assert measured["intention_by_experience"] == pytest.approx(spearmanr(experience, table["intention"]).statistic)
    world = simulation.world
    elsewhere = [
        table["department"][i] != table["department"][j]
        for i in range(150)
        for j in world.neighbors[world.offsets[i] : world.offsets[i + 1]]
    ]
    assert measured["contacts_elsewhere"] == pytest.approx(np.sum(elsewhere) / 150)
    grown = [
        casual_belonging(remote, tenure + 1.0, world.c) - casual_belonging(remote, tenure, world.c)
        for remote, tenure in zip(table["remote_share"], table["tenure"], strict=True)
    ]
    for name, group in (("newcomers", table["tenure"] < 1.0), ("others", table["tenure"] >= 1.0)):
        assert measured[f"tie_growth_{name}"] == pytest.approx(np.array(grown)[group].mean())
    remote = table["remote_share"] > 0
    cohesion, knows = table["cohesion"][remote].mean(), np.mean([bin(k).count("1") / 3 for k in table["knows"]])
    simulation.run()
    posted = table["last_post"] > simulation.day - 1 - 20
    assert measured["young_posters"] == pytest.approx(posted[young].mean())
    assert measured["cohesion_gained"] == pytest.approx(table["cohesion"][remote].mean() - cohesion)
    assert measured["experts_gained"] == pytest.approx(np.mean([bin(k).count("1") / 3 for k in table["knows"]]) - knows)
    assert measured["items_a_day"] == pytest.approx(world.tally[:, ITEMS].sum() / table["days_read"].sum())
    assert measured["early_readers"] == simulation.series["weekly_readers"][:13].max()
    staff = np.flatnonzero(table["level"] == 0)
    by_trust = staff[np.argsort(table["trust"][staff], kind="stable")]
    third = len(staff) // 3
    assert measured["low_trust_posters"] == pytest.approx(posted[by_trust[:third]].mean(), abs=0.03)
    assert measured["high_trust_posters"] == pytest.approx(posted[by_trust[-third:]].mean(), abs=0.03)


def test_measures_of_weeks_by_hand(resolved) -> None:
    simulation = Simulation({**resolved, "run": {**resolved["run"], "weeks": 54}}, 3)
    start = before(simulation)
    simulation.run()
    found, series = after(simulation, start["_cohesion"], start["_experts"]), simulation.series
    posts = series["posts_per_employee_month"]
    assert (found["posts_in_month_30"], found["posts_in_month_52"]) == (posts[29], posts[51])
    assert math.isnan(found["posts_in_month_70"])  # the run has not that many weeks
    assert found["early_cohesion"] == series["cohesion"][12]
    assert found["early_congruence"] == series["frame_congruence"][12]
    posters, readers = (series[name][50:54].mean() for name in ("monthly_posters", "monthly_readers"))
    assert found["posters_per_reader"] == pytest.approx(posters / readers)
    assert found["readers_kept"] == pytest.approx(series["monthly_readers"][-1] / series["reach"][-1])
    week = max(range(54), key=lambda number: (series["weekly_active"][number], -number))
    assert found["adopted_at_peak"] == pytest.approx(series["adoption"][week] / series["adoption"][-1])
    share = [series["work_share"][number] if posts[number] else 0.0 for number in range(50, 54)]
    assert found["work_posts"] == pytest.approx(np.mean(posts[50:54] * share))
    assert found["work_posts"] > 0.0


KINDS = ("social", "collaboration", "broadcast")


def test_spread_within_teams(resolved) -> None:
    simulation = Simulation(resolved, 3)
    start = before(simulation)
    table = simulation.table
    squares, n = 0.0, 0
    for team in np.unique(table["team"]):
        members = np.flatnonzero(table["team"] == team)
        if len(members) < 3:
            continue
        counts = np.array([table[f"frame_{kind}"][members] for kind in KINDS])
        shares = counts / counts.sum(axis=0)
        squares += ((shares - shares.mean(axis=1, keepdims=True)) ** 2).sum()
        n += len(members)
    simulation.day = 1  # as if a day had ended
    assert after(simulation, start["_cohesion"], start["_experts"])["team_spread"] == pytest.approx(
        math.sqrt(squares / n)
    )


def test_only_experience_is_that_of_another_profile(resolved) -> None:
    other = {**resolved, SECTION: {EXPERIENCE_KEY: "us-2021"}}
    plain, given = simulate(resolved, 3).outcomes, simulate(other, 3).outcomes
    assert given["experience_gap"] < plain["experience_gap"]
    assert given["contacts_elsewhere"] == plain["contacts_elsewhere"]
    same = simulate({**resolved, SECTION: {EXPERIENCE_KEY: "nl-2014"}}, 3).outcomes
    np.testing.assert_equal(same, plain)


def test_a_measure_without_anybody_is_missing_and_says_why(resolved) -> None:
    few = {**resolved, "organization": {**resolved["organization"], "employees": 2}}
    result = simulate(few, 3)
    missing = [name for name in MEASURES if math.isnan(result.outcomes[name])]
    assert missing
    assert all(result.reasons[name] for name in missing)
