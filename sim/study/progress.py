"""What a runner tells while it works; how it is shown is up to the command."""

from __future__ import annotations

from typing import Protocol


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
