"""Variance-based indices: closed forms, intervals, and a label that means something."""

from __future__ import annotations

import functions
import numpy as np
import pytest
from functions import ishigami, sobol_g, with_luck
from SALib.analyze.sobol import analyze

from sim.analysis.sensitivity.analysis import _Resampled, point_estimates, rows_of, sobol_indices, sobol_of_replications
from sim.analysis.sensitivity.sampling import Sample, draw_sample, problem
from sim.analysis.sensitivity.values import DUMMY, Index, find

NAMES = ["a", "b", "c", "d"]


@pytest.fixture(scope="module")
def sample() -> Sample:
    """512 base samples of four factors."""
    return draw_sample("sobol", NAMES, [], 512, seed=1)


def linear(unit: np.ndarray) -> np.ndarray:
    """Two factors that matter, one of them less, and two that do nothing."""
    return 2 * unit[:, 0] + unit[:, 1]


def statuses(indices: list[Index], measure: str) -> dict[str, str]:
    return {each.factor: each.status for each in indices if each.measure == measure}


@pytest.mark.parametrize(
    ("function", "closed_form", "n_factors"),
    [(ishigami, functions.ishigami_indices, 3), (sobol_g, functions.sobol_g_indices, 4)],
)
def test_closed_forms(function: object, closed_form: object, n_factors: int) -> None:
    names = NAMES[:n_factors]
    big = draw_sample("sobol", names, [], 4096, seed=1)
    found = sobol_indices(big, function(big.unit)[:, None])
    for measure, exact in zip(("S1", "ST"), closed_form(), strict=True):
        for name, value in zip(names, exact, strict=True):
            index = find(found, measure, name)
            assert index.value == pytest.approx(value, abs=0.02)
            assert index.low - 0.01 <= value <= index.high + 0.01
        dummy = find(found, measure, DUMMY)
        assert dummy.low <= 0 <= dummy.high
    if function is ishigami:
        exact = closed_form()[1][2]
        assert find(found, "S2", "a", "c").value == pytest.approx(exact, abs=0.02)
        assert find(found, "interaction", "c").value == pytest.approx(exact, abs=0.02)
        assert find(found, "S1_sum", "all").value == pytest.approx(closed_form()[0].sum(), abs=0.02)


def test_estimates_are_those_of_salib(sample: Sample) -> None:
    outcome = sobol_g(sample.unit)
    rows = rows_of(sample, outcome)
    ours = point_estimates(rows, has_pairs=True)
    theirs = analyze(problem(NAMES), outcome, num_resamples=2, seed=1)
    for name in ("S1", "ST", "S2"):
        np.testing.assert_allclose(ours[name], theirs[name])


def test_a_resample_of_every_row_once_is_the_estimate_of_salib(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.analysis.sensitivity.analysis.resampling_weights", lambda n: np.full((1, n), 1 / n))
    rows = rows_of(sample, sobol_g(sample.unit))
    once, theirs = _Resampled(rows), point_estimates(rows, has_pairs=True)
    np.testing.assert_allclose(once.first[0], theirs["S1"], atol=1e-12)
    np.testing.assert_allclose(once.total[0], theirs["ST"], atol=1e-12)
    np.testing.assert_allclose(once.pairs(0, np.array([1, 2, 3]))[0], theirs["S2"][0, 1:], atol=1e-12)


def test_intervals_are_as_wide_as_those_of_salib(sample: Sample) -> None:
    outcome = sobol_g(sample.unit)
    ours = sobol_indices(sample, outcome[:, None], has_pairs=False)
    theirs = analyze(problem(NAMES), outcome, calc_second_order=True, num_resamples=1000, seed=1)
    for measure in ("S1", "ST"):
        for place, name in enumerate(NAMES):
            index = find(ours, measure, name)
            assert index.high - index.low == pytest.approx(2 * theirs[f"{measure}_conf"][place], rel=0.15, abs=1e-4)


def test_with_shared_luck_what_does_nothing_is_exactly_zero_and_not_resolved(sample: Sample) -> None:
    found = sobol_indices(sample, with_luck(linear(sample.unit), 3, shared=1.0, own=0.0))
    assert find(found, "ST", "c").value == pytest.approx(0, abs=1e-12)
    assert statuses(found, "ST") == {
        "a": "resolved", "b": "resolved", "c": "not resolved", "d": "not resolved", DUMMY: "",
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_what_does_nothing_is_not_resolved_although_luck_gives_it_an_index(sample: Sample, seed: int) -> None:
    """The trap: every point has luck of its own, so even a factor without effect gets a total index."""
    values = with_luck(linear(sample.unit), 5, shared=1.0, own=1.5, seed=seed)
    found = sobol_indices(sample, values)
    inert = find(found, "ST", "c")
    assert inert.low > 0.2  # taken at its word, it matters
    assert inert.low <= find(found, "ST", DUMMY).high
    assert statuses(found, "ST")["c"] == statuses(found, "ST")["d"] == "not resolved"
    assert statuses(found, "S1")["c"] == statuses(found, "S1")["d"] == "not resolved"
    assert statuses(found, "ST")["a"] == statuses(found, "S1")["a"] == "resolved"
    assert find(found, "ST", DUMMY).value == pytest.approx(inert.value, rel=0.3)


def test_one_replication_never_says_resolved(sample: Sample) -> None:
    found = sobol_indices(sample, with_luck(linear(sample.unit), 1, shared=1.0, own=1.0))
    assert {each.status for each in found} == {"luck unknown", "not resolved", ""}


def test_replications_are_looked_at_one_by_one(sample: Sample) -> None:
    values = with_luck(linear(sample.unit), 4, shared=1.0, own=1.0)
    each = sobol_of_replications(sample, values)
    assert each["ST"].shape == (4, 4)
    alone = point_estimates(rows_of(sample, values[:, 2]), has_pairs=False)
    np.testing.assert_allclose(each["S1"][2], alone["S1"])
    np.testing.assert_allclose(each["ST"][2], alone["ST"])
    values[:, 0] = 1.0
    assert np.isnan(sobol_of_replications(sample, values)["S1"][0]).all()


def test_groups_have_indices_of_their_own() -> None:
    groups = ["people", "people", "rules", "rules"]
    sample = draw_sample("sobol", NAMES, groups, 512, seed=1)
    found = sobol_indices(sample, with_luck(linear(sample.unit), 3, 1.0, 0.1))
    assert find(found, "ST", "people").value == pytest.approx(1.0, abs=0.05)
    assert statuses(found, "ST") == {"people": "resolved", "rules": "not resolved", DUMMY: ""}
