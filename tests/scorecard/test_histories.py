"""What the scorecard reads off the months of single people: looking changes nothing, and known answers come out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.evidence.scorecard.measures import (
    HISTORIES_KEY,
    HISTORY_MEASURES,
    PORTFOLIO_KEY,
    RANGES,
    SECTION,
    Months,
    coefficients,
    drawn_organization,
    of_histories,
    replies,
    run_with_history,
    simulate,
    stopping,
    use,
)
from sim.model.simulation import REPLY_ROW, Simulation
from sim.model.simulation import simulate as simulate_plain
from sim.scenario import load_scenario

BUSY = {
    "organization.employees": 120,
    "run.weeks": 34,
    "behavior.read_base": -1.5,
    "behavior.post_base": -2.5,
    "constants.reply_share": 0.6,
}
MONTH = 20


@pytest.fixture(scope="module")
def resolved() -> dict:
    return load_scenario("collaboration", BUSY).resolved()


@pytest.fixture(scope="module")
def looked_at(resolved) -> tuple[Simulation, Months]:
    simulation = Simulation(resolved, 4, keeps_replies=True)
    return simulation, run_with_history(simulation)


def test_looking_changes_nothing(resolved) -> None:
    plain = simulate_plain(resolved, 4).outcomes
    asked = simulate({**resolved, SECTION: {HISTORIES_KEY: True}}, 4).outcomes
    np.testing.assert_equal({name: asked[name] for name in plain}, plain)
    assert not any(math.isnan(asked[name]) for name in HISTORY_MEASURES)


def test_months_are_what_people_did(resolved, looked_at) -> None:
    _, months = looked_at
    assert len(months.posts) == 8  # whole months only
    simulation = Simulation(resolved, 4)
    posts, read = np.zeros_like(months.posts), np.zeros_like(months.days_read)
    names = ("n_work_posts", "n_questions", "n_social_posts")
    for day in range(8 * MONTH):
        before = simulation.table.copy()
        simulation.step()
        posts[day // MONTH] += sum(simulation.table[name] - before[name] for name in names)
        read[day // MONTH] += simulation.table["last_read"] == day
    np.testing.assert_array_equal(months.posts, posts)
    np.testing.assert_array_equal(months.days_read, read)
    np.testing.assert_array_equal(months.is_active, months.times_active > 0)


def test_least_squares_finds_what_was_put_in() -> None:
    luck = np.random.default_rng(1)
    first, second = luck.normal(size=(2, 200))
    found = coefficients(3.0 + 2.0 * first - 0.5 * second, [first, second])
    assert found == pytest.approx([2.0, -0.5])
    assert np.isnan(coefficients(first[:5], [second[:5]])).all()  # too few
    assert np.isnan(coefficients(first, [second, 2.0 * second])).all()  # nothing tells the two apart


def with_months(simulation: Simulation, **columns: np.ndarray) -> Months:
    shape = next(iter(columns.values())).shape
    zeros = np.zeros(shape, dtype=int)
    given = {"is_active": zeros > 0, "times_active": zeros, "days_read": zeros, "posts": zeros, "has_used": zeros == 0}
    return Months(**{**given, **columns})


def test_who_stops_where_contacts_are_silent_is_seen(looked_at) -> None:
    simulation, _ = looked_at
    world, n, luck = simulation.world, simulation.n_employees, np.random.default_rng(2)
    active = luck.random((12, n)) < np.linspace(0.3, 0.7, 12)[:, None]
    for month in range(11):
        contacts = [active[month, world.neighbors[world.offsets[i] : world.offsets[i + 1]]].mean() for i in range(n)]
        active[month + 1 : month + 4] &= ~(active[month] & (np.array(contacts) < np.median(contacts)))
    found = stopping(simulation, with_months(simulation, is_active=active, times_active=active.astype(int)))
    assert found["stopping_by_contacts"] < 0.0


def test_replies_by_level_and_activity_are_found(looked_at) -> None:
    simulation, _ = looked_at
    n, level = simulation.n_employees, simulation.table["level"]
    posts = np.tile(1 + np.arange(n) % 4, (6, 1))
    expected = np.maximum(1, (posts[0] * (2 + 3 * level))).astype(int)  # so many replies in each month
    rows = [(20 * month, i, 0, 0) for month in range(6) for i in range(n) for _ in range(expected[i])]
    stand_in = Stand(simulation.table, np.array([*rows, (0, 0, 1, 2)], dtype=REPLY_ROW))
    found = replies(stand_in, with_months(simulation, posts=posts))
    a_post = 2 + 3 * level
    mean = np.average(a_post, weights=posts[0])
    assert found["replies_by_level"] == pytest.approx(3.0 / mean)  # the reaction at the end is no reply in words
    assert found["replies_by_level_first"] == pytest.approx(found["replies_by_level_last"])
    assert found["replies_by_activity"] == pytest.approx(0.0, abs=1e-9)


class Stand:
    """As much of a simulation as `replies` asks for."""

    def __init__(self, table, kept) -> None:
        self.table, self._kept = table, kept

    def replies(self) -> np.ndarray:
        return self._kept


def test_use_that_follows_the_own_reports_is_found(looked_at) -> None:
    simulation, _ = looked_at
    manager, n, luck = np.asarray(simulation.table["manager"]), simulation.n_employees, np.random.default_rng(3)
    read = [luck.integers(0, 20, n).astype(float)]
    for _ in range(11):
        own = read[-1]
        reports = np.array([own[manager == i].mean() if (manager == i).any() else 0.0 for i in range(n)])
        read.append(luck.integers(0, 10, n) + 0.5 * reports)
    found = use(simulation, with_months(simulation, days_read=np.array(read)))
    assert found["use_by_subordinates"] == pytest.approx(0.5, abs=0.15)
    assert abs(found["use_by_superior"]) < 0.1


def test_a_short_run_has_no_histories(resolved) -> None:
    short = {**resolved, "run": {**resolved["run"], "weeks": 3}}
    simulation = Simulation(short, 4, keeps_replies=True)
    assert all(math.isnan(value) for value in of_histories(simulation, run_with_history(simulation)).values())
    assert simulation.day == 15


def test_every_organization_of_the_portfolio_is_another(resolved) -> None:
    drawn = [drawn_organization(resolved, seed) for seed in range(40)]
    assert drawn[0] == drawn_organization(resolved, 0)
    assert len({one["organization"]["trust"] for one in drawn}) == 40
    assert {one["platform"]["following"] for one in drawn} == {"open", "approval"}
    assert len({one["launch"]["framing"]["social"] for one in drawn}) > 2
    for path, (low, high) in RANGES.items():
        for one in drawn:
            value = one
            for name in path.split("."):
                value = value[name]
            assert low <= value <= high
    asked = {**resolved, SECTION: {PORTFOLIO_KEY: True}}
    np.testing.assert_equal(simulate(asked, 7).outcomes, simulate(drawn_organization(resolved, 7), 7).outcomes)
