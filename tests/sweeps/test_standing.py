"""Ranks with their uncertainty, ties with the first, regret."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.sweeping.standing import standing_of


def noisy(means: list[float], n_worlds: int, n_replications: int, deviation: float, seed: int = 1) -> np.ndarray:
    """Candidates with worlds and luck in common, and some noise of their own."""
    generator = np.random.default_rng(seed)
    shared = generator.standard_normal((1, n_worlds, 1)) + generator.standard_normal((1, 1, n_replications))
    own = deviation * generator.standard_normal((len(means), n_worlds, n_replications))
    return np.array(means)[:, None, None] + shared + own


def test_best_in_every_world_is_first_for_certain() -> None:
    found = standing_of(noisy([0.0, 1.0, 2.0], 20, 4, 0.01), True)
    assert found.rank.tolist() == [3, 2, 1]
    assert found.share_first.tolist() == [0, 0, 1]
    assert (found.low[2], found.high[2]) == (1, 1)
    assert found.is_tied_with_first.tolist() == [False, False, True]
    assert found.share_worlds_best.tolist() == [0, 0, 1]
    assert found.regret_mean[2] == found.regret_p90[2] == 0
    assert (found.n_worlds, found.n_cells) == (20, 80)


def test_less_can_be_better() -> None:
    assert standing_of(noisy([0.0, 1.0, 2.0], 20, 4, 0.01), False).rank.tolist() == [1, 2, 3]


def test_equals_tie() -> None:
    values = noisy([0.0], 10, 3, 0.1)
    found = standing_of(np.concatenate([values, values, values - 5]), True)
    assert found.rank.tolist() == [1, 1, 3]
    assert found.share_first.tolist() == [0, 0, 0]  # nobody is ahead of all others
    assert found.is_tied_with_first.tolist() == [True, True, False]
    assert found.share_worlds_best.tolist() == [0, 0, 0]


def test_regret_by_hand() -> None:
    """Three worlds, two replications; regret is taken between means of a world, not between single runs."""
    values = np.array(
        [
            [[0.2, 0.4], [0.5, 0.5], [0.1, 0.1]],  # means 0.3, 0.5, 0.1
            [[0.6, 0.0], [0.2, 0.2], [0.4, 0.2]],  # means 0.3, 0.2, 0.3
        ]
    )
    found = standing_of(values, True)
    assert found.regret_mean == pytest.approx([0.2 / 3, 0.3 / 3])
    assert found.regret_p90 == pytest.approx([0.8 * 0.2, 0.8 * 0.3])  # between 0 and the worst of three
    assert found.share_worlds_best == pytest.approx([1 / 3, 1 / 3])  # and a tie


def test_what_cannot_be_told_is_said_to_be_tied() -> None:
    found = standing_of(noisy([0.0, 0.01, -3.0], 6, 3, 0.3), True)
    assert found.is_tied_with_first.tolist() == [True, True, False]
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1, 3], [2, 2, 3])


def test_one_run_each_ranks_without_certainty() -> None:
    found = standing_of(np.array([0.1, 0.3, 0.2]).reshape(3, 1, 1), True)
    assert found.rank.tolist() == [3, 1, 2]
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1, 1], [3, 3, 3])
    assert found.is_tied_with_first.all()


def test_two_replications_are_not_sure_of_themselves() -> None:
    """Two pairs that agree are a coin thrown twice; a bootstrap of pairs would call it certain."""
    found = standing_of(np.array([[[0.10, 0.12]], [[0.11, 0.14]]]), True)
    assert found.rank.tolist() == [2, 1]
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1], [2, 2])
    assert found.is_tied_with_first.all()


def test_runs_that_one_candidate_lacks_are_left_out_for_all() -> None:
    values = noisy([0.0, 0.1], 5, 4, 0.0)
    values[0, :, 3] = np.nan
    values[1, :, 3] = 100.0  # would decide everything if it counted
    found = standing_of(values, True)
    assert found.n_cells == 15
    assert found.regret_mean[0] == pytest.approx(0.1)


def test_a_candidate_without_values_is_not_ranked_and_spoils_nothing() -> None:
    values = noisy([0.0, 1.0, 2.0], 5, 4, 0.01)
    values[2] = np.nan
    found = standing_of(values, True)
    assert np.isnan(found.rank[2])
    assert not found.is_tied_with_first[2]
    assert found.rank[:2].tolist() == [2, 1]
    assert found.n_given.tolist() == [20, 20, 0]


def test_no_common_cell() -> None:
    values = np.full((2, 1, 2), np.nan)
    values[0, 0, 0] = values[1, 0, 1] = 1.0
    found = standing_of(values, True)
    assert np.isnan(found.rank).all()
    assert found.n_cells == 0


@pytest.mark.parametrize("shape", [(20, 5), (1, 8), (40, 1), (8, 3)])
def test_the_first_is_right_as_often_as_it_says(shape: tuple[int, int]) -> None:
    """Of pairs in which only one may be first, at most a twentieth of all (and some luck) are wrong."""
    generator = np.random.default_rng(3)
    wrong, n_told = 0, 0
    for _ in range(400):
        truth = 0.25 * generator.standard_normal()
        values = np.zeros((2, *shape))
        values[1] = truth + 0.6 * generator.standard_normal(shape)
        values[1] += 0.3 * generator.standard_normal((shape[0], 1)) * (shape[0] > 1)
        values[1] += 0.2 * generator.standard_normal((1, shape[1])) * (shape[1] > 1)
        found = standing_of(values, True)
        if found.high[1] == 1 or found.low[1] == 2:
            n_told += 1
            wrong += (found.high[1] == 1) != (truth > 0)
    assert n_told >= 20
    assert wrong / 400 <= 0.05


def test_yes_or_no_takes_the_score_interval() -> None:
    """Nine of ten pairs ahead are sure; two of ten, and none behind, are not."""
    values = np.zeros((2, 1, 10))
    values[0, 0, :9] = 1.0
    assert standing_of(values, True, largest=1.0, is_yes_or_no=True).low.tolist() == [1, 2]
    values[0, 0, 2:] = 0.0
    assert standing_of(values, True, largest=1.0, is_yes_or_no=True).low.tolist() == [1, 1]


def test_places_cover_the_true_place() -> None:
    """Eight candidates a little apart, some of them hardly: the true place is in at least 93% of the intervals."""
    truth = np.array([0.0, 0.05, 0.1, 0.3, 0.5, 0.55, 0.9, 1.2])
    covered = []
    for study in range(150):
        found = standing_of(noisy(truth.tolist(), 10, 4, 1.0, seed=study), False)
        covered.append((found.low <= np.arange(1, 9)) & (np.arange(1, 9) <= found.high))
    assert np.mean(covered) >= 0.93
