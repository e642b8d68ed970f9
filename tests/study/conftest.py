"""Shared by the tests of studies: scenario files, and the command line in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fakes
import pytest

PROGRAM = Path(__file__).with_name("program.py")


@pytest.fixture(autouse=True)
def _one_code_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give all processes of a test one version of the code, also while someone edits it."""
    monkeypatch.setattr("sim.study.plan.code_version", lambda: fakes.CODE_VERSION)


@pytest.fixture
def scenario_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with scenarios ``a`` and ``b`` the current one, and return it."""
    (tmp_path / "a.yaml").write_text("name: a\nrun: {weeks: 4, replications: 4}\nrules: {restriction: 0.0}\n")
    (tmp_path / "b.yaml").write_text("name: b\nrun: {weeks: 4, replications: 4}\nrules: {restriction: 0.5}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def start() -> Any:
    """Return a function that starts the command line with a fake; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start_program(fake: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "error", str(PROGRAM), fake, *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start_program
    for process in started:
        process.kill()
        process.communicate()


Start = Callable[..., "subprocess.Popen[str]"]
