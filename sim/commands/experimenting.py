"""What ``sweep`` and ``sensitivity`` share: from an experiment file to results that are worked out, drawn and shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.commands.notes import tell_late_openings, tell_notes
from sim.commands.options import (
    dry_run_option,
    jobs_option,
    json_option,
    lang_option,
    out_option,
    quiet_option,
    read_with,
    resume_option,
    together,
    with_option,
)
from sim.commands.progress import progress_for
from sim.commands.studying import DEFAULT_RESULTS, StudyInterruptedError, chosen_mode, report_failures, write_report
from sim.commands.terminal import print_text
from sim.errors import InputError
from sim.scenario import Override
from sim.study.progress import compiling_shown
from sim.texts import duration, said, text, typed

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.scenario import Problem
    from sim.scenario.experiment import Experiment
    from sim.study.executors import Execution
    from sim.study.plan import Plan
    from sim.study.progress import Progress
    from sim.study.shard import Shard
    from sim.study.store import Mode, Results


def _complete_experiment(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[Any]:
    """Offer the shipped experiments and, as any shell would, files."""
    from click.shell_completion import CompletionItem

    from sim.scenario.library import experiment_names

    names = [CompletionItem(name) for name in experiment_names() if name.startswith(incomplete)]
    return [*names, CompletionItem(incomplete, type="file")]


experiment_argument = click.argument("experiment", metavar="EXPERIMENT", shell_complete=_complete_experiment)

experiment_options = together(
    click.option(
        "--set",
        "settings",
        metavar="KEY=VALUE",
        multiple=True,
        help="Set a key of the experiment (samples=64) or of every scenario (run.weeks=12). Can be repeated.",
    ),
    click.option("--replications", type=int, metavar="N", help="Runs at each point, each with its own luck."),
    click.option("--samples", type=int, metavar="N", help="Draws of what is a range (base samples for sensitivity)."),
    click.option("--seed", type=int, metavar="N", help="Seed of the design and of all luck."),
    click.option("--weeks", type=int, metavar="N", help="Working weeks to simulate (run.weeks)."),
    click.option("--quick", is_flag=True, help="The small version in the file's section quick: a first look."),
    jobs_option,
    click.option(
        "--dask",
        metavar="ADDRESS",
        help="Do the runs with the workers of this Dask scheduler, such as tcp://node-1:8786.",
    ),
    click.option(
        "--shard",
        metavar="I/N",
        help="Do every N-th run, from the I-th on, in a folder of its own; put together by: intranet-sim merge.",
    ),
    out_option,
    json_option,
    quiet_option,
    resume_option,
    click.option("--overwrite", is_flag=True, help="Replace the results of another plan in the same folder."),
    with_option,
    dry_run_option,
    click.option("--no-figures", is_flag=True, help="Draw no figures."),
    lang_option,
)


class Shown(NamedTuple):
    """How results are to be shown on stdout."""

    language: str = "en"
    as_json: bool = False


class Analysis(NamedTuple):
    """What one kind of experiment makes of its points and runs.

    Attributes
    ----------
    plan : callable
        Gives the experiment as it is done, and its plan; knows whether replications were asked for.
    derive : callable
        Gives the tables that follow from the runs in a results folder, by name (among ``DERIVED_TABLES``).
    draw : callable
        Draws the figures of a results folder in a language and returns their files.
    show : callable
        Prints the results of a folder on stdout.
    """

    plan: Callable[[Experiment, bool], tuple[Experiment, Plan]]
    derive: Callable[[Path], Mapping[str, pa.Table]]
    draw: Callable[[Path, str], Sequence[Path]]
    show: Callable[[Path, Shown], None]


class HowToExperiment(NamedTuple):
    """How an experiment is to be done and shown, as given by the options of a command."""

    overrides: list[Override]
    is_quick: bool
    execution: Execution
    shard: Shard
    out: Path | None
    mode: Mode
    is_quiet: bool
    is_dry_run: bool
    no_figures: bool
    has_report: bool
    shown: Shown
    extension: Path | None = None


def how_to_experiment(
    *,
    settings: Sequence[str],
    replications: int | None,
    samples: int | None,
    seed: int | None,
    weeks: int | None,
    quick: bool,
    jobs: int | None,
    dask: str | None,
    shard: str | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
    resume: Mode | None,
    overwrite: bool,
    dry_run: bool,
    no_figures: bool,
    lang: str,
    extension: Path | None = None,
    has_report: bool = False,
) -> HowToExperiment:
    """Return the options of a command under the names used here.

    Raises
    ------
    InputError
        If two of them contradict each other, or the shard is none.
    """
    from sim.study.executors import Execution
    from sim.study.shard import WHOLE, Shard

    if jobs is not None and dask is not None:
        raise InputError(said("refusal.cli.jobs_or_dask"))
    short_forms = {"replications": replications, "samples": samples, "seed": seed, "weeks": weeks}
    keys = {"weeks": "run.weeks"}
    overrides = [Override.from_option(text) for text in settings] + [
        Override(text=f"{keys.get(name, name)}={value}", origin=f"--{name} {value}")
        for name, value in short_forms.items()
        if value is not None
    ]
    return HowToExperiment(
        overrides=overrides,
        is_quick=quick,
        execution=Execution(jobs=jobs, dask=dask),
        shard=WHOLE if shard is None else Shard.parse(shard),
        out=out,
        mode=chosen_mode(resume, overwrite),
        is_quiet=quiet,
        is_dry_run=dry_run,
        no_figures=no_figures,
        has_report=has_report,
        shown=Shown(lang, as_json),
        extension=extension,
    )


def conduct(name_or_file: str, kind: str, analysis: Analysis, how: HowToExperiment) -> None:
    """Load, plan, conduct, work out, draw and show an experiment, then exit as the design says.

    Parameters
    ----------
    name_or_file : str
        An experiment file or the name of a shipped experiment.
    kind : str
        The command: ``sweep`` or ``sensitivity``.
    analysis : Analysis
        What this kind of experiment makes of its points and runs.
    how : HowToExperiment
        The options.

    Raises
    ------
    InputError
        If the experiment is wrong or the folder is refused; nothing was computed.
    RunError
        If runs failed; what the others say was shown.
    StudyInterruptedError
        If interrupted; finished runs are kept.
    """
    from sim.scenario.experiment import load_experiment
    from sim.study.sweeping.standing import asks_for_replications

    progress = progress_for(how.is_quiet, how.shown.language)
    notes: list[Problem] = []
    experiment = load_experiment(name_or_file, how.overrides, how.is_quick, notes)
    if experiment.kind != kind:
        other = typed("intranet-sim", experiment.kind, Path(name_or_file))
        raise InputError(said("refusal.cli.other_command", file=name_or_file, command=other))
    tell_notes(notes, (), how.shown.language)
    experiment, plan = analysis.plan(experiment, asks_for_replications(how.overrides))
    plan = plan.extended(read_with(how.extension))
    folder = how.out or default_folder(experiment, how.shard)
    tell_late_openings(plan, how.shown.language)
    if how.is_dry_run:
        _show_plan(experiment, plan, how, folder, progress)
        return
    n_failed, n_runs = _conduct(plan, analysis, how, folder, progress)
    if how.shard.n_shards > 1:
        _tell_shard_done(how, folder)
    elif how.shown.as_json or n_failed < n_runs:
        analysis.show(folder, how.shown)
    if how.has_report and how.shard.n_shards == 1 and n_failed < n_runs:
        write_report(folder, how.shown.language, None, how.shown.as_json, progress)
    report_failures(folder, n_failed, n_runs, how.shown.language)


def default_folder(experiment: Experiment, shard: Shard) -> Path:
    """Return where results go unless asked otherwise: a quick look and each shard have folders of their own."""
    name = experiment.name + ("-quick" if experiment.quick else "")
    return DEFAULT_RESULTS / (name + (shard.suffix if shard.n_shards > 1 else ""))


def _conduct(plan: Plan, analysis: Analysis, how: HowToExperiment, folder: Path, progress: Progress) -> tuple[int, int]:
    """Do the runs and what follows from them; return how many runs failed, and of how many."""
    from sim.study.experiments import conduct_experiment
    from sim.study.store import open_store

    command = ["intranet-sim", *sys.argv[1:]]
    with open_store(folder, plan, how.mode, command, how.shard) as store:
        is_stored = store.is_settled
        try:
            conduct_experiment(store, None, how.execution, progress)
            if how.shard.n_shards == 1 and store.finished:
                work_out(store, analysis, how.shown.language, progress, is_stored, how.no_figures)
        except KeyboardInterrupt:
            n, total = len(store.finished), len(store.run_ids)
            message = text(how.shown.language, "experiment.interrupted", n=n, total=total, folder=folder)
            raise StudyInterruptedError(message) from None
        return len(store.failed), len(store.run_ids)


def work_out(
    store: Results, analysis: Analysis, language: str, progress: Progress, is_stored: bool, no_figures: bool
) -> None:
    """Write what follows from the runs of a folder: tables, then figures, unless they are there already."""
    if not (is_stored and store.has_derived):
        progress.step(text(language, "experiment.working_out"))
        for name, table in analysis.derive(store.folder).items():
            store.write_derived(name, table)
        store.note_figures([])
    if not no_figures and not store.has_figures(language):
        progress.step(text(language, "experiment.drawing"))
        store.note_figures(list(analysis.draw(store.folder, language)), language)


def analysis_of(kind: str) -> Analysis:
    """Return what experiments of a kind make of their runs.

    Raises
    ------
    InputError
        If there is no such kind.
    """
    if kind == "sweep":
        from sim.commands.sweep import SWEEP

        return SWEEP
    if kind == "sensitivity":
        from sim.commands.sensitivity import SENSITIVITY

        return SENSITIVITY
    raise InputError(said("refusal.cli.no_command", kind=kind))


def _tell_shard_done(how: HowToExperiment, folder: Path) -> None:
    if how.shown.as_json:
        click.echo(json.dumps({"shard": how.shard._asdict(), "results_dir": str(folder)}))
        return
    print_text(text(how.shown.language, "experiment.shard_done", shard=how.shard, folder=folder, n=how.shard.n_shards))


def _show_plan(experiment: Experiment, plan: Plan, how: HowToExperiment, folder: Path, progress: Progress) -> None:
    """Show what would be run and about how long it takes, from one timed run."""
    from sim.study.runner import study_seconds
    from sim.study.worker import engine_of

    progress.step(said("progress.timing"))
    simulation = engine_of(plan)
    with compiling_shown(progress):
        seconds = study_seconds(simulation, plan, how.execution.jobs, not how.no_figures, how.shard)
    points = plan.points
    n_strategies, n_all = (len(set(numbers)) for numbers in ((points.strategy, points.world) if points else ((), ())))
    weights = next(iter(points.weights.values()), None) if points else None
    n_worlds = n_all
    if points and weights is not None:  # the worlds that the answer rests on
        n_worlds = len({world for world, weight in zip(points.world, weights, strict=True) if weight > 0})
    facts = {
        "experiment": experiment.name,
        "kind": experiment.kind,
        "design": experiment.design or experiment.method,
        "scenarios": [arm.name for arm in plan.arms],
        "factors": [factor.name for factor in experiment.factors],
        "points": plan.n_points,
        "strategies": n_strategies,
        "worlds": n_worlds,
        "replications": plan.n_replications,
        "seed": plan.seed,
        "runs": len(how.shard.runs(len(plan.runs))),
        "estimated_seconds": seconds,
        "results_dir": str(folder),
    }
    if how.shown.as_json:
        click.echo(json.dumps(facts))
        return
    say = partial(text, how.shown.language)
    print_text(say("experiment.dry_run_title", name=experiment.name, design=facts["design"]), is_strong=True)
    names = ", ".join(arm.name for arm in plan.arms)
    print_text(say("experiment.dry_run_scenarios", names=names))
    print_text(say("experiment.dry_run_factors", names=", ".join(factor.name for factor in experiment.factors)))
    beside = say("experiment.dry_run_beside", n=n_all - n_worlds) if n_all > n_worlds else ""
    print_text(
        say("experiment.dry_run_points", points=plan.n_points, strategies=n_strategies, worlds=n_worlds, beside=beside)
    )
    counts = {"points": plan.n_points, "arms": len(plan.arms), "replications": plan.n_replications}
    part = say("experiment.dry_run_part", shard=how.shard, n=facts["runs"]) if how.shard.n_shards > 1 else ""
    print_text(
        say(
            "experiment.dry_run_runs",
            n=len(plan.runs),
            part=part,
            duration=duration(seconds, how.shown.language),
            **counts,
        )
    )
    print_text(say("experiment.dry_run_folder", folder=folder))
