"""An agent-based simulation of how staff take up a social intranet, and how its launch decides.

The names below are the program: each is loaded when it is first used, so that importing the package imports nothing
else. Those of commands do what the commands do, with the same options, and return tables.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
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
}
_HOME = "sim.program"  # of all others

__all__ = [
    "Employee", "Extension", "Intervention", "IntranetModel", "Outcome", "__version__", "calibrate", "compare",
    "discover", "experiments", "explain", "fit", "load_experiment", "load_scenario", "merge", "new_staff",
    "parameters", "report", "results", "run", "scenarios", "scorecard", "sensitivity", "simulate", "staff", "sweep",
    "validate", "worlds",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load one of the public names where it lives."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES.get(name, _HOME)), name)
    globals()[name] = value  # the next use finds it at once
    return value


def __dir__() -> list[str]:
    """Return the program, and nothing of what it is made of."""
    return sorted(__all__)


class _Experiments(ModuleType):
    """The package ``sim.experiments`` as it is seen from here: it can be called like the command of its name."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Do what the command does; see ``sim.program.experiments``."""
        return importlib.import_module(_HOME).experiments(*arguments, **options)


class _Package(ModuleType):
    """This package. One name means two things, which only this module knows of: a command, and a package below."""

    @property
    def experiments(self) -> Any:
        """The package, which can be called."""
        return importlib.import_module("sim.experiments")

    @experiments.setter
    def experiments(self, package: ModuleType) -> None:
        package.__class__ = _Experiments  # Python hands over what it has imported below


sys.modules[__name__].__class__ = _Package
