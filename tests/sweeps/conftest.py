"""Shared by the tests of sweeps: an experiment, and the command line with a stand-in for the simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sweep_fakes
from sweep_fakes import Command

from sim.__main__ import main
from sim.runs import worker

EXPERIMENT = """
name: small
base: base.yaml
design: grid
levers:
  rules.restriction: [0.0, 0.5, 1.0]
  pace:
    slow: {launch.campaign.weeks: 8}
    fast: {launch.campaign.weeks: 2}
uncertainties:
  organization.trust: {low: 0.3, high: 0.8}
samples: 12
replications: 2
outcomes: [monthly_posters, alive, answer_rate, work_share]
"""


@pytest.fixture(autouse=True)
def _one_code_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give all commands of a test one version of the code, also while someone edits it."""
    monkeypatch.setattr("sim.runs.plan.code_version", lambda: "test")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder with an experiment and scenarios the current one, and return it."""
    (tmp_path / "base.yaml").write_text("name: base\nrun: {weeks: 4}\n")
    (tmp_path / "other.yaml").write_text("name: other\nrules: {restriction: 0.4}\nrun: {weeks: 4}\n")
    (tmp_path / "small.yaml").write_text(EXPERIMENT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that types a command, with a fake simulation, and gives exit code, stdout and stderr."""

    def typed(*arguments: str, fake: Any = sweep_fakes.simulate) -> tuple[int, str, str]:
        monkeypatch.setattr(worker, "engine", lambda: worker.Engine(fake, sweep_fakes.warm_up))
        code = main(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return typed
