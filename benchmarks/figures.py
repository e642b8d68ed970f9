"""The figures that the project holds itself to, each with its bar."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.child import SCENARIO, SEED, scenario_of
from benchmarks.timing import Seconds, best_of, best_of_each, shortest

REPOSITORY = Path(__file__).resolve().parents[1]
YEAR = 52  # weeks: 260 working days
DAYS_PER_WEEK = 5


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes
    ----------
    row : str
        What ``--only`` calls the measurement.
    name : str
        What was measured.
    value, bar : float
        In `unit`.
    at_least : bool
        Whether the bar is a lower limit.
    note : str
        How it was measured.
    details : dict
        Further numbers, for ``--json``.
    """

    row: str
    name: str
    value: float
    unit: str
    bar: float
    at_least: bool
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether the figure meets its bar."""
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def as_json(self) -> dict[str, Any]:
        """Return the figure as a mapping for JSON."""
        return asdict(self) | {"pass": self.holds}


def engine_run(n_employees: int, n_weeks: int) -> Callable[[], Any]:
    """Return a task: one run of the engine through its Mesa model, set-up and recording included."""
    from sim import IntranetModel

    scenario = scenario_of(n_employees, n_weeks)

    def task() -> IntranetModel:
        model = IntranetModel(scenario, rng=SEED)
        model.run()
        return model

    return task


def warm_up() -> None:
    """Load the compiled rules."""
    from sim.model.simulation import warm_up as warm_up_engine

    warm_up_engine()


def _child(*arguments: Any, **environment: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.child", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=REPOSITORY, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def ratio(quick: bool) -> list[Figure]:
    """Return how many times faster the engine is than the plain Mesa model, at the same numbers."""
    from benchmarks.plain_state import digest, engine_state

    n_employees, n_weeks = 1000, YEAR
    task = engine_run(n_employees, n_weeks)
    warm_up()
    # Before and after the reference, so that both see the machine in the same mood.
    before = best_of(5 if quick else 20, task)
    reference = _child("reference", n_employees, n_weeks, 1 if quick else 4, NUMBA_DISABLE_JIT="1")
    engine = shortest([before, best_of(5 if quick else 20, task)])
    plain = Seconds(**reference["seconds"])
    same = digest(engine_state(task().simulation)) == reference["digest"]
    millions = n_employees * n_weeks * DAYS_PER_WEEK / 1e6
    return [
        Figure(
            "ratio",
            f"engine against plain Mesa model, N = {n_employees:,}, {n_weeks * DAYS_PER_WEEK} days",
            plain.processor / engine.processor if same else 0.0,  # speed at other numbers is no speed
            "times",
            300.0,
            at_least=True,
            note=f"{millions / engine.processor:.1f} against {millions / plain.processor:.3f} million employee-days/s, "
            f"set-up and recording included; aim 500; by the wall clock {plain.wall / engine.wall:.0f} times; final "
            f"state {'the same to the last bit' if same else 'DIFFERS'}",
            details={"engine_seconds": engine._asdict(), "reference_seconds": plain._asdict(), "same_state": same},
        )
    ]


def throughput(quick: bool) -> list[Figure]:
    """Return employee-days a second in a large organization."""
    n_employees, n_weeks = 100_000, 12 if quick else YEAR
    task = engine_run(n_employees, n_weeks)
    warm_up()
    seconds = best_of(2 if quick else 4, task)
    millions = n_employees * n_weeks * DAYS_PER_WEEK / 1e6
    return [
        Figure(
            "throughput",
            f"employee-days a second, N = {n_employees:,}, {n_weeks * DAYS_PER_WEEK} days",
            millions / seconds.processor,
            "million/s",
            10.0,
            at_least=True,
            note=f"set-up and recording included; by the wall clock {millions / seconds.wall:.1f}",
            details={"seconds": seconds._asdict()},
        )
    ]


def growth(quick: bool) -> list[Figure]:
    """Return by how much a run gets longer when the organization doubles; the largest of all doublings."""
    n_weeks, repeats = 8, 2 if quick else 3
    lower = (25_000, 50_000) if quick else (25_000, 50_000, 100_000, 200_000, 400_000, 500_000)
    sizes = sorted({*lower, *(2 * n for n in lower)})
    warm_up()
    timings = best_of_each(repeats, [engine_run(n, n_weeks) for n in sizes])
    seconds = {n: timing.processor for n, timing in zip(sizes, timings, strict=True)}
    growths = {n: seconds[2 * n] / seconds[n] for n in lower}
    listed = ", ".join(f"{n // 1000}k to {2 * n // 1000}k: {times:.2f}" for n, times in growths.items())
    return [
        Figure(
            "growth",
            f"cost when N doubles, {sizes[0]:,} to {sizes[-1]:,}",
            max(growths.values()),
            "times",
            2.3,
            at_least=False,
            note=f"the largest; runs of {n_weeks} weeks, set-up included; {listed}",
            details={"seconds": seconds, "growth": growths},
        )
    ]


def memory(quick: bool) -> list[Figure]:
    """Return the largest memory of a run with a million employees."""
    n_employees, n_weeks = 1_000_000, 1 if quick else 8
    found = _child("memory", n_employees, n_weeks)
    return [
        Figure(
            "memory",
            f"peak memory, N = {n_employees:,}",
            found["gib"],
            "GiB",
            4.0,
            at_least=False,
            note=f"mean {found['contacts']:.1f} contacts; whole process, run of {n_weeks} weeks",
            details=found,
        )
    ]


def small_run(quick: bool) -> list[Figure]:
    """Return how long one ordinary run takes."""
    n_employees = 500
    task = engine_run(n_employees, YEAR)
    warm_up()
    seconds = best_of(10 if quick else 50, task)
    return [
        Figure(
            "small-run",
            f"one run, N = {n_employees}, {YEAR * DAYS_PER_WEEK} days",
            seconds.processor * 1000.0,
            "ms",
            20.0,
            at_least=False,
            note=f"warm, set-up and recording included; by the wall clock {seconds.wall * 1000.0:.1f} ms",
            details={"seconds": seconds._asdict()},
        )
    ]


def start_up(quick: bool) -> list[Figure]:
    """Return how long commands take from the shell."""
    repeats = 2 if quick else 5
    file = str(REPOSITORY / "scenarios" / f"{SCENARIO}.yaml")
    return [
        _command("intranet-sim --help", ["--help"], 0.5, repeats),
        _command(f"intranet-sim validate {SCENARIO}.yaml", ["validate", file], 0.5, repeats),
        _command(f"intranet-sim run {SCENARIO}.yaml", ["run", file, "--replications", "1"], 3.0, repeats),
    ]


def _command(name: str, arguments: Sequence[str], bar: float, repeats: int) -> Figure:
    script = Path(sys.executable).with_name("intranet-sim")
    program = [str(script)] if script.exists() else [sys.executable, "-m", "sim"]
    with tempfile.TemporaryDirectory() as folder:
        out = ["--out", str(Path(folder) / "out"), "--overwrite"] if arguments[0] == "run" else []

        def task() -> None:
            subprocess.run([*program, *arguments, *out], cwd=REPOSITORY, capture_output=True, check=True)

        task()  # warm: files in memory, rules compiled
        seconds = best_of(repeats, task).wall
    note = "wall clock, warm, whole process" + ("; 1 replication, N = 1,000" if out else "")
    return Figure("start-up", name, seconds, "s", bar, at_least=False, note=note)


ROWS: dict[str, Callable[[bool], list[Figure]]] = {
    "ratio": ratio,
    "throughput": throughput,
    "growth": growth,
    "memory": memory,
    "small-run": small_run,
    "start-up": start_up,
}
