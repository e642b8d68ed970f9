"""Does the runs of a plan, wherever they are done, and hands each to the store as soon as it ends."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, field
from types import FrameType, TracebackType

from sim.errors import ReportedError, RunError
from sim.kernel.processors import n_processors
from sim.runs.code_version import made_with
from sim.runs.executors import (
    GRACE_SECONDS,
    Execution,
    NoWorkersError,
    Team,
    borrowed_team,
    in_process,
    pool_team,
)
from sim.runs.plan import WHOLE, Plan, Shard
from sim.runs.progress import Progress, compiling_shown
from sim.runs.records import Failed, Finished, Record
from sim.runs.store import Store
from sim.runs.worker import Engine, Task
from sim.words import Measured, Whole, said

# A worker is given about this many seconds of runs at a time: long enough to make sending them cheap, short
# enough to lose little when it is killed.
CHUNK_SECONDS = 0.25
# What a pool costs before its first run: a new interpreter, importing NumPy and numba, loading compiled code.
POOL_START_SECONDS = 1.5
# Chunks that wait in the queue for each worker, so that none has to wait for the parent.
CHUNKS_AHEAD = 2
# A run that takes longer is timed once.
LONG_RUN_SECONDS = 1.0
# Runs of a plan that an estimate times at most.
MOST_TIMED = 12
# What tables and figures of a study take, as shares of what it takes to get ready; what keeping a run takes.
TABLES_SHARE, FIGURES_SHARE = 0.45, 1.1
KEEPING_SECONDS = 0.002
# Points of a design that an estimate of its duration looks at.
MOST_SIZES = 1000
# While nothing comes back: how often to look whether there is anybody, and how long all workers may be gone.
LOOK_SECONDS = 5.0
GONE_SECONDS = 300.0
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


class LostWorkersError(RunError):
    """The executor broke and cannot be opened anew from here; what was finished is kept (exit code 1)."""


@dataclass
class _Work:
    """What is left to do, in the order of the plan, and how long a run takes."""

    plan: Plan
    todo: deque[int]
    run_seconds: float | None = None  # running mean; None before the first run
    # Runs of calls that failed as a whole: first tried again in a call of their own. What fails then too was near a
    # worker that died twice, and is tried a last time with nothing else under way.
    suspects: deque[int] = field(default_factory=deque)
    retried: set[int] = field(default_factory=set)
    accused: dict[int, BaseException] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.todo) + len(self.suspects)

    def task(self, run_id: int) -> Task:
        run = self.plan.runs[run_id]
        resolved = self.plan.resolved(run)
        return Task(run_id, resolved, run.seed, self.plan.staff_of(resolved))

    def one(self) -> list[Task]:
        """Take the next run."""
        return [self.task((self.suspects or self.todo).popleft())]

    def chunk(self, n_jobs: int) -> list[Task]:
        """Take the next runs: one while their duration is unknown, later as many as fill `CHUNK_SECONDS`."""
        if self.suspects or self.run_seconds is None:
            return self.one()
        fair = -(-len(self.todo) // (n_jobs * CHUNKS_AHEAD))  # near the end everyone still has something to do
        size = max(1, min(int(CHUNK_SECONDS / max(self.run_seconds, 1e-6)), fair))
        return [self.task(self.todo.popleft()) for _ in range(min(size, len(self.todo)))]

    def put_back(self, run_ids: Sequence[int]) -> None:
        """Have some runs that never started done next."""
        self.todo.extendleft(reversed(run_ids))

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
        Where finished runs go; says which are to be done and which are finished already.
    engine : Engine
        The simulation.
    execution : Execution
        Where runs are done.
    progress : Progress
        Who watches.
    """

    def __init__(self, store: Store, engine: Engine, execution: Execution, progress: Progress) -> None:
        self._store = store
        self._engine = engine
        self._execution = execution
        self._progress = progress
        self._is_warm = False
        self._borrowed: Team | None = None

    @contextlib.contextmanager
    def workers(self) -> Iterator[None]:
        """Open the connection to the workers of somebody else, if runs are to be done there.

        Raises
        ------
        InputError
            If they do not answer or have other code.
        """
        execution, version = self._execution, made_with(self._store.plan.code_version)
        if execution.executor is not None:
            self._borrowed = borrowed_team(execution.executor, execution.jobs, self._engine, version)
            yield
        elif execution.dask is not None:
            from sim.runs.executors import dask_team

            with terminate_as_interrupt(), dask_team(execution.dask, self._engine, version, self._progress) as team:
                self._borrowed = team
                yield
        else:
            yield

    def run(self) -> None:
        """Do every run that is not finished; failed ones are tried again.

        Raises
        ------
        KeyboardInterrupt
            On Ctrl-C or SIGTERM; what was finished is in the store.
        InputError
            If workers cannot start, or one that joined later has other code.
        RunError
            If results cannot be written any more, or the workers of somebody else are lost.
        """
        plan, store = self._store.plan, self._store
        work = _Work(plan, deque(run_id for run_id in store.run_ids if run_id not in store.finished))
        if not work.todo:
            return
        with terminate_as_interrupt():
            if not self._is_warm:
                self._progress.step(said("progress.compiling"))
                with compiling_shown(self._progress):
                    self._engine.warm_up()
                self._is_warm = True
            self._progress.start(len(store.run_ids), len(store.finished))
            try:
                if self._borrowed is None:
                    self._run_all(work)
                else:
                    self._run_with(self._borrowed, work)
            finally:
                self._progress.stop()
                store.flush()

    def _run_all(self, work: _Work) -> None:
        """Do all runs on this machine."""
        here, jobs = in_process(self._engine), self._execution.jobs
        if jobs is None:
            self._drain(here, work, n_runs=1)
        n_jobs = jobs or choose_jobs(len(work), work.run_seconds or 0.0)
        n_jobs = min(n_jobs, len(work))
        if n_jobs <= 1:
            self._drain(here, work)
            return
        n_before = len(self._store.finished)
        try:
            with pool_team(n_jobs, self._engine) as team:
                self._run_with(team, work)
        except NoWorkersError as error:
            # Nobody asked for processes, so the runs are done without. (But never in a worker that a script without
            # `if __name__ == "__main__"` starts by being imported: each would do the whole study.)
            if jobs is not None or multiprocessing.parent_process() is not None:
                if len(self._store.finished) > n_before:
                    raise self._lost_error("refusal.runner.no_more_workers", problem=error.problem) from error
                raise
            self._progress.note(said("progress.no_workers", problem=error.problem))
            store = self._store
            left = [run_id for run_id in store.run_ids if run_id not in store.finished | store.failed]
            self._drain(here, _Work(work.plan, deque(left), work.run_seconds))

    def _run_with(self, team: Team, work: _Work) -> None:
        """Do all runs with other processes."""
        is_lost = bool(self._drain(team, work) or work)
        for run_id in sorted(work.accused):
            is_lost = is_lost or self._judge(team, run_id, work)
        if is_lost:
            raise self._lost_error("refusal.runner.lost")

    def _lost_error(self, key: str, **values: str) -> LostWorkersError:
        n, total = len(self._store.finished), len(self._store.run_ids)
        return LostWorkersError(said(key, n=n, total=total, folder=self._store.folder, **values))

    def _judge(self, team: Team, run_id: int, work: _Work) -> bool:
        """Do an accused run with nothing else under way: if its worker dies again, it is to blame.

        Returns
        -------
        bool
            Whether all workers were lost.
        """
        alone = _Work(work.plan, deque([run_id]), work.run_seconds, retried={run_id})
        is_lost = bool(self._drain(team, alone) or alone)
        for error in alone.accused.values():
            name = type(error).__name__
            self._keep([Failed(run_id, f"{name}: {DIED}", f"{DIED}\n{name}: {error}", 0.0)], work)
        return is_lost

    def _keep(self, records: Sequence[Record], work: _Work) -> None:
        self._store.add(records)
        work.learn(records)
        n_finished = sum(isinstance(record, Finished) for record in records)
        self._progress.advance(n_finished, len(records) - n_finished)

    def _drain(self, team: Team, work: _Work, n_runs: int | None = None) -> list[int]:
        """Send runs to a team and keep what comes back, until nothing (or `n_runs` fewer) is left to do.

        Returns
        -------
        list of int
            Runs that were under way when the executor broke; empty if all went well.
        """
        with LongRuns(work.plan, self._progress) as watch:
            return self._drain_watched(team, work, n_runs, watch)

    def _drain_watched(self, team: Team, work: _Work, n_runs: int | None, watch: LongRuns) -> list[int]:
        left = 0 if n_runs is None else max(0, len(work) - n_runs)
        under_way: dict[Future[list[Record]], list[int]] = {}
        try:
            while under_way or len(work) > left:
                n_jobs = team.size()
                n_ahead = 1 if team.is_here else n_jobs * CHUNKS_AHEAD
                while len(work) > left and len(under_way) < n_ahead:
                    tasks = work.one() if team.is_here else work.chunk(n_jobs)
                    run_ids = [task.run_id for task in tasks]
                    watch.sent(run_ids, work.run_seconds)
                    try:
                        future = team.submit(tasks, work.plan.kept)
                    except BrokenExecutor:
                        work.put_back(run_ids)
                        return self._lost(under_way, work)
                    under_way[future] = run_ids
                done, _ = wait(under_way, LOOK_SECONDS, FIRST_COMPLETED)
                if not done and team.seconds_gone() > GONE_SECONDS:
                    return self._lost(under_way, work)
                if not team.replaces_workers and any(_has_broken(future) for future in done):
                    return self._lost(under_way, work)
                for future in done:
                    run_ids = under_way.pop(future)
                    watch.ended(run_ids)
                    self._take(future, run_ids, work)
        except (KeyboardInterrupt, ReportedError):
            self._gather(under_way, work)
            raise
        return []

    def _take(self, future: Future[list[Record]], run_ids: list[int], work: _Work) -> None:
        """Keep what a call gave; if it failed as a whole, have its runs tried again, each in a call of its own."""
        error = future.exception()
        if error is None:
            self._keep(future.result(), work)
        elif isinstance(error, ReportedError):
            raise error
        elif work.retried.issuperset(run_ids):
            work.accused |= dict.fromkeys(run_ids, error)
        else:
            work.suspects += run_ids
            work.retried.update(run_ids)

    def _lost(self, under_way: dict[Future[list[Record]], list[int]], work: _Work) -> list[int]:
        """Keep what came back before the executor broke, and return the other runs that were under way."""
        lost: list[int] = []
        for future, run_ids in under_way.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                self._keep(future.result(), work)
            else:
                lost += run_ids
        return lost

    def _gather(self, under_way: dict[Future[list[Record]], list[int]], work: _Work) -> None:
        """After an interruption: keep what is done, or nearly so."""
        running = [future for future in under_way if not future.cancel()]
        done, _ = wait(running, timeout=GRACE_SECONDS)
        for future in done:
            if not future.cancelled() and future.exception() is None:
                self._keep(future.result(), work)


