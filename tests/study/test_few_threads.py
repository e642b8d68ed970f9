"""A machine that gives few processes and threads: a line and an exit code, and what is finished is kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROGRAM
from time_limits import PROGRAM_SECONDS

from sim.analysis.results import read_tables
from sim.kernel import processors as threads

SETPRIV = shutil.which("setpriv")
USER = 54_321
"""Somebody who has no process yet: the limit counts those of a user, and does not hold for root."""


def typed(limit: int | None, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Give a command, with a fake in the place of the simulation, as a user who may have so many processes."""
    command = [sys.executable, "-W", "error", str(PROGRAM), "simulate", *arguments, "--no-figures"]
    if limit is not None:
        inside = f'ulimit -u {limit}; exec "$0" "$@"'
        caps = ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]
        who = ["--reuid", str(USER), "--regid", str(USER), "--clear-groups", *caps]
        command = [str(SETPRIV), *who, "bash", "-c", inside, *command]
    given = {name: value for name, value in os.environ.items() if name not in threads.ONE_THREAD}
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=PROGRAM_SECONDS, check=False)


needs_another_user = pytest.mark.skipif(
    sys.platform != "linux" or SETPRIV is None or os.geteuid() != 0, reason="needs the right to be another user"
)


@pytest.mark.slow
@needs_another_user
@pytest.mark.parametrize(("limit", "jobs"), [(2, []), (2, ["--jobs", "1"]), (2, ["--jobs", "2"]), (8, ["--jobs", "2"])])
def test_a_study_on_a_machine_that_gives_hardly_any(scenario_files: Path, limit: int, jobs: list[str]) -> None:
    scenario_files.chmod(0o777)
    over_worlds = not jobs
    study = ["compare", "a.yaml", "b.yaml", "--report", "--out", "out", *([] if over_worlds else ["--at-defaults"])]
    done = typed(limit, *study, *jobs)
    assert "Traceback" not in done.stderr, done.stderr
    if jobs == ["--jobs", "2"]:
        assert done.returncode in (0, 1, 2), done.stderr
        assert done.returncode == 0 or "--jobs 1" in done.stderr
    else:
        assert done.returncode == 0, done.stderr
        assert "a minus b" in done.stdout
    again = typed(None, *study, "--resume", "--jobs", "1")
    assert again.returncode == 0, again.stderr
    # Two scenarios in 120 worlds of one set and 60 that only the other has, and 20 times at the default values.
    assert len(read_tables(Path("out"))["runs"]) == (2 * (120 + 60 + 20) if over_worlds else 2 * 4)


def test_libraries_take_one_thread_where_more_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in threads.ONE_THREAD:
        monkeypatch.setenv(name, "")  # so that it is put back
        monkeypatch.delenv(name)
    monkeypatch.setattr(threads, "_limit", lambda: 10.0)
    monkeypatch.setattr(threads, "can_start", lambda n: True)
    threads.spare_threads()
    assert "OPENBLAS_NUM_THREADS" not in os.environ
    monkeypatch.setattr(threads, "can_start", lambda n: False)
    threads.spare_threads()
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"


def test_threads_that_cannot_be_started_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert threads.can_start(2)

    def none(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", none)
    assert not threads.can_start(2)
