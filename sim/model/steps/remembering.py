"""6. Remember: the posts of the day are published; then memories of knowledge, people and habits move."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.kernel.compiled import step
from sim.kernel.tables import Columns, by_columns, in_columns, row_of
from sim.model.rules.frame import forget
from sim.model.rules.numbers import approach
from sim.model.rules.posting import QUESTION, SOCIAL_POST, WORK
from sim.model.rules.remembering import (
    belonging_today,
    knowledge_added,
    remember_authors,
    remember_feedback,
)
from sim.model.rules.responding import expertise_match
from sim.model.state import DAYS_PER_WEEK, N_POSTERS, N_POSTS, People, Policy, World
from sim.model.steps.inputs import end_of_people, track_of
from sim.model.steps.learning import expert_topic_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.views import Coefficients, Person


@step
def publish_posts(world: World, policy: Policy, day: int) -> None:
    """6a. The posts of today appear on the platform; authors silent for long no longer count as active."""
    world.first_post[day] = world.counts[N_POSTS]
    # Later posts stand on top of earlier ones, so a random poster begins: nobody is on top for their number.
    n_posters = world.counts[N_POSTERS]
    first = int(world.order[day] * n_posters)
    for place in range(n_posters):
        poster = (first + place) % n_posters
        publish(world, policy, world.posters[poster], world.kinds[poster], world.topics[poster], day)
    world.first_post[day + 1] = world.counts[N_POSTS]
    # Who last posted so long ago is found among the authors of that day.
    silent_since = day + 1 - math.ceil(world.c.visible_days)
    if silent_since < 0:
        return
    people, posts = world.people, world.posts
    for number in range(world.first_post[silent_since], world.first_post[silent_since + 1]):
        author = posts[number & (len(posts) - 1)].author
        # Of an author with several posts on that day the last has been dealt with when the first has.
        if row_of(people, author).last_post == silent_since and row_of(people, author).visible == 1:
            set_visible(world, policy, author, False)


@step
def publish(world: World, policy: Policy, i: int, kind: int, topic: int, day: int) -> None:
    """Put a post of `i` on the platform: into the feeds of contacts and followers and onto its community."""
    c, people, feed, neighbors, accepted = world.c, world.people, world.feed, world.neighbors, world.accepted
    person = row_of(people, i)
    number = world.counts[N_POSTS]
    world.counts[N_POSTS] = number + 1
    post = world.posts[number & (len(world.posts) - 1)]
    post.author = i
    post.team = person.team
    post.department = person.department
    post.expert_topic = expert_topic_of(person, c)
    post.kind = kind
    post.topic = topic
    post.day = day
    post.n_replies = 0
    post.answered = -1
    count_post(person, kind, day)
    world.tally[day // DAYS_PER_WEEK, kind] += 1.0
    newly_visible = 1 - person.visible
    person.visible = 1
    if kind == WORK:
        match = expertise_match(topic, person.expertise_topic, person.expertise)
        world.knowledge[topic] += knowledge_added(match, c)
    for e in range(world.offsets[i], world.offsets[i + 1]):
        if policy.is_open > 0.5 or accepted[e] == 1:
            j = neighbors[e]
            contact = row_of(people, j)
            contact.n_active_contacts += newly_visible
            deliver(contact, feed, j, number, kind, day)
    link = person.first_follower
    while link >= 0:
        j = world.follower[link]
        deliver(row_of(people, j), feed, j, number, kind, day)
        link = world.next_follower[link]
    # Moderators keep leisure talk out of the communities; it still reaches those who follow its author.
    if not (kind == SOCIAL_POST and policy.moderation > 0.5):
        world.wall[topic, world.n_wall[topic] % world.wall.shape[1]] = number
        world.n_wall[topic] += 1


@step
def count_post(person: Person, kind: int, day: int) -> None:
    """Count a post of `person`."""
    if kind == WORK:
        person.n_work_posts += 1
    elif kind == QUESTION:
        person.n_questions += 1
    else:
        person.n_social_posts += 1
    person.last_post = day
    person.last_active = day


@step
def deliver(person: Person, feed: np.ndarray, j: int, number: int, kind: int, day: int) -> None:
    """Put post `number` on top of the feed of `person` (number `j`); a full feed loses its oldest item."""
    if person.access_day > day:
        return
    n_places = feed.shape[1]
    feed[j, person.feed_top] = number
    person.feed_top = person.feed_top + 1 if person.feed_top + 1 < n_places else 0
    person.feed_count = min(person.feed_count + 1, n_places)
    if kind == WORK:
        person.unread_work += 1.0
    elif kind == QUESTION:
        person.unread_question += 1.0
    else:
        person.unread_social += 1.0


@step
def set_visible(world: World, policy: Policy, i: int, becomes_visible: bool) -> None:
    """Let the contacts of `i` count `i` as active, or no longer."""
    people, offsets, neighbors, accepted = world.people, world.offsets, world.neighbors, world.accepted
    person = row_of(people, i)
    step = -1
    person.visible = 0
    if becomes_visible:
        step = 1
        person.visible = 1
    for e in range(offsets[i], offsets[i + 1]):
        if policy.is_open > 0.5 or accepted[e] == 1:
            contact = row_of(people, neighbors[e])
            contact.n_active_contacts += step


@step
def recount_active_contacts(world: World, policy: Policy) -> None:
    """Count everyone's active contacts anew, after following has changed from open to approval or back."""
    people = world.people
    for i in range(people.n_rows):
        person = row_of(people, i)
        person.n_active_contacts = 0
    for i in range(people.n_rows):
        if row_of(people, i).visible == 1:
            set_visible(world, policy, i, True)


