"""A small team of processes that answer messages of pages: each message goes to one that is idle.

Nothing is kept from one message to the next, so pages cannot mix. A page that goes away stops its run. Whatever comes
in, a process stays in service; one that dies all the same, or does not come to an end, is replaced. The processes do
not hear Ctrl-C, which a terminal sends to all; they end when the server does.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import json
import multiprocessing
import signal
import sys
import traceback
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sim.errors import InputError
from sim.runs.executors import deaf_to_interrupts
from sim.scenario.plain import NoMessageError, message_in, resolve
from sim.words import Whole, said

KNOWN, REPLY = "known", "reply"
BETWEEN_NEWS = 0.04  # seconds; a page cannot show more
SMALL = {"scenario": None, "overrides": {"organization.employees": 40, "run.weeks": 2}, "seeds": [1]}
WARM_UP = ({"ask": "answer", "request": SMALL}, {"ask": "why", "request": SMALL, "seed": 1, "employee": 1, "week": 1})

START_SECONDS = 600  # the first process may have to compile the model, on a machine that is busy
WAIT_SECONDS = 600  # in the queue
MOST_WAITING = 100  # of one client; a class behind one address has thirty pages with two launches each
MOST_NEWS = 32  # that wait for a slow reader; he misses the ones after
MOST_TRIES = 5  # failures in a row until that is said; tries go on, each after the longest pause
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds before a process is replaced: doubled from failure to failure
END_SECONDS = 2.0


# How much one message may ask for: a page answers while people look on.


class Limits(NamedTuple):
    """The most that one message may ask for.

    Attributes
    ----------
    employees : int
        Employees of one organization.
    work : int
        Employees x weeks x runs, and what runs cost beside that (`work_of`).
    seconds : float
        How long it may take then: far longer than that work takes, even on a busy machine.
    """

    employees: int = 20_000
    work: int = 10_000_000
    seconds: float = 300.0


# What a run costs beside its employees x weeks, in that unit (measured: about 0.2 microseconds): to begin at all, to
# hire each employee, and to go through a week in which nobody does anything.
BEGINNING = 5_000
HIRING = 6
EMPTY_WEEK = 400


def work_of(employees: int, weeks: int, n_runs: int) -> int:
    """Return the work of some runs: employees x weeks, with what many runs of few people cost."""
    return n_runs * (employees * weeks + BEGINNING + HIRING * employees + EMPTY_WEEK * weeks)


def refuse_too_much(message: Mapping[str, Any], limits: Limits) -> None:
    """Refuse a message that would take too long; one that is wrong otherwise is left to whoever answers it.

    Raises
    ------
    sim.errors.InputError
        If it asks for too much.
    """
    request = message.get("request")
    if not isinstance(request, Mapping) or not isinstance(request.get("overrides", {}), Mapping):
        return
    seeds = request.get("seeds")
    n_runs = len(seeds) if isinstance(seeds, list) and message.get("ask") == "answer" else 1
    resolved = resolve(request.get("scenario"), request.get("overrides", {}))
    employees, weeks = resolved["organization"]["employees"], resolved["run"]["weeks"]
    if employees > limits.employees:
        raise InputError(said("refusal.page.employees", limit=Whole(limits.employees), n=Whole(employees)))
    work = work_of(employees, weeks, n_runs)
    if work > limits.work:
        asked = {"employees": Whole(employees), "weeks": Whole(weeks), "runs": Whole(n_runs), "n": Whole(work)}
        raise InputError(said("refusal.page.work", limit=Whole(limits.work), **asked))


# One process.


# The life of a process: (connection, limits).
Work = Callable[[Connection, Limits], None]
# What answers a message in it: (message, whom to tell what is known on the way) -> reply; all of it JSON.
Answer = Callable[[str, Callable[[str], None]], str]


class _GivenUpError(Exception):
    """Nobody waits for the answer any more."""


def work(connection: Connection, limits: Limits, answer: Answer | None = None) -> None:
    """Answer messages until the other side goes away; the life of one process.

    To it come (number, message) and (number, None), which gives that message up; from it (number, kind, text). Without
    another `answer` it answers pages, once it has compiled the model.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reply_to = answer or _answer_of_pages()
    with contextlib.suppress(EOFError, OSError):
        connection.send((0, REPLY, ""))
        while True:
            number, asked = connection.recv()
            if asked is not None:  # what is given up is over already
                connection.send((number, REPLY, _reply(number, asked, connection, limits, reply_to)))


def _answer_of_pages() -> Answer:
    from sim.web.answer import reply_to

    for message in WARM_UP:
        reply_to(json.dumps(message))
    return reply_to


