"""The program in Python: the names of the commands, their options, and what the commands write."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import click
import fakes
import pandas as pd
import pytest
from time_limits import PROGRAM_SECONDS

import sim
from sim.__main__ import main
from sim.cli.study import Shown
from sim.cli.table import COMMANDS, cli
from sim.errors import InputError
from sim.request import OPTIONS, PARTS, Kind

FOR_TERMINALS = {"app", "ask", "class", "completion", "new", "schema"}
"""Commands that serve a page, ask a person, or write a text to be edited: nothing for a program to work with."""

SWEEP = """\
name: small
base: a.yaml
design: latin_hypercube
levers:
  rules.restriction: {low: 0.0, high: 1.0}
uncertainties:
  organization.trust: {low: 0.3, high: 0.8}
samples: 24
replications: 2
outcomes: [monthly_posters, alive]
"""


@pytest.fixture
def sweep_file(scenario_files: Path) -> Path:
    file = scenario_files / "small.yaml"
    file.write_text(SWEEP)
    return file


@pytest.mark.parametrize("kind", ["run", "compare", "sweep", "sensitivity"])
def test_a_study_takes_the_same_options_as_a_command_and_in_python(kind: Kind) -> None:
    """An option stands once: its command has how it is typed, `request` what it means, and Python shows it."""
    command = cli.get_command(click.Context(cli), kind)
    of_the_command = {"settings", "resume", "overwrite", "until_width", "max_replications", *Shown._fields}
    given = {each.name for each in command.params if isinstance(each, click.Argument)}
    asked_for = {each.name for each in command.params} - of_the_command - given
    assert len(asked_for) > 5
    parameters = inspect.signature(getattr(sim, kind)).parameters
    assert asked_for <= set(parameters)
    assert set(OPTIONS[kind].__annotations__) - set(PARTS) <= set(parameters)
    for name in asked_for:
        assert f"    {name} : " in getattr(sim, kind).__doc__


def test_an_option_that_there_is_not_is_refused(scenario_files: Path) -> None:
    with pytest.raises(TypeError, match="there is no 'replicatons'"):
        sim.run("a.yaml", replicatons=3)  # type: ignore[call-arg]


def test_the_package_shows_the_program_and_nothing_else() -> None:
    assert dir(sim) == sorted(sim.__all__)
    commands = {name.replace("-", "_") for name in COMMANDS} - FOR_TERMINALS
    parts = {"Employee", "Extension", "Intervention", "IntranetModel", "Outcome"}
    things = parts | {"__version__", "load_experiment", "load_scenario", "simulate", "worlds"}
    assert commands <= set(dir(sim))
    assert set(dir(sim)) - commands == things
    for name in dir(sim):
        assert name == "__version__" or callable(getattr(sim, name)), name


@pytest.mark.parametrize(
    "first",
    ["import sim.experiments", "from sim.experiments import Factor", "import sim.experiments.factors", "import sim"],
)
def test_a_package_that_is_a_command_can_be_called_however_it_was_imported(first: str) -> None:
    script = f"{first}\nimport sim\nfrom sim import experiments\nprint(len(experiments()), len(sim.experiments()))"
    script += "\nprint(sim.experiments.load_experiment('framing').name)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=PROGRAM_SECONDS
    )
    n = len(sim.experiments())
    assert done.stdout == f"{n} {n}\nframing\n"


def test_settings_can_be_laid_over_a_file_and_over_an_object(scenario_files: Path) -> None:
    changed = {"rules.restriction": 0.25}
    found = [
        sim.run(given, overrides=changed, weeks=2, at_defaults=True, engine=fakes.ENGINE).runs
        for given in ("a.yaml", sim.load_scenario("a.yaml"))
    ]
    assert found[0].equals(found[1])
    assert set(found[0]["rules.restriction"]) == {0.25}
    assert set(found[0]["run.weeks"]) == {2}
    assert len(sim.run("a.yaml", overrides=["run.replications=2"], at_defaults=True, engine=fakes.ENGINE).runs) == 2


def test_tables_say_what_they_are(scenario_files: Path) -> None:
    found = sim.compare(["a.yaml", "b.yaml"], at_defaults=True, engine=fakes.ENGINE)
    assert repr(found).startswith("CompareTables(differences: ")
    assert "runs: 8 x" in repr(found)
    assert len(repr(found)) < 400
    assert "<table" in found._repr_html_()


def test_an_object_with_other_settings_keeps_its_own_coefficients(scenario_files: Path) -> None:
    from sim.request import loaded_scenario

    own = sim.load_scenario("a.yaml", ["behavior.ease=0.1"])
    assert loaded_scenario(own, {"rules.guidance": 0.5}).own_coefficients() == ("behavior.ease",)
    assert loaded_scenario(own).own_coefficients() == ("behavior.ease",)


def test_shards_are_merged_to_what_one_study_gives(sweep_file: Path) -> None:
    for part in (1, 2):
        sim.sweep("small.yaml", at_defaults=True, shard=f"{part}/2", out=f"part-{part}", engine=fakes.ENGINE)
    whole = sim.sweep("small.yaml", at_defaults=True, out="whole", engine=fakes.ENGINE)
    found = sim.merge("all", ["part-2", "part-1"])
    assert found["runs"].equals(whole.runs)
    assert found["strategies"].equals(whole.strategies)
    for name in ("runs", "strategies"):
        assert Path("all", f"{name}.parquet").read_bytes() == Path("whole", f"{name}.parquet").read_bytes()


def test_a_sweep_is_looked_at_from_all_sides(sweep_file: Path) -> None:
    sim.sweep("small.yaml", at_defaults=True, samples=32, seed=5, out="kept", engine=fakes.ENGINE)
    assert sim.results("kept")["runs"]["seed"].nunique() == 2
    indices = sim.sensitivity("kept").indices
    assert indices is not None
    assert "monthly_posters" in set(indices["outcome"])
    found = sim.discover("kept", "monthly_posters < 0.3", out="found")
    assert json.loads(Path("found", "discovery.json").read_text())["verdict"] == found.verdict
    page = sim.report("kept", lang="nl")
    assert page == Path("kept", "report.html")
    assert 'lang="nl"' in page.read_text()


def test_sensitivity_gives_the_tables_of_the_command(scenario_files: Path) -> None:
    (scenario_files / "screening.yaml").write_text(
        "name: screening\nbase: a.yaml\nmethod: morris\nsamples: 4\nreplications: 2\noutcomes: [monthly_posters]\n"
        "uncertainties:\n  rules.restriction: {low: 0, high: 1}\n  organization.trust: {low: 0.3, high: 0.8}\n"
    )
    found = sim.sensitivity("screening.yaml", replications=1, out="screened", engine=fakes.ENGINE)
    assert found.indices is not None
    assert found.runs is not None
    assert set(found.runs["replication"]) == {0}
    assert found.indices.equals(pd.read_parquet("screened/indices.parquet"))
    with pytest.raises(InputError, match="is for another command: intranet-sim sensitivity"):
        sim.sweep("screening.yaml", engine=fakes.ENGINE)


def test_what_is_wrong_with_files_is_a_list(sweep_file: Path) -> None:
    assert sim.validate("a.yaml", sweep_file) == []
    Path("wrong.yaml").write_text("rules: {restriction: 7}\nlaunhc: {}\n")
    problems = sim.validate("wrong.yaml", "a.yaml")
    assert {problem.path for problem in problems} == {"rules.restriction", "launhc"}


def test_explaining_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--set", "organization.employees=40", "--set", "run.weeks=3"]
    assert main(["explain", "baseline", "--employee", "3", "--week", "3", "--json", *small]) == 0
    printed = json.loads(capsys.readouterr().out)
    found = sim.explain("baseline", 3, 3, overrides={"organization.employees": 40, "run.weeks": 3})
    assert found.employee == printed["row"]
    with pytest.raises(InputError, match="week"):
        sim.explain("baseline", 0, 9, overrides={"organization.employees": 40, "run.weeks": 3})


def test_tables_of_what_there_is() -> None:
    worlds = sim.worlds(8)
    assert worlds.source == "levels"
    assert worlds.weights.sum().to_numpy() == pytest.approx(1)
    assert all(name.startswith("behavior.") for name in worlds.settings)
    assert set(sim.parameters("rules")["path"]) >= {"rules.restriction", "rules.guidance"}
    with pytest.raises(InputError, match="ruels"):
        sim.parameters("ruels")
    assert "baseline" in set(sim.scenarios()["name"])
    assert {"sweep", "sensitivity"} == set(sim.experiments()["kind"])


def test_experiments_is_a_package_that_can_be_called(tmp_path: Path) -> None:
    listed = sim.experiments()
    assert "framing" in str(listed)
    from sim.experiments import load_experiment

    assert load_experiment("framing").name == "framing"
    assert str(sim.experiments()) == str(listed)


def test_a_staff_file_is_told_of(tmp_path: Path) -> None:
    file = sim.new_staff(tmp_path / "staff.csv", people=60)
    found = sim.staff(file, date="2026-01-31")
    assert found["figures"] == []
    assert json.dumps(found)
