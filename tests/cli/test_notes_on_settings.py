"""Settings that do nothing, departments that open too late, pilots by name: what the commands say of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.errors import InputError
from sim.experiments import list_experiments, load_experiment
from sim.model.simulation import Simulation
from sim.model.state import DAYS_PER_WEEK
from sim.organization.own_staff import fitted_to_staff, openings
from sim.scenario import ScenarioError, list_scenarios, load_scenario, scenario_from_mapping

LATE = """\
name: late
organization: {employees: 60, departments: 15}
launch:
  waves: {pilot: [0], every_weeks: 4}
  campaign: {weeks: 0, reach: 0.4}
changes:
  - {week: 5, set: {rules.restriction: 0.2, launch.campaign.reach: 0.5}}
run: {weeks: 52, replications: 2}
"""
DEPARTMENTS = ["Sales"] * 4 + ["IT"] * 3 + ["Human Resources"] * 3
STAFF = "employee,department\n" + "".join(
    f"e{row},{name}\n" for row, name in enumerate(DEPARTMENTS * 5)
)  # large enough to be named


def told(capsys: pytest.CaptureFixture[str], *command: object, code: int = 0) -> tuple[str, str]:
    """Return what a command says on stdout and on stderr."""
    assert main([str(part) for part in command]) == code
    return tuple(capsys.readouterr())


@pytest.fixture
def late(tmp_path: Path) -> Path:
    file = tmp_path / "late.yaml"
    file.write_text(LATE)
    return file


def test_what_has_no_effect_is_named_with_its_place_and_the_reason(
    late: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = told(capsys, "validate", late)
    no_campaign = "has no effect here, because launch.campaign.weeks is 0"
    assert f"{late}:5:31: launch.campaign.reach: {no_campaign}" in err
    assert f"changes[0].set.launch.campaign.reach: {no_campaign}" in err
    assert "changes[0].set.rules.restriction: changes nothing: it is so already before week 5" in err
    assert (
        "heeft hier geen effect, want launch.campaign.weeks is 0" in told(capsys, "validate", late, "--lang", "nl")[1]
    )
    options = ["--set", "launch.champions.share=0", "--set", "launch.champions.choose=youngest", "--dry-run", "--quiet"]
    _, err = told(capsys, "run", "--at-defaults", "baseline", *options)
    assert "--set launch.champions.choose=youngest: launch.champions.choose: has no effect here" in err
    assert "launch.champions.share: has no effect" not in err  # it does: it takes the champions away


def test_a_child_is_not_told_of_what_its_parent_says(late: Path, capsys: pytest.CaptureFixture[str]) -> None:
    child = late.with_name("child.yaml")
    child.write_text("extends: late.yaml\nchanges: []\nlaunch: {waves: all_at_once}\n")
    assert "no effect" not in told(capsys, "validate", child)[1]


def test_nothing_that_ships_has_settings_without_effect() -> None:
    for one in list_scenarios():
        notes: list = []
        load_scenario(one.file, notes=notes)
        assert notes == []
    for experiment in list_experiments():
        notes = []
        load_experiment(experiment.file, notes=notes)
        assert notes == []


def test_factors_without_effect_at_any_point_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "idle.yaml"
    text = (
        "base: baseline\nset: {launch.champions.share: 0.0, organization.employees: 40}\ndesign: grid\nlevers:\n"
        "  launch.champions.choose: [random, central]\n  rules.guidance: [0.1, 0.5]\n"
    )
    file.write_text(text)
    _, err = told(capsys, "validate", file)
    assert f"{file}:5:3: levers.launch.champions.choose: has no effect here" in err
    assert "guidance" not in err
    # another lever makes it act at some point
    file.write_text(text.replace("launch.champions.share: 0.0, ", "") + "  launch.champions.share: [0.0, 0.1]\n")
    assert told(capsys, "validate", file)[1] == ""


def test_departments_that_open_too_late_are_named_everywhere(late: Path, capsys: pytest.CaptureFixture[str]) -> None:
    never = "2 of 15 departments never open: their turn comes after the 52 weeks of the run (departments 13, 14)."
    assert never in told(capsys, "validate", late)[1]
    out, err = told(capsys, "run", "--at-defaults", late, "--dry-run", "--quiet")
    assert never in err
    assert "1 of 15 departments open in the last 4 weeks of the run" in err
    assert "Week 1: opens 0\nWeek 5: opens 1\n" in out
    assert "Week 49: opens 12\nWeek 53, after the run: 13\nWeek 57, after the run: 14" in out
    out, _ = told(capsys, "run", "--at-defaults", late, "--dry-run", "--quiet", "--json")
    departments = json.loads(out)["scenarios"][0]["departments"]
    assert departments[14] == {"department": 14, "name": "14", "week": 57}
    folder = late.with_name("out")
    options = ["--out", folder, "--quiet", "--report", "--jobs", "1"]
    assert never in told(capsys, "run", "--at-defaults", late, *options)[0]
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert never in report
    assert "Week 57, after the run: 14" in report
    _, err = told(
        capsys,
        "run",
        "--at-defaults",
        late,
        "--dry-run",
        "--quiet",
        "--set",
        "launch.waves.every_weeks=3",
        "--weeks",
        "57",
    )
    assert "never open" not in err


def test_openings_are_those_of_the_run(late: Path) -> None:
    resolved = load_scenario(late, {"launch.champions.share": 0.0}).resolved()
    table = Simulation(resolved, 1).table
    for one in openings(resolved):
        days = table["access_day"][table["department"] == one.department]
        assert set(days) == {(one.week - 1) * DAYS_PER_WEEK}


def staffed(folder: Path, pilot: object) -> dict[str, object]:
    """Return a scenario with a staff file, resolved."""
    (folder / "staff.csv").write_text(STAFF)
    settings = {"organization.workforce": str(folder / "staff.csv"), "launch.waves": {"pilot": pilot, "every_weeks": 1}}
    return scenario_from_mapping({"run": {"weeks": 3}}, settings).resolved()


def test_pilots_by_name(tmp_path: Path) -> None:
    found = openings(staffed(tmp_path, ["IT"]))
    assert [(one.name, one.week) for one in found if one.week == 1] == [("IT", 1)]
    assert {one.name for one in found} == {"Sales", "IT", "Human Resources"}
    number = next(one.department for one in found if one.name == "IT")
    assert openings(staffed(tmp_path, [number])) == found
    fitted = fitted_to_staff(staffed(tmp_path, ["IT"]))
    assert fitted["launch"]["waves"]["pilot"] == [number]
    Simulation(staffed(tmp_path, ["IT"]), 1).run()


@pytest.mark.parametrize(
    ("pilot", "message"),
    [
        (["Slaes"], "no department 'Slaes' in the file, which has .*Sales.* did you mean .*Sales"),
        (["IT", "IT"], "twice"),
        ([7], "no department 7"),
    ],
)
def test_pilots_that_the_staff_file_does_not_have(tmp_path: Path, pilot: list[object], message: str) -> None:
    with pytest.raises((InputError, ScenarioError), match=message):
        fitted_to_staff(staffed(tmp_path, pilot))


def test_validate_refuses_a_pilot_that_the_staff_file_does_not_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "staff.csv").write_text(STAFF)
    file = tmp_path / "own.yaml"
    file.write_text("organization: {workforce: staff.csv}\nlaunch: {waves: {pilot: [Slaes]}}\n")
    _, err = told(capsys, "validate", file, code=2)
    assert "no department 'Slaes'" in err


def test_names_need_a_staff_file() -> None:
    with pytest.raises(ScenarioError, match=r"only a staff file .* has names of departments"):
        scenario_from_mapping({"launch": {"waves": {"pilot": ["Sales"]}}})


def test_a_change_for_some_departments_is_compared_with_what_holds_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "some.yaml"
    file.write_text(
        "name: some\norganization: {employees: 60, departments: 3}\nrun: {weeks: 20}\nchanges:\n"
        "  - {week: 4, departments: [1], set: {rules.restriction: 0.8}}\n"
        "  - {week: 6, departments: [1], set: {rules.restriction: 0.8}}\n"  # is so there
        "  - {week: 7, departments: [1, 2], set: {rules.restriction: 0.8}}\n"  # is not so in 2
        "  - {week: 8, set: {rules.restriction: 0.2}}\n"  # as it was, but not in 1 and 2
        "  - {week: 9, set: {rules.restriction: 0.2}}\n"
    )
    _, err = told(capsys, "validate", file)
    assert [line.split(": ")[0] for line in err.splitlines() if "changes nothing" in line] == [
        f"{file}:{line}:{column}" for line, column in ((6, 39), (9, 21))
    ]


def test_departments_of_a_change_are_those_of_the_staff_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "staff.csv").write_text(STAFF)
    file = tmp_path / "own.yaml"
    text = (
        "organization: {{workforce: staff.csv}}\nrun: {{weeks: 8}}\nchanges:\n"
        "  - {{week: 4, departments: [{}], set: {{rules.guidance: 1}}}}\n"
    )
    file.write_text(text.format("Sales, 0"))
    told(capsys, "validate", file)
    resolved = fitted_to_staff(load_scenario(file).resolved())
    assert resolved["changes"][0]["departments"] == [2, 0]  # numbered by name
    for named, said in (("Sale", "did you mean 'Sales'?"), ("3", "allowed are 0 to 2"), ("Sales, 2", "there twice")):
        file.write_text(text.format(named))
        _, err = told(capsys, "validate", file, code=2)
        assert "changes[0].departments: " in err
        assert said in err


KEYS = "{date: 2026-01-31, deskless: leave_out, profile: us-2021, columns: {age: leeftijd}}"


@pytest.mark.parametrize(
    ("columns", "cells", "idle"),
    [
        ("employee,leeftijd,department", "30,d", ["date", "deskless"]),
        ("employee,leeftijd,department,hire_date", "30,d,2020-05-01", ["deskless"]),
        ("employee,leeftijd,department,desk", "30,d,no", ["date"]),
    ],
)
def test_a_way_to_read_a_staff_file_that_does_nothing_with_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    columns: str, cells: str, idle: list[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    kept = cells.replace(",no", ",yes")
    rows = "".join(f"e{row},{cells if row == 3 else kept}\n" for row in range(12))
    Path("staff.csv").write_text(f"{columns}\n{rows}")
    Path("s.yaml").write_text(f"organization: {{workforce: staff.csv, staff: {KEYS}}}\nrun: {{weeks: 4}}\n")
    _, err = told(capsys, "validate", "s.yaml", "--quiet")
    assert [line.split(": ")[1].rpartition(".")[2] for line in err.splitlines()] == idle
    Path("base.yaml").write_text("organization: {workforce: staff.csv, staff: {columns: {age: leeftijd}}}\n")
    fixed = "set: {organization.staff.date: 2026-01-31, organization.staff.deskless: leave_out, run.weeks: 4}\n"
    Path("e.yaml").write_text(f"base: base.yaml\ndesign: grid\nlevers: {{rules.restriction: [0.1, 0.2]}}\n{fixed}")
    _, err = told(capsys, "validate", "e.yaml", "--quiet")
    assert [line.split(": ")[1].rpartition(".")[2] for line in err.splitlines()] == idle


def test_beside_a_profile_all_of_them_do_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.yaml").write_text(f"organization: {{staff: {KEYS}}}\n")
    _, err = told(capsys, "validate", tmp_path / "s.yaml", "--quiet")
    assert err.count("has no effect here, because organization.workforce is nl-2014") == 4


def test_what_needs_a_second_department_counts_those_of_the_staff_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "staff.csv").write_text("employee,department\n" + "".join(f"e{row},one\n" for row in range(20)))
    (tmp_path / "s.yaml").write_text(
        "organization: {workforce: staff.csv, contacts: {across: 3}}\n"
        "launch: {waves: {pilot: [one], every_weeks: 2}, champions: {share: 0.01, choose: youngest}}\n"
    )
    _, err = told(capsys, "validate", tmp_path / "s.yaml", "--quiet")
    named = {line.split(": ")[1] for line in err.splitlines() if "has no effect" in line}
    assert named >= {"organization.contacts.across", "launch.waves.pilot", "launch.champions.choose"}
