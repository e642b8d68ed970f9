"""Runs by the workers of a Dask cluster: real processes, the same bytes, and nothing lost with them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fakes
import pytest
from conftest import wait_until
from time_limits import SOON_SECONDS

from sim.analysis.conduct import conduct_runs
from sim.analysis.results import read_tables
from sim.errors import InputError
from sim.experiments import experiment_from_mapping
from sim.model.extension.parts import read_extension
from sim.runs import worker
from sim.runs.designs import design_points, plan_for_experiment
from sim.runs.executors import Execution
from sim.runs.plan import Plan
from sim.runs.progress import Silent
from sim.runs.runner import LostWorkersError
from sim.runs.store import open_store
from sim.runs.worker import Engine

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

BYTES_DIFFER = {"manifest.json", "timing.parquet"}
# What a worker does when it starts: it takes the version of the code that the tests have.
PRELOAD = "import sim.runs.worker\nsim.runs.worker.code_version = lambda: {version!r}\n"


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in BYTES_DIFFER]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


class Watcher(Silent):
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.n_done = 0

    def note(self, message: str) -> None:
        self.notes.append(message)

    def advance(self, n_finished: int, n_failed: int) -> None:
        self.n_done += n_finished + n_failed


def done(folder: Path, plan: Plan, execution: Execution, simulate: Any = fakes.simulate, progress: Any = None) -> None:
    with open_store(folder, plan, "resume") as store:
        conduct_runs(store, Engine(simulate, fakes.warm_up), execution, progress or Silent())


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start a cluster of two worker processes; a run that kills a worker is not tried on others."""
    import dask

    with dask.config.set({"distributed.scheduler.allowed-failures": 0}), local_cluster(2) as started:
        yield started


def local_cluster(n_workers: int, version: str = fakes.CODE_VERSION, **others: Any) -> Any:
    return distributed.LocalCluster(
        n_workers=n_workers,
        threads_per_worker=others.pop("threads_per_worker", 1),
        processes=True,
        dashboard_address=":0",
        preload=PRELOAD.format(version=version),
        silence_logs=50,
        **others,
    )


def test_the_same_bytes_as_in_one_process(tmp_path: Path, cluster: Any) -> None:
    plan = fakes.design(n_points=6)
    done(tmp_path / "one", plan, Execution(jobs=1))
    watcher = Watcher()
    done(tmp_path / "dask", plan, Execution(dask=cluster.scheduler_address), progress=watcher)
    assert contents(tmp_path / "one") == contents(tmp_path / "dask")
    assert watcher.n_done == len(plan.runs) == 36
    assert watcher.notes == []


def test_a_failing_run_costs_no_other(tmp_path: Path, cluster: Any) -> None:
    plan = fakes.design(n_replications=6)
    bad = [run.run_id for run in plan.runs if run.seed % 3 == 0]
    assert bad
    done(tmp_path / "one", plan, Execution(jobs=1), fakes.fail_sometimes)
    done(tmp_path / "dask", plan, Execution(dask=cluster.scheduler_address), fakes.fail_sometimes)
    failures = read_tables(tmp_path / "dask")["failures"]
    assert failures["run_id"].tolist() == bad
    assert failures["parameters"].str.contains('"restriction": ').all()
    assert failures["traceback"].str.contains("is no good").all()
    assert contents(tmp_path / "one").keys() == contents(tmp_path / "dask").keys()
    assert contents(tmp_path / "one")["runs.parquet"] == contents(tmp_path / "dask")["runs.parquet"]


def test_a_run_that_kills_its_worker_is_tried_again_and_then_failed(tmp_path: Path, cluster: Any) -> None:
    plan = fakes.design(n_points=1, n_replications=7, n_arms=1)
    deadly = [run.run_id for run in plan.runs if run.seed % 5 == 0]
    assert len(deadly) == 2
    done(tmp_path, plan, Execution(dask=cluster.scheduler_address), fakes.die_sometimes)
    tables = read_tables(tmp_path)
    assert tables["failures"]["run_id"].tolist() == deadly
    assert tables["failures"]["error"].str.contains("KilledWorker: the process that did this run died").all()
    assert len(tables["runs"]) == len(plan.runs) - len(deadly)


def test_runs_of_a_lost_worker_are_done_by_others(tmp_path: Path, cluster: Any) -> None:
    plan = fakes.design(n_points=10, n_replications=4, n_arms=1)
    done(tmp_path / "one", plan, Execution(jobs=1))
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=SOON_SECONDS)  # one may be starting anew after an earlier test
        pids = [pid for pid in client.run(os.getpid, on_error="ignore").values() if isinstance(pid, int)]

    class Killer(Watcher):
        def advance(self, n_finished: int, n_failed: int) -> None:
            if not self.n_done:
                os.kill(pids[0], signal.SIGKILL)
            super().advance(n_finished, n_failed)

    done(tmp_path / "dask", plan, Execution(dask=cluster.scheduler_address), fakes.slow, Killer())
    assert contents(tmp_path / "one") == contents(tmp_path / "dask")


def test_workers_with_other_code_are_refused(tmp_path: Path, cluster: Any) -> None:
    plan = fakes.design(version="0.0.0+mine")
    with pytest.raises(
        InputError, match=r"has version 0\.0\.0\+fake, python .*; this process has 0\.0\.0\+mine, python "
    ):
        done(tmp_path / "new", plan, Execution(dask=cluster.scheduler_address))
    assert not (tmp_path / "new").exists()


