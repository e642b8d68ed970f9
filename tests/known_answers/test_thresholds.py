"""Thresholds (Granovetter 1978, Am. J. Sociology 83): join when enough others take part."""

from __future__ import annotations

import limiting_cases as limits
import numpy as np
import pytest
from scipy.stats import norm

from sim.model.simulation import Simulation

# Posting is certain as soon as the share of contacts who have posted outweighs the threshold, which enters as an
# inclination of minus that share; there is no chance, no leaving, and everyone looks every day.
JOIN_AT_THRESHOLD = {
    "read_base": limits.CERTAIN,
    "peers": limits.SHARP,
    "post_inclination": limits.SHARP,
    "perception": 1.0,
    "visible_days": 1e6,
}


def threshold_model(thresholds: np.ndarray, weeks: int = 104) -> Simulation:
    """Return the engine where each joins once at least `thresholds` others, float (N,), have; N know each other."""
    n = len(thresholds)
    # Half a person less breaks the tie of a share that equals the threshold.
    inclination = -(thresholds - 0.5) / (n - 1)
    people = limits.equal_people(n, inclination=inclination)
    return Simulation(limits.bare(n, weeks, JOIN_AT_THRESHOLD), 1, people, limits.everyone(n))


def test_dominoes_fall_one_a_day() -> None:
    simulation = threshold_model(np.arange(100.0))
    for day in range(100):
        simulation.step()
        assert (simulation.table["n_work_posts"] > 0).sum() == day + 1
    assert simulation.outcomes()["adoption"] == 1.0


def test_one_domino_taken_away_stops_all() -> None:
    thresholds = np.arange(100.0)
    thresholds[1] = 2.0
    simulation = threshold_model(thresholds)
    simulation.run()
    assert (simulation.table["n_work_posts"] > 0).sum() == 1
    assert simulation.outcomes()["adoption"] == 0.01


def test_order_of_employees_does_not_matter() -> None:
    thresholds = np.random.default_rng(1).permutation(100).astype(float)
    simulation = threshold_model(thresholds)
    assert limits.settle(simulation) == 1.0
    # Who joined on which day: number of posts so far is one for each day since.
    assert (simulation.table["n_work_posts"] == simulation.day - thresholds).all()


def normal_thresholds(sigma: float, n: int) -> np.ndarray:
    """Return the quantiles of normal thresholds with mean 0.25, as numbers of others."""
    return np.asarray(norm.ppf((np.arange(n) + 0.5) / n, loc=0.25, scale=sigma)) * n


# Solutions of r = F(r) for an infinite population; the critical spread is 0.1222.
FINAL_SHARES = {
    0.08: 0.0009, 0.10: 0.008, 0.12: 0.040, 0.122: 0.055, 0.123: 1.000, 0.4: 0.963, 0.5: 0.905, 0.8: 0.723
}  # fmt: skip


@pytest.mark.parametrize(("sigma", "share"), FINAL_SHARES.items())
def test_normal_thresholds(sigma: float, share: float) -> None:
    adopted = limits.settle(threshold_model(normal_thresholds(sigma, 2000)))
    assert adopted == pytest.approx(share, abs=0.002)


@pytest.mark.slow
@pytest.mark.parametrize("sigma", [0.10, 0.4, 0.8])
def test_normal_thresholds_drawn_at_random(sigma: float) -> None:
    shares = []
    for seed in range(5):
        drawn = np.random.default_rng(seed).normal(0.25, sigma, 2000)
        shares.append(limits.settle(threshold_model(drawn * 2000)))
    assert np.mean(shares) == pytest.approx(FINAL_SHARES[sigma], abs=0.02)
