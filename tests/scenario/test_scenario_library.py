"""The shipped scenarios: that they are there, load, and differ from their parents in what they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sim.scenario import Scenario, list_scenarios, load_scenario
from sim.scenario.library import shipped_file, shipped_folder, shipped_names

PROMISED = (
    "baseline", "like-facebook", "collaboration", "unframed", "knowledge", "news-channel", "strict-rules", "no-rules",
    "clear-guidance", "work-only", "leaders-post", "leaders-announce-only", "mandated", "big-bang", "patient-rollout",
    "champions-central", "champions-digital-natives", "approval-following", "remote-first", "appraisal-rewards",
    "appraisal-penalises", "imposed-migration", "rules-arrive-late",
)  # fmt: skip


def flat(values: dict[str, Any], start: str = "") -> dict[str, Any]:
    """Return a nested dict with dotted keys."""
    result: dict[str, Any] = {}
    for key, value in values.items():
        result |= flat(value, f"{start}{key}.") if isinstance(value, dict) else {start + key: value}
    return result


def differences(name: str, parent: str) -> dict[str, Any]:
    """Return what scenario `name` sets otherwise than `parent`."""
    own, other = flat(load_scenario(name).resolved()), flat(load_scenario(parent).resolved())
    return {
        key: own.get(key)
        for key in own.keys() | other.keys()
        if own.get(key) != other.get(key) and key not in ("name", "description")
    }


def test_all_promised_scenarios_are_there() -> None:
    assert set(PROMISED) <= set(shipped_names())
    assert shipped_names()[0] == "baseline"


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_scenario(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert len(scenario.description.split()) >= 10
    assert "\n" not in scenario.description.strip()
    assert scenario == load_scenario(shipped_folder() / f"{name}.yaml")
    if name != "baseline":
        text = (shipped_folder() / f"{name}.yaml").read_text(encoding="utf-8")
        assert re.search(r"^# Claims? \d\.\d", text), "a comment names the claim it comes from"
        assert differences(name, "baseline")


def test_baseline_is_the_defaults() -> None:
    baseline = load_scenario("baseline").resolved()
    assert baseline == Scenario().resolved() | {"name": "baseline", "description": baseline["description"]}


@pytest.mark.parametrize(
    ("name", "parent", "keys"),
    [
        ("like-facebook", "baseline", {"launch.framing"}),
        ("collaboration", "baseline", {"launch.framing"}),
        ("unframed", "baseline", {"launch.framing"}),
        ("knowledge", "baseline", {"launch.framing"}),
        ("news-channel", "baseline", {"launch.framing", "leadership.announcements"}),
        ("strict-rules", "baseline", {"rules.restriction"}),
        ("no-rules", "baseline", {"rules.restriction"}),
        ("clear-guidance", "baseline", {"rules.guidance"}),
        ("work-only", "baseline", {"rules.work_only"}),
        ("leaders-post", "baseline", {"leadership.participation", "leadership.support"}),
        ("leaders-announce-only", "baseline", {"leadership.participation", "leadership.announcements"}),
        ("mandated", "baseline", {"launch.mandate"}),
        ("champions-central", "baseline", {"launch.champions.share"}),
        ("champions-digital-natives", "champions-central", {"launch.champions.choose"}),
        ("approval-following", "baseline", {"platform.following"}),
        ("remote-first", "baseline", {"organization.remote_share"}),
        ("appraisal-rewards", "baseline", {"leadership.appraisal"}),
        ("appraisal-penalises", "baseline", {"leadership.appraisal"}),
        ("imposed-migration", "mandated", {"launch.wording"}),
        ("rules-arrive-late", "no-rules", {"changes"}),
        ("integrated-tools", "baseline", {"platform.integration"}),
        ("low-trust", "baseline", {"organization.trust"}),
    ],
)
def test_scenario_changes_what_it_says_and_nothing_else(name: str, parent: str, keys: set[str]) -> None:
    changed = {"launch.framing" if key.startswith("launch.framing.") else key for key in differences(name, parent)}
    assert changed == keys


def test_big_bang_and_patient_rollout_are_opposites() -> None:
    fast, slow = load_scenario("big-bang"), load_scenario("patient-rollout")
    assert fast.launch.waves == "all_at_once"
    assert not isinstance(slow.launch.waves, str)
    assert fast.launch.campaign.weeks < slow.launch.campaign.weeks
    assert fast.launch.campaign.reach > slow.launch.campaign.reach
    assert fast.launch.training < slow.launch.training
    assert fast.rules.guidance < slow.rules.guidance
    assert fast.run == slow.run
    last_opening = (slow.organization.departments - len(slow.launch.waves.pilot)) * slow.launch.waves.every_weeks
    assert last_opening < slow.run.weeks


def test_list_has_names_descriptions_and_files() -> None:
    scenarios = list_scenarios()
    assert [one.name for one in scenarios] == list(shipped_names())
    assert all(one.description and one.file.is_file() for one in scenarios)


def test_bare_name_prefers_an_own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "collaboration").mkdir()
    assert load_scenario("collaboration").launch.framing.collaboration == 0.8
    (tmp_path / "no-rules").write_text("rules: {restriction: 0.33}\n")
    assert load_scenario("no-rules").rules.restriction == 0.33


def test_wheel_finds_its_own_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an installed wheel the scenarios lie inside the package; a folder beside the package is someone else's."""
    inside = tmp_path / "sim" / "library" / "scenarios"
    inside.mkdir(parents=True)
    (inside / "only-here.yaml").write_text("name: only-here\n")
    (tmp_path / "scenarios").mkdir()
    monkeypatch.setattr("sim.scenario.library._PACKAGE", tmp_path / "sim")
    assert shipped_names() == ("only-here",)
    assert shipped_file("only-here") == inside / "only-here.yaml"
    assert shipped_file("../only-here") is None
