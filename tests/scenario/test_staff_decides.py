"""What a staff file decides cannot be set, changed or varied beside it; records say what its people are."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.experiments import load_experiment
from sim.organization.own_staff import fitted_to_staff
from sim.scenario import ScenarioError, load_scenario, scenario_from_mapping
from sim.scenario.staffing import DECIDED

STAFF = "employee,age,department,trust\n" + "".join(f"e{i},{20 + i},d{i % 3},0.{i}\n" for i in range(1, 7))
VALUES = {"employees": 900, "departments": 2, "sector": "public", "remote_share": 0.9, "trust": 0.9}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "staff.csv").write_text(STAFF, encoding="utf-8")
    (tmp_path / "full.csv").write_text(STAFF.replace("trust\n", "trust,remote_share\n").replace("\ne", ",0\ne").replace(
        "remote_share,0", "remote_share").rstrip("\n") + ",0.5\n", encoding="utf-8")  # fmt: skip
    (tmp_path / "partly.csv").write_text(STAFF.replace(",0.3\n", ",\n"), encoding="utf-8")
    (tmp_path / "base.yaml").write_text("organization: {workforce: staff.csv}\nrun: {weeks: 4}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(text: str, name: str = "s.yaml") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def refused(load: object, *given: object) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load(*given)  # type: ignore[operator]
    return [str(one) for one in caught.value.problems]


@pytest.mark.parametrize("key", [key.partition(".")[2] for key in DECIDED])
def test_set_in_the_file_or_as_an_option(here: Path, key: str) -> None:
    text = f"organization:\n  workforce: full.csv\n  {key}: {VALUES[key]}\n"
    (problem,) = refused(load_scenario, written(text))
    assert problem.startswith(f"s.yaml:3:{len(key) + 5}: organization.{key}: cannot be set beside a staff file")
    (problem,) = refused(load_scenario, written("organization: {workforce: full.csv}"), {
        f"organization.{key}": VALUES[key]})  # fmt: skip
    assert f"organization.{key}: cannot be set beside a staff file" in problem


def test_changes_on_the_way(here: Path) -> None:
    change = "changes:\n- week: 1\n  set: {organization.remote_share: 0.5}\n"
    (problem,) = refused(load_scenario, written("organization: {workforce: full.csv}\n" + change))
    assert problem.startswith("s.yaml:4:9: changes[0].set.organization.remote_share: cannot be set")
    load_scenario(written("organization: {workforce: staff.csv}\n" + change))  # it draws who works remotely


def test_what_a_column_leaves_open_can_be_set(here: Path) -> None:
    load_scenario(written("organization: {workforce: partly.csv, trust: 0.9, remote_share: 0.2}"))


def test_settings_from_below_give_way(here: Path) -> None:
    written("organization: {employees: 50, trust: 0.9, departments: 2, contacts: {across: 3}}\n", "parent.yaml")
    child = load_scenario(written("extends: parent.yaml\norganization: {workforce: staff.csv}\n"))
    assert child.organization.contacts.across == 3
    resolved = fitted_to_staff(child.resolved())["organization"]
    assert (resolved["employees"], resolved["departments"], resolved["trust"]) == (6, 3, 0.35)
    load_scenario("parent.yaml", ["organization.workforce=staff.csv"])
    load_scenario(written("extends: collaboration\norganization: {workforce: staff.csv}\n"))
    written("organization: {workforce: staff.csv}\n", "parent.yaml")
    refused(load_scenario, written("extends: parent.yaml\norganization: {employees: 50}\n"))


def test_all_values_of_a_scenario_are_a_scenario(here: Path) -> None:
    scenario = load_scenario("base.yaml")
    assert scenario_from_mapping(scenario.resolved()) == scenario
    fitted = scenario_from_mapping(fitted_to_staff(scenario.resolved()))
    assert fitted.organization.employees == 6
    assert fitted_to_staff(fitted.resolved()) == fitted_to_staff(scenario.resolved())


@pytest.mark.parametrize(
    ("varied", "where", "key"),
    [
        ("levers:\n  organization.trust: [0.1, 0.9]\n", "levers.organization.trust", "trust"),
        ("levers:\n  organization.departments: [2, 20]\n", "levers.organization.departments", "departments"),
        ("levers:\n  a:\n    one: {organization.employees: 50}\n    two: {organization.employees: 60}\n", "levers.a",
         "organization.employees"),
        ("set: {organization.employees: 50}\nlevers:\n  rules.restriction: [0.1, 0.9]\n",
         "organization.employees", "employees"),
    ],
)  # fmt: skip
def test_an_experiment_does_not_vary_it(here: Path, varied: str, where: str, key: str) -> None:
    (problem,) = refused(load_experiment, written(f"base: base.yaml\ndesign: grid\n{varied}", "e.yaml"))
    assert problem.startswith("e.yaml:")
    assert f"{where}: " in problem
    assert f"{key}: cannot be set beside a staff file" in problem


def test_nor_where_a_workforce_is_one_of_several(here: Path) -> None:
    text = "base: baseline\ndesign: grid\nlevers:\n  organization.workforce: [nl-2016, staff.csv]\n"
    load_experiment(written(text, "e.yaml"))
    assert len(refused(load_experiment, written(f"{text}  organization.employees: [50, 60]\n", "e.yaml"))) == 1


def test_what_one_alternative_brings_is_not_beside_the_others(here: Path) -> None:
    who = "base: {base}\ndesign: grid\nlevers:\n  who:\n    ours: {{organization.workforce: full.csv}}\n"
    theirs = "    theirs: {{{more}organization.employees: 50, organization.trust: 0.9}}\n"
    synthetic = "organization.workforce: nl-2014, "
    written(who.format(base="baseline") + theirs.format(more=""), "e.yaml")
    assert len(load_experiment("e.yaml").levers[0].alternatives) == 2
    load_experiment(written(who.format(base="base.yaml") + theirs.format(more=synthetic), "e.yaml"))
    # A base with a staff file keeps it where an alternative names no other.
    assert len(refused(load_experiment, written(who.format(base="base.yaml") + theirs.format(more=""), "e.yaml"))) == 2
    with_file = theirs.format(more="organization.workforce: full.csv, ")
    assert len(refused(load_experiment, written(who.format(base="baseline") + with_file, "e.yaml"))) == 2


def test_ranges_of_a_group_leave_it_alone(here: Path) -> None:
    text = "base: base.yaml\nmethod: morris\nsamples: 4\nuncertainties: {people: registry, rules: registry}\n"
    names = [one.name for one in load_experiment(written(text, "e.yaml")).uncertainties]
    assert "organization.remote_share" in names
    assert not {"organization.employees", "organization.trust"} & set(names)
