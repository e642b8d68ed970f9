"""The studies as Python functions: they return as pandas tables what the commands write."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.study.conduct import FIRST_BATCH, UntilWidth, conduct
from sim.study.plan import Arm, Plan, make_plan
from sim.study.progress import Progress, Silent
from sim.study.results import read_tables
from sim.study.store import Mode, open_store

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.schema import Scenario
    from sim.study.worker import Engine


class RunTables(NamedTuple):
    """What `run` returns: the tables of a results folder, and its path (None: nothing is kept on disk)."""

    summary: pd.DataFrame
    runs: pd.DataFrame
    series: pd.DataFrame
    groups: pd.DataFrame
    reasons: pd.DataFrame
    failures: pd.DataFrame
    results_dir: Path | None


class CompareTables(NamedTuple):
    """What `compare` returns; `ranks` is None for two scenarios."""

    differences: pd.DataFrame
    ranks: pd.DataFrame | None
    summary: pd.DataFrame
    runs: pd.DataFrame
    series: pd.DataFrame
    groups: pd.DataFrame
    reasons: pd.DataFrame
    failures: pd.DataFrame
    results_dir: Path | None


def _loaded(scenario: Scenario | str | Path) -> Scenario:
    if isinstance(scenario, str | Path):
        from sim.scenario import load_scenario

        return load_scenario(scenario)
    return scenario


def unique_names(names: Sequence[str]) -> list[str]:
    """Return the names with a number behind each that was there before: a, a -> a, a-2."""
    unique: list[str] = []
    for name in names:
        candidate, n = name, 2
        while candidate in unique:
            candidate, n = f"{name}-{n}", n + 1
        unique.append(candidate)
    return unique


def plan_for(
    scenarios: Sequence[Scenario], replications: int | None, seed: int | None, until: UntilWidth | None = None
) -> Plan:
    """Return the plan of a study of some scenarios.

    All share seed and replications, so that they are paired: what is given here, or what the first scenario
    says (with `until`: a first batch).
    """
    first = scenarios[0].run
    if replications is None:
        replications = min(FIRST_BATCH, until.most) if until else first.replications
    arms = [
        Arm(name, scenario.resolved())
        for name, scenario in zip(unique_names([each.name for each in scenarios]), scenarios, strict=True)
    ]
    return make_plan(arms, replications, first.seed if seed is None else seed)


@contextlib.contextmanager
def _folder(out: str | Path | None) -> Iterator[Path]:
    """Return the folder asked for, or one that goes again."""
    if out is not None:
        yield Path(out)
        return
    with tempfile.TemporaryDirectory(prefix="intranet-sim-") as temporary:
        yield Path(temporary) / "results"


def _conducted(
    plan: Plan,
    out: str | Path | None,
    *,
    mode: Mode,
    jobs: int | None,
    until: UntilWidth | None,
    engine: Engine | None,
    progress: Progress | None,
) -> dict[str, Any]:
    """Do a study and return its tables by name."""
    with _folder(out) as folder, open_store(folder, plan, mode) as store:
        conduct(store, engine, jobs, progress or Silent(), until)
        return {**read_tables(folder), "results_dir": None if out is None else folder}


def run(
    scenario: Scenario | str | Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    jobs: int | None = 1,
    mode: Mode = "new",
    until: UntilWidth | None = None,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> RunTables:
    """Run one scenario, every replication with its own luck.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, the name of a shipped one, or a file.
    replications : int, optional
        Number of runs; what the scenario says if left out.
    seed : int, optional
        Seed of the study; what the scenario says if left out.
    out : str or Path, optional
        Folder for the results; nothing stays on disk if left out.
    jobs : int or None
        Number of processes; None chooses. More than one needs the script's work under
        ``if __name__ == "__main__":``.
    mode : str
        What to do if `out` has results: ``new``, ``resume`` or ``overwrite`` (see `open_store`).
    until : UntilWidth, optional
        Add replications until an interval is narrow enough.
    engine : Engine, optional
        Another simulation, for tests.
    progress : Progress, optional
        Who watches.

    Returns
    -------
    RunTables
        A failed run is a row in `failures`, not an exception.

    Raises
    ------
    InputError
        If the scenario or the folder is wrong.
    """
    plan = plan_for([_loaded(scenario)], replications, seed, until)
    found = _conducted(plan, out, mode=mode, jobs=jobs, until=until, engine=engine, progress=progress)
    return RunTables(**{name: found[name] for name in RunTables._fields})


def compare(
    scenarios: Sequence[Scenario | str | Path],
    *,
    replications: int | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    jobs: int | None = 1,
    mode: Mode = "new",
    until: UntilWidth | None = None,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> CompareTables:
    """Compare the first scenario with each other one, paired by seed.

    Parameters are those of `run`, with two or more scenarios.

    Returns
    -------
    CompareTables
        Differences are first minus other, with their 95% interval over pairs.

    Raises
    ------
    InputError
        If a scenario or the folder is wrong.
    ValueError
        If there are fewer than two scenarios.
    """
    if len(scenarios) < 2:
        raise ValueError(f"compare needs at least two scenarios, got {len(scenarios)}")
    plan = plan_for([_loaded(scenario) for scenario in scenarios], replications, seed, until)
    found = _conducted(plan, out, mode=mode, jobs=jobs, until=until, engine=engine, progress=progress)
    found.setdefault("ranks", None)
    return CompareTables(**{name: found[name] for name in CompareTables._fields})
