"""Times that are not reached within the run: later than the run, not missing.

In ``runs.parquet`` such a time is NaN, and ``reasons.parquet`` says that it was not reached, as a week that has not
come has no number. Whatever is worked out from the runs counts it as the week after the last one: it comes after every
week within the run, two of them are a tie (which is later cannot be known), and a mean that holds some is *at least*
that.
A run that failed or was not done has no row, and stays missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario.outcome_table import TIMES

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.plan import Plan

WEEKS = "run.weeks"


def fewest_weeks(lengths: Iterable[Any]) -> int:
    """Return the weeks that all runs have: where lengths differ, what comes later is later than the run for all."""
    return min(int(length) for length in lengths)


def weeks_of(plan: Plan) -> int:
    """Return the weeks that every run of a plan has."""
    lengths: list[Any] = []
    for place, arm in enumerate(plan.arms):
        varied = () if plan.points is None else plan.points.leaves[place].get(WEEKS, ())
        lengths += varied or [arm.resolved["run"]["weeks"]]
    return fewest_weeks(lengths)


def weeks_of_study(scenarios: Sequence[Mapping[str, Any]], points: pd.DataFrame | None = None) -> int:
    """Return the weeks that every run of a results folder has, from the scenarios of its manifest and its points."""
    if points is not None and WEEKS in points.columns:
        return fewest_weeks(points[WEEKS])
    return fewest_weeks(scenario["resolved"]["run"]["weeks"] for scenario in scenarios)


def later(outcome: str, n_weeks: int) -> float:
    """Return the value that stands for a time not reached in `n_weeks` weeks; infinite for what is no time."""
    return n_weeks + 1.0 if outcome in TIMES else math.inf


def counted(outcome: str, column: np.ndarray, n_weeks: int) -> np.ndarray:
    """Return the values of an outcome in finished runs, with times that were not reached as `later`."""
    values = np.asarray(column, dtype=float)
    if outcome not in TIMES:
        return values
    return np.minimum(np.where(np.isnan(values), math.inf, values), later(outcome, n_weeks))


def has_times(runs: pd.DataFrame) -> bool:
    """Say whether a table of runs has a column of times."""
    return any(name in TIMES for name in runs.columns)


def with_times(runs: pd.DataFrame, n_weeks: int) -> pd.DataFrame:
    """Return a table of finished runs with times that were not reached as `later`."""
    times = [name for name in runs.columns if name in TIMES]
    return runs.assign(**{name: counted(name, runs[name].to_numpy(), n_weeks) for name in times})
