"""A test that hangs fails under its own name, and the ones after it are done."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from time_limits import PROGRAM_SECONDS, SLOW_TEST_SECONDS

ROOT = Path(__file__).parents[1]
HANGS = """
import subprocess, sys
import pytest

@pytest.fixture
def silent():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()

def test_that_hangs(silent):
    silent.stdout.readline()

def test_after_it():
    pass
"""

# As compiled code does, it holds the interpreter, and no signal reaches the test.
HOLDS = """
import collections, itertools

def test_that_holds_everything():
    collections.deque(itertools.repeat(None), maxlen=0)
"""


def test_a_hang_is_a_failure_with_a_name(tmp_path: Path) -> None:
    (tmp_path / "test_hangs.py").write_text(HANGS)
    command = [sys.executable, "-m", "pytest", "-q", "-c", ROOT / "pyproject.toml", "--rootdir", tmp_path]
    done = subprocess.run(
        [*command, "-o", "timeout=1", "-p", "no:cacheprovider", "-p", "no:xdist", tmp_path],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PROGRAM_SECONDS,
    )  # fmt: skip
    assert "FAILED test_hangs.py::test_that_hangs - Failed: Timeout" in done.stdout, done.stdout + done.stderr
    assert "1 failed, 1 passed" in done.stdout


def test_a_hang_that_no_signal_reaches_ends_with_the_stack_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "test_holds.py").write_text(HOLDS)
    command = [sys.executable, "-m", "pytest", "-q", "-c", ROOT / "pyproject.toml", "--rootdir", tmp_path]
    limits = ["-o", "timeout=1", "-o", "faulthandler_timeout=2"]
    done = subprocess.run(
        [*command, *limits, "-p", "no:cacheprovider", "-p", "no:xdist", tmp_path],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PROGRAM_SECONDS,
    )  # fmt: skip
    assert done.returncode not in (0, 5)
    assert "in test_that_holds_everything" in done.stderr, done.stdout + done.stderr


def test_every_test_has_a_limit(request: pytest.FixtureRequest) -> None:
    """No test here has to end within it by its speed; each has to end."""
    assert 0 < PROGRAM_SECONDS < float(request.config.getini("timeout")) < SLOW_TEST_SECONDS
    assert float(request.config.getini("faulthandler_timeout")) > SLOW_TEST_SECONDS


@pytest.mark.slow
def test_slow_ones_have_longer(request: pytest.FixtureRequest) -> None:
    limit = request.node.get_closest_marker("timeout")
    assert limit is not None
    assert limit.args == (SLOW_TEST_SECONDS,)


def test_what_is_typed_as_a_program_finds_what_the_tests_share() -> None:
    """The script that CI runs before any test has no `tests` on its path unless it puts it there."""
    script = ROOT / "tests" / "page" / "parts.py"
    run = f"import runpy, subprocess; subprocess.run = None; runpy.run_path({str(script)!r}, run_name='__main__')"
    told = subprocess.run(
        [sys.executable, "-c", run], check=False, cwd=ROOT, capture_output=True, text=True, timeout=PROGRAM_SECONDS
    )  # fmt: skip
    assert "ModuleNotFoundError" not in told.stderr


def test_no_test_waits_for_a_program_without_a_limit() -> None:
    without = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in sorted((ROOT / "tests").glob("*/*.py"))
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if ast.unparse(call.func) == "subprocess.run" or call.func.attr == "communicate"
        if "timeout" not in [keyword.arg for keyword in call.keywords]
    ]
    assert without == []
