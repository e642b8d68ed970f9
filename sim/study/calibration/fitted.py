"""Which coefficients are fitted: those of which published use can say something, at most sixteen.

All others of the registry vary over their prior in every world, so that what is not known about them stays in every
answer; nothing is claimed to be learned about them.
"""

from __future__ import annotations

FITTED: tuple[str, ...] = (
    "read_base", "read_habit", "habit_weight", "read_inclination", "worth", "worth_learning", "peers", "word_of_mouth",
    "campaign_prompt", "prompt_push", "post_base", "post_inclination", "inclination_correlation", "post_again",
    "respond_base", "ease",
)  # fmt: skip
"""By short name: what sets levels of reading, writing and answering, how they spread over people, how word gets round,
and how visits turn into habit or disappointment. The terms of single frames, rules and leaders are not among them: no
published level tells them apart."""


def is_fitted(name: str) -> bool:
    """Return whether a dotted key is fitted."""
    return name.removeprefix("behavior.") in FITTED
