"""Where runs are done: in this process, in several, or on other machines, behind ``concurrent.futures.Executor``."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, InvalidStateError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import urlsplit

from sim.errors import InputError, ReportedError
from sim.kernel.processors import ONE_THREAD, n_processors
from sim.runs.plan import Kept
from sim.runs.progress import Progress
from sim.runs.records import Record
from sim.runs.worker import Engine, Task, do_runs, do_runs_elsewhere, other_code, start_worker, where
from sim.words import Said, said

if TYPE_CHECKING:
    from distributed import Client


Result = TypeVar("Result")

# How long a worker that is in the middle of some runs may take to hand them over after an interruption.
GRACE_SECONDS = 2.0
# How long a worker may take to start, on a busy machine, and how often and after which pause it is tried.
START_SECONDS = 600.0
START_TRIES = 3
START_PAUSE = 0.5
# How long workers that we did not start may take to answer at all.
ANSWER_SECONDS = 120.0


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
    seconds_gone : callable, optional
        For how long there has been nobody at all; left out: a team that is lost says so itself.
    """

    def __init__(
        self, executor: Executor, size: Callable[[], int], call: Call, seconds_gone: Callable[[], float] = lambda: 0.0
    ) -> None:
        self.executor = executor
        self.size = size
        self.seconds_gone = seconds_gone
        self._call = call

    @property
    def replaces_workers(self) -> bool:
        """Whether the death of a worker ends its calls alone, not the team."""
        return isinstance(self.executor, WorkerProcesses)

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


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Set the environment that new workers inherit: what is done in parallel are the runs themselves."""
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
        host, there = executor.submit(where).result(ANSWER_SECONDS)
    except TimeoutError as error:
        late = said("refusal.workers.silent", kind=type(executor).__name__, seconds=round(ANSWER_SECONDS))
        raise InputError(late) from error
    except Exception as error:
        failed = said("refusal.workers.failed", kind=type(executor).__name__, reason=error)
        raise InputError(failed) from error
    if there != version:
        raise InputError(other_code(host, there, version))
    known = (
        n_workers or getattr(executor, "num_workers", None) or getattr(executor, "_max_workers", None) or n_processors()
    )
    return Team(executor, lambda: known, partial(do_runs_elsewhere, engine, version))


def _none(error: Exception) -> Said:
    return said("refusal.workers.none", error=f"{type(error).__name__}: {error}")


class NoWorkersError(InputError):
    """This machine lets no worker process start."""

    def __init__(self, n_tries: int, problem: Said) -> None:
        super().__init__(said("refusal.workers.start", n=n_tries, problem=problem))
        self.problem = problem

    def __reduce__(self) -> tuple[type[ReportedError], tuple[object, ...]]:
        return InputError, (self.lines,)


class WorkerProcesses(Executor):
    """Worker processes on this machine, each a pool of its own: one that dies is replaced, and the others never notice.

    (In one pool of many, the death of one is the end of all.) Its calls fail with `BrokenProcessPool`.

    Parameters
    ----------
    n_jobs : int
        Number of worker processes.
    warm_up : callable
        Called in each worker before the first call.
    """

    def __init__(self, n_jobs: int, warm_up: Callable[[], None]) -> None:
        # Fresh processes on every platform: a forked one would inherit locks of threads that it does not have.
        self._context = multiprocessing.get_context("spawn")
        self._warm_up = warm_up
        self._others = set(multiprocessing.active_children())
        self._pools: list[ProcessPoolExecutor] = []
        self._calls: list[list[Future[Any]]] = [[] for _ in range(n_jobs)]
        self._usual_hook = threading.excepthook
        threading.excepthook = self._thread_failed
        try:
            started = [self._open(place) for place in range(n_jobs)]
            self._await(started[0], 0)
        except BaseException:
            self.kill()
            raise

    def _thread_failed(self, failure: threading.ExceptHookArgs) -> None:
        """End the calls of a pool whose own thread fails, as it does where it can start no other: they would wait on.

        (What the standard library would print is a traceback.)
        """
        pool = getattr(failure.thread, "executor_reference", lambda: None)()
        if pool not in self._pools:
            self._usual_hook(failure)
            return
        broken = BrokenProcessPool(f"{failure.exc_type.__name__}: {failure.exc_value}")
        pool._broken = str(broken)
        for item in list(getattr(failure.thread, "pending_work_items", {}).values()):
            with contextlib.suppress(InvalidStateError):
                item.future.set_exception(broken)

    def _open(self, place: int) -> Future[int]:
        """Start a worker; the answer says that it is there."""
        try:
            pool = ProcessPoolExecutor(1, self._context, initializer=start_worker, initargs=(self._warm_up,))
            self._pools[place : place + 1] = [pool]
            self._calls[place] = []
            with deaf_to_interrupts(), _one_thread_each():
                return pool.submit(os.getpid)
        except (
            OSError,
            ImportError,
            NotImplementedError,
            RuntimeError,
        ) as error:  # no processes, semaphores or threads
            raise NoWorkersError(1, _none(error)) from error

    def _await(self, start: Future[int], place: int) -> None:
        """Wait for a worker, so that one that cannot start is not taken for a run that fails; try some times.

        Raises
        ------
        InputError
            If it does not start.
        """
        for n_tries in range(1, START_TRIES + 1):
            try:
                start.result(START_SECONDS)
                return
            except BrokenExecutor:
                problem = said("refusal.workers.died")
            except TimeoutError:
                problem = said("refusal.workers.late", seconds=round(START_SECONDS))
            if n_tries < START_TRIES:
                time.sleep(START_PAUSE * n_tries)
                start = self._open(place)
        raise NoWorkersError(START_TRIES, problem)

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Have the worker with the least to do call `fn`; replace it first if it has died."""
        self._calls = [[call for call in calls if not call.done()] for calls in self._calls]
        place = min(range(len(self._pools)), key=lambda place: len(self._calls[place]))
        try:
            call = self._pools[place].submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self._pools[place].shutdown(wait=True)
            self._await(self._open(place), place)
            call = self._pools[place].submit(fn, *args, **kwargs)
        self._calls[place].append(call)
        return call

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers when they have done what they do."""
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=cancel_futures)
        for pool in self._pools:
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)
        threading.excepthook = self._usual_hook

    def kill(self) -> None:
        """End the workers at once; what they do is lost."""
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - self._others:
            child.kill()  # also one that somebody has stopped
        self.shutdown(cancel_futures=True)


@contextlib.contextmanager
def process_pool(n_jobs: int, engine: Engine) -> Iterator[WorkerProcesses]:
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
    pool = WorkerProcesses(n_jobs, engine.warm_up)
    try:
        yield pool
    except BaseException:
        pool.kill()
        raise
    pool.shutdown()


# Ctrl-C, which a terminal sends to a program and to all its processes: only the program itself should hear it.


@contextlib.contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Let processes that are started here inherit that Ctrl-C does not concern them.

    It is held up meanwhile, not lost: an interrupt during the block is raised at its end. (A worker that only ignores
    it once it runs Python code of ours would print a traceback if it came while the interpreter still starts.)
    """
    if not hasattr(signal, "pthread_sigmask") or threading.current_thread() is not threading.main_thread():
        yield  # Windows; or a thread, which does not hear of signals
        return
    resource_tracker.ensure_running()  # when it starts it lets all signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# Workers of a Dask cluster, on as many machines as it has.
