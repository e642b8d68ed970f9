"""The JSON schema for editors, checked with a small interpreter of the words it uses."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sim.catalog.registry import CHANGEABLE, GROUPS, PARAMETER_BY_PATH, PARAMETERS
from sim.documents.reference import new_scenario
from sim.experiments import load_experiment
from sim.scenario import Scenario, ScenarioError
from sim.scenario.grammar import DIALECT, FORMS, scenario_schema
from sim.scenario.library import shipped_folder, shipped_names

ANNOTATIONS = {"$schema", "title", "description", "default", "examples"}
TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "number": (int, float),
    "integer": int,
    "null": type(None),
}


def has_type(value: Any, name: str) -> bool:
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def faults(value: Any, schema: dict[str, Any], path: str = "$") -> list[str]:
    """Return where `value` breaks `schema`; an unknown word in the schema is an error, so that none is missed."""
    found: list[str] = []
    for word, content in schema.items():
        if word in ANNOTATIONS:
            continue
        if word == "type":
            names = content if isinstance(content, list) else [content]
            if not any(has_type(value, name) for name in names):
                return [f"{path}: not {names}"]
        elif word == "enum":
            found += [] if value in content else [f"{path}: not in {content}"]
        elif word == "minimum":
            found += [f"{path}: too low"] if isinstance(value, (int, float)) and value < content else []
        elif word == "maximum":
            found += [f"{path}: too high"] if isinstance(value, (int, float)) and value > content else []
        elif word == "minLength":
            found += [f"{path}: too short"] if isinstance(value, str) and len(value) < content else []
        elif word == "pattern":
            found += [] if not isinstance(value, str) or re.search(content, value) else [f"{path}: not like {content}"]
        elif word == "maxLength":
            found += [f"{path}: too long"] if isinstance(value, str) and len(value) > content else []
        elif word == "oneOf":
            fitting = [option for option in content if not faults(value, option, path)]
            found += [] if len(fitting) == 1 else [f"{path}: fits {len(fitting)} forms"]
        elif word == "properties":
            items = value.items() if isinstance(value, dict) else ()
            found += [
                fault for key, item in items if key in content for fault in faults(item, content[key], f"{path}.{key}")
            ]
        elif word == "additionalProperties":
            assert content is False
            extra = set(value) - set(schema["properties"]) if isinstance(value, dict) else set()
            found += [f"{path}.{key}: unknown" for key in sorted(extra)]
        elif word == "required":
            missing = [key for key in content if isinstance(value, dict) and key not in value]
            found += [f"{path}.{key}: missing" for key in missing]
        elif word == "minProperties":
            found += [f"{path}: too few"] if isinstance(value, dict) and len(value) < content else []
        elif word == "items":
            items_of = value if isinstance(value, list) else ()
            found += [
                fault for index, item in enumerate(items_of) for fault in faults(item, content, f"{path}[{index}]")
            ]
        elif word == "minItems":
            found += [f"{path}: too few"] if isinstance(value, list) and len(value) < content else []
        elif word == "uniqueItems":
            found += [f"{path}: twice"] if isinstance(value, list) and len(set(value)) < len(value) else []
        else:
            raise AssertionError(f"the schema uses the word {word!r}, which this check does not know")
    return found


def read(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(StringIO(text))


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return scenario_schema()


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_scenario_fits(name: str, schema: dict[str, Any]) -> None:
    text = (shipped_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    assert faults(read(text), schema) == []


def test_template_fits(schema: dict[str, Any]) -> None:
    assert faults(read(new_scenario("a", "a.yaml")), schema) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("rules: {restriction: 2}", "$.rules.restriction: too high"),
        ("rules: {restriction: high}", "$.rules.restriction: not ['number']"),
        ("rules: {work_only: 1}", "$.rules.work_only: not ['boolean']"),
        ("run: {weeks: 1.5}", "$.run.weeks: not ['integer']"),
        ("ruls: {}", "$.ruls: unknown"),
        ("organization: {contacts: {team: 1}}", "$.organization.contacts.team: unknown"),
        ("launch: {framing: like_facebok}", "$.launch.framing: fits 0 forms"),
        ("launch: {framing: {social: 2}}", "$.launch.framing: fits 0 forms"),
        ("launch: {waves: {pilot: [0, 0]}}", "$.launch.waves: fits 0 forms"),
        ("launch: {waves: {pilot: []}}", "$.launch.waves: fits 0 forms"),
        ("changes: [{week: 0, set: {rules.guidance: 1}}]", "$.changes[0].week: too low"),
        ("changes: [{week: 1, set: {organization.trust: 1}}]", "$.changes[0].set.organization.trust: unknown"),
        ("changes: [{week: 1, set: {}}]", "$.changes[0].set: too few"),
        ("changes: [{week: 1, departments: [], set: {rules.guidance: 1}}]", "$.changes[0].departments: too few"),
        (
            "changes: [{week: 1, departments: [-1], set: {rules.guidance: 1}}]",
            "$.changes[0].departments[0]: fits 0 forms",
        ),
        ("changes: [{week: 1, set: {launch.framing: {social: 1}}}]", "$.changes[0].set.launch.framing: fits 0 forms"),
        ("behavior: {read_habbit: 1}", "$.behavior.read_habbit: unknown"),
        ("name: ''", "$.name: too short"),
    ],
)
def test_mistake_is_marked(text: str, fault: str, schema: dict[str, Any]) -> None:
    assert faults(read(text), schema) == [fault]


@pytest.mark.parametrize(
    "text",
    [
        "extends: baseline\nlaunch: {framing: {clarity: 1}}",
        "organization: {remote_share: null, workforce: staff.csv}",
        "rules:\nchanges:\n",
        "changes: [{week: 1, set: {launch.framing: news, platform.following: open}}]",
        "changes: [{week: 1, departments: [sales, 3], set: {rules.restriction: 0.8}}]",
        "launch: {waves: all_at_once}",
    ],
)
def test_part_of_a_scenario_fits(text: str, schema: dict[str, Any]) -> None:
    assert faults(read(text), schema) == []


def test_every_parameter_is_described(schema: dict[str, Any]) -> None:
    text = json.dumps(schema, ensure_ascii=False)
    assert schema["$schema"] == DIALECT == "https://json-schema.org/draft/2020-12/schema"
    for entry in PARAMETERS:
        described = json.dumps(f"{entry.meaning} [{entry.unit}] Source: {entry.source}", ensure_ascii=False)
        expected = 2 if entry in CHANGEABLE else 1
        expected += entry.path.startswith("launch.framing.")  # also inside a framing that changes
        assert text.count(described) == expected, entry.path


@pytest.mark.parametrize("path", PARAMETER_BY_PATH)
def test_the_form_of_a_key_takes_its_default_and_nothing_strange(path: str) -> None:
    form = FORMS[path]
    assert list(form.wrong(form.default, (path,))) == []
    assert [one.path[0] for one in form.wrong(object(), (path,))] == [path]
    assert form.schema()["default"] == (list(form.default) if isinstance(form.default, tuple) else form.default)


def test_what_is_no_key_of_a_scenario_has_no_form() -> None:
    assert set(FORMS) >= {"", *GROUPS, *PARAMETER_BY_PATH}
    assert "rules.restrictoin" not in FORMS
    with pytest.raises(ScenarioError, match="extends: can be set in a scenario file only"):
        Scenario(extends="baseline")


def test_a_key_of_an_experiment_says_how_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(
        "base: baseline\nmethod: morris\nby_group: yes\nsamples: 4\nlevers: {rules.restriction: registry}\n"
    )
    with pytest.raises(ScenarioError, match=r":3:11: by_group: must be true or false, is 'yes'; write true"):
        load_experiment(file)
