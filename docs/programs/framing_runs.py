"""Paired runs of the two launches that ``framing_effect.py`` compares."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

import numpy as np

from sim.analysis.statistics import PairedDifference, paired_difference
from sim.catalog.outcomes import YES_OR_NO
from sim.kernel.processors import n_processors
from sim.runs.executors import process_pool
from sim.runs.plan import EVERYTHING, replication_seed
from sim.runs.records import Finished
from sim.runs.worker import Task, do_runs, engine
from sim.scenario import load_scenario

COLLABORATION, LIKE_FACEBOOK = "collaboration", "like-facebook"
LAUNCHES = (COLLABORATION, LIKE_FACEBOOK)
SEED = 1
RUNS_AT_ONCE = 20

Settings = Mapping[str, Any]  # dotted key to value
Values = Mapping[str, np.ndarray]  # outcome to one value a pair


class Pairs:
    """Outcomes of both launches in one world, float64 (n_pairs,) each, paired by position."""

    def __init__(self, collaboration: Values, like_facebook: Values) -> None:
        self.collaboration = collaboration
        self.like_facebook = like_facebook

    def difference(self, outcome: str) -> PairedDifference:
        """Return collaboration minus like-facebook, with the interval that ``compare`` gives."""
        ours, others = self.collaboration[outcome], self.like_facebook[outcome]
        return paired_difference(ours, others, is_yes_or_no=outcome in YES_OR_NO)

    def mean_difference(self, outcome: str) -> float:
        """Return the mean over pairs of collaboration minus like-facebook."""
        return float(np.mean(self.collaboration[outcome] - self.like_facebook[outcome]))


@contextmanager
def workers() -> Iterator[Executor]:
    """Open as many worker processes as there are processors."""
    with process_pool(n_processors(), engine()) as pool:
        yield pool


def resolved_launch(name: str, settings: Settings) -> dict[str, Any]:
    """Return a launch with all values filled in, and `settings` in place of some."""
    resolved = copy.deepcopy(dict(load_scenario(name).resolved()))
    for path, value in settings.items():
        *parents, last = path.split(".")
        part = resolved
        for parent in parents:
            part = part[parent]
        if last not in part:
            raise KeyError(path)
        part[last] = value
    return resolved


def run_pairs(pool: Executor, worlds: Sequence[Settings], n_pairs: int, first: int = 0) -> list[Pairs]:
    """Run both launches in each world, `n_pairs` replications each, the first being replication `first`."""
    arms = [resolved_launch(launch, world) for world in worlds for launch in LAUNCHES]
    tasks = [
        Task(number * n_pairs + k, arm, replication_seed(SEED, first + k))
        for number, arm in enumerate(arms)
        for k in range(n_pairs)
    ]
    chunks = [tasks[start : start + RUNS_AT_ONCE] for start in range(0, len(tasks), RUNS_AT_ONCE)]
    done: list[Mapping[str, float]] = []
    for records in pool.map(do_runs, [engine().simulate] * len(chunks), chunks, [EVERYTHING] * len(chunks)):
        for record in records:
            if not isinstance(record, Finished):
                raise RuntimeError(f"a run failed: {record.error}")
            done.append(record.outcomes)
    by_arm = [_columns(done[start : start + n_pairs]) for start in range(0, len(done), n_pairs)]
    return [Pairs(*by_arm[start : start + 2]) for start in range(0, len(by_arm), 2)]


def _columns(rows: Sequence[Mapping[str, float]]) -> Values:
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}
