"""How far means may move where there are few worlds or replications."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import polygamma

from sim.study.sweeping.standing import standing_of
from sim.study.sweeping.wobble import MOST_PRIOR_FREEDOM, _inverse_trigamma, moderated, wobble


def effects_of(values: np.ndarray) -> np.ndarray:
    """What blocks do to means, as `Spread` has it, from values (k, n_blocks)."""
    n = values.shape[1]
    return (values - values.mean(axis=1, keepdims=True)) / n * np.sqrt(n / (n - 1))


@pytest.mark.parametrize("n_blocks", [2, 5, 40])
def test_draws_have_the_variance_of_the_mean(n_blocks: int) -> None:
    """Three candidates learn nothing from each other: their own variance, with the tails of Student's t."""
    generator = np.random.default_rng(1)
    values = generator.standard_normal((3, n_blocks)) * np.array([[1.0], [2.0], [3.0]])
    drawn = wobble(effects_of(values), generator, 60_000)
    from scipy.stats import t

    # The tails of t with one degree of freedom have no variance, so quartiles are compared.
    expected = t.ppf(0.75, n_blocks - 1) * values.std(axis=1, ddof=1) / np.sqrt(n_blocks)
    assert np.quantile(drawn, 0.75, axis=0) == pytest.approx(expected, rel=0.05)
    assert np.quantile(drawn, 0.25, axis=0) == pytest.approx(-expected, rel=0.05)


def test_two_candidates_move_against_each_other() -> None:
    values = np.array([[0.1, 0.3, 0.2], [-0.1, -0.3, -0.2]])
    drawn = wobble(effects_of(values), np.random.default_rng(2), 1000)
    assert drawn[:, 0] == pytest.approx(-drawn[:, 1])


def test_with_many_blocks_the_draws_hang_together_as_the_effects_do() -> None:
    generator = np.random.default_rng(3)
    shared = generator.standard_normal(200)
    values = np.stack([shared, shared + 0.1 * generator.standard_normal(200), generator.standard_normal(200)])
    drawn = wobble(effects_of(values), generator, 5000)
    ranks = np.argsort(np.argsort(drawn, axis=0), axis=0)
    assert np.corrcoef(ranks.T)[0, 1] > 0.95
    assert abs(np.corrcoef(ranks.T)[0, 2]) < 0.2


def test_what_nothing_moves_stays() -> None:
    effects = np.zeros((6, 2))
    effects[:5] = effects_of(np.random.default_rng(4).standard_normal((5, 2)))
    drawn = wobble(effects, np.random.default_rng(5), 100)
    assert (drawn[:, 5] == 0).all()
    assert (wobble(np.zeros((3, 2)), np.random.default_rng(5), 100) == 0).all()
    assert (wobble(np.ones((3, 0)), np.random.default_rng(5), 100) == 0).all()


def test_variances_are_drawn_to_those_of_the_others() -> None:
    variances = np.random.default_rng(6).chisquare(1, 1000)  # the same truth (1) for all, estimated from two values
    found, freedom = moderated(variances, 1)
    assert freedom == 1 + MOST_PRIOR_FREEDOM
    assert np.log(found).std() < 0.4 * np.log(variances).std()
    assert np.median(found) > 1.2 * np.median(variances)  # small ones by luck are made larger


def test_variances_that_differ_are_left_more_alone() -> None:
    generator = np.random.default_rng(7)
    variances = np.exp(generator.normal(0, 3, 40)) * generator.chisquare(10, 40) / 10
    found, freedom = moderated(variances, 10)
    assert 10 < freedom < 10 + MOST_PRIOR_FREEDOM
    assert np.corrcoef(np.log(found), np.log(variances))[0, 1] > 0.95


def test_few_candidates_learn_nothing() -> None:
    variances = np.array([1.0, 2.0, 3.0])
    found, freedom = moderated(variances, 1)
    assert found.tolist() == variances.tolist()
    assert freedom == 1


@pytest.mark.parametrize("x", [0.05, 0.7, 3.0, 40.0])
def test_inverse_of_trigamma(x: float) -> None:
    assert _inverse_trigamma(float(polygamma(1, x))) == pytest.approx(x)


def luck(kind: str, k: int, n_worlds: int, generator: np.random.Generator) -> np.ndarray:
    """What two replications (and worlds) do to k candidates: on their own, at different sizes, or by four levers."""
    if kind == "levers":
        levers = generator.choice([-1, 1], (k, 4))
        seeds, worlds = generator.standard_normal((4, 2)), generator.standard_normal((4, n_worlds)) * (n_worlds > 1)
        shared = 0.3 * (levers @ seeds)[:, None, :] + 0.3 * (levers @ worlds)[:, :, None]
        return np.asarray(shared + 0.2 * generator.standard_normal((k, n_worlds, 2)))
    size = np.exp(generator.normal(0, 0.8, k))[:, None, None] if kind == "sizes" else 1.0
    own = 0.3 * generator.standard_normal((k, 1, 2)) + 0.5 * generator.standard_normal((k, n_worlds, 2))
    return np.asarray(size * own)


@pytest.mark.slow
@pytest.mark.parametrize("n_worlds", [1, 40])
@pytest.mark.parametrize("kind", ["alone", "sizes", "levers"])
def test_two_replications_are_neither_useless_nor_too_sure(kind: str, n_worlds: int) -> None:
    """Thirty candidates: places cover the true one in at least 80%, and the truly best one is tied with the first."""
    generator = np.random.default_rng(8)
    covered, is_best_tied, n_tied = [], [], []
    for study in range(80):
        truth = 0.6 * generator.standard_normal(30)
        found = standing_of(truth[:, None, None] + luck(kind, 30, n_worlds, generator), True, (study,))
        place = np.argsort(np.argsort(-truth)) + 1
        covered.append((found.low <= place) & (place <= found.high))
        is_best_tied.append(found.is_tied_with_first[truth.argmax()])
        n_tied.append(found.is_tied_with_first.sum())
    assert np.mean(covered) >= 0.8
    assert np.mean(is_best_tied) >= 0.9
    assert np.mean(n_tied) < 27
