"""What ``validate`` passes, ``sweep`` and ``sensitivity`` do not refuse, and what they refuse it refuses as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.__main__ import main
from sim.errors import InputError
from sim.experiments import experiment_from_mapping, load_experiment
from sim.runs.designs import design_points
from sim.scenario import ScenarioError

Capture = pytest.CaptureFixture[str]

STAFF = "employee,age,department\na,30,Sales\nb,40,Sales\nc,50,Care\n"
FILES = {
    "shares": "design: grid\nlevers: {launch.framing.social: [0.3, 0.9], launch.framing.clarity: [0, 1]}\n",
    "whole shares": "design: zip\nlevers: {launch.framing.social: [0.3, 0.5], launch.framing.broadcast: [0.3, 0.1]}\n",
    "drawn shares": "design: sobol\nsamples: 2\nlevers: {launch.framing.social: {low: 0, high: 1}}\n",
    "no order": "method: morris\nsamples: 2\nlevers: {launch.framing: [mixed, news, unframed]}\n",
    "two": "method: morris\nsamples: 2\nlevers: {launch.framing: [mixed, news]}\n",
    "few for sobol": "method: sobol\nsamples: 2\nlevers: {rules.guidance: {low: 0, high: 1}}\n",
    "few for pawn": "method: pawn\nsamples: 10\nlevers: {rules.guidance: {low: 0, high: 1}}\n",
    "groups": "method: pawn\nby_group: true\nsamples: 20\nlevers: {rules.guidance: {low: 0, high: 1}}\n",
    "pilot of the file": "design: grid\nlevers: {launch.waves: [all_at_once, {pilot: [Sales]}]}\n",
    "pilot of another file": "design: grid\nlevers: {launch.waves: [all_at_once, {pilot: [Support]}]}\n",
    "number of another file": "design: grid\nlevers: {launch.waves: [all_at_once, {pilot: [5]}]}\n",
    "broken staff": "design: grid\nlevers: {organization.workforce: [staff.csv, broken.csv]}\n",
    "change after the end": "design: grid\nlevers: {run.weeks: [2, 9], late: {a: {changes: "
    "[{week: 5, set: {rules.guidance: 1}}]}}}\n",
}  # fmt: skip
RIGHT = ("whole shares", "two", "pilot of the file")


@pytest.mark.parametrize("name", FILES)
def test_validate_says_what_doing_it_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("staff.csv").write_text(STAFF)
    Path("broken.csv").write_text(STAFF.replace("40", "400"))
    Path("own.yaml").write_text("organization: {workforce: staff.csv}\nrun: {weeks: 2}\n")
    Path("x.yaml").write_text("base: own.yaml\nreplications: 1\noutcomes: [reach]\n" + FILES[name])
    checked = main(["validate", "x.yaml"])
    found = capsys.readouterr().err
    command = "sensitivity" if "method" in FILES[name] else "sweep"
    done = main([command, "x.yaml", "--no-figures", "--quiet", "--jobs", "1"])
    refused = capsys.readouterr().err
    assert (checked, done) == ((0, 0) if name in RIGHT else (2, 2))
    if name not in RIGHT:
        assert all(line in found for line in refused.splitlines())
        assert not Path("results").exists()


def test_a_very_large_design_is_looked_at_in_part_and_says_so(tmp_path: Path, capsys: Capture) -> None:
    text = "base: baseline\ndesign: grid\nreplications: 1\nlevers:\n"
    text += "".join(
        f"  organization.{key}: {{low: 1, high: 300, steps: 300}}\n" for key in ("departments", "employees")
    )
    (tmp_path / "large.yaml").write_text(text)
    assert main(["validate", str(tmp_path / "large.yaml")]) == 0
    assert "has 90,000 combinations" in capsys.readouterr().err
    assert load_experiment(tmp_path / "large.yaml").n_points == 90_000


SHARES = [f"launch.framing.{name}" for name in ("social", "collaboration", "broadcast")]
LATER = {
    "none": {"rules.restriction": 0.5},
    "late": {"changes": [{"week": 20, "set": {"rules.restriction": 0.8}}]},
    "framing": {"changes": [{"week": 4, "set": {SHARES[0]: 0.5, SHARES[1]: 0.2}}]},
}
MAY_CONTRADICT: dict[str, Any] = {
    SHARES[0]: [0.3, 0.5],
    SHARES[1]: [0.4, 0.2],
    SHARES[2]: [0.3, 0.1],
    "organization.departments": [3, 8],
    "organization.employees": [3, 3000],
    "organization.contacts.everyone": [False, True],
    "organization.workforce": ["nl-2014", "us-2015"],
    "organization.sector": ["all", "financial"],
    "launch.waves": ["all_at_once", {"pilot": [3]}],
    "run.weeks": [12, 40],
    "rules.guidance": [0, 1],
}


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(st.sampled_from(sorted(MAY_CONTRADICT)), min_size=1, max_size=4, unique=True),
    has_changes=st.booleans(),
    design=st.sampled_from(["grid", "zip"]),
)
def test_reading_a_file_finds_what_looking_at_every_point_finds(
    names: list[str], has_changes: bool, design: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Reading combines only what can contradict each other; the points of a mapping are looked at one by one."""
    levers = {name: MAY_CONTRADICT[name] for name in names}
    if has_changes:
        levers["later"] = dict(list(LATER.items())[-2:]) if design == "zip" else LATER
    experiment = {"base": "baseline", "design": design, "levers": levers}
    file = tmp_path_factory.mktemp("design") / "x.yaml"
    file.write_text(json.dumps(experiment))
    try:
        design_points(experiment_from_mapping(experiment))
    except InputError:
        with pytest.raises(ScenarioError):
            load_experiment(file)
    else:
        load_experiment(file)
