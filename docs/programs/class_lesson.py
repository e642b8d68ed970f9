"""Work out what the lesson of a class needs beforehand: ``python docs/programs/class_lesson.py`` (minutes).

Writes ``sim/web/page/arc.json``: the plausible worlds of the luck numbers, what three days of an employee rest on,
what each round gives each luck number, and what each plan of the last round reaches in each world. The rounds
themselves stand in ``sim/web/page/arc.py``; how their pairs were found, in ``class_search.py``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from class_search import ENOUGH

from sim.experiments.world_sets import chosen_worlds
from sim.kernel.files import write_text
from sim.model.rules.coefficients import coefficients_of
from sim.model.rules.posting import post_chances
from sim.model.simulation import Simulation
from sim.model.why.explanation import changed, p_read_in, situation_of
from sim.scenario import load_scenario
from sim.web.answer import answer
from sim.web.page import arc

FILE = Path(__file__).resolve().parents[2] / "sim" / "web" / "page" / "arc.json"
SEARCH = Path(__file__).resolve().parents[1] / "class" / "search.json"
OUTCOME = "monthly_posters"
WORLD_SET, WORLD_SEED = "levels", 1
DIGITS = 4
DAYS_SEED, DAYS_WEEK = 1, 6
FREE_PLAN_WORLDS, BEST_PLAN_WORLDS, SHARE_OF_BEST = 3, 9, 1 / 50
# What each of the three days depends on: the situation, and things that could be otherwise: (name, if so, if not).
Case = Mapping[str, float]
COLLABORATION: Case = {"share_social": 0.0, "share_collaboration": 1.0, "share_broadcast": 0.0}
SOCIAL: Case = {"share_social": 1.0, "share_collaboration": 0.0, "share_broadcast": 0.0}
MUCH: Case = {"expected_work": 1.0, "expected_fun": 1.0, "expected_news": 1.0}
NOTHING: Case = {"expected_work": 0.0, "expected_fun": 0.0, "expected_news": 0.0}
ACTIVE: Case = {"contact_activity": 1.0, "share_visible": 1.0}
SILENT: Case = {"contact_activity": 0.0, "share_visible": 0.0}
DAYS: tuple[tuple[str, Case, tuple[tuple[str, Case, Case], ...]], ...] = (
    ("read", {}, (
        ("contacts", ACTIVE, SILENT), ("expected", MUCH, NOTHING), ("meaning", COLLABORATION, SOCIAL),
        ("habit", {"habit": 1.0}, {"habit": 0.0}),
    )),
    ("post", {"has_manager": 1.0, "manager_looks": 1.0}, (
        ("boss", {"manager_looks": 1.0}, {"manager_looks": 0.0}), ("trust", {"trust": 1.0}, {"trust": 0.0}),
        ("guidance", {"guidance": 1.0}, {"guidance": 0.0}), ("contacts", ACTIVE, SILENT),
    )),
    ("again", {"feedback": 0.0}, (
        ("reply", {"feedback": 1.0}, {"feedback": 0.0}), ("rules", {"restriction": 1.0}, {"restriction": 0.0}),
        ("meaning", COLLABORATION, SOCIAL), ("contacts", ACTIVE, SILENT),
    )),
)  # fmt: skip


def days() -> list[dict[str, Any]]:
    """Return how often colleagues do it on such a day, and what that depends on: means over a whole organization."""
    resolved = load_scenario("baseline", {"organization.employees": arc.EMPLOYEES}).resolved()
    simulation = Simulation(resolved, DAYS_SEED)
    simulation.run(until_week=DAYS_WEEK)
    c = coefficients_of(resolved)
    staff = [situation_of(simulation, i) for i in range(arc.EMPLOYEES)]

    def share(name: str, *changes: Case) -> float:
        case = {key: value for one in changes for key, value in one.items()}
        if name == "read":
            values = [p_read_in(changed(one.reading, case), c) for one in staff]
        else:
            values = [sum(post_chances(changed(one.posting, case), c)) for one in staff]
        return round(float(np.mean(values)), DIGITS)

    return [
        {
            "name": name,
            "share": share(name, base),
            "because": [
                {"name": cause, "with": share(name, base, if_so), "without": share(name, base, if_not)}
                for cause, if_so, if_not in causes
            ],
        }
        for name, base, causes in DAYS
    ]


def surprise() -> dict[str, Any]:
    """Return what explains the surprise of the first round: both launches as they are, and where social fits work.

    Also which of them is clearly ahead there for most students, ``a``, ``b`` or ``same``: the page tells it.
    """
    found = {one["organization"]: one for one in json.loads(SEARCH.read_text(encoding="utf-8"))["first"]}
    usual, free = found["as shipped"], found["social is fit for work"]
    ahead = [side for side, n in zip("ab", free["clear"], strict=True) if n >= ENOUGH]
    return {"as": usual["means"], "free": free["means"], "free_ahead": ahead[0] if ahead else "same"}


def worlds() -> dict[str, Any]:
    """Return as many different plausible worlds of equal weight as there are luck numbers."""
    chosen = chosen_worlds(arc.N_LUCK, WORLD_SEED, WORLD_SET)
    values = [[float(f"{world[name]:.{DIGITS}g}") for name in chosen.keys] for world in chosen.settings]
    return {"set": WORLD_SET, "names": list(chosen.keys), "values": values}


def _outcomes(request: Mapping[str, Any]) -> list[float]:
    values: list[float] = answer({**request, "detail": {"network": False, "people": False}})["outcomes"][OUTCOME]
    return values


def _of_luck(job: tuple[arc.Round, dict[str, Any], dict[str, Any]]) -> list[list[float]]:
    return [_outcomes(request) for request in job[1:]]


def results(pool: ProcessPoolExecutor, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what came out for each luck number of each round: means, and how many pairs of runs each side wins."""
    kept: dict[str, Any] = {}
    for one in arc.ROUNDS:
        jobs = [(one, *(_request(one, side, luck, found) for side in "ab")) for luck in arc.luck_numbers()]
        rows = []
        for a, b in pool.map(_of_luck, jobs):
            ahead = [sum(x > y for x, y in zip(a, b, strict=True)), sum(x < y for x, y in zip(a, b, strict=True))]
            rows.append([round(float(np.mean(a)), DIGITS), round(float(np.mean(b)), DIGITS), *ahead])
        kept[one.name] = rows
        print(one.name, file=sys.stderr)
    return kept


