"""Communities: what is found there, and what moderators keep out."""

from __future__ import annotations

import pytest
from engine_runs import accepted_of, contacts_of, make_values, post_at

from sim.model.simulation import Simulation
from sim.model.state import N_POSTS, N_READERS

SOCIAL = 2


def test_moderators_keep_leisure_talk_out_of_communities() -> None:
    simulation = Simulation(make_values(80, 6, rules__moderation=True), 3)
    simulation.run()
    world = simulation.world
    posts = [post_at(simulation, number) for number in range(int(world.counts[N_POSTS]))]
    n_social = sum(post["kind"] == SOCIAL for post in posts)
    assert n_social > 20
    assert world.n_wall.sum() == len(posts) - n_social
    for topic in range(len(world.n_wall)):
        for number in world.wall[topic, : int(world.n_wall[topic])].tolist():
            assert posts[number]["kind"] != SOCIAL
            assert posts[number]["topic"] == topic


def test_without_moderation_every_post_is_on_its_wall() -> None:
    simulation = Simulation(make_values(60, 4, platform__feed_length=200), 3)
    simulation.run()
    world = simulation.world
    on_walls = [number for topic in range(20) for number in world.wall[topic, : int(world.n_wall[topic])].tolist()]
    assert sorted(on_walls) == list(range(int(world.counts[N_POSTS])))


@pytest.mark.parametrize("following", ["open", "approval"])
def test_communities_show_posts_of_people_one_does_not_follow(following: str) -> None:
    simulation = Simulation(make_values(60, 6, platform__following=following, platform__communities=4), 3)
    budget, n_met = int(simulation.world.c.attention), 0
    followed = [set() for _ in range(60)]
    while simulation.day < simulation.n_days:
        simulation.step()
        world, table = simulation.world, simulation.table
        for reader in range(int(world.counts[N_READERS])):
            i = int(world.readers[reader])
            contacts = contacts_of(simulation, i)
            if following == "approval":
                contacts = contacts[accepted_of(simulation, i)]
            known = set(contacts.tolist()) | followed[i]
            for code in world.items[reader * budget : reader * budget + int(world.n_found[reader])].tolist():
                post = post_at(simulation, code >> 1)
                if code & 1:
                    n_met += 1
                    assert post["author"] not in known
                    assert post["topic"] in world.interests[i]
                else:
                    assert post["author"] in known
        followed = [set(world.followed[i, : table["n_followed"][i]].tolist()) for i in range(60)]
    assert n_met > 100


def test_discovery_needs_a_chance() -> None:
    simulation = Simulation(make_values(60, 4, {"follow": 0.0}), 3)
    simulation.run()
    assert simulation.table["n_followed"].sum() == 0
    curious = Simulation(make_values(60, 4, {"follow": 1.0}), 3)
    curious.run()
    assert curious.table["n_followed"].sum() > 100
