"""Inference against known answers: a linear-Gaussian toy whose posterior is known in closed form."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
import toys

from sim.evidence.calibration import checks, emulator
from sim.evidence.calibration.checks import Truths, coverages, left_out, predicted
from sim.evidence.calibration.emulator import Emulator, around_of, inputs_of
from sim.evidence.calibration.inference import as_published, infer, worlds_of
from sim.evidence.calibration.learning import (
    agreements,
    chance_distance,
    chances_on,
    distance_from_uniform,
    emulated_posterior,
    learned,
)
from sim.evidence.calibration.matching import conflicts, pulls, reaches, usable
from sim.evidence.calibration.proposals import propose
from sim.evidence.calibration.waves import one_thread
from sim.evidence.calibration.weighing import (
    COMMON,
    Bank,
    Luck,
    Whose,
    Yardstick,
    averaged,
    log_kernel,
    luck_of,
    mixture_log_density,
    tail_shape,
)
from sim.experiments.worlds import distinct
from sim.kernel.estimates import effective_size, normalized, systematic, weighted_quantile

ALL = np.ones(3, dtype=bool)


@pytest.fixture(autouse=True, scope="module")
def _smooth_problem() -> Iterator[None]:
    """Let the emulator take in all detail: the toy has no luck that it could mistake for any."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emulator, "PENALTY", 0.1)
        yield


@pytest.fixture(scope="module")
def bank(_smooth_problem: None) -> Bank:
    with one_thread():
        return toys.weighted_bank(toys.toy(), 512, 1)


