"""From the runs of a sensitivity experiment to its tables: indices, convergence, and what luck does."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.analysis.sensitivity.sampling import FEWEST_TO_JUDGE, MORRIS_LEVELS, MORRIS_STEP, Sample, problem
from sim.analysis.sensitivity.values import (
    ALL_FACTORS,
    DUMMY,
    Index,
    LuckParts,
    OutcomeValues,
    Subject,
    interval,
    judged,
    luck_drawn_again,
    luck_parts,
    middle,
    resampling_weights,
)
from sim.kernel.streams import keyed_generator

INDEX_COLUMNS = {
    "scenario": "text", "minus": "text", "outcome": "text", "measure": "text", "factor": "text", "other": "text",
    "value": "float", "low": "float", "high": "float", "status": "text", "replication_low": "float",
    "replication_high": "float",
}  # fmt: skip
CONVERGENCE_COLUMNS = {
    "scenario": "text", "minus": "text", "outcome": "text", "samples": "int", "points": "int", "measure": "text",
    "factor": "text", "value": "float", "low": "float", "high": "float",
}  # fmt: skip
NOISE_COLUMNS = {
    "scenario": "text", "minus": "text", "outcome": "text", "points": "int", "replications": "int", "mean": "float",
    "low": "float", "high": "float", "variance_points": "float", "variance_shared_luck": "float",
    "variance_own_luck": "float", "luck_share_of_run": "float", "luck_share_of_mean": "float",
    "share_above_zero": "float", "share_below_zero": "float", "reason": "text",
}  # fmt: skip

# What is followed over the size of the sample; the others need no table of their own to be judged.
FOLLOWED = {"morris": ("mu_star",), "sobol": ("S1", "ST"), "pawn": ("KS",)}
PARTS_OF_SAMPLE = (8, 4, 2, 1)
# The spread of outcomes over points is told by its middle 90%.
SPREAD = (0.05, 0.95)


@dataclass(frozen=True)
class Kinds:
    """What the method must know about factors that are not ranges of numbers."""

    n_levels: Mapping[str, int]  # number of alternatives, for factors that have a list of them

    @property
    def two_valued(self) -> frozenset[str]:
        """Factors with two alternatives."""
        return frozenset(name for name, n in self.n_levels.items() if n == 2)


class Spread(NamedTuple):
    """An outcome over all points: mean, middle 90%, and the shares of points above and below zero."""

    mean: float
    low: float
    high: float
    above_zero: float
    below_zero: float


class Found(NamedTuple):
    """What the analysis found for one subject."""

    subject: Subject  # an outcome of a scenario, or of a contrast of two
    indices: Sequence[Index]  # empty where `reason` says why
    # (measure, factor) -> lowest and highest value on single replications
    by_replication: Mapping[tuple[str, str], tuple[float, float]]
    # (int, Index): indices on the first part of the sample: its number of trajectories, base samples or points
    convergence: Sequence[tuple[int, Index]]
    luck: LuckParts  # parts of the variance
    spread: Spread  # of the means of points
    shape: tuple[int, int]  # points and replications
    reason: str  # why there is no index


def indices_of(sample: Sample, values: np.ndarray, kinds: Kinds, has_pairs: bool = True) -> list[Index]:
    """Return the indices of the sample's method for one outcome (n_points, n_replications)."""
    if sample.method == "sobol":
        return sobol_indices(sample, values, has_pairs)
    if sample.method == "morris":
        return morris_indices(sample, values, kinds.two_valued)
    return pawn_indices(sample, values, kinds.n_levels)


def analyze(sample: Sample, outcome: OutcomeValues, kinds: Kinds) -> Found:
    """Return everything about one subject; where it cannot be analyzed, what there is and why."""
    subject, values, reason = outcome
    known = np.isfinite(values).all()
    # Rows of a base sample share coordinates; what all points do is told by the independent ones.
    base = _independent(sample, values)
    luck = luck_parts(base) if known else LuckParts(math.nan, math.nan, math.nan, values.shape[1])
    if reason:
        return Found(subject, [], {}, [], luck, _spread(base), values.shape, reason)
    return Found(
        subject,
        indices_of(sample, values, kinds),
        _by_replication(sample, values, kinds),
        list(_convergence(sample, values, kinds)),
        luck,
        _spread(base),
        values.shape,
        "",
    )


