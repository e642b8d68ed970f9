"""From runs to tables of statistics: a summary of each scenario, paired differences, ranks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.statistics import (
    MeanInterval,
    PairedDifference,
    Spread,
    counted,
    later,
    mean_interval,
    paired_difference,
    weeks_of,
)
from sim.analysis.verdict import Verdict, is_opposite, verdict
from sim.catalog.outcomes import YES_OR_NO, Outcome, both_reasons, outcomes_named, reason, reason_of_run
from sim.experiments.points import DEFAULTS, INTERVIEWS
from sim.kernel.estimates import units_of
from sim.runs.plan import Plan

if TYPE_CHECKING:
    import pyarrow as pa


SUMMARY_COLUMNS = {
    "scenario": "text", "outcome": "text", "mean": "float", "low": "float", "high": "float", "n": "int",
    "reason": "text", "n_not_reached": "int",
}  # fmt: skip
DIFFERENCE_COLUMNS = {
    "a": "text", "b": "text", "outcome": "text", "mean": "float", "low": "float", "high": "float",
    "p_a_greater": "float", "n": "int", "n_a_greater": "int", "n_b_greater": "int", "method": "text",
    "replications_needed": "float", "verdict": "text", "verdict_text": "text", "reason": "text", "n_not_reached": "int",
}  # fmt: skip
SPREAD_COLUMNS = {"p5": "float", "median": "float", "p95": "float"}
WORLD_COLUMNS = {
    "share_of_worlds_a_greater": "float", "variance_share_luck": "float", "variance_share_worlds": "float",
    "share_of_worlds_b_greater": "float", **SPREAD_COLUMNS, "interviews_n": "int",
    "interviews_share_a_greater": "float", "interviews_share_b_greater": "float", "defaults_n": "int",
    "defaults_mean": "float", "defaults_low": "float", "defaults_high": "float", "defaults_is_opposite": "bool",
}  # fmt: skip
RANK_COLUMNS = {
    "scenario": "text", "outcome": "text", "rank": "float", "low": "float", "high": "float",
    "share_first": "float", "n_units": "int",
}  # fmt: skip

NEVER_MISSING = "alive"
"""An outcome that every finished run has."""

# Scenario -> outcome -> value of each replication (over worlds: n_worlds x n_replications), NaN where there is none.
Values = Mapping[str, Mapping[str, np.ndarray]]


class Summary(NamedTuple):
    """One outcome of one scenario."""

    scenario: str
    outcome: str
    interval: MeanInterval


class OverWorlds(NamedTuple):
    """What a comparison over plausible worlds adds to a difference whose units are worlds."""

    p_a_greater: float  # share of single pairs of runs in which `a` is greater, ties counted half
    # `luck`, `worlds`: parts of the variance of the difference in one pair of runs in one world; NaN where `reason`
    # says why
    luck: float
    worlds: float
    reason: str  # why the variance could not be split; empty if it could
    # the same difference in what was run beside the worlds of the answer: the other set of worlds (``interviews``), and
    # the point of all default values (``defaults``)
    beside: Mapping[str, PairedDifference] = {}


class Difference(NamedTuple):
    """One outcome of scenario `a` minus that of scenario `b`; `n_dropped` pairs (or worlds) have no value."""

    a: str
    b: str
    outcome: str
    paired: PairedDifference
    n_dropped: int
    over_worlds: OverWorlds | None = None

    def verdict(self, language: str = "en", smallest: float | None = None) -> Verdict:
        """Return what it means, in words."""
        return verdict(
            self.a, self.b, self.outcome, self.paired,
            n_dropped=self.n_dropped, language=language, smallest=smallest,
            is_over_worlds=self.over_worlds is not None,
            beside={} if self.over_worlds is None else self.over_worlds.beside,
        )  # fmt: skip


class Ranking(NamedTuple):
    """One outcome: the place of each scenario, and over how many pairs of runs, or different worlds.

    `is_more_first` says whether the largest mean has rank 1.
    """

    outcome: str
    is_more_first: bool
    ranks: Mapping[str, Rank]
    n_units: int


def outcome_blocks(runs: pa.Table, plan: Plan) -> dict[str, dict[str, np.ndarray]]:
    """Return the outcomes of a study by scenario, float64 (n_worlds, n_replications), paired by position.

    Without worlds there is one row. A run that failed or was not done has NaN everywhere; a time not reached is later
    than the run (`times`).
    """
    n_weeks, shape = weeks_of(plan), (plan.n_points, plan.n_replications)
    scenarios = np.array(runs["scenario"].to_pylist(), dtype=object)
    replications = runs["replication"].to_numpy()
    points = np.zeros_like(replications) if plan.points is None else runs["point"].to_numpy()
    columns = {name: counted(name, runs[name].to_numpy(), n_weeks) for name in plan.kept.outcomes}
    blocks: dict[str, dict[str, np.ndarray]] = {}
    for arm in plan.arms:
        rows = scenarios == arm.name
        blocks[arm.name] = {name: np.full(shape, np.nan) for name in columns}
        for name, column in columns.items():
            blocks[arm.name][name][points[rows], replications[rows]] = column[rows]
    return blocks


def outcome_values(runs: pa.Table, plan: Plan) -> dict[str, dict[str, np.ndarray]]:
    """Return the outcomes of a study without worlds by scenario, float64 (n_replications,), see `outcome_blocks`."""
    found = outcome_blocks(runs, plan)
    return {scenario: {name: block[0] for name, block in columns.items()} for scenario, columns in found.items()}


def _common_reasons(reasons: pa.Table) -> dict[tuple[str, str], str]:
    """Return the most frequent reason why an outcome is missing, by (scenario, outcome)."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    columns = (reasons[name].to_pylist() for name in ("scenario", "outcome", "reason"))
    for scenario, outcome, told in zip(*columns, strict=True):
        counts.setdefault((scenario, outcome), Counter())[told] += 1
    return {key: reason_of_run(counter.most_common(1)[0][0]) for key, counter in counts.items()}


