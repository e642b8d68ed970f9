"""The steps of a day where departments have policies of their own: the same steps, a run of like people at a time.

What everybody shares (who may follow whom, what moderators do) is the same in all policies. Nothing here is called, or
compiled, unless a scenario changes something for some departments only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernel.compiled import step
from sim.model.state import N_POSTERS, N_READERS, Draws, Policy, World
from sim.model.steps.launching import send_messages, update_stance_of
from sim.model.steps.learning import learn_from_reading as learn_under_one
from sim.model.steps.posting import choose_posts
from sim.model.steps.reading import find_readers
from sim.model.steps.remembering import publish_posts, remember_day, remember_knowledge
from sim.model.steps.responding import respond_to_items
from sim.model.steps.talking import talk

if TYPE_CHECKING:
    from collections.abc import Sequence


@step
def end_of_people(track: np.ndarray, first: int) -> int:
    """Return the employee after the run of employees from `first` on for whom the same policy holds."""
    end = first + 1
    while end < len(track) and track[end] == track[first]:
        end += 1
    return end


@step
def end_of_readers(world: World, first: int) -> int:
    """Return the place after the run of readers from `first` on for whom the same policy holds."""
    track, readers = world.track, world.readers
    end = first + 1
    while end < world.counts[N_READERS] and track[readers[end]] == track[readers[first]]:
        end += 1
    return end


@step
def update_stances(world: World, policies: Sequence[Policy]) -> None:
    """Set everyone's reactance and skill, each under the own policy."""
    first = 0
    while first < world.people.n_rows:
        end = end_of_people(world.track, first)
        update_stance_of(world, policies[world.track[first]], first, end)
        first = end


@step
def launch(world: World, policies: Sequence[Policy], draws: Draws, day: int, row: int) -> None:
    """1. Launch, as in ``launching``."""
    first = 0
    while first < world.people.n_rows:
        end = end_of_people(world.track, first)
        send_messages(world, policies[world.track[first]], draws, day, row, first, end)
        first = end


@step
def decide_reading(world: World, policies: Sequence[Policy], draws: Draws, day: int, row: int) -> None:
    """2. Read?, as in ``reading``."""
    world.counts[N_READERS] = 0
    first = 0
    while first < world.people.n_rows:
        end = end_of_people(world.track, first)
        find_readers(world, policies[world.track[first]], draws, day, row, first, end)
        first = end


@step
def learn_from_reading(world: World, policies: Sequence[Policy], draws: Draws, day: int, row: int) -> None:
    """3. Learn from reading, as in ``learning``: what people find and learn hangs on what they share."""
    learn_under_one(world, policies[0], draws, day, row)


@step
def decide_posting(world: World, policies: Sequence[Policy], draws: Draws, day: int, row: int) -> None:
    """4. Post?, as in ``posting``."""
    world.counts[N_POSTERS] = 0
    first = 0
    while first < world.counts[N_READERS]:
        end = end_of_readers(world, first)
        choose_posts(world, policies[world.track[world.readers[first]]], draws, day, row, first, end)
        first = end


@step
def respond(world: World, policies: Sequence[Policy], draws: Draws, day: int, row: int) -> None:
    """5. Respond, as in ``responding``."""
    first = 0
    while first < world.counts[N_READERS]:
        end = end_of_readers(world, first)
        respond_to_items(world, policies[world.track[world.readers[first]]], draws, day, row, first, end)
        first = end


@step
def remember(world: World, policies: Sequence[Policy], day: int) -> None:
    """6. Remember, as in ``remembering``."""
    publish_posts(world, policies[0], day)
    remember_knowledge(world.knowledge, world.c)
    first = 0
    while first < world.people.n_rows:
        end = end_of_people(world.track, first)
        remember_day(world.people, policies[world.track[first]], world.c, day, first, end)
        first = end


@step
def run_days(world: World, policies: Sequence[Policy], draws: Draws, first_day: int, n_days: int) -> None:
    """Run `n_days` days of one week from `first_day` on; `draws` has a row for each."""
    for row in range(n_days):
        day = first_day + row
        launch(world, policies, draws, day, row)
        decide_reading(world, policies, draws, day, row)
        learn_from_reading(world, policies, draws, day, row)
        decide_posting(world, policies, draws, day, row)
        respond(world, policies, draws, day, row)
        talk(world, day)
        remember(world, policies, day)
