"""One working day, in order, over the whole organization; compiled.

`one_day` is the order of a day and nothing else; the steps are in ``sim.steps``, the rules in ``sim.behavior``.
`run_days` does the same for the days of a week in fewer passes over the employees.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import compiled
from sim.state import N_READERS, N_TOUCHED, Draws, World
from sim.steps.inputs import knowledge_of
from sim.steps.launching import is_message_day, launch, receive_message
from sim.steps.learning import find_items, learn_from_items, learn_from_reading
from sim.steps.posting import decide_posting
from sim.steps.reading import decide_reading, wants_to_read
from sim.steps.remembering import publish_posts, remember, remember_day, remember_knowledge
from sim.steps.responding import respond


@compiled
def one_day(world: World, policy: Any, draws: Draws, day: int, row: int) -> None:
    """Run one working day; `row` is the row of the day in `draws`."""
    launch(world, policy, draws, day, row)
    decide_reading(world, policy, draws, day, row)
    learn_from_reading(world, policy, draws, day, row)
    decide_posting(world, policy, draws, day, row)
    respond(world, policy, draws, day, row)
    remember(world, policy, day)


CACHE_LINE = 64  # bytes


TOGETHER = 2048  # employees dealt with at a time, so that what is known of them stays in the processor's cache


@compiled
def sleep_and_decide(
    world: World, policy: Any, draws: Draws, day: int, row: int, had_day_before: bool, first: int, end: int
) -> None:
    """Let some employees remember the day before, hear the launch and decide whether to read, in one pass."""
    people, c, readers = world.people, world.c, world.readers
    knowledge, interests = world.knowledge, world.interests
    has_message, messages, luck = is_message_day(policy, day), draws.campaign, draws.read
    n_readers = world.counts[N_READERS]
    for i in range(first, end):
        person = people[i]
        if person.access_day > day:
            continue
        if had_day_before and person.access_day < day:
            remember_day(person, policy, c, day - 1)
        if has_message:
            receive_message(person, policy, c, messages[row, i], day)
        if wants_to_read(person, knowledge_of(knowledge, interests, i), policy, c, luck[row, i]):
            readers[n_readers] = i
            n_readers += 1
    world.counts[N_READERS] = n_readers


@compiled
def fetch_ahead(world: World, first_reader: int, end_reader: int) -> None:
    """Touch what some readers will need, so that memory answers many requests in the time of one.

    It changes nothing: the sum is only kept so that the compiler does not leave the reading out. It saves a sixth of
    the time of a run of 100,000 employees.
    """
    people, readers, offsets, neighbors = world.people, world.readers, world.offsets, world.neighbors
    feed, followed = world.feed, world.followed
    step = CACHE_LINE // 4
    touched = 0
    for reader in range(first_reader, end_reader):
        i = readers[reader]
        person = people[i]
        touched += person.n_followed + person.feed_top
        for e in range(offsets[i], offsets[i + 1], step):
            touched += neighbors[e]
        if feed.shape[1] > 0:
            touched += feed[i, 0] + feed[i, feed.shape[1] - 1]
        if followed.shape[1] > 0:
            touched += followed[i, 0]
    world.counts[N_TOUCHED] = touched


@compiled
def start_day(world: World, policy: Any, draws: Draws, day: int, row: int, had_day_before: bool) -> None:
    """Run the steps in which nobody looks at anybody else, for some employees at a time.

    The same as the last part of `remember` for the day before (if it is still to be done), then `launch`,
    `decide_reading` and `learn_from_reading`, but every employee's state is fetched once instead of four times.
    """
    world.counts[N_READERS] = 0
    n_people = len(world.people)
    for first in range(0, n_people, TOGETHER):
        first_reader = world.counts[N_READERS]
        sleep_and_decide(world, policy, draws, day, row, had_day_before, first, min(first + TOGETHER, n_people))
        fetch_ahead(world, first_reader, world.counts[N_READERS])
        find_items(world, policy, day, first_reader, world.counts[N_READERS])
        learn_from_items(world, policy, draws, day, row, first_reader, world.counts[N_READERS])


@compiled
def run_days(world: World, policy: Any, draws: Draws, first_day: int, n_days: int) -> None:
    """Run `n_days` days of one week, the first being `first_day`; `draws` has a row for each.

    The same numbers as `one_day` for each day, in fewer passes over the employees.
    """
    for row in range(n_days):
        day = first_day + row
        start_day(world, policy, draws, day, row, row > 0)
        decide_posting(world, policy, draws, day, row)
        respond(world, policy, draws, day, row)
        if row < n_days - 1:
            publish_posts(world, policy, day)
            remember_knowledge(world.knowledge, world.c)
        else:
            remember(world, policy, day)
