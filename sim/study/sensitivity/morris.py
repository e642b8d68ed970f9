"""Elementary effects: a cheap first look at many factors (Morris 1991; mu* of Campolongo et al. 2007)."""

from __future__ import annotations

import math
from collections.abc import Set

import numpy as np

from sim.study.sensitivity.sampling import FEWEST_TO_JUDGE, MORRIS_LEVELS, MORRIS_STEP, Sample, problem
from sim.study.sensitivity.values import DUMMY, Index, interval, judged, luck_drawn_again, resampling_weights

KINDS = ("mu", "mu_star", "sigma")


def morris_indices(sample: Sample, values: np.ndarray, two_valued: Set[str] = frozenset()) -> list[Index]:
    """Return ``mu_star``, ``mu`` and ``sigma`` of one outcome, the dummy's included.

    All are in the unit of the outcome, per full range of a factor. For groups, whose members move together but
    not all upwards, ``mu`` and ``sigma`` mean nothing and are left out.

    Parameters
    ----------
    sample : Sample
        Of method ``morris``.
    values : array (n_points, n_replications)
        The outcome of each run; complete, and not the same everywhere.
    two_valued : set of str
        Factors with two values: a step takes them from one to the other, their full range and not two thirds.
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


def replication_estimates(
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