@step
def remember_knowledge(knowledge: np.ndarray, c: Coefficients) -> None:
    """6b. Knowledge loses some of its worth."""
    for topic in range(len(knowledge)):
        knowledge[topic] *= 1.0 - c.knowledge_decay


@step
def remember_people(person: Person, c: Coefficients, day: int) -> None:
    """Let colleagues known by reading be added to, and forgotten."""
    met = person.new_authors * float(int(person.last_read == day))
    person.acquainted = remember_authors(person.acquainted, met, c)


@step
def remember_reading(person: Person, c: Coefficients, day: int) -> None:
    """Let habit and belonging move with what someone read today, if anything."""
    did_read = float(int(person.last_read == day))
    person.habit = approach(person.habit, did_read, c.habit_weight)
    person.cohesion = approach(
        person.cohesion,
        belonging_today(person.casual, person.acquainted if c.acquaintance > 0.0 else 0.0, c),
        c.cohesion_weight,
    )


@step
def remember_responses(person: Person, c: Coefficients) -> None:
    """Let feedback move with the replies and reactions that someone got today."""
    person.feedback = remember_feedback(person.feedback, person.received_replies, person.received_reactions, c)


@step
def clear_the_day(person: Person) -> None:
    """Forget what was only counted for today; nothing is, for those without access."""
    person.received_replies = 0
    person.received_reactions = 0
    person.reached = 0


@step
def forget_frame(person: Person, c: Coefficients) -> None:
    """Let someone become less certain what the platform is for."""
    total = person.frame_social + person.frame_collaboration + person.frame_broadcast
    person.frame_social = forget(person.frame_social, total, c)
    person.frame_collaboration = forget(person.frame_collaboration, total, c)
    person.frame_broadcast = forget(person.frame_broadcast, total, c)


@step
def forget_unread(person: Person, policy: Policy, c: Coefficients) -> None:
    """Let the pull of unread items fade, and the news of the day come on top."""
    kept = 1.0 - c.unread_decay
    person.unread_work = person.unread_work * kept
    person.unread_question = person.unread_question * kept
    person.unread_social = person.unread_social * kept
    person.unread_news = person.unread_news * kept + policy.announcements / DAYS_PER_WEEK


def _remember_in_columns(people: Any, policy: Policy, c: Coefficients, day: int, first: int, end: int) -> None:
    """Do what `remember_day` does."""
    has_access = people.table["access_day"][first:end] <= day
    concerned: Any = Columns(people.table, first, end, None if has_access.all() else has_access)
    with np.errstate(divide="raise", invalid="raise", over="ignore"):  # as Python does
        if c.acquaintance > 0.0:
            REMEMBER_PEOPLE(concerned, c, day)
        REMEMBER_READING(concerned, c, day)
        REMEMBER_RESPONSES(concerned, c)
        clear_the_day(Columns(people.table, first, end))  # type: ignore[arg-type]
        FORGET_FRAME(concerned, c)
        FORGET_UNREAD(concerned, policy, c)


def _feedback(feedback: np.ndarray, n_replies: np.ndarray, n_reactions: np.ndarray, c: Coefficients) -> np.ndarray:
    """Return what `remember_feedback` gives each: it asks who had any response, which few had."""
    kept: Any = remember_feedback(feedback, 0, 0, c)  # type: ignore[arg-type]
    for i in np.flatnonzero(n_replies + n_reactions).tolist():
        kept[i] = remember_feedback(float(feedback[i]), int(n_replies[i]), int(n_reactions[i]), c)
    return kept


REMEMBER_PEOPLE, REMEMBER_READING = by_columns(remember_people), by_columns(remember_reading)
REMEMBER_RESPONSES = by_columns(remember_responses, remember_feedback=_feedback)
FORGET_FRAME, FORGET_UNREAD = by_columns(forget_frame), by_columns(forget_unread)


@in_columns(_remember_in_columns)
@step
def remember_day(people: People, policy: Policy, c: Coefficients, day: int, first: int, end: int) -> None:
    """6c. Employees from `first` to `end` remember the day.

    One loop for each memory, since short loops go through the columns for several employees at a time.
    """
    if c.acquaintance > 0.0:
        for i in range(first, end):
            if row_of(people, i).access_day <= day:
                remember_people(row_of(people, i), c, day)
    for i in range(first, end):
        if row_of(people, i).access_day <= day:
            remember_reading(row_of(people, i), c, day)
    for i in range(first, end):
        if row_of(people, i).access_day <= day:
            remember_responses(row_of(people, i), c)
    for i in range(first, end):
        clear_the_day(row_of(people, i))
    for i in range(first, end):
        if row_of(people, i).access_day <= day:
            forget_frame(row_of(people, i), c)
    for i in range(first, end):
        if row_of(people, i).access_day <= day:
            forget_unread(row_of(people, i), policy, c)


@step
def remember(world: World, policies: Sequence[Policy], day: int) -> None:
    """6. Remember: the posts of today are published; then memories of knowledge, people and habits move."""
    publish_posts(world, policies[0], day)  # what everybody shares is the same in all
    remember_knowledge(world.knowledge, world.c)
    first = 0
    while first < world.people.n_rows:
        end = end_of_people(world, first)
        remember_day(world.people, policies[track_of(world, first)], world.c, day, first, end)
        first = end
