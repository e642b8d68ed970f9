"""What ``run``, ``compare``, ``sweep`` and ``sensitivity`` share: from what is typed to results that are shown.

What can be asked of a study is a `Request`, as in Python; what is here is how its results are told: progress and notes
on stderr, a plan that is only looked at, figures, a report, and what a person reads on stdout.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.cli.files import tell_late_openings, tell_notes, tell_staff
from sim.cli.options import overrides
from sim.cli.progress import progress_for
from sim.documents.terminal import print_text, show
from sim.errors import InputError, ReportedError, RunError
from sim.request import Kind, Request
from sim.runs.progress import compiling_shown
from sim.words import DEFAULT_LANGUAGE, counted, duration, in_language, said, text

if TYPE_CHECKING:
    from sim.analysis.conduct import Study
    from sim.runs.plan import Arm, Plan, Shard
    from sim.runs.progress import Progress
    from sim.runs.store import Mode, Results, Store
    from sim.scenario import Problem, Scenario
    from sim.words.blocks import Finding

DEFAULT_RESULTS = Path("results")
TOP = 10
USUAL_OUTCOME = "monthly_posters"


class StudyInterruptedError(ReportedError):
    """Ctrl-C or SIGTERM; what was finished is kept (exit code 130)."""

    exit_code = 130


class Shown(NamedTuple):
    """How a study is to be shown: what of a command's options does not concern its runs."""

    lang: str = DEFAULT_LANGUAGE
    as_json: bool = False
    quiet: bool = False
    dry_run: bool = False
    no_figures: bool = False
    has_report: bool = False
    costs: Path | None = None
    outcome: str | None = None
    is_all: bool = False
    top: int = TOP


class Asked(NamedTuple):
    """What a person typed: what is to be done, how it is to be shown, and settings that have no effect."""

    request: Request
    shown: Shown
    notes: list[Problem]


def asked(
    kind: Kind,
    given: Sequence[str],
    *,
    settings: Sequence[str] = (),
    resume: Mode | None = None,
    overwrite: bool = False,
    until_width: float | None = None,
    max_replications: int = 0,
    **options: Any,
) -> Asked:
    """Return what was typed under the names that it has here and in Python.

    Raises
    ------
    InputError
        If two options contradict each other.
    """
    mode = chosen_mode(resume, overwrite)
    if options.get("jobs") is not None and options.get("dask") is not None:
        raise InputError(said("refusal.cli.jobs_or_dask"))
    shown = Shown(**{name: options.pop(name) for name in Shown._fields if name in options})
    if until_width is not None:
        from sim.analysis.conduct import UntilWidth

        options["until"] = UntilWidth(shown.outcome or USUAL_OUTCOME, until_width, max_replications)
    of_runs = kind in ("run", "compare")
    names = ("replications", "seed", "weeks") if of_runs else ("replications", "samples", "seed", "weeks")
    named = {f"run.{name}" if of_runs or name == "weeks" else name: options.pop(name, None) for name in names}
    notes: list[Problem] = []
    progress = progress_for(shown.quiet, shown.lang)
    options |= {"overrides": overrides(settings, named), "mode": mode, "progress": progress}
    return Asked(Request(kind, given, options, notes, DEFAULT_RESULTS), shown, notes)


def chosen_mode(resume: Mode | None, overwrite: bool) -> Mode:
    """Return what to do with a results folder that exists.

    Raises
    ------
    InputError
        If the options contradict each other.
    """
    if resume and overwrite:
        raise InputError(said("refusal.cli.resume_or_overwrite"))
    return resume or ("overwrite" if overwrite else "new")


