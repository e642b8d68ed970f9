"""What one employee's situation looks like on one day, as plain numbers that can be changed to ask "what if".

The terms made from a `Situation` are those that the engine makes: the same scalar rules, called with the same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.model.rules.frame import commitment, leader_role
from sim.model.rules.posting import (
    PostTerms,
    is_visible,
    is_watching,
    post_probabilities,
    post_terms,
    post_utilities,
    reward,
    social_allowed,
    visibility_risk,
)
from sim.model.rules.reading import (
    ReadTerms,
    heeded_probability,
    presence,
    prompt_probability,
    read_probability,
    read_terms,
    read_utility,
)
from sim.model.state import DAYS_PER_WEEK, PERSON
from sim.model.steps.inputs import knowledge_of, share_visible_of

if TYPE_CHECKING:
    from sim.model.simulation import Simulation
    from sim.views import Coefficients


class Situation(NamedTuple):
    """All that the decisions of one employee on one day depend on, but for the coefficients and luck.

    Shares and degrees lie in [0, 1], items and knowledge count in items; what is yes or no is 1 or 0.
    """

    # the person
    share_social: float
    share_collaboration: float
    share_broadcast: float
    trained: float
    habit: float
    remote_share: float
    segmentation: float
    trust: float
    expertise: float
    inclination: float  # standard normal
    reading_inclination: float  # standard normal
    expected_work: float  # worth expected of visits, by kind
    expected_fun: float
    expected_news: float
    skill: float  # with such platforms, standard normal
    champion: float
    feedback: float
    resistance: float
    level: int  # 0 staff, above it leaders
    compliance: float
    working_share: float  # of a full week
    # what is there to be found, and who is there
    knowledge: float
    unread_work: float  # questions among them
    unread_social: float
    unread_news: float
    contact_activity: float  # as last seen
    share_visible: float  # as it is
    reached: float  # by a campaign message today
    aware: float  # once trained, reached or there
    # one's own manager
    has_manager: float
    manager_posts: float
    manager_looks: float  # 1 if seen there lately; less if only imagined
    manager_commitment: float
    # the organization
    participation: float
    support: float
    integration: float
    mandate: float
    work_only: float
    restriction: float
    guidance: float
    moderation: float
    appraisal: float  # -1 to 1
    weeks_of_appraisal: float  # in which it has been what it is


class Chances(NamedTuple):
    """The chances of the three kinds of post on a day of reading."""

    work: float
    question: float
    social: float

    @property
    def any(self) -> float:
        """Chance of posting anything."""
        return self.work + self.question + self.social


def situation_of(simulation: Simulation, i: int) -> Situation:
    """Return the situation of employee `i` at this moment of the present day."""
    world, policy, row = simulation.world, simulation.policy_of(i), simulation.table[i]
    person = {name: row[name].item() for name, _ in PERSON}
    total = person["frame_social"] + person["frame_collaboration"] + person["frame_broadcast"]
    posts, looks, committed = _manager(simulation, person)
    taken_over = (
        "trained", "habit", "remote_share", "segmentation", "trust", "expertise", "inclination", "reading_inclination",
        "expected_work", "expected_fun", "expected_news", "skill", "champion", "feedback", "resistance", "level",
        "compliance", "working_share", "unread_social", "unread_news", "contact_activity",
    )  # fmt: skip
    return Situation(
        **{name: person[name] for name in taken_over},
        share_social=person["frame_social"] / total,
        share_collaboration=person["frame_collaboration"] / total,
        share_broadcast=person["frame_broadcast"] / total,
        knowledge=float(knowledge_of(world.knowledge, world.interests, i)),
        unread_work=person["unread_work"] + person["unread_question"],
        share_visible=float(share_visible_of(simulation.table.view(i))),
        reached=float(person["reached"]),
        aware=float(person["aware"]),
        has_manager=float(person["manager"] >= 0),
        manager_posts=posts,
        manager_looks=looks,
        manager_commitment=committed,
        participation=policy.participation,
        support=policy.support,
        integration=policy.integration,
        mandate=policy.mandate,
        work_only=policy.work_only,
        restriction=policy.restriction,
        guidance=policy.guidance,
        moderation=policy.moderation,
        appraisal=policy.appraisal,
        weeks_of_appraisal=(simulation.day - DAYS_PER_WEEK * policy.appraisal_start) / DAYS_PER_WEEK,
    )


def _manager(simulation: Simulation, person: dict[str, float]) -> tuple[float, float, float]:
    """Return whether the manager has posted lately, looks on, and how far he or she is committed; zeros if none."""
    if person["manager"] < 0:
        return 0.0, 0.0, 0.0
    c, day = simulation.world.c, simulation.day
    manager = simulation.table[int(person["manager"])]
    in_audience = simulation.policies[simulation.week].is_open > 0.5 or person["manager_accepted"] == 1
    total = manager["frame_social"] + manager["frame_collaboration"] + manager["frame_broadcast"]
    return (
        float(is_visible(day - int(manager["last_post"]), c)),
        float(is_watching(day - int(manager["last_read"]), in_audience, c)),
        float(commitment(float(manager["frame_social"] / total), float(manager["resistance"]), c)),
    )


def role_in(s: Situation, c: Coefficients) -> float:
    """Return how strongly one feels expected to take part as a leader [0-1]."""
    return float(leader_role(s.level, s.participation, commitment(s.share_social, s.resistance, c)))


def risk_in(s: Situation, c: Coefficients) -> float:
    """Return the risk felt in being seen [0-3]."""
    return float(visibility_risk(s.manager_looks, s.trust, s.share_social, s.restriction, s.guidance, s.moderation, c))


def support_in(s: Situation, c: Coefficients) -> float:
    """Return the support of one's manager, or one's own at the top [0-1]."""
    if s.has_manager:
        return s.support * s.manager_commitment
    return float(s.support * commitment(s.share_social, s.resistance, c))


def read_terms_in(s: Situation, c: Coefficients) -> ReadTerms:
    """Return the terms of the utility of reading, as the engine computes them."""
    terms = read_terms(
        s.share_social,
        s.share_collaboration,
        s.share_broadcast,
        s.habit,
        s.contact_activity,
        s.remote_share,
        s.segmentation,
        s.resistance,
        role_in(s, c),
        s.reading_inclination,
        s.skill,
        s.trained,
        s.expected_work,
        s.expected_fun,
        s.expected_news,
        s.integration,
        s.mandate,
        s.work_only,
        c,
    )
    return ReadTerms(*map(float, terms))


def post_terms_in(s: Situation, c: Coefficients) -> PostTerms:
    """Return the terms of the utilities of posting, as the engine computes them."""
    terms = post_terms(
        s.share_social,
        s.share_collaboration,
        s.share_broadcast,
        s.contact_activity,
        s.manager_posts,
        support_in(s, c),
        role_in(s, c),
        s.feedback,
        s.inclination,
        s.champion,
        s.skill,
        s.trained,
        risk_in(s, c),
        s.resistance,
        s.segmentation,
        s.trust,
        s.expertise,
        s.guidance,
        s.appraisal,
        reward(s.appraisal, s.weeks_of_appraisal, c),
        c,
    )
    return PostTerms(*map(float, terms))


def presence_in(s: Situation, c: Coefficients) -> float:
    """Return how far the platform is on one's mind [0-1]."""
    return float(presence(s.aware, s.integration, s.mandate, c))


def p_prompt_in(s: Situation, c: Coefficients) -> float:
    """Return the chance that something from outside brings the platform to mind today."""
    return float(prompt_probability(s.reached, s.share_visible, c))


def p_read_in(s: Situation, c: Coefficients) -> float:
    """Return the chance of reading today, on which somebody who works part time may not be at work."""
    utility = read_utility(read_terms_in(s, c))
    return float(s.working_share * read_probability(utility, presence_in(s, c), heeded_in(utility, s, c)))


def heeded_in(utility: float, s: Situation, c: Coefficients) -> float:
    """Return the chance of being brought to the platform by a prompt that one follows."""
    return float(heeded_probability(utility, p_prompt_in(s, c), c))


def may_be_social_in(s: Situation, c: Coefficients) -> bool:
    """Return whether a social post is an option."""
    return bool(social_allowed(s.work_only, s.compliance, c))


def chances_in(s: Situation, c: Coefficients) -> Chances:
    """Return the chances of the kinds of post on a day of reading."""
    utilities = post_utilities(post_terms_in(s, c))
    return Chances(*map(float, post_probabilities(*utilities, may_be_social_in(s, c))))
