"""Intervals, paired differences and ranks against closed forms and simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.analysis.statistics import (
    FEW_EQUAL,
    FEWEST_PAIRS,
    NEVER_REACHED,
    mean_interval,
    paired_difference,
    replications_needed,
)
from sim.kernel.streams import keyed_generator


def test_mean_interval_is_student() -> None:
    interval = mean_interval([1.0, 2.0, 3.0, 4.0, 5.0])
    # t(0.975, 4) = 2.776445, sd = sqrt(2.5)
    assert interval.mean == 3
    assert interval.high - 3 == pytest.approx(2.776445 * math.sqrt(2.5 / 5), rel=1e-6)
    assert interval.low == pytest.approx(6 - interval.high)


def test_mean_interval_leaves_missing_values_out_and_says_why_nothing_is_left() -> None:
    assert mean_interval([1.0, math.nan, 3.0]).n == 2
    one = mean_interval([math.nan, 3.0])
    assert (one.mean, one.n, one.reason) == (3.0, 1, "one run gives no interval")
    assert math.isnan(one.low)
    none = mean_interval([math.nan, math.nan])
    assert math.isnan(none.mean)
    assert (none.n, none.reason) == (0, "missing in every run")


def test_mean_interval_stays_within_possible_values() -> None:
    interval = mean_interval([0.0, 0.0, 0.1], low=0.0, high=1.0)
    assert interval.low == 0.0 < interval.mean < interval.high


def test_yes_or_no_is_wilson() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263 -> 0.2553 to 0.3662; 0 of 20 -> 0 to 0.1611
    some = mean_interval([1.0] * 81 + [0.0] * 182, is_yes_or_no=True)
    assert (round(some.low, 4), round(some.high, 4)) == (0.2553, 0.3662)
    none = mean_interval([0.0] * 20, is_yes_or_no=True)
    assert (none.low, round(none.high, 4)) == (0.0, 0.1611)


def test_equal_differences_are_exact_where_there_are_enough() -> None:
    difference = paired_difference([3.0, 4.0, 5.0, 6.0, 8.0], [1.0, 2.0, 3.0, 4.0, 6.0])
    assert (difference.mean, difference.low, difference.high, difference.method) == (2, 2, 2, "exact")
    assert (difference.p_a_greater, difference.n_a_greater) == (1.0, 5)


def test_few_equal_differences_say_nothing_of_others() -> None:
    few = paired_difference([3.0, 4.0], [1.0, 2.0])
    assert (few.mean, few.method, few.reason) == (2, "", FEW_EQUAL)
    assert math.isnan(few.low)
    assert not few.is_enough
    tied = paired_difference([1.0, 2.0], [1.0, 2.0])
    assert math.isnan(tied.low)
    assert (tied.p_a_greater, tied.n_ties) == (0.5, 2)
    assert mean_interval([1.0, 1.0]).reason == FEW_EQUAL


def test_one_and_the_same_run_has_no_difference_whatever_the_number() -> None:
    for is_yes_or_no in (False, True):
        same = paired_difference([1.0, 0.0], [1.0, 0.0], is_yes_or_no=is_yes_or_no, is_same_run=True)
        assert (same.low, same.high, same.p_a_greater, same.method) == (0, 0, 0.5, "exact")
        assert same.is_same_run


def test_differences_that_are_equal_but_for_rounding_are_exact() -> None:
    b = np.random.default_rng(1).random(20)
    difference = paired_difference(b + 0.1, b)
    assert difference.method == "exact"
    assert difference.mean == pytest.approx(0.1)


@pytest.mark.parametrize("n_different", [1, 2, 19])
def test_next_to_no_spread_still_gives_an_interval(n_different: int) -> None:
    difference = paired_difference([1.0] * n_different + [0.0] * (20 - n_different), [0.0] * 20)
    assert difference.low <= difference.mean <= difference.high
    assert difference.low < difference.high


def test_one_pair_and_no_pair_have_no_interval() -> None:
    one = paired_difference([1.0, math.nan], [0.5, 1.0])
    assert (one.mean, one.n, one.reason) == (0.5, 1, "one pair gives no interval")
    assert math.isnan(one.low)
    none = paired_difference([1.0, math.nan], [math.nan, 1.0])
    assert (none.n, none.reason) == (0, "no pair in which both have a value")
    assert math.isnan(none.p_a_greater)


def test_ties_count_half() -> None:
    assert paired_difference([1, 2, 3, 4], [0, 2, 4, 3]).p_a_greater == (2 + 0.5) / 4


def test_pairs_with_a_missing_value_are_left_out() -> None:
    nan = math.nan
    with_gaps = paired_difference([1, nan, 3, 5, nan], [0, 1, nan, 3, nan])
    assert (with_gaps.n, with_gaps.mean) == (2, 1.5)


@pytest.mark.parametrize("n", [5, 20])
def test_the_paired_interval_covers_the_truth_95_times_in_100(n: int) -> None:
    generator = keyed_generator("coverage", n)
    n_studies = 400
    covered = 0
    for _ in range(n_studies):
        luck = generator.normal(0, 5, n)  # shared by both: pairing takes it out
        a, b = luck + generator.normal(1, 1, n), luck + generator.normal(0, 1, n)
        difference = paired_difference(a, b)
        covered += difference.low <= 1 <= difference.high
    # 0.95 with three standard errors of 400 studies is 0.917 to 0.983
    assert 0.917 < covered / n_studies < 0.983


def test_pairing_takes_shared_luck_out() -> None:
    generator = keyed_generator("pairing")
    luck = generator.normal(0, 5, 20)
    difference = paired_difference(luck + 1 + generator.normal(0, 0.1, 20), luck)
    assert 0.9 < difference.low < difference.high < 1.1


# Cohen 1988 / G*Power 3.1: matched pairs, two-sided 5%, power 0.8
@pytest.mark.parametrize(("effect", "needed"), [(0.2, 199), (0.5, 34), (0.8, 15), (1.0, 10)])
def test_replications_needed(effect: float, needed: int) -> None:
    assert replications_needed(effect, 1.0) == needed
    assert replications_needed(-effect * 3, 3.0) == needed


def test_replications_needed_for_nothing_and_next_to_nothing() -> None:
    assert math.isnan(replications_needed(0.0, 1.0))
    assert math.isinf(replications_needed(1e-9, 1.0))
    assert replications_needed(1.0, 0.0) == replications_needed(9.0, 1.0) == FEWEST_PAIRS


def test_the_number_needed_keeps_its_word() -> None:
    generator = keyed_generator("power")
    n = int(replications_needed(0.5, 1.0))
    settled = [mean_interval(generator.normal(0.5, 1, n)).low > 0 for _ in range(2000)]
    assert np.mean(settled) == pytest.approx(0.8, abs=0.03)


def test_interval_of_a_difference_stays_within_what_the_outcome_allows() -> None:
    few_pairs = paired_difference([1, 1, 0, 1, 0, 1], [0, 0, 0, 0, 0, 0], largest=1.0)
    assert few_pairs.mean == pytest.approx(4 / 6)
    assert few_pairs.high == 1.0
    assert few_pairs.low < few_pairs.mean


def test_pairs_that_are_alike_are_one() -> None:
    generator = np.random.default_rng(8)
    a, b = np.repeat(generator.normal(0.2, 1.0, 15), 6), np.zeros(90)
    alike = np.repeat(np.arange(15), 6)
    naive, grouped = paired_difference(a, b), paired_difference(a, b, alike=alike)
    assert grouped.mean == pytest.approx(naive.mean)
    assert grouped.high - grouped.low > 2.0 * (naive.high - naive.low)
    assert paired_difference(a, b, alike=np.arange(90))._replace(spread=None) == naive._replace(spread=None)
    assert grouped[:3] == pytest.approx(paired_difference(a[::6], b[::6])[:3])
    assert math.isnan(paired_difference(a, b, alike=np.zeros(90, dtype=int)).low)


def test_yes_or_no_that_agrees_is_no_proof() -> None:
    two = paired_difference([1.0, 1.0], [0.0, 0.0], is_yes_or_no=True)
    assert two.mean == 1.0
    assert (round(two.low, 3), two.high, two.method) == (-0.315, 1.0, "score")
    assert two.replications_needed > 2
    agree = paired_difference([1.0] * 20, [1.0] * 20, is_yes_or_no=True)
    assert agree.low < -0.1 < 0.1 < agree.high
    assert not agree.is_same_run


def test_a_time_that_is_not_reached_is_later_than_the_run() -> None:
    later = 27.0
    a, b = [3.0, 5.0, later, later, 20.0], [later, 4.0, later, 12.0, later]
    found = paired_difference(a, b, later=later)
    assert (found.n, found.n_a_greater, found.n_b_greater, found.n_not_reached) == (5, 2, 2, 4)
    interval = mean_interval(a, later=later)
    assert (interval.n, interval.mean, interval.n_not_reached) == (5, (3 + 5 + 27 + 27 + 20) / 5, 2)


def test_two_that_are_never_reached_are_undecided() -> None:
    found = paired_difference([27.0] * 9, [27.0] * 9, later=27.0)
    assert found.is_undecided
    assert (found.reason, math.isnan(found.low), found.n_ties) == (NEVER_REACHED, True, 9)
    interval = mean_interval([27.0] * 9, later=27.0)
    assert (interval.mean, interval.reason, interval.n_not_reached) == (27.0, NEVER_REACHED, 9)
