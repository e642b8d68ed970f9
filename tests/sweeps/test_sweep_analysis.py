"""From runs to the tables of a sweep."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from synthetic_sweeps import crossed_points, runs_of, sampled_points
from work_counted import calls_of

from sim.analysis.sweeping.cells import setting_text, settings_text
from sim.analysis.sweeping.spread import Factors, false_discovery, indicators
from sim.analysis.sweeping.sweep import ALL_CANDIDATES, Sweep, analyze
from sim.analysis.wording import short_names


def crossed(n_worlds: int = 12, n_replications: int = 3, scenarios: tuple[str, ...] = ("baseline",)) -> Sweep:
    """Three strategies, of which c is best in every world; worlds differ in trust."""
    trust = np.linspace(0.3, 0.8, n_worlds)
    points = crossed_points({"framing": ["a", "b", "c"]}, {"trust": trust, "noise": np.arange(n_worlds) % 5})
    luck = np.random.default_rng(1).normal(0, 0.01, n_replications)
    level = points["framing"].map({"a": 0.1, "b": 0.2, "c": 0.3}).to_numpy() + 0.1 * points["trust"].to_numpy()
    level = level.astype(float)[None, :, None] + luck[None, None, :] + 0.05 * np.arange(len(scenarios))[:, None, None]
    outcomes = {"monthly_posters": level, "alive": (level > 0.25).astype(float), "work_share": level}
    runs = runs_of(points, outcomes, scenarios)
    return analyze(runs, points, scenarios, n_replications, tuple(outcomes), ("trust", "noise"))


def test_strategies_over_worlds() -> None:
    sweep = crossed()
    assert sweep.has_ranks
    assert sweep.cells.is_crossed
    assert sweep.cells.shape == (3, 12, 3)
    assert sweep.settings == {0: {"framing": "a"}, 1: {"framing": "b"}, 2: {"framing": "c"}}
    places = sweep.strategies[sweep.strategies["outcome"] == "monthly_posters"]
    assert places["rank"].tolist() == [3, 2, 1]
    assert places["share_first"].tolist() == [0, 0, 1]
    assert places["is_tied_with_first"].tolist() == [False, False, True]
    assert places["regret_mean"].tolist() == pytest.approx([0.2, 0.1, 0])
    assert places["regret_p90"].tolist() == pytest.approx([0.2, 0.1, 0])
    assert places["share_worlds_best"].tolist() == [0, 0, 1]
    assert places["share_worlds_alive"].tolist() == pytest.approx([0, 0.5, 1], abs=0.2)
    means = sweep.summary[sweep.summary["outcome"] == "monthly_posters"]
    assert means["n"].tolist() == [36] * 3
    assert set(means["covers"]) == {"worlds and luck"}
    assert np.all(means["low"] < means["mean"])


def test_an_outcome_without_better_and_worse_is_not_ranked() -> None:
    assert "work_share" not in set(crossed().strategies["outcome"])


def test_base_scenarios_are_ranked_with_the_strategies() -> None:
    sweep = crossed(scenarios=("baseline", "other"))
    places = sweep.strategies[sweep.strategies["outcome"] == "monthly_posters"]
    assert places["scenario"].tolist() == ["baseline"] * 3 + ["other"] * 3
    assert places["rank"].tolist() == [6, 4, 2, 5, 3, 1]


def test_spread_over_worlds_is_that_of_the_means_of_replications() -> None:
    sweep = crossed()
    row = sweep.distribution[(sweep.distribution["outcome"] == "monthly_posters")].iloc[2]
    worlds = 0.3 + 0.1 * np.linspace(0.3, 0.8, 12) + np.random.default_rng(1).normal(0, 0.01, 3).mean()
    assert row["n"] == 12
    assert [row[name] for name in ("lowest", "p25", "p50", "highest")] == pytest.approx(
        np.quantile(worlds, [0, 0.25, 0.5, 1])
    )


def test_what_goes_with_the_mean_of_all_strategies() -> None:
    found = crossed().associations.query("outcome == 'monthly_posters'")
    assert set(found["subject"]) == {ALL_CANDIDATES}
    assert found["factor"].tolist() == ["trust", "noise"]
    assert found["rho"].iloc[0] == pytest.approx(1)
    assert found["q"].iloc[0] < 0.05 < found["q"].iloc[1]


def test_worlds_of_one_draw_are_not_taken_for_independent() -> None:
    """Ten draws, each met with four listed values that change nothing: the interval is that of ten, not forty."""
    trust = np.random.default_rng(2).uniform(0.3, 0.8, 10)
    alone = crossed_points({"framing": ["a", "b"]}, {"trust": trust})
    listed = crossed_points({"framing": ["a", "b"]}, {"trust": np.repeat(trust, 4), "staff": ["p", "q", "r", "s"] * 10})
    found = []
    for points in (alone, listed):
        values = points["trust"].to_numpy(dtype=float) * np.where(points["framing"] == "a", 0.5, 0.6)
        runs = runs_of(points, {"monthly_posters": values[None, :, None]})
        found.append(analyze(runs, points, ["baseline"], 1, ["monthly_posters"], ["trust"]))
    columns = ["mean", "low", "high"]
    pd.testing.assert_frame_equal(found[0].summary[columns], found[1].summary[columns])
    by_factor = found[1].associations.set_index(["subject", "factor"])["n"]
    assert by_factor.loc[:, "trust"].tolist() == [10, 10, 10]
    assert set(by_factor.loc[:, "staff"]) <= {40}


def sampled(scenarios: tuple[str, ...] = ("baseline",)) -> tuple[Sweep, pd.DataFrame]:
    generator = np.random.default_rng(4)
    factors = {
        "effort": generator.uniform(size=200), "open": generator.random(200) < 0.5,
        "framing": generator.choice(["a", "b", "c"], 200), "same": np.ones(200),
    }  # fmt: skip
    points = sampled_points(factors)
    level = 0.3 - 0.2 * factors["effort"] + 0.05 * (factors["framing"] == "b") + generator.normal(0, 0.02, 200)
    values = np.stack([level + 0.1 * position * factors["open"] for position in range(len(scenarios))])
    runs = runs_of(points, {"monthly_posters": values[:, :, None]}, scenarios)
    return analyze(runs, points, scenarios, 1, ["monthly_posters"], (1,), list(factors)), points.assign(y=level)


def test_a_sampled_design_has_points_no_strategies() -> None:
    sweep, table = sampled()
    assert not sweep.cells.is_crossed
    assert not sweep.has_ranks
    assert sweep.strategies.empty
    assert sweep.settings == {}
    assert sweep.summary["strategy"].isna().all()
    found = sweep.associations.set_index(["factor", "level"], drop=False)
    assert ("same", None) not in [(row.factor, row.level) for row in found.itertuples()]
    assert found["factor"].iloc[0] == "effort"
    assert found["rho"].iloc[0] == pytest.approx(spearmanr(table["effort"], table["y"]).statistic)
    framing = {row.level: row.rho for row in found.itertuples() if row.factor == "framing"}
    assert set(framing) == {"a", "b", "c"}
    assert framing["b"] > 0 > framing["a"]


def test_two_base_scenarios_are_compared_point_by_point() -> None:
    sweep, _ = sampled(("first", "second"))
    places = sweep.strategies.set_index("scenario")
    assert places["rank"].to_dict() == {"first": 2, "second": 1}
    assert places.loc["second", "share_worlds_best"] > 0.4  # the same where nothing is open
    found = sweep.associations[sweep.associations["subject"] == "first minus second"]
    assert found["factor"].iloc[0] == "open"
    assert found["rho"].iloc[0] < -0.9


def test_runs_that_are_missing() -> None:
    """The last replication of one strategy is not there: means say so, ranks leave it out for all."""
    points = crossed_points({"framing": ["a", "b"]}, {})
    runs = runs_of(points, {"monthly_posters": np.array([[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]])})
    sweep = analyze(runs.iloc[:-1], points, ["baseline"], 3, ["monthly_posters"])
    assert sweep.summary["n"].tolist() == [3, 2]
    assert sweep.summary["reason"].tolist() == ["", "1 of 3 runs without a value"]
    assert sweep.strategies["n_cells"].tolist() == [2, 2]
    assert sweep.strategies["regret_mean"].tolist() == pytest.approx([0.3, 0])


def test_a_strategy_that_always_fails_has_no_place_and_says_why() -> None:
    points = crossed_points({"framing": ["a", "b"]}, {})
    runs = runs_of(points, {"monthly_posters": np.array([[[0.1, 0.2], [0.4, 0.5]]])})
    sweep = analyze(runs[runs["strategy"] == 0], points, ["baseline"], 2, ["monthly_posters"])
    assert sweep.strategies["rank"].isna().tolist() == [False, True]
    assert sweep.strategies["reason"].tolist() == ["", "no value in 2 of 2 runs that others have one in"]
    assert sweep.summary["reason"].tolist() == ["", "missing in every run"]
    assert all(table.num_rows for name, table in sweep.arrow().items() if name in ("summary", "strategies"))


def test_associations_cover_the_truth() -> None:
    """Two normal numbers with correlation 0.5 have a rank correlation of 0.483: in 93% of the intervals or more."""
    generator = np.random.default_rng(8)
    covered = []
    for _ in range(400):
        x = generator.standard_normal(60)
        y = 0.5 * x + np.sqrt(0.75) * generator.standard_normal(60)
        (found,) = Factors({("x", None): x}).associations(y)
        covered.append(found.low <= 6 / np.pi * np.arcsin(0.25) <= found.high)
    assert 0.93 <= np.mean(covered) <= 0.98


def test_false_discoveries_by_hand() -> None:
    found = false_discovery(np.array([0.01, 0.04, np.nan, 0.03, 0.5]))
    assert found[[0, 1, 3, 4]] == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert np.isnan(found[2])


def test_noise_seldom_stands_out() -> None:
    generator = np.random.default_rng(9)
    alarms = 0
    for _ in range(100):
        factors = Factors({(f"x{i}", None): generator.uniform(size=40) for i in range(50)})
        alarms += any(row.q <= 0.05 for row in factors.associations(generator.uniform(size=40)))
    assert alarms <= 12


def test_named_alternatives_become_numbers() -> None:
    found = indicators({"two": np.array(["b", "a", "b"], dtype=object), "flag": np.array([True, False, True])})
    assert list(found) == [("two", "b"), ("flag", None)]
    assert found["two", "b"].tolist() == [1, 0, 1]


def test_names_and_settings_as_one_reads_them() -> None:
    names = ["launch.framing", "organization.contacts.across", "rules.x", "launch.x", "rollout"]
    assert short_names(names) == {
        "launch.framing": "framing", "organization.contacts.across": "contacts across", "rules.x": "rules x",
        "launch.x": "launch x", "rollout": "rollout",
    }  # fmt: skip
    assert settings_text({"launch.framing": "news", "rules.restriction": 0.5, "rules.work_only": True}) == (
        "news, restriction 0.5, work only yes"
    )
    assert settings_text({"launch.framing": 0.5, "rules.work_only": True, "rollout": 2}, "nl") == (
        "boodschap 0,5, alleen over werk ja, rollout 2"
    )
    assert (setting_text(1 / 3), setting_text(1 / 3, "nl")) == (repr(1 / 3), "0,3333")
    assert (setting_text(np.bool_(False)), setting_text(np.bool_(False), "nl")) == ("false", "nee")


@pytest.mark.slow
def test_many_strategies_and_many_points_are_little_work_each() -> None:
    """What is done for each outcome, or pair of strategies, is done in arrays."""
    generator = np.random.default_rng(3)
    names = ("monthly_posters", "reach")

    def sampled(n: int) -> int:
        points = sampled_points({f"x{i}": generator.uniform(size=n) for i in range(30)})
        runs = runs_of(points, {name: generator.uniform(size=(1, n, 1)) for name in names})
        return calls_of(analyze, runs, points, ["baseline"], 1, list(names))

    def crossed(n: int) -> int:
        points = crossed_points({"a": range(n)}, {"b": range(8)})
        runs = runs_of(points, {name: generator.uniform(size=(1, 8 * n, 5)) for name in names})
        return calls_of(analyze, runs, points, ["baseline"], 5, list(names))

    assert sampled(2000) - sampled(200) < 1800 * 120  # it was 61 for each point
    assert crossed(48) - crossed(8) < 40 * 1700  # it was 843 for each strategy, whatever the number of pairs
