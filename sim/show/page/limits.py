"""How much one message may ask for: a page answers while people look on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.scenario.plain import resolve
from sim.texts import Whole, said


class Limits(NamedTuple):
    """The most that one message may ask for.

    Attributes
    ----------
    employees : int
        Employees of one organization.
    work : int
        Employees x weeks x runs, and what runs cost beside that (`work_of`).
    seconds : float
        How long it may take then: far longer than that work takes, even on a busy machine.
    """

    employees: int = 20_000
    work: int = 10_000_000
    seconds: float = 300.0


# What a run costs beside its employees x weeks, in that unit (measured: about 0.2 microseconds): to begin at all, to
# hire each employee, and to go through a week in which nobody does anything.
BEGINNING = 5_000
HIRING = 6
EMPTY_WEEK = 400


def work_of(employees: int, weeks: int, n_runs: int) -> int:
    """Return the work of some runs: employees x weeks, with what many runs of few people cost."""
    return n_runs * (employees * weeks + BEGINNING + HIRING * employees + EMPTY_WEEK * weeks)


def refuse_too_much(message: Mapping[str, Any], limits: Limits) -> None:
    """Refuse a message that would take too long; one that is wrong otherwise is left to whoever answers it.

    Raises
    ------
    sim.errors.InputError
        If it asks for too much.
    """
    request = message.get("request")
    if not isinstance(request, Mapping) or not isinstance(request.get("overrides", {}), Mapping):
        return
    seeds = request.get("seeds")
    n_runs = len(seeds) if isinstance(seeds, list) and message.get("ask") == "answer" else 1
    resolved = resolve(request.get("scenario"), request.get("overrides", {}))
    employees, weeks = resolved["organization"]["employees"], resolved["run"]["weeks"]
    if employees > limits.employees:
        raise InputError(said("refusal.page.employees", limit=Whole(limits.employees), n=Whole(employees)))
    work = work_of(employees, weeks, n_runs)
    if work > limits.work:
        asked = {"employees": Whole(employees), "weeks": Whole(weeks), "runs": Whole(n_runs), "n": Whole(work)}
        raise InputError(said("refusal.page.work", limit=Whole(limits.work), **asked))
