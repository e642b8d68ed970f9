"""Which department opens when, by name."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.organization.profiles import PROFILE_NAMES
from sim.texts.said import said

FINAL_WEEKS = 4
"""Outcomes of a run are means of its last weeks (`sim.outcomes`)."""
_MOST_NAMED = 8


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


class Opening(NamedTuple):
    """When one department gets access.

    Attributes
    ----------
    department : int
        Its number, from 0.
    name : str
        Its name in the staff file; its number where it has none.
    week : int
        The week, counted from 1 as in all tables.
    """

    department: int
    name: str
    week: int


def openings(resolved: Mapping[str, Any]) -> list[Opening]:
    """Return when each department of a resolved scenario gets access, in the order of their numbers.

    Where the staff file that the scenario names cannot be read, departments are those that the scenario says.
    """
    names: tuple[str, ...] = ()
    path = resolved["organization"]["workforce"]
    if path not in PROFILE_NAMES:
        from sim.organization.importing import fitted_to_staff, read_staff

        with contextlib.suppress(InputError):  # whoever plans a run is told what is wrong
            resolved = fitted_to_staff(resolved)
            names = read_staff(path).department_names
    weeks = opening_weeks(n_departments_of(resolved), resolved["launch"]["waves"])
    return [
        Opening(department, names[department] if names else str(department), week + 1)
        for department, week in enumerate(weeks)
    ]


def late_openings(resolved: Mapping[str, Any]) -> list[str]:
    """Say which departments open too late to count: after the run, or in the weeks that outcomes are means of.

    They are named, not refused: a short look at a long roll-out is a good question, as long as one knows what it shows.
    """
    if not isinstance(resolved["launch"]["waves"], Mapping):
        return []
    n_weeks, found = int(resolved["run"]["weeks"]), openings(resolved)
    never = [one.name for one in found if one.week > n_weeks]
    late = [one.name for one in found if one.week > 1 and n_weeks - FINAL_WEEKS < one.week <= n_weeks]
    notes: list[str] = []
    if never:
        needed = max(one.week for one in found)
        counts = {"n": len(never), "of": len(found), "weeks": n_weeks, "needed": needed}
        notes.append(said("acting.never_opens", departments=_listed(never), **counts))
    if late:
        notes.append(said("acting.opens_late", n=len(late), of=len(found), departments=_listed(late)))
    return notes


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")