def _independent(sample: Sample, values: np.ndarray) -> np.ndarray:
    """Return the points that are drawn independently of each other, as far as the method has any."""
    if sample.method != "sobol":
        return values
    return np.concatenate([values[:: sample.block], values[sample.block - 1 :: sample.block]])


def _spread(values: np.ndarray) -> Spread:
    means = values.mean(axis=1)
    means = means[np.isfinite(means)]
    if not len(means):
        return Spread(math.nan, math.nan, math.nan, math.nan, math.nan)
    low, high = np.quantile(means, SPREAD)
    return Spread(float(means.mean()), float(low), float(high), float((means > 0).mean()), float((means < 0).mean()))


def _by_replication(sample: Sample, values: np.ndarray, kinds: Kinds) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the lowest and highest index over single replications."""
    if values.shape[1] < 2:
        return {}
    if sample.method == "sobol":
        found = sobol_of_replications(sample, values)
    elif sample.method == "morris":
        found = morris_of_replications(sample, values, kinds.two_valued)
    else:
        found = pawn_of_replications(sample, values, kinds.n_levels)
    ends = {}
    for kind, estimates in found.items():
        for mover, column in zip(sample.movers, estimates.T, strict=True):
            known = column[np.isfinite(column)]
            if len(known):
                ends[kind, mover] = float(known.min()), float(known.max())
    return ends


def sizes(sample: Sample) -> list[int]:
    """Return the sample sizes that convergence looks at: an eighth, a quarter, half and all."""
    parts = dict.fromkeys(sample.n // part for part in PARTS_OF_SAMPLE)
    return [n for n in parts if n >= FEWEST_TO_JUDGE[sample.method]]


def _convergence(sample: Sample, values: np.ndarray, kinds: Kinds) -> Iterable[tuple[int, Index]]:
    for n in sizes(sample):
        part = sample.first(n)
        own = values[: len(part.unit)]
        # Few points can all have one value, although many have not.
        if np.ptp(own.mean(axis=1)) > 0:
            for index in indices_of(part, own, kinds, has_pairs=False):
                if index.measure in FOLLOWED[sample.method]:
                    yield n, index


def index_rows(found: Iterable[Found]) -> Iterable[dict[str, Any]]:
    """Yield indices as rows with `INDEX_COLUMNS`."""
    for each in found:
        for index in each.indices:
            low, high = each.by_replication.get((index.measure, index.factor), (math.nan, math.nan))
            yield {**_key(each), **index._asdict(), "replication_low": low, "replication_high": high}


def convergence_rows(found: Iterable[Found], sample: Sample) -> Iterable[dict[str, Any]]:
    """Yield convergence as rows with `CONVERGENCE_COLUMNS`."""
    for each in found:
        for n, index in each.convergence:
            yield {**_key(each), **index._asdict(), "samples": n, "points": n * sample.block}


def noise_rows(found: Iterable[Found]) -> Iterable[dict[str, Any]]:
    """Yield what luck does, and how outcomes are spread, as rows with `NOISE_COLUMNS`."""
    for each in found:
        is_contrast = bool(each.subject.minus)
        yield {
            **_key(each),
            "points": each.shape[0], "replications": each.shape[1], "mean": each.spread.mean,
            "low": each.spread.low, "high": each.spread.high, "variance_points": each.luck.points,
            "variance_shared_luck": each.luck.shared, "variance_own_luck": each.luck.own,
            "luck_share_of_run": each.luck.share_of_run, "luck_share_of_mean": each.luck.share_of_mean,
            "share_above_zero": each.spread.above_zero if is_contrast else math.nan,
            "share_below_zero": each.spread.below_zero if is_contrast else math.nan,
            "reason": each.reason,
        }  # fmt: skip


def _key(found: Found) -> dict[str, str]:
    return found.subject._asdict()


# Variance-based indices: which share of the variance goes back to which factor, alone and together.
#
# The estimators are SALib's: first order as in Saltelli et al. (2010, doi:10.1016/j.cpc.2009.09.018), total order
# after Jansen (1999, doi:10.1016/S0010-4655(98)00154-4), second order as in Saltelli (2002,
# doi:10.1016/S0010-4655(02)00280-1).


@dataclass(frozen=True)
class Rows:
    """Outcomes of a Saltelli sample by what was crossed, each the mean over replications."""

    # `a`, `b`: (n,): the two independent base samples
    a: np.ndarray
    b: np.ndarray
    # `ab`, `ba`: (n, n_movers): all from A but one mover from B; all from B but one mover from A
    ab: np.ndarray
    ba: np.ndarray

    def with_dummy(self, luck_of_a: np.ndarray, luck_of_b: np.ndarray) -> Rows:
        """Return the rows with one more mover, which draws luck again and does nothing else."""
        ab = np.column_stack([self.ab, self.a + luck_of_a])
        return Rows(self.a, self.b, ab, np.column_stack([self.ba, self.b + luck_of_b]))

    def centered(self) -> Rows:
        """Return the rows about their overall mean, as SALib takes them."""
        center = np.concatenate([self.a, self.b, self.ab.ravel(), self.ba.ravel()]).mean()
        return Rows(self.a - center, self.b - center, self.ab - center, self.ba - center)

    def in_salib_order(self) -> np.ndarray:
        """Return the outcomes as SALib expects them: base sample by base sample."""
        return np.column_stack([self.a, self.ab, self.ba, self.b]).ravel()


def rows_of(sample: Sample, outcome: np.ndarray) -> Rows:
    """Return one outcome (n_points,) of a Saltelli sample by what was crossed."""
    n_movers = len(sample.movers)
    blocks = outcome.reshape(sample.n, sample.block)
    return Rows(blocks[:, 0], blocks[:, -1], blocks[:, 1 : 1 + n_movers], blocks[:, 1 + n_movers : -1])


def sobol_indices(sample: Sample, values: np.ndarray, has_pairs: bool = True) -> list[Index]:
    """Return first, total and (with `has_pairs`) second order indices of one outcome, the dummy's included.

    `sample`: of method ``sobol``; `values`: (n_points, n_replications): the outcome of each run; complete, and not the
    same everywhere; `has_pairs`: whether to work out second order too.
    """
    knows_luck = values.shape[1] > 1
    base = np.concatenate([values[:: sample.block], values[sample.block - 1 :: sample.block]])
    luck = luck_drawn_again(base, sample.n)
    rows = rows_of(sample, values.mean(axis=1)).with_dummy(luck[: sample.n], luck[sample.n :])
    movers = (*sample.movers, DUMMY)
    estimates, resampled = point_estimates(rows, has_pairs), _Resampled(rows)
    found = [*_single(estimates, resampled, movers, knows_luck), _sum_of_first_order(estimates, resampled)]
    return [*found, *(_pairs(estimates["S2"], resampled, movers, knows_luck) if has_pairs else [])]


def point_estimates(rows: Rows, has_pairs: bool) -> dict[str, np.ndarray]:
    """Return SALib's estimates ``S1`` and ``ST`` (n_movers,) and ``S2`` (n_movers, n_movers)."""
    from SALib.analyze.sobol import analyze

    n_movers = rows.ab.shape[1]
    described = problem([str(number) for number in range(n_movers)])
    # SALib's own bootstrap is not used: two resamples are the fewest it accepts.
    found = analyze(described, rows.in_salib_order(), calc_second_order=True, num_resamples=2, seed=1)
    return {name: np.asarray(found[name]) for name in (("S1", "ST", "S2") if has_pairs else ("S1", "ST"))}


