"""2. Read? Each employee with access decides."""

from __future__ import annotations

from sim.behavior.numbers import happens, uniform_from_bits
from sim.behavior.reading import heeded_probability, read_probability, read_probability_at_most, read_utility
from sim.compiled import step
from sim.state import N_READERS, Draws, Policy, World
from sim.steps.inputs import p_prompt_of, presence_of, read_terms_of
from sim.tables import row_of


@step
def weigh_reading(world: World, policy: Policy, day: int, first: int, end: int) -> None:
    """Work out the utility of reading, and which draws leave it open, for employees from `first` to `end`.

    Everybody's utility is weighed every day, so this goes through the columns for several employees at a time, which a
    call of ``exp`` would prevent: hence an upper bound of the probability (`chance`), and the rule itself only later.
    """
    people, c, utility, chance = world.people, world.c, world.utility, world.chance
    for k in range(end - first):
        person = row_of(people, first + k)
        utility[k] = read_utility(read_terms_of(person, policy, c))
        at_most = read_probability_at_most(utility[k], p_prompt_of(person, c))
        chance[k] = at_most if person.access_day <= day else 0.0


@step
def find_readers(world: World, policy: Policy, draws: Draws, day: int, row: int, first: int, end: int) -> None:
    """Add the readers among employees from `first` to `end` to the list, in order."""
    people, c, readers, bits = world.people, world.c, world.readers, draws.read
    utility, chance = world.utility, world.chance
    weigh_reading(world, policy, day, first, end)
    n_readers = world.counts[N_READERS]
    for k in range(end - first):
        luck = uniform_from_bits(bits[row, first + k])
        if luck >= chance[k]:
            continue
        person = row_of(people, first + k)
        heeded = heeded_probability(utility[k], p_prompt_of(person, c), c)
        # Who works part time is at work on as large a share of the days, and reads on no other.
        if happens(luck, person.working_share * read_probability(utility[k], presence_of(person, policy, c), heeded)):
            readers[n_readers] = first + k
            n_readers += 1
    world.counts[N_READERS] = n_readers


@step
def decide_reading(world: World, policy: Policy, draws: Draws, day: int, row: int) -> None:
    """2. Read? Each employee with access decides; readers are listed in order."""
    world.counts[N_READERS] = 0
    find_readers(world, policy, draws, day, row, 0, world.people.n_rows)
