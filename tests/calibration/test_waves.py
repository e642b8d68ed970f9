"""The waves through the ordinary runner, with a stand-in for the simulation; worlds; the command."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from time_limits import PROGRAM_SECONDS

from sim.__main__ import main
from sim.catalog.outcomes import OUTCOME_NAMES
from sim.catalog.registry import COEFFICIENTS
from sim.errors import InputError
from sim.evidence.calibration import observables, two_sets
from sim.evidence.calibration.folder import read_calibration, write_calibration
from sim.evidence.calibration.inference import Findings, infer, worlds_of
from sim.evidence.calibration.matching import usable
from sim.evidence.calibration.targets import load_targets
from sim.evidence.calibration.waves import AGAIN, LATER, OWN, Waves
from sim.evidence.calibration.weighing import Bank
from sim.experiments import load_experiment
from sim.experiments.worlds import SIZE, WorldSet, load_worlds, write_worlds
from sim.runs import worker
from sim.runs.executors import Execution
from sim.runs.folder import JOURNAL_NAME, PARTS_NAME
from sim.runs.parquet import read_parquet
from sim.runs.progress import Silent
from sim.runs.records import Journal
from sim.runs.worker import Engine


class Result(NamedTuple):
    outcomes: dict[str, float]
    reasons: dict[str, str]
    series: dict[str, np.ndarray]
    groups: list[dict[str, Any]]


def simulate(resolved: dict[str, Any], seed: int, with_groups: bool = True) -> Result:
    """Give outcomes that a few coefficients decide, with a little luck."""
    c = resolved["behavior"]
    luck = 0.01 * np.random.Generator(np.random.Philox(key=seed)).standard_normal()
    reading = 1 / (1 + np.exp(-(1.5 * (c["read_base"] + 3.2) + c["read_habit"] - 2.0)))
    posting = 1 / (1 + np.exp(-(c["post_base"] + 4.0)))
    weeks = resolved["run"]["weeks"]
    outcomes = dict.fromkeys(OUTCOME_NAMES, 0.5)
    outcomes |= {
        "registered": float(np.clip((0.4 + 0.6 * reading) * min(1, weeks / 40) + luck, 0, 1)),
        "monthly_readers": float(np.clip(reading + luck, 0, 1)),
        "weekly_readers": float(np.clip(0.5 * reading, 0, 1)),
        "monthly_active": 0.6 * reading * posting,
        "weekly_active": 0.2 * reading * posting,
        "adoption": 0.8 * posting,
        "interactions_per_employee_month": 3 * posting,
        "top5_share": 0.2 + 0.15 * c["post_inclination"],
        "reply_rate": float(c["worth"]) / 8.0,
    }
    series = {name: np.linspace(value / weeks, value, weeks) for name, value in outcomes.items()}
    return Result(outcomes, {}, series, [])


def warm_up() -> None:
    """Have nothing to compile."""


ENGINE = Engine(simulate, warm_up)


@pytest.fixture(autouse=True)
def _one_code_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.runs.plan.code_version", lambda: "test")


class Stops(Silent):
    """A watcher who interrupts after some steps."""

    def __init__(self, n_steps: int) -> None:
        self._n_left = n_steps

    def step(self, *_: object) -> None:
        self._n_left -= 1
        if self._n_left < 0:
            raise KeyboardInterrupt


def waves(folder: Path, n: int = 2, samples: int = 64) -> Waves:
    from sim.scenario import Override

    settings = [f"samples={samples}"]
    experiment = load_experiment("calibration", [Override.from_option(text) for text in settings], False)
    return Waves(experiment, load_targets(), folder, n)


def found_of(run: Waves, banks: list[Bank], n_trials: int) -> Findings:
    """Return the findings after some waves, with the worlds run anew."""
    is_used = usable(run.yardstick, banks[-1].simulated, run.is_wanted)
    worlds = worlds_of(banks[-1].weights(run.yardstick, is_used), 1)
    again = run.run_again(banks[-1].unit[worlds.places], Execution(jobs=1), "new", Silent(), engine=ENGINE)
    scenarios = [one.scenario for one in run.targets]
    return infer(
        banks, worlds, again, run.whose.counts > 1, run.yardstick, is_used, run.values_of, 1, run.off_share, scenarios,
        n_trials,
    )  # fmt: skip


def test_two_waves_and_everything_that_follows(tmp_path: Path) -> None:
    run = waves(tmp_path / "out")
    banks = run.conduct(Execution(jobs=1), "new", Silent(), engine=ENGINE)
    bank = banks[-1]
    assert [one.n_points for one in banks] == [64, 64 + 64 * LATER]
    assert np.bincount(bank.wave).tolist() == [0, 64, 64 * LATER]
    assert banks[0].log_density == pytest.approx(np.zeros(64))
    # Inverse densities are what the points would weigh in the prior: as much as there are points.
    assert np.mean(np.exp(-bank.log_density)) == pytest.approx(1.0, abs=1e-6)
    places = {target.id: place for place, target in enumerate(run.targets)}
    # Growth is a straight line here, so month 8 of 34 is 36/147 of the end.
    at_36, at_end = bank.simulated[:, places["T4.01"]], bank.simulated[:, places["T4.04"]]
    assert at_36 == pytest.approx(at_end / 147 * 36, rel=0.05)
    luck = np.sqrt(np.diag(bank.luck.covariance))
    # Of one organization; a mean over fifty has hardly any.
    assert luck[places["T4.10"]] == pytest.approx(0.01, rel=0.5)
    assert luck[places["T2.13-read"]] < 0.5 * luck[places["T4.10"]]
    assert luck[places["T2.20"]] == pytest.approx(0, abs=1e-9)
    findings = found_of(run, banks, 5)
    write_calibration(run, load_targets(), bank, findings, "test")
    found = read_calibration(tmp_path / "out")
    n_worlds = found.summary["worlds"]
    assert [wave["points"] for wave in found.summary["waves"]] == [64, 64 * LATER]
    assert found.tables["waves"]["heat"].tolist() == [0.0, 0.5]
    assert found.summary["runs_again"] == 7 * AGAIN * n_worlds
    assert found.summary["runs"] == 7 * (64 + 64 * LATER + OWN * 64 * LATER // 2 + AGAIN * n_worlds)
    assert len(found.tables["targets"]) == len(load_targets())
    assert found.tables["growth"]["points"].tolist() == [64, 64 + 64 * LATER]
    worlds = load_worlds(tmp_path / "out" / "worlds")
    assert worlds.names == bank.names
    assert worlds.weights.sum() == pytest.approx(1)
    assert worlds.n_worlds == len(np.unique(worlds.values, axis=0))
    low, high = worlds.values[:, list(bank.names).index("behavior.read_base")][[0, -1]]
    assert -6.0 <= low <= -2.0
    assert -6.0 <= high <= -2.0


def test_points_share_their_luck_and_luck_is_told_by_runs_with_their_own(tmp_path: Path) -> None:
    run = waves(tmp_path / "out")
    banks = run.conduct(Execution(jobs=1), "new", Silent(), engine=ENGINE)
    run.run_again(banks[-1].unit[:3], Execution(jobs=1), "new", Silent(), engine=ENGINE)

    def seeds(name: str) -> set[int]:
        return set(read_parquet(tmp_path / "out" / name / "runs.parquet", ["seed"])["seed"].to_pylist())

    shared, own, again = seeds("wave-1") | seeds("wave-2"), seeds("luck-2"), seeds("worlds-again")
    assert len(shared) == 1
    assert len(own) == OWN * 64 * LATER // 2
    assert len(again) == 3 * AGAIN
    assert len(shared | own | again) == len(shared) + len(own) + len(again)


def test_a_start_that_died_has_published_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observables, "TOOK_OFF", {"viral-start": 0.6})
    run = waves(tmp_path / "out", n=1)
    shown = run.conduct(Execution(jobs=1), "new", Silent(), engine=ENGINE)[0].simulated
    names = [target.id for target in run.targets]
    is_viral = np.array([target.scenario == "viral-start" for target in run.targets])
    undefined = np.isnan(shown)
    assert 0 < undefined[:, names.index("T4.04")].mean() < 1
    assert (undefined[:, is_viral].all(axis=1) == undefined[:, is_viral].any(axis=1)).all()
    assert (shown[:, names.index("T4.04")][~undefined[:, names.index("T4.04")]] >= 0.6).all()
    assert not undefined[:, names.index("T4.10")].any()


KILLED = """
import os, signal, sys
from pathlib import Path

