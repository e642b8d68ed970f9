"""The registry, and that schema, presets, template and documentation say the same."""

from __future__ import annotations

import doctest
import importlib
import json
import math
import pickle
import pkgutil
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import sim.scenario
from sim.catalog.registry import (
    CHANGEABLE,
    COEFFICIENTS,
    DEFAULT_PRESET,
    GROUPS,
    PARAMETER_BY_PATH,
    PARAMETERS,
    PRESETS,
    SHARES,
    TOP_LEVEL,
    Parameter,
    keys_of,
    parameter,
    shares_sum_to_one,
)
from sim.documents.reference import markdown_page, new_scenario
from sim.scenario import Scenario, ScenarioError, load_scenario, scenario_from_mapping
from sim.scenario.contradictions import contradictions
from sim.scenario.grammar import is_valid_name, name_from_file
from sim.scenario.schema import Change, Section, Waves

REPOSITORY = Path(__file__).resolve().parents[2]
GROUP_NAMES = {"people", "network", "launch", "rules", "leadership", "behavior", "run"}
KINDS = {"float", "int", "bool", "choice", "text", "date", "columns", "list"}


def schema_paths(section: type[Section], start: str = "") -> set[str]:
    """Return the dotted path of every key with a value in the classes of the schema."""
    paths: set[str] = set()
    named = {name: kind for name, kind in get_type_hints(section).items() if not name.startswith("_")}
    for name in named or keys_of(start.rstrip(".")):
        path = start + name
        group: Any = Waves if path == "launch.waves" else named.get(name)
        is_group = isinstance(group, type) and issubclass(group, Section)
        if not is_group or path in PARAMETER_BY_PATH:
            paths.add(path)
        if is_group:
            paths |= schema_paths(group, f"{path}.")
    return paths


def test_schema_and_registry_have_the_same_keys() -> None:
    assert schema_paths(Scenario) - TOP_LEVEL.keys() == PARAMETER_BY_PATH.keys()
    assert len(PARAMETERS) == len(PARAMETER_BY_PATH)


@pytest.mark.parametrize("entry", PARAMETERS, ids=lambda entry: entry.path)
def test_entry_is_complete_and_its_default_allowed(entry: Parameter) -> None:
    assert entry.kind in KINDS
    assert entry.group in GROUP_NAMES
    assert entry.unit
    assert entry.meaning.endswith(".")
    assert len(entry.source) > 4
    assert not entry.meaning.endswith("..")
    if entry.low is not None and entry.high is not None:
        assert entry.low < entry.high
    if entry.kind in ("float", "int") and entry.default is not None:
        assert entry.low is not None
        assert entry.high is not None
        assert entry.low <= entry.default <= entry.high
        assert isinstance(entry.default, float if entry.kind == "float" else int)
    if entry.kind == "choice":
        assert entry.default in entry.choices
    if entry.plausible is not None:
        assert entry.low is not None
        assert entry.high is not None
        assert entry.low <= entry.plausible[0] < entry.plausible[1] <= entry.high
        if entry.default is not None:
            assert entry.plausible[0] <= entry.default <= entry.plausible[1]
    if entry.when_on is not None:
        assert entry.plausible is None
        assert entry.low is not None
        assert entry.high is not None
        within = entry.when_on[0] <= entry.default <= entry.when_on[1]
        assert entry.off_at is None or entry.default == entry.off_at or within
        assert entry.low <= entry.when_on[0] < entry.when_on[1] <= entry.high
        assert entry.off_at is None or entry.low <= entry.off_at <= entry.high


@pytest.mark.parametrize("entry", [one for one in PARAMETERS if one.kind in ("float", "int")], ids=lambda one: one.path)
def test_range_is_enforced_at_its_ends(entry: Parameter) -> None:
    assert entry.low is not None
    assert entry.high is not None
    step = 1 if entry.kind == "int" else 1e-6 * max(1.0, abs(entry.low), abs(entry.high))
    shares = dict.fromkeys(SHARES, 0.0) if entry.path.startswith("launch.framing.") else {}

    def accepted(value: float) -> bool:
        settings: dict[str, Any] = {}
        inner = settings
        *groups, name = entry.path.split(".")
        for group in groups:
            inner = inner.setdefault(group, {})
        if shares:
            others = [share for share in SHARES if share != name]
            inner.update(dict.fromkeys(SHARES, 0.0))
            inner[others[0]] = 1.0 - value if name in SHARES and 0 <= value <= 1 else 1.0
        inner[name] = value
        try:
            Scenario(**settings)
        except ScenarioError as error:
            return all(entry.path != problem.path for problem in error.problems)
        return True

    assert accepted(entry.low)
    assert accepted(entry.high)
    assert not accepted(entry.low - step)
    assert not accepted(entry.high + step)
    assert not accepted(math.nan)


def test_defaults_of_the_schema_are_those_of_the_registry() -> None:
    resolved = Scenario().resolved()
    for entry in PARAMETERS:
        if entry.path.startswith(("launch.framing", "launch.waves.", "organization.staff.")):
            continue
        value: Any = resolved
        for part in entry.path.split("."):
            value = value[part]
        assert value == entry.default, entry.path
    assert resolved["launch"]["framing"] == PRESETS[DEFAULT_PRESET]._asdict()
    assert Waves().pilot == parameter("launch.waves.pilot").default


@pytest.mark.parametrize("preset", PRESETS)
def test_preset(preset: str) -> None:
    numbers = PRESETS[preset]
    assert shares_sum_to_one(numbers.social, numbers.collaboration, numbers.broadcast)
    assert all(0 <= number <= 1 for number in numbers)
    scenario = scenario_from_mapping({"launch": {"framing": preset}})
    assert scenario.resolved()["launch"]["framing"] == numbers._asdict()
    assert preset in parameter("launch.framing").choices


