"""Where runs are done: in this process, in several, or on other machines, behind ``concurrent.futures.Executor``."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from sim.errors import InputError
from sim.study.kept import Kept
from sim.study.records import Record
from sim.study.worker import Engine, Task, do_runs, do_runs_elsewhere, other_code, start_worker, where

Result = TypeVar("Result")

# One thread a worker: the runs themselves are what is done in parallel.
ONE_THREAD = (
    "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)  # fmt: skip
# How long a worker that is in the middle of some runs may take to hand them over after an interruption.
GRACE_SECONDS = 2.0


@dataclass(frozen=True)
class Execution:
    """Where the runs of a study are done.

    Attributes
    ----------
    jobs : int or None
        Number of processes on this machine; None chooses after a timed first run. With `executor`: its number of
        workers.
    dask : str or None
        Address of a Dask scheduler whose workers do the runs.
    executor : Executor or None
        An executor of the caller's own, such as ``mpi4py.futures.MPIPoolExecutor``; it is not shut down.
    """

    jobs: int | None = None
    dask: str | None = None
    executor: Executor | None = None


class Call(Protocol):
    """What a worker is asked to do."""

    def __call__(self, *, tasks: Sequence[Task], kept: Kept) -> list[Record]: ...


class Team:
    """Some workers: an executor, how many it has, and what to ask them.

    Parameters
    ----------
    executor : Executor
        Sends calls to the workers.
    size : callable
        Number of workers at present.
    call : callable
        Does some runs.
    """

    def __init__(self, executor: Executor, size: Callable[[], int], call: Call) -> None:
        self.executor = executor
        self.size = size
        self._call = call

    @property
    def is_here(self) -> bool:
        """Whether runs are done in this very process."""
        return isinstance(self.executor, InProcessExecutor)

    def submit(self, tasks: Sequence[Task], kept: Kept) -> Future[list[Record]]:
        """Ask for some runs."""
        return self.executor.submit(self._call, tasks=tasks, kept=kept)


class InProcessExecutor(Executor):
    """Does each call at once, in this process; starts no pool and no thread."""

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Call `fn` now and return a future that is done. An interruption (Ctrl-C) is raised at once."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def n_cores() -> int:
    """Return the number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Set the environment that new workers inherit; libraries read it when they are imported."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _await_start(pool: ProcessPoolExecutor) -> None:
    """Wait for the first worker, so that one that cannot start is not taken for a run that fails."""
    try:
        pool.submit(os.getpid).result()
    except BrokenExecutor:
        raise InputError(
            "Worker processes cannot start (their own message is above). Do without them: --jobs 1."
            " A Python script that asks for jobs needs its work under: if __name__ == '__main__':"
        ) from None


def in_process(engine: Engine) -> Team:
    """Return the team that is this process alone."""
    return Team(InProcessExecutor(), lambda: 1, partial(do_runs, engine.simulate))


@contextlib.contextmanager
def pool_team(n_jobs: int, engine: Engine) -> Iterator[Team]:
    """Open a process pool as a team."""
    with process_pool(n_jobs, engine) as pool:
        yield Team(pool, lambda: n_jobs, partial(do_runs, engine.simulate))


def borrowed_team(executor: Executor, n_workers: int | None, engine: Engine, version: str) -> Team:
    """Return the team of an executor that somebody else opened.

    Parameters
    ----------
    executor : Executor
        Behaves as ``concurrent.futures.Executor``.
    n_workers : int or None
        How many workers it has; asked of it if left out.
    engine : Engine
        The simulation.
    version : str
        Version of the code that its workers must have.

    Raises
    ------
    InputError
        If its workers do not answer or have other code.
    """
    try:
        host, there = executor.submit(where).result()
    except Exception as error:
        raise InputError(f"The workers of {type(executor).__name__} do not answer: {error}") from error
    if there != version:
        raise InputError(other_code(host, there, version))
    known = n_workers or getattr(executor, "num_workers", None) or getattr(executor, "_max_workers", None) or n_cores()
    return Team(executor, lambda: known, partial(do_runs_elsewhere, engine, version))


@contextlib.contextmanager
def process_pool(n_jobs: int, engine: Engine) -> Iterator[ProcessPoolExecutor]:
    """Open a pool of fresh (spawned) worker processes, and leave none behind.

    Parameters
    ----------
    n_jobs : int
        Number of worker processes.
    engine : Engine
        Its `warm_up` is called in each worker before the first run.

    Raises
    ------
    InputError
        If workers cannot start.
    """
    # Fresh processes on every platform: a forked one would inherit locks of threads that it does not have.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    with _one_thread_each():
        pool = ProcessPoolExecutor(n_jobs, context, initializer=start_worker, initargs=(engine.warm_up,))
        try:
            _await_start(pool)
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