def sobol_of_replications(sample: Sample, values: np.ndarray) -> dict[str, np.ndarray]:
    """Return ``S1`` and ``ST`` on each replication alone, (n_replications, n_movers) with NaN where nothing varies."""
    from SALib.analyze.sobol import first_order, total_order

    found: dict[str, list[np.ndarray]] = {"S1": [], "ST": []}
    for column in values.T:
        rows = rows_of(sample, column).centered()
        varies = np.ptp(np.concatenate([rows.a, rows.b])) > 0
        for name, estimate in (("S1", first_order), ("ST", total_order)):
            a, b = rows.a[:, None], rows.b[:, None]
            n_movers = rows.ab.shape[1]
            one = [estimate(a, rows.ab[:, [j]], b)[0] if varies else math.nan for j in range(n_movers)]
            found[name].append(np.array(one))
    return {name: np.array(values) for name, values in found.items()}


class _Resampled:
    """Estimates on resamples: each is a ratio of means of one number a row, so a matrix product gives them all."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows.centered()
        self.n = len(rows.a)
        self.weights = resampling_weights(self.n)
        a, b = self.rows.a, self.rows.b
        mean, square = self.weights @ ((a + b) / 2), self.weights @ ((a * a + b * b) / 2)
        # A resample in which nothing varies tells nothing; it is rare and left out of the quantiles' reach.
        self.variance = np.maximum(square - mean * mean, np.finfo(float).tiny)[:, None]
        self.first = self._ratio(b[:, None] * (self.rows.ab - a[:, None]))
        self.total = self._ratio((a[:, None] - self.rows.ab) ** 2 / 2)

    def _ratio(self, terms: np.ndarray) -> np.ndarray:
        ratio: np.ndarray = (self.weights @ terms) / self.variance
        return ratio

    def reach(self, dummy: Index) -> float:
        """Return what an index must exceed: the upper end of the dummy's, or anything with too few rows."""
        return dummy.high if self.n >= FEWEST_TO_JUDGE["sobol"] else math.inf

    def pairs(self, j: int, others: np.ndarray) -> np.ndarray:
        """Return second order indices of mover `j` with `others`, (n_resamples, n_others)."""
        both = self.rows.ba[:, [j]] * self.rows.ab[:, others] - (self.rows.a * self.rows.b)[:, None]
        second: np.ndarray = self._ratio(both) - self.first[:, [j]] - self.first[:, others]
        return second


