"""What a runner tells while it works; how it is shown is up to the command."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from sim.words import said


class Progress(Protocol):
    """Someone who watches a study. Watching changes nothing."""

    def step(self, message: str) -> None:
        """Hear that something else than a run begins, such as compiling."""

    def start(self, n_runs: int, n_done: int) -> None:
        """Hear that runs begin: how many the plan has, and how many of them are done already."""

    def advance(self, n_finished: int, n_failed: int) -> None:
        """Hear that some runs ended."""

    def stop(self) -> None:
        """Hear that no more runs come; also after an error or an interruption."""

    def note(self, message: str) -> None:
        """Hear something the person should know."""


class Silent:
    """Watches and says nothing."""

    def step(self, message: str) -> None:
        """Say nothing."""

    def start(self, n_runs: int, n_done: int) -> None:
        """Say nothing."""

    def advance(self, n_finished: int, n_failed: int) -> None:
        """Say nothing."""

    def stop(self) -> None:
        """Say nothing."""

    def note(self, message: str) -> None:
        """Say nothing."""


@contextmanager
def compiling_shown(progress: Progress) -> Iterator[None]:
    """Say how far compiling is, in four steps, if anything has to be compiled in the body of the ``with``."""
    compiled = sys.modules.get("sim.kernel.compiled")  # brings numba, which this must not bring
    if compiled is None:
        yield
        return
    names, lock = set[str](), threading.Lock()
    said_so_far = 0

    def hear(name: str) -> None:
        nonlocal said_so_far
        with lock:
            names.add(name)
            total = len(compiled.FUNCTIONS)
            quarters = 4 * len(names) // total
            if said_so_far == 0:
                progress.step(said("progress.compiling_once"))
            elif quarters >= said_so_far and quarters < 4:
                progress.step(said("progress.compiled", n=len(names), total=total))
            else:
                return
            said_so_far += 1

    with compiled.watched(hear):
        yield
