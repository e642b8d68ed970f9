"""Outcomes, interventions, rules, people, contacts and columns of one's own, alone and in studies."""

from __future__ import annotations

import copy
import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from time_limits import PROGRAM_SECONDS

import sim
from sim.__main__ import main
from sim.errors import InputError
from sim.model.extension.parts import read_extension
from sim.model.extension.running import ExtendedSimulation, simulate_with
from sim.model.simulation import RunResult, Simulation, simulate
from sim.runs.parquet import read_parquet
from sim.scenario import load_scenario

EXAMPLES = Path(__file__).parents[2] / "examples"
SMALL = {"organization.employees": 40, "run.weeks": 6}
SETTINGS = [f"{key}={value}" for key, value in SMALL.items()]
RESOLVED = load_scenario("collaboration", SMALL).resolved()
USUAL = simulate(RESOLVED, 3)


def file_with(folder: Path, text: str, name: str = "mine.py") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def run_with(extension: sim.Extension | Path, seed: int = 3) -> RunResult:
    found = read_extension(extension) if isinstance(extension, Path) else extension
    return simulate_with(found, False, RESOLVED, seed)


def usual_part(result: RunResult) -> dict[str, str]:
    return {name: repr(result.outcomes[name]) for name in USUAL.outcomes}


def test_an_extension_that_only_looks_changes_nothing() -> None:
    found = run_with(EXAMPLES / "silent_staff.py")
    assert usual_part(found) == usual_part(USUAL)
    assert 0 <= found.outcomes["silent"] <= 1
    assert len(found.series["silent"]) == 6
    assert found.outcomes["silent"] == pytest.approx(found.series["silent"][-4:].mean())


def test_a_missing_number_has_a_reason() -> None:
    def late(state: Any) -> float:
        return math.nan if state.week < 6 else state.week

    found = run_with(sim.Extension(outcomes={"late": late, "never": lambda state: math.nan}))
    assert found.outcomes["late"] == 6
    assert math.isnan(found.outcomes["never"])
    assert found.reasons["never"] == "the function of this outcome gave no number"
    last = sim.Outcome(lambda state: state.week, over_run="last")
    assert run_with(sim.Extension(outcomes={"week": last})).outcomes["week"] == 6


def test_what_is_looked_at_cannot_be_written() -> None:
    def meddling(state: Any) -> float:
        state["trust"][0] = 1.0
        return 0.0

    with pytest.raises(ValueError, match="read-only"):
        run_with(sim.Extension(outcomes={"meddling": meddling}))


def test_an_intervention_changes_what_it_says_and_nobody_elses_luck() -> None:
    def nothing(model: Any, luck: np.random.Generator) -> None:
        luck.random(1000)

    assert usual_part(run_with(sim.Extension(interventions={"nothing": nothing}))) == usual_part(USUAL)
    assert usual_part(run_with(EXAMPLES / "town_hall.py")) != usual_part(USUAL)


def test_draws_of_an_intervention_are_its_own_and_come_again() -> None:
    seen: dict[str, list[float]] = {}

    def taking(name: str) -> Any:
        def act(model: Any, luck: np.random.Generator) -> None:
            seen.setdefault(name, []).append(float(luck.random()))

        return act

    run_with(sim.Extension(interventions={"one": taking("a"), "two": taking("b")}))
    run_with(sim.Extension(interventions={"two": taking("c")}))
    assert seen["b"] == seen["c"]
    assert len({*seen["a"], *seen["b"]}) == 12
    assert len(seen["a"]) == 6


def test_every_day_and_a_column_of_ones_own() -> None:
    found = run_with(EXAMPLES / "daily_reminder.py")
    assert found.outcomes["reminders_per_employee"] > 0
    model = sim.IntranetModel("collaboration", employees=40, weeks=6, rng=3, extension=EXAMPLES / "daily_reminder.py")
    model.run()
    assert model.outcomes()["reminders_per_employee"] == found.outcomes["reminders_per_employee"]
    reminded = model.agents.select(lambda employee: employee.reminders > 0)
    assert len(reminded) > 0
    reminded.set("reminders", 0.0)
    assert model.simulation.own_columns["reminders"].max() == 0.0


def test_the_model_gives_the_numbers_of_the_study() -> None:
    for name in ("town_hall.py", "two_sites.py", "bold_writers.py"):
        model = sim.IntranetModel(load_scenario("collaboration", SMALL), rng=3, extension=EXAMPLES / name)
        while model.running:
            model.step()
        assert repr(model.outcomes()) == repr(run_with(EXAMPLES / name).outcomes), name


