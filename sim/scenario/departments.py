"""When departments get access, and changes that are for some of them. Plain data and the standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

FINAL_WEEKS = 4
"""Outcomes of a run are means of its last weeks (`sim.model.outcomes`)."""


class Opening(NamedTuple):
    """When one department gets access."""

    department: int  # its number, from 0
    name: str  # its name in the staff file; its number where it has none
    week: int  # the week, counted from 1 as in all tables


def opening_weeks(n_departments: int, waves: Any) -> list[int]:
    """Return the week, from 0, in which each department gets access: pilots at once, then one a wave, in order.

    Parameters
    ----------
    n_departments : int
        How many there are.
    waves : str or mapping
        ``launch.waves`` of a resolved scenario.

    Examples
    --------
    >>> opening_weeks(4, {"pilot": [2], "every_weeks": 3})
    [3, 6, 0, 9]
    """
    weeks = [0] * n_departments
    if isinstance(waves, Mapping):
        later = [department for department in range(n_departments) if department not in set(waves["pilot"])]
        for wave, department in enumerate(later, start=1):
            weeks[department] = wave * int(waves["every_weeks"])
    return weeks


def n_departments_of(resolved: Mapping[str, Any]) -> int:
    """Return the number of departments of a resolved scenario; with fewer employees than departments, one each."""
    organization = resolved["organization"]
    return min(int(organization["departments"]), int(organization["employees"]))


def openings_of(resolved: Mapping[str, Any], names: Sequence[str] = ()) -> list[Opening]:
    """Return when each department gets access, in the order of their numbers; the number where there is no name."""
    weeks = opening_weeks(n_departments_of(resolved), resolved["launch"]["waves"])
    return [
        Opening(department, (names[department] if names else "") or str(department), week + 1)
        for department, week in enumerate(weeks)
    ]


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
