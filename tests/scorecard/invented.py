"""A simulation that invents its numbers, for what comes after the runs; importable, so that workers find it too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.evidence.scorecard.measures import MEASURES
from sim.runs.worker import Engine

MISSING = "answer_rate"


class Invented(NamedTuple):
    outcomes: dict[str, float]
    reasons: dict[str, str]
    series: dict[str, np.ndarray]
    groups: list[dict[str, Any]]


def simulate(resolved: Mapping[str, Any], seed: int, with_groups: bool = True) -> Invented:
    """Return numbers that depend on luck; collaboration has more of everything, as far as messages are believed."""
    luck = np.random.default_rng(seed % 2**32).normal(0.0, 0.02, len(OUTCOME_NAMES) + len(MEASURES))
    gain = 0.2 * resolved["launch"]["framing"]["collaboration"] * (resolved["behavior"]["message_weight"] > 0.0)
    outcomes = dict(zip([*OUTCOME_NAMES, *MEASURES], (0.3 + gain + luck).tolist(), strict=True))
    outcomes[MISSING] = float("nan")
    outcomes["alive"] = float(luck[0] > 0.0)
    return Invented(outcomes, {MISSING: "nobody asked"}, {}, [])


def fail(resolved: Mapping[str, Any], seed: int, with_groups: bool = True) -> Invented:
    """Fail where strict rules forbid it."""
    if resolved["rules"]["restriction"] == 0.9:
        raise ValueError("forbidden")
    return simulate(resolved, seed)


def warm_up() -> None:
    """Have nothing to compile."""


ENGINE = Engine(simulate, warm_up)
FAILING = Engine(fail, warm_up)
