"""Inference against known answers: a linear-Gaussian toy whose posterior is known in closed form."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
import toys

from sim.study.calibration import emulator
from sim.study.calibration.bank import Bank, mixture_log_density, needed_widening
from sim.study.calibration.distinct import distinct
from sim.study.calibration.emulator import inputs_of
from sim.study.calibration.inference import infer, usable
from sim.study.calibration.learning import chance_distance, distance_from_uniform, learned
from sim.study.calibration.leaving_out import left_out
from sim.study.calibration.matching import conflicts, pulls, reaches
from sim.study.calibration.predicting import predicted
from sim.study.calibration.proposals import propose, systematic
from sim.study.calibration.recovering import coverage, coverage_by_emulator
from sim.study.calibration.second_way import agreements, emulated_posterior
from sim.study.calibration.switches import chances_on
from sim.study.calibration.waves import one_thread
from sim.study.calibration.weighing import COMMON, effective_size, log_likelihood, normalized, weighted_quantile

ALL = np.ones(3, dtype=bool)


@pytest.fixture(autouse=True, scope="module")
def _smooth_problem() -> Iterator[None]:
    """Let the emulator take in all detail: the toy has no luck that it could mistake for any."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emulator, "PENALTY", 0.1)
        patch.setattr(emulator, "EPOCHS", 200)
        yield


@pytest.fixture(scope="module")
def two_waves(_smooth_problem: None) -> Bank:
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


def test_the_second_way_gives_the_same_posterior(two_waves: Bank) -> None:
    mean, covariance = toys.posterior(toys.toy())
    with one_thread():
        particles = emulated_posterior(two_waves, toys.toy().yardstick, np.zeros(4), np.random.default_rng(3), seed=5)
    values = toys.parameters(particles)
    assert values.mean(axis=0) == pytest.approx(mean, abs=0.2)
    assert values.std(axis=0) == pytest.approx(np.sqrt(np.diag(covariance)), rel=0.25)
    weights = two_waves.weights(toys.toy().yardstick, ALL)
    found = agreements(two_waves, weights, particles)
    assert all(row.apart < 0.5 for row in found)
    assert agreements(two_waves, weights, np.full((50, 4), 0.01))[1].apart > 1


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    # Truths and bank from the prior: 90% intervals of an exact method hold nine truths in ten.
    problem = toys.toy()
    bank = toys.bank_of(problem, [toys.draws(4096, 4, 5)])
    even = np.ones(bank.n_points)
    found = coverage(bank, problem.yardstick, 100, np.random.default_rng(1), even)
    assert found.n_trials == 100
    assert ((found.holds >= 0.80) & (found.holds <= 0.98)).all()


def test_the_emulator_finds_truths_again_that_it_has_not_seen() -> None:
    problem = toys.toy()
    bank = toys.bank_of(problem, [toys.draws(1024, 4, 5)])
    with one_thread():
        found = coverage_by_emulator(bank, problem.yardstick, np.zeros(4), 40, np.random.default_rng(1))
    assert found.n_trials == 40
    assert found.holds.mean() == pytest.approx(0.9, abs=0.08)


def test_coverage_notices_weights_that_are_wrong() -> None:
    problem = toys.toy()
    unit = toys.draws(4096, 4, 5)
    tilted = toys.bank_of(problem, [unit], log_density=20.0 * unit[:, 0])  # drawn evenly, whatever it says
    found = coverage(tilted, problem.yardstick, 60, np.random.default_rng(1), np.ones(len(unit)))
    assert found.holds[0] < 0.7


def test_errors_that_targets_share_count_once() -> None:
    # Four numbers that are all off by the same: as independent errors 4 x 2^2 / 2, sharing half of the variance less.
    apart = toys.yardstick([0.0] * 4, [1.0] * 4)
    together = dataclasses.replace(apart, common=("curve",) * 4)
    off = np.full((1, 4), 2.0)
    assert log_likelihood(apart.whitened(off)) == pytest.approx([-8.0])
    assert log_likelihood(together.whitened(off)) == pytest.approx([-8.0 / (1 + 3 * COMMON)])
    # Luck is each one's own, so that there is less to share.
    assert together.correlation(1.0)[0, 1] == pytest.approx(COMMON / 2)
    assert together.part(np.array([0])).correlation() == pytest.approx(np.ones((1, 1)))
    assert log_likelihood(together.whitened(np.array([[np.nan, 0.0, 0.0, 0.0]]))) == -np.inf


def test_an_organization_that_is_left_out_does_not_decide(two_waves: Bank) -> None:
    problem = toys.toy()
    found = left_out(two_waves, problem.yardstick, ALL, ["one", "two", "two"])
    assert [(row.scenario, row.n_targets) for row in found] == [("one", 1), ("two", 2)]
    assert found[1].n_inside == 2
    # Without the number that it could not meet, the other organization is fitted, and the number lies outside.
    wrong = dataclasses.replace(problem.yardstick, value=np.array([30.0, -0.5, 0.4]))
    assert left_out(two_waves, wrong, ALL, ["one", "two", "two"])[0].outside == ("a",)


def test_the_chance_of_being_on_follows_the_weights(two_waves: Bank) -> None:
    off_share = np.array([0.5, 0.0, 0.0, 0.25])
    weights = np.where(two_waves.unit[:, 0] >= 0.5, 3.0, 1.0)
    weights /= weights.sum()
    found = chances_on(two_waves, weights, two_waves.unit, off_share)
    assert [row.parameter for row in found] == ["p0", "p3"]
    assert [row.prior for row in found] == [0.5, 0.75]
    assert found[0].first == pytest.approx(weights[two_waves.unit[:, 0] >= 0.5].sum())
    assert found[0].second == pytest.approx(np.mean(two_waves.unit[:, 0] >= 0.5))


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
    found = infer(
        two_waves,
        toys.toy().yardstick,
        ALL,
        lambda place, unit: toys.parameters(unit),
        1,
        np.zeros(4),
        ["one", "two", "two"],
        n_trials=20,
    )
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
