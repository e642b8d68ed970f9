"""Does the runs of a plan, in this process or in several, and hands each to the store as soon as it ends."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from types import FrameType

from sim.study.executors import GRACE_SECONDS, InProcessExecutor, n_cores, process_pool
from sim.study.plan import Plan
from sim.study.progress import Progress
from sim.study.records import Failed, Finished, Record
from sim.study.store import Store
from sim.study.worker import Engine, Task, do_runs

# A worker is given about this many seconds of runs at a time: long enough to make sending them cheap, short
# enough to lose little when it is killed.
CHUNK_SECONDS = 0.25
# What a pool costs before its first run: a new interpreter, importing NumPy and numba, loading compiled code.
POOL_START_SECONDS = 1.5
# Chunks that wait in the queue for each worker, so that none has to wait for the parent.
CHUNKS_AHEAD = 2
DIED = "the process that did this run died (out of memory?)"


@contextlib.contextmanager
def terminate_as_interrupt() -> Iterator[None]:
    """Let SIGTERM end the work as Ctrl-C does: with what was finished kept."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


@dataclass
class _Work:
    """What is left to do, in the order of the plan, and how long a run takes."""

    plan: Plan
    todo: deque[int]
    run_seconds: float | None = None  # running mean; None before the first run

    def task(self, run_id: int) -> Task:
        run = self.plan.runs[run_id]
        return Task(run_id, self.plan.resolved(run), run.seed)

    def chunk(self, n_jobs: int) -> list[Task]:
        """Take the next runs: one while their duration is unknown, later as many as fill `CHUNK_SECONDS`."""
        size = 1
        if self.run_seconds is not None:
            fair = -(-len(self.todo) // (n_jobs * CHUNKS_AHEAD))  # near the end everyone still has something to do
            size = max(1, min(int(CHUNK_SECONDS / max(self.run_seconds, 1e-6)), fair))
        return [self.task(self.todo.popleft()) for _ in range(min(size, len(self.todo)))]

    def learn(self, records: Sequence[Record]) -> None:
        """Learn from finished runs how long the next ones will take."""
        for record in records:
            known = record.run_seconds if self.run_seconds is None else self.run_seconds
            self.run_seconds = 0.8 * known + 0.2 * record.run_seconds


class Runner:
    """Does the runs of a store's plan that are not finished.

    Parameters
    ----------
    store : Store
        Where finished runs go; says which are finished already.
    engine : Engine
        The simulation.
    jobs : int or None
        Number of processes; None chooses after a timed first run.
    progress : Progress
        Who watches.
    """

    def __init__(self, store: Store, engine: Engine, jobs: int | None, progress: Progress) -> None:
        self._store = store
        self._engine = engine
        self._jobs = jobs
        self._progress = progress
        self._is_warm = False

    def run(self) -> None:
        """Do every run of the plan that is not finished; failed ones are tried again.

        Raises
        ------
        KeyboardInterrupt
            On Ctrl-C or SIGTERM; what was finished is in the store.
        RunError
            If results cannot be written any more.
        """
        plan, store = self._store.plan, self._store
        work = _Work(plan, deque(run.run_id for run in plan.runs if run.run_id not in store.finished))
        if not work.todo:
            return
        with terminate_as_interrupt():
            if not self._is_warm:
                self._progress.step("preparing compiled code")
                self._engine.warm_up()
                self._is_warm = True
            self._progress.start(len(plan.runs), len(store.finished))
            try:
                self._run_all(work)
            finally:
                self._progress.stop()
                store.flush()

    def _run_all(self, work: _Work) -> None:
        if self._jobs is None:
            self._drain(InProcessExecutor(), work, n_jobs=1, n_runs=1)
        n_jobs = self._jobs or choose_jobs(len(work.todo), work.run_seconds or 0.0)
        n_jobs = min(n_jobs, len(work.todo))
        if n_jobs <= 1:
            self._drain(InProcessExecutor(), work, n_jobs=1)
            return
        while work.todo:
            with process_pool(n_jobs, self._engine) as pool:
                lost = self._drain(pool, work, n_jobs)
            for run_id in sorted(lost):
                self._run_alone(run_id, work)

    def _run_alone(self, run_id: int, work: _Work) -> None:
        """Do a run that was under way when a worker died in its own process: if that dies, it is to blame."""
        alone = _Work(work.plan, deque([run_id]), work.run_seconds)
        with process_pool(1, self._engine) as pool:
            killed = self._drain(pool, alone, n_jobs=1)
        if killed:
            self._keep([Failed(run_id, f"BrokenProcessPool: {DIED}", DIED, 0.0)], work)

    def _keep(self, records: Sequence[Record], work: _Work) -> None:
        self._store.add(records)
        work.learn(records)
        n_finished = sum(isinstance(record, Finished) for record in records)
        self._progress.advance(n_finished, len(records) - n_finished)

    def _drain(self, executor: Executor, work: _Work, n_jobs: int, n_runs: int | None = None) -> list[int]:
        """Send runs to `executor` and keep what comes back, until nothing (or `n_runs` fewer) is left to do.

        Returns
        -------
        list of int
            Runs that were under way when the executor broke; empty if all went well.
        """
        left = 0 if n_runs is None else max(0, len(work.todo) - n_runs)
        is_here = isinstance(executor, InProcessExecutor)
        n_ahead = 1 if is_here else n_jobs * CHUNKS_AHEAD
        under_way: dict[Future[list[Record]], list[int]] = {}
        try:
            while under_way or len(work.todo) > left:
                while len(work.todo) > left and len(under_way) < n_ahead:
                    tasks = [work.task(work.todo.popleft())] if is_here else work.chunk(n_jobs)
                    run_ids = [task.run_id for task in tasks]
                    try:
                        future = executor.submit(do_runs, self._engine.simulate, tasks)
                    except BrokenExecutor:
                        work.todo.extendleft(reversed(run_ids))
                        return self._lost(under_way, work)
                    under_way[future] = run_ids
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                if any(isinstance(future.exception(), BrokenExecutor) for future in done):
                    return self._lost(under_way, work)
                for future in done:
                    del under_way[future]
                    self._keep(future.result(), work)
        except KeyboardInterrupt:
            self._gather(under_way, work)
            raise
        return []

    def _lost(self, under_way: dict[Future[list[Record]], list[int]], work: _Work) -> list[int]:
        """Keep what came back before the executor broke, and return the other runs that were under way."""
        lost: list[int] = []
        for future, run_ids in under_way.items():
            if future.exception() is None:
                self._keep(future.result(), work)
            else:
                lost += run_ids
        return lost

    def _gather(self, under_way: dict[Future[list[Record]], list[int]], work: _Work) -> None:
        """After an interruption: keep what is done, or nearly so."""
        running = [future for future in under_way if not future.cancel()]
        done, _ = wait(running, timeout=GRACE_SECONDS)
        for future in done:
            if future.exception() is None:
                self._keep(future.result(), work)


def choose_jobs(n_runs: int, run_seconds: float) -> int:
    """Return how many processes finish `n_runs` soonest, given how long one run takes.

    A pool costs `POOL_START_SECONDS` before its first run; it is chosen only where that pays.
    """
    n_jobs = min(n_cores(), n_runs)
    alone = n_runs * run_seconds
    if n_jobs < 2 or alone <= POOL_START_SECONDS + alone / n_jobs:
        return 1
    return n_jobs


def _size(plan: Plan, name: str) -> float:
    """Return employees times weeks of one arm, to which the time of a run is about proportional."""
    resolved = next(arm.resolved for arm in plan.arms if arm.name == name)
    return float(resolved["organization"]["employees"] * resolved["run"]["weeks"])


def estimated_seconds(plan: Plan, first_seconds: float, jobs: int | None) -> float:
    """Return about how long a plan takes.

    Parameters
    ----------
    plan : Plan
        The runs.
    first_seconds : float
        How long its first run takes.
    jobs : int or None
        Number of processes; None as `choose_jobs` would have it.
    """
    sizes = [_size(plan, arm.name) for arm in plan.arms]
    run_seconds = first_seconds * sum(sizes) / len(sizes) / sizes[0]
    n_runs = len(plan.runs)
    n_jobs = min(jobs or choose_jobs(n_runs, run_seconds), n_runs)
    start = POOL_START_SECONDS if n_jobs > 1 else 0.0
    return start + n_runs * run_seconds / n_jobs


def timed(engine: Engine, plan: Plan) -> float:
    """Return the seconds that the first run of `plan` takes, compiled code being ready."""
    engine.warm_up()
    run = plan.runs[0]
    start = time.perf_counter()
    engine.simulate(plan.resolved(run), run.seed)
    return time.perf_counter() - start
