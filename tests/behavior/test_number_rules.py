"""Arithmetic that several rules share, and the recycling of luck."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.rules.numbers import (
    approach,
    gain,
    happens,
    logistic,
    logistic_at_most,
    uniform_from_bits,
    unused_luck,
)

luck = st.floats(0.0, 1.0, exclude_max=True)


class TestLogistic:
    """Closed form, symmetry and extremes."""

    def test_values(self) -> None:
        assert logistic(0.0) == 0.5
        assert logistic(math.log(3.0)) == pytest.approx(0.75)
        assert logistic(-math.log(3.0)) == pytest.approx(0.25)

    @pytest.mark.parametrize("utility", [50.0, 750.0, 1e6, 1e308, math.inf])
    def test_no_overflow(self, utility: float) -> None:
        assert logistic(utility) == 1.0
        assert 0.0 <= logistic(-utility) < 1e-20

    @given(st.floats(-700.0, 700.0), st.floats(0.0, 50.0))
    def test_symmetric_and_rising(self, utility: float, more: float) -> None:
        assert logistic(utility) + logistic(-utility) == pytest.approx(1.0, abs=1e-15)
        assert logistic(utility) <= logistic(utility + more)


class TestLogisticAtMost:
    """An upper bound, and a close one where most people are on most days."""

    @given(st.floats(allow_nan=False))
    def test_never_below(self, utility: float) -> None:
        assert logistic_at_most(utility) >= logistic(utility) * (1.0 - 1e-12)

    @pytest.mark.parametrize("near", [0.0, -256.0, 256.0, 1e-300, -708.4, -745.2, 36.8])
    def test_never_below_at_the_edges(self, near: float) -> None:
        for utility in near + np.linspace(-1e-3, 1e-3, 2001):
            assert logistic_at_most(utility) >= logistic(utility) * (1.0 - 1e-12)

    def test_close(self) -> None:
        for utility in np.linspace(-6.0, 0.0, 100):
            assert logistic_at_most(utility) <= 1.08 * logistic(utility)

    def test_no_overflow(self) -> None:
        assert logistic_at_most(-math.inf) == logistic_at_most(-1e300) == 0.0
        assert logistic_at_most(math.inf) == logistic_at_most(1e300) == 1.0


class TestGain:
    """Half at `half`, rising towards 1."""

    @given(st.floats(0.1, 1000.0), st.floats(0.0, 1e6), st.floats(0.0, 1e6))
    def test_shape(self, half: float, amount: float, more: float) -> None:
        assert gain(half, half) == 0.5
        assert gain(0.0, half) == 0.0
        assert gain(amount, half) <= gain(amount + more, half) <= 1.0


class TestApproach:
    """Between old and target, all the way with weight 1, nowhere with weight 0."""

    @given(luck, luck, luck)
    def test_between(self, old: float, target: float, weight: float) -> None:
        low, high = sorted((old, target))
        assert low - 1e-15 <= approach(old, target, weight) <= high + 1e-15
        assert approach(old, target, 0.0) == old
        assert approach(old, target, 1.0) == pytest.approx(target, abs=1e-15)


class TestLuck:
    """A draw that has decided one event is as good as new for the next."""

    def test_happens(self) -> None:
        assert not happens(0.0, 0.0)
        assert happens(0.0, 1e-300)
        assert happens(1.0 - 2**-53, 1.0)
        assert happens(0.2999, 0.3)
        assert not happens(0.3, 0.3)

    def test_bits(self) -> None:
        assert uniform_from_bits(0) == 0.0
        assert uniform_from_bits(2**31) == 0.5
        assert uniform_from_bits(2**32 - 1) == 1.0 - 2**-32

    @given(luck, st.floats(0.0, 1.0))
    def test_stays_a_draw(self, draw: float, p: float) -> None:
        assert 0.0 <= unused_luck(draw, p) <= 1.0

    @given(luck)
    def test_certain_and_impossible_events_use_up_nothing(self, draw: float) -> None:
        assert unused_luck(draw, 0.0) == draw
        assert unused_luck(draw, 1.0) == draw

    @pytest.mark.parametrize("p", [0.02, 0.37, 0.9])
    def test_uniform_whatever_happened(self, p: float) -> None:
        bits = np.random.default_rng(5).integers(0, 2**32, 40_000)
        draws = [uniform_from_bits(int(one)) for one in bits]
        for happened in (True, False):
            left = np.array([unused_luck(draw, p) for draw in draws if happens(draw, p) == happened])
            deviation = np.abs(np.sort(left) - (np.arange(len(left)) + 0.5) / len(left)).max()
            assert deviation < 1.95 / math.sqrt(len(left))  # Kolmogorov-Smirnov at 0.1%

    @pytest.mark.parametrize("p", [0.013, 0.2, 0.43, 0.71])
    def test_many_small_events_from_one_draw(self, p: float) -> None:
        # As many events as a reader with much attention can decide in a day: their number is binomial.
        n_events, n_people = 40, 20_000
        counts = np.zeros(n_people)
        for person, bits in enumerate(np.random.default_rng(7).integers(0, 2**32, n_people)):
            draw = uniform_from_bits(int(bits))
            for _ in range(n_events):
                counts[person] += happens(draw, p)
                draw = unused_luck(draw, p)
        spread = math.sqrt(n_events * p * (1.0 - p))
        assert counts.mean() == pytest.approx(n_events * p, abs=4.0 * spread / math.sqrt(n_people))
        assert counts.std() == pytest.approx(spread, rel=0.03)
