"""Inference against known answers: a linear-Gaussian toy whose posterior is known in closed form."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import toys

from sim.study.calibration.adjusting import adjusted
from sim.study.calibration.bank import Bank, mixture_log_density, needed_widening
from sim.study.calibration.inference import infer, usable
from sim.study.calibration.learning import chance_distance, distance_from_uniform, learned
from sim.study.calibration.matching import conflicts, pulls, reaches
from sim.study.calibration.predicting import predicted
from sim.study.calibration.proposals import propose, systematic
from sim.study.calibration.recovering import coverage
from sim.study.calibration.waves import one_thread
from sim.study.calibration.weighing import effective_size, log_likelihood, normalized, weighted_quantile

ALL = np.ones(3, dtype=bool)


@pytest.fixture(scope="module")
def two_waves() -> Bank:
    with one_thread():
        return toys.two_waves(toys.toy(), 512, 1)


def moments(bank: Bank, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values = toys.parameters(bank.unit)
    mean = weights @ values
    return mean, (values - mean).T @ (weights[:, None] * (values - mean))


def test_weights_give_the_posterior_in_closed_form(two_waves: Bank) -> None:
    mean, covariance = toys.posterior(toys.toy())
    weights = two_waves.weights(toys.toy().yardstick, ALL)
    found_mean, found_covariance = moments(two_waves, weights)
    assert effective_size(weights) > 250
    assert found_mean == pytest.approx(mean, abs=0.12)
    assert found_covariance == pytest.approx(covariance, abs=0.15)


def test_the_first_wave_alone_gives_it_too_but_with_fewer_effective_points(two_waves: Bank) -> None:
    first = two_waves.of_wave(1).as_from_prior()
    weights = first.weights(toys.toy().yardstick, ALL)
    mean, _ = toys.posterior(toys.toy())
    assert moments(first, weights)[0] == pytest.approx(mean, abs=0.35)
    assert effective_size(weights) < 0.2 * effective_size(two_waves.weights(toys.toy().yardstick, ALL))


def test_forgetting_how_a_wave_was_drawn_gives_the_wrong_answer(two_waves: Bank) -> None:
    naive = normalized(log_likelihood(two_waves.misfit(toys.toy().yardstick)))
    mean, covariance = toys.posterior(toys.toy())
    sd = np.sqrt(np.diag(moments(two_waves, naive)[1]))
    assert sd[0] < 0.9 * np.sqrt(covariance[0, 0])  # the likelihood counts almost twice
    assert moments(two_waves, naive)[0] != pytest.approx(mean, abs=0.12)


def test_a_proposal_has_the_density_that_it_says() -> None:
    class Tilted:
        """Log likelihood 3 u in the first of two coordinates: everything about it is known."""

        def log_likelihood(self, unit: np.ndarray) -> np.ndarray:
            return 3.0 * unit[:, 0]

    proposal = propose(Tilted(), 1.0, 4000, 2, np.random.default_rng(1))
    assert proposal.log_constant == pytest.approx(np.log((np.exp(3) - 1) / 3), abs=0.05)
    expected = (2 * np.exp(3) + 1) / (3 * (np.exp(3) - 1))
    assert proposal.particles.mean(axis=0) == pytest.approx([expected, 0.5], abs=0.02)
    drawn = proposal.draw(2000, np.random.default_rng(2))
    # A mean over the prior is that over the draws, each divided by its density.
    weights = np.exp(-proposal.log_density(drawn))
    assert weights.mean() == pytest.approx(1.0, abs=0.05)
    assert (weights * drawn[:, 0]).mean() == pytest.approx(0.5, abs=0.03)
    with pytest.raises(ValueError, match="particles"):
        proposal.draw(6000, np.random.default_rng(2))


def test_regression_adjustment_gives_the_same_posterior() -> None:
    mean, covariance = toys.posterior(toys.toy())
    bank = toys.bank_of(toys.toy(), [toys.draws(4096, 4, 2)])
    found = adjusted(bank, toys.toy().yardstick, np.random.default_rng(3))
    values = toys.parameters(found.unit)
    center = found.weights @ values
    sd = np.sqrt(found.weights @ (values - center) ** 2)
    assert center == pytest.approx(mean, abs=0.15)
    assert sd == pytest.approx(np.sqrt(np.diag(covariance)), rel=0.15)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    # Truths and bank from the prior: 90% intervals of an exact method hold nine truths in ten.
    problem = toys.toy()
    bank = toys.bank_of(problem, [toys.draws(4096, 4, 5)])
    found = coverage(bank, problem.yardstick, 100, np.random.default_rng(1))
    assert found.n_trials == 100
    assert ((found.plain >= 0.80) & (found.plain <= 0.98)).all()
    assert ((found.after_adjustment >= 0.78) & (found.after_adjustment <= 0.99)).all()


def test_coverage_notices_weights_that_are_wrong() -> None:
    problem = toys.toy()
    unit = toys.draws(4096, 4, 5)
    tilted = toys.bank_of(problem, [unit], log_density=20.0 * unit[:, 0])  # drawn evenly, whatever it says
    found = coverage(tilted, problem.yardstick, 60, np.random.default_rng(1))
    assert found.plain[0] < 0.7


def test_a_target_nobody_can_reach_is_reported_and_does_not_decide() -> None:
    problem = toys.toy([1.0, -0.5, 40.0])
    bank = toys.bank_of(problem, [toys.draws(512, 4, 1)])
    found = {reach.id: reach for reach in reaches(bank, problem.yardstick)}
    assert not found["c"].is_reached
    assert found["c"].nearest > 50
    assert found["a"].is_reached
    assert usable(bank, problem.yardstick, ALL).tolist() == [True, True, False]
    said = predicted(bank, problem.yardstick, bank.weights(problem.yardstick, np.array([True, True, False])))
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


def test_targets_that_disagree_widen_all_tolerances_and_no_others_do(two_waves: Bank) -> None:
    assert needed_widening(two_waves, toys.toy().yardstick, ALL) == 1.0
    # Two values of one observable, 1.0 apart: the best is 0.5 off both, or five tolerances, 50 in squares.
    matrix = np.array([[1.0, 0.0], [1.0, 0.0]])
    problem = toys.Toy(toys.yardstick([0.5, -0.5], [0.1, 0.1]), matrix)
    bank = toys.bank_of(problem, [toys.draws(4096, 2, 1)])
    factor = needed_widening(bank, problem.yardstick, np.ones(2, dtype=bool))
    # 50 / f^2 from the compromise and 1 from the posterior around it make the quantile, 5.99.
    assert factor == pytest.approx(np.sqrt(50 / (5.99 - 1)), rel=0.03)


def test_pulls_name_the_parameter_that_moves_a_target() -> None:
    problem = toys.toy()
    found = pulls(toys.bank_of(problem, [toys.draws(512, 4, 1)]), problem.yardstick)
    assert {(pull.id, pull.parameter) for pull in found} >= {("a", "p0"), ("b", "p1"), ("c", "p2")}
    assert all(pull.correlation > 0.3 for pull in found if (pull.id, pull.parameter) == ("a", "p0"))
    assert not any(pull.parameter == "p3" for pull in found)


def test_a_parameter_that_moves_nothing_keeps_its_prior(two_waves: Bank) -> None:
    found = infer(two_waves, toys.toy().yardstick, ALL, lambda place, unit: toys.parameters(unit), 1, n_trials=20)
    assert [row.is_informed for row in found.learned] == [True, True, True, False]
    idle = found.learned[3]
    assert abs(idle.shrinkage) < 0.1
    assert (idle.low, idle.high) == pytest.approx((idle.prior_low, idle.prior_high), abs=0.35)
    assert found.learned[0].shrinkage > 0.5
    assert found.growth[-1, 1] == pytest.approx(found.effective)
    assert found.effective > found.prior_only


def test_posterior_predictions_are_those_of_the_closed_form(two_waves: Bank) -> None:
    problem = toys.toy()
    mean, covariance = toys.posterior(problem)
    weights = two_waves.weights(problem.yardstick, ALL)
    for place, row in enumerate(predicted(two_waves, problem.yardstick, weights)):
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
    log_weights = log_likelihood(np.array([[0.0, 0.0], [np.nan, 0.0], [1.0, 1.0]]))
    assert normalized(log_weights) == pytest.approx([1 / (1 + np.exp(-1)), 0, np.exp(-1) / (1 + np.exp(-1))])
    assert normalized(np.full(3, -np.inf)).tolist() == [0, 0, 0]


def test_a_lower_bound_that_is_kept_costs_nothing() -> None:
    yardstick = dataclasses.replace(toys.yardstick([0.7], [0.1]), is_at_least=np.array([True]))
    assert yardstick.misfit(np.array([[0.9], [0.5]]))[:, 0] == pytest.approx([0, -2])


def test_a_log_scale_measures_factors() -> None:
    yardstick = dataclasses.replace(toys.yardstick([0.1], [np.log(2)]), is_log=np.array([True]))
    assert yardstick.misfit(np.array([[0.2], [0.05], [0.0]]))[:, 0] == pytest.approx([1, -1, -np.inf])
    assert log_likelihood(yardstick.misfit(np.array([[0.0]])))[0] == -np.inf


def test_mixture_weights_never_exceed_one_over_the_share_of_the_prior() -> None:
    density = mixture_log_density([np.zeros(3), np.array([-50.0, 0.0, 9.0])], [100, 300])
    assert np.exp(-density) == pytest.approx([4.0, 1.0, 1 / (0.25 + 0.75 * np.exp(9))])


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
    rows = learned(["p0"], np.random.default_rng(1).random((20, 1)), np.zeros(20), lambda place, unit: unit)
    assert np.isnan(rows[0].middle)
    assert not rows[0].is_informed