def _reply(number: int, message: str, connection: Connection, limits: Limits, answer: Answer) -> str:
    last = 0.0

    def tell(news: str) -> None:
        nonlocal last
        while connection.poll():
            if connection.recv() == (number, None):
                raise _GivenUpError
        if perf_counter() - last > BETWEEN_NEWS:
            connection.send((number, KNOWN, news))
            last = perf_counter()

    try:
        with contextlib.suppress(NoMessageError):
            asked = message_in(message)
            if isinstance(asked, dict):
                refuse_too_much(asked, limits)
        return answer(message, tell)
    except InputError as error:
        return json.dumps(error.as_reply())
    except (_GivenUpError, EOFError, OSError):  # nobody reads this
        return json.dumps({"error": ["given up"]})
    except Exception:
        traceback.print_exc(file=sys.stderr)
        return _failed()


def _failed() -> str:
    return json.dumps({"failed": True})


class _Job:
    """A message, who sent it, and what becomes known of it."""

    def __init__(self, client: str, message: str) -> None:
        self.client, self.message = client, message
        self.news: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.is_begun = False  # somebody works on it, or has answered it
        self.is_given_up = False
        self.has_news = False
        self.n_tries = 0
        self.tell_worker: Callable[[], None] | None = None

    def tell(self, kind: str, text: str) -> None:
        """Hand on what a process says; a reader who is slow misses what becomes known on the way, never the reply."""
        self.is_begun = True
        self.has_news = True
        if kind == REPLY or self.news.qsize() < MOST_NEWS:
            self.news.put_nowait((kind, text))

    def refuse(self, key: str, **values: Any) -> None:
        """Answer that it was not done, and why."""
        self.tell(REPLY, json.dumps(InputError(said(key, **values)).as_reply()))

    def give_up(self) -> None:
        """Say that nobody waits any more."""
        self.is_given_up = True
        if self.tell_worker is not None:
            with contextlib.suppress(OSError):
                self.tell_worker()


class _NoStartError(Exception):
    """A process did not start."""


