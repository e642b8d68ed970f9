"""Clocks that jump, locks of processes that are gone, programs that are killed: what was done stays, and goes on."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fakes
import pytest
from time_limits import PROGRAM_SECONDS, SOON_SECONDS

import sim
from sim.__main__ import main
from sim.runs.manifest import read_manifest


def test_a_lock_of_a_process_that_is_gone_is_none_even_if_its_number_lives_again(scenario_files: Path) -> None:
    folder = Path("out")
    sim.run("a.yaml", at_defaults=True, out=folder, engine=fakes.ENGINE)
    for process in (os.getpid(), os.getppid(), 1):  # all alive, none of them holds it
        (folder / ".lock").write_text(json.dumps({"process": process, "host": "here"}))
        sim.run("a.yaml", at_defaults=True, replications=5, out=folder, mode="resume", engine=fakes.ENGINE)
    assert len(sim.results(folder)["runs"]) == 5


@pytest.mark.parametrize("step", [timedelta(days=-400), pytest.param(timedelta(days=4000), marks=pytest.mark.nightly)])
def test_clocks_may_jump(
    scenario_files: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], step: timedelta
) -> None:
    """Backwards, far ahead, or stand still: no number depends on them, and everything can be read."""
    moments = (datetime(2026, 10, 25, 2, 30, tzinfo=UTC) + number * step for number in itertools.count())
    both = ["a.yaml", "b.yaml"]
    with monkeypatch.context() as jumping:
        for place in ("manifest", "store"):
            jumping.setattr(f"sim.runs.{place}.now", lambda: next(moments).isoformat(timespec="seconds"))
        sim.compare(both, at_defaults=True, replications=2, out="jumping", engine=fakes.ENGINE)
        later = sim.compare(both, at_defaults=True, replications=4, out="jumping", mode="resume", engine=fakes.ENGINE)
    usual = sim.compare(both, at_defaults=True, replications=4, engine=fakes.ENGINE)
    assert later.runs.equals(usual.runs)
    assert later.differences.equals(usual.differences)
    manifest = read_manifest(Path("jumping"))
    assert manifest is not None
    assert manifest["status"] == "finished"
    # Files that seem to come from next year.
    for file in Path("jumping").iterdir():
        os.utime(file, (2e9, 2e9))
    assert main(["results", "jumping"]) == 0
    assert main(["report", "jumping"]) == 0
    assert "jumping" in capsys.readouterr().out


SCORECARD = """
import sys
sys.path[:0] = sys.argv[2:]
import small_scorecard, invented
from pathlib import Path
from sim.runs import plan
from sim.runs.executors import Execution
from sim.runs.progress import Silent
from sim.evidence.scorecard.score import conduct_scorecard
from sim.evidence.scorecard.plan import plan_for_scorecard
from sim.evidence.scorecard.plan import worlds
from sim.runs.store import open_store

planned = plan_for_scorecard(small_scorecard.SIZE, worlds(small_scorecard.SIZE.n_worlds, 1, "prior"), 1)
print("planned", flush=True)
with open_store(Path(sys.argv[1]), planned.plan, "resume", ["intranet-sim", "scorecard"]) as store:
    print("opened", flush=True)
    conduct_scorecard(store, planned, Execution(jobs=1), Silent(), invented.ENGINE)
print("done", flush=True)
"""


@pytest.mark.nightly
def test_a_scorecard_that_is_killed_goes_on_to_the_same_end(tmp_path: Path) -> None:
    here = [str(Path(__file__).parents[1] / "scorecard"), str(Path(__file__).parent)]

    def started(folder: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", SCORECARD, str(folder), *here]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    whole = started(tmp_path / "whole")
    out, error = whole.communicate(timeout=PROGRAM_SECONDS)
    assert out.endswith("done\n"), error
    for after in ("planned", "opened"):
        process = started(tmp_path / "killed")
        assert process.stdout is not None
        assert any(line.strip() == after for line in process.stdout)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=SOON_SECONDS)
    out, error = started(tmp_path / "killed").communicate(timeout=PROGRAM_SECONDS)
    assert out.endswith("done\n"), error
    for name in ("scorecard", "forward", "runs"):
        contents = [(tmp_path / folder / f"{name}.parquet").read_bytes() for folder in ("whole", "killed")]
        assert contents[0] == contents[1], name


@pytest.mark.nightly
def test_a_report_that_is_killed_leaves_the_old_one_or_a_whole_one(scenario_files: Path) -> None:
    sim.compare(["a.yaml", "b.yaml"], at_defaults=True, replications=2, out="out", engine=fakes.ENGINE)
    page = sim.report("out")
    whole = page.read_bytes()
    # It is killed when it has begun to write; whether or not it is through by then, the page is a whole one.
    script = (
        "import os, sys, sim.kernel.files as files; usual = os.replace\n"
        "def killed(*arguments):\n    os.kill(os.getpid(), 9)\n"
        "def late(*arguments):\n    usual(*arguments)\n    killed()\n"
        "os.replace = killed if sys.argv[1] == 'before' else late\n"
        "import sim; sim.report('out', lang='nl')"
    )
    for moment, language in (("before", b'lang="en"'), ("after", b'lang="nl"')):
        done = subprocess.run(
            [sys.executable, "-c", script, moment], capture_output=True, text=True, check=False, timeout=PROGRAM_SECONDS
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert language in page.read_bytes()[:200]
        assert page.read_bytes().endswith(whole[-20:])
    assert sim.report("out").read_bytes() == whole
