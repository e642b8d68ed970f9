"""The formulas of the patterns."""

from __future__ import annotations

import numpy as np
import pytest

from sim.evidence.scorecard.claims import (
    above_the_better,
    change_within,
    difference,
    excess,
    gains_compared,
    level,
    ratio,
    where,
)

VALUES = {
    "a": {"x": np.array([1.0, 2.0, 3.0]), "y": np.array([0.5, 0.5, 4.0]), "alive": np.array([1.0, 0.0, 1.0])},
    "b": {"x": np.array([0.0, 4.0, 2.0]), "y": np.array([1.0, 1.0, 1.0])},
    "c": {"x": np.array([2.0, 1.0, np.nan]), "y": np.array([0.0, 2.0, 1.0])},
}


def above(statistic) -> list[float]:
    found = statistic.parts(VALUES)
    np.testing.assert_array_equal(found.below, 1.0)
    return found.above.tolist()


def test_formulas() -> None:
    assert above(level("x", "a", "", sign=-1.0, bar=0.5)) == [-0.5, -1.5, -2.5]
    assert above(difference("x", "a", "b")) == [1.0, -2.0, 1.0]
    assert above(excess("x", "y", "a")) == [0.5, 1.5, -1.0]
    assert above(gains_compared("x", ("a", "b"), "y", ("b", "c"))) == [0.0, -1.0, 1.0]
    assert above(above_the_better("x", "a", ("b", "c")))[:2] == [-1.0, -2.0]
    assert above(change_within("x", "y", "b", 0.5, "")) == [0.5, -3.5, -1.5]


def test_missing_values_stay_missing() -> None:
    assert np.isnan(above(difference("x", "a", "c"))[2])
    assert np.isnan(above(above_the_better("x", "a", ("b", "c")))[2])


def test_a_ratio_is_one_of_sums() -> None:
    found = ratio("x", "a", "b").parts(VALUES)
    assert found.above.sum() / found.below.sum() == pytest.approx(6.0 / 6.0 - 1.0)


def test_a_condition_leaves_worlds_out() -> None:
    statistic = where("alive", 1.0, "a", difference("x", "a", "b"), "where alive")
    np.testing.assert_array_equal(statistic.parts(VALUES).above, [1.0, np.nan, 1.0])
    assert statistic.settings == ("a", "b")
    assert statistic.measures == ("x", "alive")


def test_a_formula_names_what_it_needs() -> None:
    statistic = gains_compared("x", ("a", "b"), "y", ("a", "c"))
    assert statistic.settings == ("a", "b", "c")
    assert statistic.measures == ("x", "y")
