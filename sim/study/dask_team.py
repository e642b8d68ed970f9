"""Workers of a Dask cluster, on as many machines as it has.

Needs the package ``distributed``: ``pip install "intranet-sim[dask]"``.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, InvalidStateError
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from sim.errors import InputError
from sim.study.executors import Team
from sim.study.progress import Progress
from sim.study.worker import Engine, do_runs_elsewhere, other_code, where
from sim.texts import said

if TYPE_CHECKING:
    from distributed import Client

Result = TypeVar("Result")

# What Dask calls a call whose scheduler has forgotten it, or is gone.
GONE = ("cancelled", "lost")
CONNECT_SECONDS = 10.0
# The number of workers is asked for this often: a cluster grows and shrinks.
SECONDS_BETWEEN_COUNTS = 2.0
# How long workers may take to come (a cluster may let jobs queue), and to say which code they have.
WORKERS_SECONDS = 1800.0
ANSWER_SECONDS = 120.0


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