def study(request: Request, shown: Shown, notes: list[Problem]) -> None:
    """Load, plan, conduct, work out, draw and show a study, then exit as the design says.

    Raises
    ------
    InputError
        If what is asked is wrong or the folder is refused; nothing was computed.
    RunError
        If runs failed; what the others say was shown.
    StudyInterruptedError
        If interrupted; finished runs are kept.
    """
    scenarios = request.scenarios if request.is_of_scenarios else []
    kept = () if scenarios else request.experiment.outcomes
    tell_notes(notes, scenarios, shown.lang)
    if scenarios and not shown.quiet:
        _tell_differences(request, shown.lang)
    if not scenarios and shown.outcome is not None:
        refuse_outcome(shown.outcome, kept)
    if shown.costs is not None:
        from sim.pages.report.board import load_costs

        if not shown.has_report:
            raise InputError(said("refusal.cli.only_with", option="--costs", other="--report"))
        load_costs(shown.costs)  # what is wrong with it is said before anything runs
    plan = _planned(request, shown.lang)
    folder = request.folder
    assert folder is not None
    if shown.dry_run:
        seconds = seconds_of(plan, request.progress, request.execution.jobs, not shown.no_figures, request.shard)
        (_show_scenarios if scenarios else _show_design)(request, plan, folder, shown, seconds)
        return
    found, n_failed, n_runs = _conducted(request, plan, folder, shown)
    if request.shard.n_shards > 1:
        _tell_shard_done(request, folder, shown)
    elif shown.as_json or n_failed < n_runs:
        week = request["from_week"]
        show_results(request.kind, folder, shown, found, {} if week is None else {"from_week": week})
    if shown.has_report and request.shard.n_shards == 1 and n_failed < n_runs:
        outcome = (shown.outcome or USUAL_OUTCOME) if scenarios else None
        write_report(folder, shown.lang, outcome, shown.as_json, request.progress, shown.costs)
    report_failures(folder, n_failed, n_runs, shown.lang)


def _tell_differences(request: Request, language: str) -> None:
    """Say on stderr where the run sections of the scenarios do not fit, and what of them was lived in common."""
    warn_of_differences(request.scenarios, language)
    for note in () if request.lived is None else request.lived.notes:
        click.echo(in_language(note, language), err=True)


def warn_of_differences(scenarios: Sequence[Scenario], language: str) -> None:
    """Say on stderr where the run sections of the scenarios do not fit, and what is done about it."""
    first = scenarios[0]
    for other in scenarios[1:]:
        for key in ("seed", "replications"):
            here, there = getattr(first.run, key), getattr(other.run, key)
            if here != there:
                click.echo(text(language, f"study.other.{key}", name=other.name, there=there, here=here), err=True)
    if len({each.run.weeks for each in scenarios}) > 1:
        weeks = ", ".join(f"{each.name} {each.run.weeks}" for each in scenarios)
        click.echo(text(language, "study.other.weeks", weeks=weeks), err=True)


def refuse_outcome(outcome: str, kept: Sequence[str]) -> None:
    """Refuse an outcome that an experiment does not keep.

    Raises
    ------
    InputError
        With those that it keeps.
    """
    if outcome not in kept:
        raise InputError(said("refusal.cli.outcome_of_experiment", outcome=outcome, names=", ".join(kept)))


def _planned(request: Request, language: str) -> Plan:
    """Return the plan, and say on stderr what a fit, answers or openings are not good for."""
    answers = request.answers
    if request.is_of_scenarios and request.where.folder is not None:
        from sim.evidence.fitting.fit import summary_of, warnings_of

        summary = summary_of(request.where.folder)
        for warning in () if summary is None else warnings_of(summary):
            click.echo(in_language(warning, language), err=True)
    if answers is not None and not request.is_of_scenarios:
        from sim.analysis.over_worlds import with_answers

        kept = with_answers(request.experiment, answers)[1]
        if kept:
            values = {"file": answers.file, "keys": ", ".join(kept), "name": request.experiment.name}
            click.echo(text(language, "study.answers.kept_sweep", **values), err=True)
    plan = request.plan
    if request.is_of_scenarios and answers is not None:
        from sim.analysis.over_worlds import kept_lines

        for line in kept_lines(answers, plan.arms, language):
            click.echo(line, err=True)
    if not request.is_of_scenarios:
        tell_late_openings(plan, language)
    return plan


def _conducted(request: Request, plan: Plan, folder: Path, shown: Shown) -> tuple[Study | None, int, int]:
    """Do the runs and what follows from them; return what was found, how many runs failed, and of how many."""
    from sim.analysis.conduct import conduct_runs, work_out
    from sim.runs.store import open_store

    progress, until, found = request.progress, request["until"], None
    with open_store(folder, plan, request.mode, words_typed(), request.shard) as store:
        try:
            if until is not None and not request["at_defaults"]:
                progress.note(text(shown.lang, "study.until_width"))
            is_stored = conduct_runs(store, None, request.execution, progress, until)
            if request.is_of_scenarios:
                found = work_out(store, is_stored)
                if store.finished and not shown.no_figures:
                    draw(store, request.kind, shown.lang, progress)
            elif request.shard.n_shards == 1 and store.finished:
                follow_up(store, request.kind, shown, progress, is_stored)
        except KeyboardInterrupt:
            key = "study.interrupted" if request.is_of_scenarios else "experiment.interrupted"
            raise interrupted(store, key, shown.lang) from None
        return found, len(store.failed), len(store.run_ids)


