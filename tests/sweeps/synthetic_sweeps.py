"""Made-up sweeps with known answers: points of a design, and runs in the order of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd


def crossed_points(levers: Mapping[str, Sequence[object]], worlds: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """Points of a design in which every strategy meets every world; values of each factor by strategy, or world."""
    n_strategies = len(next(iter(levers.values()), [0]))
    n_worlds = len(next(iter(worlds.values()), [0]))
    strategy, world = np.repeat(range(n_strategies), n_worlds), np.tile(range(n_worlds), n_strategies)
    factors = {name: np.array(values, dtype=object)[strategy] for name, values in levers.items()}
    factors |= {name: np.array(values, dtype=object)[world] for name, values in worlds.items()}
    return _frame(strategy, world, factors)


def sampled_points(factors: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """Points of a design in which everything is drawn anew for each point."""
    numbers = np.arange(len(next(iter(factors.values()))))
    return _frame(numbers, numbers, factors)


def _frame(strategy: np.ndarray, world: np.ndarray, factors: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    columns = {name: pd.Series(list(values)).infer_objects() for name, values in factors.items()}
    return pd.DataFrame({"point": np.arange(len(strategy)), "strategy": strategy, "world": world, **columns})


def runs_of(
    points: pd.DataFrame, outcomes: Mapping[str, np.ndarray], scenarios: Sequence[str] = ("baseline",)
) -> pd.DataFrame:
    """One row a run, replication by replication, then point, then scenario.

    `outcomes` has an array (scenarios, points, replications) for each outcome.
    """
    n_scenarios, n_points, n_replications = next(iter(outcomes.values())).shape
    keys = [(r, p, s) for r in range(n_replications) for p in range(n_points) for s in range(n_scenarios)]
    at = points.loc[[p for _, p, _ in keys]]
    runs = pd.DataFrame(
        {
            "run_id": range(len(keys)),
            "scenario": [scenarios[s] for _, _, s in keys],
            "point": at["point"].to_numpy(),
            "strategy": at["strategy"].to_numpy(),
            "world": at["world"].to_numpy(),
            "replication": [r for r, _, _ in keys],
        }
    )
    return runs.assign(**{name: [values[s, p, r] for r, p, s in keys] for name, values in outcomes.items()})
