"""4. Post? Each reader chooses among nothing, a work post, a question and a social post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.kernel.compiled import step
from sim.kernel.tables import row_of
from sim.model.rules.numbers import uniform_from_bits, unused_luck
from sim.model.rules.posting import (
    NOTHING,
    choose_post,
    felt_risk,
    luck_after_choice,
    post_chances,
    posts_again,
    topic_position,
    unease_of_writing,
)
from sim.model.state import MOST_POSTS_A_DAY, N_POSTERS, N_READERS, Draws, Policy, World
from sim.model.steps.inputs import end_of_readers, posting_situation, track_of

if TYPE_CHECKING:
    from collections.abc import Sequence


@step
def decide_posting(world: World, policies: Sequence[Policy], draws: Draws, day: int, row: int) -> None:
    """4. Post? Each reader chooses among nothing, a work post, a question and a social post."""
    world.counts[N_POSTERS] = 0
    first = 0
    while first < world.counts[N_READERS]:
        end = end_of_readers(world, first)
        choose_posts(world, policies[track_of(world, world.readers[first])], draws, day, row, first, end)
        first = end


@step
def choose_posts(
    world: World, policy: Policy, draws: Draws, day: int, row: int, first_reader: int, end_reader: int
) -> None:
    """Let some of the readers choose; their posts come after those that were chosen already."""
    c, people, readers, luck_of_day = world.c, world.people, world.readers, draws.post
    n_posters = world.counts[N_POSTERS]
    for reader in range(first_reader, end_reader):
        i = readers[reader]
        person = row_of(people, i)
        situation = posting_situation(person, people, policy, c, day)
        person.risk = felt_risk(situation, c)
        person.unease = unease_of_writing(situation.share_social, person.segmentation, c)
        luck = uniform_from_bits(luck_of_day[row, i])
        p_work, p_question, p_social = post_chances(situation, c)
        kind = choose_post(luck, p_work, p_question, p_social)
        if kind == NOTHING:
            continue
        luck = luck_after_choice(luck, p_work, p_question, p_social, kind)
        for _ in range(MOST_POSTS_A_DAY):
            goes_on = posts_again(luck, c)
            luck = unused_luck(luck, c.post_again)
            world.posters[n_posters] = i
            world.kinds[n_posters] = kind
            world.topics[n_posters] = world.interests[i, topic_position(kind, luck, person.own_position, c)]
            n_posters += 1
            if not goes_on:
                break
    world.counts[N_POSTERS] = n_posters
