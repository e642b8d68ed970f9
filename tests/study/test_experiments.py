"""Experiments as a person does them: the same bytes however they are done, and nothing finished is ever lost."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import fakes
import pandas as pd
import pytest
from conftest import fill_up, n_kept, wait_until
from time_limits import PROGRAM_SECONDS, SOON_SECONDS

from sim import studies as api
from sim.__main__ import main
from sim.analysis.conduct import conduct_runs
from sim.analysis.results import read_tables
from sim.errors import InputError
from sim.runs import worker
from sim.runs.code_version import libraries, versions
from sim.runs.executors import Execution, InProcessExecutor
from sim.runs.plan import Plan, make_plan
from sim.runs.progress import Silent
from sim.runs.records import DamagedJournalError, Encoded, Journal, encode
from sim.runs.runner import LostWorkersError
from sim.runs.store import open_store
from sim.runs.worker import Engine

Command = Callable[..., tuple[int, str, str]]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX systems")
N_RUNS = 120


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file whose bytes follow from the plan."""
    files = [path for path in folder.rglob("*.parquet") if path.name != "timing.parquet"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def command(experiment_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that types a command, with a fake simulation, and gives exit code, stdout and stderr."""

    def typed(*arguments: str, fake: Any = fakes.simulate) -> tuple[int, str, str]:
        monkeypatch.setattr(worker, "engine", lambda: worker.Engine(fake, fakes.warm_up))
        code = main(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return typed


def sweep(command: Command, *options: str, fake: Any = fakes.simulate) -> tuple[int, str, str]:
    return command("sweep", "small.yaml", "--at-defaults", "--no-figures", *options, fake=fake)


def done(folder: Path, plan: Plan, simulate: Any = fakes.simulate, execution: Execution | None = None) -> None:
    with open_store(folder, plan, "resume") as store:
        conduct_runs(store, Engine(simulate, fakes.warm_up), execution or Execution(jobs=1), Silent())


def test_files_of_a_design(tmp_path: Path) -> None:
    plan = fakes.design()
    done(tmp_path, plan)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "failures.parquet", "manifest.json", "plan.parquet", "points.parquet", "reasons.parquet", "runs.parquet",
        "timing.parquet",
    ]  # fmt: skip
    points = pd.read_parquet(tmp_path / "points.parquet")
    assert list(points.columns) == ["point", "strategy", "world", "rollout", "rules.restriction", "dummy"]
    assert points["rollout"].tolist() == ["big bang", "patient"] * 2
    planned = pd.read_parquet(tmp_path / "plan.parquet")
    assert list(planned.columns) == [
        "run_id", "scenario", "point", "strategy", "world", "replication", "seed", "content_hash",
    ]  # fmt: skip
    assert planned["content_hash"].tolist() == [run.content_hash for run in plan.runs]
    runs = pd.read_parquet(tmp_path / "runs.parquet")
    assert list(runs.columns[:5]) == ["run_id", "scenario", "point", "strategy", "world"]
    assert list(runs.columns[-7:]) == [
        "launch.waves.every_weeks", "rollout", "dummy", "replication", "seed", "monthly_posters", "answer_rate",
    ]  # fmt: skip
    second = runs[runs["point"] == 1].iloc[0]
    assert (second["rules.restriction"], second["launch.waves.pilot"]) == (0.125, "[0]")
    assert pd.isna(second["launch.waves"])
    assert list(pd.read_parquet(tmp_path / "reasons.parquet").columns[:4]) == [
        "run_id", "scenario", "point", "replication",
    ]  # fmt: skip
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["points"] == 4
    assert manifest["kept"] == {"outcomes": ["monthly_posters", "answer_rate"], "series": "none", "groups": False}


def test_parameters_in_the_tables_are_those_of_the_runs(tmp_path: Path) -> None:
    plan = fakes.design()
    done(tmp_path, plan, fakes.fail_sometimes)
    tables = read_tables(tmp_path)
    given = {run.run_id: plan.resolved(run) for run in plan.runs}
    for row in tables["runs"].to_dict("records"):
        assert row["rules.restriction"] == given[row["run_id"]]["rules"]["restriction"] == row["point"] / 8
    assert len(tables["failures"])
    for row in tables["failures"].to_dict("records"):
        assert json.loads(row["parameters"]) == given[row["run_id"]]


@pytest.mark.parametrize(("series", "weeks"), [("all", [1, 2, 3, 4, 5]), (2, [2, 4, 5]), (9, [5])])
def test_some_weeks_of_the_series_are_kept(tmp_path: Path, series: str | int, weeks: list[int]) -> None:
    kept = fakes.Kept(("monthly_posters",), series, groups=True)
    arms = [fakes.Arm("a", fakes.resolved(weeks=5))]
    done(tmp_path, make_plan(arms, 2, 1, points=fakes.points(2), kept=kept, version="1"))
    tables = read_tables(tmp_path)
    found = tables["series"]
    assert list(found.columns) == ["run_id", "scenario", "point", "replication", "week", "monthly_posters"]
    assert found.groupby("run_id")["week"].apply(list).tolist() == [weeks] * 4
    runs = tables["runs"].set_index("run_id")["monthly_posters"]
    last = found[found["week"] == 5].set_index("run_id")["monthly_posters"]
    assert last.tolist() == runs.tolist()
    assert set(tables["groups"]["point"]) == {0, 1}


def test_runs_that_keep_no_groups_do_not_work_them_out(tmp_path: Path) -> None:
    done(tmp_path, fakes.design(), fakes.refuse_groups)
    assert read_tables(tmp_path)["failures"].empty


def journal_with(file: Path, *parts: list[Encoded]) -> Journal:
    journal = Journal(file)
    for part in parts:
        journal.append(part)
    return journal


def test_a_killed_journal_is_read_as_far_as_it_is_whole(tmp_path: Path) -> None:
    """Whatever was written of it when the process died: what is read was added, and added together."""
    records = [encode(record) for record in fakes.records(fakes.design(), 0, 1, 2)]
    journal = journal_with(tmp_path / "journal", records[:2], records[2:])
    copies = {name: (tmp_path / name).read_bytes() for name in ("journal", "journal-wal")}
    assert list(Journal(tmp_path / "journal").records()) == records
    journal.close()
    assert list(Journal(tmp_path / "journal").records()) == records
    assert [path.name for path in tmp_path.iterdir()] == ["journal"]
    wal = copies["journal-wal"]
    counts = set()
    for length in (*range(0, len(wal), 97), len(wal)):
        killed = tmp_path / str(length)
        killed.mkdir()
        (killed / "journal").write_bytes(copies["journal"])
        (killed / "journal-wal").write_bytes(wal[:length])
        found = list(Journal(killed / "journal").records())
        assert found == records[: len(found)]
        counts.add(len(found))
        more = journal_with(killed / "journal", records[:1])  # and it goes on
        assert list(Journal(killed / "journal").records()) == [*found, records[0]]
        more.close()
    assert counts == {0, 2, 3}


KILLED = """
import os, sqlite3, sys

database = sqlite3.connect(sys.argv[1])
database.execute("PRAGMA cache_size = 1")  # what is half written is in the file already
database.execute("BEGIN IMMEDIATE")
database.executemany("INSERT INTO runs (run_id, record) VALUES (?, ?)", [(9, "x" * 2000)] * 500)
os._exit(1)
"""


def test_a_journal_needs_no_memory_that_processes_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system without it (a network), SQLite refuses the way in which it writes here as a rule."""

    class OnANetwork(sqlite3.Connection):
        def executescript(self, script: str, /) -> sqlite3.Cursor:
            if "journal_mode = WAL" in script:
                raise sqlite3.OperationalError("disk I/O error")
            return super().executescript(script)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **more: connect(*given, factory=OnANetwork, **more))
    records = [encode(record) for record in fakes.records(fakes.design(), 0, 1, 2)]
    file = tmp_path / "journal"
    journal = journal_with(file, records[:2])
    assert list(Journal(file).records()) == records[:2]
    assert not (tmp_path / "journal-wal").exists()
    journal.append(records[2:])
    journal.sync()
    journal.close()
    # Killed in the middle of writing: what is half written is taken back, and the rest is read.
    command = [sys.executable, "-c", KILLED, str(file)]
    assert subprocess.run(command, check=False, timeout=PROGRAM_SECONDS).returncode == 1
    assert (tmp_path / "journal-journal").exists()
    assert list(Journal(file).records()) == records


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_flipped_bit_in_a_journal_is_seen(tmp_path: Path, place: float) -> None:
    records = [encode(record) for record in fakes.records(fakes.design(), *range(8))]
    file = tmp_path / "journal"
    journal_with(file, records).close()
    whole = bytearray(file.read_bytes())
    at = whole.index(records[7].text[:40].encode()) if place > 0.8 else int(place * len(whole))
    whole[at] ^= 1
    file.write_bytes(bytes(whole))
    found: list[Encoded] = []
    with contextlib.suppress(DamagedJournalError):
        found.extend(Journal(file).records())
        assert found == records  # what is in no row
    assert all(record in records for record in found)
    if place > 0.8:
        with pytest.raises(DamagedJournalError, match="checksums of its rows are not those that were written: 1"):
            list(Journal(file).records())


@pytest.mark.slow
def test_the_same_bytes_in_one_process_two_and_three_shards(command: Command) -> None:
    assert sweep(command, "--jobs", "1", "--out", "one")[0] == 0
    assert sweep(command, "--jobs", "2", "--out", "two")[0] == 0
    assert contents(Path("one")) == contents(Path("two"))
    for shard in ("3/3", "1/3", "2/3"):
        code, out, _ = sweep(command, "--jobs", "1", "--shard", shard)
        assert code == 0
        assert f"Shard {shard} is done" in out
    folders = sorted(map(str, Path("results").iterdir()))
    assert folders == [f"results/small-shard-{number}-of-3" for number in (1, 2, 3)]
    assert [len(read_tables(Path(folder))["runs"]) for folder in folders] == [40, 40, 40]
    code, _, err = command("merge", "merged", *reversed(folders), "--no-figures")
    assert code == 0
    assert "3 shards put together, 120 runs" in err
    assert contents(Path("merged")) == contents(Path("one"))
    manifest = json.loads(Path("merged/manifest.json").read_text())
    assert manifest["runs"] == {"planned": N_RUNS, "finished": N_RUNS, "failed": 0}
    assert "shard" not in manifest


@POSIX
@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_killed_twice_and_resumed_gives_the_same_bytes(command: Command, start: Any, jobs: str) -> None:
    arguments = ["sweep", "small.yaml", "--at-defaults", "--no-figures", "--out", "killed", "--jobs", jobs]
    folder = Path("killed")
    kept = 0
    for n_more in (10, 30):
        process = start("slow", *arguments, "--resume")
        wait_until(lambda n=kept + n_more: n_kept(folder) >= n, 30)
        process.kill()
        process.communicate(timeout=SOON_SECONDS)
        kept = n_kept(folder)
        assert kept < N_RUNS
    process = start("simulate", *arguments, "--resume")
    _, err = process.communicate(timeout=SOON_SECONDS)
    assert process.returncode == 0, err
    assert f"({kept} are done already)" in err
    assert sweep(command, "--jobs", "1", "--out", "at once")[0] == 0
    assert contents(folder) == contents(Path("at once"))


@POSIX
def test_kill_loses_the_run_under_way_and_no_other(tmp_path: Path, start: Any, experiment_file: Path) -> None:
    """Each run notes when it begins: all but the last one that began are there after the kill."""
    log = tmp_path / "begun"
    process = start("noted", "sweep", "small.yaml", "--at-defaults", "--out", "killed", "--jobs", "1", NOTED=str(log))
    wait_until(lambda: log.exists() and log.stat().st_size >= 40, 30)
    process.kill()
    process.communicate(timeout=SOON_SECONDS)
    assert n_kept(Path("killed")) >= log.stat().st_size - 1


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_keep_what_is_finished(experiment_file: Path, start: Any, number: signal.Signals) -> None:
    process = start("slow", "sweep", "small.yaml", "--at-defaults", "--out", "stopped", "--jobs", "1")
    wait_until(lambda: n_kept(Path("stopped")) >= 2, 30)
    process.send_signal(number)
    out, err = process.communicate(timeout=SOON_SECONDS)
    assert process.returncode == 130, err
    assert out == ""
    assert "runs are kept in stopped" in err
    assert 2 <= len(read_tables(Path("stopped"))["runs"]) < N_RUNS


def test_a_second_process_is_refused(command: Command, start: Any) -> None:
    process = start("slow", "sweep", "small.yaml", "--at-defaults", "--out", "busy", "--jobs", "1")
    wait_until(lambda: n_kept(Path("busy")) >= 1, 30)
    code, _, err = sweep(command, "--out", "busy", "--resume")
    assert code == 2
    assert f"in use by process {process.pid}" in err


def test_failures_are_rows_and_the_exit_code_is_1(command: Command) -> None:
    code, _, err = sweep(command, "--replications", "4", fake=fakes.fail_sometimes)
    tables = read_tables(Path("results/small"))
    n = len(tables["failures"])
    assert code == 1
    assert n
    assert f"{n} of 160 runs failed" in err
    assert len(tables["runs"]) == 160 - n
    assert {"point", "parameters", "traceback"} <= set(tables["failures"].columns)


def test_the_same_again_is_not_done_again(command: Command) -> None:
    first = sweep(command)
    again = sweep(command, fake=fakes.very_slow)
    assert again[:2] == first[:2]
    assert "runs" not in again[2].replace("of the run", "")  # but for notes on settings, nothing is said of work


def test_more_replications_with_resume_give_the_same_bytes(command: Command) -> None:
    sweep(command, "--replications", "1", "--out", "grown")
    assert sweep(command, "--out", "grown")[0] == 2
    assert sweep(command, "--out", "grown", "--resume")[0] == 0
    sweep(command, "--out", "at once")
    assert contents(Path("grown")) == contents(Path("at once"))


@pytest.mark.parametrize(
    ("options", "difference"),
    [
        (
            ["--set", "levers.rules.restriction=[0.0, 0.75]"],
            "levers.rules.restriction is [0.0, 0.5] there, [0.0, 0.75]",
        ),
        (["--samples", "6"], "the number of points is 20 there, 24 here"),
        (["--seed", "2"], "the seed is 1 there, 2 here"),
        (["--set", "outcomes=[alive]"], 'kept: outcomes is ["monthly_posters", "alive"] there, ["alive"] here'),
        (["--set", "rules.guidance=0.9"], "a: rules.guidance is 0.3 there, 0.9 here"),
        (["--shard", "1/2"], "the shard is 1/1 there, 1/2 here"),
    ],
)
def test_another_plan_is_refused_with_the_difference(command: Command, options: list[str], difference: str) -> None:
    sweep(command, "--out", "there")
    before = contents(Path("there"))
    code, _, err = sweep(command, "--out", "there", "--resume", *options)
    assert code == 2
    assert difference in err
    assert contents(Path("there")) == before


def test_dry_run_tells_and_writes_nothing(command: Command) -> None:
    code, out, _ = sweep(command, "--dry-run")
    assert code == 0
    assert "Points: 20 (4 strategies, 5 worlds)" in out
    assert "Runs: 120" in out
    code, out, _ = sweep(command, "--dry-run", "--json", "--shard", "1/7")
    found = json.loads(out)
    assert (found["points"], found["strategies"], found["worlds"], found["runs"]) == (20, 4, 5, 18)
    assert found["scenarios"] == ["a", "b"]
    assert found["estimated_seconds"] >= 0
    assert found["results_dir"] == "results/small-shard-1-of-7"
    assert not Path("results").exists()


def test_quick_has_a_folder_of_its_own(command: Command) -> None:
    assert sweep(command, "--quick")[0] == 0
    assert len(read_tables(Path("results/small-quick"))["runs"]) == 16


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--shard", "0/3"], "counted from 1"),
        (["--shard", "4/3"], "counted from 1"),
        (["--shard", "half"], "counted from 1"),
        (["--jobs", "2", "--dask", "tcp://x:1"], "give one of them"),
        (["--resume", "--overwrite"], "give one of them"),
        (["--dask", "x"], "give the address of a scheduler"),
    ],
)
def test_wrong_options_are_refused(command: Command, options: list[str], message: str) -> None:
    code, out, err = sweep(command, *options)
    assert (code, out) == (2, "")
    assert message in err
    assert not Path("results/small").exists()


