"""2. Read? Each employee with access decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.kernel.compiled import step
from sim.kernel.tables import Columns, by_columns, in_columns, row_of
from sim.model.rules.frame import leader_role
from sim.model.rules.numbers import happens, uniform_from_bits
from sim.model.rules.reading import (
    prompt_probability,
    read_probability_at_most,
    read_terms,
    read_utility,
    visit_probability,
)
from sim.model.state import N_READERS, Draws, Policy, World
from sim.model.steps.inputs import end_of_people, reading_situation, track_of

if TYPE_CHECKING:
    from collections.abc import Sequence


@step
def weigh_reading(world: World, policy: Policy, day: int, first: int, end: int) -> None:
    """Work out the utility of reading, and which draws leave it open, for employees from `first` to `end`.

    Everybody's utility is weighed every day, so this goes through the columns for several employees at a time, which a
    call of ``exp`` would prevent: hence an upper bound of the probability (`chance`), and the rule itself only later.
    """
    people, c, utility, chance = world.people, world.c, world.utility, world.chance
    for k in range(end - first):
        person = row_of(people, first + k)
        situation = reading_situation(person, policy, c)
        utility[k] = read_utility(read_terms(situation, c))
        p_prompt = prompt_probability(situation.reached, situation.share_visible, c)
        at_most = read_probability_at_most(utility[k], p_prompt)
        chance[k] = at_most if person.access_day <= day else 0.0


def _find_in_columns(world: World, policy: Policy, draws: Draws, day: int, row: int, first: int, end: int) -> None:
    """Do what `find_readers` does."""
    people: Any = world.people
    everybody: Any = Columns(people.table, first, end)
    with np.errstate(divide="raise", invalid="raise", over="ignore"):  # as Python does
        situation: Any = SITUATION(everybody, policy, world.c)
        utility: Any = READ_UTILITY(READ_TERMS(situation, world.c))
        p_prompt = prompt_probability(situation.reached, situation.share_visible, world.c)
        chance = READ_PROBABILITY_AT_MOST(utility, p_prompt)
    bits: Any = draws.read[row, first:end]
    luck: Any = uniform_from_bits(bits)
    n_readers = world.counts[N_READERS]
    for k in np.flatnonzero((luck < chance) & (everybody.access_day <= day)).tolist():
        situation = reading_situation(row_of(world.people, first + k), policy, world.c)
        if happens(float(luck[k]), visit_probability(situation, float(utility[k]), world.c)):
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
        situation = reading_situation(row_of(people, first + k), policy, c)
        if happens(luck, visit_probability(situation, utility[k], c)):
            readers[n_readers] = first + k
            n_readers += 1
    world.counts[N_READERS] = n_readers


@step
def decide_reading(world: World, policies: Sequence[Policy], draws: Draws, day: int, row: int) -> None:
    """2. Read? Each employee with access decides; readers are listed in order."""
    world.counts[N_READERS] = 0
    first = 0
    while first < world.people.n_rows:
        end = end_of_people(world, first)
        find_readers(world, policies[track_of(world, first)], draws, day, row, first, end)
        first = end


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


SITUATION = by_columns(reading_situation, share_visible_of=_shares_visible)
READ_TERMS = by_columns(read_terms, leader_role=_roles)
READ_UTILITY, READ_PROBABILITY_AT_MOST = by_columns(read_utility), by_columns(read_probability_at_most)
