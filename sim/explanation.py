"""Why one employee did or did not read and post in one week: the terms of each decision, and what would have changed it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from sim.behavior.frame import transfer_share
from sim.behavior.numbers import approach, happens, uniform_from_bits
from sim.behavior.posting import (
    NOTHING,
    QUESTION,
    SOCIAL_POST,
    WORK,
    PostTerms,
    choose_post,
    is_watching,
    post_probabilities,
    post_utilities,
    social_allowed,
    visibility_risk,
)
from sim.behavior.reading import ReadTerms, effort, expected_value, read_probability, read_utility
from sim.engine import (
    decide_posting,
    decide_reading,
    knowledge_of,
    launch,
    learn_from_reading,
    p_prompt_of,
    post_terms_of,
    read_terms_of,
    remember,
    respond,
    risk_of,
    share_social_of,
)
from sim.simulation import Simulation
from sim.state import DAYS_PER_WEEK

KINDS = {NOTHING: "nothing", WORK: "work post", QUESTION: "question", SOCIAL_POST: "social post"}


class WhatIf(NamedTuple):
    """One thing that could have been different, all else and the luck of the day equal.

    Attributes
    ----------
    change : str
        Key of what is different, such as ``trained``.
    p : float
        Probability of reading, or of posting anything, in that case.
    would_have : bool
        Whether the employee would have read, or posted, in that case.
    """

    change: str
    p: float
    would_have: bool


class ReadingExplained(NamedTuple):
    """The decision whether to read on one day."""

    terms: dict[str, float]  # logits; they add up to `utility`
    utility: float
    p_prompt: float
    p: float
    draw: float
    did_read: bool
    what_if: list[WhatIf]


class PostingExplained(NamedTuple):
    """The decision whether and what to post on a day of reading."""

    terms: dict[str, float]  # logits: those for any post, then those for each kind
    utilities: dict[str, float]  # work, question, social
    probabilities: dict[str, float]
    may_be_social: bool
    draw: float
    chosen: str
    what_if: list[WhatIf]


class DayExplained(NamedTuple):
    """One day of one employee; `reading` is None without access, `posting` is None without reading."""

    day: int
    has_access: bool
    n_items: float
    reading: ReadingExplained | None
    posting: PostingExplained | None


class WeekExplained(NamedTuple):
    """One week of one employee."""

    employee: int
    week: int  # counted from 1
    person: dict[str, float]  # who this is, at the end of the week
    days: list[DayExplained]


def explain_week(simulation: Simulation, employee: int, week: int) -> WeekExplained:
    """Run `simulation` to the end of a week and explain what one employee decided on each of its days.

    Parameters
    ----------
    simulation : Simulation
        Not yet beyond the start of the week; it is moved on.
    employee : int
        Position, 0 to N - 1.
    week : int
        Counted from 1.

    Raises
    ------
    ValueError
        If there is no such employee or week, or the simulation is already past its start.
    """
    if not 0 <= employee < simulation.n_employees:
        raise ValueError(f"employee {employee}: allowed are 0 to {simulation.n_employees - 1}")
    if not 1 <= week <= simulation.n_weeks:
        raise ValueError(f"week {week}: allowed are 1 to {simulation.n_weeks}")
    if simulation.day > (week - 1) * DAYS_PER_WEEK:
        raise ValueError(f"the simulation is already past the start of week {week}")
    simulation.run(until_week=week - 1)
    days = [_explain_day(simulation, employee) for _ in range(DAYS_PER_WEEK)]
    row = simulation.table[employee]
    person = {name: row[name].item() for name in simulation.table.dtype.names}
    return WeekExplained(employee, week, person, days)


def _explain_day(simulation: Simulation, i: int) -> DayExplained:
    """Run one day step by step, looking at employee `i` just before each decision."""
    simulation.begin_day()
    world, policy, day = simulation.world, simulation.policy_row, simulation.day
    draws = simulation.draws(day, 1)
    launch(world, policy, draws, day, 0)
    has_access = bool(simulation.table["access_day"][i] <= day)
    reading = _reading(simulation, i, uniform_from_bits(int(draws.read[0, i]))) if has_access else None
    decide_reading(world, policy, draws, day, 0)
    learn_from_reading(world, policy, draws, day, 0)
    posting = None
    if reading is not None and reading.did_read:
        posting = _posting(simulation, i, uniform_from_bits(int(draws.post[0, i])))
    n_items = float(simulation.table["n_items"][i]) if posting is not None else 0.0
    decide_posting(world, policy, draws, day, 0)
    respond(world, policy, draws, day, 0)
    remember(world, policy, day)
    simulation.end_days(1)
    return DayExplained(day, has_access, n_items, reading, posting)


def _reading(simulation: Simulation, i: int, draw: float) -> ReadingExplained:
    world, policy, c = simulation.world, simulation.policy_row, simulation.world.c
    person = world.people[i]
    row = simulation.table[i]
    known = knowledge_of(world.knowledge, world.interests, i)
    terms = ReadTerms(*read_terms_of(person, known, policy, c))
    p_prompt = p_prompt_of(person, c)
    utility = read_utility(terms)
    p = read_probability(utility, p_prompt)
    total = row["frame_social"] + row["frame_collaboration"] + row["frame_broadcast"]
    familiarity_effort = (
        terms.effort if row["trained"] else -c.read_effort * effort(_familiarity(simulation, i), 1.0, c)
    )
    cases = {
        "trained": terms._replace(effort=familiarity_effort),
        "contacts_active": terms._replace(connective=c.read_connective, conformity=0.0),
        "habit": terms._replace(habit=c.read_habit),
        "much_knowledge": terms._replace(
            communal=c.read_communal * row["frame_collaboration"] / total * expected_value(1e6, 1.0, c)
        ),
        "seen_as_collaboration": terms._replace(
            communal=c.read_communal * expected_value(known + row["unread_work"] + row["unread_question"], 1.0, c),
            news=0.0,
            fun=0.0,
            inappropriate=0.0,
        ),
        "integrated": terms._replace(integration=c.read_integration),
        "not_forced": terms._replace(reactance=0.0),
    }
    what_if = [_read_case(name, read_utility(ReadTerms(*case)), p_prompt, draw) for name, case in cases.items()]
    prompted = 1.0 - (1.0 - p_prompt) * (1.0 - c.campaign_prompt)
    what_if.append(_read_case("campaign_message", utility, prompted, draw))
    return ReadingExplained(
        {name: float(value) for name, value in terms._asdict().items()},
        float(utility), float(p_prompt), float(p), draw, bool(happens(draw, p)), what_if,
    )  # fmt: skip


def _familiarity(simulation: Simulation, i: int) -> float:
    policy = simulation.policies[simulation.week]
    carried = transfer_share(policy.association, policy.clarity, simulation.world.c.projection)
    return float(carried * simulation.table["leisure_experience"][i])


def _read_case(name: str, utility: float, p_prompt: float, draw: float) -> WhatIf:
    p = read_probability(utility, p_prompt)
    return WhatIf(name, float(p), bool(happens(draw, p)))


def _posting(simulation: Simulation, i: int, draw: float) -> PostingExplained:
    world, policy, c, day = simulation.world, simulation.policy_row, simulation.world.c, simulation.day
    person, row = world.people[i], simulation.table[i]
    risk = risk_of(person, world.people, policy, c, day)
    terms = PostTerms(*post_terms_of(person, world.people, policy, c, day, risk))
    may_be_social = bool(social_allowed(policy.work_only, float(row["compliance"]), c))

    def probabilities(case: PostTerms) -> tuple[float, float, float]:
        p: tuple[float, float, float] = post_probabilities(*post_utilities(case), may_be_social, c.choice_noise)
        return p

    what_if = []
    for name, case in _post_cases(simulation, i, terms).items():
        p = probabilities(PostTerms(*case))
        what_if.append(WhatIf(name, float(sum(p)), choose_post(draw, *p) != NOTHING))
    p = probabilities(terms)
    work, question, social = post_utilities(terms)
    return PostingExplained(
        terms={name: float(value) for name, value in terms._asdict().items()},
        utilities={
            "work": float(work),
            "question": float(question),
            "social": float(social) if may_be_social else -math.inf,
        },
        probabilities=dict(zip(("work", "question", "social"), (float(one) for one in p), strict=True)),
        may_be_social=may_be_social,
        draw=draw,
        chosen=KINDS[int(choose_post(draw, *p))],
        what_if=what_if,
    )


def _post_cases(simulation: Simulation, i: int, terms: PostTerms) -> dict[str, Any]:
    """Return the terms as they would be if one thing were different."""
    policy, c, row = simulation.policies[simulation.week], simulation.world.c, simulation.table[i]
    share_social = float(share_social_of(simulation.world.people[i]))
    watching = 0.0
    manager = int(row["manager"])
    if manager >= 0:
        in_audience = policy.is_open > 0.5 or int(row["manager_accepted"]) == 1
        days_since_read = simulation.day - int(simulation.table["last_read"][manager])
        watching = is_watching(days_since_read, in_audience, c)

    def risk(watching: float, restriction: float, guidance: float) -> float:
        felt: float = visibility_risk(watching, float(row["trust"]), share_social, restriction, guidance, c)
        return -c.post_risk * felt

    answered = approach(float(row["feedback"]), 1.0, c.feedback_gain)
    return {
        "trained": terms
        if row["trained"]
        else terms._replace(effort=-c.post_effort * effort(_familiarity(simulation, i), 1.0, c)),
        "contacts_active": terms._replace(peers=c.post_peers, conformity=0.0),
        "manager_posts": terms._replace(leader=c.post_leader),
        "manager_does_not_look": terms._replace(risk=risk(0.0, policy.restriction, policy.guidance)),
        "no_restriction": terms._replace(risk=risk(watching, 0.0, policy.guidance)),
        "full_guidance": terms._replace(
            risk=risk(watching, policy.restriction, 1.0),
            work_guidance=c.post_guidance,
            question_guidance=c.post_guidance,
        ),
        "had_a_reply": terms._replace(feedback=c.post_feedback * answered),
        "appraisal_rewards": terms._replace(work_appraisal=c.post_appraisal, question_appraisal=c.post_appraisal),
        "seen_as_collaboration": terms._replace(
            risk=-c.post_risk * c.risk_restriction * policy.restriction,
            broadcast=0.0,
            work_frame=c.post_frame,
            question_frame=c.post_frame,
            social_frame=0.0,
        ),
        "not_forced": terms._replace(reactance=0.0),
    }
