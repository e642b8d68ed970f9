"""Changes for named departments only: whom they concern, and in what order they take effect.

Plain data and the standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Change = Mapping[str, Any]
"""A timed change of a resolved scenario: ``week``, ``set``, and ``departments`` where it is for some only."""


def in_order(changes: Iterable[Change] | None) -> list[Change]:
    """Return changes as they take effect: week by week, and in a week those for everybody first."""
    return sorted(changes or [], key=lambda change: (change["week"], bool(change.get("departments"))))


def concerns(change: Change, department: Any) -> bool:
    """Return whether a change holds for a department; None stands for departments that no change names."""
    named: Sequence[Any] | None = change.get("departments")
    return not named or department in named


def named_departments(changes: Iterable[Change] | None) -> list[Any]:
    """Return the departments that some changes name, each once, in the order of the file.

    Examples
    --------
    >>> named_departments([{"week": 4, "departments": [2, 0], "set": {}}, {"week": 8, "set": {}}])
    [2, 0]
    """
    return list(dict.fromkeys(one for change in changes or [] for one in change.get("departments") or []))
