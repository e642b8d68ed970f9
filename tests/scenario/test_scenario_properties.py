"""Properties that hold for every scenario and every text."""

from __future__ import annotations

import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.catalog.registry import PARAMETERS, PRESETS, SHARES, Parameter
from sim.scenario import Scenario, ScenarioError, load_scenario, scenario_from_mapping
from sim.scenario.library import shipped_folder
from sim.scenario.places import Source, plain
from sim.scenario.yaml_files import parse

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def values_of(entry: Parameter) -> st.SearchStrategy[Any]:
    """Return a strategy for the values that a parameter allows."""
    if entry.kind == "bool":
        return st.booleans()
    if entry.kind in ("choice", "text"):
        return st.sampled_from(entry.choices)
    if entry.kind == "int":
        assert entry.low is not None
        assert entry.high is not None
        return st.integers(int(entry.low), int(entry.high))
    return st.floats(entry.low, entry.high)


FREE = [
    entry
    for entry in PARAMETERS
    if not entry.path.startswith(("launch.framing", "launch.waves", "organization.staff."))
    and entry.path not in ("organization.sector", "organization.contacts.everyone")  # bound to other keys
]


@st.composite
def overrides(draw: st.DrawFn) -> dict[str, Any]:
    """Draw allowed values for some keys."""
    chosen = draw(st.lists(st.sampled_from(FREE), max_size=8, unique_by=lambda entry: entry.path))
    values = {entry.path: draw(values_of(entry)) for entry in chosen}
    social = draw(st.floats(0, 1))
    collaboration = draw(st.floats(0, 1)) * (1 - social)
    numbers = dict(zip(SHARES, (social, collaboration, max(0.0, 1 - social - collaboration)), strict=True))
    framing = draw(st.sampled_from([*PRESETS, numbers]))
    return {**values, "launch.framing": framing}


@QUICK
@given(overrides())
def test_resolved_scenario_gives_itself_back(changes: dict[str, Any]) -> None:
    scenario = scenario_from_mapping({}, changes)
    again = scenario_from_mapping(scenario.resolved())
    assert again == scenario
    assert again.resolved() == scenario.resolved()


@QUICK
@given(overrides(), overrides())
def test_later_settings_win_and_others_stay(first: dict[str, Any], second: dict[str, Any]) -> None:
    step_by_step = scenario_from_mapping(scenario_from_mapping({}, first).resolved(), second)
    assert step_by_step == scenario_from_mapping({}, first | second)


def refused(load: Callable[[], Scenario]) -> ScenarioError | None:
    """Return the error of loading a scenario, None where it loads; anything else is raised."""
    try:
        load()
    except ScenarioError as error:
        return error
    return None


@QUICK
@given(st.sampled_from(FREE), st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)))
def test_any_value_is_accepted_or_refused_at_its_key(entry: Parameter, value: Any) -> None:
    error = refused(lambda: scenario_from_mapping({}, {entry.path: value}))
    assert error is None or [problem.path for problem in error.problems] == [entry.path]


SIGNS = string.printable + "\u00e9\u2028\U0001f600\ufeff\x00"


@QUICK
@given(st.one_of(st.text(SIGNS, max_size=200), st.text("{}[]:,-&*!|>'\"%@`#?~ \n\ta1", max_size=60)))
def test_any_text_is_read_or_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "any.yaml"
    file.write_bytes(text.encode())
    error = refused(lambda: load_scenario(file))
    assert error is None or (error.problems and all(line.isprintable() for line in error.lines))


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "any.yaml"
    file.write_bytes(content)
    error = refused(lambda: load_scenario(file))
    assert error is None or error.problems


@QUICK
@given(st.data())
def test_damaged_scenario_is_read_or_refused_with_a_place(tmp_path: Path, data: st.DataObject) -> None:
    text = (shipped_folder() / "baseline.yaml").read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    piece = data.draw(
        st.sampled_from(["", "\t", ":", "{", "}", "[", "- ", "&a ", "*a", "!!int ", "\n", "null", ".nan"])
    )
    damaged = text[:start] + piece + text[end:]
    file = tmp_path / "damaged.yaml"
    file.write_text(damaged, encoding="utf-8")
    error = refused(lambda: load_scenario(file))
    for problem in error.problems if error else ():
        assert problem.file == str(file)
        assert problem.line is not None
        assert problem.column is not None
        assert 1 <= problem.line <= damaged.count("\n") + 2
        assert problem.column >= 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001), ("1E3", 1000.0), (".5", 0.5), ("-.5", -0.5), ("1.", 1.0), ("-0.0", 0.0), ("+5", 5),
        ("012", 12), ("0o17", 15), ("0x1F", 31), ("0b1", "0b1"), ("1_000", "1_000"), ("1e", "1e"), ("'5'", "5"),
        ("off", "off"), ("no", "no"), ("yes", "yes"), ("True", True), ("FALSE", False),
        ("~", None), ("null", None), ("", None), ("nan", "nan"), ("inf", "inf"),
        ("12:30:45", "12:30:45"), ("2014-01-01", "2014-01-01"),
    ],
)  # fmt: skip
def test_values_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    node, problems = parse(f"key: {text}\n", Source("a.yaml", Path()))
    assert problems == []
    assert node is not None
    found = plain(node)["key"]
    assert repr(found) == repr(value)  # tells 1 from 1.0 and from true, and 0.0 from -0.0
