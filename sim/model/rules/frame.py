"""The technological frame: what a person takes the platform to be for (Orlikowski & Gash 1994).

A frame is a Dirichlet belief over three meanings, held as three counts: social, collaboration, broadcast. Shares say
what the platform is for, the sum of the counts how sure one is. Evidence adds counts; forgetting shrinks them alike.
Age appears nowhere: it only comes with more or less experience, tenure and preference for boundaries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.kernel.compiled import compiled
from sim.model.rules.numbers import gain

if TYPE_CHECKING:
    from sim.views import Coefficients

SOCIAL, COLLABORATION, BROADCAST = 0, 1, 2
LEAST_CERTAINTY = 1e-9  # counts; far below any evidence, so that the next item decides what is left


@compiled
def transfer_share(association: float, clarity: float) -> float:
    """Return how much of the frame from outside is carried over to the platform [0-1].

    What the launch likens to outside media is carried over; the rest people project as far as nobody says what the
    platform is for (Treem et al. 2015).
    """
    return association + (1.0 - association) * (1.0 - clarity)


@compiled
def initial_frame(
    leisure: float, professional: float, tenure: float, association: float, clarity: float, c: Coefficients
) -> tuple[float, float, float]:
    """Return the three counts at the announcement, before any message is believed.

    Experience with outside media is carried over as far as the launch likens the platform to them or leaves its goals
    open. The schema of the old intranet is no outside medium: it is carried over only where goals are left open, and so
    is what older tools at work, such as e-mail, have taught: that they are for working together.
    """
    carried = transfer_share(association, clarity)
    carried_intranet = transfer_share(0.0, clarity)
    social = c.frame_prior + carried * c.frame_outside * leisure
    collaboration = c.frame_prior + carried * c.frame_outside * professional
    collaboration += carried_intranet * c.frame_work_tools * gain(tenure, c.tenure_half)
    broadcast = c.frame_prior + carried_intranet * c.frame_outside * gain(tenure, c.tenure_half)
    return social, collaboration, broadcast


@compiled
def credibility(trust: float, support: float, c: Coefficients) -> float:
    """Return how far a message from the leadership is believed [0-1]."""
    return trust * (c.credibility_base + (1.0 - c.credibility_base) * support)


@compiled
def reactance(wording_threat: float, mandate: float, trust: float, c: Coefficients) -> float:
    """Return how much someone resists a launch that sounds or feels forced [0-1]."""
    threat = wording_threat + c.mandate_threat * mandate
    return min(threat, 1.0) * (1.0 - trust)


@compiled
def message_counts(weight: float, clarity: float, belief: float, resistance: float) -> float:
    """Return the counts that a message adds, to be split over the meanings it speaks of."""
    return weight * clarity * belief * (1.0 - resistance)


@compiled
def update_frame(count: float, evidence: float) -> float:
    """Return the count of a meaning after `evidence` counts for it: Bayes' rule for a Dirichlet belief."""
    return count + evidence


@compiled
def item_counts(same_team: bool, c: Coefficients) -> float:
    """Return the counts that one item read adds to its meaning; one's own team weighs more (Fulk 1993)."""
    if same_team:
        return c.learning * (1.0 + c.group_attraction)
    return c.learning


@compiled
def talk_weight(same_team: bool, c: Coefficients) -> float:
    """Return how much one colleague weighs in talk about the platform; one's own team weighs more (Fulk 1993)."""
    if same_team:
        return 1.0 + c.group_attraction
    return 1.0


@compiled
def talk_counts(remote_share: float, c: Coefficients) -> float:
    """Return the counts that a week of talk adds to a frame, to be split as the colleagues see the platform."""
    return c.talk * (1.0 - c.remote_thinning * remote_share)


@compiled
def forget(count: float, total: float, c: Coefficients) -> float:
    """Return the count of a meaning after a day: certainty fades, shares stay as they are.

    `total` is the sum of the counts of all three. It fades to next to nothing and no further: of nothing there would
    be no shares, and who is sure of nothing still has an inkling.
    """
    return count * max(1.0 - c.forgetting, LEAST_CERTAINTY / total)


@compiled
def commitment(share_social: float, resistance: float, c: Coefficients) -> float:
    """Return how far a leader follows the official line [0-1]: leaders have frames too.

    A platform that looks purely social costs support, and so does one that is forced upon them.
    """
    return (1.0 - c.frame_strength * c.label_cost * share_social) * (1.0 - resistance)


@compiled
def leader_role(level: float, participation: float, committed: float) -> float:
    """Return how strongly an employee of `level` feels expected to take part as a leader [0-1]; 0 for staff."""
    if level > 0:
        return participation * committed
    return 0.0
