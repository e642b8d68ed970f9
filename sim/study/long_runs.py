"""Says which run takes unusually long, so that one that never ends is seen while the others go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from types import TracebackType

from sim.study.plan import Plan
from sim.study.progress import Progress
from sim.texts import Measured, Whole, said

SHORTEST_SECONDS = 60.0
"""What is over within this time is never called long."""
TIMES = 30.0
"""How many times the usual is called long: calls stand in line, and organizations of a design differ in size."""
LOOK_SECONDS = 1.0


class LongRuns:
    """Watches calls from a thread of its own, which speaks as well while this one does a run itself.

    Parameters
    ----------
    plan : Plan
        The runs.
    progress : Progress
        Hears of a call that takes long, and again each time that it has taken twice as long.
    """

    def __init__(self, plan: Plan, progress: Progress) -> None:
        self._plan = plan
        self._progress = progress
        self._usual: float | None = None
        self._calls: dict[int, tuple[Sequence[int], float]] = {}  # by first run: the runs, and when they were sent
        self._told: dict[int, float] = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> LongRuns:
        self._is_watching = True
        try:
            self._thread.start()
        except RuntimeError:  # a machine that has no thread left to give does its runs unwatched
            self._is_watching = False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        if self._is_watching:
            self._thread.join()

    def sent(self, run_ids: Sequence[int], usual_seconds: float | None) -> None:
        """Remember that some runs were sent to be done, and how long one takes as a rule."""
        self._usual = usual_seconds
        self._calls[run_ids[0]] = (run_ids, time.monotonic())

    def ended(self, run_ids: Sequence[int]) -> None:
        """Forget runs that came back, or were lost."""
        self._calls.pop(run_ids[0], None)
        self._told.pop(run_ids[0], None)

    def _watch(self) -> None:
        while not self._end.wait(LOOK_SECONDS):
            self.look(time.monotonic())

    def look(self, now: float) -> None:
        """Say which calls have taken unusually long by now."""
        for first, (run_ids, start) in list(self._calls.items()):
            limit = max(SHORTEST_SECONDS, TIMES * len(run_ids) * (self._usual or 0.0))
            if now - start > max(limit, 2 * self._told.get(first, 0.0)):
                self._told[first] = now - start
                self._progress.note(self._message(run_ids, now - start))

    def _message(self, run_ids: Sequence[int], seconds: float) -> str:
        run = self._plan.runs[run_ids[0]]
        facts = {
            "run": Whole(run.run_id), "n": Whole(len(run_ids)), "scenario": run.scenario, "seed": run.seed,
            "seconds": Measured(round(seconds)),
        }  # fmt: skip
        key = "progress.long.one" if len(run_ids) == 1 else "progress.long.many"
        if self._usual is None:
            return said(key, usual="", **facts)
        return said(key, usual=said("progress.long.usual", seconds=Measured(self._usual)), **facts)
