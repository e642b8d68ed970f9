"""The results folder: what is refused, what is kept, and that nothing is ever half written."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import fakes
import pytest
from conftest import fill_up
from time_limits import PROGRAM_SECONDS, SOON_SECONDS

from sim.analysis.conduct import conduct
from sim.analysis.results import read_tables
from sim.catalog.outcomes import OUTCOME_NAMES
from sim.errors import InputError, RunError
from sim.kernel.files import written_whole
from sim.runs import folder as places
from sim.runs import parquet
from sim.runs.folder import FolderLock
from sim.runs.plan import Plan, make_plan
from sim.runs.progress import Silent
from sim.runs.records import Journal
from sim.runs.store import Store, open_store
from sim.runs.worker import Engine, Task, do_runs

BYTES_DIFFER = {"manifest.json", "timing.parquet"}


def plan(n: int = 4, seed: int = 1, restriction: float = 0.5) -> Plan:
    return make_plan(fakes.arms(0.0, restriction), n, seed)


def done(folder: Path, what: Plan, mode: str = "new", engine: Engine = fakes.ENGINE) -> None:
    with open_store(folder, what, mode) as store:
        conduct(store, engine, 1, Silent())


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in BYTES_DIFFER]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def keep(store: Store, what: Plan, *run_ids: int) -> None:
    """Have some runs in a store, each on disk."""
    for record in records(what, *run_ids):
        store.add([record])
        store.flush()


def records(what: Plan, *run_ids: int) -> list:
    runs = [what.runs[run_id] for run_id in run_ids]
    return do_runs(fakes.simulate, [Task(run.run_id, what.resolved(run), run.seed) for run in runs], what.kept)


def test_the_folder_has_what_the_design_says(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "results"
    with open_store(folder, plan(), "new", ["intranet-sim", "compare", "a", "b"]) as store:
        conduct(store, fakes.ENGINE, 1, Silent())
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {
        "manifest.json", "plan.parquet", "runs.parquet", "series/part-00000.parquet", "groups.parquet",
        "reasons.parquet", "timing.parquet", "failures.parquet", "summary.parquet", "differences.parquet",
    }  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["status"] == "finished"
    assert manifest["command"] == ["intranet-sim", "compare", "a", "b"]
    assert manifest["runs"] == {"planned": 8, "finished": 8, "failed": 0}
    assert manifest["seeds"] == [run.seed for run in plan().runs[::2]]
    assert manifest["start"] <= manifest["end"]
    assert [scenario["resolved"]["rules"]["restriction"] for scenario in manifest["scenarios"]] == [0.0, 0.5]
    for name in ("python", "intranet-sim", "numpy", "numba", "mesa"):
        assert manifest["versions"][name]


def test_columns_stand_in_the_order_of_the_design(tmp_path: Path) -> None:
    done(tmp_path, plan())
    tables = read_tables(tmp_path)
    columns = list(tables["runs"].columns)
    assert columns[:3] == ["run_id", "scenario", "organization.employees"]
    assert columns.index("run.weeks") < columns.index("replication") == columns.index("seed") - 1
    assert columns.index("seed") + 1 == columns.index("reach")
    assert not any(name.endswith("_seconds") for name in columns)
    assert list(tables["series"].columns[:4]) == ["run_id", "scenario", "replication", "week"]
    assert tables["series"]["week"].unique().tolist() == [1, 2, 3, 4]
    assert list(tables["groups"].columns[:5]) == ["run_id", "scenario", "replication", "grouping", "group"]
    assert list(tables["timing"].columns) == ["run_id", "scenario", "replication", "run_seconds"]
    assert tables["runs"]["organization.remote_share"].isna().all()
    assert tables["runs"]["seed"].tolist() == [run.seed for run in plan().runs]


def test_missing_outcomes_are_null_and_say_why(tmp_path: Path) -> None:
    done(tmp_path, plan(restriction=1.0))
    tables = read_tables(tmp_path)
    by_arm = tables["runs"].groupby("scenario")["answer_rate"].count()
    assert by_arm.to_dict() == {"a": 4, "b": 0}
    reasons = tables["reasons"]
    assert reasons[["scenario", "outcome", "reason"]].drop_duplicates().values.tolist() == [
        ["b", "answer_rate", "nobody asked"]
    ]
    summary = tables["summary"].set_index(["scenario", "outcome"])
    assert "nobody asked (4 of 4 runs)" in summary.loc[("b", "answer_rate"), "reason"]
    differences = tables["differences"].set_index("outcome")
    assert differences.loc["answer_rate", "n"] == 0
    assert differences.loc["answer_rate", "reason"] == "no pair in which both have a value"


def test_interrupted_and_resumed_gives_the_same_bytes(tmp_path: Path) -> None:
    done(tmp_path / "at once", plan(6))
    folder = tmp_path / "bit by bit"
    what = plan(6)
    with open_store(folder, what, "new") as store:  # a first process, killed before it made any table
        store.start()
        store.add(records(what, 7, 3))
        store.flush()
    with open_store(folder, what, "resume") as store:  # a second one, interrupted
        assert store.finished == {3, 7}
        store.start()
        store.add(records(what, 0, 11))
        store.finish("interrupted")
    assert read_tables(folder)["runs"]["run_id"].tolist() == [0, 3, 7, 11]
    done(folder, what, "resume")
    assert contents(folder) == contents(tmp_path / "at once")


def test_more_replications_give_the_same_bytes_as_all_at_once(tmp_path: Path) -> None:
    done(tmp_path / "at once", plan(6))
    done(tmp_path / "grown", plan(2))
    done(tmp_path / "grown", plan(6), "resume")
    assert contents(tmp_path / "grown") == contents(tmp_path / "at once")


def test_many_runs_make_several_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "RUNS_PER_GROUP", 5)
    done(tmp_path / "at once", plan(7))
    assert len(list((tmp_path / "at once" / "series").iterdir())) == 3
    tables = read_tables(tmp_path / "at once")
    assert tables["runs"]["run_id"].tolist() == list(range(14))
    assert tables["series"]["run_id"].is_monotonic_increasing
    done(tmp_path / "grown", plan(3))
    done(tmp_path / "grown", plan(7), "resume")
    assert contents(tmp_path / "grown") == contents(tmp_path / "at once")


def test_a_kill_while_tables_are_made_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done(tmp_path / "at once", plan())
    what, folder = plan(), tmp_path / "killed"
    with open_store(folder, what, "new") as store:
        store.start()
        store.add(records(what, *range(8)))
        replace = os.replace

        def die_at_runs(source: Path, target: Path) -> None:
            if Path(target).name == "runs.parquet":
                raise KeyboardInterrupt
            replace(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", die_at_runs)
            with pytest.raises(KeyboardInterrupt):
                store.finish("finished")
    done(folder, what, "new")
    assert contents(folder) == contents(tmp_path / "at once")


def test_a_finished_plan_is_not_done_again(tmp_path: Path) -> None:
    done(tmp_path, plan())
    with open_store(tmp_path, plan(), "new") as store:
        study = conduct(store, Engine(fakes.very_slow, fakes.warm_up), 1, Silent())
    assert study.is_stored
    assert len(study.differences) == len(OUTCOME_NAMES)


def test_another_plan_is_refused_with_the_difference_shown(tmp_path: Path) -> None:
    done(tmp_path, plan())
    before = contents(tmp_path)
    with pytest.raises(InputError) as refusal:
        open_store(tmp_path, plan(n=3, seed=2, restriction=0.75), "resume")
    text = str(refusal.value)
    assert "b: rules.restriction is 0.5 there, 0.75 here" in text
    assert "the seed is 1 there, 2 here" in text
    assert "the number of replications is 4 there, 3 here" in text
    assert "--out" in text
    assert "--overwrite" in text
    assert contents(tmp_path) == before


def test_a_damaged_plan_is_refused_in_words(tmp_path: Path) -> None:
    done(tmp_path, plan())
    (tmp_path / "plan.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(InputError, match=r"plan\.parquet is missing or damaged"):
        open_store(tmp_path, plan(), "resume")
    done(tmp_path, plan(), "overwrite")


def test_other_code_is_another_plan(tmp_path: Path) -> None:
    done(tmp_path, make_plan(fakes.arms(0.0), 2, 1, version="0.1.0+aaa"))
    with pytest.raises(InputError, match=r"the code is 0\.1\.0\+aaa there, 0\.1\.0\+bbb here"):
        open_store(tmp_path, make_plan(fakes.arms(0.0), 2, 1, version="0.1.0+bbb"), "resume")


def test_other_scenarios_are_named(tmp_path: Path) -> None:
    done(tmp_path, plan())
    with pytest.raises(InputError, match="scenarios are a, b there, a here"):
        open_store(tmp_path, make_plan(fakes.arms(0.0), 4, 1), "new")


def test_more_replications_need_resume(tmp_path: Path) -> None:
    done(tmp_path, plan(2))
    with pytest.raises(InputError, match="--resume"):
        open_store(tmp_path, plan(3), "new")


def test_an_unfinished_plan_needs_resume(tmp_path: Path) -> None:
    what = plan()
    with open_store(tmp_path, what, "new") as store:
        store.start()
        store.add(records(what, 0, 1, 2))
        store.finish("interrupted")
    with pytest.raises(InputError, match="3 of 8 runs of this very plan"):
        open_store(tmp_path, what, "new")


def test_overwrite_removes_results_and_nothing_else(tmp_path: Path) -> None:
    done(tmp_path, plan())
    (tmp_path / "notes.txt").write_text("mine")
    done(tmp_path, make_plan(fakes.arms(0.3), 2, 5), "overwrite")
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert not (tmp_path / "differences.parquet").exists()
    assert len(read_tables(tmp_path)["runs"]) == 2


def test_overwrite_removes_what_was_found_in_the_results(tmp_path: Path) -> None:
    """A discovery and an analysis of the sweep are about runs that are gone; what else lies there is somebody's own."""
    done(tmp_path / "out", plan())
    found = tmp_path / "out" / "discoveries" / "monthly_posters-below-0.1"
    found.mkdir(parents=True)
    for name in ("discovery.json", "rows.parquet", "box-1.png", "trade-off-1.svg"):
        (found / name).write_text("old")
    done(tmp_path / "out" / "sensitivity", plan())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "discovery.json").write_text("another's")
    (tmp_path / "out" / "discoveries" / "link").symlink_to(elsewhere)
    done(tmp_path / "out", make_plan(fakes.arms(0.3), 2, 5), "overwrite")
    assert not found.exists()
    assert not (tmp_path / "out" / "sensitivity").exists()
    assert (elsewhere / "discovery.json").read_text() == "another's"
    found.mkdir(parents=True)
    (found / "notes.txt").write_text("mine")
    (found / "discovery.json").write_text("old")
    done(tmp_path / "out", plan(), "overwrite")
    assert [path.name for path in found.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("mode", ["new", "resume", "overwrite"])
def test_foreign_content_is_refused_and_left_alone(tmp_path: Path, mode: str) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    (tmp_path / "manifest.json").write_text('{"name": "a web app"}')
    with pytest.raises(InputError, match=r"holds other files \(manifest\.json, thesis\.docx\)"):
        open_store(tmp_path, plan(), mode)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "thesis.docx"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(InputError, match="is a file, not a folder"):
        open_store(tmp_path / "taken", plan(), "new")
    with pytest.raises(InputError, match="cannot be made"):
        open_store(tmp_path / "taken" / "below", plan(), "new")


def test_an_unwritable_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, *others: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(places, "open", refuse, raising=False)
    with pytest.raises(InputError, match="cannot be written: Permission denied"):
        open_store(tmp_path / "new", plan(), "new")
    assert not (tmp_path / "new").exists()


def test_a_folder_without_room_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def no_room(descriptor: int, offset: int, n_bytes: int) -> None:
        asked.append(n_bytes)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", no_room, raising=False)
    with pytest.raises(InputError, match="no room for the results: about 3 MB"):
        open_store(tmp_path / "new", plan(), "new")
    assert asked == [places.expected_bytes(plan())]
    assert not (tmp_path / "new").exists()


def test_the_probe_is_as_large_as_the_results_can_get(tmp_path: Path) -> None:
    what = make_plan(fakes.arms(0.0, 1.0), 60, 1)
    done(tmp_path, what)
    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert size < places.expected_bytes(what)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs the right to mount a tiny disk")
def test_a_disk_that_is_full_from_the_start_and_one_that_fills_up(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.call(["mount", "-t", "tmpfs", "-o", "size=6m", "none", disk]):
        pytest.skip("mounting is not permitted here")
    try:
        (disk / "filler").write_bytes(b"x" * 4_000_000)
        with pytest.raises(InputError, match="No space left on device"):
            open_store(disk / "results", plan(), "new")
        (disk / "filler").unlink()
        what = plan(6)
        with open_store(disk / "results", what, "new") as store:
            store.start()
            store.add(records(what, 0, 1))
            store.flush()
            fill_up(disk)
            with pytest.raises(RunError, match=r"\d+ of 12 runs are kept; make room and go on with --resume"):
                keep(store, what, *range(2, 12))
        (disk / "filler").unlink()
        done(disk / "results", what, "resume")
        done(tmp_path / "at once", what)
        assert contents(disk / "results") == contents(tmp_path / "at once")
    finally:
        subprocess.run(["umount", disk], check=True, timeout=PROGRAM_SECONDS)


@pytest.mark.skipif(os.name != "posix", reason="needs limits of POSIX systems")
def test_a_disk_that_fills_up_keeps_what_was_written(tmp_path: Path) -> None:
    import resource

    what = plan()
    with open_store(tmp_path, what, "new") as store:
        store.start()
        store.add(records(what, 0, 1))
        store.flush()

        used = (tmp_path / ".finished-runs" / "journal-wal").stat().st_size
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (used, usual[1]))  # no file may become larger
        try:
            with pytest.raises(RunError, match=r"\d+ of 8 runs are kept"):
                keep(store, what, *range(2, 8))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        assert {0, 1} <= store.finished < set(range(8))
    done(tmp_path, what, "resume")
    assert len(read_tables(tmp_path)["runs"]) == 8


def fail_while_writing(file: Path) -> None:
    with written_whole(file) as out:
        out.write(b"new")
        raise ZeroDivisionError


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError):
        fail_while_writing(file)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert file.read_bytes() == b"old"
    with written_whole(file) as out:
        out.write(b"new")
    assert file.read_bytes() == b"new"


