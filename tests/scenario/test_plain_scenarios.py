"""Resolving with the standard library alone gives what the loader gives, and refuses what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from time_limits import PROGRAM_SECONDS

import sim
from sim.catalog.registry import CHANGEABLE, PARAMETERS, PRESETS, Parameter
from sim.scenario import ScenarioError, load_scenario, scenario_from_mapping
from sim.scenario.library import plain_names, plain_values
from sim.scenario.plain import resolve

NAMES = plain_names()
SETTINGS = settings(max_examples=150, deadline=None)


def as_text(resolved: dict[str, Any]) -> str:
    """Return values so that 1, 1.0 and True are told apart."""
    return json.dumps(resolved, sort_keys=True)


@pytest.mark.parametrize("name", NAMES)
def test_shipped_scenarios_are_those_of_the_files(name: str) -> None:
    assert as_text(resolve(name, {})) == as_text(plain_values(name)) == as_text(load_scenario(name).resolved())


def test_no_scenario_is_the_defaults() -> None:
    assert as_text(resolve(None, {})) == as_text(scenario_from_mapping({}).resolved())


def any_value(entry: Parameter) -> st.SearchStrategy[Any]:
    """Return a strategy for values of a parameter, some of them wrong."""
    wrong = st.sampled_from([None, True, -1, 10**400, 0.5, float("nan"), "x", "0.5", [], [0], {}, {"a": 1}])
    if entry.kind == "bool":
        right = st.booleans()
    elif entry.kind in ("choice", "text"):
        right = st.sampled_from(entry.choices)
    elif entry.kind == "list":
        right = st.lists(st.integers(0, 9), min_size=1, max_size=4)
    else:
        low, high = entry.low or 0, entry.high if entry.high is not None else 100
        numbers = st.integers(int(low), int(high))
        right = numbers if entry.kind == "int" else st.floats(low, high) | numbers
    return st.integers(0, 9).flatmap(lambda luck: wrong if luck == 0 else right)


SHARES = st.sampled_from([0, 0.2, 0.3, 0.5, 1.0])
FRAMINGS = st.sampled_from(list(PRESETS)) | st.dictionaries(
    st.sampled_from(["social", "collaboration", "broadcast", "association", "clarity", "other"]), SHARES
)
WAVES = st.just("all_at_once") | st.fixed_dictionaries(
    {}, optional={"pilot": st.lists(st.integers(0, 9), max_size=3), "every_weeks": st.integers(0, 9)}
)


@st.composite
def settings_of(draw: st.DrawFn, entries: tuple[Parameter, ...]) -> dict[str, Any]:
    """Draw values by dotted key, few of them wrong."""
    free = [entry for entry in entries if not entry.path.startswith("organization.staff.")]  # of files, not here
    chosen = draw(st.lists(st.sampled_from(free), max_size=5, unique_by=lambda entry: entry.path))
    special = {"launch.framing": FRAMINGS, "launch.waves": WAVES}
    return {entry.path: draw(special.get(entry.path, any_value(entry))) for entry in chosen}


@st.composite
def overrides(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what a person may lay over a scenario: keys, groups, timed changes, slips."""
    values = draw(settings_of(PARAMETERS))
    if draw(st.integers(0, 2)) == 0:
        departments = st.lists(st.integers(0, 9) | st.sampled_from(["x", True, -1]), max_size=3) | st.sampled_from(
            [None, 3]
        )
        change = st.fixed_dictionaries(
            {"week": st.integers(0, 60), "set": settings_of(CHANGEABLE)}, optional={"departments": departments}
        )
        values["changes"] = draw(st.lists(change, max_size=3))
    if draw(st.integers(0, 2)) == 0:
        values["rules"] = {"restriction": draw(SHARES)}
    if draw(st.integers(0, 9)) == 0:
        values[draw(st.sampled_from(["rules.restrictoin", "weeks", "", "run.weeks.x", "extends"]))] = 1
    return values


def told(error: ScenarioError) -> list[tuple[str, str]]:
    """Return key and message of each problem, without the lines of files that the loader names."""
    return sorted({(one.path, one.message.split(" (")[0]) for one in error.problems})


