"""From an experiment to its tables, through points, plan, runner and store: closed forms, luck and failures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fake_engine
import functions
import pytest

from sim.analysis.conduct import conduct_runs
from sim.analysis.sensitivity.finding import SensitivityFinding
from sim.analysis.sensitivity.results import SensitivityResults, derived_tables, read_results, sample_of
from sim.analysis.sensitivity.sampling import sensitivity_points
from sim.cli.study import figures
from sim.documents.terminal import print_blocks
from sim.errors import InputError, RunError
from sim.experiments import experiment_from_mapping
from sim.runs.designs import plan_for_experiment
from sim.runs.executors import Execution
from sim.runs.parquet import read_parquet
from sim.runs.progress import Silent
from sim.runs.store import open_store
from sim.runs.worker import Engine

RANGE = {"low": 0, "high": 1}
OUTCOMES = ["monthly_posters", "monthly_readers", "gini", "answer_rate"]


@pytest.fixture(autouse=True)
def _one_code_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give all runs of a test one version of the code, also while someone edits it."""
    monkeypatch.setattr("sim.runs.plan.code_version", lambda: "0.0.0+fake")


def settings(**changes: Any) -> dict[str, Any]:
    """An experiment over the factors that the fake engine reads, and one that it does not."""
    return {
        "name": "known-answers",
        "base": "baseline",
        "method": "sobol",
        "uncertainties": dict.fromkeys(fake_engine.PLACES, RANGE),
        "samples": 256,
        "replications": 2,
        "seed": 0,
        "outcomes": OUTCOMES,
        **changes,
    }


def conducted(folder: Path, engine: Engine = fake_engine.ENGINE, **changes: Any) -> SensitivityResults:
    """Do the runs of an experiment and everything that follows from them."""
    experiment = experiment_from_mapping(settings(**changes))
    plan = plan_for_experiment(experiment, sensitivity_points(experiment))
    with open_store(folder, plan, "new") as store:
        conduct_runs(store, engine, Execution(jobs=1), Silent())
        for name, table in derived_tables(folder).items():
            store.write_derived(name, table)
        store.note_figures(list(figures(folder, "sensitivity", "en", ())))
    return read_results(folder)


def values(results: SensitivityResults, outcome: str, measure: str) -> dict[str, dict[str, Any]]:
    [subject] = [each for each in results.subjects if each.subject.outcome == outcome]
    return {row["factor"]: row for row in subject.indices if row["measure"] == measure}


@pytest.mark.slow
def test_closed_forms_through_the_whole_pipeline(tmp_path: Path) -> None:
    results = conducted(tmp_path / "known", samples=4096, replications=1)
    assert results.runs == 4096 * (2 * 5 + 2)
    for outcome, exact in (
        ("monthly_posters", functions.ishigami_indices()),
        ("monthly_readers", functions.sobol_g_indices()),
    ):
        for measure, known in zip(("S1", "ST"), exact, strict=True):
            found = values(results, outcome, measure)
            padded = dict(zip(fake_engine.PLACES, [*known, 0.0, 0.0], strict=False))
            for name in fake_engine.PLACES:
                assert found[name]["value"] == pytest.approx(padded[name], abs=0.02), (outcome, measure, name)
            for name in ("leadership.support", "dummy"):  # neither does anything
                assert found[name]["low"] <= 0 <= found[name]["high"]
            assert found["leadership.support"]["status"] == "not resolved"


def test_what_does_nothing_is_not_resolved_and_what_matters_is(tmp_path: Path) -> None:
    results = conducted(tmp_path / "luck", fake_engine.LUCKY, replications=4)
    total = values(results, "monthly_posters", "ST")
    assert total["leadership.support"]["low"] > 0.1  # all of it luck
    assert total["leadership.support"]["status"] == total["rules.guidance"]["status"] == "not resolved"
    assert total["organization.trust"]["status"] == total["organization.remote_share"]["status"] == "resolved"
    assert total["dummy"]["value"] == pytest.approx(total["leadership.support"]["value"], rel=0.25)
    [subject] = [each for each in results.subjects if each.subject.outcome == "monthly_posters"]
    assert subject.noise["luck_share_of_run"] == pytest.approx(16 / (16 + 13.8), abs=0.1)


