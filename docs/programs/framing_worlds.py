"""Worlds drawn from the plausible ranges, and where among them the framing effect turns around."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import qmc, spearmanr

from sim.catalog.registry import PARAMETERS, Parameter

PROFILES = ("nl-2012", "nl-2014", "nl-2016", "us-2015", "us-2021")
# Wider than the registry where the question is about strong leaders, trust or guidance.
WIDER = {
    "organization.trust": (0.3, 0.9),
    "leadership.participation": (0.0, 1.0),
    "leadership.support": (0.0, 1.0),
    "rules.guidance": (0.0, 1.0),
}
# The size of the organization is fixed for speed; the framing is what is compared, in worlds where frames act.
LEFT_OUT = (
    "organization.employees", "run.critical_share", "launch.framing.", "launch.waves.", "behavior.frame_strength",
)  # fmt: skip
WORKFORCE = "organization.workforce"

# Levels that published platforms have (T2.11, T2.13, T2.21): monthly readers, monthly active, interactions a month.
PUBLISHED = {
    "monthly_readers": (0.40, 0.85),
    "monthly_active": (0.15, 0.40),
    "interactions_per_employee_month": (0.3, 3.0),
}


class Space(NamedTuple):
    """Ranges to draw from."""

    parameters: tuple[Parameter, ...]

    @property
    def names(self) -> list[str]:
        """Names of the inputs, in the order of the columns of a sample."""
        return [*(entry.path for entry in self.parameters), WORKFORCE]


def space(with_behavior: bool) -> Space:
    """Return the ranges of the settings, and of the coefficients of behavior too if asked for."""
    chosen = [
        entry
        for entry in PARAMETERS
        if (entry.plausible or entry.when_on) is not None
        and not entry.path.startswith(LEFT_OUT)
        and (with_behavior or entry.section != "behavior")
    ]
    return Space(tuple(chosen))


def sample(where: Space, n_worlds: int, seed: int) -> np.ndarray:
    """Return a Latin hypercube sample, float64 (n_worlds, inputs), in the units of the inputs.

    The last column is the number of the profile.
    """
    generator = np.random.Generator(np.random.Philox(seed))
    unit = qmc.LatinHypercube(len(where.names), rng=generator).random(n_worlds)
    values = np.empty_like(unit)
    for column, entry in enumerate(where.parameters):
        values[:, column] = _scaled(entry, unit[:, column])
    values[:, -1] = np.floor(unit[:, -1] * len(PROFILES))
    return values


def _scaled(entry: Parameter, shares: np.ndarray) -> np.ndarray:
    """Return values of a parameter from shares of its range; what can be off as a whole is so in half of the worlds."""
    if entry.plausible is None and entry.when_on is not None:
        low, high = entry.when_on
        if entry.off_at is None:
            return low + shares * (high - low)
        return np.where(shares < 0.5, entry.off_at, low + (2.0 * shares - 1.0) * (high - low))
    low, high = WIDER.get(entry.path, entry.plausible or (0.0, 1.0))
    if entry.kind == "int":
        return np.floor(low + shares * (high - low + 1))
    return low + shares * (high - low)


def settings_of(where: Space, row: np.ndarray) -> dict[str, Any]:
    """Return one row of a sample as settings of a scenario."""
    settings: dict[str, Any] = {
        entry.path: int(value) if entry.kind == "int" else float(value)
        for entry, value in zip(where.parameters, row, strict=False)
    }
    return {**settings, WORKFORCE: PROFILES[int(row[-1])]}


def rank_correlations(where: Space, values: np.ndarray, effect: np.ndarray) -> dict[str, float]:
    """Return Spearman's correlation of each input with an effect, the strongest first; the profile is left out."""
    found = {
        name: float(spearmanr(values[:, column], effect).statistic) for column, name in enumerate(where.names[:-1])
    }
    return dict(sorted(found.items(), key=lambda item: -abs(item[1])))


def column(where: Space, values: np.ndarray, name: str) -> np.ndarray:
    """Return one input of a sample."""
    return values[:, where.names.index(name)]


def push_of_familiarity(where: Space, values: np.ndarray) -> np.ndarray:
    """Return what one standard deviation more of outside experience adds to use where it is carried over, in logits."""
    return column(where, values, "behavior.ease") * np.sqrt(column(where, values, "behavior.skill_leisure"))


def has_published_levels(means: Sequence[dict[str, float]]) -> np.ndarray:
    """Return in which worlds a launch has the levels of published platforms, bool (n_worlds,)."""
    return np.array([all(low <= mean[name] <= high for name, (low, high) in PUBLISHED.items()) for mean in means])
