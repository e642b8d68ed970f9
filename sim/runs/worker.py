"""What happens in a worker process: some runs, one after another. Without a pool, in this one too."""

from __future__ import annotations

import functools
import os
import signal
import socket
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from multiprocessing import parent_process
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sim.errors import ChangedStaffError, InputError
from sim.runs.code_version import code_version, made_with
from sim.runs.plan import HASHES, Kept, fixed_staff, own_files
from sim.runs.records import Failed, Finished, Record
from sim.words import said

if TYPE_CHECKING:
    from sim.model.simulation import RunResult
    from sim.runs.executors import Execution
    from sim.runs.plan import Plan

    class Simulate(Protocol):
        """One run: a resolved scenario, a seed, and whether who posts, and who replied to whom, is wanted."""

        def __call__(
            self, resolved: Mapping[str, Any], seed: int, with_groups: bool = True, keeps_replies: bool = False
        ) -> RunResult: ...


LONGEST_ERROR = 200


class Task(NamedTuple):
    """One run as it is sent to a worker: numbers and parameters, never a model.

    `staff` is the content hash of the staff file that the scenario names, as it was when the study was planned.
    """

    run_id: int
    resolved: Mapping[str, Any]
    seed: int
    staff: str = ""


class Engine(NamedTuple):
    """The two functions that a study needs of the simulation, importable by name for workers to find."""

    simulate: Simulate
    warm_up: Callable[[], None]


def engine() -> Engine:
    """Return the simulation itself (imported only now: it brings numba)."""
    from sim.model.simulation import simulate, warm_up

    return Engine(simulate, warm_up)


EMPLOYEE_DAYS_WORTH_COMPILING = 3_000_000
"""About a minute of plain Python: from here on compiling replaced rules takes less than it saves."""


def engine_of(plan: Plan, execution: Execution | None = None) -> Engine:
    """Return what does the runs of a plan: the simulation, with the extension that the plan has.

    Parameters
    ----------
    plan : Plan
        The runs.
    execution : Execution, optional
        Where they are done; this process, if left out.

    Raises
    ------
    InputError
        If the extension cannot be sent to where they are done.
    """
    extension = plan.extension
    if extension is None:
        return engine()
    from sim.model.extension.running import simulate_with, warm_up_with

    if execution is not None:
        is_elsewhere = execution.dask is not None or execution.executor is not None
        if is_elsewhere or execution.jobs != 1:
            extension.refuse_unless_sendable(to_other_machines=is_elsewhere)
    compiles = bool(extension.rules) and _employee_days(plan) >= EMPLOYEE_DAYS_WORTH_COMPILING
    if compiles:
        try:
            warm_up_with(extension, True)
        except Exception:  # numba cannot compile it, or it fails when it is tried: plain Python does, or says why
            compiles = False
    return Engine(partial(simulate_with, extension, compiles), partial(warm_up_with, extension, compiles))


def _employee_days(plan: Plan) -> float:
    """Return about how many days of how many employees a plan runs, all together."""
    sizes = [arm.resolved["organization"]["employees"] * arm.resolved["run"]["weeks"] * 5 for arm in plan.arms]
    return len(plan.runs) * sum(sizes) / len(sizes)


def _in_one_line(error: Exception) -> str:
    """Return type and first line of an error; the traceback has the rest."""
    first = next(iter(str(error).splitlines()), "")
    return f"{type(error).__name__}: {first[:LONGEST_ERROR]}".rstrip(": ")


def _do_run(simulate: Simulate, task: Task, kept: Kept) -> Record:
    start = time.perf_counter()
    staff = dict(zip(own_files(task.resolved), task.staff.split(HASHES), strict=True)) if task.staff else {}
    try:
        with fixed_staff(staff):
            # Not every engine knows of replies, and most are never asked for them.
            more = {"keeps_replies": True} if kept.replies else {}
            result = simulate(task.resolved, task.seed, with_groups=kept.groups, **more)
        return Finished(
            task.run_id,
            {name: float(result.outcomes[name]) for name in kept.outcomes},
            {name: result.reasons[name] for name in kept.outcomes if name in result.reasons},
            kept.of_series(result.series),
            list(result.groups) if kept.groups else [],
            time.perf_counter() - start,
            result.replies if kept.replies else None,
        )
    except ChangedStaffError:
        raise  # not this run is wrong but what all others would be made from
    except Exception as error:  # whatever goes wrong in one run must not cost the others
        return Failed(task.run_id, _in_one_line(error), traceback.format_exc(), time.perf_counter() - start)


def do_runs(simulate: Simulate, tasks: Sequence[Task], kept: Kept) -> list[Record]:
    """Do some runs and return what is kept of each; a failing run gives a record too."""
    return [_do_run(simulate, task, kept) for task in tasks]


def do_runs_elsewhere(engine: Engine, version: str, tasks: Sequence[Task], kept: Kept) -> list[Record]:
    """Do some runs in a process that we did not start, on another machine perhaps.

    Raises
    ------
    InputError
        If that process has other code or libraries than `version`: its results must not get among ours.
    """
    _prepare_once(engine.warm_up, version)
    return do_runs(engine.simulate, tasks, kept)


def where() -> tuple[str, str]:
    """Return the name of this machine and what the numbers of its runs depend on: code, Python, NumPy and numba."""
    return socket.gethostname(), made_with(code_version())


@functools.cache
def _prepare_once(warm_up: Callable[[], None], version: str) -> None:
    host, here = where()
    if here != version:
        raise InputError(other_code(host, here, version))
    warm_up()


def other_code(host: str, there: str, here: str) -> str:
    """Return what to tell a person whose workers have other code, or other versions of what computes."""
    return said("refusal.workers.other_code", host=host, there=there, here=here)


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
    try:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    except RuntimeError:  # the machine gives no thread: a worker less, about which the parent says a line
        os._exit(1)
    warm_up()