def summarize(
    values: Values, reasons: pa.Table, n_weeks: int, alike: np.ndarray | None = None, weights: np.ndarray | None = None
) -> list[Summary]:
    """Return mean and interval of every outcome of every scenario, with the reason for what is missing.

    `values`: outcomes by scenario, (n_replications,), or (n_worlds, n_replications) where the units are worlds;
    `reasons`: why outcomes of runs are missing; `n_weeks`: length of the runs, for times that are not reached; `alike`:
    which worlds are one world (`Points.alike`); `weights`: what each world counts, float64 (n_worlds,).
    """
    why = _common_reasons(reasons)
    rows = []
    for scenario, columns in values.items():
        for outcome in outcomes_named(columns):
            column = columns[outcome.name]
            interval = mean_interval(
                column, outcome.low, outcome.high, outcome.name in YES_OR_NO, alike, later(outcome.name, n_weeks),
                weights,
            )  # fmt: skip
            cause = why.get((scenario, outcome.name), "")
            n_missing = int(np.isnan(column).sum()) + interval.n_not_reached
            if cause and n_missing:
                cause = reason("counted", reason=cause, n=n_missing, total=column.size)
            is_told = not interval.n or (cause and n_missing == column.size)
            parts = [text for text in ("" if is_told else interval.reason, cause) if text]
            rows.append(
                Summary(scenario, outcome.name, interval._replace(reason=both_reasons(parts) or interval.reason))
            )
    return rows


def compared(
    values: Values,
    other: str,
    outcome: Outcome,
    n_weeks: int,
    alike: np.ndarray | None = None,
    weights: np.ndarray | None = None,
) -> PairedDifference:
    """Return one outcome of the first scenario minus that of another, by runs or by worlds (see `summarize`)."""
    first = next(iter(values))
    return paired_difference(
        values[first][outcome.name], values[other][outcome.name], outcome.high - outcome.low,
        outcome.name in YES_OR_NO, alike, later(outcome.name, n_weeks), are_the_same(values[first], values[other]),
        weights,
    )  # fmt: skip


def are_the_same(a: Mapping[str, np.ndarray], b: Mapping[str, np.ndarray]) -> bool:
    """Say whether every pair of runs that are both done is one and the same run, in every outcome."""
    done = ~(np.isnan(a[NEVER_MISSING]) | np.isnan(b[NEVER_MISSING]))
    return bool(done.any()) and all(np.array_equal(a[name][done], b[name][done], equal_nan=True) for name in a)


