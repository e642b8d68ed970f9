"""What counts as holding, and how sure one can be."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.analysis.statistics import mean_interval, paired_difference
from sim.catalog.outcomes import YES_OR_NO
from sim.evidence.scorecard.claims import PATTERN_BY_ID, Parts
from sim.evidence.scorecard.verdicts import (
    CANNOT_TELL,
    DOES_NOT_HOLD,
    FEWEST_WORLDS,
    HOLDS,
    Estimate,
    Result,
    estimate,
    is_built_in,
    judge,
    judged,
    share_as_claimed,
    supports_frames,
)

NAN = math.nan


@pytest.mark.parametrize(
    ("shape", "low", "high", "expected"),
    [
        ("more", 0.02, 0.05, HOLDS),
        ("more", 0.002, 0.05, HOLDS),  # above zero, and perhaps large
        ("more", -0.001, 0.05, CANNOT_TELL),
        ("more", -0.05, -0.02, DOES_NOT_HOLD),
        ("more", 0.001, 0.009, DOES_NOT_HOLD),  # above zero, and too small to matter
        ("more", -0.009, 0.009, DOES_NOT_HOLD),
        ("more", 0.0, 0.0, DOES_NOT_HOLD),
        ("more", -0.05, 0.005, CANNOT_TELL),
        ("at least", -0.009, 0.05, HOLDS),
        ("at least", 0.02, 0.05, HOLDS),
        ("at least", -0.02, 0.05, CANNOT_TELL),
        ("at least", -0.05, -0.02, DOES_NOT_HOLD),
        ("at least", -0.02, -0.005, CANNOT_TELL),
        ("alike", -0.009, 0.009, HOLDS),
        ("alike", -0.009, 0.02, CANNOT_TELL),
        ("alike", 0.02, 0.05, DOES_NOT_HOLD),
        ("alike", -0.05, -0.02, DOES_NOT_HOLD),
        ("differ", 0.02, 0.05, HOLDS),
        ("differ", -0.05, -0.02, HOLDS),
        ("differ", -0.009, 0.009, DOES_NOT_HOLD),
        ("differ", -0.02, 0.05, CANNOT_TELL),
    ],
)
def test_verdicts(shape, low, high, expected) -> None:
    assert judge(shape, 0.01, low, high) == expected


@pytest.mark.parametrize("shape", ["more", "at least", "alike", "differ"])
def test_no_interval_no_verdict(shape) -> None:
    assert judge(shape, 0.01, NAN, NAN) == CANNOT_TELL


def result(verdict, low: float = -0.02, high: float = 0.005) -> Result:
    return Result(Estimate((low + high) / 2, low, high, 20, 10, 10), verdict)


@pytest.mark.parametrize(
    ("full", "frames_off", "expected"),
    [
        (HOLDS, DOES_NOT_HOLD, True),
        (HOLDS, HOLDS, False),
        (HOLDS, CANNOT_TELL, None),
        (DOES_NOT_HOLD, HOLDS, False),
        (DOES_NOT_HOLD, DOES_NOT_HOLD, False),
        (DOES_NOT_HOLD, CANNOT_TELL, False),
        (CANNOT_TELL, HOLDS, None),
        (CANNOT_TELL, DOES_NOT_HOLD, None),
    ],
)
def test_support_for_frames(full, frames_off, expected) -> None:
    assert supports_frames(PATTERN_BY_ID["0.1-posters"], result(full), result(frames_off)) is expected
    # What is measured on frames says nothing about them.
    assert supports_frames(PATTERN_BY_ID["1.5-young"], result(full), result(frames_off)) is None


def test_the_same_without_frames_but_small_is_no_support() -> None:
    small = result(DOES_NOT_HOLD, 0.005, 0.009)
    assert supports_frames(PATTERN_BY_ID["0.1-posters"], result(HOLDS), small) is None
    opposite = result(DOES_NOT_HOLD, -0.009, -0.005)
    assert supports_frames(PATTERN_BY_ID["0.1-posters"], result(HOLDS), opposite) is True
    assert supports_frames(PATTERN_BY_ID["4.1"], result(HOLDS), opposite) is None


def plain(values: np.ndarray) -> Parts:
    return Parts(values, np.ones(len(values)))


def test_interval_of_a_mean_is_that_of_student() -> None:
    values = np.random.default_rng(1).normal(0.3, 1.0, 200)
    found = estimate(plain(values))
    half = 1.972 * values.std(ddof=1) / np.sqrt(200)
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - half, abs=0.05 * half)
    assert found.high == pytest.approx(values.mean() + half, abs=0.05 * half)
    whole = mean_interval(values)
    assert found[1:3] == pytest.approx((whole.low, whole.high)), "the interval that `run` gives"


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    # Skewed, as differences over worlds are: most worlds show little, a few much.
    generator = np.random.default_rng(2)
    n_trials, truth = 300, np.exp(0.5)
    covered = 0
    for _ in range(n_trials):
        found = estimate(plain(generator.lognormal(0.0, 1.0, 60)))
        covered += found.low <= truth <= found.high
    assert 0.88 <= covered / n_trials <= 0.99


def test_worlds_without_a_value_are_left_out() -> None:
    values = np.array([0.1, NAN, 0.2, 0.3, -0.1, 0.0, 0.1, 0.2, 0.3, NAN])
    found = estimate(plain(values))
    assert (found.n, found.n_above, found.n_below) == (8, 6, 1)
    assert found.value == pytest.approx(np.nanmean(values))


def test_too_few_worlds_give_no_interval() -> None:
    found = estimate(plain(np.linspace(0.1, 0.2, FEWEST_WORLDS - 1)))
    assert math.isnan(found.low)
    assert found.n == FEWEST_WORLDS - 1


def test_equal_values_have_an_exact_interval() -> None:
    found = estimate(plain(np.zeros(20)))
    assert found[:3] == (0.0, 0.0, 0.0)
    assert (found.n_above, found.n_below) == (0, 0)


def test_worlds_that_agree_on_yes_are_no_proof_that_shares_do() -> None:
    found = estimate(plain(np.zeros(10)), is_yes_or_no=True)
    same = paired_difference(np.ones(10), np.ones(10), is_yes_or_no=True)
    assert found[:3] == pytest.approx((0.0, same.low, same.high))
    assert found.high > 0.2
    assert judge("alike", 0.05, found.low, found.high) == CANNOT_TELL
    up = estimate(plain(np.array([1.0] * 9 + [0.0])), is_yes_or_no=True)
    assert up.low < up.value == pytest.approx(0.9)
    assert up.high <= 1.0


def test_differences_of_yes_or_no_are_judged_as_such() -> None:
    found = {pattern.id for pattern in PATTERN_BY_ID.values() if pattern.statistic.is_yes_or_no}
    assert found, "at least one pattern compares shares of worlds that stay alive"
    for pattern in PATTERN_BY_ID.values():
        statistic = pattern.statistic
        if YES_OR_NO.issuperset(statistic.measures):
            assert statistic.is_yes_or_no, f"{pattern.id}: an interval for numbers about what is yes or no"


def test_a_ratio_is_one_of_sums() -> None:
    below = np.linspace(1.0, 3.0, 40)
    found = estimate(Parts(0.1 * below + np.sin(np.arange(40)) * 1e-3, below))
    assert found.value == pytest.approx(0.1, abs=1e-3)
    assert found.low < 0.1 < found.high
    assert math.isnan(estimate(Parts(below, 0.0 * below)).value)


def test_a_pattern_is_judged_by_its_own_settings() -> None:
    pattern = PATTERN_BY_ID["0.1-readers"]
    luck = np.random.default_rng(3).normal(0.0, 0.01, (2, 30))
    values = {
        "collaboration": {"monthly_readers": 0.6 + luck[0]},
        "like-facebook": {"monthly_readers": 0.4 + luck[1]},
    }
    assert judged(pattern, values).verdict == HOLDS
    swapped = {"collaboration": values["like-facebook"], "like-facebook": values["collaboration"]}
    assert judged(pattern, swapped).verdict == DOES_NOT_HOLD


def test_worlds_with_the_same_settings_count_as_one() -> None:
    generator = np.random.default_rng(4)
    values = generator.normal(0.3, 1.0, 20)
    once, often = plain(values), plain(np.repeat(values, 10))
    alike = np.repeat(np.arange(20), 10)
    naive, grouped = estimate(often), estimate(often, alike)
    assert grouped[1:3] == pytest.approx(estimate(once)[1:3])
    assert grouped.value == pytest.approx(naive.value)
    assert grouped.high - grouped.low > 2.5 * (naive.high - naive.low)
    assert estimate(often, np.arange(200)) == naive
    assert math.isnan(estimate(often, np.zeros(200, dtype=int)).low)


class TestBeyondTheRange:
    """A claim about what is not reached in the model can neither hold nor fail."""

    def values(self, items: float) -> dict:
        luck = np.random.default_rng(1).normal(0.0, 0.01, 40)
        readers = {"10 items a day": 0.3, "40 items a day": 0.4, "160 items a day": 0.4}
        return {
            name: {"monthly_readers": share + luck, "items_a_day": np.full(40, items)}
            for name, share in readers.items()
        }

    def test_it_is_judged_where_it_is_reached(self) -> None:
        result = judged(PATTERN_BY_ID["9-attention"], self.values(10.0))
        assert (result.verdict, result.out_of_range) == (HOLDS, False)

    def test_it_cannot_be_told_where_it_is_not(self) -> None:
        result = judged(PATTERN_BY_ID["9-attention"], self.values(9.9))
        assert (result.verdict, result.out_of_range) == (CANNOT_TELL, True)
        assert result.estimate.low > 0.0  # the number is there all the same

    def test_nothing_known_is_not_reached(self) -> None:
        assert judged(PATTERN_BY_ID["9-attention"], self.values(NAN)).out_of_range


@pytest.mark.parametrize(
    ("name", "expected"),
    [("0.1-posters", 0.6), ("1.8-lasts", 0.8), ("D10-readers", 0.6)],
)
def test_share_of_worlds_as_claimed(name, expected) -> None:
    values = np.repeat([0.03, 0.015, 0.005, -0.005, -0.03], 4)
    share = share_as_claimed(PATTERN_BY_ID[name], Parts(values, np.ones(20)))
    assert share == pytest.approx(expected)


def test_what_has_no_value_does_not_count_as_claimed() -> None:
    values = np.repeat([0.03, -0.03], 10)
    pattern = PATTERN_BY_ID["0.1-posters"]
    missing = np.where(values > 0.0, NAN, values)
    assert share_as_claimed(pattern, Parts(missing, np.ones(20))) == 0.0
    few = np.where(np.arange(20) < 15, NAN, values)
    assert math.isnan(share_as_claimed(pattern, Parts(few, np.ones(20))))


def test_built_in_is_more_than_nine_in_ten() -> None:
    assert [is_built_in(share) for share in (0.9, 0.91, 1.0, NAN)] == [False, True, True, None]
