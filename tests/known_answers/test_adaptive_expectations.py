"""Adaptive expectations: with a constant signal the error shrinks by 1 - weight a step, exactly."""

from __future__ import annotations

from fractions import Fraction

import limiting_cases as limits
import numpy as np
import pytest

from sim.model.rules.numbers import approach
from sim.model.simulation import Simulation


@pytest.mark.parametrize("weight", [0.25, 0.5, 0.75, 1.0])
@pytest.mark.parametrize(("start", "signal"), [(0.0, 1.0), (1.0, 0.0), (0.25, 0.75)])
def test_rule_is_exact(weight: float, start: float, signal: float) -> None:
    # These numbers are sums of few powers of two, so that floating point itself makes no error for 24 steps.
    expectation = start
    for step in range(1, 25):
        expectation = approach(expectation, signal, weight)
        error = (1 - Fraction(weight)) ** step * (Fraction(signal) - Fraction(start))
        assert Fraction(signal) - Fraction(expectation) == error


@pytest.mark.parametrize("weight", [0.05, 0.2, 0.3])
def test_rule_for_any_weight(weight: float) -> None:
    expectation = 0.1
    for step in range(1, 200):
        expectation = approach(expectation, 0.7, weight)
        assert 0.7 - expectation == pytest.approx((1.0 - weight) ** step * 0.6, rel=1e-9, abs=1e-15)


def looking_on(n_active: int, n_employees: int, perception: float) -> Simulation:
    """Return the engine where `n_active` post on the first day, nobody else ever does, and all look every day."""
    inclination = np.full(n_employees, limits.NEVER_CHOSEN)
    inclination[:n_active] = limits.CERTAIN
    behavior = {
        "read_base": limits.CERTAIN,
        "post_inclination": 1.0,
        "perception": perception,
        "habit_weight": perception,
        "visible_days": 1e6,
    }
    people = limits.equal_people(n_employees, inclination=inclination)
    return Simulation(limits.bare(n_employees, 20, behavior), 1, people, limits.everyone(n_employees))


def test_perceived_activity_of_contacts_is_exact() -> None:
    simulation = looking_on(n_active=10, n_employees=11, perception=0.25)
    simulation.step()  # the posts of the first day are seen from the second on
    for step in range(1, 25):
        simulation.step()
        perceived = Fraction(simulation.table["contact_activity"][10].item())
        assert 1 - perceived == Fraction(3, 4) ** step


@pytest.mark.parametrize("perception", [0.05, 0.2, 1.0])
@pytest.mark.parametrize("n_active", [1, 7, 20])
def test_perceived_activity_of_contacts(perception: float, n_active: int) -> None:
    simulation = looking_on(n_active, n_employees=21, perception=perception)
    simulation.step()
    for step in range(1, 60):
        simulation.step()
        expected = n_active / 20 * (1.0 - (1.0 - perception) ** step)
        assert simulation.table["contact_activity"][20] == pytest.approx(expected, rel=1e-12)


def test_habit_of_daily_readers_is_exact() -> None:
    simulation = looking_on(n_active=0, n_employees=3, perception=0.25)
    for step in range(1, 25):
        simulation.step()
        for habit in simulation.table["habit"].tolist():
            assert 1 - Fraction(habit) == Fraction(3, 4) ** step
