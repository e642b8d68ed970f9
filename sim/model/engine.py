"""One working day, in order, over the whole organization; compiled.

`one_day` is the order of a day and nothing else; the steps are in ``sim.model.steps``, the rules in
``sim.model.rules``. `run_days` does the same for the days of a week in fewer passes over the employees.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.kernel.compiled import HAS_NUMBA, step, unit
from sim.kernel.tables import row_of
from sim.model.state import N_READERS, N_TOUCHED, Draws, Policy, World
from sim.model.steps.launching import launch, send_messages
from sim.model.steps.learning import begin_month, find_items, learn_from_items, learn_from_reading
from sim.model.steps.posting import decide_posting
from sim.model.steps.reading import decide_reading, find_readers
from sim.model.steps.remembering import publish_posts, remember, remember_day, remember_knowledge
from sim.model.steps.responding import respond
from sim.model.steps.talking import talk


@step
def one_day(world: World, policies: Sequence[Policy], draws: Draws, day: int, row: int) -> None:
    """Run one working day; `row` is the row of the day in `draws`."""
    launch(world, policies, draws, day, row)
    decide_reading(world, policies, draws, day, row)
    learn_from_reading(world, policies, draws, day, row)
    decide_posting(world, policies, draws, day, row)
    respond(world, policies, draws, day, row)
    talk(world, day)
    remember(world, policies, day)


CACHE_LINE = 64  # bytes
TOGETHER = 1024  # employees dealt with at a time, so that what is known of them stays in the processor's cache


@step
def fetch_ahead(world: World, draws: Draws, row: int, first_reader: int, end_reader: int) -> None:
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
        person = row_of(people, i)
        touched += person.n_followed + person.feed_top
        touched += draws.discover[row, i] + draws.post[row, i] + draws.respond[row, i]
        for e in range(offsets[i], offsets[i + 1], step):
            touched += neighbors[e]
        if feed.shape[1] > 0:
            touched += feed[i, 0] + feed[i, feed.shape[1] - 1]
        if followed.shape[1] > 0:
            touched += followed[i, 0]
    world.counts[N_TOUCHED] = touched


@step
def start_day(world: World, policy: Policy, draws: Draws, day: int, row: int, had_day_before: bool) -> None:
    """Run the steps in which nobody looks at anybody else, for some employees at a time.

    The same as the last part of `remember` for the day before (if it is still to be done), then `launch`,
    `decide_reading` and `learn_from_reading`, but every employee's state is fetched once instead of four times.
    """
    begin_month(world, day)
    world.counts[N_READERS] = 0
    n_people = world.people.n_rows
    for first in range(0, n_people, TOGETHER):
        end = min(first + TOGETHER, n_people)
        first_reader = world.counts[N_READERS]
        if had_day_before:
            remember_day(world.people, policy, world.c, day - 1, first, end)
        send_messages(world, policy, draws, day, row, first, end)
        find_readers(world, policy, draws, day, row, first, end)
        if HAS_NUMBA:  # plain Python gains nothing by it
            fetch_ahead(world, draws, row, first_reader, world.counts[N_READERS])
        find_items(world, policy, day, first_reader, world.counts[N_READERS])
        learn_from_items(world, policy, draws, day, row, first_reader, world.counts[N_READERS])


@unit(makes_arrays=False)
def run_days(
    world: World, policies: Sequence[Policy], draws: Draws, first_day: int, n_days: int, first_row: int
) -> None:
    """Run `n_days` days of one week from `first_day` on; `draws` has a row for each, from `first_row` on.

    The same numbers as `one_day` for each day, in fewer passes over the employees, where one policy holds for all.
    """
    for passed in range(n_days):
        day, row = first_day + passed, first_row + passed
        start_day(world, policies[0], draws, day, row, passed > 0)
        decide_posting(world, policies, draws, day, row)
        respond(world, policies, draws, day, row)
        talk(world, day)
        if passed < n_days - 1:
            publish_posts(world, policies[0], day)
            remember_knowledge(world.knowledge, world.c)
        else:
            remember(world, policies, day)
