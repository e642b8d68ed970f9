"""Results to report about, made once by the real simulation: small, short, and with a hostile name among them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from report_pages import HOSTILE, SENSITIVITY, SMALL, SWEEP

from sim.runs.manifest import write_manifest
from sim.scenario import Scenario, load_scenario
from sim.studies import compare, run


def small(*names: str) -> list[Scenario]:
    """Return scenarios that take no time."""
    return [load_scenario(name, SMALL) for name in names]


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two launches, 8 pairs of runs."""
    folder = tmp_path_factory.mktemp("compared") / "two"
    compare(small("like-facebook", "collaboration"), replications=8, at_defaults=True, out=folder)
    return folder


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One launch with a hostile name and description, 3 runs."""
    folder = tmp_path_factory.mktemp("alone") / "one"
    run(load_scenario("baseline", SMALL), replications=3, at_defaults=True, out=folder)
    # No scenario file may have such a name; a results folder from elsewhere could.
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["scenarios"][0]["name"] = HOSTILE
    manifest["scenarios"][0]["resolved"]["description"] = "<img src=x onerror=alert(2)>"
    del manifest["files"]  # the tables get another name, too
    write_manifest(folder, manifest)
    for file in [*folder.glob("*.parquet"), *folder.glob("series/*.parquet")]:
        table = pd.read_parquet(file)
        if "scenario" in table:
            table.assign(scenario=HOSTILE).to_parquet(file)
    return folder


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three launches, 3 runs each."""
    folder = tmp_path_factory.mktemp("three") / "three"
    compare(small("unframed", "like-facebook", "collaboration"), replications=3, at_defaults=True, out=folder)
    return folder


@pytest.fixture(scope="session")
def over_worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two launches in 4 plausible worlds, twice in each."""
    folder = tmp_path_factory.mktemp("worlds") / "worlds"
    compare(small("like-facebook", "collaboration"), worlds=5, out=folder)
    return folder


@pytest.fixture(scope="session")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six strategies in ten worlds."""
    return _experiment(tmp_path_factory.mktemp("swept"), "sweep", SWEEP)


@pytest.fixture(scope="session")
def sensitive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three factors, with elementary effects."""
    return _experiment(tmp_path_factory.mktemp("sensitive"), "sensitivity", SENSITIVITY)


def _experiment(folder: Path, command: str, experiment: str) -> Path:
    """Do an experiment by its command, and return its results folder."""
    from sim.__main__ import main

    file, out = folder / "experiment.yaml", folder / "out"
    file.write_text(experiment)
    assert main([command, str(file), "--out", str(out), "--jobs", "1", "--quiet", "--no-figures"]) == 0
    return out
