"""What happens in a worker process: some runs, one after another. Without a pool, in this one too."""

from __future__ import annotations

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import parent_process
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.study.records import Failed, Finished, Record

if TYPE_CHECKING:
    from sim.simulation import RunResult

    Simulate = Callable[[Mapping[str, Any], int], RunResult]

LONGEST_ERROR = 200


class Task(NamedTuple):
    """One run as it is sent to a worker: numbers and parameters, never a model."""

    run_id: int
    resolved: Mapping[str, Any]
    seed: int


class Engine(NamedTuple):
    """The two functions that a study needs of the simulation, importable by name for workers to find."""

    simulate: Simulate
    warm_up: Callable[[], None]


def engine() -> Engine:
    """Return the simulation itself (imported only now: it brings numba)."""
    from sim.simulation import simulate, warm_up

    return Engine(simulate, warm_up)


def _in_one_line(error: Exception) -> str:
    """Return type and first line of an error; the traceback has the rest."""
    first = next(iter(str(error).splitlines()), "")
    return f"{type(error).__name__}: {first[:LONGEST_ERROR]}".rstrip(": ")


def _do_run(simulate: Simulate, task: Task) -> Record:
    start = time.perf_counter()
    try:
        result = simulate(task.resolved, task.seed)
    except Exception as error:  # whatever goes wrong in one run must not cost the others
        seconds = time.perf_counter() - start
        return Failed(task.run_id, _in_one_line(error), traceback.format_exc(), seconds)
    seconds = time.perf_counter() - start
    outcomes = {name: float(value) for name, value in result.outcomes.items()}
    return Finished(task.run_id, outcomes, dict(result.reasons), dict(result.series), list(result.groups), seconds)


def do_runs(simulate: Simulate, tasks: Sequence[Task]) -> list[Record]:
    """Do some runs and return a record of each; a failing run gives a record too."""
    return [_do_run(simulate, task) for task in tasks]


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def start_worker(warm_up: Callable[[], None]) -> None:
    """Prepare a worker process: leave Ctrl-C to the parent, end with it, and load the compiled code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # A parent that was killed cannot tell its workers to stop.
    threading.Thread(target=_end_with_parent, daemon=True).start()
    warm_up()
