"""From the runs of a sensitivity experiment to its tables: indices, convergence, and what luck does."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.study.sensitivity.indices import (
    morris_indices,
    morris_of_replications,
    pawn_indices,
    pawn_of_replications,
    sobol_indices,
    sobol_of_replications,
)
from sim.study.sensitivity.sampling import FEWEST_TO_JUDGE, Sample
from sim.study.sensitivity.values import Index, LuckParts, OutcomeValues, Subject, luck_parts

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
    """What the method must know about factors that are not ranges of numbers.

    Attributes
    ----------
    n_levels : mapping of str to int
        Number of alternatives, for factors that have a list of them.
    """

    n_levels: Mapping[str, int]

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
    """What the analysis found for one subject.

    Attributes
    ----------
    subject : Subject
        An outcome of a scenario, or of a contrast of two.
    indices : list of Index
        Empty where `reason` says why.
    by_replication : mapping
        (measure, factor) -> lowest and highest value on single replications.
    convergence : list of (int, Index)
        Indices on the first part of the sample: its number of trajectories, base samples or points.
    luck : LuckParts
        Parts of the variance.
    spread : Spread
        Of the means of points.
    shape : tuple of int
        Points and replications.
    reason : str
        Why there is no index.
    """

    subject: Subject
    indices: Sequence[Index]
    by_replication: Mapping[tuple[str, str], tuple[float, float]]
    convergence: Sequence[tuple[int, Index]]
    luck: LuckParts
    spread: Spread
    shape: tuple[int, int]
    reason: str


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
