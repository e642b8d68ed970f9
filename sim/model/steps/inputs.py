"""What one employee's situation looks like to the rules: the state, turned into the numbers that they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.kernel.compiled import inlined, step
from sim.kernel.tables import row_of
from sim.model.rules.frame import commitment, leader_role, transfer_share
from sim.model.rules.posting import (
    SOCIAL_POST,
    PostTerms,
    is_visible,
    is_watching,
    kind_fit,
    mix_level,
    post_probabilities,
    post_terms,
    post_utilities,
    reward,
    social_allowed,
    visibility_risk,
)
from sim.model.rules.reading import (
    ReadTerms,
    ease_of_use,
    presence,
    prompt_probability,
    read_terms,
    skill_with_platforms,
    standardized,
)
from sim.model.state import DAYS_PER_WEEK, People, Policy

if TYPE_CHECKING:
    from sim.views import Coefficients, Person


@step
def skill_of(person: Person, leisure_scale: np.ndarray, policy: Policy, c: Coefficients) -> float:
    """Return someone's skill with such platforms under the present policy."""
    carried = transfer_share(policy.association, policy.clarity)
    familiarity = standardized(carried * person.leisure_experience, leisure_scale[0], leisure_scale[1])
    return skill_with_platforms(familiarity, person.own_skill, c)


@step
def share_social_of(person: Person) -> float:
    """Return the share of the social meaning in someone's frame."""
    return person.frame_social / (person.frame_social + person.frame_collaboration + person.frame_broadcast)


@step
def commitment_of(person: Person, c: Coefficients) -> float:
    """Return how far someone, as a leader, follows the official line [0-1]."""
    return commitment(share_social_of(person), person.resistance, c)


@inlined
def share_visible_of(person: Person) -> float:
    """Return the share of someone's contacts who posted lately, 0 without contacts."""
    if person.n_contacts == 0:
        return 0.0
    return person.n_active_contacts / person.n_contacts


@step
def knowledge_of(knowledge: np.ndarray, interests: np.ndarray, i: int) -> float:
    """Return the knowledge on the topics of interest of `i`, in items of an expert; mean of the three."""
    return (knowledge[interests[i, 0]] + knowledge[interests[i, 1]] + knowledge[interests[i, 2]]) / 3.0


@inlined
def read_terms_of(person: Person, policy: Policy, c: Coefficients) -> ReadTerms:
    """Return the terms of the utility of reading as things stand.

    Columns of mechanisms that are off are not even fetched: this is done for everybody on every day.
    """
    total = person.frame_social + person.frame_collaboration + person.frame_broadcast
    share_social = person.frame_social / total
    committed = commitment(share_social, person.resistance, c)
    return read_terms(
        share_social,
        person.frame_collaboration / total,
        person.frame_broadcast / total,
        person.habit,
        person.contact_activity,
        person.remote_share,
        person.segmentation,
        person.resistance,
        leader_role(person.level, policy.participation, committed),
        person.reading_inclination,
        person.skill if c.ease > 0.0 else 0.0,
        float(person.trained) if c.ease > 0.0 else 0.0,
        person.expected_work if c.worth_learning > 0.0 else c.expectation,
        person.expected_fun if c.worth_learning > 0.0 else c.expectation,
        person.expected_news if c.worth_learning > 0.0 else c.expectation,
        policy.integration,
        policy.mandate,
        policy.work_only,
        c,
    )


@inlined
def presence_of(person: Person, policy: Policy, c: Coefficients) -> float:
    """Return how far the platform is on someone's mind [0-1]."""
    return presence(float(person.aware), policy.integration, policy.mandate, c)


@inlined
def p_prompt_of(person: Person, c: Coefficients) -> float:
    """Return the probability that something from outside brings the platform to mind today."""
    return prompt_probability(float(person.reached), share_visible_of(person), c)


@step
def risk_of(person: Person, people: People, policy: Policy, c: Coefficients, day: int) -> float:
    """Return the risk that someone feels in being seen on the platform."""
    watching = 0.0
    if person.manager >= 0:
        in_audience = policy.is_open > 0.5 or person.manager_accepted == 1
        watching = is_watching(day - row_of(people, person.manager).last_read, in_audience, c)
    return visibility_risk(
        watching, person.trust, share_social_of(person), policy.restriction, policy.guidance, policy.moderation, c
    )


@step
def reward_of(policy: Policy, c: Coefficients, day: int) -> float:
    """Return what appraisal counts on a day."""
    return reward(policy.appraisal, (day - DAYS_PER_WEEK * policy.appraisal_start) / DAYS_PER_WEEK, c)


@step
def post_terms_of(person: Person, people: People, policy: Policy, c: Coefficients, day: int, risk: float) -> PostTerms:
    """Return the terms of the utilities of posting as things stand."""
    own_commitment = commitment_of(person, c)
    if person.manager >= 0:
        manager = row_of(people, person.manager)
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
        person.skill,
        float(person.trained),
        risk,
        person.resistance,
        person.segmentation,
        person.trust,
        person.expertise,
        policy.guidance,
        policy.appraisal,
        reward_of(policy, c, day),
        c,
    )


@step
def post_probabilities_of(
    person: Person, people: People, policy: Policy, c: Coefficients, day: int, risk: float
) -> tuple[float, float, float]:
    """Return the probabilities of a work post, a question and a social post on a day of reading."""
    work, question, social = post_utilities(post_terms_of(person, people, policy, c, day, risk))
    may_be_social = social_allowed(policy.work_only, person.compliance, c)
    return post_probabilities(work, question, social, may_be_social)


@step
def fit_of(person: Person, kind: int, c: Coefficients) -> float:
    """Return the push towards posts of `kind` that someone's frame gives, in logits."""
    total = person.frame_social + person.frame_collaboration + person.frame_broadcast
    share_social, share_collaboration = person.frame_social / total, person.frame_collaboration / total
    level = mix_level(share_social, share_collaboration, c)
    return kind_fit(share_social if kind == SOCIAL_POST else share_collaboration, level, c)


@step
def ease_of(person: Person, c: Coefficients) -> float:
    """Return the push of knowing how, in logits."""
    return ease_of_use(person.skill, float(person.trained), c)
