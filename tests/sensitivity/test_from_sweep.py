"""PAWN on the runs of a sweep: nothing is run, and designs in which factors go together are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fake_engine
import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner

from sim.__main__ import main
from sim.analysis.conduct import conduct_runs
from sim.analysis.sensitivity.results import sample_of_points
from sim.cli.studies import sensitivity_command as command
from sim.errors import InputError
from sim.experiments import experiment_from_mapping
from sim.runs.designs import design_points, plan_for_experiment
from sim.runs.executors import Execution
from sim.runs.progress import Silent
from sim.runs.store import open_store

RANGE = {"low": 0, "high": 1}


@pytest.fixture(autouse=True)
def _one_code_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give all runs of a test one version of the code, also while someone edits it."""
    monkeypatch.setattr("sim.runs.plan.code_version", lambda: "0.0.0+fake")


def sweep(folder: Path, **changes: Any) -> Path:
    """Do a sweep of the fake engine."""
    settings = {
        "name": "a-sweep", "base": "baseline", "design": "latin_hypercube",
        "levers": {"launch.framing": ["collaboration", "like_facebook", "unframed"]},
        "uncertainties": dict.fromkeys(fake_engine.PLACES[:4], RANGE),
        "samples": 300, "replications": 1, "seed": 3, "outcomes": ["monthly_posters", "gini"], **changes,
    }  # fmt: skip
    experiment = experiment_from_mapping(settings)
    plan = plan_for_experiment(experiment, design_points(experiment))
    with open_store(folder, plan, "new") as store:
        conduct_runs(store, fake_engine.ENGINE, Execution(jobs=1), Silent())
    return folder


def test_a_latin_hypercube_is_analyzed_without_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = sweep(tmp_path / "sweep")
    before = (folder / "runs.parquet").read_bytes()
    result = CliRunner().invoke(command, [str(folder), "--json", "--quiet"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["method"], found["points"], found["runs"]) == ("pawn", 300, 300)
    assert found["results_dir"] == str(folder / "sensitivity")
    statuses = {row["factor"]: row["status"] for row in found["outcomes"][0]["indices"]}
    assert statuses["organization.trust"] == statuses["organization.remote_share"] == "resolved"
    assert statuses["rules.guidance"] == statuses["launch.framing"] == "not resolved"
    assert found["outcomes"][1]["reason"].startswith("the same at every point")
    assert (folder / "sensitivity" / "figures" / "indices.png").exists()
    assert (folder / "runs.parquet").read_bytes() == before
    assert main(["results", str(folder / "sensitivity"), "--lang", "nl"]) == 0
    assert "op elk punt hetzelfde" in " ".join(capsys.readouterr().out.split())


def test_options_of_runs_are_refused(tmp_path: Path) -> None:
    folder = sweep(tmp_path / "sweep", samples=30)
    result = CliRunner().invoke(command, [str(folder), "--samples", "8", "--resume"])
    assert isinstance(result.exception, InputError)
    assert str(result.exception).endswith("leave out --samples, --resume.")


def test_designs_in_which_factors_go_together_are_refused(tmp_path: Path) -> None:
    levers = {"launch.framing": ["collaboration", "unframed"], "rules.restriction": [0, 1]}
    folder = sweep(tmp_path / "zip", design="zip", levers=levers, uncertainties={"organization.trust": RANGE})
    result = CliRunner().invoke(command, [str(folder)])
    assert isinstance(result.exception, InputError)
    assert "factors go together" in str(result.exception)
    result = CliRunner().invoke(command, [str(tmp_path)])
    assert "holds no sweep" in str(result.exception)


def test_places_follow_values_and_the_order_of_alternatives() -> None:
    points = pa.table({"trust": [0.3, 0.9, 0.1, 0.5], "framing": ["b", "a", "b", "a"], "switch": [True, False] * 2})
    factors = [
        {"name": "trust", "levels": None},
        {"name": "framing", "levels": ["a", "b"]},
        {"name": "switch", "levels": [False, True]},
    ]
    sample = sample_of_points(points, factors)
    np.testing.assert_allclose(sample.unit[:, 0], [0.375, 0.875, 0.125, 0.625])
    np.testing.assert_allclose(sample.unit[:, 1], [0.625, 0.125, 0.875, 0.375])
    np.testing.assert_allclose(sample.unit[:, 2], [0.625, 0.125, 0.875, 0.375])