def _request(one: arc.Round, side: str, luck: int, found: Mapping[str, Any]) -> dict[str, Any]:
    plain = arc.request_of(one._replace(in_world=False), side, luck)
    world = dict(zip(found["names"], found["values"][(luck - 1) // arc.RUNS], strict=True)) if one.in_world else {}
    return {**plain, "overrides": {**plain["overrides"], **world}}


def _of_plan(job: tuple[dict[str, int], Mapping[str, Any]]) -> list[float]:
    plan, found = job
    size = {"organization.employees": arc.EMPLOYEES, "run.weeks": arc.WEEKS}
    means = []
    for values in found["values"][: arc.N_WORLDS_OF_PLANS]:
        world = dict(zip(found["names"], values, strict=True))
        overrides = {**size, **world, **arc.plan_overrides(plan)}
        seeds = arc.seeds_of(1)[: arc.RUNS_OF_PLANS]
        means.append(float(np.mean(_outcomes({"scenario": "baseline", "overrides": overrides, "seeds": seeds}))))
    return means


def plans(pool: ProcessPoolExecutor, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return monthly posters of each plan in each world, in parts of a thousand."""
    every = list(arc.plans())
    means = pool.map(_of_plan, [(plan, found) for plan in every], chunksize=4)
    kept = {arc.plan_key(plan): [round(1000 * value) for value in row] for plan, row in zip(every, means, strict=True)}
    return {"goal": goal_of(kept), "reached": kept}


def goal_of(reached: Mapping[str, Sequence[int]]) -> float:
    """Return the share of staff that makes a goal worth playing for: out of reach for free, robust for few plans.

    Raises
    ------
    ValueError
        If no goal is like that: measures, prices or budget are to be thought over.
    """
    free = arc.plan_key({})
    fit = []
    for goal in range(1, 100):  # percent
        scores = {key: sum(value >= 10 * goal for value in values) for key, values in reached.items()}
        best = max(scores.values())
        n_best = sum(score == best for score in scores.values())
        if scores[free] <= FREE_PLAN_WORLDS and best >= BEST_PLAN_WORLDS and n_best < SHARE_OF_BEST * len(scores):
            fit.append(goal)
    if not fit:
        raise ValueError("no goal tells plans apart")
    middle = fit[len(fit) // 2]
    return min(fit, key=lambda goal: (goal % 5 != 0, abs(goal - middle))) / 100  # a round one is easier to keep in mind


def main() -> None:
    """Work out everything and write it."""
    found = worlds()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        kept = {
            "worlds": found,
            "days": days(),
            "surprise": surprise(),
            "results": results(pool, found),
            "plans": plans(pool, found),
        }
    write_text(FILE, json.dumps(kept, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
