"""Critical mass (Markus 1987, Communication Research 14; Oliver & Marwell 1985, Am. J. Sociology 91)."""

from __future__ import annotations

import functools

import limiting_cases as limits
import numpy as np
import pytest

from sim.model.simulation import simulate

SEEDS = range(12)
ON_THE_PLATFORM = {"platform__feed_length": 20, "platform__communities": 20}

# An interactive medium: it is worth as much as others use it. A campaign of six weeks brings the first users.
INTERACTIVE_MEDIUM = {
    "read_base": -5.0,
    "peers": 9.0,
    "read_habit": 2.0,
    "habit_weight": 0.05,
    "perception": 0.3,
    "visible_days": 20.0,
    "post_base": -1.8,
    "post_question": limits.NEVER_CHOSEN,
    "campaign_prompt": 1.0,
    "attention": 10.0,
}


@functools.cache
def weekly_readers(reach: float) -> np.ndarray:
    """Return weekly readers, float64 (seeds, weeks), after a campaign that reaches a share of staff each week."""
    campaign = {"weeks": 6, "reach": reach}
    values = limits.bare(200, 52, INTERACTIVE_MEDIUM, launch__campaign=campaign, **ON_THE_PLATFORM)
    return np.array([simulate(values, seed).series["weekly_readers"] for seed in SEEDS])


@pytest.mark.parametrize("reach", [0.1, 0.2])
def test_below_critical_mass_use_rises_then_falls(reach: float) -> None:
    use = weekly_readers(reach)
    first, peak, last = use[:, 0], use[:, :8].max(axis=1), use[:, -4:].mean(axis=1)
    if reach > 0.1:
        assert limits.interval(peak - first).low > 0.0
    assert limits.interval(last - peak / 2.0).high < 0.0
    assert last.max() < 0.15


@pytest.mark.parametrize("reach", [0.6, 0.8])
def test_above_critical_mass_use_is_near_universal(reach: float) -> None:
    use = weekly_readers(reach)
    assert limits.interval(use[:, -4:].mean(axis=1)).low > 0.95
    assert limits.interval(use[:, -4:].mean(axis=1) - use[:, 5]).low > 0.0


# Everyone looks every day, and posting depends on own interest and on how many contacts post, with increasing or
# decreasing returns. An incentive (appraisal) that ends after eight weeks sets the starting point.
CONTRIBUTING = {
    "read_base": limits.CERTAIN,
    "perception": 0.5,
    "visible_days": 5.0,
    "post_question": limits.NEVER_CHOSEN,
    "post_appraisal": 6.0,
    "post_inclination": 1.0,
    "attention": 1.0,
}
INCREASING, DECREASING = 3.0, 0.5
INTERESTS = np.linspace(-5.0, -2.5, 11)
STARTS = np.linspace(0.0, 0.8, 5)


@functools.cache
def contributors(exponent: float, weight: float, seed: int) -> np.ndarray:
    """Return the final share of weekly posters, float64 (interests, starts); all with the same luck."""
    shares = np.empty((len(INTERESTS), len(STARTS)))
    for row, interest in enumerate(INTERESTS):
        for column, start in enumerate(STARTS):
            peers = {"peer_exponent": exponent, "peers": weight, "post_base": float(interest)}
            ends = [{"week": 8, "set": {"leadership.appraisal": 0.0}}]
            values = limits.bare(120, 24, {**CONTRIBUTING, **peers}, leadership__appraisal=float(start), changes=ends)
            shares[row, column] = simulate(values, seed).series["weekly_posters"][-4:].mean()
    return shares


def effect_of_start(shares: np.ndarray) -> float:
    """Return how much the start alone matters at most, for one and the same interest."""
    return float((shares.max(axis=1) - shares.min(axis=1)).max())


@pytest.mark.parametrize("seed", [1, 2, 3])
class TestReturns:
    """Increasing returns make two humps, decreasing returns a graded response."""

    def test_increasing_returns_are_two_humped(self, seed: int) -> None:
        shares = contributors(INCREASING, 5.0, seed)
        assert ((shares > 0.4) & (shares < 0.7)).mean() < 0.12
        assert (shares < 0.4).mean() > 0.2
        assert (shares > 0.7).mean() > 0.2
        assert effect_of_start(shares) > 0.4

    def test_decreasing_returns_are_graded(self, seed: int) -> None:
        shares = contributors(DECREASING, 3.0, seed)
        assert ((shares > 0.4) & (shares < 0.7)).mean() > 0.15
        by_interest = np.diff(shares.mean(axis=1))
        assert by_interest.min() > -0.02
        assert by_interest.max() < 0.2
        assert effect_of_start(shares) < 0.05

    def test_shape_alone_makes_the_difference(self, seed: int) -> None:
        # Same weight of peers, same interests, same starts.
        assert effect_of_start(contributors(INCREASING, 5.0, seed)) > 0.4
        assert effect_of_start(contributors(DECREASING, 5.0, seed)) < 0.05
