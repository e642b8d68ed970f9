"""A simulation that is a function with known indices, importable by name for worker processes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from functions import ishigami, sobol_g

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.runs.worker import Engine

# The factors that stand for x1, x2, ... of the functions; all run from 0 to 1. Nothing reads the last one.
PLACES = (
    "organization.trust", "organization.remote_share", "rules.restriction", "rules.guidance", "leadership.support",
)  # fmt: skip


class Result(NamedTuple):
    outcomes: dict[str, float]
    reasons: dict[str, str]
    series: dict[str, np.ndarray]
    groups: list[dict[str, Any]]


def coordinates(resolved: Mapping[str, Any]) -> np.ndarray:
    sections = (path.split(".") for path in PLACES)
    return np.array([[resolved[section][key] for section, key in sections]])


def simulate(resolved: Mapping[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Give both functions, a constant, and an outcome that is missing where restriction is high."""
    unit = coordinates(resolved)
    outcomes = dict.fromkeys(OUTCOME_NAMES, 0.5)
    outcomes["monthly_posters"] = float(ishigami(unit)[0])
    outcomes["monthly_readers"] = float(sobol_g(unit)[0])
    outcomes["adoption"] = unit[0, 0] * (1 if resolved["leadership"]["participation"] < 0.5 else -1)
    reasons = {}
    if unit[0, 2] > 0.9:
        outcomes["answer_rate"] = float("nan")
        reasons["answer_rate"] = "nobody asked"
    return Result(outcomes, reasons, {name: np.empty(0) for name in outcomes}, [])


def fail_for_strict_rules(resolved: Mapping[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Fail where restriction is high."""
    if resolved["rules"]["restriction"] > 0.9:
        raise ValueError("too strict")
    return simulate(resolved, seed)


def simulate_with_luck(resolved: Mapping[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Add luck to `simulate` that shared seeds do not tame: any change of any parameter gives other luck."""
    result = simulate(resolved, seed)
    bits = coordinates(resolved).tobytes()
    luck = np.random.default_rng([seed, *np.frombuffer(bits, dtype=np.uint32)])
    result.outcomes["monthly_posters"] += 4.0 * luck.standard_normal()
    return result


def warm_up() -> None:
    """Have nothing to compile."""


ENGINE = Engine(simulate, warm_up)
FAILING = Engine(fail_for_strict_rules, warm_up)
LUCKY = Engine(simulate_with_luck, warm_up)
