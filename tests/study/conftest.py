"""Shared by the tests of studies: scenario files, and the command line in a process of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fakes
import pytest
from folders_tried import FOLDERS_TRIED
from time_limits import SOON_SECONDS

from sim.runs.records import Journal

PROGRAM = Path(__file__).with_name("program.py")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many damaged folders the tests tried."""
    # A test says so when all of it is done: the report of that is of no kind that has a name.
    reports = [report for kind in terminalreporter.stats.values() for report in kind]
    done = [report for report in reports if getattr(report, "when", "") == "teardown"]
    n = sum(value for report in done for name, value in report.user_properties if name == FOLDERS_TRIED)
    if n:
        terminalreporter.write_line(f"{FOLDERS_TRIED}: {n}")


@pytest.fixture(autouse=True)
def _one_code_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give all processes of a test one version of the code, also while someone edits it."""
    monkeypatch.setattr("sim.runs.plan.code_version", lambda: fakes.CODE_VERSION)


@pytest.fixture
def scenario_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with scenarios ``a`` and ``b`` the current one, and return it."""
    (tmp_path / "a.yaml").write_text("name: a\nrun: {weeks: 4, replications: 4}\nrules: {restriction: 0.0}\n")
    (tmp_path / "b.yaml").write_text("name: b\nrun: {weeks: 4, replications: 4}\nrules: {restriction: 0.5}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


EXPERIMENT = """\
name: small
base: [a.yaml, b.yaml]
design: grid
levers:
  rules.restriction: [0.0, 0.5]
  rollout:
    big_bang: {launch.waves: all_at_once}
    patient: {launch.waves: {pilot: [0], every_weeks: 1}}
uncertainties:
  organization.trust: {low: 0.3, high: 0.8}
samples: 5
replications: 3
outcomes: [monthly_posters, alive]
quick: {samples: 2, replications: 1}
"""


@pytest.fixture
def experiment_file(scenario_files: Path) -> Path:
    """Write an experiment of 20 points, 2 scenarios and 120 runs into the current folder."""
    file = scenario_files / "small.yaml"
    file.write_text(EXPERIMENT)
    return file


def wait_until(condition: Callable[[], bool], seconds: float = SOON_SECONDS) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def fill_up(disk: Path) -> None:
    """Leave no room on a disk."""
    with open(disk / "filler", "wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x" * 4096)


def n_kept(folder: Path) -> int:
    """Return how many runs a study has kept, of which the tables are not yet made."""
    return len({record.run_id for record in Journal(folder / ".finished-runs" / "journal").records()})


@pytest.fixture
def start() -> Any:
    """Return a function that starts the command line with a fake; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start_program(fake: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "error", str(PROGRAM), fake, *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen(command, **pipes, text=True, env={**os.environ, **environment})
        started.append(process)
        return process

    yield start_program
    for process in started:
        process.kill()
        process.communicate(timeout=SOON_SECONDS)


Start = Callable[..., "subprocess.Popen[str]"]
