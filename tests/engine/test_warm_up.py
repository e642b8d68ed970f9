"""Preparing compiled code prepares all of it: no run has anything left to compile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from time_limits import PROGRAM_SECONDS

from sim.compiled import HAS_NUMBA

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not HAS_NUMBA, reason="nothing is compiled")
def test_no_run_has_anything_left_to_compile() -> None:
    code = """
import numba
from sim import load_scenario
from sim.simulation import simulate, warm_up

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
