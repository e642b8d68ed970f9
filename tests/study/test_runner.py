"""The runner: the same bytes however the work is done, and nothing finished is ever lost."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import fakes
import pytest
from conftest import n_kept, wait_until
from time_limits import SOON_SECONDS

import sim
from sim.analysis.conduct import UntilWidth, conduct
from sim.analysis.results import read_tables
from sim.errors import InputError
from sim.runs import executors, runner
from sim.runs.plan import Plan, make_plan
from sim.runs.progress import Silent
from sim.runs.runner import choose_jobs, estimated_seconds
from sim.runs.store import open_store
from sim.runs.worker import Engine
from sim.words import in_language

BYTES_DIFFER = {"manifest.json", "timing.parquet"}
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX systems")


class Watcher(Silent):
    """Remembers what a runner tells."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.notes: list[str] = []
        self.started: list[tuple[int, int]] = []
        self.advanced: list[tuple[int, int]] = []
        self.n_stopped = 0

    def step(self, message: str) -> None:
        self.steps.append(message)

    def note(self, message: str) -> None:
        self.notes.append(message)

    def start(self, n_runs: int, n_done: int) -> None:
        self.started.append((n_runs, n_done))

    def advance(self, n_finished: int, n_failed: int) -> None:
        self.advanced.append((n_finished, n_failed))

    def stop(self) -> None:
        self.n_stopped += 1


def plan(n: int = 4) -> Plan:
    return make_plan(fakes.arms(0.0, 0.5), n, 1)


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in BYTES_DIFFER]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def done(folder: Path, what: Plan, jobs: int | None, simulate: Any = fakes.simulate, **options: Any) -> Any:
    with open_store(folder, what, options.pop("mode", "new")) as store:
        engine = Engine(simulate, fakes.warm_up)
        return conduct(store, engine, jobs, options.pop("progress", Silent()), **options)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_hangs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setattr(runner, "SHORTEST_SECONDS", 0.0)
    monkeypatch.setattr(runner, "TIMES", 0.0)
    monkeypatch.setattr(runner, "WATCH_SECONDS", 0.02)
    monkeypatch.setenv(fakes.RELEASE, str(tmp_path / "release"))

    class Releaser(Watcher):
        """Lets the run that hangs go on as soon as it has been named."""

        def note(self, message: str) -> None:
            super().note(message)
            if f"seed {hanging}," in message.replace(")", ","):
                (tmp_path / "release").touch()

    what = plan(8)
    hanging = next(run.seed for run in what.runs if run.seed % 3 == 0)
    watcher = Releaser()
    done(tmp_path / "one", what, jobs, fakes.hang_until_released, progress=watcher)
    told = [line for line in watcher.notes if f"seed {hanging}" in line]
    assert told, watcher.notes
    assert "has been under way for" in told[0]
    assert len(read_tables(tmp_path / "one")["runs"]) == 16


def test_what_is_usual_is_not_called_long(tmp_path: Path) -> None:
    watcher = Watcher()
    watch = runner.LongRuns(plan(), watcher)
    watch.sent([0], None)
    watch.sent([1, 2], 10.0)
    now = time.monotonic()
    watch.look(now + 59.0)
    assert watcher.notes == []
    watch.look(now + 590.0)  # 30 times the usual is 300 s for one and 600 s for two
    assert [in_language(line, "nl")[:6] for line in watcher.notes] == ["run 0 "]
    watch.look(now + 800.0)
    watch.ended([0])
    watch.look(now + 1500.0)
    assert [line[:6] for line in watcher.notes] == ["run 0 ", "a call"]
    watch.look(now + 9000.0)
    assert len(watcher.notes) == 3, "said again, as it has taken twice as long by now"


def test_the_same_bytes_for_any_number_of_processes(tmp_path: Path) -> None:
    for jobs in (1, 2, None):
        done(tmp_path / str(jobs), plan(8), jobs)
    assert len(contents(tmp_path / "1")) == 8
    assert contents(tmp_path / "1") == contents(tmp_path / "2") == contents(tmp_path / "None")


def test_one_job_starts_no_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "pool_team", None)
    done(tmp_path, plan(), 1)
    assert len(read_tables(tmp_path)["runs"]) == 8