def _single(
    estimates: Mapping[str, np.ndarray], resampled: _Resampled, movers: Sequence[str], knows_luck: bool
) -> list[Index]:
    """Return S1, ST and their difference for each mover; the dummy comes last."""
    kinds = {
        "S1": (estimates["S1"], resampled.first),
        "ST": (estimates["ST"], resampled.total),
        "interaction": (estimates["ST"] - estimates["S1"], resampled.total - resampled.first),
    }
    found = []
    for kind, (values, draws) in kinds.items():
        ends = [interval(draws[:, j], resampled.n) for j in range(len(movers))]
        each = [
            Index(kind, name, "", float(value), *end) for name, value, end in zip(movers, values, ends, strict=True)
        ]
        found += [*(judged(index, resampled.reach(each[-1]), knows_luck) for index in each[:-1]), each[-1]]
    return found


def _sum_of_first_order(estimates: Mapping[str, np.ndarray], resampled: _Resampled) -> Index:
    """Return what all factors do on their own; the rest of the variance is what they do together."""
    total = float(estimates["S1"][:-1].sum())
    return Index("S1_sum", ALL_FACTORS, "", total, *interval(resampled.first[:, :-1].sum(axis=1), resampled.n))


def _pairs(values: np.ndarray, resampled: _Resampled, movers: Sequence[str], knows_luck: bool) -> list[Index]:
    """Return S2 of every pair; the yardstick of a pair is what either of the two seems to do with the dummy."""
    n = len(movers)
    table: dict[tuple[int, int], Index] = {}
    for j in range(n - 1):
        others = np.arange(j + 1, n)
        draws = resampled.pairs(j, others)
        for place, k in enumerate(others.tolist()):
            table[j, k] = Index(
                "S2", movers[j], movers[k], float(values[j, k]), *interval(draws[:, place], resampled.n)
            )
    dummy = n - 1
    return [
        pair
        if k == dummy
        else judged(pair, max(resampled.reach(table[j, dummy]), resampled.reach(table[k, dummy])), knows_luck)
        for (j, k), pair in table.items()
    ]


# Elementary effects: a cheap first look at many factors (Morris 1991; mu* of Campolongo et al. 2007).


KINDS = ("mu", "mu_star", "sigma")


