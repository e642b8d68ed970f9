"""Whether and what to post: nothing, a work post, a question or a social post (multinomial logit)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.kernel.compiled import compiled
from sim.model.rules.frame import commitment, leader_role
from sim.model.rules.numbers import gain
from sim.model.rules.reading import ease_of_use, majority_pressure

if TYPE_CHECKING:
    from sim.views import Coefficients

WORK, QUESTION, SOCIAL_POST, NEWS = 0, 1, 2, 3
NOTHING = -1


class PostingSituation(NamedTuple):
    """All that the decision whether and what to post depends on, but for coefficients and luck.

    Shares and degrees lie in [0, 1], inclination and skill are standard normal; what is yes or no is 1 or 0.
    """

    share_social: float
    share_collaboration: float
    share_broadcast: float
    contact_activity: float  # as last seen
    feedback: float
    inclination: float
    champion: float
    skill: float  # with such platforms
    trained: float
    resistance: float
    segmentation: float
    trust: float
    expertise: float
    compliance: float  # who draws little here complies with bans
    level: float  # 0 staff, above it leaders
    has_manager: float
    manager_posts: float
    manager_looks: float  # 1 if seen there lately; less if only imagined
    manager_commitment: float
    participation: float
    support: float
    work_only: float
    restriction: float
    guidance: float
    moderation: float
    appraisal: float  # -1 to 1
    weeks_of_appraisal: float  # in which it has been what it is


class PostTerms(NamedTuple):
    """The terms of the utility of posting, in logits.

    The first block counts for every kind of post; the second for the kind named, on top of it.
    """

    peers: float
    leader: float
    support: float
    role: float
    feedback: float
    inclination: float
    champion: float
    risk: float
    broadcast: float
    conformity: float
    reactance: float
    ease: float
    unease: float

    work_base: float
    work_guidance: float
    work_recognition: float
    work_appraisal: float
    work_mix: float

    question_base: float
    question_guidance: float
    question_need: float
    question_appraisal: float
    question_mix: float

    social_base: float
    social_boundary: float
    social_mix: float
    social_exposure: float


@compiled
def peer_signal(contact_activity: float, c: Coefficients) -> float:
    """Return the push of active contacts [0-1]; the exponent sets increasing or decreasing returns.

    At `c.peer_reference` active contacts the push is the same for every exponent, so that the shape changes and not the
    size where most people are.
    """
    if contact_activity <= 0.0:
        return 0.0
    return min(1.0, c.peer_reference * (contact_activity / c.peer_reference) ** c.peer_exponent)


@compiled
def is_watching(days_since_read: int, is_in_audience: bool, c: Coefficients) -> float:
    """Return how far the manager counts as looking on [0-1]: wholly if he or she sees one's posts and did look lately.

    Somebody who could look is imagined to do so, as far as people imagine their audience.
    """
    if not is_in_audience:
        return 0.0
    if days_since_read < c.watch_days:
        return 1.0
    return c.imagined_audience


@compiled
def is_visible(days_since_post: int, c: Coefficients) -> bool:
    """Return whether someone still counts as active in the eyes of others after their last post."""
    return days_since_post < c.visible_days


@compiled
def visibility_risk(
    boss_watching: float,
    trust: float,
    share_social: float,
    restriction: float,
    guidance: float,
    moderation: float,
    c: Coefficients,
) -> float:
    """Return the risk felt in being seen [0-3].

    A manager in the audience counts for those with little trust and those who take the platform for something
    personal; guidance on who can see what relieves that part; restriction and moderation add risk for everyone.
    """
    seen = c.frame_strength * boss_watching * (1.0 - trust) * share_social * (1.0 - c.risk_guidance * guidance)
    return seen + c.risk_restriction * restriction + c.risk_moderation * moderation


@compiled
def reward(appraisal: float, weeks: float, c: Coefficients) -> float:
    """Return how much appraisal counts [-1-1] after `weeks` weeks of it.

    Rewards work most while they are new, and more of them brings less and less; a penalty does not wear off.
    """
    size = abs(appraisal)
    if c.reward_half > 0.0:
        size = gain(size, c.reward_half)
    if appraisal < 0.0:
        return -size
    if c.reward_floor >= 1.0:
        return size
    novelty = math.exp(-math.log(2.0) * weeks / c.reward_half_life)
    return size * (c.reward_floor + (1.0 - c.reward_floor) * novelty)


@compiled
def posts_again(draw: float, c: Coefficients) -> bool:
    """Return whether someone who has just posted writes another post on the same day."""
    return draw < c.post_again


@compiled
def unease_of_writing(share_social: float, segmentation: float, c: Coefficients) -> float:
    """Return the unease, in logits, of writing anything on a platform that is not for work in one's eyes."""
    weight = c.frame_strength * c.unease_post * c.read_inappropriate
    return weight * share_social * (1.0 + c.read_segmentation * segmentation)


