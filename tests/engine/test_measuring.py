"""Looking on changes nothing, and the same scenario and seed give the same bytes."""

from __future__ import annotations

import numpy as np
import pytest
from engine_runs import make_values, state_hash

from sim.model.outcomes import N_GROUPS, N_SUMS, by_name, empty_series, measure_week, sum_up
from sim.model.simulation import Simulation, simulate, warm_up


@pytest.fixture
def simulation() -> Simulation:
    """Five busy weeks of eight."""
    found = Simulation(make_values(), 4)
    found.run(until_week=5)
    return found


@pytest.mark.parametrize(
    "look",
    [
        lambda s: measure_week(s.world, s._yardsticks, s.week - 1, empty_series(s.n_weeks)),
        lambda s: s.outcomes(),
        lambda s: s.reasons(),
        lambda s: s.groups(),
        lambda s: s.draws(s.day, 5),
        lambda s: s.draws(3, 1),
        lambda s: sum_up(s.world, s.day - 1, np.zeros(N_SUMS), np.zeros((N_GROUPS, 4))),
    ],
    ids=["measure_week", "outcomes", "reasons", "groups", "draws", "earlier draws", "sum_up"],
)
def test_looking_changes_neither_state_nor_future(simulation: Simulation, look) -> None:
    untouched = Simulation(make_values(), 4)
    untouched.run()
    before = state_hash(simulation)
    look(simulation)
    assert state_hash(simulation) == before
    simulation.run()
    assert state_hash(simulation) == state_hash(untouched)
    for name, series in untouched.series.items():
        np.testing.assert_array_equal(simulation.series[name], series, err_msg=name)


def test_measuring_twice_gives_the_same(simulation: Simulation) -> None:
    again = empty_series(simulation.n_weeks)
    for name, values in by_name(again).items():
        values[: simulation.week - 1] = simulation.series[name][: simulation.week - 1]
    measure_week(simulation.world, simulation._yardsticks, simulation.week - 1, again)
    for name, values in by_name(again).items():
        np.testing.assert_array_equal(values, simulation.series[name], err_msg=name)


def test_same_seed_same_bytes_whatever_ran_before() -> None:
    first = simulate(make_values(), 9)
    simulate(make_values(50, 3), 10)
    warm_up()
    second = simulate(make_values(), 9)
    assert first.outcomes == pytest.approx(second.outcomes, rel=0.0, abs=0.0, nan_ok=True)
    assert first.groups == second.groups
    for name, series in first.series.items():
        assert series.tobytes() == second.series[name].tobytes()


def test_two_runs_side_by_side_do_not_meet() -> None:
    alone = Simulation(make_values(), 1)
    alone.run()
    one, other = Simulation(make_values(), 1), Simulation(make_values(60, 8, platform__following="approval"), 2)
    while one.day < one.n_days:
        one.step()
        other.step()
    assert state_hash(one) == state_hash(alone)


def test_other_seed_other_run() -> None:
    hashes = set()
    for seed in (0, 1, 2, 2**63 - 1):
        simulation = Simulation(make_values(), seed)
        simulation.run()
        hashes.add(state_hash(simulation))
    assert len(hashes) == 4


def test_the_scenario_is_left_as_it_was() -> None:
    changes = [{"week": 2, "set": {"launch.framing": {"social": 1.0, "collaboration": 0.0, "broadcast": 0.0}}}]
    values, copy = make_values(changes=changes), make_values(changes=changes)
    simulate(values, 1)
    assert values == copy


class TestDriving:
    """Days, weeks and the horizon."""

    def test_run_until_week(self, simulation: Simulation) -> None:
        assert (simulation.day, simulation.week) == (25, 5)
        simulation.run(until_week=5)
        assert simulation.day == 25
        simulation.run(until_week=99)
        assert simulation.day == simulation.n_days == 40

    def test_days_are_the_same_however_they_are_driven(self) -> None:
        expected = Simulation(make_values(), 4)
        expected.run()
        simulation = Simulation(make_values(), 4)
        for n_days in (1, 3, 9, 2, 5, 4):  # an advance ends with the week
            simulation.advance(n_days)
        simulation.step()
        simulation.run()
        assert state_hash(simulation) == state_hash(expected)

    def test_not_beyond_the_end(self, simulation: Simulation) -> None:
        simulation.run()
        with pytest.raises(RuntimeError, match="the run is over: it has 40 days"):
            simulation.step()

    def test_weeks_to_come_are_not_known(self, simulation: Simulation) -> None:
        assert np.isnan(simulation.series["reach"][5:]).all()
        assert not np.isnan(simulation.series["reach"][:5]).any()