@SETTINGS
@given(st.sampled_from(NAMES), overrides())
def test_overrides_give_the_same_or_are_refused_alike(name: str, values: dict[str, Any]) -> None:
    try:
        expected = load_scenario(name, values).resolved()
    except ScenarioError:
        with pytest.raises(ScenarioError):
            resolve(name, values)
    else:
        assert as_text(resolve(name, values)) == as_text(expected)


@pytest.mark.parametrize(
    "values",
    [
        {"rules.restriction": 2},
        {"rules.restrictoin": 0.2},
        {"restriction": 0.2},
        {"rules.work_only": "yes", "run.weeks": True, "organization.employees": 2.5},
        {"launch.framing": "like-facebook"},
        {"launch.framing.social": 0.5},
        {"launch.framing": {"social": 1, "clarity": 3}},
        {"launch.waves": "at_once"},
        {"launch.waves": {"pilot": [], "every_weeks": 0, "other": 1}},
        {"launch.waves.pilot": [0, "x"]},
        {"launch.waves.pilot": [99]},
        {"changes": 5},
        {"changes": [{"week": 99, "set": {"rules.restriction": 1}}]},
        {"changes": [{"week": 0, "set": {}}, {"set": {"run.weeks": 4, "rules": 1}}, 7, {"week": 2, "st": {}}]},
        {"changes": [{"week": 3, "set": {"launch.framing": "news", "launch.framing.social": 0.2}}]},
        {"changes": [{"week": 3, "set": {"organization.remote_share": None}}]},
        {"changes": [{"week": 3, "departments": 2, "set": {"rules.guidance": 1}}]},
        {"changes": [{"week": 3, "departments": [], "set": {"rules.guidance": 1}}]},
        {"changes": [{"week": 3, "departments": [0, "x", 99, 0, -1], "set": {"rules.guidance": 1}}]},
        {"changes": [{"week": 3, "departments": [0, 99, 0], "set": {"rules.moderation": True}}]},
        {"rules": 3},
        {"rules.restriction.x": 1},
        {"": 1},
        {"extends": "baseline"},
        {"organization.sector": "public", "organization.workforce": "us-2015"},
        {"organization.contacts.everyone": True, "organization.employees": 9000},
        {"behavior.read_base": 10**400},
        {"name": 5},
    ],
    ids=str,
)
def test_refusals_have_the_same_words(values: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError) as of_loader:
        load_scenario("baseline", values)
    with pytest.raises(ScenarioError) as plain:
        resolve("baseline", values)
    assert told(plain.value) == told(of_loader.value)


def test_a_staff_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "staff.csv"
    file.write_text("age\n30\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"must be one of nl-2012.* no staff files here"):
        resolve("baseline", {"organization.workforce": str(file)})


def test_an_unknown_scenario_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"no such shipped scenario; did you mean collaboration\?"):
        resolve("colaboration", {})


def test_what_is_returned_belongs_to_the_caller() -> None:
    first = resolve("patient-rollout", {})
    first["launch"]["waves"]["pilot"].append(3)
    first["changes"].append("x")
    assert resolve("patient-rollout", {}) == load_scenario("patient-rollout").resolved()


def test_it_takes_the_standard_library_alone() -> None:
    script = (
        "import sys; from sim.scenario.plain import resolve; resolve('like-facebook', {'rules.restriction': 0.5});"
        "print(*{name.split('.')[0] for name in sys.modules} - set(sys.stdlib_module_names) - {'sim', '__main__'})"
    )
    folder = Path(sim.__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=PROGRAM_SECONDS,
    )
    assert [name for name in done.stdout.split() if not name.startswith("_")] == []


def test_a_change_of_a_part_of_a_framing_leaves_the_other_numbers_in_force() -> None:
    shares = {"social": 0.2, "collaboration": 0.7, "broadcast": 0.1}
    over = {"changes": [{"week": 3, "set": {"launch.framing": shares}}]}
    assert resolve("like-facebook", over)["changes"] == load_scenario("like-facebook", over).resolved()["changes"]
