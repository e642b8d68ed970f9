"""Whether to open the platform today: what there is to gain against unease and resistance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.kernel.compiled import compiled
from sim.model.rules.frame import commitment, leader_role
from sim.model.rules.numbers import approach, gain, logistic, logistic_at_most

if TYPE_CHECKING:
    from sim.views import Coefficients

EVERYBODY = 1000.0  # logits: a push that everybody follows


class ReadingSituation(NamedTuple):
    """All that the decision whether to read today depends on, but for coefficients and luck.

    Shares and degrees lie in [0, 1], inclination and skill are standard normal; what is yes or no is 1 or 0.
    """

    share_social: float
    share_collaboration: float
    share_broadcast: float
    habit: float
    contact_activity: float  # as last seen
    share_visible: float  # of the contacts, who posted lately: as it is
    remote_share: float
    working_share: float  # of a full week
    segmentation: float
    resistance: float
    level: float  # 0 staff, above it leaders
    reading_inclination: float
    skill: float  # with such platforms
    trained: float
    expected_work: float  # worth expected of visits, by kind
    expected_fun: float
    expected_news: float
    reached: float  # by a campaign message today
    aware: float  # once trained, reached or there
    participation: float
    integration: float
    mandate: float
    work_only: float


class ReadTerms(NamedTuple):
    """The terms of the utility of reading, in logits; their sum decides."""

    base: float
    habit: float
    connective: float
    communal: float
    news: float
    fun: float
    remote: float
    integration: float
    mandate: float
    role: float
    inclination: float
    inappropriate: float
    conformity: float
    reactance: float
    ease: float


@compiled
def standardized(amount: float, mean: float, spread: float) -> float:
    """Return by how many standard deviations `amount` lies above the mean of the staff; 0 where all are alike."""
    if spread > 0.0:
        return (amount - mean) / spread
    return 0.0


@compiled
def skill_with_platforms(familiarity: float, own_skill: float, c: Coefficients) -> float:
    """Return the skill with such platforms, about standard normal over the staff.

    `familiarity` is experience with outside media as far as it is carried over, `own_skill` what has nothing to do with
    such media; both are standardized.
    """
    return math.sqrt(c.skill_leisure) * familiarity + math.sqrt(1.0 - c.skill_leisure) * own_skill


@compiled
def ease_of_use(skill: float, trained: float, c: Coefficients) -> float:
    """Return the push, in logits, of knowing how: skill (standard normal) and training, worth as much as one of it."""
    return c.ease * (skill + trained)


@compiled
def learned_worth(expected: float, found: float, c: Coefficients) -> float:
    """Return the worth [0-1] expected of a kind of item after a visit that brought so many of it.

    Use that disappoints what was expected is given up (Bhattacherjee 2001).
    """
    return approach(expected, gain(found, c.value_half), c.worth_learning)


@compiled
def majority_pressure(share_active: float) -> float:
    """Return the pressure [0-1] of a majority of contacts that does not take part; 0 once half of them do."""
    return max(0.0, 1.0 - 2.0 * share_active)


@compiled
def read_terms(s: ReadingSituation, c: Coefficients) -> ReadTerms:
    """Return the terms of the utility of reading today."""
    social, collaboration, broadcast = (
        c.frame_strength * s.share_social,
        c.frame_strength * s.share_collaboration,
        c.frame_strength * s.share_broadcast,
    )
    role = leader_role(s.level, s.participation, commitment(s.share_social, s.resistance, c))
    return ReadTerms(
        base=c.read_base,
        habit=c.read_habit * s.habit,
        connective=c.peers * s.contact_activity,
        communal=c.worth * collaboration * s.expected_work,
        news=c.worth * broadcast * s.expected_news,
        fun=c.worth * social * s.expected_fun * (1.0 - s.work_only),
        remote=c.read_remote * s.remote_share,
        integration=c.read_integration * s.integration,
        mandate=c.read_mandate * s.mandate,
        role=c.leaders * role,
        inclination=c.read_inclination * s.reading_inclination,
        inappropriate=-c.read_inappropriate * social * (1.0 + c.read_segmentation * s.segmentation),
        conformity=-c.conformity * majority_pressure(s.contact_activity),
        reactance=-c.reactance * s.resistance,
        ease=ease_of_use(s.skill, s.trained, c),
    )


@compiled
def read_utility(terms: ReadTerms) -> float:
    """Return the sum of the terms, always added in the same order."""
    return (
        terms.base
        + terms.habit
        + terms.connective
        + terms.communal
        + terms.news
        + terms.fun
        + terms.remote
        + terms.integration
        + terms.mandate
        + terms.role
        + terms.inclination
        + terms.inappropriate
        + terms.conformity
        + terms.reactance
        + terms.ease
    )


@compiled
def prompt_probability(reached: float, share_visible: float, c: Coefficients) -> float:
    """Return the chance that something from outside brings the platform to mind.

    By a campaign message (`reached`, 0 or 1) or by word of mouth from active contacts: innovation and imitation in the
    sense of Bass 1969. Both are digital, so remote work does not thin them.
    """
    return 1.0 - (1.0 - c.campaign_prompt * reached) * (1.0 - c.word_of_mouth * share_visible)


@compiled
def heeded_probability(utility: float, p_prompt: float, c: Coefficients) -> float:
    """Return the chance of being brought to the platform by a prompt: it comes, and one follows it.

    A prompt is seen through the frame, too: it gives a second look at what one thinks of the platform, with a push.
    """
    if c.prompt_push >= EVERYBODY:
        return p_prompt
    return p_prompt * logistic(utility + c.prompt_push)


@compiled
def presence(aware: float, integration: float, mandate: float, c: Coefficients) -> float:
    """Return how far the platform is on someone's mind at all [0-1], so that one can come of one's own accord.

    Nobody drops in on what he or she has never visited nor had a message about (`aware`, 0 or 1), unless the daily
    tools show it or one is told to use it. Awareness comes before adoption: Rogers 2003.
    """
    return 1.0 - c.unawareness * (1.0 - aware) * (1.0 - integration) * (1.0 - mandate)


@compiled
def read_probability(utility: float, present: float, p_prompt: float) -> float:
    """Return the probability of reading today, of one's own accord (logit, as far as `present`) or prompted."""
    return 1.0 - (1.0 - present * logistic(utility)) * (1.0 - p_prompt)


@compiled
def visit_probability(s: ReadingSituation, utility: float, c: Coefficients) -> float:
    """Return the probability of reading today [0-1]: who works part time is not at work on every day."""
    heeded = heeded_probability(utility, prompt_probability(s.reached, s.share_visible, c), c)
    return s.working_share * read_probability(utility, presence(s.aware, s.integration, s.mandate, c), heeded)


@compiled
def willingness(utility: float) -> float:
    """Return the chance [0-1] of coming at least once in a month of 20 working days, of one's own accord.

    What someone answers who knows of the platform (is aware) and has not yet seen it.
    """
    stays_away = 1.0 - logistic(utility)
    four_days = stays_away * stays_away * (stays_away * stays_away)
    sixteen_days = four_days * four_days * (four_days * four_days)
    return 1.0 - sixteen_days * four_days


ROUNDING = 1e-9  # far more than all rounding in a probability


@compiled
def read_probability_at_most(utility: float, p_prompt: float) -> float:
    """Return what `read_probability` does not exceed at any presence: whoever draws more does not read."""
    return 1.0 - (1.0 - logistic_at_most(utility)) * (1.0 - p_prompt) + ROUNDING
