"""Scenarios: the grammar, the schema, and loading with file, line and column of every problem.

Importing this package imports nothing but the standard library; ruamel.yaml comes with the first
name that needs it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sim.scenario.loading import list_scenarios, load_scenario, scenario_from_mapping
    from sim.scenario.places import Problem, ScenarioError
    from sim.scenario.schema import Scenario

__all__ = [
    "Override",
    "Problem",
    "Scenario",
    "ScenarioError",
    "list_scenarios",
    "load_scenario",
    "scenario_from_mapping",
]

_HOMES = {
    "Problem": "sim.scenario.places",
    "Scenario": "sim.scenario.schema",
    "ScenarioError": "sim.scenario.places",
    "list_scenarios": "sim.scenario.loading",
    "load_scenario": "sim.scenario.loading",
    "scenario_from_mapping": "sim.scenario.loading",
}


class Override(NamedTuple):
    """One setting that takes the place of what the scenario file says.

    Attributes
    ----------
    text : str
        ``key=value``, the key dotted as in ``rules.restriction``, the value written as in YAML.
    origin : str
        How the person wrote it, which is how an error message calls it, such as ``--weeks 0``.
    """

    text: str
    origin: str

    @classmethod
    def from_option(cls, text: str) -> Override:
        """Return the override for the text behind one ``--set``."""
        return cls(text=text, origin=f"--set {text}")


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
