"""What may be written into the columns of the table of employees from outside, and what follows from it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.model.state import PERSON


class Column(NamedTuple):
    """What one attribute of an employee may be.

    Attributes
    ----------
    low, high : float
        Allowed range, ends included.
    kept_by : str
        Why it cannot be written; empty where it can.
    only_first : str
        Why it can be written before the first day only; empty where always.
    """

    low: float = -math.inf
    high: float = math.inf
    kept_by: str = ""
    only_first: str = ""


SHARE, AMOUNT, SWITCH = Column(0.0, 1.0), Column(0.0), Column(0.0, 1.0)
_PLATFORM = Column(kept_by="the platform keeps it, together with its feeds and lists")
_RECORD = Column(kept_by="it is a record of what was done")
_MADE_OF = Column(kept_by="contacts, reporting lines and access were made of it; give the model another `workforce`")


def _follows(what: str) -> Column:
    return Column(kept_by=f"it follows from {what}")


COLUMNS: dict[str, Column] = {
    **dict.fromkeys(("unread_work", "unread_question", "unread_social", "unread_news"), AMOUNT),
    "access_day": Column(0.0, 2.0**31 - 1),
    **dict.fromkeys(("feed_top", "feed_count", "n_followed", "first_follower", "visible"), _PLATFORM),
    "n_active_contacts": _follows("who of the contacts posted lately"),
    "n_contacts": _follows("the contacts"),
    "reached": SWITCH,
    "aware": SWITCH,
    **dict.fromkeys(("last_read", "last_post", "last_active", "risk", "unease", "n_items", "new_authors"), _RECORD),
    **dict.fromkeys(("n_work_posts", "n_questions", "n_social_posts", "n_replies", "n_reactions"), _RECORD),
    **dict.fromkeys(("received_replies", "received_reactions", "knows", "days_read", "read_lately"), _RECORD),
    **dict.fromkeys(("expected_work", "expected_fun", "expected_news"), _follows("what visits brought")),
    "acquainted": _follows("whose posts were read"),
    "level": Column(0.0, 3.0),
    **dict.fromkeys(("frame_social", "frame_collaboration", "frame_broadcast"), AMOUNT),
    **dict.fromkeys(("habit", "contact_activity", "feedback", "cohesion", "compliance"), SHARE),
    "resistance": _follows("trust and the policy in force"),
    "casual": _follows("remote_share and tenure"),
    "skill": _follows("own_skill, leisure_experience and the policy in force"),
    **dict.fromkeys(("intention", "intention_post"), _follows("what was the case at the announcement")),
    "manager_accepted": _follows("manager, trust and segmentation"),
    "own_position": _follows("expertise_topic"),
    **dict.fromkeys(("trained", "champion"), SWITCH),
    **dict.fromkeys(("leisure_experience", "remote_share", "segmentation", "trust"), SHARE),
    "professional_experience": SHARE._replace(
        only_first="it has formed the frame, and nothing else reads it; write frame_collaboration instead"
    ),
    "working_share": Column(0.01, 1.0),
    "expertise": SHARE._replace(only_first="colleagues have learned who is an expert"),
    "expertise_topic": Column(0.0, only_first="colleagues have learned who is an expert on what"),
    **dict.fromkeys(("reading_inclination", "inclination", "own_skill"), Column()),
    "manager": Column(-1.0),
    **dict.fromkeys(("team", "department"), _MADE_OF),
    **dict.fromkeys(("age", "tenure"), AMOUNT),
}
"""Every column of ``sim.model.state.PERSON``."""

UNKNOWN = Column(kept_by="the run keeps it")
WHOLE = {name for name, kind in PERSON if kind is np.int32}

SET_UP_GIVES = {"frame_social", "frame_collaboration", "frame_broadcast", "cohesion"}
"""What the announcement makes, and may be written by hand all the same."""
MEASURED_WITH = {"age", "leisure_experience", "access_day"}
"""What the yardsticks and the end of the campaign depend on after the first day as well."""
FOLLOWING = {
    "intention", "intention_post", "casual", "cohesion", "resistance", "knows", "own_position", "manager_accepted",
    "frame_social", "frame_collaboration", "frame_broadcast", "skill",
}  # fmt: skip
"""What must be made anew before it is looked at, if what it follows from was written."""


def _range(column: Column) -> str:
    if column.low == -math.inf:
        return "a number"
    return f"{column.low:g} or more" if column.high == math.inf else f"from {column.low:g} to {column.high:.10g}"


def checked(name: str, value: Any, has_begun: bool) -> float | int:
    """Return a value as it may be written into a column.

    Parameters
    ----------
    name : str
        A column of ``PERSON``.
    value : Any
        Of Python or NumPy.
    has_begun : bool
        Whether the first day is over.

    Raises
    ------
    AttributeError
        If the column cannot be written (any more).
    TypeError, ValueError
        If the value is no number, or outside its range.
    """
    column = COLUMNS.get(name, UNKNOWN)
    if column.kept_by:
        raise AttributeError(f"{name!r} can only be read: {column.kept_by}")
    if has_begun and column.only_first:
        raise AttributeError(f"{name!r} can be written before the first day only: by now {column.only_first}")
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if not isinstance(value, int | float | np.integer | np.floating | np.bool_):
        raise TypeError(f"{name!r} must be {_range(column)}, is {value!r}")
    number = float(value)
    if not math.isfinite(number) or not column.low <= number <= column.high:
        raise ValueError(f"{name!r} must be {_range(column)}, is {value!r}")
    if name in WHOLE or column is SWITCH:
        if not number.is_integer():
            raise ValueError(f"{name!r} must be a whole number, is {value!r}")
        return int(number)
    return number
