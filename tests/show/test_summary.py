"""Means and spreads over runs, and the words that say what they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.figures.layout import ENGLISH
from sim.figures.summary import (
    MIDDLE,
    RANGE,
    explain_spread,
    pair_differences,
    run_counts,
    runs_in_words,
    scenario_names,
    spread_for,
    summarize,
)


def runs_of(values: list[float], scenario: str = "a") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "run_id": [f"{scenario}{i}" for i in range(len(values))],
            "scenario": scenario,
            "replication": range(len(values)),
            "x": values,
        }
    )


def test_summarize_gives_mean_and_quantiles_over_runs() -> None:
    values = np.random.default_rng(3).random(20)
    row = summarize(runs_of(list(values)), ["scenario"], ["x"], MIDDLE).loc["a", "x"]
    assert row["mean"] == pytest.approx(values.mean())
    assert row["low"] == pytest.approx(np.quantile(values, 0.05))
    assert row["high"] == pytest.approx(np.quantile(values, 0.95))
    assert row["n"] == 20


def test_summarize_leaves_out_missing_and_infinite_values() -> None:
    row = summarize(runs_of([1.0, np.nan, 3.0, np.inf]), ["scenario"], ["x"], RANGE).loc["a", "x"]
    assert (row["mean"], row["low"], row["high"], row["n"]) == (2.0, 1.0, 3.0, 2)


@pytest.mark.parametrize("values", [[0.4], [0.4, np.nan]])
def test_one_value_has_no_spread(values: list[float]) -> None:
    row = summarize(runs_of(values), ["scenario"], ["x"], RANGE).loc["a", "x"]
    assert row["mean"] == 0.4
    assert np.isnan(row["low"])
    assert np.isnan(row["high"])


def test_no_value_has_no_mean() -> None:
    row = summarize(runs_of([np.nan, np.nan]), ["scenario"], ["x"], RANGE).loc["a", "x"]
    assert np.isnan(row["mean"])
    assert row["n"] == 0


@pytest.mark.parametrize(("counts", "spread"), [([20, 20], MIDDLE), ([10], MIDDLE), ([9], RANGE), ([20, 3], RANGE)])
def test_a_percentile_needs_enough_runs(counts: list[int], spread: object) -> None:
    assert spread_for(counts) == spread


def test_words_say_what_is_drawn() -> None:
    assert explain_spread([20, 20], "band", ENGLISH) == (
        "Line: mean of 20 runs of each scenario. Band: middle 90% of the runs (5th to 95th percentile)."
    )
    assert explain_spread([3], "bar", ENGLISH) == "Marker: mean of 3 runs. Bar: lowest to highest run."
    assert "No band: a single run" in explain_spread([1], "band", ENGLISH)
    assert "No bar: a single run" in explain_spread([1, 1], "bar", ENGLISH)
    assert runs_in_words([18, 20], ENGLISH) == "18 to 20 runs"


def test_scenarios_keep_their_order() -> None:
    table = pd.concat([runs_of([1.0, 2.0], "z"), runs_of([1.0], "a")])
    assert scenario_names(table) == ["z", "a"]
    assert run_counts(table) == [2, 1]


def test_pairs_join_by_replication_and_skip_missing() -> None:
    a, b = runs_of([5.0, 6.0, 7.0, 8.0], "a"), runs_of([1.0, np.nan, 9.0], "b")
    shuffled = pd.concat([b, a]).sample(frac=1, random_state=1)
    np.testing.assert_array_equal(pair_differences(shuffled, "a", "b", "x"), [4.0, -2.0])
    assert len(pair_differences(a, "a", "b", "x")) == 0
