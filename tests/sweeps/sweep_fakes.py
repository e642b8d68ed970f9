"""A stand-in for the simulation whose answers are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from sim.catalog.outcomes import OUTCOME_NAMES

Command = Callable[..., tuple[int, str, str]]


class Result(NamedTuple):
    outcomes: dict[str, float]
    reasons: dict[str, str]
    series: dict[str, np.ndarray]
    groups: list[dict[str, Any]]


def simulate(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Posters: fewer with restriction, more with trust, and luck that all share; alive above a fifth."""
    luck = np.random.Generator(np.random.Philox(key=seed)).standard_normal()
    restriction, trust = resolved["rules"]["restriction"], resolved["organization"]["trust"]
    posters = 0.3 - 0.2 * restriction + 0.2 * (trust - 0.5) + 0.01 * luck
    outcomes = dict.fromkeys(OUTCOME_NAMES, float(np.clip(posters, 0, 1)))
    outcomes["alive"] = float(posters > 0.2)
    outcomes["answer_rate"] = float("nan")
    series = {name: np.full(resolved["run"]["weeks"], value) for name, value in outcomes.items()}
    return Result(outcomes, {"answer_rate": 'nobody asked, or "nobody" answered'}, series, [])


def fail_when_strict(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Fail wherever restriction is above a half."""
    if resolved["rules"]["restriction"] > 0.5:
        raise ValueError("too strict, says the test")
    return simulate(resolved, seed)


def fail_always(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Fail."""
    raise RuntimeError("always")


def interrupt_at_the_end(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Be interrupted once the second replication is reached (its seed is another one)."""
    if interrupt_at_the_end.first_seed is None:  # type: ignore[attr-defined]
        interrupt_at_the_end.first_seed = seed  # type: ignore[attr-defined]
    if seed != interrupt_at_the_end.first_seed:  # type: ignore[attr-defined]
        raise KeyboardInterrupt
    return simulate(resolved, seed)


def warm_up() -> None:
    """Have nothing to compile."""