sys.path[:0] = [sys.argv[1], str(Path(sys.argv[1]).parent)]
from test_waves import Engine, Execution, Silent, simulate, warm_up, waves
from sim.runs import plan

plan.code_version = lambda: "test"
calibration = waves(Path(sys.argv[2]), n=3)
left = iter(range(len(calibration.first_plan().runs) + 40))  # all of the first wave, and some of the second


def until_killed(*arguments, **options):
    if next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(*arguments, **options)


calibration.conduct(Execution(jobs=1), "resume", Silent(), engine=Engine(until_killed, warm_up))
"""


def test_a_calibration_that_was_interrupted_or_killed_goes_on_to_the_same_end(tmp_path: Path) -> None:
    whole = waves(tmp_path / "whole", n=3).conduct(Execution(jobs=1), "new", Silent(), engine=ENGINE)[-1]
    command = [sys.executable, "-c", KILLED, str(Path(__file__).parent), str(tmp_path / "parts")]
    assert subprocess.run(command, check=False, timeout=PROGRAM_SECONDS).returncode == -signal.SIGKILL
    assert (tmp_path / "parts" / "wave-1" / "runs.parquet").exists()
    assert 30 <= len(list(Journal(tmp_path / "parts" / "wave-2" / PARTS_NAME / JOURNAL_NAME).records())) <= 40
    for n_steps in (2, 4):
        with pytest.raises(KeyboardInterrupt):
            waves(tmp_path / "parts", n=3).conduct(Execution(jobs=1), "resume", Stops(n_steps), engine=ENGINE)
    resumed = waves(tmp_path / "parts", n=3).conduct(Execution(jobs=1), "resume", Silent(), engine=ENGINE)[-1]
    assert resumed.unit.tolist() == whole.unit.tolist()
    assert np.array_equal(resumed.simulated, whole.simulated, equal_nan=True)
    assert resumed.log_density.tolist() == whole.log_density.tolist()


def test_an_experiment_that_cannot_serve_is_refused_with_every_reason(tmp_path: Path) -> None:
    experiment = load_experiment("framing", (), False)
    with pytest.raises(InputError) as error:
        Waves(experiment, load_targets(), tmp_path)
    text = str(error.value)
    assert "design: must be sobol" in text
    assert "levers: a calibration has none" in text
    assert "outcomes: the targets also need" in text


def test_worlds_come_back_as_they_were_written(tmp_path: Path) -> None:
    names = tuple(entry.path for entry in COEFFICIENTS if entry.low == 0 and entry.high >= 1)[:2]
    values = np.random.default_rng(1).random((5, 2))
    worlds = WorldSet(names, values, np.array([0.4, 0.3, 0.1, 0.1, 0.1]), {"seed": 1})
    write_worlds(worlds, tmp_path)
    found = load_worlds(tmp_path)
    assert found.names == worlds.names
    assert found.values == pytest.approx(values, rel=1e-9)
    assert found.manifest["seed"] == 1
    assert found.settings(2) == pytest.approx(dict(zip(worlds.names, values[2], strict=True)))
    drawn = found.draw(10, np.random.default_rng(2))
    assert np.bincount(drawn, minlength=5).tolist() == [4, 3, 1, 1, 1]


def test_a_folder_without_worlds_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no set of worlds"):
        load_worlds(tmp_path)
    (tmp_path / "worlds.json").write_text("{}")
    (tmp_path / "worlds.csv").write_text("world,weight,a\n0,1,x\n")
    with pytest.raises(InputError, match="is not a set of worlds"):
        load_worlds(tmp_path)


@pytest.fixture
def fake_simulation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "engine", lambda: ENGINE)
    monkeypatch.setattr(two_sets, "ask", lambda resolved, worlds: np.full((len(worlds), 3), 0.1))
    shown = list(two_sets.MEASURES)
    monkeypatch.setattr(
        two_sets,
        "measured",
        lambda settings, resolved: [settings["behavior.worth"] + place for place in range(len(shown))],
    )


@pytest.mark.usefixtures("fake_simulation")
def test_the_command_does_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, worlds = tmp_path / "out", tmp_path / "worlds"
    options = ["--quick", "--waves", "2", "--jobs", "1", "--out", str(out), "--samples", "32"]
    assert main(["calibrate", "calibration", *options, "--json", "--quiet", "--worlds", str(worlds)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["runs"] == 7 * (32 + 32 * LATER + OWN * 32 * LATER // 2) + found["runs_again"]
    assert found["runs_again"] == 7 * AGAIN * found["worlds"] > 0
    assert {row["id"] for row in found["targets"]} >= {"T2.13-read", "T4.01"}
    assert {file.name for file in worlds.iterdir()} == {
        "levels.csv",
        "levels.json",
        "interviews.csv",
        "interviews.json",
    }
    levels = json.loads((worlds / "levels.json").read_text(encoding="utf-8"))
    low, middle, high = levels["quartiles"]["monthly_readers"]
    assert low < middle < high
    assert low <= levels["typical"]["measures"]["monthly_readers"] <= high
    assert {file.stem for file in (out / "figures").glob("*.png")} >= {"targets", "parameters", "effective"}
    assert main(["calibrate", "calibration", *options, "--quiet", "--no-figures", "--lang", "nl"]) == 0
    text = capsys.readouterr().out
    assert "T2.13-read" in text
    assert "voorspellingsinterval" in text


@pytest.mark.usefixtures("fake_simulation")
def test_a_dry_run_runs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--quick", "--dry-run", "--quiet", "--json", "--out", str(tmp_path / "out")]
    assert main(["calibrate", "calibration", *options]) == 0
    found = json.loads(capsys.readouterr().out)
    n_points = 64 + 6 * 64 * LATER
    assert (found["points"], found["runs"]) == (n_points, 7 * (n_points + 6 * 64 * OWN + AGAIN * SIZE))
    assert not (tmp_path / "out").exists()


def test_shards_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "calibration", "--shard", "1/2"]) == 2
    assert "waves follow one another" in capsys.readouterr().err
