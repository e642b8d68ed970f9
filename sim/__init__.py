"""An agent-based simulation of how staff take up a social intranet, and how its launch decides.

The names below are loaded when they are first used: importing the package imports nothing else.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sim.version import __version__

if TYPE_CHECKING:
    from sim.model import IntranetModel
    from sim.scenario import load_scenario
    from sim.study.api import compare, run, sweep

_HOMES = {
    "IntranetModel": "sim.model",
    "compare": "sim.study.api",
    "load_scenario": "sim.scenario",
    "run": "sim.study.api",
    "sweep": "sim.study.api",
}

__all__ = ["IntranetModel", "__version__", "compare", "load_scenario", "run", "sweep"]


def __getattr__(name: str) -> Any:
    """Load one of the public names where it lives."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value  # the next use finds it at once
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
