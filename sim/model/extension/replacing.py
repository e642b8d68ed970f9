"""A second copy of the science core, in which some rules are others.

Compiled code is made of the rules that stand there when it is compiled, and whoever calls a rule has taken it by its
name when it was imported. So nothing is changed in the core that is loaded: its modules are loaded once more, beside
it, and the rules are put into their places before anybody takes them. The first copy goes on as it was.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.model.extension.parts import Extension

# In the order in which they import each other: whoever takes a rule by its name finds the one in its place.
MODULES = tuple(
    f"sim.model.rules.{name}" for name in ("numbers", "frame", "reading", "posting", "responding", "remembering")
)
BOUNDS = ("read_probability_at_most", "logistic_at_most")
"""What only saves the work of rules that others may replace: a bound that always holds takes its place."""

COPIED = (
    "sim.kernel.compiled", "sim.kernel.compiled_rows", "sim.kernel.tables", "sim.model.state",
    "sim.model.person_columns", "sim.model.rules", "sim.model.steps",
    "sim.model.engine", "sim.model.outcomes", "sim.model.groups", "sim.organization", "sim.model.preparing",
    "sim.model.simulation",
    "sim.model.extension.running",
)  # fmt: skip
_LOCK = threading.RLock()
_COPIES: dict[tuple[str, bool], Any] = {}


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


def core_with(extension: Extension, compiles: bool) -> Any:
    """Return ``sim.model.extension.running`` of a core with the rules of an extension; made once in a process.

    Parameters
    ----------
    extension : Extension
        With rules.
    compiles : bool
        Whether it is compiled (where numba is there) or plain Python.
    """
    key = (extension.digest, compiles)
    with _LOCK:
        if key not in _COPIES:
            _COPIES[key] = _made(extension, compiles)
        return _COPIES[key]


def _is_copied(name: str) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in COPIED)


@contextlib.contextmanager
def _beside() -> Iterator[None]:
    """Let the modules of the core be loaded anew, and put those back that were there."""
    names = [name for name in sys.modules if _is_copied(name)]
    # Before any is taken away: asking for a parent that is gone would load it, and what it imports, too early.
    attributes = [_parent_of(name) for name in names]
    before = {name: sys.modules.pop(name) for name in names}
    values = [getattr(parent, child, None) for parent, child in attributes]
    try:
        yield
    finally:
        for name in [name for name in sys.modules if _is_copied(name)]:
            del sys.modules[name]
        sys.modules.update(before)
        for (parent, child), value in zip(attributes, values, strict=True):
            if value is not None:
                setattr(parent, child, value)


def _parent_of(name: str) -> tuple[Any, str]:
    parent, _, child = name.rpartition(".")
    return sys.modules.get(parent) or importlib.import_module(parent), child


def _logistic_at_most(utility: float) -> float:
    return 1.0


def _read_probability_at_most(utility: float, p_prompt: float) -> float:
    return 1.0


# Bounds save asking a rule; of one that is another they know nothing, but that a probability is at most 1.
_BOUNDS: dict[str, Callable[..., Any]] = {
    "logistic_at_most": _logistic_at_most,
    "read_probability_at_most": _read_probability_at_most,
}


def _made(extension: Extension, compiles: bool) -> Any:
    importlib.import_module("sim.model.extension.running")  # what is put back afterwards has to be there
    with _beside():
        compiled: Any = importlib.import_module("sim.kernel.compiled")
        compiled.BY_COLUMNS = False  # a rule that is another may take one person at a time
        if not compiles:
            compiled.HAS_NUMBA = False
        fingerprint = f"{compiled.core_fingerprint()}-{extension.digest[:16]}"
        compiled.core_fingerprint = lambda: fingerprint
        importlib.import_module("sim.model.rules")
        rules: dict[str, Callable[..., Any]] = {**_BOUNDS, **extension.rules}
        for module in map(importlib.import_module, MODULES):
            for name, mine in rules.items():
                if name in vars(module) and plain(vars(module)[name]).__module__ == module.__name__:
                    vars(module)[name] = _like(vars(module)[name], mine)
        running: Any = importlib.import_module("sim.model.extension.running")
        simulation: Any = importlib.import_module("sim.model.simulation")
        # A helper would compile the rules as they are in the first copy.
        simulation.days_compiled_elsewhere = contextlib.nullcontext
        return running


def _like(rule: Any, mine: Callable[..., Any]) -> Any:
    """Return a function as the rule in whose place it stands is: compiled in the same way, or plain."""
    if not hasattr(rule, "py_func"):
        return plain(mine)
    return type(rule)(plain(mine), rule._is_unit, **rule._options)
