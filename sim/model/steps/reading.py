"""2. Read? Each employee with access decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.kernel.compiled import step
from sim.kernel.tables import Columns, by_columns, in_columns, row_of
from sim.model.rules.frame import leader_role
from sim.model.rules.numbers import happens, uniform_from_bits
from sim.model.rules.reading import heeded_probability, read_probability, read_probability_at_most, read_utility
from sim.model.state import N_READERS, Draws, Policy, World
from sim.model.steps.inputs import p_prompt_of, presence_of, read_terms_of

if TYPE_CHECKING:
    from sim.views import Coefficients, Person


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
def reads(person: Person, policy: Policy, c: Coefficients, utility: float, luck: float) -> bool:
    """Return whether someone reads today."""
    heeded = heeded_probability(utility, p_prompt_of(person, c), c)
    # Who works part time is at work on as large a share of the days, and reads on no other.
    return happens(luck, person.working_share * read_probability(utility, presence_of(person, policy, c), heeded))


def _find_in_columns(world: World, policy: Policy, draws: Draws, day: int, row: int, first: int, end: int) -> None:
    """Do what `find_readers` does."""
    people: Any = world.people
    everybody: Any = Columns(people.table, first, end)
    with np.errstate(divide="raise", invalid="raise", over="ignore"):  # as Python does
        utility: Any = READ_UTILITY(READ_TERMS(everybody, policy, world.c))
        chance = READ_PROBABILITY_AT_MOST(utility, P_PROMPT(everybody, world.c))
    bits: Any = draws.read[row, first:end]
    luck: Any = uniform_from_bits(bits)
    n_readers = world.counts[N_READERS]
    for k in np.flatnonzero((luck < chance) & (everybody.access_day <= day)).tolist():
        if reads(row_of(world.people, first + k), policy, world.c, float(utility[k]), float(luck[k])):
            world.readers[n_readers] = first + k
            n_readers += 1
    world.counts[N_READERS] = n_readers


@in_columns(_find_in_columns)
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
        if reads(row_of(people, first + k), policy, c, utility[k], luck):
            readers[n_readers] = first + k
            n_readers += 1
    world.counts[N_READERS] = n_readers


@step
def decide_reading(world: World, policy: Policy, draws: Draws, day: int, row: int) -> None:
    """2. Read? Each employee with access decides; readers are listed in order."""
    world.counts[N_READERS] = 0
    find_readers(world, policy, draws, day, row, 0, world.people.n_rows)


def _roles(level: np.ndarray, participation: float, committed: Any) -> np.ndarray:
    """Return what `leader_role` gives each: it asks whether someone leads."""
    leads = level > 0
    roles = np.zeros(len(level))
    roles[leads] = leader_role(1, participation, committed[leads])
    return roles


def _shares_visible(everybody: Any) -> np.ndarray:
    """Return what `share_visible_of` gives each: without contacts there are no active ones either."""
    shares: np.ndarray = everybody.n_active_contacts / np.maximum(everybody.n_contacts, 1)
    return shares


READ_TERMS = by_columns(read_terms_of, leader_role=_roles)
READ_UTILITY, READ_PROBABILITY_AT_MOST = by_columns(read_utility), by_columns(read_probability_at_most)
P_PROMPT = by_columns(p_prompt_of, share_visible_of=_shares_visible)