def moments(bank: Bank, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values = toys.parameters(bank.unit)
    mean = weights @ values
    return mean, (values - mean).T @ (weights[:, None] * (values - mean))


def test_weighted_points_give_the_posterior_in_closed_form(bank: Bank) -> None:
    weights = bank.weights(toys.toy().yardstick, ALL)
    mean, covariance = toys.posterior(toys.toy())
    found_mean, found_covariance = moments(bank, weights)
    assert found_mean == pytest.approx(mean, abs=0.08)
    assert found_covariance == pytest.approx(covariance, abs=0.08)
    assert effective_size(weights) > 400
    assert weights.max() < 0.005
    assert tail_shape(weights) < 0.5


def test_an_emulator_that_is_wrong_costs_points_and_not_truth() -> None:
    problem = toys.toy()
    with one_thread():
        bank = toys.weighted_bank(problem, 512, 1, off=0.5)
    weights = bank.weights(problem.yardstick, ALL)
    mean, covariance = toys.posterior(problem)
    found_mean, found_covariance = moments(bank, weights)
    effective = effective_size(weights)
    assert effective > 100
    # Within three standard errors of so many draws, of parameters whose variance is 1 at most.
    assert found_mean == pytest.approx(mean, abs=3 / np.sqrt(effective))
    assert found_covariance == pytest.approx(covariance, abs=3 * np.sqrt(2 / effective))


def test_luck_widens_the_posterior_as_a_tolerance_would_and_shifts_it() -> None:
    problem, sd = toys.toy(), np.array([0.4, 0.3, 0.6])
    more = np.array([0.5, -0.2, 0.1])
    bank = toys.bank_of(problem, [toys.draws(1 << 15, 4, 1)])
    lucky = dataclasses.replace(bank, luck=Luck(more, np.diag(sd**2)))
    value, tolerance = problem.yardstick.value - more, np.hypot(problem.yardstick.tolerance, sd)
    same = dataclasses.replace(problem.yardstick, value=value, tolerance=tolerance)
    mean, covariance = toys.posterior(problem._replace(yardstick=same))
    found_mean, found_covariance = moments(lucky, lucky.weights(problem.yardstick, ALL))
    assert found_mean == pytest.approx(mean, abs=0.05)
    assert found_covariance == pytest.approx(covariance, abs=0.05)


def test_what_proposals_integrate_to_follows_from_the_points() -> None:
    # The second proposal is exp(3 u) over the prior, which integrates to (e^3 - 1) / 3.
    generator = np.random.default_rng(1)
    tilted = np.log(1 + generator.random(4000) * (np.exp(3) - 1)) / 3
    values = np.concatenate([generator.random(4000), tilted])
    density = np.exp(mixture_log_density(np.array([np.zeros(8000), 3 * values + 7]), np.array([4000.0, 4000.0])))
    expected = 0.5 + 0.5 * np.exp(3 * values) * 3 / (np.exp(3) - 1)
    assert density == pytest.approx(expected, rel=0.05)
    assert np.mean(1 / density) == pytest.approx(1.0, abs=1e-6)


def test_a_few_heavy_points_show_in_the_tail() -> None:
    generator = np.random.default_rng(1)
    assert tail_shape(generator.random(4000)) < 0.3
    assert tail_shape(generator.pareto(1.0, 4000)) > 0.7
    assert tail_shape(np.array([1.0, 0.0])) == np.inf


def test_an_emulator_comes_back_from_its_arrays(bank: Bank) -> None:
    with one_thread():
        around = Emulator(bank.unit[:200], bank.simulated[:200], toys.toy().yardstick).around()
    again = around_of(around.arrays(), toys.toy().yardstick)
    assert again.log_likelihood(bank.unit[:50]).tolist() == around.log_likelihood(bank.unit[:50]).tolist()
    few = Emulator(bank.unit[:8], bank.simulated[:8], toys.toy().yardstick).around()
    assert (
        around_of(few.arrays(), toys.toy().yardstick).log_likelihood(bank.unit[:5]).tolist()
        == few.log_likelihood(bank.unit[:5]).tolist()
    )


def test_draws_follow_a_tilted_prior() -> None:
    class Tilted:
        """Log likelihood 3 u in the first of two coordinates: everything about it is known."""

        def log_likelihood(self, unit: np.ndarray) -> np.ndarray:
            return 3.0 * unit[:, 0]

    cloud = propose(Tilted(), 1.0, 4000, 2, np.random.default_rng(1))
    expected = (2 * np.exp(3) + 1) / (3 * (np.exp(3) - 1))
    assert cloud.unit.mean(axis=0) == pytest.approx([expected, 0.5], abs=0.02)
    assert cloud.log_likelihood == pytest.approx(3.0 * cloud.unit[:, 0])


LUCK = np.array([[0.04, 0.03, 0.0], [0.03, 0.09, 0.0], [0.0, 0.0, 0.01]])


def lucky(uneven: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return runs with a luck that all share, which acts on the second number unevenly, and two with their own."""
    generator = np.random.default_rng(1)
    told = generator.random((6000, 3))
    shared = told - [0.1, -0.2, 0.0] + np.outer(uneven * generator.standard_normal(6000), [0.0, 1.0, 0.0])
    own = np.stack([told + generator.multivariate_normal(np.zeros(3), LUCK, 6000) for _ in range(2)], axis=2)
    own[:200, 1] = np.nan
    return shared, own


def test_luck_of_one_organization_is_what_its_run_shows_beyond_the_shared_luck() -> None:
    shared, own = lucky()
    of_one = Whose(("one",) * 3, np.ones(3))
    found = luck_of(shared, own, toys.toy([0.0, 0.0, 0.0]).yardstick, of_one)
    assert found.mean == pytest.approx([0.1, -0.2, 0.0], abs=0.02)
    assert found.covariance == pytest.approx(LUCK, abs=0.006)
    assert found.part(np.array([1])).covariance == pytest.approx(np.array([[0.09]]), abs=0.006)
    none = luck_of(shared[:0], own[:0], toys.toy([0.0, 0.0, 0.0]).yardstick, of_one)
    assert not none.mean.any()
    assert not none.covariance.any()


def test_a_mean_over_organizations_has_their_mean_luck() -> None:
    shared, own = lucky()
    found = luck_of(
        shared, own, toys.toy([0.0, 0.0, 0.0]).yardstick, Whose(("these", "these", "other"), np.full(3, 10))
    )
    assert found.mean == pytest.approx([0.1, -0.2, 0.0], abs=0.02)
    assert found.covariance == pytest.approx(LUCK / 10, abs=0.006)


def test_different_organizations_have_no_luck_in_common() -> None:
    shared, own = lucky()
    found = luck_of(shared, own, toys.toy([0.0, 0.0, 0.0]).yardstick, Whose(("one", "two", "two"), np.ones(3)))
    assert found.covariance == pytest.approx(np.diag(np.diag(LUCK)), abs=0.006)


def test_what_the_shared_luck_does_to_points_does_not_average_out() -> None:
    shared, own = lucky(uneven=0.5)
    found = luck_of(shared, own, toys.toy([0.0, 0.0, 0.0]).yardstick, Whose(("these",) * 3, np.full(3, 1000)))
    assert np.diag(found.covariance) == pytest.approx([0.0, 0.25, 0.0], abs=0.015)


def test_on_a_logarithmic_scale_a_mean_lies_above_the_middle() -> None:
    generator = np.random.default_rng(2)
    told = np.exp(generator.random((20000, 1)))
    own = told[:, :, None] * np.exp(0.6 * generator.standard_normal((20000, 1, 2)))
    scale = Yardstick(("a",), np.ones(1), np.ones(1), np.array([True]), np.array([False]))
    for n in (1, 1000):
        found = luck_of(told, own, scale, Whose(("these",), np.array([n])))
        # The mean of many such factors, against the middle one.
        assert found.mean[0] == pytest.approx(0.0 if n == 1 else np.log(own.mean() / told.mean()), abs=0.02)


def test_what_follows_from_a_history_does_not_average_out_over_parts() -> None:
    # The second number is half of the first, which is a history, and something of its own.
    of_one = np.array([[1.0, 0.5], [0.5, 0.25 + 0.4]])
    assert averaged(of_one, np.array([1, 200])) == pytest.approx(np.array([[1.0, 0.5], [0.5, 0.25 + 0.4 / 200]]))
    assert averaged(of_one, np.array([1, 1])) == pytest.approx(of_one)
    assert averaged(of_one, np.array([20, 20])) == pytest.approx(of_one / 20)


def test_a_mean_over_organizations_is_told_by_the_mean_of_runs() -> None:
    again = np.array([[[1.0, 2.0, np.nan], [1.0, 2.0, np.nan]], [[3.0, 3.0, 3.0], [np.nan] * 3]])
    found = as_published(again, np.array([False, True]))
    expected = np.array([[[1.0, 2.0, np.nan], [1.5] * 3], [[3.0, 3.0, 3.0], [np.nan] * 3]])
    assert np.array_equal(found, expected, equal_nan=True)


def test_an_organization_that_was_left_out_is_predicted_with_its_luck(bank: Bank) -> None:
    problem = toys.toy()
    # It lies outside what the right model shows, and inside what it shows with so much luck.
    far = dataclasses.replace(problem.yardstick, value=np.array([4.5, -0.5, 0.4]))
    assert left_out(bank, far, ALL, ["one", "two", "two"])[0].outside == ("a",)
    lucky_bank = dataclasses.replace(bank, luck=Luck(np.zeros(3), np.diag([9.0, 0.0, 0.0])))
    assert left_out(lucky_bank, far, ALL, ["one", "two", "two"])[0].outside == ()


def test_the_second_way_gives_the_same_posterior(bank: Bank) -> None:
    mean, covariance = toys.posterior(toys.toy())
    with one_thread():
        particles = emulated_posterior(bank, toys.toy().yardstick, np.zeros(4), np.random.default_rng(3), seed=5)
    values = toys.parameters(particles)
    assert values.mean(axis=0) == pytest.approx(mean, abs=0.2)
    assert values.std(axis=0) == pytest.approx(np.sqrt(np.diag(covariance)), rel=0.25)
    weights = bank.weights(toys.toy().yardstick, ALL)
    found = agreements(bank, weights, particles, 500)
    assert all(row.apart < 0.5 for row in found)
    assert agreements(bank, weights, np.full((50, 4), 0.01), 500)[1].apart > 1


def truths(bank: Bank, n: int) -> list[Truths]:
    weights = bank.weights(toys.toy().yardstick, ALL)
    here = np.random.default_rng(3).choice(bank.n_points, n, replace=False, p=weights)
    return [Truths(np.arange(n), bank.simulated[:n], False), Truths(here, bank.simulated[here], True)]


def test_intervals_hold_truths_that_the_emulator_has_not_seen_as_often_as_they_say(bank: Bank) -> None:
    with one_thread():
        lots = truths(bank, 40)
        found = coverages(bank, toys.toy().yardstick, np.zeros(4), lots, np.random.default_rng(1))
    assert [one.n_trials for one in found] == [40, 40]
    # Both are calibrated checks: truths from the posterior are told with the numbers that these come from.
    assert found[0].holds.mean() == pytest.approx(0.9, abs=0.07)
    assert found[1].holds.mean() == pytest.approx(0.9, abs=0.07)


@pytest.mark.slow
def test_the_check_finds_out_what_weighs_the_numbers_wrongly(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check above can fail: evidence that counts four times over makes intervals half as wide as they may be."""
    monkeypatch.setattr(checks, "_drawn", lambda asked, n, generator: propose(asked, 4.0, 400, n, generator, 6).unit)
    with one_thread():
        found = coverages(bank, toys.toy().yardstick, np.zeros(4), truths(bank, 40), np.random.default_rng(1))
    for one in found:
        assert one.holds[:3].mean() < 0.75
        # What no number says anything about keeps its prior, however much numbers weigh.
        assert one.holds[3] == pytest.approx(0.9, abs=0.12)


def test_the_error_of_an_emulator_is_told_in_tolerances() -> None:
    problem = toys.toy()
    noisy = toys.bank_of(problem, [toys.draws(512, 4, 5)])
    # Every point shows its truth, so that an emulator errs little; the numbers that are told err by far more.
    wide = dataclasses.replace(problem.yardstick, tolerance=problem.yardstick.tolerance * 10)
    with one_thread():
        told = Emulator(noisy.unit, noisy.simulated, problem.yardstick).around()
        right = Emulator(noisy.unit, noisy.simulated, wide).around()
    assert np.diag(told.covariance)[0] < 2
    assert np.diag(right.covariance)[0] == pytest.approx(1, abs=0.2)


def test_the_error_of_an_emulator_is_told_where_the_numbers_are() -> None:
    # What it cannot learn is large on one side and small on the other, and moves two observables together.
    generator = np.random.default_rng(1)
    unit = toys.draws(2048, 2, 1)
    noise = np.where(unit[:, 0] > 0.5, 2.0, 0.2) * generator.standard_normal(2048)
    simulated = np.column_stack([20 * unit[:, 0] - 10 + noise, 20 * unit[:, 0] - 10 + noise])
    with one_thread():
        quiet, loud = (
            Emulator(unit, simulated, toys.yardstick([value] * 2, [1.0, 1.0])).around() for value in (-7.0, 7.0)
        )
    assert np.diag(loud.covariance) == pytest.approx([5.0, 5.0], rel=0.4)
    assert np.diag(quiet.covariance) == pytest.approx([1.0, 1.0], abs=0.6)
    assert loud.covariance[0, 1] > 3


def test_errors_that_targets_share_count_once() -> None:
    # Four numbers that are all off by the same: as independent errors 4 x 2^2 / 2, sharing half of the variance less.
    apart = toys.yardstick([0.0] * 4, [1.0] * 4)
    together = dataclasses.replace(apart, common=("curve",) * 4)
    off = np.full((1, 4), 2.0)
    assert log_kernel(off, apart.covariance()) == pytest.approx([-8.0])
    assert log_kernel(off, together.covariance()) == pytest.approx([-8.0 / (1 + 3 * COMMON)])
    # Luck comes on top, with what it moves together.
    assert together.covariance(np.eye(4))[0].tolist() == [2.0, COMMON, COMMON, COMMON]
    assert together.part(np.array([0])).covariance() == pytest.approx(np.ones((1, 1)))
    assert log_kernel(np.array([[np.nan, 0.0, 0.0, 0.0]]), together.covariance()) == -np.inf


def test_an_organization_that_is_left_out_does_not_decide(bank: Bank) -> None:
    problem = toys.toy()
    found = left_out(bank, problem.yardstick, ALL, ["one", "two", "two"])
    assert [(row.scenario, row.n_targets) for row in found] == [("one", 1), ("two", 2)]
    assert found[1].n_inside == 2
    # A number that it could not meet lies outside what the others predict.
    wrong = dataclasses.replace(problem.yardstick, value=np.array([30.0, -0.5, 0.4]))
    assert left_out(bank, wrong, ALL, ["one", "two", "two"])[0].outside == ("a",)
    weights = bank.weights(problem.yardstick, np.array([False, True, True]))
    assert effective_size(weights) == pytest.approx(found[0].effective)
    # Without its number, 1.0, the parameter that it is about goes towards where the others pull it, -0.45.
    assert weights @ toys.parameters(bank.unit)[:, 0] < moments(bank, bank.weights(problem.yardstick, ALL))[0][0] - 0.2


def test_the_chance_of_being_on_follows_the_weights(bank: Bank) -> None:
    off_share = np.array([0.5, 0.0, 0.0, 0.25])
    weights = np.where(bank.unit[:, 0] >= 0.5, 3.0, 1.0)
    weights /= weights.sum()
    found = chances_on(bank, weights, bank.unit, off_share, 100)
    assert [row.parameter for row in found] == ["p0", "p3"]
    assert [row.prior for row in found] == [0.5, 0.75]
    assert found[0].first == pytest.approx(weights[bank.unit[:, 0] >= 0.5].sum())
    assert found[0].second == pytest.approx(np.mean(bank.unit[:, 0] >= 0.5))


def test_a_mechanism_that_is_off_looks_the_same_however_it_was_drawn() -> None:
    inputs = inputs_of(np.array([[0.1, 0.3], [0.4, 0.3], [0.75, 0.3]]), np.array([0.5, 0.0]))
    assert inputs.shape == (3, 3)
    assert inputs[0].tolist() == inputs[1].tolist()
    assert inputs[0, 2] < inputs[2, 2]


def test_distinct_worlds_keep_the_weight_of_the_points() -> None:
    generator = np.random.default_rng(1)
    weights = generator.exponential(size=3000) ** 2
    weights /= weights.sum()
    values = generator.random(3000) + 200 * weights
    kept, own = distinct(weights, 400, generator)
    assert abs(len(kept) - 400) <= 1
    assert len(set(kept.tolist())) == len(kept)
    assert own.sum() == pytest.approx(1)
    # All that are lighter than the threshold weigh the same, and means are those of the points.
    assert np.isclose(own, own.min()).mean() > 0.5
    means = [own @ values[kept] for kept, own in (distinct(weights, 400, generator) for _ in range(200))]
    assert np.mean(means) == pytest.approx(weights @ values, abs=0.02)
    kept, own = distinct(np.array([0.5, 0.0, 0.5]), 400, generator)
    assert (kept.tolist(), own.tolist()) == ([0, 2], [0.5, 0.5])


def test_a_target_nobody_can_reach_is_reported_and_does_not_decide() -> None:
    problem = toys.toy([1.0, -0.5, 40.0])
    bank = toys.bank_of(problem, [toys.draws(512, 4, 1)])
    found = {reach.id: reach for reach in reaches(bank, problem.yardstick)}
    assert not found["c"].is_reached
    assert found["c"].nearest > 50
    assert found["a"].is_reached
    assert usable(problem.yardstick, bank.simulated, ALL).tolist() == [True, True, False]
    near = bank.weights(problem.yardstick, np.array([True, True, False]))
    said = predicted(bank.simulated, problem.yardstick, near)
    assert [row.is_inside for row in said] == [True, True, False]


def test_two_contradictory_targets_are_named() -> None:
    # The same observable twice, with two values that exclude each other; the third has nothing to do with them.
    matrix = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    problem = toys.Toy(toys.yardstick([1.0, -1.0, 0.0], [0.1, 0.1, 0.2]), matrix)
    bank = toys.bank_of(problem, [toys.draws(1024, 3, 1)])
    assert all(reach.is_reached for reach in reaches(bank, problem.yardstick))
    found = conflicts(bank, problem.yardstick)
    assert [(pair.a, pair.b) for pair in found] == [("a", "b")]
    assert found[0].nearest == pytest.approx(10, rel=0.02)


def test_pulls_name_the_parameter_that_moves_a_target() -> None:
    problem = toys.toy()
    found = pulls(toys.bank_of(problem, [toys.draws(512, 4, 1)]), problem.yardstick)
    assert {(pull.id, pull.parameter) for pull in found} >= {("a", "p0"), ("b", "p1"), ("c", "p2")}
    assert all(pull.correlation > 0.3 for pull in found if (pull.id, pull.parameter) == ("a", "p0"))
    assert not any(pull.parameter == "p3" for pull in found)


def test_a_parameter_that_moves_nothing_keeps_its_prior(bank: Bank) -> None:
    worlds = worlds_of(bank.weights(toys.toy().yardstick, ALL), 1)
    again = np.stack([bank.simulated[worlds.places]] * 2, axis=2)
    found = infer(
        [bank],
        worlds,
        again,
        np.zeros(3, dtype=bool),
        toys.toy().yardstick,
        ALL,
        lambda place, unit: toys.parameters(unit),
        1,
        np.zeros(4),
        ["one", "two", "two"],
        n_trials=4,
    )
    assert [row.is_informed for row in found.learned] == [True, True, True, False]
    idle = found.learned[3]
    assert abs(idle.shrinkage) < 0.1
    assert (idle.low, idle.high) == pytest.approx((idle.prior_low, idle.prior_high), abs=0.35)
    assert found.learned[0].shrinkage > 0.5
    assert found.growth[-1].tolist() == [bank.n_points, found.effective]
    assert found.effective_lowest > 300
    assert abs(len(found.worlds.places) - 400) <= 1
    assert found.effective > found.prior_only
    # Three numbers, four parameters: the sum of squares is about the number of targets, and nowhere near its limit.
    assert found.squares < found.squares_most == pytest.approx(7.81, abs=0.01)


def test_posterior_predictions_are_those_of_the_closed_form(bank: Bank) -> None:
    problem = toys.toy()
    mean, covariance = toys.posterior(problem)
    weights = bank.weights(problem.yardstick, ALL)
    for place, row in enumerate(predicted(bank.simulated, problem.yardstick, weights)):
        middle = problem.matrix[place] @ mean
        spread = np.sqrt(
            problem.matrix[place] @ covariance @ problem.matrix[place] + problem.yardstick.tolerance[place] ** 2
        )
        assert row.middle == pytest.approx(middle, abs=0.1)
        assert (row.high - row.low) / 2 == pytest.approx(1.645 * spread, rel=0.1)
        assert row.is_inside == (abs(problem.yardstick.value[place] - middle) < 1.645 * spread)


def test_effective_size_is_exact() -> None:
    assert effective_size(np.full(8, 0.125)) == pytest.approx(8)
    assert effective_size(np.array([3.0, 1.0])) == pytest.approx(16 / 10)
    assert effective_size(np.array([0.0, 1.0, 0.0])) == 1
    assert effective_size(np.zeros(3)) == 0


def test_an_undefined_target_has_no_weight() -> None:
    log_weights = log_kernel(np.array([[0.0, 0.0], [np.nan, 0.0], [1.0, 1.0]]), np.eye(2))
    assert normalized(log_weights) == pytest.approx([1 / (1 + np.exp(-1)), 0, np.exp(-1) / (1 + np.exp(-1))])
    assert normalized(np.full(3, -np.inf)).tolist() == [0, 0, 0]


def test_a_lower_bound_that_is_kept_costs_nothing() -> None:
    yardstick = dataclasses.replace(toys.yardstick([0.7], [0.1]), is_at_least=np.array([True]))
    assert yardstick.misfit(np.array([[0.9], [0.5]]))[:, 0] == pytest.approx([0, -2])


def test_a_log_scale_measures_factors() -> None:
    yardstick = dataclasses.replace(toys.yardstick([0.1], [np.log(2)]), is_log=np.array([True]))
    assert yardstick.misfit(np.array([[0.2], [0.05], [0.0]]))[:, 0] == pytest.approx([1, -1, -np.inf])
    assert yardstick.log_likelihood(np.array([[0.0]]))[0] == -np.inf


def test_distance_from_the_prior() -> None:
    unit = np.linspace(0, 1, 1001)
    weights = np.full(1001, 1 / 1001)
    assert distance_from_uniform(unit, weights) < 0.002
    assert distance_from_uniform(unit, np.where(unit < 0.5, 2 / 1001, 0)) == pytest.approx(0.5, abs=0.005)
    # 200 draws from the prior, many times: hardly ever beyond what chance explains.
    generator = np.random.default_rng(1)
    far = [
        distance_from_uniform(generator.random(200), np.full(200, 1 / 200)) > chance_distance(200, 1)
        for _ in range(400)
    ]
    assert np.mean(far) < 0.08
    assert chance_distance(0, 5) == 1


def test_quantiles_of_weighted_values() -> None:
    values, weights = np.array([3.0, 1.0, 2.0, 9.0]), np.array([1.0, 1.0, 2.0, 0.0])
    assert weighted_quantile(values, weights, 0.5) == pytest.approx(2.0)
    assert np.isnan(weighted_quantile(values, np.zeros(4), 0.5))


def test_systematic_draws_follow_the_weights() -> None:
    counts = np.bincount(systematic(np.array([0.5, 0.3, 0.2, 0.0]), 10, np.random.default_rng(1)), minlength=4)
    assert counts.tolist() == [5, 3, 2, 0]


def test_a_posterior_without_any_weight_is_told_as_missing() -> None:
    rows = learned(["p0"], np.random.default_rng(1).random((20, 1)), np.zeros(20), lambda place, unit: unit, 0.0)
    assert np.isnan(rows[0].middle)
    assert not rows[0].is_informed