#
# Needs the package ``distributed``: ``pip install "intranet-sim[dask]"``.


# What Dask calls a call whose scheduler has forgotten it, or is gone.
GONE = ("cancelled", "lost")
CONNECT_SECONDS = 10.0
# The number of workers is asked for this often: a cluster grows and shrinks.
SECONDS_BETWEEN_COUNTS = 2.0
# How long workers may take to come (a cluster may let jobs queue), and to say which code they have.
WORKERS_SECONDS = 1800.0


def _refuse_misspelled(address: str) -> None:
    """Refuse what is no address: Dask's own client would take long to find out."""
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        is_address = bool(parts.hostname and parts.port)
    except ValueError:
        is_address = False
    if not is_address:
        raise InputError(said("refusal.dask.address", address=address))


def _connected(address: str) -> Client:
    _refuse_misspelled(address)
    try:
        from distributed import Client
    except ImportError:
        raise InputError(said("refusal.dask.package")) from None
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:  # a timeout is an OSError
        raise InputError(said("refusal.dask.none", address=address, error=error)) from None


class DaskExecutor(Executor):
    """The workers of a cluster as an executor, in which every call gets its answer.

    Distributed has such an executor of its own (``Client.get_executor``). In that one a call whose result is lost on
    its way, with the worker that held it, can stay without an answer for ever.

    Parameters
    ----------
    client : distributed.Client
        Connected, and kept open for as long as calls are under way.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Have a worker call `fn`; cancelling the answer cancels the call, even one that has begun."""
        answer: Future[Result] = Future()
        call = self._client.submit(fn, *args, pure=False, **kwargs)
        answer.add_done_callback(lambda given: _cancel(call) if given.cancelled() else None)
        loop = self._client.loop
        if loop is None:  # the client was closed
            answer.set_exception(CancelledError())
        else:
            loop.add_callback(self._hand_over, call, answer)
        return answer

    async def _hand_over(self, call: Any, answer: Future[Any]) -> None:
        try:
            result = await self._client.gather(call, asynchronous=True)
        except Exception as error:
            _settle(answer, error=CancelledError() if call.status in GONE else error)
        except BaseException:  # the loop ends
            _settle(answer, error=CancelledError())
            raise
        else:
            _settle(answer, result=result)