class BorrowedExecutor(InProcessExecutor):
    """Stands for an executor of somebody else's, which loses calls with certain runs some times."""

    def __init__(self, lost: dict[int, int] | None = None) -> None:
        self.lost = dict(lost or {})
        self.error: Exception = OSError("lost")

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        run_ids = [task.run_id for task in kwargs.get("tasks", ())]
        losing = [run_id for run_id in run_ids if self.lost.get(run_id, 0)]
        if not losing:
            return super().submit(fn, *args, **kwargs)
        self.lost[losing[0]] -= 1
        broken: Future[Any] = Future()
        broken.set_exception(self.error)
        return broken


@pytest.fixture
def _workers_have_our_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "code_version", lambda: fakes.CODE_VERSION)


@pytest.mark.usefixtures("_workers_have_our_code")
def test_an_executor_of_somebody_elses(tmp_path: Path) -> None:
    """A call that fails is tried again, and in the end with nothing else under way; then its run has failed."""
    plan = fakes.design()
    executor = BorrowedExecutor({3: 1, 7: 2, 9: 3})
    done(tmp_path / "borrowed", plan, execution=Execution(executor=executor, jobs=2))
    tables = read_tables(tmp_path / "borrowed")
    assert tables["failures"]["run_id"].tolist() == [9]
    assert tables["failures"]["error"].tolist() == ["OSError: the process that did this run died (out of memory?)"]
    assert len(tables["runs"]) == 23
    done(tmp_path / "borrowed", plan, execution=Execution(executor=BorrowedExecutor()))
    done(tmp_path / "own", plan)
    assert contents(tmp_path / "borrowed") == contents(tmp_path / "own")


