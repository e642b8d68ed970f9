"""What decides: found where something does, and nothing named where nothing does."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.findings import (
    FEWEST_ON_A_SIDE,
    NOTHING,
    TOO_FEW,
    Decisive,
    Unknowns,
    decider_rows,
    decides_lines,
)
from sim.analysis.wording import phrase_for
from sim.catalog.registry import COEFFICIENTS

KEYS = [entry.path for entry in COEFFICIENTS if entry.path.startswith("behavior.")]
SWITCH = next(entry for entry in COEFFICIENTS if entry.path.startswith("behavior.") and entry.off_at is not None)
N = 120


def worlds(seed: int) -> dict[str, np.ndarray]:
    """Return worlds in which every coefficient is drawn evenly."""
    return dict(zip(KEYS, np.random.default_rng(seed).random((len(KEYS), N)), strict=True))


def test_where_nothing_decides_nothing_is_named_but_as_often_as_the_level_allows() -> None:
    generator = np.random.default_rng(1)
    n_named = sum(bool(Unknowns(worlds(seed)).decisive(generator.normal(size=N)).deciders) for seed in range(40))
    assert n_named <= 6  # 2 expected; more than 6 come once in 200 times


def test_what_decides_is_found_and_comes_first() -> None:
    generator = np.random.default_rng(2)
    second = []
    for seed in range(5):
        factors = worlds(seed)
        difference = 2.5 * (factors[KEYS[3]] - 0.5) + 1.5 * (factors[KEYS[7]] - 0.5) + generator.normal(0, 0.1, N)
        found = Unknowns(factors).decisive(difference)
        assert found.deciders[0].key == KEYS[3]
        second += [one.key for one in found.deciders[1:2]]
        assert found.deciders[0].share_high > 0.75
        assert found.deciders[0].share_low < 0.25
        assert found.n_unknowns == len(KEYS)
    assert second.count(KEYS[7]) >= 3  # within the halves of the first


def test_the_shares_are_those_of_the_halves() -> None:
    factors = {KEYS[0]: np.arange(40.0), KEYS[1]: np.ones(40)}
    difference = np.where(np.arange(40) < 15, -1.0, 1.0)
    found = Unknowns(factors).decisive(difference)
    (one,) = found.deciders
    assert (one.n_high, one.n_low, one.share_high, one.share_low) == (20, 20, 1.0, 0.25)
    assert found.n_unknowns == 1  # what is the same in all worlds decides nothing
    assert found.shares == (25 / 40, 15 / 40)
    assert found.n_greater == (25, 15)


def test_a_mechanism_that_is_off_in_many_worlds_divides_them_by_that() -> None:
    is_on = np.arange(60) < 20
    values = np.where(is_on, np.linspace(0.1, 0.9, 60) + SWITCH.off_at, SWITCH.off_at)
    found = Unknowns({SWITCH.path: values}).decisive(np.where(is_on, 1.0, -1.0))
    (one,) = found.deciders
    assert (one.is_switch, one.n_high, one.share_high, one.share_low) == (True, 20, 1.0, 0.0)


def test_with_too_few_worlds_on_one_side_nothing_is_looked_for() -> None:
    factors = worlds(1)
    difference = np.where(np.arange(N) < FEWEST_ON_A_SIDE - 1, 1.0, -1.0)
    factors[KEYS[0]] = difference.copy()
    found = Unknowns(factors).decisive(difference)
    assert not found.deciders
    assert not found.is_enough
    assert next(decider_rows("a", "b", "monthly_posters", found))["reason"] == TOO_FEW


def test_worlds_without_a_value_are_left_out() -> None:
    factors = {KEYS[0]: np.arange(60.0)}
    difference = np.where(np.arange(60) < 30, -1.0, 1.0)
    difference[::3] = np.nan
    found = Unknowns(factors).decisive(difference)
    assert found.n_worlds == 40
    assert found.deciders


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_words_are_about_the_one_that_has_more_in_most_worlds(language: str) -> None:
    factors = {KEYS[0]: np.arange(40.0)}
    found = Unknowns(factors).decisive(np.where(np.arange(40) < 15, 1.0, -1.0))
    first, line = decides_lines("one", "two", "monthly_posters", found, language)
    assert "two" in first
    assert KEYS[0] in line
    assert "100%" in line
    assert "25%" in line
    nothing = Decisive((), 120, 45, (40, 80), (0.4, 0.6))
    assert "45" in decides_lines("one", "two", "monthly_posters", nothing, language)[0]
    assert next(decider_rows("a", "b", "reach", nothing))["reason"] == NOTHING


def test_a_tie_is_neither_ahead_nor_behind() -> None:
    factors = {KEYS[0]: np.arange(60.0)}
    found = Unknowns(factors).decisive(np.zeros(60))
    assert (found.n_greater, found.shares, found.is_enough) == ((0, 0), (0.0, 0.0), False)
    assert decides_lines("one", "two", "monthly_posters", found, "en") == []
    # Ahead in 9 and behind in 9 of 60: half of the ties would make it enough.
    difference = np.repeat([1.0, 0.0, -1.0], [9, 42, 9])
    found = Unknowns(factors).decisive(difference)
    assert not found.is_enough
    assert found.n_greater == (9, 9)
    (line,) = decides_lines("one", "two", "monthly_posters", found, "en")
    assert "10 worlds at least in which one has more monthly posters than two" in line
    found = Unknowns(factors).decisive(np.repeat([1.0, 0.0, -1.0], [20, 20, 20]))
    (decider,) = found.deciders
    assert (decider.share_high, decider.share_high_b) == (0.0, 20 / 30)
    assert (decider.share_low, decider.share_low_b) == (20 / 30, 0.0)


def test_shares_count_worlds_by_what_they_weigh() -> None:
    difference = np.where(np.arange(40) < 15, -1.0, 1.0)
    weights = np.where(np.arange(40) < 15, 3.0, 1.0)
    found = Unknowns({KEYS[0]: np.arange(40.0)}, weights).decisive(difference)
    assert found.shares == (25 / 70, 45 / 70)
    assert (found.deciders[0].share_low, found.deciders[0].share_low_b) == (5 / 50, 45 / 50)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_of_outcomes_of_which_less_is_better_the_words_are_about_less(language: str) -> None:
    found = Unknowns({KEYS[0]: np.arange(40.0)}).decisive(np.where(np.arange(40) < 15, 1.0, -1.0))
    first, line = decides_lines("one", "two", "days_to_answer", found, language)
    assert phrase_for("days_to_answer", language).less in first
    assert "one" in first  # that has less in 25 of 40
    assert "100%" in line