def words_typed() -> list[str]:
    """Return what the person typed, for the manifest."""
    return ["intranet-sim", *sys.argv[1:]]


def interrupted(store: Store, key: str, language: str) -> StudyInterruptedError:
    """Return what to say of a study that was interrupted, whose finished runs are kept."""
    counts = {"n": len(store.finished), "total": len(store.run_ids)}
    return StudyInterruptedError(text(language, key, **counts, folder=store.folder))


def follow_up(store: Results, kind: str, shown: Shown, progress: Progress, is_stored: bool = False) -> None:
    """Write what follows from the runs of an experiment: tables, then figures, unless they are there already."""
    from sim.request import derived

    if not (is_stored and store.has_derived):
        progress.step(text(shown.lang, "experiment.working_out"))
        for name, table in derived(store.folder, kind).items():
            store.write_derived(name, table)
        store.note_figures([])
    if not shown.no_figures:
        draw(store, kind, shown.lang, progress)


def draw(store: Results, kind: str, language: str, progress: Progress) -> None:
    """Draw the figures of results that are there, unless they are drawn already."""
    from sim.runs.store import Store

    if not store.has_figures(language):
        progress.step(text(language, "study.drawing" if kind in ("run", "compare") else "experiment.drawing"))
        arms = store.plan.arms if isinstance(store, Store) else ()
        store.note_figures(list(figures(store.folder, kind, language, arms)), language)


def figures(folder: Path, kind: str, language: str, arms: Sequence[Arm]) -> Sequence[Path]:
    """Draw the figures of a results folder, and return their files; `arms` are the scenarios of a comparison."""
    from sim.figures.layout import figure_words
    from sim.figures.plots import draw_all, draw_sensitivity, draw_sweep

    if kind == "sensitivity":
        return draw_sensitivity(folder, figure_words(language))
    if kind == "sweep":
        from sim.analysis.sweeping.sweep import read_sweep

        found = read_sweep(folder)
        return draw_sweep(folder, found.sweep, found.stored.runs, found.main_outcome, figure_words(language))
    from sim.analysis.notes import shares_staff
    from sim.analysis.over_worlds import by_world
    from sim.analysis.results import read_tables

    tables = read_tables(folder)
    is_over_worlds = "point" in tables["runs"]
    words = figure_words(language, is_over_worlds, shares_staff(arms))
    return draw_all(folder, by_world(tables) if is_over_worlds else tables, words)


def show_results(
    kind: str, folder: Path, shown: Shown, found: Any = None, told_again: Mapping[str, Any] | None = None
) -> None:
    """Print the results of a folder on stdout; those of a run or comparison, or of a sweep, if they are `found`.

    Raises
    ------
    InputError
        If no command shows what the folder holds.
    """
    finding: Finding
    if kind in ("run", "compare"):
        from sim.analysis.study_finding import StudyFinding

        finding = StudyFinding(found, shown.lang, shown.outcome or USUAL_OUTCOME, shown.is_all)
    elif kind == "sweep":
        from sim.analysis.sweeping.finding import SweepFinding
        from sim.analysis.sweeping.levers import effects_of
        from sim.analysis.sweeping.sweep import read_sweep

        found = found or read_sweep(folder)
        by = shown.outcome or found.main_outcome
        finding = SweepFinding(found.sweep, found.facts, shown.lang, by, shown.top, effects_of(found, by))
    elif kind == "sensitivity":
        from sim.analysis.sensitivity.finding import SensitivityFinding
        from sim.analysis.sensitivity.results import read_results

        finding = SensitivityFinding(read_results(folder), shown.lang)
    else:
        raise InputError(said("refusal.cli.no_command", kind=kind))
    show(finding, shown.as_json, told_again)


def write_report(
    folder: Path, language: str, outcome: str | None, is_on_stderr: bool, progress: Progress, costs: Path | None = None
) -> None:
    """Write the report of a results folder, show that as a step, and say where it is."""
    progress.step(text(language, "report.writing"))
    tell_report(folder, language, outcome, costs=costs, is_on_stderr=is_on_stderr)


def tell_report(
    folder: Path,
    language: str,
    outcome: str | None,
    file: Path | None = None,
    costs: Path | None = None,
    is_on_stderr: bool = False,
) -> None:
    """Write the report of a results folder and say where it is; on stderr where stdout belongs to something else."""
    from sim.pages.report.report import write_report as write

    written = text(language, "report.written", file=write(folder, language, outcome, file, costs))
    if is_on_stderr:
        click.echo(written, err=True)
    else:
        print_text(written)


