"""Preparing compiled code prepares all of it: no run has anything left to compile."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from time_limits import PROGRAM_SECONDS

from sim import load_scenario
from sim.kernel import compiled
from sim.kernel.compiled import HAS_NUMBA
from sim.model import preparing
from sim.model.preparing import arguments_of_days, days_compiled_elsewhere
from sim.model.simulation import Simulation
from sim.runs.progress import Silent, compiling_shown

if HAS_NUMBA:
    import numba

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not HAS_NUMBA, reason="nothing is compiled")
def test_no_run_has_anything_left_to_compile() -> None:
    code = """
import numba
from sim import load_scenario
from sim.model.simulation import simulate, warm_up

asked = []
prepare = numba.core.dispatcher.Dispatcher.compile
def compile(self, signature):
    asked.append(f"{self.py_func.__name__} {signature}")
    return prepare(self, signature)
numba.core.dispatcher.Dispatcher.compile = compile

warm_up()
assert asked, "the compiler was not watched"
asked.clear()
for name, changes in [
    ("baseline", "[]"), ("approval-following", "[]"), ("rules-arrive-late", "[]"), ("patient-rollout", "[]"),
    ("baseline", "[{week: 1, set: {platform.following: approval, organization.remote_share: 0.9}}]"),
]:
    settings = ["organization.employees=40", "run.weeks=4", f"changes={changes}"]
    simulate(load_scenario(name, settings).resolved(), 1)
print(asked)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=PROGRAM_SECONDS,
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


@pytest.mark.skipif(not HAS_NUMBA, reason="nothing is compiled")
def test_the_days_compiled_elsewhere_are_those_of_a_run() -> None:
    simulation = Simulation(load_scenario("baseline", ["organization.employees=40"]).resolved(), 1)
    of_a_run = (simulation.world, simulation.policy_rows, simulation.draws(0, 5), 0, 5, 0)
    assert [numba.typeof(one) for one in arguments_of_days()] == [numba.typeof(one) for one in of_a_run]


@pytest.mark.slow
@pytest.mark.skipif(not HAS_NUMBA, reason="nothing is compiled")
def test_where_nothing_is_kept_two_processes_compile_it_and_none_of_it_twice(tmp_path: Path) -> None:
    code = """
import os
os.sched_getaffinity = lambda process: {0, 1}
import numba
from sim.kernel.compiled import is_ready, watched
from sim.model.simulation import warm_up

here, told = [], []
prepare = numba.core.compiler.compile_extra
def compile_extra(context, target, function, *arguments, **more):
    here.append(function.__name__)
    return prepare(context, target, function, *arguments, **more)
numba.core.compiler.compile_extra = compile_extra
assert not is_ready()
with watched(told.append):
    warm_up()
assert is_ready()
print("announce" in here, "run_weeks" in here, "run_days" in here, "sim.model.engine.run_days" in told)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=PROGRAM_SECONDS,
    )
    assert done.stdout.split() == ["True", "True", "False", "True"], done.stdout + done.stderr


@pytest.mark.parametrize(("name", "value"), [("executable", "/no/such/program"), ("path", [])])
def test_without_a_helper_the_rest_goes_on(name: str, value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "is_ready", lambda: False)
    monkeypatch.setattr(sys, name, value)  # none starts, or one that finds no module
    done = []
    with days_compiled_elsewhere():
        done.append(True)
    assert done == [True]


def test_how_far_compiling_is_is_said_in_four_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = []

    class Watcher(Silent):
        def step(self, message: str) -> None:
            steps.append(message)

    monkeypatch.setattr(compiled, "FUNCTIONS", [f"sim.rule_{k}" for k in range(8)])
    monkeypatch.setattr(compiled, "watched", lambda hear: contextlib.nullcontext([hear(n) for n in compiled.FUNCTIONS]))
    with compiling_shown(Watcher()):
        pass
    assert steps == [
        "compiling the model, once on this machine",
        "compiled 2 of 8 functions",
        "compiled 4 of 8 functions",
        "compiled 6 of 8 functions",
    ]
