"""The engine gives the numbers of the plain Mesa model, to the last bit, and so it does uncompiled.

The plain model (`benchmarks.plain_mesa`) says in objects, lists and loops what the engine does in arrays; both call the
same rules. It runs in a process of its own, where the rules are plain Python.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reference_scenarios import CASES, N_WEEKS, SEED, resolved_cases
from time_limits import PROGRAM_SECONDS

from benchmarks.plain_state import LAYOUT, REQUESTS, engine_state
from sim.model.simulation import Simulation
from sim.model.state import N_POSTS, PERSON, POST, Policy, policies_by_week

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PLAIN_RUNS = ("reference", "engine")

Results = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def simulations() -> dict[str, Simulation]:
    """Every case after 60 days, compiled."""
    done = {}
    for name, resolved in resolved_cases().items():
        done[name] = Simulation(resolved, SEED)
        done[name].run()
    return done


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Results]:
    """Every case after 60 days, by the plain model and by the engine uncompiled."""
    folder = tmp_path_factory.mktemp("plain")
    source = folder / "cases.pickle"
    source.write_bytes(pickle.dumps((resolved_cases(), SEED)))
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(REPOSITORY)}
    processes = [
        subprocess.Popen(
            [sys.executable, HERE / "run_plain.py", which, source, folder / which],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for which in PLAIN_RUNS
    ]
    messages = [process.communicate(timeout=PROGRAM_SECONDS)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], "\n".join(messages)
    return {which: pickle.loads((folder / which).read_bytes()) for which in PLAIN_RUNS}


def has_requests(simulation: Simulation) -> bool:
    """Return whether contact requests play a part: on a platform open throughout, the engine leaves them out."""
    return any(not policy.is_open for policy in simulation.policies)


def assert_same(found: Any, expected: Any, name: str) -> None:
    """Fail unless both are the same to the last bit."""
    if not isinstance(expected, np.ndarray):
        assert found == expected, name
        return
    assert (found.dtype, found.shape) == (expected.dtype, expected.shape), name
    if found.tobytes() != expected.tobytes():
        places = [int(place) for place in np.flatnonzero(found != expected)]
        assert found[places].tolist() == expected[places].tolist(), f"{name}, at {places}"
        assert found.tobytes() == expected.tobytes(), f"{name}: a zero has another sign"


@pytest.mark.parametrize("case", CASES)
def test_engine_and_reference_agree_to_the_last_bit(
    case: str, simulations: dict[str, Simulation], plain: dict[str, Results]
) -> None:
    engine, reference = engine_state(simulations[case]), plain["reference"][case]["state"]
    assert engine.keys() == reference.keys()
    n_kept = len(engine["post.author"])
    compared = reference.keys() if has_requests(simulations[case]) else reference.keys() - REQUESTS
    for name in compared:
        expected = reference[name]
        # The engine keeps as many posts as somebody may still ask for.
        assert_same(engine[name], expected[-n_kept:] if name.startswith("post.") else expected, name)


def test_all_columns_are_compared(plain: dict[str, Results]) -> None:
    compared = set(plain["reference"]["defaults"]["state"])
    assert {f"person.{name}" for name, _ in PERSON if name not in LAYOUT} <= compared
    assert {f"post.{name}" for name, _ in POST} <= compared


@pytest.mark.parametrize("case", CASES)
def test_weekly_outcomes_are_as_defined(
    case: str, simulations: dict[str, Simulation], plain: dict[str, Results]
) -> None:
    # Computed from sorted lists there and from histograms here, so equal but for rounding.
    expected = plain["reference"][case]["series"]
    assert simulations[case].series.keys() == expected.keys()
    for name, values in simulations[case].series.items():
        np.testing.assert_allclose(values, expected[name], rtol=1e-11, atol=1e-12, equal_nan=True, err_msg=name)


@pytest.mark.parametrize("case", CASES)
def test_uncompiled_engine_gives_the_same_bytes(
    case: str, simulations: dict[str, Simulation], plain: dict[str, Results]
) -> None:
    compiled, uncompiled = simulations[case], plain["engine"][case]
    for name, expected in engine_state(compiled).items():
        assert_same(uncompiled["state"][name], expected, name)
    for name, values in compiled.series.items():
        assert uncompiled["series"][name].tobytes() == values.tobytes(), name


def test_days_one_by_one_are_weeks_at_once(simulations: dict[str, Simulation]) -> None:
    for name, resolved in resolved_cases().items():
        simulation = Simulation(resolved, SEED)
        for _ in range(simulation.n_days):
            simulation.step()
        expected = engine_state(simulations[name])
        for column, found in engine_state(simulation).items():
            assert_same(found, expected[column], f"{name}: {column}")


class TestCasesUseEveryRule:
    """What the cases are there for does happen in them."""

    def test_every_lever_moves(self) -> None:
        policies = [policy for resolved in resolved_cases().values() for policy in policies_by_week(resolved)]
        for lever in Policy._fields:
            assert len({getattr(policy, lever) for policy in policies}) > 1, lever

    def test_everything_is_done(self, simulations: dict[str, Simulation]) -> None:
        done = sum(simulation.world.tally.sum(axis=0) for simulation in simulations.values())
        assert (done > 100).all(), done

    def test_each_kind_of_champion_is_chosen(self) -> None:
        chosen = {resolved["launch"]["champions"]["choose"] for resolved in resolved_cases().values()}
        assert chosen == {"random", "central", "managers", "youngest", "experienced"}

    def test_feeds_and_walls_overflow(self, simulations: dict[str, Simulation]) -> None:
        full, more = 0, 0
        for simulation in simulations.values():
            full += int((simulation.table["feed_count"] == simulation.world.feed.shape[1]).sum())
            more += int((simulation.world.n_wall > simulation.world.wall.shape[1]).sum())
        assert full > 100
        assert more > 10

    def test_places_of_posts_are_used_again(self, simulations: dict[str, Simulation]) -> None:
        assert any(s.world.counts[N_POSTS] > len(s.world.posts) for s in simulations.values())

    def test_following_reaches_its_limit(self, simulations: dict[str, Simulation]) -> None:
        table = simulations["few to follow, with approval"].table
        assert (table["n_followed"] == 3).sum() > 20
        assert simulations["nobody to follow, increasing returns, news every hour"].world.followed.shape[1] == 0

    def test_some_requests_are_turned_down(self, simulations: dict[str, Simulation]) -> None:
        asked = [simulation for simulation in simulations.values() if has_requests(simulation)]
        assert len(asked) >= 3
        for simulation in asked:
            assert 0.1 < simulation.world.accepted.mean() < 0.9

    def test_waves_let_people_in_late(self, simulations: dict[str, Simulation]) -> None:
        days = simulations["everything changes on the way"].table["access_day"]
        assert len(np.unique(days)) > 3

    def test_people_fall_silent(self, simulations: dict[str, Simulation]) -> None:
        some_are_silent = []
        for simulation in simulations.values():
            posted = simulation.table["last_post"] >= 0
            some_are_silent.append(0 < simulation.table["visible"][posted].sum() < posted.sum())
        assert any(some_are_silent)

    def test_days_are_sixty(self) -> None:
        assert N_WEEKS * 5 == 60
