"""Comparisons over plausible worlds: the split into luck and worlds, means of worlds, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sim.analysis.over_worlds import (
    FEW_WORLDS,
    NO_SPLIT,
    NO_SPREAD,
    differences_over_worlds,
    one_row_a_world,
    share_greater,
    variance_share,
    world_means,
)
from sim.catalog.outcomes import OUTCOME_NAMES
from sim.cli.table import cli
from sim.experiments.world_sets import worlds
from sim.scenario import load_scenario
from sim.studies import compare

SMALL = {"organization.employees": 30, "run.weeks": 3}
N_WEEKS = 26


def blocks(a: np.ndarray, b: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    """Return two scenarios that have these values in every outcome."""
    return {"a": dict.fromkeys(OUTCOME_NAMES, a), "b": dict.fromkeys(OUTCOME_NAMES, b)}


def test_all_is_worlds_where_replications_agree() -> None:
    a = np.array([[0.5, 0.5], [0.2, 0.2], [0.9, 0.9]])
    assert variance_share(a, np.zeros_like(a))[:2] == (0.0, 1.0)


def test_all_is_luck_where_worlds_are_equal() -> None:
    a = np.array([[0.1, 0.3], [0.3, 0.1], [0.2, 0.2]])
    assert variance_share(a, np.zeros_like(a))[:2] == (1.0, 0.0)


def test_the_split_of_a_small_table_by_hand() -> None:
    # Means 1 and 4; within (2 + 2) / 2 = 2, between 2 * (1.5**2 + 1.5**2) / 1 = 9, worlds (9 - 2) / 2 = 3.5.
    a = np.array([[0.0, 2.0], [3.0, 5.0]])
    luck, by_world, reason = variance_share(a, np.zeros_like(a))
    assert (luck, by_world, reason) == (pytest.approx(2 / 5.5), pytest.approx(3.5 / 5.5), "")


def test_the_split_is_right_on_average_with_missing_runs() -> None:
    generator = np.random.default_rng(1)
    found = []
    for _ in range(300):
        a = generator.normal(0, 1.0, (40, 1)) + generator.normal(0, 2.0, (40, 3))
        a[generator.random(a.shape) < 0.2] = np.nan
        found.append(variance_share(a, np.zeros_like(a)).luck)
    assert np.mean(found) == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([[0.1], [0.2], [0.4]], NO_SPLIT),
        ([[0.1, 0.2]], FEW_WORLDS),
        ([[0.1, np.nan], [np.nan, np.nan]], FEW_WORLDS),
        ([[0.3, 0.3], [0.3, 0.3]], NO_SPREAD),
    ],
)
def test_without_a_split_there_is_a_reason(values: list[list[float]], reason: str) -> None:
    a = np.array(values)
    luck, by_world, why = variance_share(a, np.zeros_like(a))
    assert np.isnan(luck)
    assert np.isnan(by_world)
    assert why == reason


def test_means_of_worlds_take_the_pairs_that_are_complete() -> None:
    a = np.array([[1.0, np.nan], [2.0, 4.0], [np.nan, np.nan]])
    b = np.array([[0.0, 5.0], [np.nan, 1.0], [1.0, 1.0]])
    np.testing.assert_array_equal(world_means(a), [1.0, 3.0, np.nan])
    row = differences_over_worlds(blocks(a, b), N_WEEKS)[0]
    assert (row.paired.n, row.paired.mean, row.n_dropped) == (2, ((1 - 0) + (4 - 1)) / 2, 1)


def test_a_world_that_was_drawn_several_times_counts_once() -> None:
    a = np.array([[0.1, 0.1], [0.1, 0.1], [0.1, 0.1], [-0.3, -0.3], [np.nan, np.nan]])
    row = differences_over_worlds(blocks(a, np.zeros_like(a)), N_WEEKS, np.array([0, 0, 0, 1, 2]))[0]
    assert (row.paired.n, row.paired.n_a_greater, row.paired.n_b_greater, row.n_dropped) == (2, 1, 1, 1)
    assert row.paired.shares == (0.5, 0.5)
    assert row.paired.mean == pytest.approx((3 * 0.1 - 0.3) / 4)  # its weight is respected


def test_shares_count_worlds_and_pairs_apart() -> None:
    a = np.array([[3.0, -1.0], [1.0, 1.0], [-1.0, -1.0], [0.0, 0.0]])
    row = differences_over_worlds(blocks(a, np.zeros_like(a)), N_WEEKS)[0]
    assert row.over_worlds is not None
    assert row.paired.shares == (2 / 4, 1 / 4)  # worlds one and two, and three; the last, a tie, is neither
    assert row.over_worlds.p_a_greater == share_greater(a, np.zeros_like(a)) == (3 + 1) / 8
    assert row.paired.n == 4
    assert row.paired.mean == pytest.approx(0.25)


def test_the_interval_covers_luck_and_worlds() -> None:
    generator = np.random.default_rng(2)
    inside = 0
    for _ in range(200):
        a = 1.0 + generator.normal(0, 1.0, (12, 1)) + generator.normal(0, 2.0, (12, 2))
        data = {"a": {"reach": a}, "b": {"reach": np.zeros_like(a)}}
        full = {name: {**dict.fromkeys(OUTCOME_NAMES, np.full((12, 2), np.nan)), **data[name]} for name in data}
        row = next(each for each in differences_over_worlds(full, N_WEEKS) if each.outcome == "reach")
        inside += row.paired.low <= 1.0 <= row.paired.high
    assert inside >= 0.9 * 200


def test_a_verdict_speaks_of_worlds() -> None:
    a = np.linspace(-0.02, 0.2, 20)[:, None] + np.array([[0.0, 0.001]])
    row = next(
        row for row in differences_over_worlds(blocks(a, np.zeros_like(a)), N_WEEKS) if row.outcome == "monthly_posters"
    )
    assert row.verdict().text.startswith(
        "a has more monthly posters in 90% of 20 plausible worlds; typically +9.1 points, 9 in 10 between"
    )
    assert "denkbare werelden" in row.verdict("nl").text
    unsure = differences_over_worlds(blocks(a - 0.09, np.zeros_like(a)), N_WEEKS)[1]
    assert unsure.verdict().kind == "cannot tell"
    assert "of 20 plausible worlds" in unsure.verdict().text


def test_one_row_a_world_keeps_weeks_apart() -> None:
    table = pd.DataFrame(
        {
            "run_id": [0, 0, 1, 1], "scenario": ["a"] * 4, "point": [0, 0, 0, 0], "replication": [0, 0, 1, 1],
            "week": [1, 2, 1, 2], "reach": [0.0, 0.2, 0.4, np.nan], "text": ["x"] * 4,
        }
    )  # fmt: skip
    found = one_row_a_world(table, ["week"])
    assert found[["replication", "week"]].to_numpy().tolist() == [[0, 1], [0, 2]]
    assert found["reach"].tolist() == [0.2, 0.2]
    assert "text" not in found


def test_worlds_share_staff_and_luck_between_scenarios_but_not_between_worlds(tmp_path: Path) -> None:
    scenarios = [load_scenario(name, SMALL) for name in ("like-facebook", "collaboration")]
    tables = compare(scenarios, worlds=3, world_source="prior", replications=2, seed=4, out=tmp_path / "out")
    in_worlds = tables.runs["weight.prior"] > 0
    assert (tables.runs["weight.defaults"] > 0).tolist() == (~in_worlds).tolist()
    tables = tables._replace(runs=tables.runs[in_worlds])
    seeds = tables.runs.groupby(["point", "replication"])["seed"].nunique()
    assert (seeds == 1).all()
    assert tables.runs["seed"].nunique() == 6
    planned = pd.read_parquet(tmp_path / "out" / "plan.parquet").set_index("run_id")
    assert planned.loc[tables.runs["run_id"], "seed"].tolist() == tables.runs["seed"].tolist()
    coefficient = tables.runs.groupby("point")["behavior.read_base"]
    assert (coefficient.nunique() == 1).all()
    assert tables.runs["behavior.read_base"].nunique() == 3


def test_equal_scenarios_differ_in_no_world() -> None:
    same = load_scenario("baseline", SMALL)
    tables = compare([same, same], n_worlds=4, world_source="prior")
    assert (tables.differences["mean"].dropna() == 0).all()


def test_worlds_and_until_width_exclude_each_other(tmp_path: Path) -> None:
    command = ["compare", "baseline", "collaboration", "--worlds", "4", "--until-width", "0.1", "--out", str(tmp_path)]
    result = CliRunner().invoke(cli, command)
    assert result.exit_code != 0
    assert "an answer over worlds has none to add" in str(result.exception)


def test_the_command_and_its_json(tmp_path: Path) -> None:
    settings = [part for key, value in SMALL.items() for part in ("--set", f"{key}={value}")]
    command = ["compare", "like-facebook", "collaboration", "--worlds", "5", "--no-figures", "--quiet", *settings]
    folder = str(tmp_path / "out")
    printed = CliRunner().invoke(cli, [*command, "--json", "--out", folder])
    found = json.loads(printed.stdout)
    assert found["worlds"] == 5
    first = found["differences"][0]
    assert 0 <= first["share_of_worlds_a_greater"] <= 1
    assert set(first["variance_share"]) == {"luck", "worlds"}
    again = CliRunner().invoke(cli, ["results", folder])
    assert "plausible worlds" in again.stdout
    dutch = CliRunner().invoke(cli, ["results", folder, "--lang", "nl"])
    assert "denkbare werelden" in dutch.stdout


def test_worlds_are_the_same_for_the_same_seed() -> None:
    assert worlds(5, 3, "prior") == worlds(5, 3, "prior")
    assert worlds(5, 3, "prior") != worlds(5, 4, "prior")
