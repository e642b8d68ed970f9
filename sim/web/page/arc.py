"""The lesson of a class as data: its rounds, luck numbers, plausible worlds, and what launches of one's own can hold.

Every edition takes people, weeks, runs and worlds from here. ``arc.json`` holds what was worked out beforehand by
``docs/programs/class_lesson.py``: the worlds, the three days, what each plan of the last round reaches.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import combinations, product
from typing import Any, NamedTuple

EMPLOYEES, WEEKS, RUNS = 150, 52, 10
N_LUCK = 40
"""Luck numbers of a class, each with runs and a plausible world of its own."""
LITTLE_TRUST, MUCH_TRUST = 0.2, 0.9
TRUST = "organization.trust"


class Round(NamedTuple):
    """A pair of launches that is predicted and run.

    Attributes
    ----------
    name : str
    a, b : str
        Scenarios.
    both : mapping
        What is laid over both, by dotted key.
    in_world : bool
        Whether each luck number has the world that goes with it, too.
    asks_age : bool
        Whether it is also asked who posts more, the younger or the older.
    """

    name: str
    a: str
    b: str
    both: Mapping[str, Any] = {}
    in_world: bool = False
    asks_age: bool = False


ROUNDS = (
    Round("first", "like-facebook", "unframed", asks_age=True),
    Round("message", "like-facebook", "collaboration", in_world=True),
    Round("before", "baseline", "mandated", {TRUST: LITTLE_TRUST}),
    Round("after", "baseline", "mandated", {TRUST: MUCH_TRUST}),
)


def luck_numbers(n: int = N_LUCK) -> list[int]:
    """Return the first seed of each student's runs; no two share a run.

    Examples
    --------
    >>> luck_numbers(3)
    [1, 11, 21]
    """
    return [1 + RUNS * place for place in range(n)]


def seeds_of(luck: int) -> list[int]:
    """Return the seeds of the runs of a luck number."""
    return list(range(luck, luck + RUNS))


def overrides_of(one: Round, luck: int) -> dict[str, Any]:
    """Return what is laid over both launches of a round for a luck number."""
    size = {"organization.employees": EMPLOYEES, "run.weeks": WEEKS}
    return {**size, **one.both, **(world_of(luck) if one.in_world else {})}


def request_of(one: Round, side: str, luck: int) -> dict[str, Any]:
    """Return the request of a side, ``a`` or ``b``, of a round."""
    scenario = {"a": one.a, "b": one.b}[side]
    return {"version": 1, "scenario": scenario, "overrides": overrides_of(one, luck), "seeds": seeds_of(luck)}


@cache
def worked_out() -> Mapping[str, Any]:
    """Return what was worked out beforehand."""
    text = resources.files("sim.web.page").joinpath("arc.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def world_of(luck: int) -> Mapping[str, float]:
    """Return the plausible world of a luck number, as coefficients by dotted key."""
    worlds = worked_out()["worlds"]
    numbers = worlds["values"][(luck - 1) // RUNS % len(worlds["values"])]
    return dict(zip(worlds["names"], numbers, strict=True))


# --- a launch of one's own ---


class Measure(NamedTuple):
    """What can be bought: its name, its price, and what it sets."""

    name: str
    price: int
    sets: Mapping[str, Any]


MEASURES = (
    Measure("guidance", 1, {"rules.guidance": 0.9}),
    Measure("leaders", 1, {"leadership.participation": 0.9, "leadership.support": 0.8}),
    Measure("reward", 1, {"leadership.appraisal": 0.8}),
    Measure("oblige", 1, {"launch.mandate": 0.8}),
    Measure("freedom", 1, {"rules.restriction": 0.0}),
    Measure("tools", 2, {"platform.integration": 0.8}),
)
WHEN = (0, 20, 40)
"""Weeks after which a measure can come."""
BUDGET = 3
N_WORLDS_OF_PLANS, RUNS_OF_PLANS = 10, 3

Plan = Mapping[str, int]
"""Week of each measure that is bought."""


def plans() -> Iterator[dict[str, int]]:
    """Yield every plan that the budget allows, the empty one first."""
    for n in range(BUDGET + 1):
        for bought in combinations(MEASURES, n):
            if sum(one.price for one in bought) <= BUDGET:
                for weeks in product(WHEN, repeat=n):
                    yield {one.name: week for one, week in zip(bought, weeks, strict=True)}


def plan_key(plan: Plan) -> str:
    """Return a plan as a short text: for each measure 0 where it is not bought, else which of the weeks, from 1."""
    return "".join(str(WHEN.index(plan[one.name]) + 1) if one.name in plan else "0" for one in MEASURES)


def plan_overrides(plan: Plan) -> dict[str, Any]:
    """Return what a plan lays over the usual launch."""
    sets = {one.name: one.sets for one in MEASURES}
    now = {key: value for name, week in plan.items() if week == 0 for key, value in sets[name].items()}
    later: list[dict[str, Any]] = []
    for week in WHEN[1:]:
        changed = {key: value for name, at in plan.items() if at == week for key, value in sets[name].items()}
        if changed:
            later.append({"week": week, "set": changed})
    return {**now, **({"changes": later} if later else {})}


def lesson_data(rounds: Sequence[Round] = ROUNDS) -> dict[str, Any]:
    """Return the lesson as the page gets it."""
    return {
        "rounds": [one._asdict() for one in rounds],
        "employees": EMPLOYEES,
        "weeks": WEEKS,
        "runs": RUNS,
        "luck": luck_numbers(),
        "measures": [{"name": one.name, "price": one.price} for one in MEASURES],
        "when": list(WHEN),
        "budget": BUDGET,
        "plan_worlds": N_WORLDS_OF_PLANS,
        **worked_out(),
    }
