"""From runs to verdicts and tables."""

from __future__ import annotations

import json
import math
from pathlib import Path

import invented
import pandas as pd
import pytest
from small_scorecard import SIZE, conducted

from sim.errors import InputError
from sim.evidence.scorecard.claims import PATTERN_BY_ID, PATTERNS, SWITCHES
from sim.evidence.scorecard.score import read_scorecard, scorecard_json, scored
from sim.evidence.scorecard.verdicts import CANNOT_TELL, DOES_NOT_HOLD, HOLDS

ARMS = [switch.name for switch in SWITCHES]


def by_id(found, name):
    return next(score for score in found.scores if score.pattern.id == name)


def test_every_pattern_in_every_arm(found) -> None:
    assert [score.pattern for score in found.scores] == list(PATTERNS)
    assert all(list(score.results) == ARMS for score in found.scores)
    assert found.n_failed == 0
    assert found.source == "prior"
    assert found.size == SIZE


def test_what_was_put_in_comes_out(found) -> None:
    score = by_id(found, "0.1-posters")
    assert {arm: result.verdict for arm, result in score.results.items()} == {
        "full": HOLDS, "frames_off": DOES_NOT_HOLD, "peers_off": HOLDS, "experience_off": HOLDS,
    }  # fmt: skip
    assert score.supports_frames is True
    assert abs(score.results["full"].estimate.value - 0.14) < 1e-12  # 0.2 times 0.8 minus 0.1
    assert score.results["full"].estimate.n_above == SIZE.n_worlds


def test_a_missing_outcome_cannot_be_told(found) -> None:
    score = by_id(found, "0.5-answers")
    assert all(result.verdict == CANNOT_TELL and result.estimate.n == 0 for result in score.results.values())
    assert score.supports_frames is None


def test_a_condition_leaves_worlds_out(found) -> None:
    alive, dead = by_id(found, "10-universal"), by_id(found, "10-stop")
    counts = [score.results["full"].estimate.n for score in (alive, dead)]
    assert sum(counts) == SIZE.n_worlds
    assert min(counts) > 0


def test_tables_say_the_same(found) -> None:
    table = pd.read_parquet(found.folder / "scorecard.parquet").set_index(["pattern", "arm"])
    assert len(table) == len(PATTERNS) * len(ARMS)
    for score in found.scores:
        for arm, result in score.results.items():
            row = table.loc[score.pattern.id, arm]
            assert row["verdict"] == result.verdict
            assert row["value"] == result.estimate.value or math.isnan(result.estimate.value)
    forward = pd.read_parquet(found.folder / "forward.parquet")
    assert set(forward["profile"]) == {"nl-2012", "nl-2014", "nl-2016", "us-2021", "change"}
    runs = pd.read_parquet(found.folder / "runs.parquet")
    assert len(runs) == found.n_runs
    assert runs["behavior.read_base"].nunique() == SIZE.n_worlds


def test_json_has_the_agreed_form(found) -> None:
    printed = json.loads(json.dumps(scorecard_json(found), allow_nan=False))
    assert printed["arms"] == ARMS
    assert printed["worlds"] == {"source": "prior", "n": SIZE.n_worlds}
    assert [row["id"] for row in printed["patterns"]] == [pattern.id for pattern in PATTERNS]
    for row in printed["patterns"]:
        assert set(row) == {"id", "claim", "source", "results", "supports_frames", "built_in", "share_over_prior"}
        assert list(row["results"]) == ARMS
        for result in row["results"].values():
            assert set(result) == {"value", "low", "high", "verdict", "out_of_range"}
            assert result["verdict"] in {HOLDS, DOES_NOT_HOLD, CANNOT_TELL}
    assert next(row for row in printed["patterns"] if row["id"] == "0.5-answers")["results"]["full"]["value"] is None


def test_over_the_prior_the_worlds_themselves_say_what_is_built_in(found) -> None:
    for score in found.scores:
        assert score.share_over_prior == score.results["full"].as_claimed or math.isnan(score.share_over_prior)
    assert by_id(found, "0.1-posters").is_built_in is True  # the invented numbers have it in them
    assert by_id(found, "0.5-answers").is_built_in is None  # no world has a value


def test_over_other_worlds_the_shipped_shares_say_it(found, monkeypatch) -> None:
    pattern = by_id(found, "0.1-posters").pattern
    results = by_id(found, "0.1-posters").results
    shares = {(pattern.id, pattern.statistic.text): 0.5, ("0.5", "measured otherwise"): 1.0}
    monkeypatch.setattr("sim.evidence.scorecard.score.shares_over_prior", lambda: shares)
    assert scored(pattern, results, "calibrated").is_built_in is False
    assert scored(PATTERN_BY_ID["0.5"], results, "calibrated").is_built_in is None


def test_failing_runs_cost_their_patterns_only(tmp_path: Path) -> None:
    found = conducted(tmp_path / "results", invented.FAILING)
    assert 0 < found.n_failed < found.n_runs
    assert by_id(found, "3.5").results["full"].verdict == CANNOT_TELL
    assert by_id(found, "0.1-posters").results["full"].verdict == HOLDS


def test_it_can_be_read_back(found) -> None:
    stored = read_scorecard(found.folder)
    assert scorecard_json(stored) == scorecard_json(found)
    assert stored.levels == found.levels
    assert [score.supports_frames for score in stored.scores] == [score.supports_frames for score in found.scores]
    for one, other in zip(stored.forward, found.forward, strict=True):
        assert one[:3] == other[:3]
        assert one.change == other.change
        assert one.at == other.at


def test_only_a_scorecard_can_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no scorecard"):
        read_scorecard(tmp_path)
