"""One working day, in order, over the whole organization.

The order is that of `one_day`, at the end of this file: launch, read, learn from reading, post, respond, remember. Each
step runs over the people it concerns and calls the scalar rules of ``sim.behavior``. Within a step nobody sees what
others do in it: posts, replies and changed minds count for others only in a later step or on the next day, so the order
of employees does not matter.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.behavior.frame import (
    commitment,
    credibility,
    forget,
    initial_frame,
    item_counts,
    leader_role,
    message_counts,
    reactance,
    transfer_share,
    update_frame,
)
from sim.behavior.numbers import approach, happens, uniform_from_bits, unused_luck
from sim.behavior.posting import (
    NEWS,
    NOTHING,
    QUESTION,
    SOCIAL_POST,
    WORK,
    PostTerms,
    choose_post,
    is_visible,
    is_watching,
    luck_after_choice,
    post_probabilities,
    post_terms,
    post_utilities,
    social_allowed,
    topic_position,
    visibility_risk,
)
from sim.behavior.reading import (
    ReadTerms,
    effort,
    prompt_probability,
    read_probability,
    read_terms,
    read_utility,
)
from sim.behavior.remembering import belonging_today, knowledge_added, remember_feedback
from sim.behavior.responding import (
    answer_probability,
    expertise_match,
    follow_probability,
    respond_probability,
)
from sim.compiled import compiled
from sim.state import (
    ANSWERED_QUESTIONS,
    ANSWERS,
    CROSS_ITEMS,
    DAYS_PER_WEEK,
    DAYS_TO_ANSWER,
    ITEMS,
    N_LINKS,
    N_POSTERS,
    N_POSTS,
    N_READERS,
    N_TOUCHED,
    REACTIONS,
    REPLIED_POSTS,
    REPLIES,
    Draws,
    World,
    find_contact,
)

# --- what one employee's situation looks like to the rules ----------------------------------------------------------


@compiled
def effort_of(person: Any, policy: Any, c: Any) -> float:
    """Return the effort that using the platform costs [0-1]: outside experience helps as far as it is carried over."""
    carried = transfer_share(policy.association, policy.clarity, c.projection)
    return effort(carried * person.leisure_experience, person.trained, c)


@compiled
def share_social_of(person: Any) -> float:
    """Return the share of the social meaning in someone's frame."""
    return person.frame_social / (person.frame_social + person.frame_collaboration + person.frame_broadcast)


@compiled
def commitment_of(person: Any, c: Any) -> float:
    """Return how far someone, as a leader, follows the official line [0-1]."""
    return commitment(share_social_of(person), person.resistance, c)


@compiled
def share_visible_of(person: Any) -> float:
    """Return the share of someone's contacts who posted lately, 0 without contacts."""
    if person.n_contacts == 0:
        return 0.0
    return person.n_active_contacts / person.n_contacts


@compiled
def knowledge_of(knowledge: np.ndarray, interests: np.ndarray, i: int) -> float:
    """Return the knowledge on the topics of interest of `i`, in items of an expert; mean of the three."""
    return (knowledge[interests[i, 0]] + knowledge[interests[i, 1]] + knowledge[interests[i, 2]]) / 3.0


@compiled
def read_terms_of(person: Any, known: float, policy: Any, c: Any) -> ReadTerms:
    """Return the terms of the utility of reading as things stand; `known` is the knowledge on the own topics."""
    total = person.frame_social + person.frame_collaboration + person.frame_broadcast
    share_social = person.frame_social / total
    committed = commitment(share_social, person.resistance, c)
    return read_terms(
        share_social,
        person.frame_collaboration / total,
        person.frame_broadcast / total,
        person.habit,
        person.contact_activity,
        known,
        person.unread_work + person.unread_question,
        person.unread_social,
        person.unread_news,
        person.remote_share,
        person.segmentation,
        effort_of(person, policy, c),
        person.resistance,
        leader_role(person.level, policy.participation, committed),
        policy.integration,
        policy.mandate,
        policy.work_only,
        c,
    )


