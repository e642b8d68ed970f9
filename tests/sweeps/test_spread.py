"""Means over worlds and replications, and what their intervals cover."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.statistics import mean_interval
from sim.analysis.sweeping.spread import BOTH, LUCK, NEITHER, WORLDS, intervals, spread_of, variances

INFINITE = float("inf")


def interval(values: np.ndarray) -> tuple[float, float]:
    low, high = intervals(spread_of(values), -INFINITE, INFINITE, False)
    return float(low[0]), float(high[0])


@pytest.mark.parametrize(("shape", "covers"), [((1, 1, 6), LUCK), ((1, 6, 1), WORLDS)])
def test_with_one_world_or_one_replication_it_is_students_interval(shape: tuple[int, int, int], covers: str) -> None:
    values = np.array([0.1, 0.4, 0.35, 0.8, 0.2, 0.5])
    block = values.reshape(shape)
    expected = mean_interval(values)
    assert spread_of(block).covers == covers
    assert interval(block) == pytest.approx((expected.low, expected.high))


def test_worlds_without_luck_count_as_often_as_there_are_worlds_not_runs() -> None:
    worlds = np.array([0.1, 0.4, 0.35, 0.8, 0.2, 0.5])
    block = np.repeat(worlds[None, :, None], 5, axis=2)
    expected = mean_interval(worlds)
    assert interval(block) == pytest.approx((expected.low, expected.high))


def test_a_single_run_has_no_interval() -> None:
    spread = spread_of(np.array([[[0.3]]]))
    assert spread.covers == NEITHER
    assert spread.mean[0] == 0.3
    assert np.isnan(interval(np.array([[[0.3]]]))).all()


def test_missing_runs_are_left_out() -> None:
    block = np.array([[[0.1, 0.2, 0.6, np.nan]], [[np.nan] * 4]])
    spread = spread_of(block)
    assert spread.n.tolist() == [3, 0]
    assert spread.mean[0] == pytest.approx(0.3)
    assert np.isnan(spread.mean[1])
    low, high = intervals(spread, 0, 1, False)
    assert np.isnan([low[1], high[1]]).all()
    assert low[0] < 0.3 < high[0]


def test_the_variance_is_that_of_the_crossed_layout() -> None:
    """By hand: two worlds, two replications, and nothing that both do together."""
    block = np.array([[[0.0, 0.2], [0.4, 0.6]]])
    assert variances(spread_of(block))[0] == pytest.approx(0.08 / 2 + 0.02 / 2)  # variances of the two means / 2


@pytest.mark.parametrize("deviations", [(1.0, 0.0, 0.3), (0.0, 1.0, 0.3), (1.0, 1.0, 1.0), (0.0, 0.0, 1.0)])
@pytest.mark.parametrize("shape", [(12, 5), (30, 3), (3, 20)])
def test_intervals_cover_the_true_mean(shape: tuple[int, int], deviations: tuple[float, float, float]) -> None:
    """Worlds, luck and what they do together, in any mixture: at least 93% of the intervals hold the truth."""
    generator = np.random.default_rng(5)
    n = 1500
    worlds, luck, both = deviations
    block = (
        worlds * generator.standard_normal((n, shape[0], 1))
        + luck * generator.standard_normal((n, 1, shape[1]))
        + both * generator.standard_normal((n, *shape))
    )
    # Each row is a study of its own, so each is taken apart on its own scale.
    low, high = intervals(spread_of(block), -INFINITE, INFINITE, False)
    covered = np.mean((low <= 0) & (high >= 0))
    assert covered >= 0.93
    if worlds + luck:  # where nothing but runs varies the floor makes it wider, never narrower
        assert covered <= 0.995


def test_shares_stay_honest_when_all_runs_agree() -> None:
    spread = spread_of(np.ones((1, 20, 5)))
    assert spread.covers == BOTH
    low, high = intervals(spread, 0, 1, True)
    assert high[0] == 1
    assert low[0] == pytest.approx(mean_interval(np.ones(20), is_yes_or_no=True).low)


def test_shares_count_runs_of_one_world_as_far_as_they_differ() -> None:
    worlds = np.repeat(np.array([0.0, 1.0] * 10)[None, :, None], 5, axis=2)  # each world all dead or all alive
    mixed = np.tile([0.0, 1.0], 50).reshape(1, 20, 5)
    widths = [np.subtract(*intervals(spread_of(block), 0, 1, True)[::-1])[0] for block in (worlds, mixed)]
    assert widths[0] > 1.5 * widths[1]
