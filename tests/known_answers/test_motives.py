"""Connective and communal motives (Foote, Treem, van den Hooff & Honcoop 2024, Human Communication Research 50).

A mixture of motives is adopted at least as much as either alone, and faster decay of information lowers adoption.

The two weights of the engine are no common currency: the connective pull is the weight times the share of contacts who
posted lately, on reading and on posting; the communal one is the weight times the collaboration share of the frame
times what visits have brought, half of all at five items. So "either alone" is looked at in three ways: motives equally
strong by what each alone brings about; motives present or absent; equal numbers as weights.
"""

from __future__ import annotations

import functools
import itertools

import limiting_cases as limits
import numpy as np
import pytest

from sim.model.simulation import simulate

pytestmark = pytest.mark.slow

SEEDS = range(24)
STAFF = {
    "read_base": -4.0,
    "read_habit": 2.5,
    "habit_weight": 0.05,
    "expectation": 0.3,
    "value_half": 5.0,
    "perception": 0.2,
    "visible_days": 20.0,
    "post_base": -3.0,
    "post_question": limits.NEVER_CHOSEN,
    "post_inclination": 1.5,
    "campaign_prompt": 0.3,
    "learning": 0.05,
    "attention": 10.0,
    "item_lifetime": 10.0,
    "unread_decay": 0.2,
    "worth_learning": 0.2,
    "knowledge_decay": 0.02,
    "knowledge_quality": 0.5,
}
SETTINGS = {
    "launch__framing": {"social": 0.3, "collaboration": 0.4, "broadcast": 0.3, "association": 0.3, "clarity": 0.4},
    "launch__campaign": {"weeks": 6, "reach": 0.4},
    "platform__feed_length": 20,
    "platform__communities": 20,
}


@functools.cache
def outcomes(connective: float, communal: float, knowledge_decay: float) -> list[dict[str, float]]:
    """Return the outcomes of a run for each seed, for the weights of both motives."""
    motives = {"peers": connective, "worth": communal, "knowledge_decay": knowledge_decay}
    values = limits.bare(200, 52, {**STAFF, **motives}, **SETTINGS)
    return [simulate(values, seed).outcomes for seed in SEEDS]


def outcome(name: str, connective: float, communal: float, knowledge_decay: float = 0.02) -> np.ndarray:
    """Return one outcome, float64 (seeds,)."""
    return np.array([run[name] for run in outcomes(connective, communal, knowledge_decay)])


OUTCOMES = ["weekly_readers", "monthly_readers", "adoption"]


def test_mixture_of_equally_strong_motives() -> None:
    # Weights at which each alone brings about the same use, near the critical mass; the mixture has half of each.
    alone = outcome("weekly_readers", 12.0, 0.0).mean(), outcome("weekly_readers", 0.0, 6.0).mean()
    assert alone[0] == pytest.approx(alone[1], abs=0.05)
    for name in OUTCOMES:
        mixture = outcome(name, 12.0 / 2, 6.0 / 2)
        assert limits.interval(mixture - outcome(name, 12.0, 0.0)).low > 0.0
        assert limits.interval(mixture - outcome(name, 0.0, 6.0)).low > 0.0


@pytest.mark.parametrize("name", OUTCOMES)
@pytest.mark.parametrize("weight", [2.0, 4.0])
def test_both_motives_against_either(name: str, weight: float) -> None:
    both = outcome(name, weight, weight)
    assert limits.interval(both - outcome(name, weight, 0.0)).low > 0.0
    assert limits.interval(both - outcome(name, 0.0, weight)).low > 0.0


@pytest.mark.parametrize("name", OUTCOMES)
def test_equal_weights(name: str) -> None:
    # With equal numbers the mixture beats the connective motive alone, not the communal one: that weight counts for
    # more, because its value is half expected beforehand and soon reached, while few contacts ever post.
    mixture = outcome(name, 2.0, 2.0)
    assert limits.interval(mixture - outcome(name, 4.0, 0.0)).low > 0.0
    assert limits.interval(mixture - outcome(name, 0.0, 4.0)).high < 0.0


@pytest.mark.parametrize("name", [*OUTCOMES, "monthly_posters"])
def test_faster_decay_of_information(name: str) -> None:
    adopted = [outcome(name, 3.0, 4.0, decay) for decay in (0.005, 0.02, 0.05, 0.1)]
    for slower, faster in itertools.pairwise(adopted):
        assert limits.interval(faster - slower).high < 0.0
