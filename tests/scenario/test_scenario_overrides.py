"""Settings beside the file: ``--set`` texts and Python mappings."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.scenario import Override, ScenarioError, load_scenario, scenario_from_mapping


def lines_of(*overrides: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("baseline", overrides)
    return list(caught.value.lines)


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("rules.restriction=0.5", "rules.restriction", 0.5),
        ("rules.restriction=1", "rules.restriction", 1.0),
        ("rules.restriction=1e-3", "rules.restriction", 0.001),
        (" rules.restriction = 0.5 ", "rules.restriction", 0.5),
        ("rules.work_only=true", "rules.work_only", True),
        ("organization.remote_share=0.25", "organization.remote_share", 0.25),
        ("organization.remote_share=", "organization.remote_share", None),
        ("launch.framing=news", "launch.framing.broadcast", 0.8),
        ("launch.waves={pilot: [1, 2]}", "launch.waves.pilot", [1, 2]),
        ("launch.waves.pilot=[3]", "launch.waves.pilot", [3]),
        ("launch.waves.every_weeks=2", "launch.waves.every_weeks", 2),
        ("launch.campaign={weeks: 9}", "launch.campaign.weeks", 9),
        ("launch.campaign={weeks: 9}", "launch.campaign.reach", 0.4),
        ("behavior.read_habit=0", "behavior.read_habit", 0.0),
        ("name=other", "name", "other"),
        ("description='a: b'", "description", "a: b"),
        ("changes=[{week: 3, set: {rules.guidance: 1}}]", "changes", [{"week": 3, "set": {"rules.guidance": 1.0}}]),
    ],
)
def test_override_sets_its_key(override: str, path: str, value: Any) -> None:
    found: Any = load_scenario("baseline", [override]).resolved()
    for part in path.split("."):
        found = found[part]
    assert found == value


def test_later_overrides_win() -> None:
    assert load_scenario("baseline", ["run.weeks=10", "run.weeks=20"]).run.weeks == 20


def test_one_number_of_a_preset_starts_from_the_preset() -> None:
    framing = load_scenario("like-facebook", ["launch.framing.association=0.2"]).launch.framing
    assert (framing.social, framing.association) == (0.8, 0.2)
    default = scenario_from_mapping({}, {"launch.framing.clarity": 1.0}).launch.framing
    assert (default.social, default.association, default.clarity) == (0.3, 0.3, 1.0)


def test_whole_framing_and_waves_are_replaced() -> None:
    numbers = "launch.framing={social: 0, collaboration: 1, broadcast: 0}"
    once = load_scenario("like-facebook", ["launch.framing.association=0.9", numbers])
    assert once.launch.framing.association == 0.0
    twice = load_scenario("patient-rollout", ["launch.waves.every_weeks=1", "launch.waves={pilot: [2]}"])
    assert twice.resolved()["launch"]["waves"] == {"pilot": [2], "every_weeks": 4}


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("rules.restriction=2", "--set rules.restriction=2: rules.restriction: must be a number from 0 to 1, is 2"),
        ("rules.restriction", "--set rules.restriction: must be key=value, such as rules.restriction=0.5"),
        ("=2", "--set =2: must name a key, such as rules.restriction=0.5"),
        ("rules.=2", "--set rules.=2: must name a key, such as rules.restriction=0.5"),
        ("extends=x.yaml", "--set extends=x.yaml: extends: can be set in a scenario file only"),
        ("run.weeks=", "--set run.weeks=: run.weeks: must be a whole number from 1 to 1040, is empty"),
        ("run.weeks=[1", "--set run.weeks=[1: run.weeks: is not valid YAML: a list that opens with [ is not closed"),
        ("run.weeks=&a 5", "--set run.weeks=&a 5: run.weeks: the anchor &a is not allowed"),
        ("run.weeks={a: 1, a: 2}", "--set run.weeks={a: 1, a: 2}: run.weeks: is given twice"),
        (
            "rules=5",
            "--set rules=5: rules: must be a group of keys (restriction, guidance, work_only, moderation), is 5",
        ),
    ],
)
def test_wrong_override(override: str, message: str) -> None:
    assert lines_of(override)[0].startswith(message)


def test_unknown_key_has_a_near_miss() -> None:
    assert "did you mean restriction?" in lines_of("rules.restricton=0.5")[0]
    assert "did you mean rules?" in lines_of("rulez.restriction=0.5")[0]


def test_problems_of_file_and_overrides_come_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("rules: {guidance: 3}\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario("a.yaml", ["rules.guidance=0.5", "run.weeks=0"])
    assert [problem.file for problem in caught.value.problems] == ["a.yaml", "--set run.weeks=0"]


def test_contradiction_with_an_override_names_it() -> None:
    (line,) = lines_of("run.weeks=30", "changes=[{week: 40, set: {rules.guidance: 1}}]")
    assert line.startswith("--set changes=[{week: 40")
    assert line.endswith("(run.weeks is set in --set run.weeks=30)")


def test_short_form_is_named_as_it_was_typed() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("baseline", [Override(text="run.weeks=0", origin="--weeks 0")])
    assert caught.value.lines[0].startswith("--weeks 0: run.weeks: must be")


def test_mapping_of_overrides() -> None:
    overrides = {"rules.restriction": np.float64(0.25), "run.seed": np.int64(7), "rules.moderation": np.bool_(True)}
    scenario = load_scenario("baseline", overrides)
    assert (scenario.rules.restriction, scenario.run.seed, scenario.rules.moderation) == (0.25, 7, True)
    with pytest.raises(ScenarioError, match=r"^overrides: rules.guidance: must be a number from 0 to 1, is 2"):
        load_scenario("baseline", {"rules.guidance": 2})


def test_mapping_of_settings() -> None:
    scenario = scenario_from_mapping({"extends": "collaboration", "launch": {"waves": {"pilot": (0, 1)}}})
    assert scenario.launch.framing.collaboration == 0.8
    assert scenario.resolved()["launch"]["waves"] == {"pilot": [0, 1], "every_weeks": 4}
    with pytest.raises(ScenarioError, match=r"^scenario: rulez: unknown key; .*did you mean rules\?"):
        scenario_from_mapping({"rulez": {}})


def _endless() -> dict[str, Any]:
    endless: dict[str, Any] = {}
    endless["rules"] = endless
    return endless


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ([], "mapping"),
        ({1: 2}, "key must be text"),
        ({"rules": object()}, "Python object of type object"),
        ({"rules": {"restriction": {0.5}}}, "Python object of type set"),
        ({"rules": {"restriction": complex(1, 1)}}, "complex"),
        ({"name": b"bytes"}, "text"),
        (_endless(), "levels deep"),
    ],
)
def test_wrong_mapping(settings: Any, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        scenario_from_mapping(settings)


def test_error_travels_between_processes() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("baseline", ["run.weeks=0", "rules.guidance=9"])
    travelled = pickle.loads(pickle.dumps(caught.value))
    assert travelled.problems == caught.value.problems
    assert travelled.lines == caught.value.lines
    assert travelled.exit_code == 2
