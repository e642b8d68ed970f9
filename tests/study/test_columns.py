"""Resolved scenarios as flat columns."""

from __future__ import annotations

from typing import Any

import fakes

from sim.runs.columns import FlatScenarios, flatten
from sim.runs.plan import Arm, make_plan


def kinds_of(scenarios: list[dict[str, Any]]) -> dict[str, str]:
    arms = [Arm(str(number), resolved) for number, resolved in enumerate(scenarios)]
    return FlatScenarios(make_plan(arms, 1, 1)).kinds


def test_flatten_keeps_parameters_of_a_run_only() -> None:
    flat = flatten(fakes.resolved())
    assert flat == {
        "organization.employees": 10,
        "organization.workforce": "nl-2014",
        "organization.remote_share": None,
        "rules.restriction": 0.2,
        "rules.work_only": False,
        "launch.waves": "all_at_once",
        "changes": "[]",
        "run.weeks": 4,
        "run.critical_share": 0.02,
    }


def test_kinds_come_from_the_registry_even_without_a_value() -> None:
    kinds = kinds_of([fakes.resolved()])
    assert kinds["organization.remote_share"] == "float"
    assert kinds["organization.employees"] == "int"
    assert kinds["rules.work_only"] == "bool"
    assert kinds["launch.waves"] == kinds["changes"] == "text"


def test_a_whole_number_stays_a_float_where_the_registry_says_so() -> None:
    assert kinds_of([fakes.resolved(restriction=1)])["rules.restriction"] == "float"


def test_columns_of_scenarios_with_different_structure_are_joined() -> None:
    in_waves = fakes.resolved()
    in_waves["launch"]["waves"] = {"pilot": [0, 2], "every_weeks": 4}
    kinds = kinds_of([fakes.resolved(), in_waves])
    assert kinds["launch.waves"] == kinds["launch.waves.pilot"] == "text"
    assert kinds["launch.waves.every_weeks"] == "int"
    assert flatten(in_waves)["launch.waves.pilot"] == "[0, 2]"
