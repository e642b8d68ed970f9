"""What ``validate`` passes, ``sweep`` and ``sensitivity`` do not refuse, and what they refuse it refuses as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.__main__ import main
from sim.scenario.experiment import load_experiment

Capture = pytest.CaptureFixture[str]

STAFF = "employee,age,department\na,30,Sales\nb,40,Sales\nc,50,Care\n"
FILES = {
    "shares": "design: grid\nlevers: {launch.framing.social: [0.3, 0.9], launch.framing.clarity: [0, 1]}\n",
    "whole shares": "design: zip\nlevers: {launch.framing.social: [0.3, 0.5], launch.framing.broadcast: [0.3, 0.1]}\n",
    "drawn shares": "design: sobol\nsamples: 2\nlevers: {launch.framing.social: {low: 0, high: 1}}\n",
    "no order": "method: morris\nsamples: 2\nlevers: {launch.framing: [mixed, news, unframed]}\n",
    "two": "method: morris\nsamples: 2\nlevers: {launch.framing: [mixed, news]}\n",
    "groups": "method: pawn\nby_group: true\nsamples: 10\nlevers: {rules.guidance: {low: 0, high: 1}}\n",
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
