"""Times that are not reached within the run: what tables, comparisons, sweeps and verdicts make of them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sim.analysis.over_worlds import world_means
from sim.analysis.statistics import NEVER_REACHED, counted, later, paired_difference, weeks_of_study
from sim.analysis.sweeping.sweep import analyze
from sim.analysis.verdict import verdict
from sim.analysis.wording import value_text
from sim.cli.table import cli
from sim.pages.report.report import report_html

TIME = "weeks_to_critical_mass"
WEEKS = 12
COMMON = [
    "--set",
    "organization.employees=60",
    "--set",
    "run.critical_share=0.07",
    "--weeks",
    str(WEEKS),
    "--replications",
    "6",
    "--no-figures",
    "--quiet",
]


def test_not_reached_is_the_week_after_the_run() -> None:
    assert counted(TIME, np.array([3.0, np.nan, 12.0]), WEEKS).tolist() == [3, 13, 12]
    assert counted(TIME, np.array([3.0, np.nan, 12.0]), 8).tolist() == [3, 9, 9]  # of runs as short as the shortest
    assert np.isnan(counted("days_to_answer", np.array([np.nan]), WEEKS)[0])
    assert later("days_to_answer", WEEKS) == math.inf


def test_the_shortest_run_decides() -> None:
    scenarios = [{"resolved": {"run": {"weeks": weeks}}} for weeks in (26, 12)]
    assert weeks_of_study(scenarios) == 12
    assert weeks_of_study(scenarios, pd.DataFrame({"run.weeks": [8, 40]})) == 8
    assert weeks_of_study(scenarios, pd.DataFrame({"trust": [8, 40]})) == 12


def test_a_mean_of_a_world_counts_what_was_not_reached() -> None:
    assert world_means(counted(TIME, np.array([[4.0, np.nan]]), WEEKS)) == [8.5]


def test_verdicts_on_times() -> None:
    never = [13.0] * 9
    found = verdict("a", "b", TIME, paired_difference(never, never, later=13.0))
    assert found == ("cannot tell", "cannot tell: neither got there within the run in any of 9 pairs")
    early = np.arange(3.0, 12.0)
    found = verdict("a", "b", TIME, paired_difference(early, never, later=13.0))
    assert found.kind == "differs"
    assert found.text.startswith("a has an earlier critical mass in 9 of 9 pairs")
    assert found.text.endswith("(not reached within the run in 9 pairs of runs: counted as the week after its end)")


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object], str]:
    """A launch that gets there in some runs, against one that never does."""
    folder = tmp_path_factory.mktemp("times")
    never = folder / "never.yaml"
    never.write_text("name: never\nextends: baseline\nrules: {restriction: 1.0}\n", encoding="utf-8")
    command = [
        "compare",
        "--at-defaults",
        "baseline",
        str(never),
        "--outcome",
        TIME,
        *COMMON,
        "--out",
        str(folder / "out"),
    ]
    printed = CliRunner().invoke(cli, [*command, "--json"])
    assert printed.exit_code == 0, printed.output
    return (
        folder / "out",
        json.loads(printed.stdout),
        CliRunner().invoke(cli, ["results", str(folder / "out"), "--all"]).stdout,
    )


def test_compare_counts_what_was_not_reached(compared: tuple[Path, dict[str, object], str]) -> None:
    folder, found, shown = compared
    runs = pd.read_parquet(folder / "runs.parquet").pivot(index="replication", columns="scenario", values=TIME)
    assert runs["never"].isna().any(), "choose another scenario: this one gets there"
    times = runs.fillna(WEEKS + 1)
    pair = next(row for row in found["differences"] if row["outcome"] == TIME)  # type: ignore[attr-defined]
    assert pair["n"] == 6
    assert pair["mean"] == pytest.approx((times["baseline"] - times["never"]).mean())
    assert pair["n_not_reached"] == runs.isna().any(axis=1).sum()
    for one in found["scenarios"]:  # type: ignore[attr-defined]
        summary = one["outcomes"][TIME]
        assert summary["mean"] == pytest.approx(times[one["name"]].mean())
        assert (summary["n"], summary.get("n_not_reached", 0)) == (6, runs[one["name"]].isna().sum())
    assert f"≥{times['never'].mean():.1f}" in shown
    assert "≥: at least. A run that had not got there within its 12 weeks counts as the week after them." in shown
    stored = pd.read_parquet(folder / "summary.parquet").set_index(["scenario", "outcome"])
    assert stored.loc[("never", TIME), "n_not_reached"] == runs["never"].isna().sum()


def test_a_sweep_ranks_what_was_not_reached_last() -> None:
    points = pd.DataFrame({"point": range(2), "strategy": range(2), "world": [0, 0], "launch.framing": ["a", "b"]})
    runs = pd.DataFrame(
        [("baseline", point, replication) for point in range(2) for replication in range(8)],
        columns=["scenario", "point", "replication"],
    )
    runs[TIME] = [2.0, *[np.nan] * 7, *np.arange(3.0, 11.0)]  # the one survivor of a is the earliest of all
    sweep = analyze(runs, points, ["baseline"], 8, [TIME], n_weeks=WEEKS)
    assert sweep.strategies["rank"].tolist() == [2, 1]
    assert sweep.summary["mean"].tolist() == [(2 + 7 * 13) / 8, 6.5]
    assert sweep.summary["n_not_reached"].tolist() == [7, 0]
    assert sweep.summary["reason"][0] == "not reached within the run in 7 of 8 runs"


def test_reasons_name_what_was_never_reached(compared: tuple[Path, dict[str, object], str]) -> None:
    folder, _, _ = compared
    summary = pd.read_parquet(folder / "summary.parquet").set_index(["scenario", "outcome"])
    reason = summary.loc[("never", TIME), "reason"]
    n = int(summary.loc[("never", TIME), "n_not_reached"])
    assert reason == f"weekly posters never reached the critical share ({n} of 6 runs)"
    assert NEVER_REACHED not in reason


@pytest.mark.parametrize(("language", "told"), [("en", "≥: at least; in"), ("nl", "≥: minstens; in")])
def test_the_report_says_at_least(compared: tuple[Path, dict[str, object], str], language: str, told: str) -> None:
    folder, _, _ = compared
    mean = pd.read_parquet(folder / "summary.parquet").set_index(["scenario", "outcome"]).loc[("never", TIME), "mean"]
    written = report_html(folder, language)
    assert f"≥{value_text(TIME, mean, language)}" in written
    assert told in written