@compiled
def mix_level(share_social: float, share_collaboration: float, c: Coefficients) -> float:
    """Return what the push towards kinds of post that fit comes to over the three kinds, in logits."""
    pull = c.frame_strength * c.post_mix
    if pull == 0.0:  # the same as below, and quick
        return 0.0
    return math.log((2.0 * math.exp(pull * share_collaboration) + math.exp(pull * share_social)) / 3.0)


@compiled
def kind_fit(share_of_kind: float, fit_of_all: float, c: Coefficients) -> float:
    """Return the push, in logits, towards posts that speak to a share of one's frame, against that of all kinds."""
    return c.frame_strength * c.post_mix * share_of_kind - fit_of_all


@compiled
def felt_risk(s: PostingSituation, c: Coefficients) -> float:
    """Return the risk felt in being seen [0-3], as things stand."""
    return visibility_risk(s.manager_looks, s.trust, s.share_social, s.restriction, s.guidance, s.moderation, c)


@compiled
def backing(s: PostingSituation, c: Coefficients) -> float:
    """Return the support of one's manager [0-1]; at the top there is no one to look to but oneself."""
    if s.has_manager > 0.0:
        return s.support * s.manager_commitment
    return s.support * commitment(s.share_social, s.resistance, c)


@compiled
def post_terms(s: PostingSituation, c: Coefficients) -> PostTerms:
    """Return the terms of the utilities of posting today."""
    role = leader_role(s.level, s.participation, commitment(s.share_social, s.resistance, c))
    risk, reward_now = felt_risk(s, c), reward(s.appraisal, s.weeks_of_appraisal, c)
    fit_of_all = mix_level(s.share_social, s.share_collaboration, c)
    fits_work = kind_fit(s.share_collaboration, fit_of_all, c)
    fits_social = kind_fit(s.share_social, fit_of_all, c)
    return PostTerms(
        peers=c.peers * peer_signal(s.contact_activity, c),
        leader=c.leaders * s.manager_posts,
        support=c.leaders * backing(s, c),
        role=c.leaders * role,
        feedback=c.post_feedback * s.feedback,
        inclination=c.post_inclination * s.inclination,
        champion=c.leaders * s.champion,
        risk=-c.post_risk * risk,
        broadcast=-c.frame_strength * c.post_broadcast * s.share_broadcast,
        conformity=-c.conformity * majority_pressure(s.contact_activity),
        reactance=-c.reactance * s.resistance,
        ease=ease_of_use(s.skill, s.trained, c),
        unease=-unease_of_writing(s.share_social, s.segmentation, c),
        work_base=c.post_base,
        work_guidance=c.post_guidance * s.guidance,
        work_recognition=c.post_expertise * s.expertise * (1.0 - c.reward_crowding * max(0.0, s.appraisal)),
        work_appraisal=c.post_appraisal * reward_now,
        work_mix=fits_work,
        question_base=c.post_base + c.post_question,
        question_guidance=c.post_guidance * s.guidance,
        question_need=c.post_expertise * (1.0 - s.expertise) * s.trust,
        question_appraisal=c.post_appraisal * reward_now,
        question_mix=fits_work,
        social_base=c.post_base + c.post_social,
        social_boundary=-c.post_boundary * s.segmentation,
        social_mix=fits_social,
        social_exposure=-c.post_risk * c.risk_social * risk,
    )


