"""``intranet-sim scorecard``."""

from __future__ import annotations

import json
from pathlib import Path

import invented
import pytest
from click.testing import CliRunner
from small_scorecard import SIZE

from sim.cli.table import cli
from sim.errors import InputError, RunError
from sim.evidence.scorecard import plan, score
from sim.evidence.scorecard.claims import PATTERNS


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(plan, "FULL_SIZE", SIZE)
    monkeypatch.setattr(plan, "QUICK_SIZE", SIZE)
    monkeypatch.setattr(score, "scorecard_engine", lambda: invented.ENGINE)
    monkeypatch.chdir(tmp_path)


def scorecard(*arguments: str):
    result = CliRunner().invoke(cli, ["scorecard", "--jobs", "1", *arguments], catch_exceptions=True)
    if isinstance(result.exception, (InputError, RunError)):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def test_the_table(tmp_path: Path) -> None:
    result = scorecard("--quick", "--source", "prior")
    assert (tmp_path / "results" / "scorecard-quick" / "scorecard.parquet").exists()
    lines = result.stdout.splitlines()
    assert lines[0].startswith("The full model shows")
    assert "the prior: plausible ranges, not fitted" in result.stdout
    for pattern in PATTERNS:
        assert f"{pattern.id}  {pattern.claim}" in result.stdout
    assert "Forward test" in result.stdout
    assert "planning" in result.stderr


def test_in_dutch() -> None:
    result = scorecard("--lang", "nl")
    assert "klopt niet" in result.stdout
    assert PATTERNS[0].claim_nl in result.stdout
    assert "holds" not in result.stdout


def test_json_alone_on_stdout_and_stored_results_again() -> None:
    first = scorecard("--json", "--quiet", "--source", "prior")
    assert first.stderr == ""
    printed = json.loads(first.stdout)
    assert len(printed["patterns"]) == len(PATTERNS)
    again = scorecard("--json", "--source", "prior")
    assert json.loads(again.stdout) == printed
    assert "loading the simulation" not in again.stderr


def test_another_plan_in_the_folder_is_refused() -> None:
    scorecard("--source", "prior")
    with pytest.raises(InputError, match="another plan"):
        scorecard("--source", "prior", "--worlds", "9")
    assert "9 worlds" in scorecard("--source", "prior", "--worlds", "9", "--overwrite").stdout


def test_a_dry_run_does_nothing(tmp_path: Path) -> None:
    result = scorecard("--dry-run", "--source", "prior")
    assert f"{SIZE.n_worlds} worlds" in result.stdout
    assert not (tmp_path / "results").exists()
    facts = json.loads(scorecard("--dry-run", "--json", "--source", "prior").stdout)
    assert facts["worlds"] == SIZE.n_worlds
    assert facts["runs"] == facts["arms"] * facts["worlds"]


def test_the_page(tmp_path: Path) -> None:
    result = scorecard("--page", "pages", "--worlds", "9", "--seed", "3", "--out", "elsewhere")
    assert "scorecard.html" in result.stdout
    assert (tmp_path / "pages" / "scorecard.html").exists()
    page = (tmp_path / "pages" / "scorecard.md").read_text(encoding="utf-8")
    # What matters is said, and not where this machine keeps its results.
    assert "`intranet-sim scorecard --worlds 9 --seed 3 --page pages`" in page


def test_failing_runs_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score, "scorecard_engine", lambda: invented.FAILING)
    with pytest.raises(RunError, match="forbidden"):
        scorecard()


def test_calibrated_worlds_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.experiments.world_sets.CALIBRATED", Path("nowhere"))
    with pytest.raises(InputError, match="no set of worlds"):
        scorecard("--source", "calibrated")


def test_results_shows_it_again() -> None:
    first = scorecard("--json", "--source", "prior")
    again = CliRunner().invoke(cli, ["results", "results/scorecard"], catch_exceptions=False)
    assert "Forward test" in again.stdout
    printed = CliRunner().invoke(cli, ["results", "results/scorecard", "--json"], catch_exceptions=False)
    assert json.loads(printed.stdout)["results"] == json.loads(first.stdout)