def test_a_worker_that_joins_later_is_checked_too() -> None:
    with pytest.raises(InputError, match="install the same versions on all machines"):
        worker.do_runs_elsewhere(fakes.ENGINE, "0.0.0+newer", [], fakes.design().kept)


def test_several_threads_a_worker_are_noted_and_a_lost_scheduler_keeps_what_was_done(tmp_path: Path) -> None:
    plan = fakes.design(n_points=10, n_replications=6, n_arms=1)
    cluster = local_cluster(1, threads_per_worker=2)

    class Closer(Watcher):
        def advance(self, n_finished: int, n_failed: int) -> None:
            super().advance(n_finished, n_failed)
            if self.n_done >= 4:
                cluster.close()

    watcher = Closer()
    with pytest.raises(LostWorkersError, match="The connection to the workers is lost"):
        done(tmp_path / "lost", plan, Execution(dask=cluster.scheduler_address), fakes.slow, watcher)
    assert "1 of 1 Dask workers have several threads" in watcher.notes[0]
    assert 4 <= len(read_tables(tmp_path / "lost")["runs"]) < len(plan.runs)
    done(tmp_path / "lost", plan, Execution(jobs=1))
    done(tmp_path / "one", plan, Execution(jobs=1))
    assert contents(tmp_path / "one") == contents(tmp_path / "lost")


@pytest.mark.parametrize(
    ("address", "message"),
    [("nonsense", "give the address of a scheduler"), ("tcp://127.0.0.1:1", "No Dask scheduler answers")],
)
def test_no_scheduler_is_told(tmp_path: Path, address: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.runs.executors.CONNECT_SECONDS", 0.5)
    with pytest.raises(InputError, match=message):
        done(tmp_path / "new", fakes.design(), Execution(dask=address))
    assert not (tmp_path / "new").exists()


def test_workers_that_never_come_are_waited_for_no_longer_than_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.runs.executors.WORKERS_SECONDS", 0.5)
    with local_cluster(0) as empty, pytest.raises(InputError, match="No Dask worker came within"):
        done(tmp_path / "new", fakes.design(), Execution(dask=empty.scheduler_address))
    assert not (tmp_path / "new").exists()


def test_a_study_whose_workers_have_all_gone_ends_and_keeps_what_was_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.runs.runner.LOOK_SECONDS", 0.1)
    monkeypatch.setattr("sim.runs.runner.GONE_SECONDS", 0.5)
    monkeypatch.setattr("sim.runs.executors.SECONDS_BETWEEN_COUNTS", 0.1)
    plan = fakes.design(n_points=10, n_replications=6, n_arms=1)
    with local_cluster(1) as cluster:

        class Scaler(Watcher):
            def advance(self, n_finished: int, n_failed: int) -> None:
                super().advance(n_finished, n_failed)
                if self.n_done >= 4 and cluster.workers:
                    cluster.scale(0)

        with pytest.raises(LostWorkersError, match="The connection to the workers is lost"):
            done(tmp_path / "lost", plan, Execution(dask=cluster.scheduler_address), fakes.slow, Scaler())
    done(tmp_path / "lost", plan, Execution(jobs=1))
    done(tmp_path / "one", plan, Execution(jobs=1))
    assert contents(tmp_path / "one") == contents(tmp_path / "lost")


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX systems")
def test_ctrl_c_cancels_and_keeps_what_was_done(experiment_file: Path, start: Any, cluster: Any) -> None:
    process = start(
        "slow", "sweep", experiment_file.name, "--at-defaults", "--out", "stopped", "--dask", cluster.scheduler_address
    )
    parts = experiment_file.parent / "stopped" / ".finished-runs"
    wait_until((parts / "journal").exists)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SOON_SECONDS)
    assert process.returncode == 130, err
    assert out == ""
    assert "runs are kept in stopped; the same command with --resume does the rest" in err
    assert 1 <= len(read_tables(parts.parent)["runs"]) < 120


@pytest.mark.nightly
def test_an_extension_goes_to_the_workers_by_its_content(tmp_path: Path, cluster: Any) -> None:
    """Its file is gone by the time they do the runs."""
    file = tmp_path / "mine.py"
    file.write_text("outcomes = {'mine': lambda state: float(state['trust'].mean())}\n")
    extension = read_extension(file)
    file.unlink()
    experiment = experiment_from_mapping(
        {
            "name": "small", "base": "baseline", "design": "grid",
            "levers": {"rules.restriction": [0.0, 0.5]}, "replications": 2, "outcomes": ["alive"],
            "set": {"organization.employees": 20, "run.weeks": 2},
        }
    )  # fmt: skip
    plan = plan_for_experiment(experiment, design_points(experiment)).extended(extension)
    for folder, execution in (("one", Execution(jobs=1)), ("dask", Execution(dask=cluster.scheduler_address))):
        with open_store(tmp_path / folder, plan, "new") as store:
            conduct_runs(store, None, execution, Silent())
    assert contents(tmp_path / "one") == contents(tmp_path / "dask")
    assert read_tables(tmp_path / "dask")["runs"]["mine"].notna().all()
