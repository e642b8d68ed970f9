"""One ranking: places that paired differences leave open, shares of units in which one is ahead."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from sim.analysis.comparison import Ranking, differences, places_of, rankings
from sim.analysis.statistics import FEWEST_PAIRS, mean_interval
from sim.analysis.sweeping.cells import counts_by, mean_by
from sim.analysis.sweeping.spread import intervals, spread_of
from sim.analysis.sweeping.standing import standing_of
from sim.catalog.outcomes import OUTCOMES
from sim.kernel.streams import keyed_generator

N_WEEKS = 52


def studied(outcome: str, **columns: Any) -> dict[str, dict[str, np.ndarray]]:
    """Return outcomes by scenario in which only one outcome has values that differ."""
    n = np.shape(next(iter(columns.values())))
    plain = {each.name: np.zeros(n) for each in OUTCOMES}
    return {name: {**plain, outcome: np.asarray(values, dtype=float)} for name, values in columns.items()}


def ranked(outcome: str, alike: np.ndarray | None = None, **columns: Any) -> Ranking:
    found = rankings(studied(outcome, **columns), N_WEEKS, alike)
    return next(each for each in found if each.outcome == outcome)


def test_clear_and_equal() -> None:
    luck = keyed_generator("ranks").normal(0, 1, 30)
    noise = keyed_generator("noise").normal(0, 0.1, 30)
    found = ranked("monthly_posters", low=luck, high=luck + 5 + noise, same=luck).ranks
    assert found["high"] == (1.0, 1.0, 1.0, 1.0)
    assert found["low"] == found["same"] == (2.0, 2.0, 3.0, 0.0)


def test_less_can_be_better() -> None:
    luck = keyed_generator("ranks").normal(0, 1, 30)
    assert ranked("days_to_answer", fast=luck, slow=luck + 5, third=luck + 9).ranks["fast"] == (1.0, 1.0, 1.0, 1.0)


@pytest.mark.parametrize("n", [1, 2, FEWEST_PAIRS - 1])
def test_with_few_pairs_every_place_is_open(n: int) -> None:
    """Two pairs that agree are a coin thrown twice."""
    found = ranked("monthly_posters", a=np.full(n, 0.9), b=np.linspace(0.5, 0.6, n), c=np.linspace(0.1, 0.12, n)).ranks
    assert [(rank.rank, rank.low, rank.high) for rank in found.values()] == [(1, 1, 3), (2, 1, 3), (3, 1, 3)]
    assert found["a"].share_first == 1.0


def test_no_place_contradicts_a_pair() -> None:
    """Whoever is told to be ahead of the first has a place before it, whoever cannot be told may be either side."""
    generator = keyed_generator("places and pairs")
    for study in range(40):
        n = int(generator.integers(2, 25))
        shared = generator.normal(0, 1, n)
        columns = {name: shared + generator.normal(0.3 * place, 0.5, n) for place, name in enumerate("abcd")}
        values = studied("monthly_posters", **columns)
        places = next(each for each in rankings(values, N_WEEKS) if each.outcome == "monthly_posters").ranks
        for row in differences(values, N_WEEKS):
            if row.outcome != "monthly_posters":
                continue
            first, other = places[row.a], places[row.b]
            if row.verdict("en", 0.0).kind == "differs":
                ahead, behind = (first, other) if row.paired.mean > 0 else (other, first)
                assert ahead.rank < behind.rank, study
                assert ahead.low < behind.high
            else:
                assert max(first.low, other.low) <= min(first.high, other.high)
        assert sum(rank.share_first for rank in places.values()) == pytest.approx(1.0)


def test_a_world_that_was_drawn_often_is_one_unit() -> None:
    """Ten draws of two worlds are two worlds: nothing is sure, and each is ahead in one of the two."""
    alike = np.array([0, 0, 0, 0, 0, 0, 0, 1, 1, 1])
    a = np.where(alike == 0, 1.0, 0.0)[:, None]
    found = ranked("monthly_posters", alike, a=a, b=0.5 - 0.1 * a, c=np.zeros((10, 1))).ranks
    assert {(rank.low, rank.high) for rank in found.values()} == {(1.0, 3.0)}
    assert found["a"].share_first == found["b"].share_first == 0.5


def test_runs_without_a_value_are_left_out_for_all() -> None:
    a = np.array([1.0, 2.0, np.nan, 4.0])
    found = ranked("monthly_posters", a=a, b=np.array([0.0, 1.0, 99.0, 3.0]), c=np.zeros(4)).ranks
    assert [rank.rank for rank in found.values()] == [1, 2, 3]


def test_a_scenario_that_lacks_values_takes_no_places_from_the_others() -> None:
    for values in (np.full(9, np.nan), np.where(np.arange(9) < 5, np.nan, 3.0)):
        found = ranked("monthly_posters", a=values, b=np.arange(9.0), c=np.arange(9.0) + 1).ranks
        assert np.isnan(found["a"]).all()
        assert (found["b"], found["c"]) == ((2.0, 2.0, 2.0, 0.0), (1.0, 1.0, 1.0, 1.0))
    nothing = ranked("monthly_posters", **dict.fromkeys("abc", np.full(3, np.nan))).ranks
    assert np.isnan(list(nothing.values())).all()


@pytest.mark.parametrize("outcome", ["monthly_posters", "alive"])
def test_sweep_and_compare_rank_alike(outcome: str) -> None:
    """The runs of one world, ranked by either command: the same places, left open by the same pairs."""
    generator = keyed_generator("one ranking", outcome)
    for n, missing in itertools.product((2, 5, 12, 30), (0.0, 0.2)):
        values = generator.uniform(0, 1, (4, n)) + np.array([0.0, 0.1, 0.4, 0.5])[:, None]
        if outcome == "alive":
            values = (values > 0.8).astype(float)
        values[generator.random(values.shape) < missing] = np.nan
        compared = ranked(outcome, **dict(zip("abcd", values, strict=True))).ranks
        known = next(each for each in OUTCOMES if each.name == outcome)
        swept = standing_of(
            values[:, None, :], True, largest=known.high - known.low, is_yes_or_no=outcome == "alive"
        )  # fmt: skip
        for place, rank in enumerate(compared.values()):
            of_sweep = [getattr(swept, name)[place] for name in rank._fields]
            assert rank == pytest.approx(of_sweep, nan_ok=True), (n, missing)


@pytest.mark.parametrize("outcome", ["monthly_posters", "alive"])
def test_sweep_and_compare_rank_alike_over_worlds_that_were_drawn_several_times(outcome: str) -> None:
    """A world that was drawn often has that weight in the mean, and is one unit, in either command."""
    generator = keyed_generator("worlds drawn again", outcome)
    contradicted = 0
    for n in (6, 12, 40):
        alike = np.sort(generator.integers(0, n // 2 + 2, n))
        alike = np.unique(alike, return_inverse=True)[1]
        values = generator.uniform(0, 1, (4, n)) + np.array([0.0, 0.1, 0.4, 0.5])[:, None]
        values = values[:, np.unique(alike, return_index=True)[1][alike]]  # the same world, the same runs
        if outcome == "alive":
            values = (values > 0.8).astype(float)
        columns = {name: row[:, None] for name, row in zip("abcd", values, strict=True)}
        compared = ranked(outcome, alike, **columns).ranks
        is_new = np.isin(np.arange(n), np.unique(alike, return_index=True)[1])
        swept = standing_of(values[:, :, None], True, alike, 1.0, outcome == "alive", is_new)
        assert swept.n_units == is_new.sum()
        for place, rank in enumerate(compared.values()):
            assert rank == pytest.approx([getattr(swept, name)[place] for name in rank._fields]), n
        contradicted += np.argmax(values.mean(axis=1)) != np.argmax(swept.rank == 1)
    assert contradicted == 0


def test_a_time_that_is_not_reached_comes_last() -> None:
    """A run that has not got there counts as the week after the last; two that have not got there are a tie."""
    reached, late, never = np.arange(10.0, 20.0), np.where(np.arange(10) < 5, 40.0, 53.0), np.full(10, 53.0)
    found = ranked("weeks_to_critical_mass", never=never, late=late, reached=reached, neither=never).ranks
    assert [found[name].rank for name in ("reached", "late", "never", "neither")] == [1, 2, 3, 3]
    assert (found["never"].low, found["never"].high) == (found["neither"].low, found["neither"].high)
    assert found["reached"] == (1.0, 1.0, 1.0, 1.0)


@pytest.mark.parametrize("repeated", [0, 3])
def test_a_mean_over_worlds_has_the_interval_of_compare(repeated: int) -> None:
    """With one run a world, the mean and interval of a sweep are those of `mean_interval`, weights included."""
    draws = np.array([0] * (1 + repeated) + list(range(1, 9)))
    values = keyed_generator("means over worlds", repeated).normal(0, 1, 9)[draws]
    spread = spread_of(mean_by(values[None, :, None], draws), counts_by(values[None, :, None], draws))
    low, high = intervals(spread, -np.inf, np.inf, False)
    found = mean_interval(values, alike=draws)
    assert (spread.mean[0], low[0], high[0]) == pytest.approx((found.mean, found.low, found.high))


def test_places_by_hand() -> None:
    is_ahead = np.array([[False, False, True], [False, False, True], [False, False, False]])
    rank, low, high = places_of(np.array([1.0, 2.0, 3.0]), is_ahead)
    assert (rank.tolist(), low.tolist(), high.tolist()) == ([1, 2, 3], [1, 1, 3], [2, 2, 3])