def test_outcomes_that_cannot_be_analyzed_say_why(tmp_path: Path) -> None:
    results = conducted(tmp_path / "gaps", samples=64)
    reasons = {each.subject.outcome: each.noise["reason"] for each in results.subjects}
    assert reasons["monthly_posters"] == ""
    assert reasons["gini"].startswith("the same at every point (0.5)")
    assert reasons["answer_rate"].endswith("): nobody asked")
    analyzed = set(read_parquet(results.folder / "indices.parquet")["outcome"].to_pylist())
    assert analyzed == {"monthly_posters", "monthly_readers"}
    told = "\n".join(str(block) for block in SensitivityFinding(results, "nl").blocks())
    assert "op elk punt hetzelfde (0,5)" in told
    assert "at every point" not in told


def test_failed_runs_stop_the_analysis_and_are_named(tmp_path: Path) -> None:
    results = conducted(tmp_path / "failed", fake_engine.FAILING, samples=32)
    assert not any(each.indices for each in results.subjects)
    for each in results.subjects:
        assert "run failed: ValueError: too strict" in each.noise["reason"]


def test_the_dummy_is_in_the_points_and_sets_nothing(tmp_path: Path) -> None:
    results = conducted(tmp_path / "points", samples=16)
    points = read_parquet(results.folder / "points.parquet")
    manifest = json.loads((results.folder / "manifest.json").read_text())
    assert results.points == points.num_rows == 16 * 12
    assert points["dummy"].to_pylist() == sample_of(manifest).dummy.tolist()
    dummy = next(factor for factor in manifest["factors"] if factor["name"] == "dummy")
    assert dummy["keys"] == []


def test_points_that_cannot_be_drawn_again_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = conducted(tmp_path / "other", samples=16)
    monkeypatch.setattr("sim.analysis.sensitivity.sampling.salib_seed", lambda seed: 77)
    with pytest.raises(RunError, match="draw other points"):
        derived_tables(results.folder)


def test_two_bases_give_their_contrast(tmp_path: Path) -> None:
    (tmp_path / "low.yaml").write_text("name: low\nleadership: {participation: 0.2}\n")
    (tmp_path / "high.yaml").write_text("name: high\nleadership: {participation: 0.8}\n")
    bases = [str(tmp_path / "low.yaml"), str(tmp_path / "high.yaml")]
    results = conducted(tmp_path / "both", base=bases, samples=64, outcomes=["adoption"])
    assert [tuple(each.subject) for each in results.main] == [
        ("low", "high", "adoption"),
        ("low", "", "adoption"),
        ("high", "", "adoption"),
    ]
    contrast = results.main[0]
    assert contrast.noise["mean"] == pytest.approx(1.0, abs=0.05)  # twice the first coordinate
    assert contrast.noise["share_above_zero"] == 1
    assert contrast.get("ST", "organization.trust")["value"] == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("method", "samples", "figures"), [("morris", 16, 3), ("morris", 3, 2), ("pawn", 100, 2), ("sobol", 32, 2)]
)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_method_is_shown(
    tmp_path: Path, method: str, samples: int, figures: int, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    results = conducted(tmp_path / method, method=method, samples=samples, outcomes=["monthly_posters", "gini"])
    assert len(list((results.folder / "figures").glob("*.png"))) == figures
    print_blocks(SensitivityFinding(results, language).blocks())
    text = capsys.readouterr().out
    assert "organization.remote_share" in text
    assert f"{results.points:,}".replace(",", "." if language == "nl" else ",") in text
    assert "{" not in text
    assert json.loads(json.dumps(SensitivityFinding(results, "en").as_json(), allow_nan=False))["runs"] == results.runs


def test_groups_of_the_registry(tmp_path: Path) -> None:
    results = conducted(tmp_path / "groups", by_group=True, samples=64)
    assert set(values(results, "monthly_posters", "ST")) == {"people", "rules", "leadership", "dummy"}
    assert results.n_movers == 3


def test_alternatives_without_an_order_are_refused_for_morris() -> None:
    framing = {"launch.framing": ["collaboration", "like_facebook", "unframed"]}
    experiment = experiment_from_mapping(settings(method="morris", samples=8, levers=framing))
    with pytest.raises(InputError, match=r"launch\.framing: has 3 alternatives without an order"):
        sensitivity_points(experiment)
    two = {"launch.framing": ["collaboration", "like_facebook"]}
    points = sensitivity_points(experiment_from_mapping(settings(method="morris", samples=8, levers=two)))
    assert set(points.factors["launch.framing"]) == {"collaboration", "like_facebook"}
