"""Numbers as text, and ticks."""

from __future__ import annotations

import pytest

from sim.figures.layout import (
    ENGLISH,
    tick_texts,
    tick_values,
    week_ticks,
)


@pytest.mark.parametrize("span", [1e-4, 0.02, 0.37, 1.02, 7.3, 4e4])
@pytest.mark.parametrize("n_steps", [3, 4, 6])
def test_steps_are_round_and_few(span: float, n_steps: int) -> None:
    ticks = tick_values(0, span, n_steps)
    step = ticks[1] - ticks[0]
    assert span / step <= n_steps * (1 + 1e-9)
    assert float(f"{step:e}".split("e")[0]) in (1.0, 2.0, 2.5, 5.0)


def test_ticks_include_zero_on_a_symmetric_scale() -> None:
    ticks = tick_values(-0.123, 0.123, 6)
    assert 0.0 in ticks
    assert ticks == [-tick for tick in reversed(ticks)]


def test_tick_texts_have_the_decimals_they_need() -> None:
    assert tick_texts([0.0, 0.025, 0.05], ENGLISH, percent=True) == ["0.0%", "2.5%", "5.0%"]
    assert tick_texts([0.0, 0.2, 0.4], ENGLISH, percent=True) == ["0%", "20%", "40%"]
    assert tick_texts([-5.0, 0.0, 5.0], ENGLISH, signed=True) == ["−5", "0", "+5"]


@pytest.mark.parametrize(
    ("last", "ticks"),
    [
        (1, [1]),
        (5, [1, 2, 3, 4, 5]),
        (26, [1, 4, 8, 12, 16, 20, 24]),
        (52, [1, 13, 26, 39, 52]),
        (1040, [1, 208, 416, 624, 832, 1040]),
    ],
)
def test_week_ticks_are_months_quarters_and_years(last: int, ticks: list[int]) -> None:
    assert week_ticks(1, last) == ticks
