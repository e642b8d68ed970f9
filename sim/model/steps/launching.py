"""1. Launch: the announcement before the first day, and the messages of the campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.kernel.compiled import step
from sim.kernel.tables import row_of
from sim.model.rules.frame import credibility, initial_frame, message_counts, reactance, update_frame
from sim.model.rules.numbers import happens, uniform_from_bits
from sim.model.rules.posting import post_chances
from sim.model.rules.reading import read_terms, read_utility, willingness
from sim.model.state import DAYS_PER_WEEK, Draws, Policy, World
from sim.model.steps.inputs import end_of_people, posting_situation, reading_situation, skill_of, track_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.views import Coefficients, Person


@step
def update_stance(world: World, policies: Sequence[Policy]) -> None:
    """Set everyone's reactance to wording and mandate, and skill; called whenever a policy changes."""
    first = 0
    while first < world.people.n_rows:
        end = end_of_people(world, first)
        update_stance_of(world, policies[track_of(world, first)], first, end)
        first = end


@step
def update_stance_of(world: World, policy: Policy, first: int, end: int) -> None:
    """Set reactance and skill of the employees from `first` to `end`."""
    people, c = world.people, world.c
    for i in range(first, end):
        person = row_of(people, i)
        person.resistance = reactance(policy.wording_threat, policy.mandate, person.trust, c)
        if c.ease > 0.0:
            person.skill = skill_of(person, world.leisure_scale, policy, c)


@step
def take_in_message(person: Person, policy: Policy, c: Coefficients, weight: float) -> None:
    """Let someone take in a message of the launch: counts for what it says the platform is for."""
    belief = credibility(person.trust, policy.support, c)
    counts = message_counts(weight, policy.clarity, belief, person.resistance)
    person.frame_social = update_frame(person.frame_social, counts * policy.message_social)
    person.frame_collaboration = update_frame(person.frame_collaboration, counts * policy.message_collaboration)
    person.frame_broadcast = update_frame(person.frame_broadcast, counts * policy.message_broadcast)


@step
def form_frames(world: World, policy: Policy) -> None:
    """Let everyone form a first frame from what they have experienced, and take in what they are told."""
    people, c = world.people, world.c
    update_stance_of(world, policy, 0, people.n_rows)
    for i in range(people.n_rows):
        person = row_of(people, i)
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
        take_in_message(person, policy, c, c.message_weight)


@step
def state_willingness(world: World, policy: Policy) -> None:
    """Let everyone state how willing they are to come of their own accord, and to post, before anything was seen."""
    people, c = world.people, world.c
    for i in range(people.n_rows):
        person = row_of(people, i)
        p_work, p_question, p_social = post_chances(posting_situation(person, people, policy, c, 0), c)
        person.intention_post = p_work + p_question + p_social
        person.intention = willingness(read_utility(read_terms(reading_situation(person, policy, c), c)))


@step
def announce(world: World, policy: Policy) -> None:
    """Announce the platform: first frames, and the willingness to use it that people state before they have seen it."""
    form_frames(world, policy)
    state_willingness(world, policy)


@step
def is_message_day(policy: Policy, day: int) -> bool:
    """Return whether campaign messages go out today: on the first day of a week."""
    return day % DAYS_PER_WEEK == 0 and policy.campaign_reach > 0.0


@step
def receive_message(person: Person, policy: Policy, c: Coefficients, bits: int, day: int) -> None:
    """Let the campaign message of this week reach someone, by chance, while their campaign lasts."""
    week = day // DAYS_PER_WEEK
    start = max(float(person.access_day // DAYS_PER_WEEK), policy.campaign_start)
    if week < start or week >= start + policy.campaign_weeks:
        return
    if happens(uniform_from_bits(bits), policy.campaign_reach):
        person.reached = 1
        person.aware = 1
        take_in_message(person, policy, c, c.message_weight)


@step
def send_messages(world: World, policy: Policy, draws: Draws, day: int, row: int, first: int, end: int) -> None:
    """Let the messages of today reach a random part of the employees from `first` to `end` who have access."""
    people, c, luck = world.people, world.c, draws.campaign
    if not is_message_day(policy, day) or len(luck) == 0:
        return
    week = row // DAYS_PER_WEEK  # of those that are drawn
    for i in range(first, end):
        person = row_of(people, i)
        if person.access_day <= day:
            receive_message(person, policy, c, luck[week, i], day)


@step
def launch(world: World, policies: Sequence[Policy], draws: Draws, day: int, row: int) -> None:
    """1. Launch: campaign messages reach a random part of those with access, once a week while their campaign lasts."""
    first = 0
    while first < world.people.n_rows:
        end = end_of_people(world, first)
        send_messages(world, policies[track_of(world, first)], draws, day, row, first, end)
        first = end