def test_progress_is_told(tmp_path: Path) -> None:
    watcher = Watcher()
    done(tmp_path, plan(), 1, progress=watcher)
    assert watcher.steps == ["preparing compiled code"]
    assert watcher.started == [(8, 0)]
    assert sum(n for n, _ in watcher.advanced) == 8
    assert watcher.n_stopped == 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failing_run_costs_no_other(tmp_path: Path, jobs: int) -> None:
    what = plan(8)
    bad = [run.run_id for run in what.runs if run.seed % 3 == 0]
    assert bad
    study = done(tmp_path, what, jobs, fakes.fail_sometimes)
    tables = read_tables(tmp_path)
    failures = tables["failures"]
    assert study.n_failed == len(bad)
    assert failures["run_id"].tolist() == bad
    assert tables["runs"]["run_id"].tolist() == [run.run_id for run in what.runs if run.run_id not in bad]
    row = failures.iloc[0]
    assert row["error"] == f"ValueError: seed {row['seed']} is no good"
    assert "fail_sometimes" in row["traceback"]
    assert '"restriction": 0.0' in row["parameters"]
    # Pairs stay pairs: a replication that failed is missing, not shifted.
    assert set(tables["differences"]["n"]) == {(16 - len(bad)) // 2}


def test_failed_runs_are_tried_again_on_resume(tmp_path: Path) -> None:
    done(tmp_path / "at once", plan(8), 1)
    done(tmp_path / "later", plan(8), 1, fakes.fail_sometimes)
    done(tmp_path / "later", plan(8), 1, mode="resume")
    assert contents(tmp_path / "later") == contents(tmp_path / "at once")


def test_a_run_that_kills_its_process_is_found(tmp_path: Path) -> None:
    what = make_plan(fakes.arms(0.0), 8, 3)
    deadly = [run.run_id for run in what.runs if run.seed % 5 == 0]
    assert deadly
    done(tmp_path, what, 2, fakes.die_sometimes)
    tables = read_tables(tmp_path)
    assert tables["failures"]["run_id"].tolist() == deadly
    assert tables["failures"]["error"].str.contains("the process that did this run died").all()
    assert len(tables["runs"]) == 8 - len(deadly)


def test_a_worker_that_is_killed_costs_its_own_runs_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    tried: list[int] = []
    open_one, put = executors.WorkerProcesses._open, executors.Team.submit
    monkeypatch.setattr(
        executors.WorkerProcesses, "_open", lambda pool, place: opened.append(place) or open_one(pool, place)
    )
    monkeypatch.setattr(
        executors.Team,
        "submit",
        lambda team, tasks, kept: tried.extend(t.run_id for t in tasks) or put(team, tasks, kept),
    )

    class Killer(Watcher):
        def advance(self, n_finished: int, n_failed: int) -> None:
            super().advance(n_finished, n_failed)
            if len(self.advanced) == 4:
                os.kill(workers_of(os.getpid())[0], signal.SIGKILL)

    what = make_plan(fakes.arms(0.0, 0.5), 30, 1)
    done(tmp_path / "killed", what, 2, fakes.slow, progress=Killer())
    assert len(opened) == 3
    assert len(tried) <= 60 + 2 * 3  # a chunk that was under way and one that waited; 0.25 seconds are 3 slow runs
    done(tmp_path / "whole", what, 1)
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")


def test_each_run_that_kills_its_worker_costs_few_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    open_one = executors.WorkerProcesses._open
    monkeypatch.setattr(
        executors.WorkerProcesses, "_open", lambda pool, place: opened.append(place) or open_one(pool, place)
    )
    what = make_plan(fakes.arms(0.0), 200, 3)
    deadly = [run.run_id for run in what.runs if run.seed % 97 == 0]
    assert deadly
    done(tmp_path, what, 2, fakes.die_seldom)
    tables = read_tables(tmp_path)
    assert tables["failures"]["run_id"].tolist() == deadly
    assert len(tables["runs"]) == 200 - len(deadly)
    assert len(opened) <= 2 + 3 * len(deadly)


def test_workers_that_cannot_start_are_no_failed_runs(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    engine = Engine(fakes.simulate, fakes.fail_in_a_worker)
    with open_store(tmp_path, plan(), "new") as store, pytest.raises(InputError, match="processes cannot start"):
        conduct(store, engine, 2, Silent())
    assert "no such library" in capfd.readouterr().err
    assert not (tmp_path / "runs.parquet").exists()


def test_a_machine_without_processes_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: Any, **__: Any) -> Any:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(executors, "ProcessPoolExecutor", none)
    with (
        open_store(tmp_path, plan(), "new") as store,
        pytest.raises(InputError, match=r"this machine gives none: OSError: .*Function not implemented"),
    ):
        conduct(store, fakes.ENGINE, 2, Silent())


def test_runs_are_done_one_after_another_where_nobody_asked_for_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: Any, **__: Any) -> Any:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(executors, "ProcessPoolExecutor", none)
    monkeypatch.setattr(runner, "choose_jobs", lambda n_runs, run_seconds: 2)
    watcher = Watcher()
    with open_store(tmp_path, plan(), "new") as store:
        conduct(store, fakes.ENGINE, None, watcher)
    assert watcher.notes == [
        "no worker processes: this machine gives none: RuntimeError: can't start new thread;"
        " the runs are done one after another"
    ]
    assert len(read_tables(tmp_path)["runs"]) == 8