class _Worker:
    """One process and our end of the line to it."""

    def __init__(self, target: Work, limits: Limits, threads: ThreadPoolExecutor) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=target, args=(theirs, limits), daemon=True)
        self._threads = threads
        self._waiting: asyncio.Future[tuple[int, str, str]] | None = None
        self._ending: asyncio.Task[None] | None = None
        try:
            with deaf_to_interrupts():
                self.process.start()
        except BaseException:
            self.connection.close()
            raise
        finally:
            theirs.close()

    async def send(self, number: int, message: str) -> None:
        """Send a message, from a thread: a process that has stopped reads nothing."""
        send = functools.partial(self.connection.send, (number, message))
        await asyncio.get_running_loop().run_in_executor(self._threads, send)

    async def receive(self) -> tuple[int, str, str]:
        """Return what comes next; whoever is cancelled while waiting leaves it to the next one to receive.

        Raises
        ------
        OSError, EOFError
            If the process has died.
        """
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().run_in_executor(self._threads, self.connection.recv)
            self._waiting.add_done_callback(lambda come: come.cancelled() or come.exception())  # somebody has looked
        received = await asyncio.shield(self._waiting)
        self._waiting = None
        return received

    async def how_it_ended(self) -> str:
        """Return what is known of the end of a process that hung up."""
        await asyncio.to_thread(self.process.join, END_SECONDS)
        return f"exit code {self.process.exitcode}"

    async def end(self) -> None:
        """End the process, and wait until nobody reads any more; that goes on if whoever waits for it is cancelled."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._end())
        await asyncio.shield(self._ending)

    async def _end(self) -> None:
        self.process.kill()
        if self._waiting is not None:
            await asyncio.wait([self._waiting], timeout=END_SECONDS)
        await asyncio.to_thread(self.process.join, END_SECONDS)
        self.connection.close()


class Team:
    """Processes that answer messages.

    Parameters
    ----------
    size : int
        Number of processes.
    limits : Limits
        The most that one message may ask for.
    target : callable, optional
        The life of a process.
    """

    def __init__(self, size: int, limits: Limits, target: Work = work) -> None:
        self._size, self._limits, self._target = size, limits, target
        self._turns: Turns[_Job] = Turns()
        self._jobs: set[_Job] = set()
        self._threads = ThreadPoolExecutor(3 * size)  # each process: one to receive, one to send, one that is ended
        self._places: list[asyncio.Task[None]] = []
        self._all: set[_Worker] = set()
        self._alive: set[_Worker] = set()  # and ready
        self._first = asyncio.Lock()
        self._numbers = itertools.count(1)
        self._n_failures = 0  # to start, since one did start
        self._last_failure = ""
        self._is_stopped = False
        self._changed = asyncio.Event()

    def start(self) -> None:
        """Start the processes in the background, the first one before the others: it may have to compile for all."""
        self._places = [asyncio.create_task(self._hold()) for _ in range(self._size)]

    def stop(self) -> None:
        """Answer whoever still waits that the program has stopped."""
        self._is_stopped = True
        self._note_change()
        for job in list(self._jobs):
            job.tell(REPLY, json.dumps({"stopped": True}))

    async def close(self) -> None:
        """End the processes."""
        self.stop()
        for place in self._places:
            place.cancel()
        await asyncio.gather(*self._places, return_exceptions=True)
        await asyncio.gather(*map(self._end, list(self._all)))
        self._threads.shutdown(wait=False, cancel_futures=True)

    def kill(self) -> None:
        """End what `close` has left, if the server had no time for it: no thread may wait for a process that lives."""
        for worker in self._all:
            worker.process.kill()

    @property
    def is_ready(self) -> bool:
        """Whether a process can answer: it has started, and lives."""
        return not self._is_stopped and any(worker.process.is_alive() for worker in self._alive)

    def why_not(self) -> InputError | None:
        """Return why nobody will answer soon, if that is so: the processes fail again and again, or have ended."""
        if self._is_stopped:
            return InputError(said("refusal.page.stopped"))
        if not self._alive and self._n_failures >= MOST_TRIES:
            return InputError(said("refusal.page.workers", n=self._n_failures, reason=self._last_failure))
        return None

    async def until_ready(self, seconds: float) -> bool:
        """Wait until a process can answer, or none will; return whether one can."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.is_ready and self.why_not() is None:
                    await self._changed.wait()
        return self.is_ready

    def refuse_too_many(self, client: str) -> None:
        """Refuse a client of whom too much waits already.

        Raises
        ------
        InputError
            If it is too much.
        """
        n = self._turns.n_waiting(client)
        if n >= MOST_WAITING:
            raise InputError(said("refusal.page.many", n=n, limit=MOST_WAITING))

    async def ask(self, message: str, client: str = "") -> AsyncGenerator[tuple[str, str], None]:
        """Yield what becomes known on the way, and last the reply: pairs of kind and JSON text."""
        job = _Job(client, message)
        why_not = self.why_not()
        if why_not is not None:
            yield REPLY, json.dumps({"stopped": True} if self._is_stopped else why_not.as_reply())
            return
        self._jobs.add(job)
        self._turns.add(job)
        late = asyncio.get_running_loop().call_later(WAIT_SECONDS, self._give_up_waiting, job)
        try:
            while True:
                kind, text = await job.news.get()
                yield kind, text
                if kind == REPLY:
                    break
        finally:
            late.cancel()
            self._jobs.discard(job)
            self._turns.forget(job)
            job.give_up()

    def _give_up_waiting(self, job: _Job) -> None:
        if not job.is_begun:
            job.refuse("refusal.page.busy", seconds=WAIT_SECONDS)
            self._turns.forget(job)

    async def _hold(self) -> None:
        """Keep one process in service for as long as the server is there."""
        n_in_vain = 0  # processes in a row that answered nothing
        while True:
            n_answered = 0
            worker = None
            try:
                worker = await self._started()
                self._n_failures = 0
                self._alive.add(worker)
                self._note_change()
                async for _ in self._answered(worker):
                    n_answered += 1
            except _NoStartError as error:
                self._note_failure(str(error))
            except Exception:  # a mistake of ours costs a process, not the place
                traceback.print_exc(file=sys.stderr)
            finally:
                if worker is not None:
                    self._alive.discard(worker)
                    await self._end(worker)
            n_in_vain = 0 if n_answered else n_in_vain + 1
            if n_in_vain:
                await asyncio.sleep(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (n_in_vain - 1)))

    def _note_failure(self, reason: str) -> None:
        """Note that a process did not start; after some in a row, say so to everybody who waits."""
        self._n_failures += 1
        self._last_failure = reason
        why_not = self.why_not()
        if why_not is None:
            return
        if self._n_failures == MOST_TRIES:
            print(f"Warning: {why_not}", file=sys.stderr, flush=True)
        for job in list(self._jobs):
            self._turns.forget(job)
            job.refuse("refusal.page.workers", n=self._n_failures, reason=reason)
        self._note_change()

    async def _end(self, worker: _Worker) -> None:
        await worker.end()
        self._all.discard(worker)

    async def _started(self) -> _Worker:
        """Start a process and wait until it is ready.

        Raises
        ------
        _NoStartError
            If that fails.
        """
        async with contextlib.AsyncExitStack() as stack:
            if not self._alive:
                await stack.enter_async_context(self._first)
            worker = None
            try:
                worker = _Worker(self._target, self._limits, self._threads)
                self._all.add(worker)
                async with asyncio.timeout(START_SECONDS):
                    await worker.receive()
                return worker
            except BaseException as error:
                reason = str(error)
                if isinstance(error, TimeoutError):
                    reason = f"not ready after {START_SECONDS} seconds"
                elif isinstance(error, EOFError | OSError) and worker is not None:
                    reason = await worker.how_it_ended()
                if worker is not None:
                    await self._end(worker)
                if isinstance(error, EOFError | OSError):
                    raise _NoStartError(reason) from error
                raise

    async def _answered(self, worker: _Worker) -> AsyncGenerator[None, None]:
        """Have a process do messages, one after the other, until it dies."""
        while True:
            job = await self._next_for(worker)
            if job is None:
                return
            is_put_back = False
            try:
                if not (job.is_given_up or self._is_stopped):
                    await self._do(job, worker)
            except TimeoutError:
                job.refuse("refusal.page.slow", seconds=round(self._limits.seconds))
                return
            except (EOFError, OSError):
                # It may have been dead before the message came; a message that kills another one is to blame.
                is_put_back = not job.has_news and job.n_tries == 1 and not job.is_given_up
                if is_put_back:
                    self._turns.put_back(job)
                else:
                    job.tell(REPLY, _failed())
                return
            finally:
                job.tell_worker = None
                if not is_put_back:
                    self._turns.done(job)
            yield

    async def _next_for(self, worker: _Worker) -> _Job | None:
        """Wait for the next message, or for the death of the process that was to do it (None)."""
        turn = asyncio.create_task(self._turns.take())
        death = asyncio.create_task(worker.receive())  # nothing else comes from a process that has nothing to do
        try:
            await asyncio.wait({turn, death}, return_when=asyncio.FIRST_COMPLETED)
            if not death.done():
                return turn.result()
        finally:
            is_dead = death.done()
            turn.cancel()
            death.cancel()
            await asyncio.gather(turn, death, return_exceptions=True)
            if is_dead and not turn.cancelled():
                self._turns.put_back(turn.result())
        return None

    async def _do(self, job: _Job, worker: _Worker) -> None:
        """Have a message answered.

        Raises
        ------
        TimeoutError
            If that takes too long.
        EOFError, OSError
            If the process dies.
        """
        number = next(self._numbers)
        job.n_tries += 1
        job.is_begun = True
        async with asyncio.timeout(self._limits.seconds):
            await worker.send(number, job.message)
            job.tell_worker = lambda: worker.connection.send((number, None))
            if job.is_given_up:
                job.give_up()
            while True:
                of, kind, text = await worker.receive()
                if of == number:
                    job.tell(kind, text)
                    if kind == REPLY:
                        return

    def _note_change(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


# Who is next: messages that wait for a process, with fair turns for those who sent them.


class Asked(Protocol):
    """What waits: it knows who sent it."""

    @property
    def client(self) -> str: ...


Job = TypeVar("Job", bound=Asked)


class Turns(Generic[Job]):
    """Messages that wait. Next is the client of whom fewest are under way, and among these whose turn is longest ago.

    So one client with a hundred messages does not keep another waiting for longer than one of them takes.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Job]] = {}  # in the order of the turns
        self._under_way: Counter[str] = Counter()
        self._n_there = asyncio.Semaphore(0)

    def n_waiting(self, client: str | None = None) -> int:
        """Return how many messages wait, of one client or of all."""
        if client is not None:
            return len(self._waiting.get(client, ()))
        return sum(map(len, self._waiting.values()))

    def add(self, job: Job) -> None:
        """Let a message wait for its turn."""
        self._waiting.setdefault(job.client, deque()).append(job)
        self._n_there.release()

    def put_back(self, job: Job) -> None:
        """Have a message that was taken already done next."""
        self.done(job)
        self._waiting = {job.client: deque([job, *self._waiting.pop(job.client, ())]), **self._waiting}
        self._n_there.release()

    def forget(self, job: Job) -> None:
        """Take out a message, if it still waits."""
        own = self._waiting.get(job.client, deque())
        if job in own:
            own.remove(job)
            if not own:
                del self._waiting[job.client]

    async def take(self) -> Job:
        """Wait for a message and take it; `done` says when it is no longer under way."""
        while True:
            await self._n_there.acquire()
            if self._waiting:  # the one that was counted may have been taken out
                break
        client = min(self._waiting, key=self._under_way.__getitem__)
        own = self._waiting.pop(client)
        job = own.popleft()
        if own:
            self._waiting[client] = own  # to the end
        self._under_way[client] += 1
        return job

    def done(self, job: Job) -> None:
        """Say that a message is no longer under way."""
        self._under_way[job.client] -= 1
        if not self._under_way[job.client]:
            del self._under_way[job.client]