@compiled
def p_prompt_of(person: Any, c: Any) -> float:
    """Return the probability of being brought to the platform from outside today."""
    return prompt_probability(float(person.reached), share_visible_of(person), person.remote_share, c)


@compiled
def risk_of(person: Any, people: Any, policy: Any, c: Any, day: int) -> float:
    """Return the risk that someone feels in being seen on the platform."""
    watching = 0.0
    if person.manager >= 0:
        in_audience = policy.is_open > 0.5 or person.manager_accepted == 1
        watching = is_watching(day - people[person.manager].last_read, in_audience, c)
    return visibility_risk(watching, person.trust, share_social_of(person), policy.restriction, policy.guidance, c)


@compiled
def post_terms_of(person: Any, people: Any, policy: Any, c: Any, day: int, risk: float) -> PostTerms:
    """Return the terms of the utilities of posting as things stand."""
    own_commitment = commitment_of(person, c)
    if person.manager >= 0:
        manager = people[person.manager]
        example = 1.0 if is_visible(day - manager.last_post, c) else 0.0
        leader_support = policy.support * commitment_of(manager, c)
    else:  # at the top there is no one to look to but oneself
        example = 0.0
        leader_support = policy.support * own_commitment
    total = person.frame_social + person.frame_collaboration + person.frame_broadcast
    return post_terms(
        person.frame_social / total,
        person.frame_collaboration / total,
        person.frame_broadcast / total,
        person.contact_activity,
        example,
        leader_support,
        leader_role(person.level, policy.participation, own_commitment),
        person.feedback,
        person.inclination,
        person.champion,
        effort_of(person, policy, c),
        risk,
        person.resistance,
        person.segmentation,
        person.trust,
        person.expertise,
        policy.guidance,
        policy.moderation,
        policy.appraisal,
        c,
    )


@compiled
def post_probabilities_of(
    person: Any, people: Any, policy: Any, c: Any, day: int, risk: float
) -> tuple[float, float, float]:
    """Return the probabilities of a work post, a question and a social post on a day of reading."""
    work, question, social = post_utilities(post_terms_of(person, people, policy, c, day, risk))
    may_be_social = social_allowed(policy.work_only, person.compliance, c)
    return post_probabilities(work, question, social, may_be_social, c.choice_noise)


@compiled
def add_evidence(person: Any, kind: int, counts: float) -> None:
    """Add `counts` to the meaning of the platform that items of `kind` speak for."""
    if kind == SOCIAL_POST:
        person.frame_social = update_frame(person.frame_social, counts)
    elif kind == NEWS:
        person.frame_broadcast = update_frame(person.frame_broadcast, counts)
    else:
        person.frame_collaboration = update_frame(person.frame_collaboration, counts)


@compiled
def share_of_kind(person: Any, kind: int) -> float:
    """Return the share of someone's frame that posts of `kind` speak to."""
    total = person.frame_social + person.frame_collaboration + person.frame_broadcast
    if kind == SOCIAL_POST:
        return person.frame_social / total
    return person.frame_collaboration / total


# --- before the first day -------------------------------------------------------------------------------------------


@compiled
def update_resistance(people: Any, policy: Any, c: Any) -> None:
    """Set everyone's reactance to wording and mandate; called whenever the policy changes."""
    for i in range(len(people)):
        person = people[i]
        person.resistance = reactance(policy.wording_threat, policy.mandate, person.trust, c)


@compiled
def take_in_message(person: Any, policy: Any, c: Any, weight: float) -> None:
    """Let someone take in a message of the launch: counts for what it says the platform is for."""
    belief = credibility(person.trust, policy.support, c)
    counts = message_counts(weight, policy.clarity, belief, person.resistance)
    person.frame_social = update_frame(person.frame_social, counts * policy.message_social)
    person.frame_collaboration = update_frame(person.frame_collaboration, counts * policy.message_collaboration)
    person.frame_broadcast = update_frame(person.frame_broadcast, counts * policy.message_broadcast)


