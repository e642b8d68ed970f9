"""From tables with one row a run to the numbers a figure shows: means and how far the runs spread."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.over_worlds import WEIGHT_OF_RUN
from sim.figures.layout import Words
from sim.kernel.estimates import Units, quantiles

MIDDLE_NEEDS_RUNS = 10
"""With fewer runs a 5th percentile is little else than the lowest run, so the range is shown and named."""

SMALLEST_GROUP = 5
"""Groups with fewer employees are never shown."""


class Spread(NamedTuple):
    """What a band covers: two quantiles over runs, and the key of the words that say so."""

    low: float
    high: float
    words_key: str


MIDDLE = Spread(0.05, 0.95, "spread.middle")
RANGE = Spread(0.0, 1.0, "spread.range")


def scenario_names(table: pd.DataFrame) -> list[str]:
    """Return the scenarios in the order of their first row."""
    return [str(name) for name in table["scenario"].drop_duplicates()]


def run_counts(table: pd.DataFrame) -> list[int]:
    """Return the number of runs of each scenario."""
    return [int(n) for n in table.groupby("scenario", sort=False, observed=True)["run_id"].nunique()]


def spread_for(counts: Sequence[int]) -> Spread:
    """Return what bands cover when the scenarios have this many runs."""
    return MIDDLE if min(counts) >= MIDDLE_NEEDS_RUNS else RANGE


def summarize(table: pd.DataFrame, by: Sequence[str], outcomes: Sequence[str], spread: Spread) -> pd.DataFrame:
    """Mean, low, high and number of values of each outcome over runs.

    Parameters
    ----------
    table : DataFrame
        One row a run (or a run and week, or a run and group).
    by : sequence of str
        Columns that stay; the runs within them are summarized.
    outcomes : sequence of str
        Columns to summarize. Missing and infinite values are left out.
    spread : Spread
        Quantiles for `low` and `high`.

    Returns
    -------
    DataFrame
        Index `by`; columns (outcome, "mean" | "low" | "high" | "n"). `low` and `high` are NaN where there is
        only one value: one run has no spread.
    """
    names = list(outcomes)
    values = table[names].astype(float)
    clean = values.where(np.isfinite(values))
    grouped = clean.groupby([table[column] for column in by], sort=True, observed=True)
    n = grouped.count()
    several = n > 1
    if WEIGHT_OF_RUN in table:
        weights = table[WEIGHT_OF_RUN]
        ends = [grouped.agg(partial(_quantile, weights=weights, share=share)) for share in (spread.low, spread.high)]
        mean = means_by(table.assign(**clean), list(by), names).reindex(n.index)
    else:
        ends = [grouped.quantile(spread.low), grouped.quantile(spread.high)]
        mean = grouped.mean()
    parts = {"mean": mean, "low": ends[0].where(several), "high": ends[1].where(several), "n": n}
    return pd.concat(parts, axis=1).swaplevel(axis=1)


def _quantile(column: pd.Series, weights: pd.Series, share: float) -> float:
    """Return the value below which a share of the weight of some rows lies."""
    known = column.dropna()
    own = weights.loc[known.index].to_numpy()
    units = Units(known.to_numpy(), own / own.sum(), len(own), own / own.sum())
    return quantiles(units, share)[0]


def means_by(table: pd.DataFrame, by: Sequence[str], outcomes: Sequence[str]) -> pd.DataFrame:
    """Return the mean of each outcome over runs (or worlds, by what each counts), in the order of the first rows."""
    names, keys = list(outcomes), [table[column] for column in by]
    values = table[names].astype(float)
    if WEIGHT_OF_RUN not in table:
        return values.groupby(keys, sort=False, observed=True).mean()
    weights = table[WEIGHT_OF_RUN].to_numpy()[:, None]
    above = (values * weights).groupby(keys, sort=False, observed=True).sum(min_count=1)
    return above / (values.notna() * weights).groupby(keys, sort=False, observed=True).sum()


def outcome_means(runs: pd.DataFrame, outcome: str) -> dict[str, float]:
    """Return the mean of an outcome over the runs of each scenario, as the tables have it; NaN where none has one."""
    return {str(name): float(mean) for name, mean in means_by(runs, ["scenario"], [outcome])[outcome].items()}


def runs_in_words(counts: Sequence[int], words: Words) -> str:
    """Say how many runs there are, such as "20 runs of each scenario"."""
    low, high = min(counts), max(counts)
    if low != high:
        return words["runs.between"].format(low=low, high=high)
    runs = words["runs.one"] if high == 1 else words["runs.same"].format(n=high)
    return words["runs.each"].format(runs=runs) if len(counts) > 1 else runs


def explain_spread(counts: Sequence[int], mark: str, words: Words) -> str:
    """Say what the line or marker and its band or bar stand for.

    Parameters
    ----------
    counts : sequence of int
        Runs of each scenario.
    mark : str
        ``band`` or ``bar``.
    """
    runs = runs_in_words(counts, words)
    if max(counts) == 1:
        return words[f"{mark}.none"].format(runs=runs)
    return words[f"{mark}.some"].format(runs=runs, spread=words[spread_for(counts).words_key])


def pair_differences(runs: pd.DataFrame, a: str, b: str, outcome: str) -> np.ndarray:
    """Return outcome of `a` minus outcome of `b` for each replication both have, float64 (pairs,).

    Pairs in which either value is missing are left out.
    """
    return weighted_pairs(runs, a, b, outcome)[0]


def weighted_pairs(runs: pd.DataFrame, a: str, b: str, outcome: str) -> tuple[np.ndarray, np.ndarray]:
    """Return `pair_differences`, and what each of them counts, summing to 1."""
    wide = runs[runs["scenario"].isin([a, b])].pivot(index="replication", columns="scenario", values=outcome)
    if a not in wide or b not in wide:
        return np.empty(0), np.empty(0)
    values = (wide[a].astype(float) - wide[b].astype(float)).to_numpy()
    known = np.isfinite(values)
    weights = np.ones(int(known.sum()))
    if WEIGHT_OF_RUN in runs:
        own = runs.drop_duplicates("replication").set_index("replication")[WEIGHT_OF_RUN]
        weights = own.loc[wide.index[known]].to_numpy(dtype=float)
    return values[known], weights / max(weights.sum(), 1e-300)