def morris_indices(sample: Sample, values: np.ndarray, two_valued: Set[str] = frozenset()) -> list[Index]:
    """Return ``mu_star``, ``mu`` and ``sigma`` of one outcome, the dummy's included.

    All are in the unit of the outcome, per full range of a factor. For groups, whose members move together but
    not all upwards, ``mu`` and ``sigma`` mean nothing and are left out.

    `sample`: of method ``morris``; `values`: (n_points, n_replications): the outcome of each run; complete, and not the
    same everywhere; `two_valued`: factors with two values: a step takes them from one to the other, their full range
    and not two thirds.
    """
    luck = _luck(sample, values)
    found = _estimates(sample, values, luck)
    movers = (*sample.movers, DUMMY)
    scales = np.array([MORRIS_STEP if name in two_valued and not sample.groups else 1.0 for name in movers])
    sizes = _sizes(sample, values, luck) * scales
    resampled = resampling_weights(sample.n) @ sizes
    stars = [
        Index("mu_star", name, "", float(value), *interval(resampled[:, column], sample.n))
        for column, (name, value) in enumerate(zip(movers, found["mu_star"] * scales, strict=True))
    ]
    dummy = stars.pop()
    knows_luck = values.shape[1] > 1
    reach = dummy.high if sample.n >= FEWEST_TO_JUDGE["morris"] else math.inf
    indices = [*(judged(each, reach, knows_luck) for each in stars), dummy]
    for measure in () if sample.groups else ("mu", "sigma"):
        indices += [
            Index(measure, name, "", float(value), math.nan, math.nan)
            for name, value in zip(movers, found[measure] * scales, strict=True)
        ]
    return indices


def morris_of_replications(
    sample: Sample, values: np.ndarray, two_valued: Set[str] = frozenset()
) -> dict[str, np.ndarray]:
    """Return ``mu_star`` on each replication alone, (n_replications, n_movers)."""
    scales = np.array([MORRIS_STEP if name in two_valued and not sample.groups else 1.0 for name in sample.movers])
    nothing = np.zeros(sample.n)
    each = [_estimates(sample, values[:, [column]], nothing)["mu_star"][:-1] for column in range(values.shape[1])]
    return {"mu_star": np.array(each) * scales}


def _luck(sample: Sample, values: np.ndarray) -> np.ndarray:
    """Return what the dummy's step does at the end of each trajectory, where only luck is drawn again."""
    return luck_drawn_again(values[sample.block - 1 :: sample.block], sample.n)