@compiled
def announce(world: World, policy: Any) -> None:
    """Announce the platform: first frames, and the willingness to post that people state before using it."""
    people, c = world.people, world.c
    update_resistance(people, policy, c)
    for i in range(len(people)):
        person = people[i]
        social, collaboration, broadcast = initial_frame(
            person.leisure_experience,
            person.professional_experience,
            person.tenure,
            policy.association,
            policy.clarity,
            c,
        )
        person.frame_social = social
        person.frame_collaboration = collaboration
        person.frame_broadcast = broadcast
        take_in_message(person, policy, c, c.announcement_weight)
    for i in range(len(people)):
        person = people[i]
        risk = risk_of(person, people, policy, c, 0)
        p_work, p_question, p_social = post_probabilities_of(person, people, policy, c, 0, risk)
        person.intention = p_work + p_question + p_social


# --- the steps of a day ---------------------------------------------------------------------------------------------


@compiled
def is_message_day(policy: Any, day: int) -> bool:
    """Return whether campaign messages go out today: on the first day of a week."""
    return day % DAYS_PER_WEEK == 0 and policy.campaign_reach > 0.0


@compiled
def receive_message(person: Any, policy: Any, c: Any, bits: int, day: int) -> None:
    """Let the campaign message of this week reach someone, by chance, while their campaign lasts."""
    week = day // DAYS_PER_WEEK
    start = max(float(person.access_day // DAYS_PER_WEEK), policy.campaign_start)
    if week < start or week >= start + policy.campaign_weeks:
        return
    if happens(uniform_from_bits(bits), policy.campaign_reach):
        person.reached = 1
        take_in_message(person, policy, c, c.message_weight)


@compiled
def launch(world: World, policy: Any, draws: Draws, day: int, row: int) -> None:
    """1. Launch: campaign messages reach a random part of those with access, once a week while their campaign lasts."""
    if not is_message_day(policy, day):
        return
    people, c, luck = world.people, world.c, draws.campaign
    for i in range(len(people)):
        person = people[i]
        if person.access_day <= day:
            receive_message(person, policy, c, luck[row, i], day)


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


@compiled
def find_items(world: World, policy: Any, day: int, first_reader: int, end_reader: int) -> None:
    """List what each reader reads today: the feed from the newest on, then the communities, as attention lasts."""
    people, interests, posts, items, readers = world.people, world.interests, world.posts, world.items, world.readers
    feed, wall, n_wall, n_found = world.feed, world.wall, world.n_wall, world.n_found
    offsets, neighbors, accepted, followed = world.offsets, world.neighbors, world.accepted, world.followed
    c = world.c
    budget = int(c.attention)
    lifetime = int(c.item_lifetime)
    oldest = world.counts[N_POSTS] - len(posts)  # older posts have given up their place
    mask = len(posts) - 1
    for reader in range(first_reader, end_reader):
        i = readers[reader]
        person = people[i]
        # Contacts' activity is perceived by looking, so only on days of reading.
        person.contact_activity = approach(person.contact_activity, share_visible_of(person), c.perception)
        first = reader * budget
        n = find_in_feed(person, i, feed, posts, items, first, budget, oldest, day - lifetime)
        since = max(person.last_read, day - lifetime)
        contacts = neighbors[offsets[i] : offsets[i + 1]]
        chosen = followed[i, : person.n_followed]
        for k in range(3):
            topic = interests[i, (day + k) % 3]  # no interest always comes first
            # with fewer than three communities interests coincide
            if k > 0 and topic == interests[i, day % 3]:
                continue
            if k > 1 and topic == interests[i, (day + 1) % 3]:
                continue
            place = n_wall[topic] % wall.shape[1]
            for _ in range(min(n_wall[topic], wall.shape[1])):
                if n >= budget:
                    break
                place = place - 1 if place > 0 else wall.shape[1] - 1
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
        person.last_read = day


@compiled
def find_in_feed(
    person: Any,
    i: int,
    feed: np.ndarray,
    posts: Any,
    items: np.ndarray,
    first: int,
    budget: int,
    oldest: int,
    first_day: int,
) -> int:
    """List what a reader takes from the feed into `items` from place `first` on; return how many items."""
    n = 0
    while n < budget and person.feed_count > 0:
        place = (person.feed_top - 1) % feed.shape[1]
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


@compiled
def take_from_unread(person: Any, kind: int) -> None:
    """Take one read item of `kind` from what pulls a person to the platform."""
    if kind == WORK:
        person.unread_work = max(0.0, person.unread_work - 1.0)
    elif kind == QUESTION:
        person.unread_question = max(0.0, person.unread_question - 1.0)
    else:
        person.unread_social = max(0.0, person.unread_social - 1.0)


@compiled
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


@compiled
def learn_from_reading(world: World, policy: Any, draws: Draws, day: int, row: int) -> None:
    """3. Learn from reading: readers find items, which change their frames, show who knows what, and who else is there."""
    find_items(world, policy, day, 0, world.counts[N_READERS])
    learn_from_items(world, policy, draws, day, row, 0, world.counts[N_READERS])


@compiled
def learn_from_items(
    world: World, policy: Any, draws: Draws, day: int, row: int, first_reader: int, end_reader: int
) -> None:
    """Let some of the readers learn from what they found: add counts to frames, notice experts, follow authors."""
    c, people, interests = world.c, world.people, world.interests
    posts, items, readers, n_items, tally = world.posts, world.items, world.readers, world.n_found, world.tally
    luck_of_day = draws.discover
    budget = int(c.attention)
    week = day // DAYS_PER_WEEK
    for reader in range(first_reader, end_reader):
        i = readers[reader]
        person = people[i]
        luck = uniform_from_bits(luck_of_day[row, i])
        n_found = n_items[reader]
        n_cross = 0
        for item in range(n_found):
            code = items[reader * budget + item]
            post = posts[code >> 1]
            add_evidence(person, post.kind, item_counts(post.team == person.team, c))
            n_cross += post.department != person.department
            if post.kind == WORK:
                notice_expert(person, interests, i, post.expert_topic)
            if code & 1 == 1:
                author = people[post.author]
                p = follow_probability(policy.is_open, author.trust, author.segmentation, c)
                if happens(luck, p):
                    follow(world, i, post.author)
                luck = unused_luck(luck, p)
        tally[week, ITEMS] += float(n_found)
        tally[week, CROSS_ITEMS] += float(n_cross)
        n_news = person.n_items - n_found
        if n_news > 0.0:
            add_evidence(person, NEWS, n_news * item_counts(False, c))


@compiled
def notice_expert(person: Any, interests: np.ndarray, i: int, expert_topic: int) -> None:
    """Let `person` (number `i`) remember an expert on `expert_topic` (-1: none), if it is a topic of theirs."""
    for k in range(3):
        if interests[i, k] == expert_topic:
            person.knows = person.knows | (1 << k)


@compiled
def expert_topic_of(person: Any, c: Any) -> int:
    """Return the topic on which others can know `person` as an expert, -1 if none."""
    if person.expertise >= c.expert_level:
        return person.expertise_topic
    return -1


@compiled
def follow(world: World, i: int, j: int) -> None:
    """Let `i` follow `j`, if there is room and they do not know each other already."""
    person, author = world.people[i], world.people[j]
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


@compiled
def decide_posting(world: World, policy: Any, draws: Draws, day: int, row: int) -> None:
    """4. Post? Each reader chooses among nothing, a work post, a question and a social post."""
    c, people, readers, luck_of_day = world.c, world.people, world.readers, draws.post
    n_posters = 0
    for reader in range(world.counts[N_READERS]):
        i = readers[reader]
        person = people[i]
        person.risk = risk_of(person, people, policy, c, day)
        luck = uniform_from_bits(luck_of_day[row, i])
        p_work, p_question, p_social = post_probabilities_of(person, people, policy, c, day, person.risk)
        kind = choose_post(luck, p_work, p_question, p_social)
        if kind == NOTHING:
            continue
        luck = luck_after_choice(luck, p_work, p_question, p_social, kind)
        world.posters[n_posters] = i
        world.kinds[n_posters] = kind
        world.topics[n_posters] = world.interests[i, topic_position(kind, luck, person.own_position, c)]
        n_posters += 1
    world.counts[N_POSTERS] = n_posters


@compiled
def respond(world: World, policy: Any, draws: Draws, day: int, row: int) -> None:
    """5. Respond: readers reply and react to what they read; experts answer questions."""
    c, people, posts, items, readers = world.c, world.people, world.posts, world.items, world.readers
    n_found, luck_of_day = world.n_found, draws.respond
    budget = int(c.attention)
    for reader in range(world.counts[N_READERS]):
        i = readers[reader]
        person = people[i]
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
                p = answer_probability(match, person.trust, person.risk, policy.appraisal, c)
                if happens(luck, p):
                    answer(world, i, slot, match, day)
                luck = unused_luck(luck, p)
                continue
            is_contact = code & 1 == 0
            if 2 * post.kind + (code & 1) != same_as:
                same_as = 2 * post.kind + (code & 1)
                p_respond = respond_probability(
                    share_of_kind(person, post.kind),
                    is_contact,
                    post.kind == SOCIAL_POST,
                    person.inclination,
                    person.segmentation,
                    person.risk,
                    c,
                )
            responds = happens(luck, p_respond)
            luck = unused_luck(luck, p_respond)
            if responds:
                in_words = happens(luck, c.reply_share)
                luck = unused_luck(luck, c.reply_share)
                if in_words:
                    reply(world, i, slot, day)
                else:
                    react(world, i, slot, day)


@compiled
def reply(world: World, i: int, slot: int, day: int) -> None:
    """Let `i` reply to the post at `slot`."""
    person, post = world.people[i], world.posts[slot]
    if post.n_replies == 0:
        # Counted for the week of the post, so that the reply rate follows posts, not replies.
        world.tally[post.day // DAYS_PER_WEEK, REPLIED_POSTS] += 1.0
    post.n_replies += 1
    world.tally[day // DAYS_PER_WEEK, REPLIES] += 1.0
    world.people[post.author].received_replies += 1
    person.n_replies += 1
    person.last_active = day


@compiled
def react(world: World, i: int, slot: int, day: int) -> None:
    """Let `i` react to the post at `slot` without words."""
    person = world.people[i]
    world.tally[day // DAYS_PER_WEEK, REACTIONS] += 1.0
    world.people[world.posts[slot].author].received_reactions += 1
    person.n_reactions += 1
    person.last_active = day


@compiled
def answer(world: World, i: int, slot: int, match: float, day: int) -> None:
    """Let `i` answer the question at `slot`: a reply that adds knowledge and shows who knows."""
    post = world.posts[slot]
    week = day // DAYS_PER_WEEK
    if post.answered < 0:
        post.answered = day
        world.tally[post.day // DAYS_PER_WEEK, ANSWERED_QUESTIONS] += 1.0
        world.tally[week, ANSWERS] += 1.0
        world.tally[week, DAYS_TO_ANSWER] += float(day - post.day)
    reply(world, i, slot, day)
    world.knowledge[post.topic] += knowledge_added(match, world.c)
    expert_topic = expert_topic_of(world.people[i], world.c)
    notice_expert(world.people[post.author], world.interests, post.author, expert_topic)


@compiled
def publish_posts(world: World, policy: Any, day: int) -> None:
    """6a. The posts of today appear on the platform; authors silent for long no longer count as active."""
    world.first_post[day] = world.counts[N_POSTS]
    for poster in range(world.counts[N_POSTERS]):
        publish(world, policy, world.posters[poster], world.kinds[poster], world.topics[poster], day)
    world.first_post[day + 1] = world.counts[N_POSTS]
    # Who last posted so long ago is found among the authors of that day.
    silent_since = day + 1 - math.ceil(world.c.visible_days)
    if silent_since < 0:
        return
    people, posts = world.people, world.posts
    for number in range(world.first_post[silent_since], world.first_post[silent_since + 1]):
        author = posts[number & (len(posts) - 1)].author
        if people[author].last_post == silent_since:
            set_visible(world, policy, author, False)


@compiled
def remember_knowledge(knowledge: np.ndarray, c: Any) -> None:
    """6b. Knowledge loses some of its worth."""
    for topic in range(len(knowledge)):
        knowledge[topic] *= 1.0 - c.knowledge_decay


@compiled
def remember_day(person: Any, policy: Any, c: Any, day: int) -> None:
    """Let someone remember the day: habit, feedback, belonging, certainty and the pull of unread items move."""
    did_read, n_items = 0.0, 0.0
    if person.last_read == day:
        did_read, n_items = 1.0, person.n_items
    person.habit = approach(person.habit, did_read, c.habit_weight)
    person.feedback = remember_feedback(person.feedback, person.received_replies, person.received_reactions, c)
    person.cohesion = approach(person.cohesion, belonging_today(person.casual, n_items, c), c.cohesion_weight)
    person.frame_social = forget(person.frame_social, c)
    person.frame_collaboration = forget(person.frame_collaboration, c)
    person.frame_broadcast = forget(person.frame_broadcast, c)
    kept = 1.0 - c.unread_decay
    person.unread_work *= kept
    person.unread_question *= kept
    person.unread_social *= kept
    person.unread_news = person.unread_news * kept + policy.announcements / DAYS_PER_WEEK
    person.received_replies = 0
    person.received_reactions = 0
    person.reached = 0


@compiled
def remember(world: World, policy: Any, day: int) -> None:
    """6. Remember: the posts of today are published; then memories of knowledge, people and habits move."""
    publish_posts(world, policy, day)
    remember_knowledge(world.knowledge, world.c)
    people, c = world.people, world.c
    for i in range(len(people)):
        person = people[i]
        if person.access_day <= day:
            remember_day(person, policy, c, day)


@compiled
def set_visible(world: World, policy: Any, i: int, becomes_visible: bool) -> None:
    """Let the contacts of `i` count `i` as active, or no longer."""
    people, offsets, neighbors, accepted = world.people, world.offsets, world.neighbors, world.accepted
    person = people[i]
    step = -1
    person.visible = 0
    if becomes_visible:
        step = 1
        person.visible = 1
    for e in range(offsets[i], offsets[i + 1]):
        if policy.is_open > 0.5 or accepted[e] == 1:
            contact = people[neighbors[e]]
            contact.n_active_contacts += step


@compiled
def recount_active_contacts(world: World, policy: Any) -> None:
    """Count everyone's active contacts anew, after following has changed from open to approval or back."""
    people = world.people
    for i in range(len(people)):
        person = people[i]
        person.n_active_contacts = 0
    for i in range(len(people)):
        if people[i].visible == 1:
            set_visible(world, policy, i, True)


@compiled
def publish(world: World, policy: Any, i: int, kind: int, topic: int, day: int) -> None:
    """Put a post of `i` on the platform: into the feeds of contacts and followers and onto its community."""
    c, people, feed, neighbors, accepted = world.c, world.people, world.feed, world.neighbors, world.accepted
    person = people[i]
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
            contact = people[j]
            contact.n_active_contacts += newly_visible
            deliver(contact, feed, j, number, kind, day)
    link = person.first_follower
    while link >= 0:
        j = world.follower[link]
        deliver(people[j], feed, j, number, kind, day)
        link = world.next_follower[link]
    # Moderators keep leisure talk out of the communities; it still reaches those who follow its author.
    if not (kind == SOCIAL_POST and policy.moderation > 0.5):
        world.wall[topic, world.n_wall[topic] % world.wall.shape[1]] = number
        world.n_wall[topic] += 1


@compiled
def count_post(person: Any, kind: int, day: int) -> None:
    """Count a post of `person`."""
    if kind == WORK:
        person.n_work_posts += 1
    elif kind == QUESTION:
        person.n_questions += 1
    else:
        person.n_social_posts += 1
    person.last_post = day
    person.last_active = day


@compiled
def deliver(person: Any, feed: np.ndarray, j: int, number: int, kind: int, day: int) -> None:
    """Put post `number` on top of the feed of `person` (number `j`); a full feed loses its oldest item."""
    if person.access_day > day:
        return
    n_places = feed.shape[1]
    feed[j, person.feed_top] = number
    person.feed_top = (person.feed_top + 1) % n_places
    person.feed_count = min(person.feed_count + 1, n_places)
    if kind == WORK:
        person.unread_work += 1.0
    elif kind == QUESTION:
        person.unread_question += 1.0
    else:
        person.unread_social += 1.0


# --- the day --------------------------------------------------------------------------------------------------------


@compiled
def one_day(world: World, policy: Any, draws: Draws, day: int, row: int) -> None:
    """Run one working day; `row` is the row of the day in `draws`."""
    launch(world, policy, draws, day, row)
    decide_reading(world, policy, draws, day, row)
    learn_from_reading(world, policy, draws, day, row)
    decide_posting(world, policy, draws, day, row)
    respond(world, policy, draws, day, row)
    remember(world, policy, day)


@compiled
def sleep_and_decide(
    world: World, policy: Any, draws: Draws, day: int, row: int, had_day_before: bool, first: int, end: int
) -> None:
    """Let some employees remember the day before, hear the launch and decide whether to read, in one pass."""
    people, c, readers = world.people, world.c, world.readers
    knowledge, interests = world.knowledge, world.interests
    has_message, messages, luck = is_message_day(policy, day), draws.campaign, draws.read
    n_readers = world.counts[N_READERS]
    for i in range(first, end):
        person = people[i]
        if person.access_day > day:
            continue
        if had_day_before and person.access_day < day:
            remember_day(person, policy, c, day - 1)
        if has_message:
            receive_message(person, policy, c, messages[row, i], day)
        if wants_to_read(person, knowledge_of(knowledge, interests, i), policy, c, luck[row, i]):
            readers[n_readers] = i
            n_readers += 1
    world.counts[N_READERS] = n_readers


CACHE_LINE = 64  # bytes
TOGETHER = 2048  # employees dealt with at a time, so that what is known of them stays in the processor's cache


@compiled
def fetch_ahead(world: World, first_reader: int, end_reader: int) -> None:
    """Touch what some readers will need, so that memory answers many requests in the time of one.

    It changes nothing: the sum is only kept so that the compiler does not leave the reading out. A sixth of the time of a
    run of 100,000.
    """
    people, readers, offsets, neighbors = world.people, world.readers, world.offsets, world.neighbors
    feed, followed = world.feed, world.followed
    step = CACHE_LINE // 4
    touched = 0
    for reader in range(first_reader, end_reader):
        i = readers[reader]
        person = people[i]
        touched += person.n_followed + person.feed_top
        for e in range(offsets[i], offsets[i + 1], step):
            touched += neighbors[e]
        if feed.shape[1] > 0:
            touched += feed[i, 0] + feed[i, feed.shape[1] - 1]
        if followed.shape[1] > 0:
            touched += followed[i, 0]
    world.counts[N_TOUCHED] = touched


@compiled
def start_day(world: World, policy: Any, draws: Draws, day: int, row: int, had_day_before: bool) -> None:
    """Run the steps in which nobody looks at anybody else, for some employees at a time.

    The same as the last part of `remember` for the day before (if it is still to be done), then `launch`,
    `decide_reading` and `learn_from_reading`, but every employee's state is fetched once instead of four times.
    """
    world.counts[N_READERS] = 0
    n_people = len(world.people)
    for first in range(0, n_people, TOGETHER):
        first_reader = world.counts[N_READERS]
        sleep_and_decide(world, policy, draws, day, row, had_day_before, first, min(first + TOGETHER, n_people))
        fetch_ahead(world, first_reader, world.counts[N_READERS])
        find_items(world, policy, day, first_reader, world.counts[N_READERS])
        learn_from_items(world, policy, draws, day, row, first_reader, world.counts[N_READERS])


@compiled
def run_days(world: World, policy: Any, draws: Draws, first_day: int, n_days: int) -> None:
    """Run `n_days` days of one week, the first being `first_day`; `draws` has a row for each.

    The same numbers as `one_day` for each day, in fewer passes over the employees.
    """
    for row in range(n_days):
        day = first_day + row
        start_day(world, policy, draws, day, row, row > 0)
        decide_posting(world, policy, draws, day, row)
        respond(world, policy, draws, day, row)
        if row < n_days - 1:
            publish_posts(world, policy, day)
            remember_knowledge(world.knowledge, world.c)
        else:
            remember(world, policy, day)
