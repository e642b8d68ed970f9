"""The frame is a Dirichlet belief: counts add up exactly, forgetting fades certainty and leaves the shares."""

from __future__ import annotations

from fractions import Fraction

import limiting_cases as limits
import numpy as np
import pytest

from sim.model.simulation import Simulation

FRAME = ("frame_social", "frame_collaboration", "frame_broadcast")
KINDS = {"work": "frame_collaboration", "question": "frame_collaboration", "social": "frame_social"}
WEIGHT = 0.0625  # a power of two, as are the first counts: floating point adds them without error
UNFRAMED = {"social": 0.5, "collaboration": 0.25, "broadcast": 0.25, "association": 0.0, "clarity": 0.0}


def counts(simulation: Simulation, employee: int) -> list[Fraction]:
    """Return the three counts of one frame, exactly."""
    return [Fraction(simulation.table[name][employee].item()) for name in FRAME]


def reading_only(kind: str, same_team: bool, **behavior: float) -> Simulation:
    """Return the engine where ten people post one thing a day of one `kind`, and an eleventh only reads."""
    inclination = np.full(11, limits.CERTAIN)
    inclination[10] = limits.NEVER_CHOSEN
    team = np.zeros(11, dtype=np.int64)
    team[10] = 0 if same_team else 1
    behavior = {
        "read_base": limits.CERTAIN,
        "post_inclination": 2.0 * limits.SHARP,
        "post_base": 0.0 if kind == "work" else -limits.SHARP,
        "post_question": limits.SHARP if kind == "question" else -limits.SHARP,
        "post_social": limits.SHARP if kind == "social" else -limits.SHARP,
        "learning": WEIGHT,
        "group_attraction": 0.0,
        "attention": 7.0,
        **behavior,
    }
    people = limits.equal_people(11, inclination=inclination, team=team)
    values = limits.bare(11, 20, behavior, platform__feed_length=40, launch__framing=UNFRAMED)
    return Simulation(values, 1, people, limits.everyone(11))


def read_for(simulation: Simulation, n_days: int) -> int:
    """Run for `n_days`, and return how many items the eleventh read."""
    n_items = 0
    for _ in range(n_days):
        simulation.step()
        n_items += int(simulation.table["n_items"][10])
    return n_items


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("same_team", "attraction", "weight"), [(False, 3.0, 1), (True, 0.0, 1), (True, 3.0, 4)])
def test_counts_after_reading(kind: str, same_team: bool, attraction: float, weight: int) -> None:
    simulation = reading_only(kind, same_team, group_attraction=attraction)
    before = counts(simulation, 10)
    n_items = read_for(simulation, 50)
    assert n_items == 7 * 49  # seven of the ten posts of each day before
    gained = n_items * weight * Fraction(WEIGHT)
    expected = [old + (gained if name == KINDS[kind] else 0) for name, old in zip(FRAME, before, strict=True)]
    assert counts(simulation, 10) == expected
    share = expected[FRAME.index(KINDS[kind])] / (sum(before) + gained)
    assert counts(simulation, 10)[FRAME.index(KINDS[kind])] / sum(counts(simulation, 10)) == share


def test_news_speaks_for_broadcast() -> None:
    behavior = {
        "read_base": limits.CERTAIN,
        "post_base": limits.NEVER_CHOSEN,
        "learning": WEIGHT,
        "attention": 5.0,
    }
    news = {"leadership__announcements": 10.0, "launch__framing": UNFRAMED}
    values = limits.bare(1, 8, {**behavior, "unread_decay": 0.0}, **news)
    simulation = Simulation(values, 1, limits.equal_people(1), limits.everyone(1))
    before = counts(simulation, 0)
    simulation.run(until_week=6)
    # Two news items a day, read the day after; those of the last day wait.
    gained = 2 * 29 * Fraction(WEIGHT)
    assert counts(simulation, 0) == [before[0], before[1], before[2] + gained]
    assert simulation.table["unread_news"][0] == 2.0


def test_forgetting_is_exact() -> None:
    simulation = reading_only("work", same_team=False, learning=0.0, forgetting=0.25, message_weight=8.0)
    before = [counts(simulation, employee) for employee in range(11)]
    for day in range(1, 13):
        simulation.step()
        for employee in range(11):
            assert counts(simulation, employee) == [count * Fraction(3, 4) ** day for count in before[employee]]


@pytest.mark.parametrize("forgetting", [0.002, 0.01, 0.1])
def test_forgetting_leaves_shares_and_shrinks_the_sum(forgetting: float) -> None:
    values = limits.scenario(60, 20, {**limits.OFF, "read_base": limits.CERTAIN, "forgetting": forgetting})
    simulation = Simulation(values, 3)
    before = np.array([simulation.table[name] for name in FRAME])
    simulation.run()
    after = np.array([simulation.table[name] for name in FRAME])
    np.testing.assert_allclose(after / after.sum(axis=0), before / before.sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(after.sum(axis=0), before.sum(axis=0) * (1.0 - forgetting) ** 100, rtol=1e-12)