def _has_broken(future: Future[list[Record]]) -> bool:
    """Say whether an executor broke, from a call that is over."""
    return future.cancelled() or isinstance(future.exception(), BrokenExecutor | CancelledError)


def choose_jobs(n_runs: int, run_seconds: float) -> int:
    """Return how many processes finish `n_runs` soonest, given how long one run takes.

    A pool costs `POOL_START_SECONDS` before its first run; it is chosen only where that pays.
    """
    n_jobs = min(n_processors(), n_runs)
    alone = n_runs * run_seconds
    if n_jobs < 2 or alone <= POOL_START_SECONDS + alone / n_jobs:
        return 1
    return n_jobs


def _mean_size(plan: Plan) -> tuple[float, float]:
    """Return employees times weeks, to which the time of a run is about proportional: of the first run and on average.

    Estimates of a design go by its points, at most `MOST_SIZES` of them.
    """
    step = -(-plan.n_points // MOST_SIZES)
    sizes = [
        float(resolved["organization"]["employees"] * resolved["run"]["weeks"])
        for point in range(0, plan.n_points, step)
        for resolved in (plan.scenario_at(arm.name, point) for arm in plan.arms)
    ]
    return sizes[0], sum(sizes) / len(sizes)


def estimated_seconds(plan: Plan, first_seconds: float, jobs: int | None, shard: Shard = WHOLE) -> float:
    """Return about how long a plan, or a shard of it, takes.

    Parameters
    ----------
    plan : Plan
        The runs.
    first_seconds : float
        How long its first run takes.
    jobs : int or None
        Number of processes; None as `choose_jobs` would have it.
    shard : Shard, optional
        The part of the plan to do.
    """
    first, mean = _mean_size(plan)
    run_seconds = first_seconds * mean / first
    n_runs = len(shard.runs(len(plan.runs)))
    n_jobs = max(1, min(jobs or choose_jobs(n_runs, run_seconds), n_runs))
    start = POOL_START_SECONDS if n_jobs > 1 else 0.0
    return start + n_runs * run_seconds / n_jobs


def timed(engine: Engine, plan: Plan) -> float:
    """Return the seconds that the first run of `plan` takes, compiled code being ready.

    As many runs are timed, from all over the plan, as fit into a second, and at least one; the first time also loads
    what all runs share, and counts only where it is long. How large each is, is allowed for.
    """
    engine.warm_up()
    first, _ = _mean_size(plan)
    n_runs = len(plan.runs)
    chosen = [0, *range(0, n_runs, -(-n_runs // MOST_TIMED))]
    taken: list[float] = []
    begin = time.perf_counter()
    for place in chosen:
        run = plan.runs[place]
        with plan.as_planned():
            resolved = plan.resolved(run)
            start = time.perf_counter()
            engine.simulate(resolved, run.seed, with_groups=plan.kept.groups)
        size = float(resolved["organization"]["employees"] * resolved["run"]["weeks"])
        taken.append((time.perf_counter() - start) * first / size)
        if time.perf_counter() - begin > LONG_RUN_SECONDS:
            break
    return sum(taken[1:]) / len(taken[1:]) if len(taken) > 1 else taken[0]


def study_seconds(engine: Engine, plan: Plan, jobs: int | None, has_figures: bool, shard: Shard = WHOLE) -> float:
    """Return about how long a study takes from the moment it is typed to the end, from some timed runs.

    What is not runs (starting, loading, tables, figures) goes by how long this process took to get as far as this: that
    is how fast this machine is.
    """
    start, worked = time.perf_counter(), time.process_time()
    engine.warm_up()
    warming, waited = time.process_time() - worked, time.perf_counter() - start
    # What was compiled just now is kept on disk: the study only loads it, which takes less than to get as far as this.
    ready = worked + min(warming, worked)
    if warming > 0.05:  # a busy machine takes longer than the work
        ready *= max(1.0, waited / warming)
    once = ready * (1.0 + TABLES_SHARE + (FIGURES_SHARE if has_figures else 0.0))
    n_runs = len(shard.runs(len(plan.runs)))
    return once + n_runs * KEEPING_SECONDS + estimated_seconds(plan, timed(engine, plan), jobs, shard)


# Says which run takes unusually long, so that one that never ends is seen while the others go on.


SHORTEST_SECONDS = 60.0
"""What is over within this time is never called long."""
TIMES = 30.0
"""How many times the usual is called long: calls stand in line, and organizations of a design differ in size."""
WATCH_SECONDS = 1.0


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
        while not self._end.wait(WATCH_SECONDS):
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
