"""3. Learn from reading: readers find items, which change frames, show who knows what and who else is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernel.compiled import step
from sim.kernel.tables import row_of
from sim.model.rules.frame import item_counts, update_frame
from sim.model.rules.numbers import approach, happens, uniform_from_bits, unused_luck
from sim.model.rules.posting import NEWS, QUESTION, SOCIAL_POST, WORK
from sim.model.rules.reading import learned_worth
from sim.model.rules.responding import follow_probability
from sim.model.state import (
    CROSS_AUTHORS,
    CROSS_ITEMS,
    DAYS_PER_MONTH,
    DAYS_PER_WEEK,
    DAYS_REMEMBERED,
    ITEMS,
    N_LINKS,
    N_POSTS,
    N_READERS,
    Draws,
    Policy,
    World,
    find_contact,
)
from sim.model.steps.inputs import knowledge_of, share_visible_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.views import Coefficients, Person, Posts


@step
def find_items(world: World, policy: Policy, day: int, first_reader: int, end_reader: int) -> None:
    """List what each reader reads today: the feed from the newest on, then the communities, as attention lasts."""
    people, interests, posts, items, readers = world.people, world.interests, world.posts, world.items, world.readers
    feed, wall, n_wall, n_found = world.feed, world.wall, world.n_wall, world.n_found
    offsets, neighbors, accepted, followed = world.offsets, world.neighbors, world.accepted, world.followed
    c = world.c
    budget = int(c.attention)
    lifetime = int(c.item_lifetime)
    oldest = world.counts[N_POSTS] - len(posts)  # older posts have given up their place
    mask = len(posts) - 1
    first_interest = day % 3  # no interest always comes first
    for reader in range(first_reader, end_reader):
        i = readers[reader]
        person = row_of(people, i)
        # Contacts' activity is perceived by looking, so only on days of reading.
        person.contact_activity = approach(person.contact_activity, share_visible_of(person), c.perception)
        first = reader * budget
        n = find_in_feed(person, i, feed, posts, items, first, budget, oldest, day - lifetime)
        since = max(person.last_read, day - lifetime)
        contacts = neighbors[offsets[i] : offsets[i + 1]]
        chosen = followed[i, : person.n_followed]
        for k in range(3):
            topic = interest_after(interests, i, first_interest, k)
            # with fewer than three communities interests coincide
            if k > 0 and topic == interest_after(interests, i, first_interest, 0):
                continue
            if k > 1 and topic == interest_after(interests, i, first_interest, 1):
                continue
            place = n_wall[topic] % wall.shape[1]
            for _ in range(min(n_wall[topic], wall.shape[1])):
                if n >= budget:
                    break
                place = place_before(place, wall.shape[1])
                number = wall[topic, place]
                slot = number & mask
                if number < oldest or posts[slot].day < since:
                    break
                author = posts[slot].author
                if author == i:
                    continue
                # Posts of contacts and of people followed come through the feed.
                if contains(contacts, author) and (
                    policy.is_open > 0.5 or accepted[find_contact(offsets, neighbors, i, author)] == 1
                ):
                    continue
                if contains(chosen, author):
                    continue
                items[first + n] = 2 * slot + 1
                n += 1
        n_found[reader] = n
        n_news = min(person.unread_news, float(budget - n))
        person.unread_news -= n_news
        person.n_items = n + n_news
        person.read_lately = remembered_days(person.read_lately, day - person.last_read)
        person.days_read += 1
        person.last_read = day
        person.aware = 1


@step
def remembered_days(bits: int, days_passed: int) -> int:
    """Return the days of reading of the last 10 working days as bits, today first, `days_passed` after the last."""
    if days_passed >= DAYS_REMEMBERED:
        return 1
    return ((bits << days_passed) | 1) & ((1 << DAYS_REMEMBERED) - 1)


@step
def find_in_feed(
    person: Person,
    i: int,
    feed: np.ndarray,
    posts: Posts,
    items: np.ndarray,
    first: int,
    budget: int,
    oldest: int,
    first_day: int,
) -> int:
    """List what a reader takes from the feed into `items` from place `first` on; return how many items."""
    n = 0
    while n < budget and person.feed_count > 0:
        place = place_before(person.feed_top, feed.shape[1])
        number = feed[i, place]
        slot = number & (len(posts) - 1)
        if number < oldest or posts[slot].day < first_day:
            person.feed_count = 0  # the rest is older still
            break
        person.feed_top = place
        person.feed_count -= 1
        take_from_unread(person, posts[slot].kind)
        items[first + n] = 2 * slot
        n += 1
    return n


@step
def place_before(place: int, n_places: int) -> int:
    """Return the place before `place` in a ring of `n_places`, without a division, which takes long."""
    return place - 1 if place > 0 else n_places - 1


@step
def interest_after(interests: np.ndarray, i: int, first: int, k: int) -> int:
    """Return the interest of `i` that comes `k` places after `first` in the circle of three."""
    place = first + k
    return interests[i, place if place < 3 else place - 3]


@step
def take_from_unread(person: Person, kind: int) -> None:
    """Take one read item of `kind` from what pulls a person to the platform."""
    if kind == WORK:
        person.unread_work = max(0.0, person.unread_work - 1.0)
    elif kind == QUESTION:
        person.unread_question = max(0.0, person.unread_question - 1.0)
    else:
        person.unread_social = max(0.0, person.unread_social - 1.0)


@step
def contains(row: np.ndarray, j: int) -> bool:
    """Return whether the int32 `row` contains `j`.

    Without branches and in 32 bits the compiler compares many entries at once, which beats a binary search for the
    dozens of contacts that people have.
    """
    wanted = np.int32(j)
    found = np.int32(0)
    for place in range(len(row)):
        if row[place] == wanted:
            found = np.int32(1)
    return bool(found > 0)


@step
def add_evidence(person: Person, kind: int, counts: float) -> None:
    """Add `counts` to the meaning of the platform that items of `kind` speak for."""
    if kind == SOCIAL_POST:
        person.frame_social = update_frame(person.frame_social, counts)
    elif kind == NEWS:
        person.frame_broadcast = update_frame(person.frame_broadcast, counts)
    else:
        person.frame_collaboration = update_frame(person.frame_collaboration, counts)


@step
def learn_from_reading(world: World, policies: Sequence[Policy], draws: Draws, day: int, row: int) -> None:
    """3. Learn from reading: readers find items, which change frames, show who knows what and who else is there.

    Who may follow whom, which is all that matters here of a policy, is the same in all of them.
    """
    begin_month(world, day)
    find_items(world, policies[0], day, 0, world.counts[N_READERS])
    learn_from_items(world, policies[0], draws, day, row, 0, world.counts[N_READERS])


@step
def begin_month(world: World, day: int) -> None:
    """Begin anew with whom everyone has read this month: for measuring only, no rule reads it."""
    if day % DAYS_PER_MONTH == 0:
        world.panel[:, :] = 0


@step
def note_author(panel: np.ndarray, member: int, author: int) -> int:
    """Note that `member` of the panel has read `author`; return 1 if it is the first time this month, otherwise 0."""
    place, bit = author >> 3, 1 << (author & 7)
    before = int(panel[member, place])
    panel[member, place] = before | bit
    return 1 if before & bit == 0 else 0


@step
def learn_from_items(
    world: World, policy: Policy, draws: Draws, day: int, row: int, first_reader: int, end_reader: int
) -> None:
    """Let some of the readers learn from what they found: add counts to frames, notice experts, follow authors."""
    c, people, interests = world.c, world.people, world.interests
    posts, items, readers, n_items, tally = world.posts, world.items, world.readers, world.n_found, world.tally
    luck_of_day = draws.discover
    panel = world.panel
    spacing = (people.n_rows + len(panel) - 1) // len(panel)
    budget = int(c.attention)
    week = day // DAYS_PER_WEEK
    for reader in range(first_reader, end_reader):
        i = readers[reader]
        person = row_of(people, i)
        luck = uniform_from_bits(luck_of_day[row, i])
        n_found = n_items[reader]
        n_cross, n_new_authors = 0, 0
        in_panel = i % spacing == 0
        for item in range(n_found):
            code = items[reader * budget + item]
            post = posts[code >> 1]
            add_evidence(person, post.kind, item_counts(post.team == person.team, c))
            if post.department != person.department:
                n_cross += 1
                if in_panel:
                    n_new_authors += note_author(panel, i // spacing, post.author)
            if post.kind == WORK:
                notice_expert(person, interests, i, post.expert_topic)
            if code & 1 == 1:
                author = row_of(people, post.author)
                p = follow_probability(policy.is_open, author.trust, author.segmentation, c)
                if happens(luck, p):
                    follow(world, i, post.author)
                luck = unused_luck(luck, p)
        if c.worth_learning > 0.0:
            known = knowledge_of(world.knowledge, interests, i)
            learn_worth(person, posts, items, reader * budget, n_found, known, c)
        if c.acquaintance > 0.0:
            person.new_authors = count_new_authors(posts, items, reader * budget, n_found)
        tally[week, ITEMS] += float(n_found)
        tally[week, CROSS_ITEMS] += float(n_cross)
        tally[week, CROSS_AUTHORS] += float(n_new_authors)
        n_news = person.n_items - n_found
        if n_news > 0.0:
            add_evidence(person, NEWS, n_news * item_counts(False, c))


@step
def learn_worth(
    person: Person, posts: Posts, items: np.ndarray, first: int, n_found: int, known: float, c: Coefficients
) -> None:
    """Let someone learn from what a visit brought what to expect of the next, down as well as up.

    What it brings for work is what was read and what could be looked up: the knowledge `known` on one's topics.
    """
    n_social = 0
    for item in range(first, first + n_found):
        n_social += posts[items[item] >> 1].kind == SOCIAL_POST
    person.expected_work = learned_worth(person.expected_work, known + float(n_found - n_social), c)
    person.expected_fun = learned_worth(person.expected_fun, float(n_social), c)
    person.expected_news = learned_worth(person.expected_news, person.n_items - n_found, c)


@step
def count_new_authors(posts: Posts, items: np.ndarray, first: int, n_found: int) -> float:
    """Return how many authors someone met in communities: neither contacts nor followed, each counted once."""
    n_authors = 0
    for item in range(first, first + n_found):
        if items[item] & 1 == 0:
            continue
        author = posts[items[item] >> 1].author
        is_new = 1
        for earlier in range(first, item):
            if items[earlier] & 1 == 1 and posts[items[earlier] >> 1].author == author:
                is_new = 0
        n_authors += is_new
    return float(n_authors)


@step
def notice_expert(person: Person, interests: np.ndarray, i: int, expert_topic: int) -> None:
    """Let `person` (number `i`) remember an expert on `expert_topic` (-1: none), if it is a topic of theirs."""
    for k in range(3):
        if interests[i, k] == expert_topic:
            person.knows = person.knows | (1 << k)


@step
def expert_topic_of(person: Person, c: Coefficients) -> int:
    """Return the topic on which others can know `person` as an expert, -1 if none."""
    if person.expertise >= c.expert_level:
        return person.expertise_topic
    return -1


@step
def follow(world: World, i: int, j: int) -> None:
    """Let `i` follow `j`, if there is room and they do not know each other already."""
    person, author = row_of(world.people, i), row_of(world.people, j)
    if person.n_followed >= world.followed.shape[1] or contains(world.followed[i, : person.n_followed], j):
        return
    if find_contact(world.offsets, world.neighbors, i, j) >= 0:
        return
    world.followed[i, person.n_followed] = j
    person.n_followed += 1
    link = world.counts[N_LINKS]
    world.follower[link] = i
    world.next_follower[link] = author.first_follower
    author.first_follower = link
    world.counts[N_LINKS] = link + 1
