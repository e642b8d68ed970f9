"""2. Read? Each employee with access decides."""

from __future__ import annotations

from typing import Any

from sim.behavior.numbers import happens, uniform_from_bits
from sim.behavior.reading import read_probability, read_probability_at_most, read_utility
from sim.compiled import step
from sim.state import N_READERS, Draws, World
from sim.steps.inputs import knowledge_of, p_prompt_of, read_terms_of
from sim.tables import row_of


@step
def wants_to_read(person: Any, known: float, policy: Any, c: Any, bits: int) -> bool:
    """Return whether someone reads today, of their own accord or prompted."""
    utility = read_utility(read_terms_of(person, known, policy, c))
    return happens(uniform_from_bits(bits), read_probability(utility, p_prompt_of(person, c)))


@step
def weigh_reading(world: World, policy: Any, first: int, end: int) -> None:
    """Work out which draws leave it open whether employees from `first` to `end` read, into `world.chance`.

    Everybody's utility is weighed every day, so this goes through the columns for several employees at a time, which a
    call of ``exp`` would prevent.
    """
    people, c, known, chance = world.people, world.c, world.known, world.chance
    for k in range(end - first):
        known[k] = knowledge_of(world.knowledge, world.interests, first + k)
    for k in range(end - first):
        person = row_of(people, first + k)
        utility = read_utility(read_terms_of(person, known[k], policy, c))
        chance[k] = read_probability_at_most(utility, p_prompt_of(person, c))


@step
def find_readers(world: World, policy: Any, draws: Draws, day: int, row: int, first: int, end: int) -> None:
    """Add the readers among employees from `first` to `end` to the list, in order."""
    people, c, readers, luck, known, chance = (
        world.people, world.c, world.readers, draws.read, world.known, world.chance,
    )  # fmt: skip
    weigh_reading(world, policy, first, end)
    n_readers = world.counts[N_READERS]
    for k in range(end - first):
        person, bits = row_of(people, first + k), luck[row, first + k]
        if person.access_day > day or uniform_from_bits(bits) > chance[k]:
            continue
        if wants_to_read(person, known[k], policy, c, bits):
            readers[n_readers] = first + k
            n_readers += 1
    world.counts[N_READERS] = n_readers


@step
def decide_reading(world: World, policy: Any, draws: Draws, day: int, row: int) -> None:
    """2. Read? Each employee with access decides; readers are listed in order."""
    world.counts[N_READERS] = 0
    find_readers(world, policy, draws, day, row, 0, world.people.n_rows)
