"""The intervals: against published examples, and how often they cover, exactly or simulated."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from sim.kernel.estimates import mean_ends, paired_share_ends, share_ends, skewed_ends, units_of, wilson


def pairs(up: int, down: int, n: int) -> np.ndarray:
    """Return the differences of n yes-or-no pairs."""
    return np.r_[np.ones(up), -np.ones(down), np.zeros(n - up - down)]


def test_tango_as_published() -> None:
    # Airway hyper-responsiveness before and after (1 against 7 of 21): Fagerland, Lydersen & Laake 2014.
    low, high = paired_share_ends(units_of(pairs(1, 7, 21)))
    assert (round(low, 3), round(high, 3)) == (-0.517, -0.026)


@pytest.mark.parametrize(("up", "down", "n"), [(0, 0, 2), (0, 0, 5), (2, 0, 2), (5, 0, 5), (0, 1, 30), (4, 4, 9)])
def test_the_paired_interval_mirrors_and_never_has_no_width(up: int, down: int, n: int) -> None:
    low, high = paired_share_ends(units_of(pairs(up, down, n)))
    assert -1 <= low <= (up - down) / n <= high <= 1
    assert high - low > 0.1
    other = paired_share_ends(units_of(pairs(down, up, n)))
    assert (-other[1], -other[0]) == pytest.approx((low, high), abs=1e-12)


def test_without_skewness_it_is_student() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    assert mean_ends(units_of(values)) == pytest.approx(tuple(ttest_1samp(values, 0).confidence_interval(0.95)))


def test_skewness_moves_the_interval_to_the_long_side() -> None:
    values = np.array([0.0, 0.1, 0.1, 0.2, 0.3, 0.5, 0.9, 2.6])
    student = ttest_1samp(values, 0).confidence_interval(0.95)
    low, high = mean_ends(units_of(values))
    assert low > student.low
    assert high > student.high
    assert mean_ends(units_of(-values)) == pytest.approx((-high, -low))


def test_the_transformation_is_continuous_where_there_is_no_skewness() -> None:
    near, none = (np.array(skewed_ends(0.0, 1.0, skewness, 2.0)) for skewness in (2e-6, 0.0))
    assert near == pytest.approx(none, abs=1e-4)


def test_a_unit_with_more_weight_counts_once() -> None:
    values, alike = np.array([1.0, 2.0, 4.0, 4.0, 4.0]), np.array([7, 3, 5, 5, 5])
    units = units_of(values, alike)
    assert (units.n, units.mean, units.n_runs) == (3, pytest.approx(3.0), 5)
    assert units.effective == pytest.approx(1 / (0.2**2 + 0.2**2 + 0.6**2))
    even = units_of(np.array([1.0, 2.0, 4.0]))
    assert units_of(np.repeat([1.0, 2.0, 4.0], 6), np.repeat([0, 1, 2], 6)).effective == pytest.approx(even.effective)


def test_the_variance_of_a_weighted_mean_is_without_bias() -> None:
    generator = np.random.default_rng(1)
    alike = np.repeat(np.arange(6), [1, 1, 2, 3, 5, 8])
    drawn = [units_of(generator.normal(0, 1, 6)[alike], alike) for _ in range(4000)]
    estimated = np.mean([(units.effects**2).sum() for units in drawn])
    assert estimated == pytest.approx(np.var([units.mean for units in drawn]), rel=0.08)


def test_runs_of_one_unit_count_as_far_as_they_are_independent() -> None:
    alike = np.repeat([[1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]], 10, axis=0)
    assert share_ends(units_of(alike)) == pytest.approx(wilson(0.5, 20), abs=0.02)
    independent = np.random.default_rng(2).integers(0, 2, (200, 4)).astype(float)
    mean = float(independent.mean())
    assert share_ends(units_of(independent)) == pytest.approx(wilson(mean, 800), abs=0.006)
    assert share_ends(units_of(np.ones((20, 4)))) == pytest.approx(wilson(1.0, 20))