@compiled
def post_utilities(terms: PostTerms) -> tuple[float, float, float]:
    """Return the utilities of a work post, a question and a social post, against 0 for nothing."""
    shared = (
        terms.peers
        + terms.leader
        + terms.support
        + terms.role
        + terms.feedback
        + terms.inclination
        + terms.champion
        + terms.risk
        + terms.broadcast
        + terms.conformity
        + terms.reactance
        + terms.ease
        + terms.unease
    )
    work = shared + (
        terms.work_base + terms.work_guidance + terms.work_recognition + terms.work_appraisal + terms.work_mix
    )
    question = shared + (
        terms.question_base
        + terms.question_guidance
        + terms.question_need
        + terms.question_appraisal
        + terms.question_mix
    )
    social = shared + (terms.social_base + terms.social_boundary + terms.social_mix + terms.social_exposure)
    return work, question, social


@compiled
def social_allowed(work_only: float, compliance_draw: float, c: Coefficients) -> bool:
    """Return whether social posts are an option: a ban on leisure talk binds those who comply."""
    return not (work_only > 0.5 and compliance_draw < c.compliance)


@compiled
def post_probabilities(work: float, question: float, social: float, may_be_social: bool) -> tuple[float, float, float]:
    """Return the probabilities of a work post, a question and a social post (multinomial logit).

    Who keeps to a ban on leisure talk writes nothing where he or she would have written a social post: what is banned
    does not turn into work posts.
    """
    top = max(0.0, work, question, social)
    work_weight = math.exp(work - top)
    question_weight = math.exp(question - top)
    social_weight = math.exp(social - top)
    total = math.exp(0.0 - top) + work_weight + question_weight + social_weight
    if not may_be_social:
        social_weight = 0.0
    return work_weight / total, question_weight / total, social_weight / total


@compiled
def post_chances(s: PostingSituation, c: Coefficients) -> tuple[float, float, float]:
    """Return the probabilities of a work post, a question and a social post on a day of reading."""
    work, question, social = post_utilities(post_terms(s, c))
    return post_probabilities(work, question, social, social_allowed(s.work_only, s.compliance, c))


@compiled
def choose_post(draw: float, p_work: float, p_question: float, p_social: float) -> int:
    """Return the kind of post chosen at a uniform draw, or NOTHING."""
    if draw < p_work:
        return WORK
    if draw < p_work + p_question:
        return QUESTION
    if draw < p_work + p_question + p_social:
        return SOCIAL_POST
    return NOTHING


@compiled
def luck_after_choice(draw: float, p_work: float, p_question: float, p_social: float, kind: int) -> float:
    """Return what is left of a uniform draw after `choose_post` chose a post of `kind`, as a fresh one."""
    if kind == WORK:
        return draw / p_work
    if kind == QUESTION:
        return (draw - p_work) / p_question
    return (draw - p_work - p_question) / p_social


@compiled
def topic_position(kind: int, draw: float, own_position: int, c: Coefficients) -> int:
    """Return which of one's three topics a post is about [0-2].

    Work posts are mostly on one's own field of expertise (`own_position`), questions on one of the two others.
    """
    if kind == WORK:
        if draw < c.post_expert_topic or c.post_expert_topic >= 1.0:
            return own_position
        draw = (draw - c.post_expert_topic) / (1.0 - c.post_expert_topic)
    if kind == QUESTION:
        step = 1 + min(int(draw * 2.0), 1)
        return (own_position + step) % 3
    return min(int(draw * 3.0), 2)
