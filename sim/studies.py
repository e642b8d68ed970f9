"""The studies as Python functions: they return as pandas tables what the commands write."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

from sim.analysis.conduct import conduct_runs, work_out
from sim.analysis.results import read_tables, shown_in_short
from sim.request import CompareOptions, Request, ScenarioOptions, SensitivityOptions, SweepOptions, derived, takes
from sim.runs.parquet import read_parquet
from sim.runs.store import open_store

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments import Experiment
    from sim.scenario import Scenario


@shown_in_short
class RunTables(NamedTuple):
    """What `run` returns: the tables of a results folder, and its path (None: nothing is kept on disk)."""

    summary: pd.DataFrame
    runs: pd.DataFrame
    series: pd.DataFrame
    groups: pd.DataFrame
    reasons: pd.DataFrame
    failures: pd.DataFrame
    results_dir: Path | None
    replies: pd.DataFrame | None = None


@shown_in_short
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
    replies: pd.DataFrame | None = None


@shown_in_short
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
    replies: pd.DataFrame | None = None


@shown_in_short
class SensitivityTables(NamedTuple):
    """What `sensitivity` returns; tables that follow from the runs are None if no run finished."""

    indices: pd.DataFrame | None
    convergence: pd.DataFrame | None
    noise: pd.DataFrame | None
    points: pd.DataFrame | None
    runs: pd.DataFrame | None
    failures: pd.DataFrame | None
    results_dir: Path | None


@contextlib.contextmanager
def kept_folder(out: str | Path | None) -> Iterator[Path]:
    """Return the folder asked for, or one that goes again."""
    if out is not None:
        yield Path(out)
        return
    with tempfile.TemporaryDirectory(prefix="intranet-sim-") as temporary:
        yield Path(temporary) / "results"


def _tables(request: Request, names: Sequence[str]) -> dict[str, Any]:
    """Do a study and return tables of it by name, None for those that there are not."""
    plan, out = request.plan, request.folder
    with kept_folder(out) as folder, open_store(folder, plan, request.mode, shard=request.shard) as store:
        is_stored = conduct_runs(store, request["engine"], request.execution, request.progress, request["until"])
        if request.is_of_scenarios:
            work_out(store, is_stored)
        elif store.finished and request.shard.n_shards == 1:
            for name, table in derived(folder, request.kind).items():
                store.write_derived(name, table)
        found: dict[str, Any] = {**read_tables(folder), "results_dir": out}
    return {name: found.get(name) for name in names}


@takes("run")
def run(scenario: Scenario | str | Path, **options: Unpack[ScenarioOptions]) -> RunTables:
    """Run one scenario in plausible worlds, each time with luck of its own.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, the name of a shipped one, or a file. Coefficients that it sets itself stay so in every world.

    Returns
    -------
    RunTables
        A failed run is a row in `failures`, not an exception.

    Raises
    ------
    InputError
        If the scenario or the folder is wrong.
    """
    return RunTables(**_tables(Request("run", [scenario], options), RunTables._fields))


@takes("compare")
def compare(scenarios: Sequence[Scenario | str | Path], **options: Unpack[CompareOptions]) -> CompareTables:
    """Compare the first scenario with each other one in plausible worlds, paired by seed.

    Beside the worlds each scenario is run at the default values, to say whether these alone would answer otherwise.

    Parameters
    ----------
    scenarios : sequence of Scenario, str or Path
        Two or more.

    Returns
    -------
    CompareTables
        Differences are first minus other, with their 95% interval over worlds (or pairs of runs).

    Raises
    ------
    InputError
        If a scenario or the folder is wrong, or what is asked contradicts itself.
    ValueError
        If there are fewer than two scenarios.
    """
    if len(scenarios) < 2:
        raise ValueError(f"compare needs at least two scenarios, got {len(scenarios)}")
    return CompareTables(**_tables(Request("compare", scenarios, options), CompareTables._fields))


@takes("sweep")
def sweep(experiment: Experiment | str | Path, **options: Unpack[SweepOptions]) -> SweepTables:
    """Run a design: strategies in plausible worlds, all with the same luck in each, and rank the strategies.

    Parameters
    ----------
    experiment : Experiment, str or Path
        An experiment, the name of a shipped one, or a file.

    Returns
    -------
    SweepTables
        A failed run is a row in `failures`, not an exception.

    Raises
    ------
    InputError
        If the experiment or the folder is wrong, or it is one for sensitivity analysis.
    """
    return SweepTables(**_tables(Request("sweep", [experiment], options), SweepTables._fields))


@takes("sensitivity")
def sensitivity(experiment: Experiment | str | Path, **options: Unpack[SensitivityOptions]) -> SensitivityTables:
    """Find out which levers and unknowns decide the outcomes, with Morris, Sobol or PAWN.

    Parameters
    ----------
    experiment : Experiment, str or Path
        An experiment with a method, the name of a shipped one, or a file. Or the results folder of a sweep: its runs
        are then analyzed with PAWN, and nothing is run; `out` is where the tables go (``RESULTS/sensitivity``).

    Returns
    -------
    SensitivityTables
        A failed run is a row in `failures`, not an exception.

    Raises
    ------
    InputError
        If the experiment or the folder is wrong, or it is one to sweep.
    """
    if isinstance(experiment, str | Path) and Path(experiment).is_dir():
        return _sensitivity_of_sweep(Path(experiment), options.get("out"))
    request = Request("sensitivity", [experiment], options)
    return SensitivityTables(**_tables(request, SensitivityTables._fields))


def _sensitivity_of_sweep(results: Path, out: str | Path | None) -> SensitivityTables:
    from sim.analysis.sensitivity.results import analyze_sweep
    from sim.runs.folder import SENSITIVITY_NAME

    folder = Path(out) if out is not None else results / SENSITIVITY_NAME
    analyze_sweep(results, folder)
    places = {"indices": folder, "convergence": folder, "noise": folder}
    places |= dict.fromkeys(("points", "runs", "failures"), results)
    tables = {name: read_parquet(at / f"{name}.parquet").to_pandas(use_threads=False) for name, at in places.items()}
    return SensitivityTables(**tables, results_dir=folder)
