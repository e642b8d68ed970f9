"""Small stand-ins for the simulation: importable by name, so that worker processes find them too."""

from __future__ import annotations

import multiprocessing
import os
import time
from typing import Any, NamedTuple

import numpy as np

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.experiments.points import Points
from sim.runs.plan import Arm, Kept, Plan, make_plan
from sim.runs.worker import Engine, Task, do_runs


class Result(NamedTuple):
    outcomes: dict[str, float]
    reasons: dict[str, str]
    series: dict[str, np.ndarray]
    groups: list[dict[str, Any]]


GROUP = {
    "grouping": "level", "group": "staff", "order": 0, "n_employees": 3, "monthly_posters": 0.5,
    "monthly_readers": 0.5, "posts_per_employee_month": 1.0, "frame_social": 0.2, "frame_collaboration": 0.5,
    "frame_broadcast": 0.3,
}  # fmt: skip


def simulate(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Give outcomes that depend on the seed, and on restriction; no answers at all where restriction is full."""
    restriction = resolved["rules"]["restriction"]
    luck = np.random.Generator(np.random.Philox(key=seed))
    values = 0.4 + 0.1 * luck.standard_normal(len(OUTCOME_NAMES)) - 0.2 * restriction
    outcomes = dict(zip(OUTCOME_NAMES, np.clip(values, 0, 1).tolist(), strict=True))
    outcomes["alive"] = 1.0
    reasons = {}
    if restriction == 1:
        outcomes["answer_rate"] = float("nan")
        reasons["answer_rate"] = "nobody asked"
    weeks = resolved["run"]["weeks"]
    series = {name: np.linspace(0, value, weeks) for name, value in outcomes.items()}
    return Result(outcomes, reasons, series, [dict(GROUP), dict(GROUP, group="team lead", order=1)])


def warm_up() -> None:
    """Have nothing to compile."""


def fail_sometimes(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Fail for every seed that can be divided by 3."""
    if seed % 3 == 0:
        raise ValueError(f"seed {seed} is no good")
    return simulate(resolved, seed)


def die_sometimes(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """End the process without a word for every seed that can be divided by 5."""
    if seed % 5 == 0:
        os._exit(9)
    return simulate(resolved, seed)


def die_seldom(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """End the process without a word for every seed that can be divided by 97."""
    if seed % 97 == 0:
        os._exit(9)
    return simulate(resolved, seed)


RELEASE = "INTRANET_SIM_TEST_RELEASE"
"""Names the file that lets a run that hangs go on."""


def hang_until_released(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Wait for a file to appear, for every seed that can be divided by 3."""
    while seed % 3 == 0 and not os.path.exists(os.environ[RELEASE]):
        time.sleep(0.01)
    return simulate(resolved, seed)


def slow(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Take a tenth of a second."""
    time.sleep(0.1)
    return simulate(resolved, seed)


def refuse_groups(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Fail if groups are asked for."""
    if with_groups:
        raise ValueError("nobody needs groups")
    return simulate(resolved, seed)


def noted(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Add a letter to the file that the environment names, then do a run in a hundredth of a second."""
    with open(os.environ["NOTED"], "a") as file:
        file.write("x")
    time.sleep(0.01)
    return simulate(resolved, seed)


def very_slow(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Take longer than any test waits."""
    time.sleep(60)
    return simulate(resolved, seed)


def fail_in_a_worker() -> None:
    """Have nothing to compile here, and fail in a worker process."""
    if multiprocessing.parent_process() is not None:
        raise ImportError("no such library")


def sleep_in_a_worker() -> None:
    """Have nothing to compile here, and take for ever in a worker process."""
    if multiprocessing.parent_process() is not None:
        time.sleep(1000)


def interrupted_after_three(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Be interrupted, as by Ctrl-C, in the fourth run."""
    COUNT.append(seed)
    if len(COUNT) > 3:
        raise KeyboardInterrupt
    return simulate(resolved, seed)


def full_after_three(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """From the fourth run on let no file of this process become larger, as a disk or a quota does."""
    import resource

    COUNT.append(seed)
    if len(COUNT) > 3:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    return simulate(resolved, seed)


COUNT: list[int] = []

ENGINE = Engine(simulate, warm_up)
CODE_VERSION = "0.0.0+fake"


def resolved(restriction: float = 0.2, weeks: int = 4) -> dict[str, Any]:
    """Return something shaped like a resolved scenario, as small as can be."""
    return {
        "name": "any",
        "description": "words",
        "organization": {"employees": 10, "workforce": "nl-2014", "remote_share": None},
        "rules": {"restriction": restriction, "work_only": False},
        "launch": {"waves": "all_at_once"},
        "changes": [],
        "run": {"weeks": weeks, "replications": 4, "seed": 1, "critical_share": 0.02},
    }


def arms(*restrictions: float) -> list[Arm]:
    """Return arms named a, b, ... that differ in restriction."""
    return [Arm("abcdefgh"[i], resolved(restriction)) for i, restriction in enumerate(restrictions)]


def records(plan: Plan, *run_ids: int) -> list[Any]:
    """Return the records of some runs of a plan."""
    runs = [plan.runs[run_id] for run_id in run_ids]
    return do_runs(simulate, [Task(run.run_id, plan.resolved(run), run.seed) for run in runs], plan.kept)


def points(n_points: int = 4, n_arms: int = 1) -> Points:
    """Return a design with a number, a bundle that sets a group of keys, and a factor that sets nothing."""
    restriction = [place / 8 for place in range(n_points)]
    waves = [{"pilot": [0], "every_weeks": 2} if place % 2 else "all_at_once" for place in range(n_points)]
    leaves = {"rules.restriction": restriction, "launch.waves": waves}
    factors = {
        "rollout": ["patient" if place % 2 else "big bang" for place in range(n_points)],
        "rules.restriction": restriction,
        "dummy": [0.5 + place / 100 for place in range(n_points)],
    }
    is_lever = {"rollout": True, "rules.restriction": False, "dummy": False}
    return Points(factors, is_lever, (leaves,) * n_arms, [place % 2 for place in range(n_points)], range(n_points))


def design(n_points: int = 4, n_replications: int = 3, n_arms: int = 2, **others: Any) -> Plan:
    """Return the plan of a design of which little is kept."""
    kept = Kept(("monthly_posters", "answer_rate"), "none", groups=False)
    given = {"points": points(n_points, n_arms), "kept": kept, "version": CODE_VERSION, **others}
    return make_plan([Arm("abcdefgh"[arm], resolved()) for arm in range(n_arms)], n_replications, 1, **given)
