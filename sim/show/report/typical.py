"""Three typical employees of a scenario: one who posts, one who only reads, one who stays away.

Chosen by rule from the first run: of everybody who did so in the last four weeks, the one nearest to the mean of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.explanation import WeekExplained, explain_week
from sim.simulation import Simulation
from sim.state import DAYS_PER_MONTH, DAYS_PER_WEEK, NEVER

if TYPE_CHECKING:
    from sim.views import Coefficients

ROLES = ("writer", "reader", "absent")
FEATURES = (
    "age", "tenure", "leisure_experience", "professional_experience", "segmentation", "trust", "remote_share",
    "inclination",
)  # fmt: skip


class Typical(NamedTuple):
    """One typical employee, and the week that is told.

    Attributes
    ----------
    role : str
        ``writer``, ``reader`` or ``absent``.
    n : int
        How many employees have this role.
    n_staff : int
        Of how many.
    department : int
        Where the employee works.
    explained : WeekExplained
        The last week in which a writer posted or a reader read; the last week of the run for who stays away.
    coefficients : Any
        Those of the run.
    """

    role: str
    n: int
    n_staff: int
    department: int
    explained: WeekExplained
    coefficients: Coefficients


class FirstRun(NamedTuple):
    """The outcomes of the run that was done again, and its typical employees; a role that nobody has is left out."""

    outcomes: dict[str, float]
    people: list[Typical]


def first_run(resolved: Mapping[str, Any], seed: int) -> FirstRun:
    """Do a run again and tell of its typical employees.

    Parameters
    ----------
    resolved : mapping
        A scenario with all values filled in.
    seed : int
        Seed of the run.
    """
    simulation = Simulation(resolved, seed)
    simulation.run()
    people = []
    for role, members in roles(simulation).items():
        if not members.any():
            continue
        employee = nearest_to_mean(simulation.table, members)
        week = told_week(simulation, role, employee)
        again = Simulation(resolved, seed)
        people.append(
            Typical(
                role=role,
                n=int(members.sum()),
                n_staff=simulation.n_employees,
                department=int(simulation.table["department"][employee]),
                explained=explain_week(again, employee, week),
                coefficients=again.world.c,
            )
        )
    return FirstRun(simulation.outcomes(), people)


def roles(simulation: Simulation) -> dict[str, np.ndarray]:
    """Return who has which role at the end of a run: bool (N,) by role."""
    table, since = simulation.table, simulation.day - DAYS_PER_MONTH
    writes = table["last_post"] >= max(0, since)
    reads = ~writes & (table["last_read"] >= max(0, since))
    return dict(zip(ROLES, (writes, reads, ~writes & ~reads), strict=True))


def nearest_to_mean(table: Any, members: np.ndarray) -> int:
    """Return the member nearest to the mean of all members; of several the first.

    Distance is Euclidean, in standard deviations of all staff.
    """
    rows = np.array([table[name] for name in FEATURES], dtype=float).T
    spread = rows.std(axis=0)
    rows = rows / np.where(spread > 0, spread, 1.0)
    distance = ((rows - rows[members].mean(axis=0)) ** 2).sum(axis=1)
    return int(np.argmin(np.where(members, np.round(distance, 9), np.inf)))


def told_week(simulation: Simulation, role: str, employee: int) -> int:
    """Return the week to tell, counted from 1."""
    last = {"writer": "last_post", "reader": "last_read"}.get(role)
    if last is None:
        return simulation.n_weeks
    day = int(simulation.table[last][employee])
    assert day != NEVER
    return day // DAYS_PER_WEEK + 1