def test_an_estimate_counts_what_is_not_runs() -> None:
    what = plan(10)
    bare = runner.study_seconds(fakes.ENGINE, what, 1, has_figures=False)
    assert bare > estimated_seconds(what, runner.timed(fakes.ENGINE, what), 1)
    assert runner.study_seconds(fakes.ENGINE, what, 1, has_figures=True) > bare


def test_a_worker_that_is_never_ready_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "START_SECONDS", 0.2)
    engine = Engine(fakes.simulate, fakes.sleep_in_a_worker)
    with (
        open_store(tmp_path, plan(), "new") as store,
        pytest.raises(InputError, match=r"cannot start \(3 tries\): they are not ready after"),
    ):
        conduct(store, engine, 2, Silent())
    until = time.monotonic() + SOON_SECONDS  # what was ended is gone when the system has come round to it
    while workers_of(os.getpid()) and time.monotonic() < until:
        time.sleep(0.05)
    assert workers_of(os.getpid()) == []


def test_an_interruption_keeps_finished_runs(tmp_path: Path) -> None:
    fakes.COUNT.clear()
    with pytest.raises(KeyboardInterrupt):
        done(tmp_path, plan(), 1, fakes.interrupted_after_three)
    assert read_tables(tmp_path)["runs"]["run_id"].tolist() == [0, 1, 2]
    done(tmp_path, plan(), 1, mode="resume")
    assert len(read_tables(tmp_path)["runs"]) == 8


def test_a_pool_is_chosen_only_where_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "n_processors", lambda: 4)
    assert choose_jobs(n_runs=40, run_seconds=0.01) == 1
    assert choose_jobs(n_runs=1, run_seconds=1000) == 1
    assert choose_jobs(n_runs=40, run_seconds=1) == 4
    assert choose_jobs(n_runs=3, run_seconds=60) == 3
    monkeypatch.setattr(runner, "n_processors", lambda: 1)
    assert choose_jobs(n_runs=40, run_seconds=10) == 1


def test_the_estimate_counts_employees_and_weeks() -> None:
    small, large = fakes.resolved(), fakes.resolved(weeks=8)
    large["organization"]["employees"] = 20
    what = make_plan([fakes.Arm("small", small), fakes.Arm("large", large)], 10, 1)
    assert estimated_seconds(what, first_seconds=1.0, jobs=1) == pytest.approx(10 + 40)


def test_workers_have_one_thread_and_leave_the_environment_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("NUMBA_NUM_THREADS", raising=False)
    with executors.process_pool(1, fakes.ENGINE) as pool:
        assert pool.submit(os.getenv, "OMP_NUM_THREADS").result() == "1"
        assert pool.submit(os.getenv, "NUMBA_NUM_THREADS").result() == "1"
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert "NUMBA_NUM_THREADS" not in os.environ


def test_until_width_adds_replications_and_gives_the_same_bytes(tmp_path: Path) -> None:
    watcher = Watcher()
    until = UntilWidth("monthly_posters", 0.06)
    with open_store(tmp_path / "grown", make_plan(fakes.arms(0.2), 5, 1), "new") as store:
        study = conduct(store, fakes.ENGINE, 1, watcher, until)
    n = study.plan.n_replications
    interval = next(row.interval for row in study.summaries if row.outcome == "monthly_posters")
    assert n > 5
    assert interval.n == n
    assert interval.high - interval.low <= 0.06
    assert "going on to" in watcher.notes[0]
    assert "at most 6 points" in watcher.notes[-1]
    done(tmp_path / "at once", make_plan(fakes.arms(0.2), n, 1), 1)
    assert contents(tmp_path / "grown") == contents(tmp_path / "at once")


def test_until_width_looks_at_every_difference(tmp_path: Path) -> None:
    until = UntilWidth("monthly_posters", 0.001)
    what = make_plan(fakes.arms(0.0, 0.1, 0.2), 5, 1)  # equal luck: the differences hardly vary
    assert done(tmp_path, what, 1, until=until).plan.n_replications == 5


