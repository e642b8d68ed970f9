"""The page on commands and results names the commands, options, files and columns that there are."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pandas as pd
import pytest

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.cli.table import COMMANDS, cli
from sim.runs.columns import flatten
from sim.runs.manifest import read_manifest
from sim.scenario import Scenario, load_scenario
from sim.studies import compare

PAGE = (Path(__file__).parents[2] / "docs" / "results.md").read_text(encoding="utf-8")
TABLES = ("plan", "runs", "groups", "reasons", "failures", "timing", "summary", "differences", "ranks")
SMALL = {"organization.employees": 30, "run.weeks": 2, "run.replications": 2}


def options_of(command: str) -> set[str]:
    found: click.Command = cli.get_command(click.Context(cli), command)
    return {name for parameter in found.params for name in parameter.opts if name.startswith("--")}


@pytest.fixture(scope="module")
def scenarios() -> list[Scenario]:
    return [load_scenario(name, SMALL) for name in ("baseline", "strict-rules", "no-rules")]


@pytest.fixture(scope="module")
def folder(scenarios: list[Scenario], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("study") / "results"
    compare(scenarios, at_defaults=True, out=path)
    return path


def described_columns(file: str) -> list[str]:
    row = re.search(rf"^\| `{re.escape(file)}` \|[^|]*\|(.*)\|$", PAGE, flags=re.M)
    assert row, file
    return re.findall(r"`(\w+)`", row[1])


def test_every_command_is_described() -> None:
    assert re.findall(r"^\| `([a-z][a-z-]*)[^`]*` \|", PAGE.split("## How")[0], flags=re.M) == list(COMMANDS)


def test_every_option_of_a_study_is_described_and_exists() -> None:
    described = set(re.findall(r"`(--[a-z-]+)", PAGE))
    studies = options_of("run") | options_of("compare")
    assert sorted(studies - described) == []
    everywhere = {option for command in COMMANDS for option in options_of(command)}
    assert sorted(described - everywhere - {"--help"}) == []


@pytest.mark.parametrize("name", TABLES)
def test_columns_are_those_of_the_file(name: str, folder: Path, scenarios: list[Scenario]) -> None:
    columns = list(pd.read_parquet(folder / f"{name}.parquet").columns)
    if name == "runs":
        parameters = list(flatten(scenarios[0].resolved()))
        columns = [column for column in columns if column not in {*parameters, *OUTCOME_NAMES}]
    assert described_columns(f"{name}.parquet") == columns


def test_columns_of_series(folder: Path) -> None:
    columns = list(pd.read_parquet(folder / "series" / "part-00000.parquet").columns)
    assert described_columns("series/part-*.parquet") == columns[: -len(OUTCOME_NAMES)]
    assert columns[-len(OUTCOME_NAMES) :] == list(OUTCOME_NAMES)


def test_every_file_of_the_folder_is_described(folder: Path) -> None:
    for path in folder.iterdir():
        assert f"`{path.name}" in PAGE, path.name
    manifest = read_manifest(folder)
    assert manifest is not None
    groupings = set(pd.read_parquet(folder / "groups.parquet")["grouping"])
    assert groupings <= set(re.findall(r"`(\w+)`", PAGE.split("Groupings are")[1].split(".")[0]))
