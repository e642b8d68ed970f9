"""The points: shapes, seeds, the dummy's column, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.sensitivity.sampling import METHODS, Method, draw_sample, points_per_sample, salib_seed
from sim.errors import InputError

FACTORS = ["a", "b", "c"]
GROUPS = ["people", "rules", "people"]


@pytest.mark.parametrize(("method", "per_sample"), [("morris", 4), ("sobol", 8), ("pawn", 1)])
def test_the_dummy_costs_no_points(method: Method, per_sample: int) -> None:
    sample = draw_sample(method, FACTORS, [], 64, seed=1)
    assert sample.unit.shape == (64 * per_sample, 3)
    assert sample.dummy.shape == (64 * per_sample,)
    assert points_per_sample(method, 3) == sample.block == per_sample
    assert sample.unit.min() >= 0
    assert sample.unit.max() < 1


@pytest.mark.parametrize("method", METHODS)
def test_a_seed_gives_one_sample_and_zero_is_a_seed(method: Method) -> None:
    first, again, other = (draw_sample(method, FACTORS, [], 32, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.unit, again.unit)
    np.testing.assert_array_equal(first.dummy, again.dummy)
    assert not np.array_equal(first.unit, other.unit)


def test_seeds_for_salib_are_never_zero() -> None:
    seeds = [salib_seed(seed) for seed in range(2000)]
    assert min(seeds) > 0
    assert len(set(seeds)) == 2000


def test_the_sample_leaves_the_global_generator_alone() -> None:
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    for method in METHODS:
        draw_sample(method, FACTORS, [], 32, 3)
    np.testing.assert_array_equal(np.random.get_state()[1], state)  # noqa: NPY002


def test_saltelli_crosses_one_factor_at_a_time() -> None:
    sample = draw_sample("sobol", FACTORS, [], 16, seed=5)
    blocks = sample.unit.reshape(16, 8, 3)
    a, b = blocks[:, 0], blocks[:, -1]
    for j in range(3):
        others = [k for k in range(3) if k != j]
        np.testing.assert_array_equal(blocks[:, 1 + j, j], b[:, j])
        np.testing.assert_array_equal(blocks[:, 1 + j][:, others], a[:, others])
        np.testing.assert_array_equal(blocks[:, 4 + j, j], a[:, j])
        np.testing.assert_array_equal(blocks[:, 4 + j][:, others], b[:, others])
    dummies = sample.dummy.reshape(16, 8)
    np.testing.assert_array_equal(dummies[:, :4], np.repeat(dummies[:, :1], 4, axis=1))
    np.testing.assert_array_equal(dummies[:, 4:], np.repeat(dummies[:, -1:], 4, axis=1))
    assert not np.array_equal(dummies[:, 0], dummies[:, -1])


def test_groups_move_together() -> None:
    sobol = draw_sample("sobol", FACTORS, GROUPS, 16, seed=5)
    assert sobol.movers == ("people", "rules")
    blocks = sobol.unit.reshape(16, 6, 3)
    np.testing.assert_array_equal(blocks[:, 1], np.column_stack([blocks[:, -1, 0], blocks[:, 0, 1], blocks[:, -1, 2]]))
    morris = draw_sample("morris", FACTORS, GROUPS, 16, seed=5)
    moved = np.diff(morris.unit.reshape(16, 3, 3), axis=1) != 0
    np.testing.assert_array_equal(moved[:, :, 0], moved[:, :, 2])
    assert (moved.sum(axis=1) == 1).all()


def test_the_first_half_of_a_sample_is_the_sample_of_half_the_size() -> None:
    whole, half = draw_sample("sobol", FACTORS, [], 64, 9), draw_sample("sobol", FACTORS, [], 32, 9)
    np.testing.assert_array_equal(whole.first(32).unit, half.unit)


@pytest.mark.parametrize(
    ("method", "factors", "groups", "n", "what"),
    [
        ("sobol", FACTORS, [], 100, "use 64 or 128"),
        ("sobol", FACTORS, [], 2, "too few"),
        ("pawn", FACTORS, GROUPS, 100, "by_group"),
        ("morris", [], [], 10, "at least one"),
        ("morris", ["a", "dummy"], [], 10, "yardstick"),
    ],
)
def test_what_makes_no_sense_is_refused(
    method: Method, factors: list[str], groups: list[str], n: int, what: str
) -> None:
    with pytest.raises(InputError, match=what):
        draw_sample(method, factors, groups, n, 1)