def test_until_width_stops_at_the_most_and_where_there_is_nothing_to_narrow(tmp_path: Path) -> None:
    watcher = Watcher()
    what = make_plan(fakes.arms(1.0), 5, 1)
    study = done(tmp_path / "most", what, 1, until=UntilWidth("monthly_posters", 1e-6, 12), progress=watcher)
    assert study.plan.n_replications == 12
    assert watcher.notes[-1].startswith("stopped at 12 replications: the interval of monthly posters is still")
    study = done(tmp_path / "nothing", what, 1, until=UntilWidth("answer_rate", 0.1), progress=watcher)
    assert study.plan.n_replications == 5
    assert watcher.notes[-1].startswith("no interval for answer rate")


@POSIX
@pytest.mark.parametrize(("number", "jobs"), [(signal.SIGINT, "1"), (signal.SIGTERM, "1"), (signal.SIGINT, "2")])
def test_signals_keep_finished_runs_and_resume_gives_the_same_bytes(
    scenario_files: Path, start: Any, number: signal.Signals, jobs: str
) -> None:
    arguments = ["compare", "a.yaml", "b.yaml", "--replications", "30", "--no-figures", "--out", "stopped"]
    process = start("slow", *arguments, "--jobs", jobs)
    wait_for_runs(scenario_files / "stopped", 2)
    process.send_signal(number)
    out, err = process.communicate(timeout=SOON_SECONDS)
    assert process.returncode == 130, err
    assert out == ""
    assert "runs are kept in stopped; the same command with --resume does the rest" in err
    tables = read_tables(scenario_files / "stopped")
    assert 2 <= len(tables["runs"]) < 60
    assert tables["failures"].empty
    assert not (scenario_files / "stopped" / ".lock").exists()
    both = ["a.yaml", "b.yaml"]
    sim.compare(both, replications=30, out="stopped", mode="resume", engine=fakes.ENGINE)
    sim.compare(both, replications=30, out="at once", engine=fakes.ENGINE)
    assert contents(scenario_files / "stopped") == contents(scenario_files / "at once")


@POSIX
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_killed_study_is_resumed_with_the_same_bytes(scenario_files: Path, start: Any, jobs: str) -> None:
    arguments = ["run", "a.yaml", "--replications", "30", "--no-figures", "--out", "killed"]
    process = start("slow", *arguments, "--jobs", jobs)
    wait_for_runs(scenario_files / "killed", 3)
    process.kill()
    process.communicate(timeout=SOON_SECONDS)
    process = start("simulate", *arguments, "--jobs", jobs, "--resume")
    _, err = process.communicate(timeout=SOON_SECONDS)
    assert process.returncode == 0, err
    assert "are done already" in err
    sim.run("a.yaml", replications=30, out="at once", engine=fakes.ENGINE)
    assert contents(scenario_files / "killed") == contents(scenario_files / "at once")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_end_with_a_killed_parent(scenario_files: Path, start: Any) -> None:
    process = start("very_slow", "run", "a.yaml", "--jobs", "2", "--no-figures")
    children: list[int] = []

    def both_started() -> bool:
        children[:] = workers_of(process.pid)
        return len(children) == 2

    wait_until(both_started)
    time.sleep(0.5)
    process.kill()
    wait_until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


def workers_of(parent: int) -> list[int]:
    """Return the spawned worker processes of `parent` (not multiprocessing's resource tracker)."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            is_child = f"\nPPid:\t{parent}\n" in status.read_text()
            command = (status.parent / "cmdline").read_text()
        except OSError:
            continue
        if is_child and "spawn_main" in command:
            found.append(int(status.parent.name))
    return found


def wait_for_runs(folder: Path, n_runs: int) -> None:
    wait_until(lambda: n_kept(folder) >= n_runs)


def test_the_simulation_itself_gives_the_same_bytes_in_one_process_and_in_two(scenario_files: Path) -> None:
    (scenario_files / "small.yaml").write_text("extends: a.yaml\nname: small\norganization: {employees: 40}\n")
    for jobs in (1, 2):
        sim.compare(["small.yaml", "b.yaml"], replications=3, jobs=jobs, out=f"with {jobs}")
    assert contents(scenario_files / "with 1") == contents(scenario_files / "with 2")
    assert not read_tables(scenario_files / "with 1")["runs"]["reach"].isna().any()
