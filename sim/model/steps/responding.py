"""5. Respond: readers reply and react to what they read; experts answer questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.kernel.compiled import step
from sim.kernel.tables import row_of
from sim.model.rules.numbers import happens, uniform_from_bits, unused_luck
from sim.model.rules.posting import QUESTION, SOCIAL_POST
from sim.model.rules.remembering import knowledge_added
from sim.model.rules.responding import answer_probability, expertise_match, respond_probability
from sim.model.state import (
    ANSWER,
    ANSWERED_QUESTIONS,
    ANSWERS,
    DAYS_PER_WEEK,
    DAYS_TO_ANSWER,
    N_READERS,
    N_REPLIES,
    REACTION,
    REACTIONS,
    REPLIED_POSTS,
    REPLIES,
    REPLY,
    Draws,
    Policy,
    World,
)
from sim.model.steps.inputs import ease_of, end_of_readers, fit_of, reward_of, track_of
from sim.model.steps.learning import expert_topic_of, notice_expert

if TYPE_CHECKING:
    from collections.abc import Sequence


@step
def respond(world: World, policies: Sequence[Policy], draws: Draws, day: int, row: int) -> None:
    """5. Respond: readers reply and react to what they read; experts answer questions."""
    first = 0
    while first < world.counts[N_READERS]:
        end = end_of_readers(world, first)
        respond_to_items(world, policies[track_of(world, world.readers[first])], draws, day, row, first, end)
        first = end


@step
def respond_to_items(
    world: World, policy: Policy, draws: Draws, day: int, row: int, first_reader: int, end_reader: int
) -> None:
    """Let some of the readers respond to what they found."""
    c, people, posts, items, readers = world.c, world.people, world.posts, world.items, world.readers
    n_found, luck_of_day = world.n_found, draws.respond
    budget = int(c.attention)
    reward_now = reward_of(policy, c, day)
    for reader in range(first_reader, end_reader):
        i = readers[reader]
        person = row_of(people, i)
        luck = uniform_from_bits(luck_of_day[row, i])
        p_respond = 0.0
        same_as = -1  # items of one kind, met in the same place, have the same chance
        for item in range(n_found[reader]):
            code = items[reader * budget + item]
            slot = code >> 1
            post = posts[slot]
            match = expertise_match(post.topic, person.expertise_topic, person.expertise)
            is_unanswered = post.answered < 0 or post.answered == day
            if post.kind == QUESTION and match > 0.0 and is_unanswered:
                p = answer_probability(
                    match,
                    person.trust,
                    person.risk,
                    person.unease,
                    ease_of(person, c),
                    world.n_able[post.topic] - 1.0,
                    reward_now,
                    c,
                )
                if happens(luck, p):
                    answer(world, i, slot, match, day)
                luck = unused_luck(luck, p)
                continue
            is_contact = code & 1 == 0
            if 2 * post.kind + (code & 1) != same_as:
                same_as = 2 * post.kind + (code & 1)
                p_respond = respond_probability(
                    fit_of(person, post.kind, c),
                    is_contact,
                    post.kind == SOCIAL_POST,
                    person.inclination,
                    person.segmentation,
                    person.risk,
                    person.unease,
                    c,
                )
            responds = happens(luck, p_respond)
            luck = unused_luck(luck, p_respond)
            if responds:
                in_words = happens(luck, c.reply_share)
                luck = unused_luck(luck, c.reply_share)
                if in_words:
                    reply(world, i, slot, day, REPLY)
                else:
                    react(world, i, slot, day)


@step
def note_response(world: World, i: int, author: int, kind: int, day: int) -> None:
    """Note who responded to whom, where that is kept: for whoever asks for it, no rule reads it."""
    if len(world.replies) > 0:
        place = world.counts[N_REPLIES]
        world.replies[place, 0] = day
        world.replies[place, 1] = author
        world.replies[place, 2] = i
        world.replies[place, 3] = kind
        world.counts[N_REPLIES] = place + 1


@step
def reply(world: World, i: int, slot: int, day: int, kind: int) -> None:
    """Let `i` reply to the post at `slot`; `kind` is how that is noted."""
    person, post = row_of(world.people, i), world.posts[slot]
    note_response(world, i, post.author, kind, day)
    if post.n_replies == 0:
        # Counted for the week of the post, so that the reply rate follows posts, not replies.
        world.tally[post.day // DAYS_PER_WEEK, REPLIED_POSTS] += 1.0
    post.n_replies += 1
    world.tally[day // DAYS_PER_WEEK, REPLIES] += 1.0
    row_of(world.people, post.author).received_replies += 1
    person.n_replies += 1
    person.last_active = day


@step
def react(world: World, i: int, slot: int, day: int) -> None:
    """Let `i` react to the post at `slot` without words."""
    person = row_of(world.people, i)
    note_response(world, i, world.posts[slot].author, REACTION, day)
    world.tally[day // DAYS_PER_WEEK, REACTIONS] += 1.0
    row_of(world.people, world.posts[slot].author).received_reactions += 1
    person.n_reactions += 1
    person.last_active = day


@step
def answer(world: World, i: int, slot: int, match: float, day: int) -> None:
    """Let `i` answer the question at `slot`: a reply that adds knowledge and shows who knows."""
    post = world.posts[slot]
    week = day // DAYS_PER_WEEK
    if post.answered < 0:
        post.answered = day
        world.tally[post.day // DAYS_PER_WEEK, ANSWERED_QUESTIONS] += 1.0
        world.tally[week, ANSWERS] += 1.0
        world.tally[week, DAYS_TO_ANSWER] += float(day - post.day)
    reply(world, i, slot, day, ANSWER)
    world.knowledge[post.topic] += knowledge_added(match, world.c)
    expert_topic = expert_topic_of(row_of(world.people, i), world.c)
    notice_expert(row_of(world.people, post.author), world.interests, post.author, expert_topic)
