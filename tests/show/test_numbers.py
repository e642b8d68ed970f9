"""Numbers as text, and ticks."""

from __future__ import annotations

import pytest

from sim.show.numbers import (
    decimal_text,
    difference_text,
    nice_step,
    share_text,
    tick_texts,
    tick_values,
    value_text,
    week_ticks,
)
from sim.show.words import ENGLISH


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0%"), (0.0004, "<0.1%"), (0.0631, "6.3%"), (0.0999, "10%"), (0.634, "63%"), (1.0, "100%")],
)
def test_shares_are_percentages(share: float, text: str) -> None:
    assert share_text(share, ENGLISH) == text


def test_signs_and_the_decimal_sign_of_a_language() -> None:
    assert decimal_text(-0.04, 1, ENGLISH) == "0.0"
    assert decimal_text(-1.25, 1, ENGLISH) == "−1.2"
    assert decimal_text(1.5, 1, {"decimal_sign": ","}, signed=True) == "+1,5"


def test_differences_of_shares_are_points_and_others_keep_their_unit() -> None:
    assert difference_text("monthly_posters", 0.061, ENGLISH, signed=True) == "+6.1"
    assert difference_text("age_gap", -0.02, ENGLISH) == "−2.0"
    assert difference_text("days_to_answer", 1.234, ENGLISH) == "1.23"
    assert difference_text("weeks_to_critical_mass", 12.34, ENGLISH) == "12.3"
    assert value_text("gini", 0.876, ENGLISH) == "0.88"
    assert value_text("age_gap", 0.05, ENGLISH) == "+5.0"


@pytest.mark.parametrize("span", [1e-4, 0.02, 0.37, 1.02, 7.3, 4e4])
@pytest.mark.parametrize("n_steps", [3, 4, 6])
def test_steps_are_round_and_few(span: float, n_steps: int) -> None:
    step = nice_step(span, n_steps)
    assert span / step <= n_steps * (1 + 1e-9)
    assert float(f"{step:e}".split("e")[0]) in (1.0, 2.0, 2.5, 5.0)
    assert len(tick_values(0, span, n_steps)) >= 2


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
