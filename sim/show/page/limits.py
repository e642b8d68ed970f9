"""How much one message may ask for: a page answers while people look on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.scenario.plain import resolve
from sim.texts.said import Whole, said


class Limits(NamedTuple):
    """The most that one message may ask for.

    Attributes
    ----------
    employees : int
        Employees of one organization.
    work : int
        Employees x weeks x runs.
    """

    employees: int = 20_000
    work: int = 10_000_000


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
    work = employees * weeks * n_runs
    if work > limits.work:
        asked = {"employees": Whole(employees), "weeks": Whole(weeks), "runs": Whole(n_runs), "n": Whole(work)}
        raise InputError(said("refusal.page.work", limit=Whole(limits.work), **asked))
