"""How much one message may ask for: a page answers while people look on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.errors import InputError
from sim.scenario.plain import resolve


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
        raise InputError(
            f"organization.employees: at most {limits.employees:,} here, asked for {employees:,}; "
            "larger organizations: intranet-sim compare"
        )
    work = employees * weeks * n_runs
    if work > limits.work:
        raise InputError(
            f"employees x weeks x runs: at most {limits.work:,} here, asked for {employees:,} x {weeks:,} x {n_runs:,} "
            f"= {work:,}; take fewer runs, or intranet-sim compare"
        )