def test_changeable_keys_are_those_of_the_design() -> None:
    framing = [f"launch.framing.{name}" for name in ("social", "collaboration", "broadcast", "association", "clarity")]
    assert {entry.path for entry in CHANGEABLE} == {
        "organization.remote_share",
        "rules.restriction", "rules.guidance", "rules.work_only", "rules.moderation",
        "leadership.participation", "leadership.support", "leadership.appraisal", "leadership.announcements",
        "platform.following", "platform.integration",
        "launch.framing", *framing, "launch.campaign.weeks", "launch.campaign.reach", "launch.mandate",
    }  # fmt: skip


def test_groups_hold_keys_and_are_none() -> None:
    assert not GROUPS & PARAMETER_BY_PATH.keys()
    assert all(keys_of(group) for group in GROUPS)
    assert keys_of("")[:4] == ("name", "description", "extends", "changes")


def test_names() -> None:
    good = ["a", "like-facebook", "Mijn lancering 2024", "caf\u00e9", "a.b"]
    bad = ["", " a", "a ", ".a", "a.", "a/b", "a\\b", "..", "a:b", "a\nb", "a" * 81, "a*", "\ud800"]
    good += ["CONtest", "com", "com10", "console", "\U0001f600" * 50]
    bad += [
        "CON",
        "CONIN$",
        "conout$.txt",
        "nul",
        "Com1",
        "lpt9.old",
        "aux .x",
        "prn.2024.yaml",
        "\U0001f600" * 51,
        "\u00e9" * 80 + "x",
    ]
    assert [name for name in good if not is_valid_name(name)] == []
    assert [name for name in bad if is_valid_name(name)] == []
    assert all(is_valid_name(name_from_file(stem)) for stem in [*good, *bad])


def test_scenario_cannot_be_changed() -> None:
    scenario = load_scenario("patient-rollout")
    with pytest.raises(FrozenInstanceError, match="frozen"):
        scenario.rules.restriction = 0.5
    with pytest.raises(FrozenInstanceError, match="frozen"):
        scenario.run = scenario.run
    assert hash(scenario) == hash(load_scenario("patient-rollout"))
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_direct_construction_is_checked_too() -> None:
    with pytest.raises(ScenarioError, match="department 9 does not exist"):
        Scenario(launch={"waves": {"pilot": [9]}})
    assert contradictions(Scenario()) == []


def test_change_shows_only_what_it_sets() -> None:
    change = Change(week=3, set={"launch.framing": "news", "rules.guidance": 1})
    assert set(change.set.as_dict()) == {"launch.framing", "rules.guidance"}
    assert "leadership" not in repr(change)


def test_changes_are_resolved_in_the_order_of_weeks() -> None:
    changes = [
        {"week": 30, "set": {"rules.restriction": 1}},
        {"week": 3, "set": {"launch.framing": "news"}},
        {"week": 30, "set": {"leadership.support": 0}},
        {"week": 9, "set": {"launch.framing.social": 0.8, "launch.framing.broadcast": 0.05}},
    ]
    resolved = scenario_from_mapping({"changes": changes}).resolved()["changes"]
    assert [change["week"] for change in resolved] == [3, 9, 30, 30]
    assert resolved[0]["set"] == {"launch.framing": PRESETS["news"]._asdict()}
    assert resolved[2]["set"] == {"rules.restriction": 1.0}


def test_template_is_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "my launch's.yaml"
    file.write_text(new_scenario("my launch's", file.name), encoding="utf-8")
    resolved = load_scenario(file).resolved()
    expected = Scenario().resolved() | {"name": "my launch's", "description": resolved["description"]}
    assert resolved == expected
    text = file.read_text(encoding="utf-8")
    assert all(
        f"{entry.name.split('.')[-1]}:" in text
        for entry in PARAMETERS
        if entry.section not in ("behavior", "constants")
    )


def test_commented_examples_of_the_template_are_right(tmp_path: Path) -> None:
    """Whoever takes away a comment sign finds something that works."""
    text = new_scenario("a", "a.yaml")
    examples = ["framing: {", "waves: {", "- {week: 26", "- {week: 39", "extends: baseline"]
    for example in examples:
        lines = text.splitlines()
        (index,) = [number for number, line in enumerate(lines) if line.lstrip().startswith("#") and example in line]
        lines[index] = (
            lines[index].replace("# ", "", 1) if "# " in lines[index][:5] else lines[index].replace("#", " ", 1)
        )
        key = example.split(":")[0]
        before = [
            number for number in range(index) if lines[number].strip().startswith(f"{key}:") and number == index - 1
        ]
        for number in before:
            lines[number] = ""
        if example.startswith("- "):
            lines[lines.index("changes: []")] = "changes:"
        file = tmp_path / "a.yaml"
        file.write_text("\n".join(lines), encoding="utf-8")
        assert load_scenario(file).run.weeks == 52


def test_documentation_of_the_parameters_is_fresh() -> None:
    page = (REPOSITORY / "docs" / "parameters.md").read_text(encoding="utf-8")
    message = "stale: run intranet-sim parameters --markdown > docs/parameters.md"
    assert page == markdown_page(PARAMETERS), message


def test_json_of_a_resolved_scenario() -> None:
    resolved = load_scenario("rules-arrive-late").resolved()
    assert json.loads(json.dumps(resolved, allow_nan=False)) == resolved
    assert "extends" not in resolved
    assert set(resolved["behavior"]) == {entry.name for entry in COEFFICIENTS}


MODULES = [f"sim.scenario.{module.name}" for module in pkgutil.iter_modules(sim.scenario.__path__) if not module.ispkg]


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings(module: str) -> None:
    result = doctest.testmod(importlib.import_module(module))
    assert result.failed == 0