def differences(values: Values, n_weeks: int) -> list[Difference]:
    """Return every outcome of the first scenario minus that of each other one."""
    first, *others = values
    rows = []
    for other in others:
        for outcome in outcomes_named(values[first]):
            paired = compared(values, other, outcome, n_weeks)
            n_dropped = len(values[first][outcome.name]) - paired.n
            rows.append(Difference(first, other, outcome.name, paired, n_dropped))
    return rows


def rankings(
    values: Values, n_weeks: int, alike: np.ndarray | None = None, weights: np.ndarray | None = None
) -> list[Ranking]:
    """Return the ranking of the scenarios in every outcome of which more (or less) is better; see `summarize`."""
    names = list(values)
    same = {(a, b): are_the_same(values[a], values[b]) for place, a in enumerate(names) for b in names[place + 1 :]}
    return [
        Ranking(outcome.name, outcome.better > 0, *_ranks(values, outcome, n_weeks, alike, weights, same))
        for outcome in outcomes_named(next(iter(values.values())))
        if outcome.better
    ]


def _ranks(
    values: Values,
    outcome: Outcome,
    n_weeks: int,
    alike: np.ndarray | None,
    weights: np.ndarray | None,
    same: Mapping[tuple[str, str], bool],
) -> tuple[dict[str, Rank], int]:
    """Return the places in one outcome: by the mean over the runs in which all that are ranked have a value.

    What they leave open is what the line of each pair says, over the runs in which those two have one.
    With the places comes the number of units in which all have a value.
    """
    every, sign = list(values), -1.0 if outcome.better > 0 else 1.0
    found = dict.fromkeys(every, NOT_RANKED)
    table = np.array([values[name][outcome.name] for name in every], dtype=float)
    chosen = can_be_ranked((~np.isnan(table)).reshape(len(every), -1).sum(axis=1))
    names, table = [name for name, is_in in zip(every, chosen, strict=True) if is_in], table[chosen]
    complete = np.where(np.isnan(table).any(axis=0), np.nan, table)
    units = [units_of(sign * row, alike, weights) for row in complete]
    if not units or not units[0].n:
        return found, 0
    is_ahead = np.zeros((len(names), len(names)), dtype=bool)
    for i, a in enumerate(names):
        for j, b in enumerate(names[i + 1 :], start=i + 1):
            pair = paired_difference(
                table[i], table[j], outcome.high - outcome.low, outcome.name in YES_OR_NO, alike,
                later(outcome.name, n_weeks), same[a, b], weights,
            )  # fmt: skip
            if pair.is_sure:
                is_ahead[(i, j) if sign * pair.mean < 0 else (j, i)] = True
    rank, low, high = places_of(np.array([one.mean for one in units]), is_ahead)
    first = shares_first(np.array([one.values for one in units]), units[0].shares)
    for i, name in enumerate(names):
        found[name] = Rank(float(rank[i]), float(low[i]), float(high[i]), float(first[i]))
    return found, units[0].n


def summary_rows(summaries: Sequence[Summary]) -> Iterator[dict[str, Any]]:
    """Yield summaries as rows with `SUMMARY_COLUMNS`."""
    for scenario, outcome, interval in summaries:
        yield {"scenario": scenario, "outcome": outcome, **interval._asdict(), **spread_facts(interval.spread)}


def spread_facts(spread: Spread | None) -> dict[str, float]:
    """Return how worlds differ as columns of a table: `SPREAD_COLUMNS`."""
    return {} if spread is None else {"p5": spread.p5, "median": spread.median, "p95": spread.p95}


def difference_rows(rows: Sequence[Difference]) -> Iterator[dict[str, Any]]:
    """Yield differences as rows with `DIFFERENCE_COLUMNS` (over worlds, `WORLD_COLUMNS` too); verdicts in English."""
    for row in rows:
        kind, text = row.verdict()
        cells = {
            "a": row.a, "b": row.b, "outcome": row.outcome, **row.paired._asdict(),
            "verdict": kind, "verdict_text": text,
        }  # fmt: skip
        if row.over_worlds is not None:
            cells |= {
                "p_a_greater": row.over_worlds.p_a_greater,
                "share_of_worlds_a_greater": row.paired.shares[0],
                "variance_share_luck": row.over_worlds.luck,
                "variance_share_worlds": row.over_worlds.worlds,
                "share_of_worlds_b_greater": row.paired.shares[1],
                **spread_facts(row.paired.spread),
                **_beside_facts(row.paired, row.over_worlds.beside),
            }
        yield cells


