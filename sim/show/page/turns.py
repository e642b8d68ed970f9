"""Who is next: messages that wait for a process, with fair turns for those who sent them."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import Generic, Protocol, TypeVar


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
