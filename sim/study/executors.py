"""Where runs are done: in this process or in several, behind ``concurrent.futures.Executor``."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from typing import Any, TypeVar

from sim.errors import InputError
from sim.study.worker import Engine, start_worker

Result = TypeVar("Result")

# One thread a worker: the runs themselves are what is done in parallel.
ONE_THREAD = (
    "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)  # fmt: skip
# How long a worker that is in the middle of some runs may take to hand them over after an interruption.
GRACE_SECONDS = 2.0


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