def _beside_facts(paired: PairedDifference, beside: Mapping[str, PairedDifference]) -> dict[str, Any]:
    """Return what was run beside the worlds of the answer as columns of a table."""
    facts: dict[str, Any] = {}
    if INTERVIEWS in beside:
        at = beside[INTERVIEWS]
        facts |= dict(zip(("interviews_share_a_greater", "interviews_share_b_greater"), at.shares, strict=True))
        facts["interviews_n"] = at.n
    if DEFAULTS in beside:
        at = beside[DEFAULTS]
        facts |= {f"defaults_{name}": getattr(at, name) for name in ("n", "mean", "low", "high")}
        facts["defaults_is_opposite"] = is_opposite(paired, at)
    return facts


def rank_rows(rows: Sequence[Ranking]) -> Iterator[dict[str, Any]]:
    """Yield ranks as rows with `RANK_COLUMNS`."""
    for ranking in rows:
        for scenario, rank in ranking.ranks.items():
            yield {"scenario": scenario, "outcome": ranking.outcome, **rank._asdict(), "n_units": ranking.n_units}


def json_number(value: float) -> float | None:
    """Return a number as JSON can hold it: missing and infinite ones become null."""
    return value if math.isfinite(value) else None


def json_numbers(found: object, *names: str) -> dict[str, float | None]:
    """Return some numbers that something has as JSON can hold them; mean and interval if none is named."""
    return {name: json_number(getattr(found, name)) for name in names or ("mean", "low", "high")}


# The one ranking of scenarios and strategies: by mean, with the places that the paired differences leave open.
#
# Inference for ranks from pairwise intervals (Mogstad, Romano, Shaikh & Wilhelm 2024, Review of Economic Studies 91):
# whoever is surely ahead of k others has at least k behind, so that a place lies between 1 + those surely ahead and
# the number of all minus those surely behind. *Surely* is what the line of a pair says: its own 95% interval leaves
# out zero, over enough units. So no place contradicts a pair that one cannot tell. Each pair stands on its own; no
# level is claimed for all at once.


# Means that differ by less than this are equal but for the rounding of the sums.
DECIMALS = 12


class Rank(NamedTuple):
    """Place of one scenario."""

    rank: float  # 1 = first; ties share the better place. NaN where it is not ranked
    # `low`, `high`: the places that the paired differences leave open
    low: float
    high: float
    # share of the units (worlds, or replications) in which it is ahead of all others; a tie is not ahead
    share_first: float


# One with values in a smaller share of the runs than this is not ranked: hardly any run would be left to compare in.
SMALLEST_SHARE = 0.5


def can_be_ranked(n_given: np.ndarray) -> np.ndarray:
    """Say which have a value often enough; `n_given` (k,) counts the runs in which each has one."""
    return np.asarray((n_given > 0) & (n_given >= SMALLEST_SHARE * n_given.max(initial=0)))


NOT_RANKED = Rank(math.nan, math.nan, math.nan, math.nan)


def places_of(score: np.ndarray, is_ahead: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return place, and the first and last place that is left open.

    `score`: (k,): means, the smallest first; `is_ahead`: bool (k, k): whether the one of the row is surely ahead of the
    one of the column.
    """
    rounded = np.round(score, DECIMALS)
    rank = 1.0 + (rounded[:, None] > rounded[None, :]).sum(axis=1)
    low = 1.0 + is_ahead.sum(axis=0)
    high = len(score) - is_ahead.sum(axis=1).astype(float)
    # Where sums are rounded two ways a mean may lie a hair outside of what its own pairs say.
    return rank, np.minimum(low, rank), np.maximum(high, rank)


def shares_first(by_unit: np.ndarray, shares: np.ndarray | None = None) -> np.ndarray:
    """Return the share of units in which each is ahead of all others, (k,); nobody is where the best tie.

    Counted as in the lines of pairs: a world that was drawn several times counts once, or one could be ahead of all
    others in more worlds than it is ahead of one of them.

    `by_unit`: (k, n): one value a unit, the smallest is best; `shares`: (n,): what each unit counts, summing to 1
    (`Units.shares`); all the same if left out.
    """
    rounded = np.round(by_unit - by_unit.min(axis=0), DECIMALS)
    best = rounded == 0.0
    each = best & (best.sum(axis=0) == 1)
    return np.round(each.mean(axis=1) if shares is None else each @ shares, DECIMALS)