@pytest.mark.usefixtures("_workers_have_our_code")
def test_an_executor_that_breaks_for_good_keeps_what_was_done(tmp_path: Path) -> None:
    executor = BorrowedExecutor()
    plan = fakes.design()

    class Breaker(Silent):
        n_done = 0

        def advance(self, n_finished: int, n_failed: int) -> None:
            self.n_done += n_finished
            if self.n_done > 3:
                executor.error = BrokenExecutor("gone")
                executor.lost = dict.fromkeys(range(24), 1)

    with open_store(tmp_path, plan, "new") as store, pytest.raises(LostWorkersError, match="of 24 runs are kept"):
        conduct_runs(store, fakes.ENGINE, Execution(executor=executor, jobs=1), Breaker())
    assert 4 <= len(read_tables(tmp_path)["runs"]) < 24
    assert json.loads((tmp_path / "manifest.json").read_text())["status"] == "interrupted"
    done(tmp_path, plan)


def test_an_executor_with_other_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"this process has {re.escape(fakes.CODE_VERSION)}"):
        done(tmp_path / "new", fakes.design(), execution=Execution(executor=BorrowedExecutor()))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("library", ["python", "numpy", "numba"])
def test_an_executor_with_another_version_of_what_computes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setattr(worker, "code_version", lambda: fakes.CODE_VERSION)
    other = libraries({**versions(), library: "0.9"})
    monkeypatch.setattr(worker, "made_with", lambda code: f"{code}, {other}")
    with pytest.raises(InputError, match=f"{library} 0\\.9.*this process has") as refused:
        done(tmp_path / "new", fakes.design(), execution=Execution(executor=BorrowedExecutor()))
    assert refused.value.lines_in("nl") != refused.value.lines_in("en")
    assert not (tmp_path / "new").exists()


