"""Open following and contact requests: who counts as active, who gets posts, who can be found."""

from __future__ import annotations

import numpy as np
import pytest
from engine_runs import accepted_of, contacts_of, make_values, post_at

from sim.model.simulation import Simulation
from sim.model.state import N_LINKS, N_POSTS, N_READERS

SWITCHING = [
    {"week": 2, "set": {"platform.following": "approval"}},
    {"week": 4, "set": {"platform.following": "open", "rules.guidance": 0.9}},
    {"week": 6, "set": {"platform.following": "approval"}},
]


def counted_anew(simulation: Simulation, is_open: bool, visible_days: float) -> np.ndarray:
    """Return how many contacts of each employee posted lately, contact by contact."""
    is_active = simulation.day - simulation.table["last_post"] < visible_days
    counts = []
    for i in range(simulation.n_employees):
        reached = contacts_of(simulation, i)
        if not is_open:
            reached = reached[accepted_of(simulation, i)]
        counts.append(int(is_active[reached].sum()))
    return np.array(counts)


@pytest.mark.parametrize("visible_days", [2.0, 3.0, 7.5, 20.0])
@pytest.mark.parametrize("start", ["open", "approval"])
def test_active_contacts_equal_a_recount(visible_days: float, start: str) -> None:
    values = make_values(80, 8, {"visible_days": visible_days}, platform__following=start, changes=SWITCHING)
    simulation = Simulation(values, 3)
    seen = []
    while simulation.day < simulation.n_days:
        is_open = simulation.policies[simulation.week].is_open > 0.5
        simulation.step()
        # At the end of the day: what everyone will see tomorrow.
        expected = counted_anew(simulation, is_open, visible_days)
        np.testing.assert_array_equal(simulation.table["n_active_contacts"], expected)
        is_active = simulation.day - simulation.table["last_post"] < visible_days
        np.testing.assert_array_equal(simulation.table["visible"] == 1, is_active)
        seen.append(expected.mean())
    assert min(seen) < max(seen)


def test_a_change_of_following_counts_before_anybody_decides() -> None:
    # With requests nearly all turned down, the first morning after the change shows fewer active contacts.
    changes = [{"week": 3, "set": {"platform.following": "approval"}}]
    simulation = Simulation(make_values(100, 5, {"acceptance": 0.1}, changes=changes), 3)
    simulation.run(until_week=3)
    before = simulation.table["n_active_contacts"].copy()
    simulation.begin_day()
    after = simulation.table["n_active_contacts"]
    assert (after <= before).all()
    assert after.sum() < 0.3 * before.sum()
    np.testing.assert_array_equal(after, counted_anew(simulation, is_open=False, visible_days=20.0))


def test_requests_are_mutual_and_as_likely_as_the_rule_says() -> None:
    values = make_values(400, 1, platform__following="approval")
    simulation = Simulation(values, 3)
    accepted = {
        (i, int(j)): bool(yes)
        for i in range(400)
        for j, yes in zip(contacts_of(simulation, i), accepted_of(simulation, i), strict=True)
    }
    assert all(accepted[j, i] == yes for (i, j), yes in accepted.items())
    table = simulation.table
    own = 0.8 * (1.0 - 0.5 * (1.0 - table["trust"])) * (1.0 - 0.5 * table["segmentation"])
    expected = np.mean([(own[i] + own[j]) / 2.0 for i, j in accepted])
    assert np.mean(list(accepted.values())) == pytest.approx(expected, abs=0.04)


