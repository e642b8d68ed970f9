"""2. Read? Each employee with access decides."""

from __future__ import annotations

from typing import Any

from sim.behavior.numbers import happens, uniform_from_bits
from sim.behavior.reading import read_probability, read_utility
from sim.compiled import compiled
from sim.state import N_READERS, Draws, World
from sim.steps.inputs import knowledge_of, p_prompt_of, read_terms_of


@compiled
def wants_to_read(person: Any, known: float, policy: Any, c: Any, bits: int) -> bool:
    """Return whether someone reads today, of their own accord or prompted."""
    utility = read_utility(read_terms_of(person, known, policy, c))
    return happens(uniform_from_bits(bits), read_probability(utility, p_prompt_of(person, c)))


@compiled
def decide_reading(world: World, policy: Any, draws: Draws, day: int, row: int) -> None:
    """2. Read? Each employee with access decides; readers are listed in order."""
    people, c, readers, luck = world.people, world.c, world.readers, draws.read
    knowledge, interests = world.knowledge, world.interests
    n_readers = 0
    for i in range(len(people)):
        person = people[i]
        if person.access_day > day:
            continue
        if wants_to_read(person, knowledge_of(knowledge, interests, i), policy, c, luck[row, i]):
            readers[n_readers] = i
            n_readers += 1
    world.counts[N_READERS] = n_readers
