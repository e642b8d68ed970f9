"""How a study's progress looks: a bar on a terminal, plain lines otherwise, always on stderr."""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import TYPE_CHECKING, TextIO

from sim.runs.progress import Progress, Silent
from sim.words import DEFAULT_LANGUAGE, counted, duration, in_language, short_number, text

if TYPE_CHECKING:
    from rich.progress import Progress as RichBar

SECONDS_BETWEEN_LINES = 5.0


class _Count:
    """Counts runs and knows how fast they go."""

    def __init__(self, n_runs: int, n_done: int, language: str) -> None:
        self._say = partial(text, language)
        self._language = language
        self.n_runs = n_runs
        self.n_before = n_done
        self.n_finished = n_done
        self.n_failed = 0
        self.begin = time.monotonic()

    @property
    def n_ended(self) -> int:
        """Runs that need no more time."""
        return self.n_finished + self.n_failed

    def text(self) -> str:
        """Return how far the runs are, how fast they go, and how long the rest will take."""
        runs = counted(self._language, "count.runs", self.n_runs)
        parts = [self._say("progress.done", n=self.n_finished, runs=runs)]
        if self.n_failed:
            parts.append(self._say("progress.failed", n=self.n_failed))
        elapsed = time.monotonic() - self.begin
        n_here = self.n_ended - self.n_before
        if n_here and elapsed > 0:
            rate = n_here / elapsed
            if rate >= 1:
                parts.append(self._say("progress.rate", rate=short_number(rate, self._language, 3)))
            else:
                parts.append(self._say("progress.each", duration=duration(1 / rate, self._language)))
            if left := self.n_runs - self.n_ended:
                parts.append(self._say("progress.left", duration=duration(left / rate, self._language)))
        return ", ".join(parts)


class Lines:
    """Writes a line at each step and every few seconds: for logs and pipes."""

    def __init__(self, stream: TextIO, language: str = DEFAULT_LANGUAGE) -> None:
        self._stream = stream
        self._language = language
        self._count = _Count(0, 0, language)
        self._last = 0.0

    def _write(self, message: str) -> None:
        print(in_language(message, self._language), file=self._stream, flush=True)

    def step(self, message: str) -> None:
        """Write the step."""
        self._write(message)

    def note(self, message: str) -> None:
        """Write the note."""
        self._write(message)

    def start(self, n_runs: int, n_done: int) -> None:
        """Write how many runs there are to do."""
        self._count = _Count(n_runs, n_done, self._language)
        self._last = time.monotonic()
        runs = counted(self._language, "count.runs", n_runs)
        key = "progress.to_do_rest" if n_done else "progress.to_do"
        self._write(text(self._language, key, runs=runs, n=n_done))

    def advance(self, n_finished: int, n_failed: int) -> None:
        """Write how far the runs are, if the last line is some seconds ago."""
        self._count.n_finished += n_finished
        self._count.n_failed += n_failed
        is_last = self._count.n_ended == self._count.n_runs  # `stop` writes that line
        if time.monotonic() - self._last >= SECONDS_BETWEEN_LINES and not is_last:
            self._last = time.monotonic()
            self._write(self._count.text())

    def stop(self) -> None:
        """Write how far the runs came."""
        self._write(self._count.text())


class Bar:
    """Draws a bar on a terminal."""

    def __init__(self, stream: TextIO, language: str = DEFAULT_LANGUAGE) -> None:
        from rich.console import Console

        self._console = Console(file=stream)
        self._language = language
        self._count = _Count(0, 0, language)
        self._bar: RichBar | None = None

    def step(self, message: str) -> None:
        """Show the step in a dim line."""
        self._console.print(in_language(message, self._language), style="dim", highlight=False, markup=False)

    def note(self, message: str) -> None:
        """Show the note in a line."""
        self._console.print(in_language(message, self._language), highlight=False, markup=False)

    def start(self, n_runs: int, n_done: int) -> None:
        """Show an empty bar."""
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as RichBar

        self._count = _Count(n_runs, n_done, self._language)
        self._bar = RichBar(BarColumn(), TextColumn("{task.description}"), console=self._console, transient=True)
        self._bar.add_task("", total=n_runs, completed=n_done)
        self._bar.start()

    def advance(self, n_finished: int, n_failed: int) -> None:
        """Move the bar."""
        self._count.n_finished += n_finished
        self._count.n_failed += n_failed
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._count.n_ended, description=self._count.text())

    def stop(self) -> None:
        """Take the bar away and leave one line."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
            self.step(self._count.text())


def progress_for(is_quiet: bool, language: str = DEFAULT_LANGUAGE) -> Progress:
    """Return the progress that fits where stderr goes, in the language of the reader."""
    if is_quiet:
        return Silent()
    return Bar(sys.stderr, language) if sys.stderr.isatty() else Lines(sys.stderr, language)
