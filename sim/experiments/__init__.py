"""Experiments: what is varied around a scenario, read from a file with file, line and column of every problem.

Importing this package imports nothing but the standard library; the names below bring what they need.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiments.factors import Alternative, Experiment, Factor, Strategy
    from sim.experiments.loading import (
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
    **dict.fromkeys(("Alternative", "Experiment", "Factor", "Strategy"), "sim.experiments.factors"),
    **dict.fromkeys(
        ("experiment_from_mapping", "is_experiment", "list_experiments", "load_experiment"), "sim.experiments.loading"
    ),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
