"""Compiling the rules: what the cache on disk depends on, and doing without numba."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from time_limits import PROGRAM_SECONDS

from sim.kernel import compiled as module
from sim.kernel.compiled import CORE_PARTS, HAS_NUMBA, PACKAGE, cache_folder, core_fingerprint
from sim.model.rules.numbers import logistic

ROOT = Path(__file__).parents[2]


def test_numba_is_bounded_by_the_release_after_the_tested_one() -> None:
    # Rows rest on numba's internals: a release that nobody has tried is not installed by itself (make next-numba).
    needed = re.search(r'"numba>=[\d.]+,<(\d+)\.(\d+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    locked = re.search(r"^numba==(\d+)\.(\d+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    assert needed is not None
    assert locked is not None
    assert (int(needed[1]), int(needed[2])) == (int(locked[1]), int(locked[2]) + 1)


@pytest.mark.skipif(not HAS_NUMBA or sys.platform == "win32", reason="needs compiled code that sleeps")
def test_others_go_on_while_compiled_code_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--jobs 1` a run takes the main thread; whoever says that it takes unusually long has another one."""
    sleep = ctypes.CDLL(None).usleep
    sleep.argtypes, sleep.restype = [ctypes.c_uint], ctypes.c_int
    monkeypatch.setattr(module, "cache_folder", lambda: "")
    monkeypatch.setattr(module, "FUNCTIONS", [])

    def wait(is_over: np.ndarray) -> bool:
        for _ in range(30_000):
            if is_over[0]:
                return True
            sleep(1000)
        return False

    is_over = np.zeros(1, dtype=np.bool_)
    waiting = module.TwoWays(wait)
    assert waiting(~is_over)  # compiled by now
    other = threading.Timer(0.05, lambda: is_over.__setitem__(0, True))
    other.start()
    assert waiting(is_over)
    other.join()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the source, which the fingerprint is then made from."""
    copy = tmp_path / "sim"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "PACKAGE", copy)
    return copy


def test_fingerprint_is_that_of_the_text(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_copy = core_fingerprint()
    monkeypatch.setattr(module, "PACKAGE", PACKAGE)
    assert core_fingerprint() == of_copy


@pytest.mark.parametrize(
    "file", ["model/rules/frame.py", "model/engine.py", "organization/contacts.py", "catalog/data/coefficients.csv"]
)
def test_an_edit_of_the_core_starts_a_new_cache(package: Path, file: str) -> None:
    before = core_fingerprint()
    with (package / file).open("a", encoding="utf-8") as text:
        text.write("\n# changed\n")
    assert core_fingerprint() != before


def test_an_edit_elsewhere_does_not(package: Path) -> None:
    before = core_fingerprint()
    (package / "cli.py").write_text("", encoding="utf-8")
    assert core_fingerprint() == before


def test_all_compiled_code_is_in_the_fingerprint() -> None:
    roots = [PACKAGE / part for part in CORE_PARTS]
    marks = ("@compiled", "@step", "@unit", "@inlined", "@intrinsic")
    for file in PACKAGE.rglob("*.py"):
        if any(mark in file.read_text(encoding="utf-8") for mark in marks):
            assert any(file == root or root in file.parents for root in roots), file
    assert all(root.exists() for root in roots)


@pytest.mark.skipif(not HAS_NUMBA, reason="without numba nothing is compiled")
def test_cache_folder_is_that_of_this_core() -> None:
    assert Path(cache_folder()).name == f"core-{core_fingerprint()}"
    assert Path(logistic.from_python.stats.cache_path).is_relative_to(cache_folder())


def test_without_numba_the_rules_are_plain_functions() -> None:
    code = "from sim.model.rules.numbers import logistic; print(type(logistic).__name__, logistic(0.0))"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=PROGRAM_SECONDS,
    )
    assert done.stdout.split() == ["function", "0.5"]