def report_failures(folder: Path, n_failed: int, n_runs: int, language: str) -> None:
    """Tell which runs failed and why.

    Raises
    ------
    RunError
        If any did.
    """
    if not n_failed:
        return
    from sim.runs.parquet import read_parquet

    file = folder / "failures.parquet"
    errors = Counter(read_parquet(file, ["error"])["error"].to_pylist())
    lines = [text(language, "study.failed", n=n_failed, total=n_runs)]
    lines += [text(language, "study.failed_row", n=n, error=error) for error, n in errors.most_common(5)]
    raise RunError([*lines, text(language, "study.failed_help", file=file)])


def _tell_shard_done(request: Request, folder: Path, shown: Shown) -> None:
    shard = request.shard
    if shown.as_json:
        click.echo(json.dumps({"shard": shard._asdict(), "results_dir": str(folder)}))
        return
    print_text(text(shown.lang, "experiment.shard_done", shard=shard, folder=folder, n=shard.n_shards))


def seconds_of(
    plan: Plan, progress: Progress, jobs: int | None, has_figures: bool = False, shard: Shard | None = None
) -> float:
    """Return about how long a study takes, from some timed runs."""
    from sim.runs.plan import WHOLE
    from sim.runs.runner import study_seconds
    from sim.runs.worker import engine_of

    progress.step(said("progress.timing"))
    simulation = engine_of(plan)
    with compiling_shown(progress):
        return study_seconds(simulation, plan, jobs, has_figures, shard or WHOLE)


def _show_scenarios(request: Request, plan: Plan, folder: Path, shown: Shown, seconds: float) -> None:
    """Show what would be run of scenarios and about how long it takes."""
    from sim.runs.manifest import without_folders

    if shown.as_json:
        scenarios = [
            {
                "name": arm.name,
                "resolved": without_folders(arm.resolved, plan.staff),
                "departments": _departments(arm.resolved),
            }
            for arm in plan.arms
        ]
        facts = {"scenarios": scenarios, "seed": plan.seed, "replications": plan.n_replications}
        click.echo(
            json.dumps({**facts, "runs": len(plan.runs), "estimated_seconds": seconds, "results_dir": str(folder)})
        )
        return
    from sim.analysis.notes import opening_lines
    from sim.scenario.yaml_files import yaml_text

    for arm in plan.arms:
        print_text(f"# {arm.name}", is_strong=True)
        sys.stdout.write(yaml_text(without_folders(arm.resolved, plan.staff)))
        for line in opening_lines(arm.resolved, shown.lang):
            print_text(line)
        tell_staff(arm.resolved, shown.lang)
        print_text()
    facts_text = {
        "n": len(plan.runs),
        "names": ", ".join(arm.name for arm in plan.arms),
        "replications": counted(shown.lang, "count.replications", plan.n_replications),
        "duration": duration(seconds, shown.lang),
        "folder": folder,
    }
    print_text(text(shown.lang, "study.dry_run", **facts_text))


def _departments(resolved: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return number, name and first week of each department, weeks counted from 1."""
    from sim.organization.own_staff import openings

    return [one._asdict() for one in openings(resolved)]


def _show_design(request: Request, plan: Plan, folder: Path, shown: Shown, seconds: float) -> None:
    """Show what would be run of an experiment and about how long it takes."""
    experiment = request.done_as[0]
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
        "runs": len(request.shard.runs(len(plan.runs))),
        "estimated_seconds": seconds,
        "results_dir": str(folder),
    }
    if shown.as_json:
        click.echo(json.dumps(facts))
        return
    say = partial(text, shown.lang)
    print_text(say("experiment.dry_run_title", name=experiment.name, design=facts["design"]), is_strong=True)
    names = ", ".join(arm.name for arm in plan.arms)
    print_text(say("experiment.dry_run_scenarios", names=names))
    print_text(say("experiment.dry_run_factors", names=", ".join(factor.name for factor in experiment.factors)))
    beside = say("experiment.dry_run_beside", n=n_all - n_worlds) if n_all > n_worlds else ""
    print_text(
        say("experiment.dry_run_points", points=plan.n_points, strategies=n_strategies, worlds=n_worlds, beside=beside)
    )
    counts = {"points": plan.n_points, "arms": len(plan.arms), "replications": plan.n_replications}
    part = say("experiment.dry_run_part", shard=request.shard, n=facts["runs"]) if request.shard.n_shards > 1 else ""
    print_text(
        say(
            "experiment.dry_run_runs",
            n=len(plan.runs),
            part=part,
            duration=duration(seconds, shown.lang),
            **counts,
        )
    )
    print_text(say("experiment.dry_run_folder", folder=folder))
