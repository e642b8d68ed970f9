"""The place of an employee in the table must not matter."""

from __future__ import annotations

import numpy as np

from sim.kernel.compiled import HAS_NUMBA
from sim.model.simulation import Simulation
from sim.scenario import load_scenario

BUSY = [
    "organization.employees=400",
    "run.weeks=12",
    "behavior.read_base=-0.5",
    "behavior.post_base=-1.5",
    "behavior.post_again=0",  # whoever writes twice on a day stands there twice
]


def test_posts_of_early_and_late_rows_are_seen_alike() -> None:
    """Where more is posted than read, being on top counts; rows must share it fairly."""
    scenario = load_scenario("baseline", BUSY).resolved()
    feedback, posted = np.zeros(400), np.zeros(400)
    for seed in range(6):
        simulation = Simulation(scenario, seed)
        simulation.run()
        table = simulation.table
        feedback += table["feedback"]
        posted += table["n_work_posts"] + table["n_questions"] + table["n_social_posts"] > 0
    early = feedback[:100].sum() / posted[:100].sum()
    late = feedback[300:].sum() / posted[300:].sum()
    assert 0.85 < late / early < 1.18


def test_a_random_poster_begins_the_day() -> None:
    """Posters are listed by row; whoever comes first in it must not always be published first, below all others."""
    scenario = load_scenario("baseline", BUSY).resolved()
    places = []
    for seed in range(4):
        simulation = Simulation(scenario, seed)
        simulation.run(until_week=4)
        world = simulation.world
        for day in range(20):
            first, end = world.first_post[day], world.first_post[day + 1]
            posts = [world.posts[number % len(world.posts)] for number in range(first, end)]
            authors = np.array([post["author"] if HAS_NUMBA else post.author for post in posts])
            if len(authors) >= 10:
                places.append((authors < authors[0]).mean())
                # the others follow in order, round the table
                assert (np.diff(np.roll(authors, -int(np.argmin(authors)))) > 0).all()
    assert len(places) > 40
    assert 0.35 < np.mean(places) < 0.65