def test_an_executor_that_does_not_answer_is_told(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as executor:
        executor.shutdown()
        with pytest.raises(InputError, match="workers of ThreadPoolExecutor do not answer"):
            done(tmp_path / "new", fakes.design(), execution=Execution(executor=executor))


@pytest.mark.slow
@POSIX
def test_files_that_cannot_grow_any_more_stop_a_sweep_and_it_resumes_after(command: Command, start: Any) -> None:
    options = ("--at-defaults", "--no-figures", "--out", "small", "--jobs", "1")
    process = start("full_after_three", "sweep", "small.yaml", *options)
    out, err = process.communicate(timeout=PROGRAM_SECONDS)
    assert process.returncode == 1
    assert out == ""
    assert re.search(r"^small cannot be written any more: .* 3 of 120 runs are kept; .*--resume", err, flags=re.M)
    assert "Traceback" not in err
    assert n_kept(Path("small")) == 3
    assert sweep(command, "--out", "small", "--resume", "--jobs", "1")[0] == 0
    assert sweep(command, "--out", "at once", "--jobs", "1")[0] == 0
    assert contents(Path("small")) == contents(Path("at once"))


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs the right to mount a tiny disk")
def test_a_disk_that_fills_up_stops_a_sweep_and_it_resumes_after(command: Command, start: Any) -> None:
    disk = Path("disk").absolute()
    disk.mkdir()
    if subprocess.call(["mount", "-t", "tmpfs", "-o", "size=6m", "none", disk]):
        pytest.skip("mounting is not permitted here")
    try:
        process = start(
            "slow", "sweep", "small.yaml", "--at-defaults", "--no-figures", "--out", "disk/results", "--jobs", "1"
        )
        wait_until(lambda: n_kept(disk / "results") >= 3, 30)
        fill_up(disk)
        _, err = process.communicate(timeout=SOON_SECONDS)
        assert process.returncode == 1, err
        assert re.search(r"cannot be written any more: No space left on device. \d+ of 120 runs are kept", err)
        assert "Traceback" not in err
        assert n_kept(disk / "results") >= 3
        (disk / "filler").unlink()
        code, _, err = sweep(command, "--out", str(disk / "results"), "--resume", "--jobs", "1")
        assert code == 0
        assert "are done already" in err
        sweep(command, "--out", "at once", "--jobs", "1")
        assert contents(disk / "results") == contents(Path("at once"))
    finally:
        subprocess.run(["umount", disk], check=True, timeout=PROGRAM_SECONDS)


def test_sweep_from_python(experiment_file: Path) -> None:
    found = api.sweep("small.yaml", overrides=["replications=2"], engine=fakes.ENGINE)
    assert found.results_dir is None
    assert (len(found.runs), len(found.points), len(found.failures)) == (80, 20, 0)
    assert found.strategies is not None
    kept = api.sweep("small.yaml", quick=True, engine=fakes.ENGINE, out="kept", jobs=2)
    assert kept.results_dir == Path("kept")
    pd.testing.assert_frame_equal(kept.runs, pd.read_parquet("kept/runs.parquet"))
    failed = api.sweep(
        "small.yaml", quick=True, engine=Engine(fakes.refuse_groups, fakes.warm_up), overrides=["groups=true"]
    )
    assert failed.strategies is None
    assert len(failed.failures) == 16


def test_sweep_from_python_refuses_what_is_no_sweep(experiment_file: Path) -> None:
    with pytest.raises(InputError, match="sensitivity"):
        api.sweep("sensitivity-morris", quick=True, engine=fakes.ENGINE)
