"""The pages on sweeps and on reading results: their examples run, their tables name what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sweep_fakes
from sweep_fakes import Command

from sim.analysis.sweeping.standing import plan_of_sweep
from sim.analysis.sweeping.sweep import (
    ASSOCIATION_COLUMNS,
    BESIDE_COLUMNS,
    DISTRIBUTION_COLUMNS,
    STRATEGY_COLUMNS,
    SUMMARY_COLUMNS,
)
from sim.experiments import load_experiment
from sim.experiments.world_sets import InWorlds

DOCS = Path(__file__).parents[2] / "docs"
READING = (DOCS / "how-to" / "read-results.md").read_text(encoding="utf-8")
SWEEPS = (DOCS / "sweeps.md").read_text(encoding="utf-8")
RESULTS = (DOCS / "results.md").read_text(encoding="utf-8")
SIZE = ["--set", "organization.employees=40", "--weeks", "3", "--samples", "5"]


def snippets(heading: str) -> list[str]:
    """Return the Python examples under a heading of the page on reading results."""
    section = READING.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^```python\n(.*?)^```", section, flags=re.M | re.S)


@pytest.fixture
def rules(command: Command) -> None:
    """Make the current folder one with results of the sweep that the page reads."""
    assert command("sweep", "rules", *SIZE, "--replications", "2", "--no-figures", "--set", "series=2")[0] == 0


def run(heading: str) -> dict[str, Any]:
    """Run the examples under a heading, one after the other, and return their names."""
    names: dict[str, Any] = {}
    for code in snippets(heading):
        exec(compile(code, f"read-results.md, {heading}", "exec"), names)
    return names


def truth() -> pd.DataFrame:
    return pd.read_parquet("results/rules/runs.parquet")


@pytest.mark.usefixtures("rules")
def test_pandas() -> None:
    names = run("pandas")
    assert len(names["by_strategy"]) == 30
    assert names["by_strategy"].loc[(1.0, 0.0, False), "monthly_posters"] < names["by_strategy"].iloc[0, 0]
    assert len(names["difference"]) == 10
    assert 0 <= names["share_of_worlds_in_which_0_is_ahead"] <= 1
    assert "rules.restriction" in names["tied"].columns
    assert set(names["series"]["week"]) == {2, 3}


@pytest.mark.usefixtures("rules")
def test_polars() -> None:
    pytest.importorskip("polars", reason="polars is a development dependency, not installed here")
    names = run("polars")
    found = dict(zip(*names["by_restriction"].select("rules.restriction", "monthly_posters"), strict=True))
    assert found == pytest.approx(truth().groupby("rules.restriction")["monthly_posters"].mean().to_dict())
    assert names["by_world"].height == 5


@pytest.mark.usefixtures("rules")
def test_duckdb() -> None:
    pytest.importorskip("duckdb", reason="DuckDB is a development dependency, not installed here")
    names = run("DuckDB")
    assert [row[0] for row in names["by_rule"]] == [False, True]
    assert names["by_rule"][0][1] == pytest.approx(truth().query("~`rules.work_only`")["monthly_posters"].mean())
    assert names["together"] == [("results/rules/runs.parquet", 300)]


def test_null_is_null_everywhere(command: Command) -> None:
    """No file holds NaN: pandas shows null as NaN, polars and DuckDB leave it out of a mean."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    command("sweep", "small.yaml", "--no-figures", fake=sweep_fakes.fail_when_strict)
    n_null = 0
    for path in Path("results/small").glob("*.parquet"):
        table = pq.read_table(path)
        for name, column in zip(table.column_names, table.columns, strict=True):
            if str(column.type) == "double":
                assert not pc.any(pc.is_nan(column)).as_py(), (path.name, name)
                assert not pc.any(pc.is_inf(column)).as_py(), (path.name, name)
            n_null += column.null_count
    assert n_null > 100


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("summary.parquet", SUMMARY_COLUMNS), ("strategies.parquet", STRATEGY_COLUMNS | BESIDE_COLUMNS),
        ("distribution.parquet", DISTRIBUTION_COLUMNS), ("associations.parquet", ASSOCIATION_COLUMNS),
    ],
)  # fmt: skip
def test_columns_of_sweeps_are_those_of_the_page(file: str, columns: dict[str, str]) -> None:
    row = re.search(rf"^\| `{re.escape(file)}` \(sweep\) \|[^|]*\|(.*)\|$", RESULTS, flags=re.M)
    assert row
    assert re.findall(r"`(\w+)`", row[1]) == list(columns)


def test_every_column_has_a_type_on_the_page() -> None:
    """The table of kinds of columns names every column of the derived tables, or its pattern."""
    kinds = READING.split("## Columns and types")[1]
    named = set(re.findall(r"`(\w+?)(?:\.\.\.)?`", kinds))
    every = {*SUMMARY_COLUMNS, *STRATEGY_COLUMNS, *BESIDE_COLUMNS, *DISTRIBUTION_COLUMNS, *ASSOCIATION_COLUMNS}
    other = {"p25", "p50", "p75", "p95"}  # between p5 and highest
    assert {name for name in every - named - other if not name.startswith("n_")} == set()


def test_the_page_on_sweeps_shows_the_shipped_experiment() -> None:
    shown = re.search(r"^```yaml\n(.*?)^```", SWEEPS, flags=re.M | re.S)
    assert shown
    shipped = (DOCS.parent / "experiments" / "rules.yaml").read_text(encoding="utf-8")
    assert shown[1] in shipped


@pytest.mark.parametrize(("name", "n_runs"), [("rules", 600), ("organizations", 310)])
def test_the_outputs_on_the_page_are_of_the_present_experiments(name: str, n_runs: int) -> None:
    block = re.search(rf"<!-- {name} -->\n```text\n(.*?)```\n<!-- end {name} -->", SWEEPS, flags=re.S)
    assert block, name
    experiment = load_experiment(name)
    assert len(plan_of_sweep(experiment, InWorlds(), keeps_replications=False)[1].runs) == n_runs
    assert block[1].startswith(f"{name}: ")
    assert (
        block[1]
        .splitlines()[0]
        .endswith(f"plausible worlds, 1 replication each: {n_runs} runs, seed {experiment.seed}")
    )
    assert f"Results: results/{name}" in block[1]
    assert (DOCS / "figures" / "sweep-rules.png").is_file()
