"""Experiments: what is varied around a scenario, read from a file with file, line and column of every problem.

Importing this package imports nothing but the standard library; the names below bring what they need.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.experiment.factors import Alternative, Experiment, Factor, Strategy
    from sim.scenario.experiment.loading import (
        experiment_from_mapping,
        is_experiment,
        list_experiments,
        load_experiment,
    )

__all__ = [
    "Alternative",
    "Experiment",
    "Factor",
    "Strategy",
    "experiment_from_mapping",
    "is_experiment",
    "list_experiments",
    "load_experiment",
]

_HOMES = {
    "Alternative": "sim.scenario.experiment.factors",
    "Experiment": "sim.scenario.experiment.factors",
    "Factor": "sim.scenario.experiment.factors",
    "Strategy": "sim.scenario.experiment.factors",
    "experiment_from_mapping": "sim.scenario.experiment.loading",
    "is_experiment": "sim.scenario.experiment.loading",
    "list_experiments": "sim.scenario.experiment.loading",
    "load_experiment": "sim.scenario.experiment.loading",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
