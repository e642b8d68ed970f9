"""A comparison over plausible worlds: what of a difference is luck, and what is that nobody knows the world.

The unit is a world: both scenarios run in it a few times, each time with luck of its own that the two share. Intervals
over worlds therefore cover luck *and* ignorance, as far as the set of worlds covers what is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.scenario.outcome_table import OUTCOME_NAMES, OUTCOMES
from sim.study.analysis import Difference, OverWorlds, compared
from sim.study.plan import About, Arm, Plan, make_plan
from sim.study.points import Points
from sim.study.scorecard.worlds import GROUP, Worlds
from sim.study.times import counted, weeks_of
from sim.texts.said import said

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

REPLICATIONS_PER_WORLD = 2
"""Runs of each scenario in each world, if nothing else is asked for: the fewest that tell luck from the world."""

KIND = "compare"
NO_SPLIT = "luck cannot be told from the world with one run in each"
NO_SPREAD = "nothing varies"
FEW_WORLDS = "fewer than two worlds have a value"

# Scenario -> outcome -> (n_worlds, n_replications), NaN where there is no value.
Blocks = Mapping[str, Mapping[str, np.ndarray]]


class VarianceShare(NamedTuple):
    """Parts of the variance of one paired difference in one world drawn at random; they add up to 1.

    Attributes
    ----------
    luck : float
        Part of the variance within worlds; NaN where `reason` says why.
    worlds : float
        Part of the variance between worlds.
    reason : str
        Why there are no parts; empty if there are.
    """

    luck: float
    worlds: float
    reason: str


def plan_over_worlds(arms: list[Arm], found: Worlds, n_replications: int, seed: int) -> Plan:
    """Return the plan of a comparison in which every world has all arms, paired, and luck of its own.

    Parameters
    ----------
    arms : list of Arm
        The scenarios.
    found : Worlds
        The worlds, of equal weight.
    n_replications : int
        Runs of each scenario in each world.
    seed : int
        Seed of the study.
    """
    n_worlds = len(found.settings)
    keys = varied_keys([arm.own_coefficients for arm in arms], found)
    columns = {key: [world[key] for world in found.settings] for key in keys}
    points = Points(
        factors=columns,
        is_lever=dict.fromkeys(columns, False),
        leaves=tuple(without(columns, arm.own_coefficients) for arm in arms),
        strategy=[0] * n_worlds,
        world=list(range(n_worlds)),
        luck=list(range(n_worlds)),
    )
    facts = [
        {
            "name": key, "is_lever": False, "group": GROUP, "kind": "float", "keys": [key], "levels": None,
            "registry": GROUP,
        }
        for key in keys
    ]  # fmt: skip
    name = " vs ".join(arm.name for arm in arms)
    about = About(KIND, {"name": name, "worlds": n_worlds, "source": found.source}, facts)
    return make_plan(arms, n_replications, seed, points=points, about=about)


def varied_keys(own: Sequence[Sequence[str]], found: Worlds) -> tuple[str, ...]:
    """Return the coefficients that worlds set in at least one of some scenarios, which set the `own` ones themselves.

    Raises
    ------
    InputError
        If there are none: each scenario sets every coefficient.
    """
    kept = set(own[0]).intersection(*own[1:]) if own else set()
    keys = tuple(key for key in found.keys if key not in kept)
    if not keys:
        raise InputError(said("refusal.worlds_nothing"))
    return keys


def without(columns: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    """Return the columns but for some."""
    return {key: column for key, column in columns.items() if key not in set(keys)}


def outcome_blocks(runs: pa.Table, plan: Plan) -> dict[str, dict[str, np.ndarray]]:
    """Return the outcomes of a study over worlds as blocks, float64 (n_worlds, n_replications), paired by position."""
    scenarios = np.array(runs["scenario"].to_pylist(), dtype=object)
    places = runs["point"].to_numpy(), runs["replication"].to_numpy()
    n_weeks = weeks_of(plan)
    blocks: dict[str, dict[str, np.ndarray]] = {}
    for arm in plan.arms:
        rows = scenarios == arm.name
        blocks[arm.name] = {}
        for name in OUTCOME_NAMES:
            block = np.full((plan.n_points, plan.n_replications), np.nan)
            block[places[0][rows], places[1][rows]] = counted(name, runs[name].to_numpy(), n_weeks)[rows]
            blocks[arm.name][name] = block
    return blocks


def world_means(block: np.ndarray) -> np.ndarray:
    """Return the mean of each world over the runs that have a value, (n_worlds,); NaN where none has."""
    known = ~np.isnan(block)
    counts = known.sum(axis=1)
    sums = np.where(known, block, 0.0).sum(axis=1)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def mean_by_world(blocks: Blocks) -> dict[str, dict[str, np.ndarray]]:
    """Return `world_means` of every outcome of every scenario."""
    return {
        scenario: {outcome: world_means(block) for outcome, block in columns.items()}
        for scenario, columns in blocks.items()
    }


def variance_share(a: np.ndarray, b: np.ndarray) -> VarianceShare:
    """Split the variance of the paired difference of two scenarios into luck and worlds.

    One-way random effects with unequal numbers of pairs (Searle, Casella & McCulloch 1992, ch. 3): the mean square
    within worlds estimates luck; the mean square between them, less luck, estimates worlds, cut off at zero.

    Parameters
    ----------
    a, b : ndarray
        float64 (n_worlds, n_replications), paired by position.
    """
    difference = a - b
    known = ~np.isnan(difference)
    counts = known.sum(axis=1)
    difference, known, counts = difference[counts > 0], known[counts > 0], counts[counts > 0]
    n_worlds, n = len(counts), int(counts.sum())
    if n_worlds < 2:
        return VarianceShare(np.nan, np.nan, FEW_WORLDS)
    if n == n_worlds:
        return VarianceShare(np.nan, np.nan, NO_SPLIT)
    means = world_means(difference)
    within = float(np.where(known, (difference - means[:, None]) ** 2, 0.0).sum() / (n - n_worlds))
    grand = float((counts * means).sum() / n)
    between = float((counts * (means - grand) ** 2).sum() / (n_worlds - 1))
    typical_count = (n - float((counts**2).sum()) / n) / (n_worlds - 1)
    worlds = max(0.0, (between - within) / typical_count)
    total = within + worlds
    if total <= 0:
        return VarianceShare(np.nan, np.nan, NO_SPREAD)
    return VarianceShare(within / total, worlds / total, "")


def differences_over_worlds(blocks: Blocks, n_weeks: int, alike: np.ndarray | None = None) -> list[Difference]:
    """Return every outcome of the first scenario minus that of each other one, with worlds as the units.

    The interval is that of the mean over worlds (see `paired_difference`). Each world has luck of its own, so the
    spread of the means of worlds holds both.

    Parameters
    ----------
    blocks : mapping
        Outcomes by scenario, from `outcome_blocks`.
    n_weeks : int
        Length of the runs.
    alike : ndarray, optional
        int64 (n_worlds,), the same number for worlds with the same settings (`Points.alike`).
    """
    first, *others = blocks
    rows = []
    for other in others:
        for outcome in OUTCOMES:
            n_worlds = len(blocks[first][outcome.name]) if alike is None else len(np.unique(alike))
            a, b = blocks[first][outcome.name], blocks[other][outcome.name]
            paired = compared(blocks, other, outcome, n_weeks, alike)
            split = variance_share(a, b)
            by_world = OverWorlds(paired.p_a_greater, share_greater(a, b), split.luck, split.worlds, split.reason)
            rows.append(Difference(first, other, outcome.name, paired, n_worlds - paired.n, by_world))
    return rows


def share_greater(a: np.ndarray, b: np.ndarray) -> float:
    """Return the share of single pairs in which `a` is greater, ties counted half; NaN without a pair."""
    difference = (a - b)[~(np.isnan(a) | np.isnan(b))]
    if not len(difference):
        return float("nan")
    return float(((difference > 0) + 0.5 * (difference == 0)).mean())


def by_world(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables of a comparison over worlds with one row where each world has one, for the figures."""
    found = dict(tables)
    for name, by in {"runs": [], "series": ["week"], "groups": ["grouping", "group", "order"]}.items():
        if not found[name].empty:
            found[name] = one_row_a_world(found[name], by)
    return found


def one_row_a_world(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return a table of runs as one of worlds: the mean over the runs of each world, numbered as replications.

    Parameters
    ----------
    table : DataFrame
        One row a run (or a run and week, or a run and group), with the columns ``scenario`` and ``point``.
    by : list of str
        Other columns that tell rows of one run apart, such as ``week``.
    """
    keys = ["scenario", "point", *by]
    not_measured = {*keys, "run_id", "replication", "seed", "world", "strategy"}
    numbers = [name for name in table.columns if name not in not_measured and table[name].dtype.kind in "fiub"]
    means = table.groupby(keys, sort=False, dropna=False)[numbers].mean().reset_index()
    means = means.rename(columns={"point": "replication"})
    order = {name: place for place, name in enumerate(dict.fromkeys(table["scenario"]))}
    run_id = means["replication"] * len(order) + means["scenario"].map(order)
    means.insert(0, "run_id", run_id.astype("int64"))
    return means
