"""Knowledge and who knows what: the stock per topic, and the experts that people come to know."""

from __future__ import annotations

import numpy as np
import pytest
from engine_runs import contacts_of, make_values, post_at

from sim.model.simulation import Simulation
from sim.model.state import ANSWERS, N_POSTS, N_READERS

WORK, QUESTION = 0, 1
NEVER = -50.0


def topics_known(simulation: Simulation) -> list[set[int]]:
    """Return, for each employee, the topics of interest on which an expert is known."""
    known = simulation.table["knows"]
    interests = simulation.world.interests
    return [{int(interests[i, k]) for k in range(3) if known[i] >> k & 1} for i in range(simulation.n_employees)]


def expert_topics(simulation: Simulation, level: float) -> list[int]:
    """Return the topic on which each employee is an expert, -1 if none."""
    table = simulation.table
    return np.where(table["expertise"] >= level, table["expertise_topic"], -1).tolist()


@pytest.mark.parametrize("level", [0.0, 0.5, 0.9, 1.0])
def test_at_first_people_know_the_experts_among_their_contacts(level: float) -> None:
    simulation = Simulation(make_values(100, 1, {"expert_level": level}), 3)
    expert = expert_topics(simulation, level)
    for i, known in enumerate(topics_known(simulation)):
        around = {expert[i], *(expert[j] for j in contacts_of(simulation, i))}
        assert known == around & set(simulation.world.interests[i].tolist())


def test_reading_work_posts_shows_who_knows() -> None:
    values = make_values(100, 8, {"answer_base": NEVER, "expert_level": 0.7})
    simulation = Simulation(values, 3)
    expert, known = expert_topics(simulation, 0.7), topics_known(simulation)
    at_first = sum(map(len, known))
    budget = int(simulation.world.c.attention)
    while simulation.day < simulation.n_days:
        simulation.step()
        world = simulation.world
        for reader in range(int(world.counts[N_READERS])):
            i = int(world.readers[reader])
            codes = world.items[reader * budget : reader * budget + int(world.n_found[reader])]
            for post in (post_at(simulation, slot) for slot in (codes >> 1).tolist()):
                if post["kind"] == WORK and expert[post["author"]] in world.interests[i]:
                    known[i].add(expert[post["author"]])
        assert topics_known(simulation) == known
    assert sum(map(len, known)) > at_first + 20
    answered = [post_at(simulation, slot)["answered"] for slot in range(int(simulation.world.counts[N_POSTS]))]
    assert max(answered) < 0


def test_an_answer_shows_who_knows() -> None:
    # Nobody writes about work, and everyone who knows of a topic is an expert: only answers teach.
    behavior = {
        "post_base": NEVER,
        "answer_base": 2.0,
        "expert_level": 0.0,
        "post_question": -1.0 - NEVER,
        "post_mix": 0.0,
    }
    simulation = Simulation(make_values(60, 8, behavior, platform__communities=50), 3)
    before = topics_known(simulation)
    simulation.run()
    after = topics_known(simulation)
    taught = set()
    for number in range(int(simulation.world.counts[N_POSTS])):
        post = post_at(simulation, number % len(simulation.world.posts))
        if post["kind"] == QUESTION and post["answered"] >= 0:
            assert post["topic"] in after[post["author"]]
            taught.add((post["author"], post["topic"]))
    new = {(i, topic) for i in range(60) for topic in after[i] - before[i]}
    assert new
    assert new <= taught


def test_stock_of_knowledge() -> None:
    behavior = {"answer_base": NEVER, "knowledge_decay": 0.1, "knowledge_quality": 0.6}
    simulation = Simulation(make_values(80, 6, behavior, platform__communities=6), 3)
    table, expected = simulation.table, np.zeros(6)
    while simulation.day < simulation.n_days:
        first = int(simulation.world.counts[N_POSTS])
        simulation.step()
        for number in range(first, int(simulation.world.counts[N_POSTS])):
            post = post_at(simulation, number % len(simulation.world.posts))
            if post["kind"] == WORK:
                author = post["author"]
                is_own_field = table["expertise_topic"][author] == post["topic"]
                expected[post["topic"]] += 1.0 - 0.6 * (1.0 - table["expertise"][author] * is_own_field)
        expected *= 0.9
        np.testing.assert_allclose(simulation.world.knowledge, expected)
    assert expected.min() > 1.0


def test_answers_add_to_the_stock() -> None:
    questions = {"post_base": NEVER, "post_question": -2.0 - NEVER, "post_mix": 0.0}
    quiet = {**questions, "knowledge_decay": 0.0, "knowledge_quality": 0.0}
    without = Simulation(make_values(80, 6, {**quiet, "answer_base": NEVER}), 3)
    with_answers = Simulation(make_values(80, 6, {**quiet, "answer_base": 2.0}), 3)
    without.run()
    with_answers.run()
    assert (without.world.knowledge == 0.0).all()
    # Each answer of whatever quality counts as one item; a question can have several answers on one day.
    n_answers = with_answers.world.knowledge.sum()
    assert n_answers == pytest.approx(round(n_answers))
    assert n_answers >= with_answers.world.tally[:, ANSWERS].sum() > 10
