"""An agent-based simulation of how staff take up a social intranet, and how its launch decides.

The names below are the program: each is loaded when it is first used, so that importing the package imports nothing
else. Those of commands do what the commands do, with the same options, and return tables.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sim.version import __version__

if TYPE_CHECKING:
    from sim import experiments
    from sim.evidence.fitting.fit import fit
    from sim.experiments import load_experiment
    from sim.model.employee import Employee
    from sim.model.extension import Extension, Intervention, Outcome
    from sim.model.face import IntranetModel
    from sim.program import (
        calibrate,
        discover,
        explain,
        merge,
        new_staff,
        parameters,
        report,
        results,
        scenarios,
        scorecard,
        simulate,
        staff,
        validate,
        worlds,
    )
    from sim.scenario import load_scenario
    from sim.studies import compare, run, sensitivity, sweep

_HOMES = {
    "Employee": "sim.model.employee",
    **dict.fromkeys(("Extension", "Intervention", "Outcome"), "sim.model.extension"),
    "IntranetModel": "sim.model.face",
    "load_experiment": "sim.experiments",
    "load_scenario": "sim.scenario",
    **dict.fromkeys(("compare", "run", "sensitivity", "sweep"), "sim.studies"),
    "fit": "sim.evidence.fitting.fit",
    **dict.fromkeys(
        (
            "calibrate", "discover", "experiments", "explain", "merge", "new_staff", "parameters", "report", "results",
            "scenarios", "scorecard", "simulate", "staff", "validate", "worlds",
        ),
        "sim.program",
    ),
}  # fmt: skip
_CALLABLE = ("experiments",)  # the package of this name can be called like the command, and is what one gets

__all__ = [
    "Employee",
    "Extension",
    "Intervention",
    "IntranetModel",
    "Outcome",
    "__version__",
    "calibrate",
    "compare",
    "discover",
    "experiments",
    "explain",
    "fit",
    "load_experiment",
    "load_scenario",
    "merge",
    "new_staff",
    "parameters",
    "report",
    "results",
    "run",
    "scenarios",
    "scorecard",
    "sensitivity",
    "simulate",
    "staff",
    "sweep",
    "validate",
    "worlds",
]


def __getattr__(name: str) -> Any:
    """Load one of the public names where it lives."""
    if name in _CALLABLE:
        return importlib.import_module(f"sim.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value  # the next use finds it at once
    return value


def __dir__() -> list[str]:
    """Return the program, and nothing of what it is made of."""
    return sorted(__all__)
