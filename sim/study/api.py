"""The studies as Python functions: they return as pandas tables what the commands write."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError
from sim.study.conduct import FIRST_BATCH, UntilWidth, conduct
from sim.study.over_worlds import REPLICATIONS_PER_WORLD, plan_over_worlds
from sim.study.plan import Arm, Plan, make_plan
from sim.study.progress import Progress, Silent
from sim.study.results import read_tables
from sim.study.scorecard.worlds import Source, worlds
from sim.study.store import Mode, open_store

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from sim.scenario.applying import Overrides
    from sim.scenario.experiment import Experiment
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


class SweepTables(NamedTuple):
    """What `sweep` returns; tables that follow from the runs are None if no run finished."""

    strategies: pd.DataFrame | None
    summary: pd.DataFrame | None
    distribution: pd.DataFrame | None
    associations: pd.DataFrame | None
    points: pd.DataFrame
    runs: pd.DataFrame
    series: pd.DataFrame
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
    return make_plan(arms_of(scenarios), replications, first.seed if seed is None else seed)


def plan_for_worlds(
    scenarios: Sequence[Scenario],
    n_worlds: int,
    replications: int | None,
    seed: int | None,
    source: Source | None = None,
) -> Plan:
    """Return the plan of a comparison over plausible worlds, `replications` times in each (2 if left out)."""
    study_seed = scenarios[0].run.seed if seed is None else seed
    per_world = REPLICATIONS_PER_WORLD if replications is None else replications
    return plan_over_worlds(arms_of(scenarios), worlds(n_worlds, study_seed, source), per_world, study_seed)


def arms_of(scenarios: Sequence[Scenario]) -> list[Arm]:
    """Return the scenarios as arms with unique names."""
    names = unique_names([each.name for each in scenarios])
    return [
        Arm(name, scenario.resolved(), scenario.own_coefficients())
        for name, scenario in zip(names, scenarios, strict=True)
    ]


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
    n_worlds: int | None = None,
    world_source: Source | None = None,
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

    Parameters
    ----------
    scenarios : sequence of Scenario, str or Path
        Two or more.
    n_worlds : int, optional
        Compare in so many plausible worlds, `replications` times in each (2 if left out), each time with luck of its
        own: intervals then cover luck and what is not known about the world.
    world_source : str, optional
        Which worlds: ``calibrated`` or ``prior``; the calibrated ones if there are any.

    The other parameters are those of `run`.

    Returns
    -------
    CompareTables
        Differences are first minus other, with their 95% interval over pairs.

    Raises
    ------
    InputError
        If a scenario or the folder is wrong.
    ValueError
        If there are fewer than two scenarios, or `until` is given with worlds.
    """
    if len(scenarios) < 2:
        raise ValueError(f"compare needs at least two scenarios, got {len(scenarios)}")
    if n_worlds is not None and until is not None:
        raise ValueError("a comparison over worlds cannot add replications: ask for more worlds")
    loaded = [_loaded(scenario) for scenario in scenarios]
    if n_worlds is None:
        plan = plan_for(loaded, replications, seed, until)
    else:
        plan = plan_for_worlds(loaded, n_worlds, replications, seed, world_source)
    found = _conducted(plan, out, mode=mode, jobs=jobs, until=until, engine=engine, progress=progress)
    found.setdefault("ranks", None)
    return CompareTables(**{name: found[name] for name in CompareTables._fields})


def sweep(
    experiment: Experiment | str | Path,
    *,
    overrides: Overrides = (),
    quick: bool = False,
    out: str | Path | None = None,
    jobs: int | None = 1,
    dask: str | None = None,
    executor: Executor | None = None,
    mode: Mode = "new",
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> SweepTables:
    """Run a design: strategies in worlds, each with the same luck, and rank the strategies.

    Parameters
    ----------
    experiment : Experiment, str or Path
        An experiment, the name of a shipped one, or a file.
    overrides : sequence of str, or mapping
        Settings in the place of those in the file, such as ``samples=64`` (see `load_experiment`).
    quick : bool
        Whether to run the small version in the file's section ``quick``.
    out : str or Path, optional
        Folder for the results; nothing stays on disk if left out.
    jobs : int or None
        Number of processes; None chooses. More than one needs the script's work under
        ``if __name__ == "__main__":``. With `executor`, the number of its workers (asked of it if 1).
    dask : str, optional
        Address of a Dask scheduler whose workers do the runs.
    executor : Executor, optional
        Another executor, such as ``mpi4py.futures.MPIPoolExecutor``; it is not shut down.
    mode : str
        What to do if `out` has results: ``new``, ``resume`` or ``overwrite`` (see `open_store`).
    engine : Engine, optional
        Another simulation, for tests.
    progress : Progress, optional
        Who watches.

    Returns
    -------
    SweepTables
        A failed run is a row in `failures`, not an exception.

    Raises
    ------
    InputError
        If the experiment or the folder is wrong, or it is one for sensitivity analysis.
    """
    from sim.study.designs import design_points
    from sim.study.experiments import Execution, conduct_experiment, plan_for_experiment
    from sim.study.sweeping.folder import read_sweep

    loaded = _loaded_experiment(experiment, overrides, quick)
    if loaded.kind != "sweep":
        raise InputError(f"{loaded.name} is an experiment for sensitivity analysis, not a design to sweep.")
    n_jobs = None if executor is not None and jobs == 1 else jobs
    execution = Execution(jobs=n_jobs, dask=dask, executor=executor)
    plan = plan_for_experiment(loaded, design_points(loaded))
    with _folder(out) as folder, open_store(folder, plan, mode) as store:
        conduct_experiment(store, engine, execution, progress or Silent())
        if store.finished:
            for name, table in read_sweep(folder).sweep.arrow().items():
                store.write_derived(name, table)
        found: dict[str, Any] = {**read_tables(folder), "results_dir": None if out is None else folder}
    tables: dict[str, Any] = {name: found.get(name) for name in SweepTables._fields}
    return SweepTables(**tables)


def _loaded_experiment(experiment: Experiment | str | Path, overrides: Overrides, quick: bool) -> Experiment:
    if isinstance(experiment, str | Path):
        from sim.scenario.experiment import load_experiment

        return load_experiment(experiment, overrides, quick)
    if overrides or quick:
        raise InputError("overrides and quick are for an experiment that is read from a file.")
    return experiment
