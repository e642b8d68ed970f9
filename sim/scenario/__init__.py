"""Scenarios: the registry of parameters, the schema, and loading with file, line and column of every problem.

Importing this package imports nothing but the standard library; ruamel.yaml comes with the first
name that needs them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.loading import list_scenarios, load_scenario, scenario_from_mapping
    from sim.scenario.problems import Problem, ScenarioError
    from sim.scenario.schema import Scenario

__all__ = [
    "Problem",
    "Scenario",
    "ScenarioError",
    "list_scenarios",
    "load_scenario",
    "scenario_from_mapping",
]

_HOMES = {
    "Problem": "sim.scenario.problems",
    "Scenario": "sim.scenario.schema",
    "ScenarioError": "sim.scenario.problems",
    "list_scenarios": "sim.scenario.loading",
    "load_scenario": "sim.scenario.loading",
    "scenario_from_mapping": "sim.scenario.loading",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
