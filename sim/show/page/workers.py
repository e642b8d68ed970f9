"""A small team of processes that answer messages of pages: each message goes to one that is idle.

Nothing is kept from one message to the next, so pages cannot mix. A page that goes away stops its run. The processes
do not die of Ctrl-C, which a terminal sends to all; they end when the server does.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import signal
import sys
import threading
import traceback
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any

from sim.show.page.limits import Limits, refuse_too_much

KNOWN, REPLY = "known", "reply"
GIVE_UP = ""  # sent to a process while it works
BETWEEN_NEWS = 0.04  # seconds; a page cannot show more
SMALL = {"scenario": None, "overrides": {"organization.employees": 40, "run.weeks": 2}, "seeds": [1]}
WARM_UP = ({"ask": "answer", "request": SMALL}, {"ask": "why", "request": SMALL, "seed": 1, "employee": 1, "week": 1})


class _GivenUpError(Exception):
    """Nobody waits for the answer any more."""


def work(connection: Connection, limits: Limits) -> None:
    """Answer messages until the other side goes away; the life of one process."""
    from sim.answer import reply_to

    for message in WARM_UP:
        reply_to(json.dumps(message))
    connection.send((REPLY, ""))
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            message = connection.recv()
            if message != GIVE_UP:
                connection.send((REPLY, _reply(message, connection, limits)))


def _reply(message: str, connection: Connection, limits: Limits) -> str:
    from sim.answer import reply_to
    from sim.errors import InputError

    last = 0.0

    def tell(news: str) -> None:
        nonlocal last
        if connection.poll() and connection.recv() == GIVE_UP:
            raise _GivenUpError
        if perf_counter() - last > BETWEEN_NEWS:
            connection.send((KNOWN, news))
            last = perf_counter()

    try:
        with contextlib.suppress(json.JSONDecodeError):
            asked = json.loads(message)
            if isinstance(asked, dict):
                refuse_too_much(asked, limits)
        return reply_to(message, tell)
    except InputError as error:
        return json.dumps(error.as_reply())
    except (_GivenUpError, EOFError):
        return json.dumps({"error": ["given up"]})
    except Exception:
        traceback.print_exc(file=sys.stderr)
        return json.dumps({"failed": True})


class _Worker:
    """One process and our end of the line to it."""

    def __init__(self, process: Any, connection: Connection) -> None:
        self.process, self.connection = process, connection
        self._waiting: asyncio.Future[tuple[str, str]] | None = None

    async def receive(self, threads: ThreadPoolExecutor) -> tuple[str, str]:
        """Return what comes next; whoever is cancelled while waiting leaves it to the next one to receive."""
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().run_in_executor(threads, self.connection.recv)
        try:
            received = await asyncio.shield(self._waiting)
        except (EOFError, OSError):
            self._waiting = None
            raise
        self._waiting = None
        return received

    async def settle(self) -> None:
        """Wait until nobody reads any more, which is soon after the process has ended."""
        if self._waiting is not None:
            await asyncio.wait([self._waiting], timeout=2)
            if self._waiting.done():
                self._waiting.exception()
        self.connection.close()


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let processes that are started here inherit that Ctrl-C is ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Team:
    """Processes that answer messages.

    Parameters
    ----------
    size : int
        Number of processes.
    limits : Limits
        The most that one message may ask for.
    """

    def __init__(self, size: int, limits: Limits) -> None:
        self._size, self._limits = size, limits
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._all: list[_Worker] = []
        self._threads = ThreadPoolExecutor(size)
        self._tasks: set[asyncio.Task[None]] = set()
        self.ready = asyncio.Event()
        self._is_broken = False

    def start(self) -> None:
        """Start the processes in the background, one after the other: the first may have to compile for all."""
        self._in_background(self._start_all())

    async def close(self) -> None:
        """End the processes."""
        for task in self._tasks:
            task.cancel()
        for worker in self._all:
            worker.process.terminate()
        for worker in self._all:
            await worker.settle()
            worker.process.join(2)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def ask(self, message: str) -> AsyncGenerator[tuple[str, str], None]:
        """Yield what becomes known on the way, and last the reply: pairs of kind and JSON text."""
        if self._is_broken:
            yield REPLY, json.dumps({"failed": True})
            return
        worker = await self._idle.get()
        is_done = is_dead = False
        try:
            worker.connection.send(message)
            while not is_done:
                kind, text = await worker.receive(self._threads)
                is_done = kind == REPLY
                yield kind, text
        except (EOFError, OSError):
            is_dead = True
            yield REPLY, json.dumps({"failed": True})
        finally:
            if is_dead:
                self._all.remove(worker)
                self._in_background(self._start_one())
            elif is_done:
                self._idle.put_nowait(worker)
            else:
                self._in_background(self._take_back(worker))

    async def _start_all(self) -> None:
        for _ in range(self._size):
            await self._start_one()

    async def _start_one(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs, self._limits), daemon=True)
        with _deaf_to_interrupts():
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._all.append(worker)
        try:
            await worker.receive(self._threads)
            self._idle.put_nowait(worker)
        except (EOFError, OSError):  # it has said why on stderr
            self._all.remove(worker)
            self._is_broken = not self._all
        self.ready.set()

    async def _take_back(self, worker: _Worker) -> None:
        """Tell a worker that nobody waits any more, and wait until it has noticed."""
        try:
            worker.connection.send(GIVE_UP)
            while (await worker.receive(self._threads))[0] != REPLY:
                pass
            self._idle.put_nowait(worker)
        except (EOFError, OSError):
            self._all.remove(worker)
            await self._start_one()

    def _in_background(self, job: Any) -> None:
        task = asyncio.get_running_loop().create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
