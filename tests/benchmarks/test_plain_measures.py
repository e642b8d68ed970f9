"""What the plain model computes from lists: small cases worked out by hand."""

from __future__ import annotations

import math

import pytest

from benchmarks.plain_measures import correlation, course, gini, mean, ranks, top_share


def test_ranks_share_their_mean_in_ties() -> None:
    assert ranks([3.0, 1.0, 3.0, 2.0]) == [3.5, 1.0, 3.5, 2.0]


def test_correlation_of_opposites_and_constants() -> None:
    assert correlation([1.0, 2.0, 3.0], [3.0, 2.0, 1.0]) == pytest.approx(-1.0)
    assert math.isnan(correlation([1.0, 1.0], [1.0, 2.0]))


def test_gini() -> None:
    assert gini([5, 5, 5]) == pytest.approx(0.0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert math.isnan(gini([0, 0]))
    assert math.isnan(gini([]))


def test_a_part_of_a_person_counts_in_part() -> None:
    assert top_share([10] + [0] * 19) == 1.0  # 5% of 20 is one person
    assert top_share([1] * 10) == pytest.approx(0.05)  # half a person of ten


def test_course() -> None:
    found = course([0.0, 0.03, 0.05, 0.02], critical_share=0.03)
    assert found == {"weeks_to_critical_mass": 2, "peak_week": 3, "alive": 0.0}
    assert math.isnan(course([0.0], 0.0)["weeks_to_critical_mass"])


def test_mean_of_nothing_is_unknown() -> None:
    assert math.isnan(mean([]))
