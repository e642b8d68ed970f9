"""Whether to reply, react or answer, and whether to follow an author met in a community."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.kernel.compiled import compiled
from sim.model.rules.numbers import logistic

if TYPE_CHECKING:
    from sim.views import Coefficients


@compiled
def respond_probability(
    fit: float,
    is_contact: bool,
    is_social: bool,
    inclination: float,
    segmentation: float,
    risk: float,
    unease: float,
    c: Coefficients,
) -> float:
    """Return the probability of replying or reacting to one item read.

    `fit` is the push towards items of this kind, as for posts, `unease` that of writing, both in logits.
    """
    utility = c.respond_base + fit + c.respond_inclination * inclination
    utility -= c.respond_exposure * c.post_risk * risk
    utility -= unease
    if is_contact:
        utility += c.respond_contact
    if is_social:
        utility -= c.respond_exposure * c.post_boundary * segmentation
    return logistic(utility)


@compiled
def answer_probability(
    match: float,
    trust: float,
    risk: float,
    unease: float,
    ease: float,
    others: float,
    reward_now: float,
    c: Coefficients,
) -> float:
    """Return the probability of answering one question read.

    `match` is the reader's expertise on the topic of the question, 0 without any; `unease` and `ease` are those of
    writing, in logits; `others` counts the colleagues who could answer as well, `reward_now` what appraisal counts.
    """
    utility = c.answer_base + c.post_expertise * (match + trust) + c.post_appraisal * reward_now + ease
    if c.answer_bystanders > 0.0:
        utility -= c.answer_bystanders * math.log(1.0 + others)
    return logistic(utility - c.respond_exposure * c.post_risk * risk - unease)


@compiled
def expertise_match(topic: int, expertise_topic: int, expertise: float) -> float:
    """Return someone's expertise on `topic` [0-1]: their own on their own field, none elsewhere."""
    if topic == expertise_topic:
        return expertise
    return 0.0


@compiled
def acceptance_probability(trust: float, segmentation: float, c: Coefficients) -> float:
    """Return the probability that a contact request is accepted: trust helps, wanting boundaries hinders."""
    return c.acceptance * (1.0 - c.acceptance_trust * (1.0 - trust)) * (1.0 - c.acceptance_segmentation * segmentation)


@compiled
def follow_probability(is_open: float, trust: float, segmentation: float, c: Coefficients) -> float:
    """Return the probability of coming to follow the unknown author of an item read.

    Following is one's own choice on an open platform; with contact requests the author (`trust`, `segmentation`) must
    accept as well.
    """
    if is_open > 0.5:
        return c.follow
    return c.follow * acceptance_probability(trust, segmentation, c)
