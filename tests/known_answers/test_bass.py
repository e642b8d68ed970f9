"""The Bass limit (Bass 1969, Management Science 15): innovation, imitation and complete mixing."""

from __future__ import annotations

import limiting_cases as limits
import numpy as np
import pytest

from sim.model.simulation import Simulation
from sim.model.state import DAYS_PER_WEEK

pytestmark = pytest.mark.slow

N_EMPLOYEES = 5000
INNOVATION, IMITATION = 0.03, 0.38  # per period
DAYS_A_PERIOD = 50
WEEKS_A_PERIOD = DAYS_A_PERIOD // DAYS_PER_WEEK
N_PERIODS = 13
SEEDS = range(6)

# Nobody looks of their own accord; a campaign message makes its receiver look for certain (innovation), word of mouth
# does so the more contacts have posted (imitation), and whoever looks posts.
PROMPTED_ONLY = {
    "read_base": limits.NEVER_CHOSEN,
    "post_base": limits.CERTAIN,
    "campaign_prompt": 1.0,
    "word_of_mouth": IMITATION / DAYS_A_PERIOD,
    "visible_days": 1e6,
}


def closed_form(period: np.ndarray) -> np.ndarray:
    """Return the share of adopters F at each `period`."""
    decay = np.exp(-(INNOVATION + IMITATION) * period)
    return (1.0 - decay) / (1.0 + IMITATION / INNOVATION * decay)


@pytest.fixture(scope="module")
def adoption() -> np.ndarray:
    """Return the mean share of adopters after each week, from 0 on."""
    weeks = N_PERIODS * WEEKS_A_PERIOD
    values = limits.bare(
        N_EMPLOYEES,
        weeks,
        PROMPTED_ONLY,
        launch__campaign={"weeks": weeks, "reach": INNOVATION / WEEKS_A_PERIOD},
    )
    people, contacts = limits.equal_people(N_EMPLOYEES), limits.everyone(N_EMPLOYEES)
    curves = []
    for seed in SEEDS:
        simulation = Simulation(values, seed, people, contacts)
        simulation.run()
        curves.append(simulation.series["adoption"])
    return np.concatenate(([0.0], np.mean(curves, axis=0)))


def peak(adoption: np.ndarray) -> tuple[float, float, float]:
    """Return time [periods], rate [share per period] and share of adopters at the peak of new adopters.

    From a polynomial through the weeks around it, which smooths the luck of single weeks.
    """
    period = np.arange(len(adoption)) / WEEKS_A_PERIOD
    near = (period > 3.5) & (period < 9.0)
    curve = np.polynomial.Polynomial.fit(period[near], adoption[near], 5)
    rate = curve.deriv()
    fine = np.linspace(4.0, 8.5, 4501)
    at = float(fine[np.argmax(rate(fine))])
    return at, float(rate(at)), float(curve(at))


def test_the_measuring_of_the_peak() -> None:
    exact = closed_form(np.arange(N_PERIODS * WEEKS_A_PERIOD + 1) / WEEKS_A_PERIOD)
    assert peak(exact) == pytest.approx((6.19, 0.1106, 0.461), rel=0.005)


def test_peak_of_new_adopters(adoption: np.ndarray) -> None:
    at, rate, share = peak(adoption)
    assert at == pytest.approx(6.19, rel=0.03)
    assert rate == pytest.approx(0.1106, rel=0.03)
    assert share == pytest.approx(0.461, rel=0.03)


def test_whole_course(adoption: np.ndarray) -> None:
    period = np.arange(len(adoption)) / WEEKS_A_PERIOD
    assert np.abs(adoption - closed_form(period)).max() < 0.01
