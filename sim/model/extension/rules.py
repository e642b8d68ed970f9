"""The rules that can be replaced: the functions of ``sim.model.rules``."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

# In the order in which they import each other: whoever takes a rule by its name finds the one in its place.
MODULES = tuple(
    f"sim.model.rules.{name}" for name in ("numbers", "frame", "reading", "posting", "responding", "remembering")
)
BOUNDS = ("read_probability_at_most", "logistic_at_most")
"""What only saves the work of rules that others may replace: a bound that always holds takes its place."""


def plain(function: Any) -> Callable[..., Any]:
    """Return a rule as it is written, not as it is compiled."""
    found: Callable[..., Any] = getattr(function, "py_func", function)
    return found


def rules_that_are() -> dict[str, Callable[..., Any]]:
    """Return every rule that can be replaced, by its name."""
    found: dict[str, Callable[..., Any]] = {}
    for module in map(importlib.import_module, MODULES):
        for name, value in vars(module).items():
            function = plain(value)
            is_own = getattr(function, "__module__", "") == module.__name__ and hasattr(function, "__code__")
            if is_own and not name.startswith("_") and name not in BOUNDS:
                found[name] = function
    return found
