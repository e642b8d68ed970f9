"""How the day is remembered: feedback, knowledge and belonging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.kernel.compiled import compiled
from sim.model.rules.numbers import approach, gain

if TYPE_CHECKING:
    from sim.views import Coefficients


@compiled
def remember_feedback(feedback: float, n_replies: int, n_reactions: int, c: Coefficients) -> float:
    """Return the feedback one remembers [0-1] after a day with so many replies and reactions.

    What counts is that somebody answered; tone does not matter (Joyce & Kraut 2006).
    """
    kept = feedback * (1.0 - c.feedback_decay)
    if n_replies > 0:
        return approach(kept, 1.0, c.feedback_gain)
    if n_reactions > 0:
        return approach(kept, 1.0, c.feedback_gain * c.reaction_worth)
    return kept


@compiled
def knowledge_added(match: float, c: Coefficients) -> float:
    """Return what a work post or answer adds to the knowledge of its topic, in items of an expert."""
    return 1.0 - c.knowledge_quality * (1.0 - match)


@compiled
def casual_belonging(remote_share: float, tenure: float, c: Coefficients) -> float:
    """Return the belonging [0-1] that casual contact at work gives: less when remote, less for newcomers.

    Remote work slows the growth of ties with tenure, so that it costs newcomers most.
    """
    present = 1.0 - c.remote_thinning * remote_share
    if c.cohesion_newcomer > 0.0:
        return gain(tenure * present, c.cohesion_newcomer)
    return 1.0


@compiled
def belonging_today(casual: float, acquainted: float, c: Coefficients) -> float:
    """Return the belonging [0-1] that this day gives.

    Knowing of colleagues whom one has only read (`acquainted`, in people) makes up for some of what contact lacks.
    """
    by_name = c.acquaintance * gain(acquainted, c.acquaintance_half)
    return 1.0 - (1.0 - casual) * (1.0 - by_name)


@compiled
def remember_authors(acquainted: float, new_authors: float, c: Coefficients) -> float:
    """Return of how many colleagues beyond the contacts one knows by reading, after a day with so many authors met."""
    return acquainted * (1.0 - c.acquaintance_decay) + new_authors