def test_leftovers_of_a_killed_write_are_removed(tmp_path: Path) -> None:
    (tmp_path / ".runs.parquet.unfinished").write_bytes(b"half")
    done(tmp_path, plan())
    assert not list(tmp_path.glob(".*"))


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    with open_store(tmp_path, plan(), "new"), pytest.raises(InputError, match=f"in use by process {os.getpid()}"):
        open_store(tmp_path, plan(), "new")
    open_store(tmp_path, plan(), "new").close()  # free again


def test_a_second_process_is_refused_and_a_dead_one_is_not(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from sim.runs.folder import FolderLock\n"
        "lock = FolderLock(Path(sys.argv[1])); print('locked', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "locked\n"
            with pytest.raises(InputError, match=f"in use by process {other.pid} on"):
                FolderLock(tmp_path)
        finally:
            other.kill()
            other.wait()
    assert (tmp_path / ".lock").exists()
    lock = FolderLock(tmp_path)
    lock.release()
    assert not (tmp_path / ".lock").exists()


def test_only_one_of_many_gets_the_lock(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from sim.runs.folder import FolderLock\n"
        "from sim.errors import InputError\n"
        "for _ in range(200):\n"
        "    try:\n"
        "        lock = FolderLock(Path(sys.argv[1]))\n"
        "    except InputError:\n"
        "        continue\n"
        "    (Path(sys.argv[1]) / 'inside').touch(exist_ok=False)\n"
        "    time.sleep(0.0005)\n"
        "    (Path(sys.argv[1]) / 'inside').unlink()\n"
        "    lock.release()\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program, tmp_path]) for _ in range(4)]
    assert [process.wait(SOON_SECONDS) for process in processes] == [0] * 4


def test_a_plan_can_only_be_extended(tmp_path: Path) -> None:
    with open_store(tmp_path, plan(2), "new") as store, pytest.raises(ValueError, match="only be extended"):
        store.extend(plan(4, seed=9))


def test_slow_disks_are_not_waited_for_with_every_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []

    def slow_sync(journal: Journal) -> None:
        synced.append(len(list(journal.records())))
        time.sleep(0.05)

    monkeypatch.setattr(Journal, "sync", slow_sync)
    what = plan(20)
    with open_store(tmp_path, what, "new") as store:
        store.start()
        for record in records(what, *range(40)):
            store.add([record])
        store.flush()
    assert synced[0] == 1
    assert synced[-1] == 40
    assert len(synced) < 10


def test_reading_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no results folder"):
        read_tables(tmp_path)


def test_results_can_be_moved(tmp_path: Path) -> None:
    done(tmp_path / "here", plan())
    shutil.move(tmp_path / "here", tmp_path / "there")
    with open_store(tmp_path / "there", plan(), "new") as store:
        assert store.is_complete