def _settle(answer: Future[Any], result: Any = None, error: BaseException | None = None) -> None:
    """Give an answer, unless nobody waits for it any more."""
    with contextlib.suppress(InvalidStateError):
        if error is None:
            answer.set_result(result)
        else:
            answer.set_exception(error)


def _cancel(call: Any) -> None:
    with contextlib.suppress(Exception):  # nothing is left to be cancelled if the scheduler is gone
        call.cancel()


class _Count:
    """The number of threads of all workers, asked for now and then."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._n = 1
        self._next = 0.0
        self._last_seen = time.monotonic()

    def __call__(self) -> int:
        if time.monotonic() >= self._next:
            with contextlib.suppress(OSError):  # a scheduler that is gone shows soon enough in the calls under way
                n = sum(self._client.nthreads().values())
                self._n = max(1, n)
                if n:
                    self._last_seen = time.monotonic()
            self._next = time.monotonic() + SECONDS_BETWEEN_COUNTS
        return self._n

    def seconds_gone(self) -> float:
        """Return for how long there has been no worker at all."""
        self()
        return time.monotonic() - self._last_seen


def _check_workers(client: Client, version: str, progress: Progress) -> None:
    """Wait for a worker, and refuse workers with other code."""
    if not client.nthreads():
        progress.step(said("progress.dask_waiting"))
        try:
            client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except TimeoutError:
            raise InputError(said("refusal.dask.no_workers", seconds=round(WORKERS_SECONDS))) from None
    try:
        answers = client.run(where, on_error="return", callback_timeout=ANSWER_SECONDS)
    except TimeoutError:
        raise InputError(said("refusal.dask.silent", seconds=round(ANSWER_SECONDS))) from None
    for address, answer in answers.items():
        if isinstance(answer, OSError):
            continue  # a worker that is just leaving
        if isinstance(answer, BaseException):
            raise InputError(said("refusal.dask.worker", address=address, kind=type(answer).__name__, reason=answer))
        host, there = answer
        if there != version:
            raise InputError(other_code(host, there, version))
    threads = client.nthreads()
    if any(n > 1 for n in threads.values()):
        progress.note(
            f"{sum(n > 1 for n in threads.values())} of {len(threads)} Dask workers have several threads, which share"
            " one processor core here. Start workers with: dask worker --nworkers auto --nthreads 1"
        )
    progress.step(said("progress.dask_workers", n=len(threads)))


@contextlib.contextmanager
def dask_team(address: str, engine: Engine, version: str, progress: Progress) -> Iterator[Team]:
    """Open the connection to a Dask scheduler as a team.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://node-1:8786``.
    engine : Engine
        The simulation, importable on the workers.
    version : str
        Version of the code that the workers must have; also one that joins later.
    progress : Progress
        Hears of waiting and of workers with several threads.

    Raises
    ------
    InputError
        If nobody answers, or workers have other code.
    """
    with _connected(address) as client:
        _check_workers(client, version, progress)
        count = _Count(client)
        call = partial(do_runs_elsewhere, engine, version)
        yield Team(DaskExecutor(client), count, call, seconds_gone=count.seconds_gone)