def test_another_rule_stands_in_the_place_of_the_usual_one_and_nowhere_else() -> None:
    from sim.model.rules.posting import post_probabilities

    as_it_is = sim.Extension(rules={"post_probabilities": getattr(post_probabilities, "py_func", post_probabilities)})
    assert usual_part(run_with(as_it_is)) == usual_part(USUAL)
    bold = run_with(EXAMPLES / "bold_writers.py")
    assert bold.outcomes["posts_per_employee_month"] > 1.2 * USUAL.outcomes["posts_per_employee_month"]
    assert usual_part(simulate(RESOLVED, 3)) == usual_part(USUAL)  # the first copy goes on as it was


@pytest.mark.nightly
def test_a_rule_that_others_have_taken_by_name_is_replaced_for_them_too() -> None:
    """`logistic` is taken by reading and responding when they are imported."""
    found = run_with(sim.Extension(rules={"logistic": lambda utility: 0.999}))
    assert found.outcomes["weekly_readers"] > 0.9
    assert found.outcomes["weekly_readers"] > USUAL.outcomes["weekly_readers"]


def test_a_rule_that_asks_something_of_one_person_runs_without_numba(tmp_path: Path) -> None:
    """There the usual rules take everybody at once."""
    program = """
from sim.model.extension.running import simulate_with
from sim import Extension
from sim.scenario import load_scenario
from sim.kernel.tables import HAS_NUMBA
assert not HAS_NUMBA
def majority_pressure(share_active):
    return 1.0 - 2.0 * share_active if share_active < 0.5 else 0.0
resolved = load_scenario("collaboration", {"organization.employees": 40, "run.weeks": 6}).resolved()
print(repr(simulate_with(Extension(rules={"majority_pressure": majority_pressure}), False, resolved, 3).outcomes))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "NUMBA_DISABLE_JIT": "1"}, capture_output=True, text=True,
        timeout=PROGRAM_SECONDS, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == repr(USUAL.outcomes), done.stderr


def test_people_and_contacts_of_ones_own() -> None:
    extension = read_extension(EXAMPLES / "two_sites.py")
    usual, other = Simulation(RESOLVED, 3), ExtendedSimulation(extension, RESOLVED, 3)
    assert other.table["trust"].mean() < usual.table["trust"].mean()
    assert len(other.world.neighbors) < len(usual.world.neighbors)
    for row in range(40):
        assert all(row in set(_contacts(other, int(j))) for j in _contacts(other, row))
    for wrong, words in (
        (lambda usual, workforce, luck: usual._replace(neighbors=usual.neighbors[:-1]), "'offsets' must rise"),
        (lambda usual, workforce, luck: usual._replace(neighbors=usual.neighbors * 0), "rows of other employees"),
        (lambda usual, workforce, luck: 7, "Contacts are wanted"),
    ):
        with pytest.raises((TypeError, ValueError), match=words):
            ExtendedSimulation(sim.Extension(contacts=wrong), RESOLVED, 3)
    shorter = sim.Extension(workforce=lambda usual, luck: usual._replace(trust=usual.trust[:3]))
    with pytest.raises(ValueError, match="'trust' has 3 values"):
        ExtendedSimulation(shorter, RESOLVED, 3)


def _contacts(simulation: Simulation, row: int) -> list[int]:
    world = simulation.world
    return world.neighbors[world.offsets[row] : world.offsets[row + 1]].tolist()


@pytest.mark.parametrize("name", ["daily_reminder.py", "bold_writers.py"])
def test_a_copy_goes_on_by_itself(name: str) -> None:
    first = sim.IntranetModel("collaboration", employees=40, weeks=6, rng=3, extension=EXAMPLES / name)
    for _ in range(7):
        first.step()
    second = copy.deepcopy(first)
    for model in (first, second):
        model.run()
    assert first.series().equals(second.series())


def test_a_model_with_interventions_can_be_saved_and_one_with_other_rules_not(tmp_path: Path) -> None:
    model = sim.IntranetModel("collaboration", employees=40, weeks=6, rng=3, extension=EXAMPLES / "daily_reminder.py")
    for _ in range(7):
        model.step()
    file = model.save(tmp_path / "model")
    code = "import sys, sim; m = sim.IntranetModel.load(sys.argv[1]); m.run(); print(m.series().to_csv(), end='')"
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True, timeout=PROGRAM_SECONDS
    )
    model.run()
    assert done.stdout == model.series().to_csv()
    other = sim.IntranetModel("collaboration", employees=40, weeks=6, extension=EXAMPLES / "bold_writers.py")
    with pytest.raises(InputError, match="replaced rules cannot be saved"):
        other.save(tmp_path / "other")
    with pytest.raises(NotImplementedError, match="rules of this model"):
        other.employee(0).explain(1)


WRONG = {
    "outcomes = {'reach': lambda state: 1.0}": "outcomes: there is a reach already",
    "outcomes = {'not a name': lambda state: 1.0}": "outcomes: not a name is no name",
    "outcomes = {'mine': 3}": "outcomes: mine must be a function",
    "outcomes = [1]": "outcomes must be a mapping",
    "outcome = {'mine': lambda state: 1.0}": "outcome means nothing here; did you mean outcomes?",
    "x = 1": "adds nothing: it has none of outcomes, interventions",
    "outcomes = {": "mine.py:1:12: '{' was never closed",
    "y = 1\nx = 1 / 0\noutcomes = {}": "mine.py:2: ZeroDivisionError",
    "import nowhere_to_be_found": "No module named 'nowhere_to_be_found'. The file is all that goes",
    "rules = {'post_probabilitys': print}": "no rule post_probabilitys; did you mean post_probabilities",
    "rules = {'gain': lambda amount: amount}": "rules: gain must take amount, half",
    "columns = {'trust': 0.5}": "columns: there is a trust already",
    "from sim import Intervention\ninterventions = {'mine': Intervention}": "the class Intervention; make one of it",
}


@pytest.mark.parametrize(("text", "words"), WRONG.items())
def test_wrong_files_are_refused_in_a_line(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_extension(file_with(tmp_path, text))
    assert words in str(refused.value)


def test_everything_that_is_wrong_is_said_at_once_and_in_dutch(tmp_path: Path, capsys: Any) -> None:
    file = file_with(tmp_path, "outcomes = {'reach': 3}\ncolumns = {'trust': 1}\nrules = {'nothing': print}")
    assert main(["run", "baseline", "--with", str(file), "--lang", "nl", "--out", str(tmp_path / "out")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 4
    assert "er is al een reach" in lines[0]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [["scorecard"], ["app"], ["explain", "baseline"], ["calibrate", "calibration"]])
def test_commands_about_the_rules_as_they_are_refuse_it(command: list[str], capsys: Any) -> None:
    assert main([*command, "--with", "mine.py"]) == 2
    assert "--with is for run, compare, sweep and sensitivity" in capsys.readouterr().err


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


MINE = (EXAMPLES / "town_hall.py").read_text() + (EXAMPLES / "silent_staff.py").read_text()
AT_DEFAULTS = ["--at-defaults", "--no-figures", "--quiet", *(word for each in SETTINGS for word in ("--set", each))]


def test_a_comparison_has_it_in_every_table_and_knows_it_again(here: Path, capsys: Any) -> None:
    file_with(here, MINE)
    typed = ["compare", "collaboration", "like-facebook", "--with", "mine.py", "--out", "out", *AT_DEFAULTS]
    assert main([*typed, "--replications", "2"]) == 0
    printed = capsys.readouterr().out
    assert "silent" in printed
    assert "mine.py has been added to it" in printed
    assert "silent" in set(pd.read_parquet("out/differences.parquet")["outcome"])
    manifest = json.loads(Path("out/manifest.json").read_text())
    assert manifest["with"]["file"] == "mine.py"
    assert manifest["with"]["interventions"] == ["town-hall"]
    runs = pd.read_parquet("out/runs.parquet")
    assert runs["silent"].notna().all()
    assert main(["results", "out"]) == 0
    assert "mine.py has been added to it" in capsys.readouterr().out
    assert main(["report", "out"]) == 0
    assert "mine.py has been added to it" in Path("out/report.html").read_text()
    # Other content is another study; so is none.
    file_with(here, MINE.replace("0.4", "0.5"))
    assert main([*typed, "--replications", "3", "--resume"]) == 2
    assert "what was added to the model (--with): mine.py" in capsys.readouterr().err
    assert main([*(word for word in typed if word not in ("--with", "mine.py")), "--replications", "2"]) == 2
    file_with(here, MINE)
    assert main([*typed, "--replications", "3", "--resume"]) == 0
    assert pd.read_parquet("out/runs.parquet").head(4)["silent"].equals(runs["silent"])


def test_workers_get_the_content_and_give_the_same(here: Path) -> None:
    file = file_with(here, MINE)
    options = {"at_defaults": True, "overrides": SMALL, "replications": 3, "extension": file}
    one, two = sim.run("collaboration", **options), sim.run("collaboration", **options, jobs=2, out="two")
    assert one.runs.equals(two.runs)
    assert one.runs["silent"].notna().all()
    assert two.failures.empty
    assert read_parquet(Path("two/plan.parquet"))["content_hash"].to_pylist() != []


def test_what_cannot_be_sent_is_refused_before_anything_runs(here: Path) -> None:
    options = {"at_defaults": True, "overrides": SMALL, "replications": 2, "outcomes": {"mine": lambda state: 1.0}}
    with pytest.raises(InputError, match=r"cannot go to other processes.*jobs=1"):
        sim.run("collaboration", **options, jobs=2, out="out")
    assert (sim.run("collaboration", **options).runs["mine"] == 1.0).all()


def test_over_worlds_and_in_sweeps(here: Path) -> None:
    file = file_with(here, MINE)
    found = sim.compare(["collaboration", "like-facebook"], worlds=3, overrides=SMALL, extension=file)
    assert "silent" in set(found.differences["outcome"])
    (here / "small.yaml").write_text(
        "name: small\nbase: collaboration\ndesign: latin_hypercube\nlevers:\n  rules.restriction: {low: 0, high: 1}\n"
        "samples: 16\nreplications: 1\noutcomes: [monthly_posters]\n"
        "set: {organization.employees: 30, run.weeks: 2}\n"
    )
    swept = sim.sweep("small.yaml", at_defaults=True, extension=file, out="swept")
    assert {"monthly_posters", "silent"} <= set(swept.runs.columns)
    assert sim.discover("swept", "silent > 2").verdict
    with pytest.raises(InputError, match="silentt"):
        sim.discover("swept", "silentt > 2")


@pytest.mark.parametrize("command", ["sweep", "sensitivity"])
def test_every_table_of_an_experiment_says_that_the_model_is_not_as_it_comes(
    here: Path, command: str, capsys: Any
) -> None:
    file_with(here, MINE)
    design, ends = "design: grid\nlevers:", "{low: 0, high: 1, steps: 2}"
    if command == "sensitivity":
        design, ends = "method: morris\nsamples: 2\nuncertainties:", "{low: 0, high: 1}"
    (here / "small.yaml").write_text(
        f"name: small\nbase: collaboration\n{design}\n  rules.restriction: {ends}\n  rules.guidance: {ends}\n"
        "replications: 1\noutcomes: [monthly_posters]\nset: {organization.employees: 30, run.weeks: 2}\n"
    )
    options = ["--at-defaults"] if command == "sweep" else []
    assert main([command, "small.yaml", *options, "--with", "mine.py", "--out", "out", "--no-figures", "--quiet"]) == 0
    assert "mine.py has been added to it" in capsys.readouterr().out
    assert main(["results", "out"]) == 0
    assert "mine.py has been added to it" in capsys.readouterr().out
    assert main(["report", "out"]) == 0
    assert "mine.py has been added to it" in Path("out/report.html").read_text()


def test_a_failing_function_is_a_failed_run_with_its_line(here: Path) -> None:
    file = file_with(here, "def mine(state):\n    return 1 / (state.week - 3)\noutcomes = {'mine': mine}\n")
    found = sim.run("collaboration", at_defaults=True, overrides=SMALL, replications=2, extension=file)
    assert len(found.failures) == 2
    assert "ZeroDivisionError" in found.failures["error"].iloc[0]
    assert "line 2, in mine" in found.failures["traceback"].iloc[0]


def test_the_hash_knows_what_functions_are_made_of() -> None:
    one = sim.Extension(interventions={"mine": read_extension(EXAMPLES / "town_hall.py").interventions["town-hall"]})
    other = copy.deepcopy(one.interventions["mine"])
    other.gain = 0.5
    assert one.digest != sim.Extension(interventions={"mine": other}).digest
    assert sim.Extension().digest == ""
    assert not sim.Extension()
    with pytest.raises(TypeError, match="not both"):
        sim.run("collaboration", extension=one, outcomes={})
    with pytest.raises(TypeError, match="there is no 'outcoms'; did you mean outcomes"):
        sim.run("collaboration", outcoms={})


def test_the_page_runs_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    import re

    root = EXAMPLES.parent
    monkeypatch.chdir(root)
    monkeypatch.syspath_prepend(str(root))
    page = (root / "docs" / "how-to" / "extend-without-editing.md").read_text()
    names: dict[str, Any] = {}
    for block in re.findall(r"^```python\n(.*?)^```", page, flags=re.M | re.S):
        exec(block, names)
    assert "silent" in names["found"].runs
    assert {"mood"} <= set(dir(names["moody"].employee(0)))
    assert {file.name for file in EXAMPLES.glob("*.py")} == set(re.findall(r"\(\.\./\.\./examples/(\w+\.py)\)", page))


@pytest.mark.nightly
def test_compiled_rules_give_the_same_bits(tmp_path: Path) -> None:
    for extension in (read_extension(EXAMPLES / "bold_writers.py"),):
        compiled = simulate_with(extension, True, RESOLVED, 3)
        assert repr(compiled.outcomes) == repr(run_with(extension).outcomes)