@pytest.mark.parametrize("following", ["open", "approval"])
def test_posts_reach_contacts_and_followers(following: str) -> None:
    # Long feeds and no reading: everything delivered stays there.
    busy = {"follow_limit": 5.0, "read_base": 1.0, "post_base": -1.0, "unawareness": 0.0}
    values = make_values(60, 3, busy, platform__following=following, platform__feed_length=200)
    simulation = Simulation(values, 2)
    simulation.run(until_week=2)
    world, table = simulation.world, simulation.table
    before, first = table["feed_count"].copy(), int(world.counts[N_POSTS])
    followed = [set(world.followed[i, : table["n_followed"][i]].tolist()) for i in range(60)]
    simulation.step()
    new = range(first, int(world.counts[N_POSTS]))
    assert len(new) > 5
    read = table["last_read"] == 10
    for i in range(60):
        contacts = contacts_of(simulation, i)
        if following == "approval":
            contacts = contacts[accepted_of(simulation, i)]
        sources = set(contacts.tolist()) | set(world.followed[i, : table["n_followed"][i]].tolist())
        expected = [number for number in new if post_at(simulation, number % len(world.posts))["author"] in sources]
        waiting = [
            int(world.feed[i, (table["feed_top"][i] - 1 - place) % 200]) for place in range(table["feed_count"][i])
        ]
        assert waiting[: len(expected)] == expected[::-1]
        if not read[i]:
            assert table["feed_count"][i] == before[i] + len(expected)
    assert any(followed)


def test_links_of_followers() -> None:
    simulation = Simulation(make_values(120, 8, {"follow_limit": 4.0}), 2)
    simulation.run()
    world, table = simulation.world, simulation.table
    n_links = int(world.counts[N_LINKS])
    assert n_links == table["n_followed"].sum()
    assert n_links > 100
    assert table["n_followed"].max() == 4
    following = {(i, int(j)) for i in range(120) for j in world.followed[i, : table["n_followed"][i]]}
    assert len(following) == n_links  # nobody twice
    listed = set()
    for j in range(120):
        link = int(table["first_follower"][j])
        while link >= 0:
            listed.add((int(world.follower[link]), j))
            link = int(world.next_follower[link])
    assert listed == following
    for i, j in following:
        assert i != j
        assert j not in contacts_of(simulation, i)


@pytest.mark.parametrize("feed_length", [2, 20])
def test_nobody_reads_an_own_post_or_one_too_old(feed_length: int) -> None:
    values = make_values(
        60, 8, {"item_lifetime": 4.0, "attention": 15.0}, platform__communities=2, platform__feed_length=feed_length
    )
    simulation = Simulation(values, 2)
    n_seen = 0
    while simulation.day < simulation.n_days:
        simulation.step()
        world, day = simulation.world, simulation.day - 1
        for reader in range(int(world.counts[N_READERS])):
            i = int(world.readers[reader])
            codes = world.items[reader * 15 : reader * 15 + int(world.n_found[reader])]
            items = [post_at(simulation, slot) for slot in (codes >> 1).tolist()]
            assert all(item["author"] != i for item in items)
            assert all(day - 4 <= item["day"] < day for item in items)
            assert len(set((codes >> 1).tolist())) == len(codes)  # nothing twice on one day
            assert (codes % 2 == 0).sum() <= feed_length  # what came through the feed
            n_seen += len(codes)
        assert simulation.table["feed_count"].max() <= feed_length
    assert n_seen > 500


def test_attention_is_for_posts_first_then_for_news() -> None:
    values = make_values(60, 6, {"attention": 6.0, "unread_decay": 0.0}, leadership__announcements=12.0)
    simulation = Simulation(values, 2)
    n_limited = 0
    while simulation.day < simulation.n_days:
        unread = simulation.table["unread_news"].copy()
        simulation.step()
        world, table = simulation.world, simulation.table
        for reader in range(int(world.counts[N_READERS])):
            i, n_found = int(world.readers[reader]), int(world.n_found[reader])
            n_news = min(unread[i], 6.0 - n_found)
            assert table["n_items"][i] == pytest.approx(n_found + n_news)
            assert table["unread_news"][i] == pytest.approx(unread[i] - n_news + 12.0 / 5.0)
            n_limited += unread[i] > n_news
    assert n_limited > 20
