"""Compiled and plain rules give the same bits at both ends of every range, and numbers that are numbers."""

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
from range_ends import NEED_A_FILE, NOT_IN_A_RUN, SEED, SEEDS, TOGETHER, cases, ends_of
from run_plain import run_engine
from time_limits import PROGRAM_SECONDS

from sim.catalog.registry import PARAMETERS

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]

Results = Mapping[int, Mapping[str, Mapping[str, Any]]]
PLANS: dict[int, tuple[str, ...]] = {
    SEED: tuple(cases()),
    **dict.fromkeys(SEEDS, ("organization.trust=0.0",)),
}


def scenarios_of(seed: int) -> dict[str, dict[str, Any]]:
    """Return the cases that are run with a seed."""
    return {name: resolved for name, resolved in cases().items() if name in PLANS[seed]}


@pytest.fixture(scope="module")
def compiled() -> Results:
    """Every case by the compiled rules."""
    return {seed: {name: run_engine(resolved, seed) for name, resolved in scenarios_of(seed).items()} for seed in PLANS}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Every case by the same rules as plain Python."""
    folder = tmp_path_factory.mktemp("plain")
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(REPOSITORY)}
    found = {}
    for seed in PLANS:
        source, target = folder / f"{seed}.pickle", folder / f"{seed}.found"
        source.write_bytes(pickle.dumps((scenarios_of(seed), seed)))
        done = subprocess.run(
            [sys.executable, HERE / "run_plain.py", "engine", source, target],
            env=environment, capture_output=True, text=True, check=False, timeout=PROGRAM_SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found[seed] = pickle.loads(target.read_bytes())
    return found


def test_every_key_that_enters_a_run_is_at_both_ends() -> None:
    for entry in PARAMETERS:
        if entry.path in NEED_A_FILE:
            continue
        n_ends = sum(name.startswith(f"{entry.path}=") for name in PLANS[SEED])
        assert n_ends == len(ends_of(entry))
        assert n_ends >= 2 or entry.path in (*NOT_IN_A_RUN, "launch.waves"), entry.path
    assert set(TOGETHER) <= set(PLANS[SEED])


@pytest.mark.parametrize(("seed", "case"), [(seed, name) for seed, names in PLANS.items() for name in names])
def test_compiled_and_plain_rules_agree_at_the_ends(compiled: Results, plain: Results, seed: int, case: str) -> None:
    found, expected = compiled[seed][case], plain[seed][case]
    assert "error" not in expected, expected["error"]
    for part in ("state", "series"):
        assert found[part].keys() == expected[part].keys()
        for name, value in expected[part].items():
            here = found[part][name]
            is_same = here.tobytes() == value.tobytes() if isinstance(value, np.ndarray) else here == value
            assert is_same, f"{part} {name}: {here} is not {value}"


@pytest.mark.parametrize(("seed", "case"), [(seed, name) for seed, names in PLANS.items() for name in names])
def test_the_state_holds_numbers_at_the_ends(compiled: Results, seed: int, case: str) -> None:
    for name, value in compiled[seed][case]["state"].items():
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            assert np.isfinite(value).all(), f"{name} is no number for {np.count_nonzero(~np.isfinite(value))}"
