"""Conditions are read as they are typed, and mistakes are pointed at."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.analysis.discovery.cases import Condition, parse_condition
from sim.errors import InputError


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("monthly_posters < 0.1", Condition("monthly_posters", "<", 0.1)),
        ("monthly_posters<=10%", Condition("monthly_posters", "<=", 0.1)),
        ("  peak_week >  12 ", Condition("peak_week", ">", 12.0)),
        ("age_gap >= -0.05", Condition("age_gap", ">=", -0.05)),
        ("age_gap >= −5%", Condition("age_gap", ">=", -0.05)),
        ("posts_per_employee_month > 1.5e0", Condition("posts_per_employee_month", ">", 1.5)),
    ],
)
def test_conditions_are_read(text: str, meant: Condition) -> None:
    assert parse_condition(text) == meant


@pytest.mark.parametrize(
    ("text", "marked", "words"),
    [
        ("montly_posters < 0.1", "montly_posters", "did you mean monthly_posters?"),
        ("monthly_posters = 0.1", "=", "must be one of <=, >=, <, >"),
        ("monthly_posters =< 0.1", "=<", "not '=<'"),
        ("monthly_posters < 0,1", "0,1", "write 0.1, with a point"),
        ("monthly_posters < ten", "ten", "here must be a number"),
        ("monthly_posters < 0.1 and alive > 0", "0.1 and alive > 0", "one condition at a time"),
        ("monthly_posters < nan", "nan", "here must be a number"),
        ("monthly_posters < 1e999", "1e999", "too large"),
        ("monthly_posters 0.1", "0", "must be one of"),
        ("< 0.1", "< 0.1", "begin with the name of an outcome"),
        ("", "", "begin with the name of an outcome"),
        ("monthly_posters <", "", "here must be a number"),
    ],
)
def test_mistakes_are_pointed_at(text: str, marked: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_condition(text)
    _, shown, mark = caught.value.lines
    assert words in mark
    place = mark.index("^")
    assert shown[place : place + mark.count("^")].startswith(marked)


def test_an_outcome_that_was_not_kept_is_told_apart_from_an_unknown_one() -> None:
    with pytest.raises(InputError, match="the experiment kept alive"):
        parse_condition("gini > 0.5", ["alive"])


@pytest.mark.parametrize(("operator", "expected"), [("<", 1), ("<=", 2), (">", 1), (">=", 2)])
def test_conditions_hold_and_missing_values_never_do(operator: str, expected: int) -> None:
    holds = Condition("alive", operator, 0.5).holds(np.array([0.25, 0.5, 0.75, math.nan]))
    assert holds.sum() == expected
    assert not holds[3]
