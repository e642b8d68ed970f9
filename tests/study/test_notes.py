"""What is said before the numbers: what scenarios share and differ in, and which are the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.__main__ import main
from sim.analysis.notes import difference_notes, differing, same_candidates, shares_staff
from sim.analysis.over_worlds import arms_of
from sim.runs.manifest import read_manifest
from sim.scenario import scenario_from_mapping

SMALL = {"organization": {"employees": 30}, "run": {"weeks": 2, "replications": 2}}


def arms(*settings: dict[str, object]):
    """Return scenarios that differ from a small one in some settings."""
    return arms_of([scenario_from_mapping({**SMALL, "name": "abc"[i]}, one) for i, one in enumerate(settings)])


@pytest.mark.parametrize(
    ("settings", "kinds"),
    [
        ({"rules.guidance": 0.9}, ["launch"]),
        ({"organization.trust": 0.3}, ["organization"]),
        ({"organization.contacts.across": 3.0}, ["organization"]),
        ({"run.critical_share": 0.02}, ["yardstick"]),
        ({"run.weeks": 3, "behavior.peers": 0.0}, ["behavior", "yardstick"]),
        ({"run.replications": 5}, []),
    ],
)
def test_what_two_scenarios_differ_in(settings: dict[str, object], kinds: list[str]) -> None:
    pair = arms({}, settings)
    assert list(differing(pair[0].resolved, pair[1].resolved)) == kinds
    assert shares_staff(pair) == ("organization" not in kinds)
    note = difference_notes(pair, "en")[0]
    assert ("not about the launch alone" in note) == bool(set(kinds) - {"launch"})


def test_candidates_that_are_the_same_in_every_run() -> None:
    values = {
        "a": [np.array([[1.0, np.nan]])], "b": [np.array([[1.0, -np.nan]])], "c": [np.array([[1.0, 0.0]])],
        "d": [np.array([[1.0, -0.0]])], "none": [np.full((1, 2), np.nan)], "nothing": [np.full((1, 2), np.nan)],
    }  # fmt: skip
    assert same_candidates(values) == [("a", "b"), ("c", "d")]


def compared(capsys: pytest.CaptureFixture[str], *given: object) -> str:
    """Return what ``compare`` prints."""
    worlds = [] if "--worlds" in given else ["--at-defaults"]
    assert main(["compare", *worlds, *map(str, given), "--quiet", "--no-figures", "--jobs", "1"]) == 0
    return capsys.readouterr().out


def scenario_file(folder: Path, name: str, text: str) -> Path:
    """Write a small scenario."""
    file = folder / f"{name}.yaml"
    file.write_text(f"name: {name}\n{text}\nrun: {{weeks: 2, replications: 2}}\n")
    return file


def test_own_coefficients_stay_in_every_world_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = scenario_file(tmp_path, "own", "organization: {employees: 30}\nbehavior: {read_base: 5.0, peers: 0.0}")
    usual = scenario_file(tmp_path, "usual", "organization: {employees: 30}")
    out = compared(capsys, own, usual, "--worlds", 3, "--out", tmp_path / "out")
    assert "no difference at all" not in out
    said = "“own” sets coefficients itself; they stay as set in every world: behavior.read_base = 5, behavior.peers"
    assert said in out
    assert "differ in the people (behavior.read_base, behavior.peers)" in out
    assert main(["results", str(tmp_path / "out")]) == 0
    assert said in capsys.readouterr().out
    assert main(["report", str(tmp_path / "out"), "--lang", "nl"]) == 0
    assert "die blijven zo in elke wereld" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    manifest = read_manifest(tmp_path / "out")
    assert manifest is not None
    assert manifest["scenarios"][0]["own_coefficients"] == ["behavior.read_base", "behavior.peers"]
    capsys.readouterr()
    found = json.loads(compared(capsys, own, usual, "--worlds", 3, "--out", tmp_path / "out", "--resume", "--json"))
    assert found["kept_coefficients"] == {"own": {"behavior.read_base": 5.0, "behavior.peers": 0.0}}


def test_an_option_stays_in_every_world(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    usual = scenario_file(tmp_path, "usual", "organization: {employees: 30}")
    options = ["--worlds", 2, "--set", "behavior.read_base=-50", "--out", tmp_path / "out"]
    out = compared(capsys, usual, usual, *options)
    assert "“usual” and “usual-2” have the same settings." in out
    assert "The same in every run: “usual”, “usual-2”." in out
    assert "behavior.read_base = −50" in out


def test_other_organizations_share_no_staff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = scenario_file(tmp_path, "small", "organization: {employees: 30}")
    large = scenario_file(tmp_path, "large", "organization: {employees: 60, trust: 0.3}\nrules: {guidance: 0.9}")
    out = compared(capsys, small, large, "--out", tmp_path / "out", "--report")
    assert "share staff" not in out
    assert "runs with one seed share their luck, not their staff" in out
    assert (
        "differ in the launch (rules.guidance) and in the organization (organization.employees, organization.trust)"
        in out
    )
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "same staff" not in report
    assert "of different organizations" in report
    assert '"same_staff": false' in compared(capsys, small, large, "--out", tmp_path / "out", "--resume", "--json")
    again = compared(capsys, small, small, "--set", "rules.guidance=0.9", "--out", tmp_path / "b")
    assert "runs with one seed share staff and luck" in again