def _sizes(sample: Sample, values: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return the size of the effect of each mover and, last, the dummy in each trajectory; (n, n_movers + 1)."""
    n, block = sample.n, sample.block
    steps = np.abs(np.diff(values.mean(axis=1).reshape(n, block), axis=1))
    moved = np.diff(sample.unit.reshape(n, block, -1), axis=1) != 0
    owners = np.array(sample.groups or sample.factors)
    when = [moved[:, :, owners == mover].any(axis=2).argmax(axis=1) for mover in sample.movers]
    sizes: np.ndarray = np.column_stack([*(steps[np.arange(n), place] for place in when), np.abs(luck)]) / MORRIS_STEP
    return sizes


def _estimates(sample: Sample, values: np.ndarray, luck: np.ndarray) -> dict[str, np.ndarray]:
    """Return SALib's estimates for each mover and, last, the dummy, whose step ends each trajectory."""
    from SALib.analyze.morris import analyze

    n, block = sample.n, sample.block
    outcome = values.mean(axis=1).reshape(n, block)
    outcome = np.column_stack([outcome, outcome[:, -1] + luck])
    unit = sample.unit.reshape(n, block, -1)
    unit = np.concatenate([unit, unit[:, -1:]], axis=1)
    dummy = np.zeros((n, block + 1, 1))
    dummy[:, -1] = MORRIS_STEP
    points = np.concatenate([unit, dummy], axis=2).reshape(n * (block + 1), -1)
    groups = (*sample.groups, DUMMY) if sample.groups else ()
    described = problem((*sample.factors, DUMMY), groups)
    # SALib's own bootstrap is not used: its symmetric intervals reach below zero where effects are skewed.
    found = analyze(described, points, outcome.ravel(), num_resamples=2, num_levels=MORRIS_LEVELS, seed=1)
    names = list(found["names"])
    order = [names.index(mover) for mover in (*sample.movers, DUMMY)]
    return {kind: np.ma.filled(np.ma.asarray(found[kind], dtype=float), np.nan)[order] for kind in KINDS}


# Moment-independent sensitivity: how far fixing a factor moves the whole distribution of an outcome.
#
# PAWN for a generic sample (Pianosi & Wagener 2015, doi:10.1016/j.envsoft.2015.01.004, and 2018,
# doi:10.1016/j.envsoft.2018.07.019): the Kolmogorov-Smirnov distance between all outcomes and those in a slice of the
# factor; its median over slices. The numbers are those of ``SALib.analyze.pawn`` (a test says so), worked out from
# ranks so that a thousand resamples take a moment.


SLICES = 10
FEWEST_PER_SLICE = 10
N_DRAWS = 200


def pawn_indices(sample: Sample, values: np.ndarray, n_levels: Mapping[str, int] | None = None) -> list[Index]:
    """Return ``KS`` of one outcome for each factor, and what a dummy gets.

    The interval of a factor is a bootstrap over points, about the estimate. The dummy is drawn many times: its
    column is shuffled, so its interval holds what a factor without effect gets from a sample of this size, luck
    included.

    `sample`: of method ``pawn`` (or any whose points are spread evenly in each factor); `values`: (n_points,
    n_replications): the outcome of each run; complete, and not the same everywhere; `n_levels`: number of alternatives
    of the factors that have few: their slices.
    """
    outcome = values.mean(axis=1)
    n_levels = n_levels or {}
    dummies = _shuffled(sample, outcome)
    dummy = Index("KS", DUMMY, "", float(dummies.mean()), *middle(dummies))
    found = []
    for column, name in enumerate(sample.factors):
        n_slices = slices_for(sample.n, n_levels.get(name))
        value = median_distance(sample.unit[:, column], outcome, n_slices)
        deviation = _deviation(sample.unit[:, column], outcome, n_slices)
        index = Index("KS", name, "", value, max(0.0, value - 1.96 * deviation), min(1.0, value + 1.96 * deviation))
        found.append(judged(index, dummy.high, knows_luck=True))
    return [*found, dummy]


def pawn_of_replications(
    sample: Sample, values: np.ndarray, n_levels: Mapping[str, int] | None = None
) -> dict[str, np.ndarray]:
    """Return ``KS`` on each replication alone, (n_replications, n_factors)."""
    n_levels = n_levels or {}
    slices = [slices_for(sample.n, n_levels.get(name)) for name in sample.factors]
    return {
        "KS": np.array(
            [
                [median_distance(column, outcome, n) for column, n in zip(sample.unit.T, slices, strict=True)]
                for outcome in values.T
            ]
        )
    }


def slices_for(n: int, n_levels: int | None = None) -> int:
    """Return into how many slices a factor is cut: its levels if they are few, else ten, or fewer for few points."""
    most = max(2, min(SLICES, n // FEWEST_PER_SLICE))
    return min(n_levels, most) if n_levels and n_levels > 1 else most


def median_distance(factor: np.ndarray, outcome: np.ndarray, n_slices: int = SLICES) -> float:
    """Return the median over slices of the distance between the outcomes in a slice and all outcomes.

    `factor`, `outcome`: (n_points,): coordinate and outcome of each point; `n_slices`: slices with equally many points.
    """
    edges = np.nanquantile(factor, np.linspace(0, 1, n_slices + 1))
    # As in SALib: the very largest value belongs to no slice.
    slices = np.where(factor < edges[-1], np.searchsorted(edges, factor, side="right") - 1, n_slices)
    order = np.argsort(outcome, kind="stable")
    ranked = outcome[order]
    # Distribution functions step at the last of equal values.
    is_last = np.append(ranked[1:] != ranked[:-1], True)
    counts = np.cumsum(slices[order][:, None] == np.arange(n_slices), axis=0)[is_last]
    everything = np.flatnonzero(is_last) + 1.0
    sizes = counts[-1]
    filled = sizes > 0
    distances = np.abs(counts[:, filled] / sizes[filled] - (everything / len(outcome))[:, None]).max(axis=0)
    return float(np.median(distances))


def _deviation(factor: np.ndarray, outcome: np.ndarray, n_slices: int) -> float:
    """Return the standard deviation of the estimate over bootstrap resamples of the points."""
    generator = keyed_generator("pawn bootstrap", len(outcome))
    draws = generator.integers(len(outcome), size=(N_DRAWS, len(outcome)))
    return float(np.std([median_distance(factor[draw], outcome[draw], n_slices) for draw in draws], ddof=1))


def _shuffled(sample: Sample, outcome: np.ndarray) -> np.ndarray:
    """Return the index of the dummy for many orders of its column, (N_DRAWS,)."""
    generator = keyed_generator("pawn dummy", sample.n)
    n_slices = slices_for(sample.n)
    return np.array([median_distance(generator.permutation(sample.dummy), outcome, n_slices) for _ in range(N_DRAWS)])
