"""The studies as Python functions: they return as pandas tables what the commands write."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import InputError
from sim.extension.parts import Extension, extension_from
from sim.scenario.questionnaire import Answers, load_answers
from sim.study.conduct import FIRST_BATCH, UntilWidth, conduct
from sim.study.kept import KEPT_IF_ASKED
from sim.study.over_worlds import REPLICATIONS_PER_WORLD, RUNS_AT_DEFAULTS, plan_over_worlds, varied_keys
from sim.study.plan import Arm, Plan, make_plan
from sim.study.progress import Progress, Silent
from sim.study.results import in_a_line, in_html, read_tables
from sim.study.scorecard.plan import Source
from sim.study.shard import WHOLE, Shard
from sim.study.store import Mode, open_store
from sim.study.world_sets import USUAL_WORLDS, InWorlds, chosen_worlds, own_worlds, worlds_asked_for
from sim.texts import said

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from sim.scenario.experiment import Experiment
    from sim.scenario.overrides import Overrides
    from sim.scenario.schema import Scenario
    from sim.study.worker import Engine


MOST_OWN_WORLDS = 400
"""Worlds of a folder that are taken, at most."""


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

    def __repr__(self) -> str:
        return in_a_line(self)

    def _repr_html_(self) -> str:
        return in_html(self)


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

    def __repr__(self) -> str:
        return in_a_line(self)

    def _repr_html_(self) -> str:
        return in_html(self)


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

    def __repr__(self) -> str:
        return in_a_line(self)

    def _repr_html_(self) -> str:
        return in_html(self)


def loaded_scenario(
    scenario: Scenario | str | Path, overrides: Overrides = (), weeks: int | None = None, seed: int | None = None
) -> Scenario:
    """Return a scenario, given as it is, by its name or as a file, with settings laid over it."""
    from sim.scenario.loading import as_scenario

    more = [f"run.{name}={value}" for name, value in (("weeks", weeks), ("seed", seed)) if value is not None]
    return as_scenario(scenario, both_overrides(overrides, more))


def asked_replications(overrides: Overrides, scenario: Scenario, replications: int | None) -> int | None:
    """Return the replications that are asked for in either way; None where they are not."""
    from sim.study.sweeping.standing import asks_for_replications

    return scenario.run.replications if replications is None and asks_for_replications(overrides) else replications


def both_overrides(overrides: Overrides, more: Sequence[str]) -> Overrides:
    """Return overrides, as a mapping or as texts, with some more that win over them."""
    if isinstance(overrides, Mapping):
        return {**overrides, **{key: int(value) for key, value in (each.split("=", 1) for each in more)}}
    return [*([overrides] if isinstance(overrides, str) else overrides), *more]


def experiment_overrides(
    overrides: Overrides, replications: int | None, samples: int | None, seed: int | None, weeks: int | None
) -> Overrides:
    """Return the settings of an experiment with those that have a name of their own."""
    named = {"replications": replications, "samples": samples, "seed": seed, "run.weeks": weeks}
    return both_overrides(overrides, [f"{key}={value}" for key, value in named.items() if value is not None])


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


def plan_of(
    scenarios: Sequence[Scenario],
    where: InWorlds,
    replications: int | None = None,
    seed: int | None = None,
    until: UntilWidth | None = None,
    answers: Answers | None = None,
) -> Plan:
    """Return the plan of a ``run`` or ``compare``: over plausible worlds, or at the default values.

    Parameters
    ----------
    scenarios : sequence of Scenario
        One or more.
    where : InWorlds
        In which worlds. Scenarios that set every coefficient themselves leave worlds nothing to say, and are run as
        set unless worlds are asked for.
    replications : int, optional
        Runs of each scenario in each world, 1 if left out; at the default values what the first scenario says.
    seed : int, optional
        Seed of the study; that of the first scenario if left out.
    until : UntilWidth, optional
        Add replications until an interval is narrow enough: at the default values.
    answers : Answers, optional
        What is known of the organization, drawn over together with the worlds.

    Raises
    ------
    InputError
        If two of these contradict each other.
    """
    if answers is not None and (where.at_defaults or until is not None):
        raise InputError(said("refusal.cli.answers"))
    if where.is_asked_for and (where.at_defaults or until is not None):
        raise InputError(said("refusal.cli.at_defaults" if where.at_defaults else "refusal.cli.until_width"))
    if where.at_defaults or until is not None:
        return plan_for(scenarios, replications, seed, until)
    first = scenarios[0].run
    study_seed = first.seed if seed is None else seed
    n_worlds = USUAL_WORLDS if where.n is None else where.n
    if where.folder is None:
        found = chosen_worlds(n_worlds, study_seed, where.named)
    else:
        found = own_worlds(where.folder, MOST_OWN_WORLDS, study_seed)
    arms = arms_of(scenarios)
    if not where.is_asked_for and answers is None:
        try:
            varied_keys([arm.own_coefficients for arm in arms], found.keys)
        except InputError:
            return plan_for(scenarios, replications, seed)
    # The defaults are no answer beside worlds that know the organization.
    n_at_defaults = RUNS_AT_DEFAULTS if len(arms) > 1 and where.folder is None else 0
    per_world = REPLICATIONS_PER_WORLD if replications is None else replications
    return plan_over_worlds(arms, found, per_world, study_seed, n_at_defaults, answers)


def arms_of(scenarios: Sequence[Scenario]) -> list[Arm]:
    """Return the scenarios as arms with unique names."""
    names = unique_names([each.name for each in scenarios])
    return [
        Arm(name, scenario.resolved(), scenario.own_coefficients())
        for name, scenario in zip(names, scenarios, strict=True)
    ]


@contextlib.contextmanager
def kept_folder(out: str | Path | None) -> Iterator[Path]:
    """Return the folder asked for, or one that goes again."""
    if out is not None:
        yield Path(out)
        return
    with tempfile.TemporaryDirectory(prefix="intranet-sim-") as temporary:
        yield Path(temporary) / "results"


def _keeping(plan: Plan, keep: Sequence[str]) -> Plan:
    """Return a plan that keeps some tables, too; refuse names of others."""
    names = [keep] if isinstance(keep, str) else list(keep)
    unknown = [name for name in names if name not in KEPT_IF_ASKED]
    if unknown:
        raise ValueError(f"keep: there is no {unknown[0]!r}; allowed: {', '.join(KEPT_IF_ASKED)}")
    return plan.keeping(names)


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
    with kept_folder(out) as folder, open_store(folder, plan, mode) as store:
        conduct(store, engine, jobs, progress or Silent(), until)
        return {**read_tables(folder), "results_dir": None if out is None else folder}


def run(
    scenario: Scenario | str | Path,
    *,
    overrides: Overrides = (),
    weeks: int | None = None,
    worlds: int | str | Path | None = None,
    world_set: str | None = None,
    at_defaults: bool = False,
    replications: int | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    jobs: int | None = 1,
    mode: Mode = "new",
    until: UntilWidth | None = None,
    keep: Sequence[str] = (),
    answers: str | Path | None = None,
    engine: Engine | None = None,
    progress: Progress | None = None,
    extension: Extension | str | Path | None = None,
    **own: Any,
) -> RunTables:
    """Run one scenario in plausible worlds, each time with luck of its own.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario, the name of a shipped one, or a file. Coefficients that it sets itself stay so in every world.
    overrides : sequence of str, or mapping
        Settings in the place of those of the scenario: ``["rules.restriction=0.5"]`` or ``{"rules.restriction": 0.5}``.
    weeks : int, optional
        Working weeks to simulate; what the scenario says if left out.
    worlds : int or path, optional
        Number of plausible worlds; 120 if left out. Or the folder of a fit or a calibration, to answer from its worlds.
    world_set : str, optional
        ``levels`` or ``interviews``; left out, the answer rests on ``levels`` and tells of ``interviews`` besides.
    at_defaults : bool
        Whether all coefficients have their default values instead.
    replications : int, optional
        Number of runs in each world, 1 if left out; at the default values what the scenario says.
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
        Add replications until an interval is narrow enough; at the default values.
    keep : sequence of str
        Tables that are kept only where they are asked for: ``replies`` (who replied to whom).
    answers : str or Path, optional
        An answers file of the questionnaire, whose ranges are drawn over together with the worlds.
    engine : Engine, optional
        Another simulation, for tests.
    progress : Progress, optional
        Who watches.
    extension : Extension, str or Path, optional
        What is added to the model: the file of ``--with``, or an ``Extension``.
    **own
        Its parts instead: ``outcomes``, ``interventions``, ``rules``, ``workforce``, ``contacts``, ``columns``.

    Returns
    -------
    RunTables
        A failed run is a row in `failures`, not an exception.

    Raises
    ------
    InputError
        If the scenario or the folder is wrong.
    """
    where = worlds_asked_for(worlds, world_set, None, at_defaults)
    known = None if answers is None else load_answers(answers)
    loaded = [loaded_scenario(scenario, overrides, weeks)]
    n_replications = asked_replications(overrides, loaded[0], replications)
    plan = _keeping(plan_of(loaded, where, n_replications, seed, until, known), keep)
    plan = plan.extended(extension_from(extension, own))
    found = _conducted(plan, out, mode=mode, jobs=jobs, until=until, engine=engine, progress=progress)
    found.setdefault("replies", None)
    return RunTables(**{name: found[name] for name in RunTables._fields})


def compare(
    scenarios: Sequence[Scenario | str | Path],
    *,
    overrides: Overrides = (),
    weeks: int | None = None,
    worlds: int | str | Path | None = None,
    world_set: str | None = None,
    at_defaults: bool = False,
    n_worlds: int | None = None,
    from_week: int | None = None,
    world_source: Source | None = None,
    replications: int | None = None,
    seed: int | None = None,
    out: str | Path | None = None,
    jobs: int | None = 1,
    mode: Mode = "new",
    until: UntilWidth | None = None,
    keep: Sequence[str] = (),
    answers: str | Path | None = None,
    engine: Engine | None = None,
    progress: Progress | None = None,
    extension: Extension | str | Path | None = None,
    **own: Any,
) -> CompareTables:
    """Compare the first scenario with each other one in plausible worlds, paired by seed.

    Parameters
    ----------
    scenarios : sequence of Scenario, str or Path
        Two or more.
    n_worlds : int, optional
        Another name for `worlds`.
    from_week : int, optional
        The first week in which scenarios differ: before it all are as the one that a fit (`worlds`) is about was lived,
        or else the first.
    world_source : str, optional
        ``calibrated`` (the worlds of ``levels`` alone) or ``prior`` (drawn from the plausible ranges).

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

    Notes
    -----
    The other parameters are those of `run`. Beside the worlds each scenario is run at the default values, to say
    whether these alone would answer otherwise.
    """
    if len(scenarios) < 2:
        raise ValueError(f"compare needs at least two scenarios, got {len(scenarios)}")
    loaded = [loaded_scenario(scenario, overrides, weeks) for scenario in scenarios]
    where = worlds_asked_for(n_worlds if worlds is None else worlds, world_set, world_source, at_defaults)
    if from_week is not None:
        from sim.study.fitting.from_week import from_week as differing_from

        loaded = list(differing_from(loaded, from_week, where.folder).scenarios)
    known = None if answers is None else load_answers(answers)
    n_replications = asked_replications(overrides, loaded[0], replications)
    plan = _keeping(plan_of(loaded, where, n_replications, seed, until, known), keep)
    plan = plan.extended(extension_from(extension, own))
    found = _conducted(plan, out, mode=mode, jobs=jobs, until=until, engine=engine, progress=progress)
    found.setdefault("ranks", None)
    found.setdefault("replies", None)
    return CompareTables(**{name: found[name] for name in CompareTables._fields})


def sweep(
    experiment: Experiment | str | Path,
    *,
    worlds: int | str | Path | None = None,
    world_set: str | None = None,
    at_defaults: bool = False,
    overrides: Overrides = (),
    replications: int | None = None,
    samples: int | None = None,
    seed: int | None = None,
    weeks: int | None = None,
    quick: bool = False,
    out: str | Path | None = None,
    jobs: int | None = 1,
    dask: str | None = None,
    executor: Executor | None = None,
    shard: str | None = None,
    mode: Mode = "new",
    engine: Engine | None = None,
    progress: Progress | None = None,
    extension: Extension | str | Path | None = None,
    answers: str | Path | None = None,
    **own: Any,
) -> SweepTables:
    """Run a design: strategies in plausible worlds, all with the same luck in each, and rank the strategies.

    Parameters
    ----------
    experiment : Experiment, str or Path
        An experiment, the name of a shipped one, or a file.
    worlds : int or path, optional
        Number of plausible worlds, or the folder of a fit or a calibration; left out,
        60 (20 if quick), or as many as the experiment draws of its own.
    world_set : str, optional
        ``levels`` (what is usual) or ``interviews``.
    at_defaults : bool
        Whether coefficients are as the experiment has them instead: at their default values, or drawn from ranges.
    overrides : sequence of str, or mapping
        Settings in the place of those in the file, such as ``samples=64`` (see `load_experiment`).
    replications, samples, seed, weeks : int, optional
        The same by their names: runs at each point, draws of what is a range, seed, and weeks of each run.
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
    shard : str, optional
        ``I/N``: every N-th run only, in the folder `out`; put together by ``sim.merge``.
    mode : str
        What to do if `out` has results: ``new``, ``resume`` or ``overwrite`` (see `open_store`).
    engine : Engine, optional
        Another simulation, for tests.
    progress : Progress, optional
        Who watches.
    extension : Extension, str or Path, optional
        What is added to the model: the file of ``--with``, or an ``Extension``.
    answers : str or Path, optional
        An answers file of the questionnaire, whose ranges join the uncertainties.
    **own
        Its parts instead: ``outcomes``, ``interventions``, ``rules``, ``workforce``, ``contacts``, ``columns``.

    Returns
    -------
    SweepTables
        A failed run is a row in `failures`, not an exception.

    Raises
    ------
    InputError
        If the experiment or the folder is wrong, or it is one for sensitivity analysis.
    """
    from sim.study.experiments import Execution, conduct_experiment
    from sim.study.sweeping.standing import asks_for_replications, plan_of_sweep
    from sim.study.sweeping.sweep import read_sweep

    overrides = experiment_overrides(overrides, replications, samples, seed, weeks)
    loaded = loaded_experiment(experiment, overrides, quick)
    if loaded.kind != "sweep":
        raise InputError(said("refusal.no_design", name=loaded.name))
    n_jobs = None if executor is not None and jobs == 1 else jobs
    execution = Execution(jobs=n_jobs, dask=dask, executor=executor)
    where = worlds_asked_for(worlds, world_set, None, at_defaults)
    known = None if answers is None else load_answers(answers)
    _, plan = plan_of_sweep(loaded, where, asks_for_replications(overrides), known)
    plan = plan.extended(extension_from(extension, own))
    part = WHOLE if shard is None else Shard.parse(shard)
    with kept_folder(out) as folder, open_store(folder, plan, mode, shard=part) as store:
        conduct_experiment(store, engine, execution, progress or Silent())
        if store.finished and part.n_shards == 1:
            for name, table in read_sweep(folder).sweep.arrow().items():
                store.write_derived(name, table)
        found: dict[str, Any] = {**read_tables(folder), "results_dir": None if out is None else folder}
    tables: dict[str, Any] = {name: found.get(name) for name in SweepTables._fields}
    return SweepTables(**tables)


def loaded_experiment(
    experiment: Experiment | str | Path,
    overrides: Overrides,
    quick: bool,
    replications: int | None = None,
    samples: int | None = None,
    seed: int | None = None,
    weeks: int | None = None,
) -> Experiment:
    """Return an experiment, given as it is, by its name or as a file, with settings in the place of its own.

    Raises
    ------
    InputError
        If there are such settings for one that is given as it is.
    """
    overrides = experiment_overrides(overrides, replications, samples, seed, weeks)
    if isinstance(experiment, str | Path):
        from sim.scenario.experiment import load_experiment

        return load_experiment(experiment, overrides, quick)
    if overrides or quick:
        raise InputError(said("refusal.from_file_only"))
    return experiment
