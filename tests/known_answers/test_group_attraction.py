"""Attraction to one's group (Fulk 1993, Academy of Management Journal 36): attitudes converge more within the group."""

from __future__ import annotations

import functools
import itertools
from typing import NamedTuple

import limiting_cases as limits
import numpy as np

from sim.model.simulation import Simulation

SEEDS = range(10)
COUNTS = ("frame_social", "frame_collaboration", "frame_broadcast")

# All look as often and have the same contacts; what they read moves only frames. So strength of attraction changes what
# is learned from items and, through that, what is posted; with `post_mix` 0 it changes nothing but the learning.
STAFF = {
    "read_base": 0.0,
    "post_base": -2.5,
    "post_social": 0.0,
    "post_question": limits.NEVER_CHOSEN,
    "frame_prior": 0.5,
    "frame_outside": 4.0,
    "attention": 10.0,
}
UNFRAMED = {"social": 0.5, "collaboration": 0.25, "broadcast": 0.25, "association": 0.0, "clarity": 0.0}


class Spread(NamedTuple):
    """How frames differ within teams, and how the means of teams differ: variances, summed over the meanings."""

    within: float
    between: float
    n_posts: int
    certainty: float  # mean sum of counts


def spread(simulation: Simulation) -> Spread:
    """Return how frames differ among employees who share a team with two others at least."""
    table = simulation.table
    counts = np.array([table[name] for name in COUNTS])
    shares, team = counts / counts.sum(axis=0), table["team"]
    size = np.bincount(team)
    means = np.array([np.bincount(team, share) / size for share in shares])[:, team]
    counted = size[team] >= 3
    return Spread(
        within=float(((shares - means)[:, counted] ** 2).sum(axis=0).mean()),
        between=float(means[:, counted].var(axis=1).sum()),
        n_posts=int(table["n_work_posts"].sum() + table["n_social_posts"].sum()),
        certainty=float(counts.sum(axis=0).mean()),
    )


@functools.cache
def spreads(attraction: float, learning: float = 0.05, post_mix: float = 0.0) -> list[Spread]:
    """Return the spread after 40 weeks, one for each seed."""
    behavior = {**STAFF, "group_attraction": attraction, "learning": learning, "post_mix": post_mix}
    values = limits.bare(
        200, 40, behavior, platform__feed_length=20, platform__communities=20, launch__framing=UNFRAMED
    )
    found = []
    for seed in SEEDS:
        simulation = Simulation(values, seed)
        simulation.run()
        found.append(spread(simulation))
    return found


def share_within(found: list[Spread]) -> np.ndarray:
    """Return the part of the variance that lies within teams."""
    return np.array([one.within / (one.within + one.between) for one in found])


def within(found: list[Spread]) -> np.ndarray:
    """Return the variance within teams."""
    return np.array([one.within for one in found])


def test_same_peers_same_items() -> None:
    levels = [spreads(attraction) for attraction in (0.0, 1.0, 4.0)]
    for weaker, stronger in itertools.pairwise(levels):
        assert [one.n_posts for one in weaker] == [one.n_posts for one in stronger]
        assert limits.interval(within(stronger) - within(weaker)).high < 0.0
        assert limits.interval(share_within(stronger) - share_within(weaker)).high < 0.0


def test_not_for_want_of_evidence() -> None:
    # Attraction adds evidence. With each item weighing less, so that people are less sure than without attraction, a
    # smaller part of all differences still lies within teams.
    plain = spreads(0.0)
    attracted = spreads(4.0, learning=0.016)
    surer = np.array([one.certainty for one in attracted]) - [one.certainty for one in plain]
    assert limits.interval(surer).high < 0.0
    assert limits.interval(share_within(attracted) - share_within(plain)).high < 0.0


def test_where_frames_show_in_posts() -> None:
    levels = [spreads(attraction, post_mix=4.0) for attraction in (0.0, 1.0, 4.0)]
    for weaker, stronger in itertools.pairwise(levels):
        assert limits.interval(within(stronger) - within(weaker)).high < 0.0
        assert limits.interval(share_within(stronger) - share_within(weaker)).high < 0.0
