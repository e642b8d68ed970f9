"""Presets of the launch framing: what the organization says that the platform is for. Plain data.

The three shares say how much of the message is about each meaning and sum to 1. `association` is how loudly
the launch likens the platform to social media outside work; `clarity` is how clearly anyone says what the
platform is for.
"""

from __future__ import annotations

from typing import NamedTuple


class FramingNumbers(NamedTuple):
    """The five numbers of a framing, each from 0 to 1."""

    social: float
    collaboration: float
    broadcast: float
    association: float
    clarity: float


DEFAULT_PRESET = "mixed"

PRESETS: dict[str, FramingNumbers] = {
    # In the order of the fields: social, collaboration, broadcast, association, clarity.
    # A launch that says a bit of everything: no evidence, the neutral ground between the others.
    "mixed": FramingNumbers(0.3, 0.4, 0.3, 0.3, 0.4),
    # "Like Facebook, but for internal use" (claim 0.1; van den Hooff 2013, T1.09).
    "like_facebook": FramingNumbers(0.8, 0.1, 0.1, 1.0, 0.5),
    # A way to work together (claim 0.1), told as clearly as like_facebook so that only the message differs.
    "collaboration": FramingNumbers(0.1, 0.8, 0.1, 0.0, 0.5),
    # A place to find who knows what (claim 2.4), with its goal stated clearly (claim 1.7).
    "knowledge": FramingNumbers(0.05, 0.85, 0.1, 0.0, 0.8),
    # The old intranet with a new coat: management tells, staff read (van Uden, T1.15).
    "news": FramingNumbers(0.05, 0.15, 0.8, 0.0, 0.5),
    # Nobody says what it is for, so that people project the frame they have (claim 1.7).
    "unframed": FramingNumbers(1 / 3, 1 / 3, 1 / 3, 0.0, 0.0),
}

SHARES = ("social", "collaboration", "broadcast")
SHARES_TOLERANCE = 1e-6


def shares_sum_to_one(social: float, collaboration: float, broadcast: float) -> bool:
    """Return whether three shares form a whole.

    Examples
    --------
    >>> shares_sum_to_one(0.8, 0.1, 0.1)
    True
    >>> shares_sum_to_one(0.8, 0.1, 0.2)
    False
    """
    return abs(social + collaboration + broadcast - 1) <= SHARES_TOLERANCE
