"""Distances of distributions: SALib's numbers, and a dummy that shows what a sample of this size gives anyway."""

from __future__ import annotations

import numpy as np
import pytest
from functions import ishigami, with_luck
from SALib.analyze import pawn

from sim.analysis.sensitivity.analysis import median_distance, pawn_indices, pawn_of_replications, slices_for
from sim.analysis.sensitivity.sampling import Sample, draw_sample, problem
from sim.analysis.sensitivity.values import DUMMY, find

NAMES = ["a", "b", "c", "inert"]


@pytest.fixture(scope="module")
def sample() -> Sample:
    """A thousand points."""
    return draw_sample("pawn", NAMES, [], 1000, seed=4)


@pytest.mark.parametrize("digits", [8, 0])
@pytest.mark.parametrize("n_slices", [10, 3])
def test_distances_are_those_of_salib(sample: Sample, digits: int, n_slices: int) -> None:
    outcome = np.round(ishigami(sample.unit), digits)  # with no digits, many outcomes are equal
    theirs = pawn.analyze(problem(NAMES), sample.unit, outcome, S=n_slices)["median"]
    ours = [median_distance(column, outcome, n_slices) for column in sample.unit.T]
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_only_what_matters_is_resolved(seed: int) -> None:
    sample = draw_sample("pawn", NAMES, [], 1000, seed)
    found = pawn_indices(sample, with_luck(ishigami(sample.unit), 2, 1.0, 1.0, seed))
    statuses = {each.factor: each.status for each in found}
    assert statuses["a"] == statuses["b"] == "resolved"
    assert statuses["inert"] == "not resolved"
    assert statuses[DUMMY] == ""
    assert find(found, "KS", "inert").value > 0.03  # never zero: that is what the dummy is for


def test_a_factor_with_few_alternatives_is_cut_at_them(sample: Sample) -> None:
    outcome = np.floor(3 * sample.unit[:, [0]])  # outcome is the alternative itself
    cut, uncut = (pawn_indices(sample, outcome, levels)[0].value for levels in ({"a": 3}, {}))
    assert cut == pytest.approx(2 / 3, abs=0.02)
    assert uncut != pytest.approx(cut, abs=0.001)
    assert slices_for(1000, 3) == 3
    assert slices_for(1000) == slices_for(1000, 30) == 10
    assert slices_for(40) == 4


def test_replications_are_looked_at_one_by_one(sample: Sample) -> None:
    values = with_luck(ishigami(sample.unit), 3, 1.0, 1.0)
    each = pawn_of_replications(sample, values)["KS"]
    assert each.shape == (3, 4)
    assert each[2, 1] == pytest.approx(median_distance(sample.unit[:, 1], values[:, 2], 10))
