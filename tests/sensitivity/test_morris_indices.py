"""Elementary effects: what they are per full range, and what the dummy gets."""

from __future__ import annotations

import numpy as np
import pytest
from functions import with_luck

from sim.analysis.sensitivity.analysis import _estimates, _luck, _sizes, morris_indices, morris_of_replications
from sim.analysis.sensitivity.sampling import Sample, draw_sample
from sim.analysis.sensitivity.values import DUMMY, find


@pytest.fixture(scope="module")
def sample() -> Sample:
    """Forty trajectories of four factors."""
    return draw_sample("morris", ["steep", "bent", "switch", "inert"], [], 40, seed=2)


def effect(unit: np.ndarray) -> np.ndarray:
    return 3 * unit[:, 0] + 8 * (unit[:, 1] - 0.5) ** 2 + 2 * (unit[:, 2] >= 0.5)


def test_effects_are_per_full_range(sample: Sample) -> None:
    found = morris_indices(sample, with_luck(effect(sample.unit), 3, 1.0, 0.0), two_valued={"switch"})
    assert find(found, "mu_star", "steep").value == pytest.approx(3.0)
    assert find(found, "mu", "steep").value == pytest.approx(3.0)
    assert find(found, "sigma", "steep").value == pytest.approx(0.0, abs=1e-9)
    assert find(found, "mu_star", "switch").value == pytest.approx(2.0)
    assert find(found, "mu_star", "inert").value == pytest.approx(0.0, abs=1e-12)
    bent = find(found, "mu", "bent"), find(found, "sigma", "bent")
    assert abs(bent[0].value) < bent[1].value
    assert find(found, "mu_star", "steep").status == "resolved"
    assert find(found, "mu_star", "inert").status == "not resolved"


@pytest.mark.parametrize("seed", range(10))
def test_luck_gives_everything_an_effect_and_the_dummy_the_same(sample: Sample, seed: int) -> None:
    values = with_luck(effect(sample.unit), 5, shared=2.0, own=0.5, seed=seed)
    found = morris_indices(sample, values, two_valued={"switch"})
    inert, dummy = find(found, "mu_star", "inert"), find(found, "mu_star", DUMMY)
    assert inert.low > 0.15  # taken at its word, it matters
    assert dummy.value == pytest.approx(inert.value, rel=0.5)
    assert inert.status == "not resolved"
    assert find(found, "mu_star", "steep").status == find(found, "mu_star", "switch").status == "resolved"


def test_groups_have_mu_star_only() -> None:
    sample = draw_sample("morris", ["steep", "bent", "switch", "inert"], ["x", "y", "x", "z"], 40, seed=2)
    found = morris_indices(sample, with_luck(effect(sample.unit), 3, 1.0, 0.0))
    assert {each.measure for each in found} == {"mu_star"}
    assert [each.factor for each in found] == ["x", "y", "z", DUMMY]
    assert find(found, "mu_star", "x").status == "resolved"
    assert find(found, "mu_star", "z").status == "not resolved"


def test_replications_are_looked_at_one_by_one(sample: Sample) -> None:
    values = with_luck(effect(sample.unit), 3, 1.0, 0.3)
    each = morris_of_replications(sample, values)["mu_star"]
    assert each.shape == (3, 4)
    alone = morris_indices(sample, values[:, [1]])
    assert each[1, 0] == pytest.approx(find(alone, "mu_star", "steep").value)


def test_intervals_hold_the_estimate_and_never_reach_below_zero(sample: Sample) -> None:
    values = with_luck(np.where(sample.unit[:, 0] > 0.9, 10.0, 0.0) * (sample.unit[:, 1] > 0.9), 2, 1.0, 0.01)
    found = morris_indices(sample, values)
    for name in (*sample.factors, DUMMY):
        index = find(found, "mu_star", name)
        assert 0 <= index.low <= index.value <= index.high
    skewed = find(found, "mu_star", "steep")
    assert skewed.value - skewed.low < skewed.high - skewed.value


@pytest.mark.parametrize("groups", [[], ["x", "y", "x", "z"]])
def test_effects_in_single_trajectories_have_the_mean_of_salib(groups: list[str]) -> None:
    sample = draw_sample("morris", ["steep", "bent", "switch", "inert"], groups, 40, seed=2)
    values = with_luck(effect(sample.unit), 2, 1.0, 0.5)
    luck = _luck(sample, values)
    np.testing.assert_allclose(_sizes(sample, values, luck).mean(axis=0), _estimates(sample, values, luck)["mu_star"])
