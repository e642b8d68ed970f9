"""What ``run`` and ``compare`` share: from options to a study that is done and shown, or excused."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from sim.commands.options import answers_option, costs_option, read_with, report_option, together, with_option
from sim.commands.progress import progress_for
from sim.commands.terminal import print_text
from sim.errors import InputError, ReportedError, RunError
from sim.scenario.outcome_table import OUTCOME_NAMES
from sim.study.progress import compiling_shown
from sim.texts import counted, duration, said, text

if TYPE_CHECKING:
    from sim.study.conduct import Study, UntilWidth
    from sim.study.plan import Plan
    from sim.study.progress import Progress
    from sim.study.scorecard.plan import Source
    from sim.study.store import Mode
    from sim.study.world_sets import InWorlds

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

DEFAULT_RESULTS = Path("results")

study_options = together(
    click.option(
        "--outcome",
        type=click.Choice(OUTCOME_NAMES),
        default="monthly_posters",
        show_default=True,
        metavar="NAME",
        help="The outcome that the first lines, the ranking and --until-width are about.",
    ),
    click.option(
        "--until-width",
        type=click.FloatRange(min=0, min_open=True),
        metavar="WIDTH",
        help="Add replications, at the default values of the coefficients, until the 95% interval of the outcome is at"
        " most this wide (0.02 = 2 points).",
    ),
    click.option(
        "--max-replications",
        type=click.IntRange(min=2),
        default=1000,
        show_default=True,
        metavar="N",
        help="Where --until-width gives up.",
    ),
    click.option(
        "--keep",
        type=click.Choice(["replies"]),
        multiple=True,
        help="Also keep a table that can be large: replies (who replied to whom). Can be repeated.",
    ),
    with_option,
    click.option("--all", "is_all", is_flag=True, help="Show every outcome, not only the main ones."),
    click.option("--no-figures", is_flag=True, help="Draw no figures."),
    answers_option,
    report_option,
    costs_option,
    click.option("--overwrite", is_flag=True, help="Replace the results of another plan in the same folder."),
)


class StudyInterruptedError(ReportedError):
    """Ctrl-C or SIGTERM; what was finished is kept (exit code 130)."""

    exit_code = 130


class HowToStudy(NamedTuple):
    """How a study is to be done and shown, as given by the options of a command."""

    outcome: str
    until_width: float | None
    max_replications: int
    replications: int | None
    jobs: int | None
    out: Path | None
    mode: Mode
    as_json: bool
    is_quiet: bool
    is_dry_run: bool
    is_all: bool
    no_figures: bool
    has_report: bool
    costs: Path | None
    language: str
    worlds: int | Path | None = None
    world_set: str | None = None
    world_source: Source | None = None
    at_defaults: bool = False
    keep: tuple[str, ...] = ()
    answers: Path | None = None
    extension: Path | None = None

    @property
    def where(self) -> InWorlds:
        """In which worlds it is to be done."""
        from sim.study.world_sets import worlds_asked_for

        return worlds_asked_for(self.worlds, self.world_set, self.world_source, self.at_defaults)

    @property
    def suffix(self) -> str:
        """What is added to the name of the results folder where the worlds are not the usual ones."""
        if self.at_defaults or self.until_width is not None:
            return "-at-defaults"
        named = [name for name in (self.world_set, self.world_source) if name is not None]
        return "-".join(["-over-worlds" if self.worlds is not None or named else "", *named])

    @property
    def until(self) -> UntilWidth | None:
        """When to stop adding replications."""
        if self.until_width is None:
            return None
        from sim.study.conduct import UntilWidth

        return UntilWidth(self.outcome, self.until_width, self.max_replications)


def how_to_study(
    *, resume: Mode | None, overwrite: bool, quiet: bool, dry_run: bool, lang: str, **others: Any
) -> HowToStudy:
    """Return the options of a command under the names used here.

    Raises
    ------
    InputError
        If two of them contradict each other.
    """
    mode = chosen_mode(resume, overwrite)
    return HowToStudy(mode=mode, is_quiet=quiet, is_dry_run=dry_run, language=lang, **others)


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


def study(scenarios: Sequence[Any], how: HowToStudy, name: str, show: Callable[[Study], None]) -> None:
    """Plan, conduct and show a study of loaded scenarios, then exit as the design says.

    Parameters
    ----------
    scenarios : sequence of Scenario
        What to run, in the order given.
    how : HowToStudy
        The options.
    name : str
        Name of the default results folder.
    show : callable
        Prints a conducted study on stdout.

    Raises
    ------
    InputError
        If the folder is refused; nothing was computed.
    RunError
        If runs failed; the others were shown.
    StudyInterruptedError
        If interrupted; finished runs are kept.
    """
    progress = progress_for(how.is_quiet, how.language)
    if how.costs is not None:
        from sim.show.report.board import load_costs

        if not how.has_report:
            raise InputError(said("refusal.cli.only_with", option="--costs", other="--report"))
        load_costs(how.costs)  # what is wrong with it is said before anything runs
    folder = how.out or DEFAULT_RESULTS / name
    plan = _plan(scenarios, how, folder).keeping(how.keep).extended(read_with(how.extension))
    if how.is_dry_run:
        _show_plan(plan, how, folder, progress)
        return
    found = _conduct(plan, how, folder, progress)
    if how.as_json or found.n_failed < len(found.plan.runs):
        show(found)
    if how.has_report and found.n_failed < len(found.plan.runs):
        write_report(folder, how.language, how.outcome, how.as_json, progress, how.costs)
    report_failures(found.folder, found.n_failed, len(found.plan.runs), how.language)


def write_report(
    folder: Path,
    language: str,
    outcome: str | None,
    is_on_stderr: bool,
    progress: Progress,
    costs: Path | None = None,
) -> None:
    """Write the report of a results folder, show that as a step, and say where it is."""
    from sim.commands.report import tell_report

    progress.step(text(language, "report.writing"))
    tell_report(folder, language, outcome, is_on_stderr=is_on_stderr, costs=costs)


def _plan(scenarios: Sequence[Any], how: HowToStudy, folder: Path) -> Plan:
    """Return what is to be done: over plausible worlds, or at the default values."""
    from sim.study.api import plan_of

    answers = None
    if how.answers is not None:
        from sim.scenario.questionnaire import load_answers

        answers = load_answers(how.answers)
    where = how.where
    if where.folder is not None:
        _warn_of_fit(where.folder, how.language)
    plan = plan_of(scenarios, where, _first_replications(how, folder), None, how.until, answers)
    if answers is not None:
        from sim.study.answers import kept_lines

        for line in kept_lines(answers, plan.arms, how.language):
            click.echo(line, err=True)
    return plan


def _warn_of_fit(folder: Path, language: str) -> None:
    """Say what has to be said before the worlds of a fit are answered from."""
    from sim.study.fitting.fit import summary_of, warnings_of
    from sim.texts import in_language

    summary = summary_of(folder)
    for warning in () if summary is None else warnings_of(summary):
        click.echo(in_language(warning, language), err=True)


def _first_replications(how: HowToStudy, folder: Path) -> int | None:
    """Return the replications to start with; a study that grew before starts where it ended."""
    if how.until_width is None or how.replications is not None or how.mode == "overwrite":
        return how.replications
    from sim.study.manifest import read_manifest

    manifest = read_manifest(folder, is_checked=False)
    return None if manifest is None else manifest.get("replications")


def _conduct(plan: Plan, how: HowToStudy, folder: Path, progress: Progress) -> Study:
    from sim.study.conduct import conduct
    from sim.study.store import open_store

    with open_store(folder, plan, how.mode, command=["intranet-sim", *sys.argv[1:]]) as store:
        try:
            if how.until is not None and not how.at_defaults:
                progress.note(text(how.language, "study.until_width"))
            found = conduct(store, None, how.jobs, progress, how.until)
            if not how.no_figures and store.finished and not store.has_figures(how.language):
                progress.step(text(how.language, "study.drawing"))
                store.note_figures(_draw(folder, how.language, plan), how.language)
        except KeyboardInterrupt:
            n, total = len(store.finished), len(store.plan.runs)
            message = text(how.language, "study.interrupted", n=n, total=total, folder=folder)
            raise StudyInterruptedError(message) from None
    return found


def _draw(folder: Path, language: str, plan: Plan) -> list[Path]:
    from sim.show.layout import figure_words
    from sim.show.plots import draw_all
    from sim.study.notes import shares_staff
    from sim.study.over_worlds import by_world
    from sim.study.results import read_tables

    tables = read_tables(folder)
    is_over_worlds = "point" in tables["runs"]
    words = figure_words(language, is_over_worlds, shares_staff(plan.arms))
    return list(draw_all(folder, by_world(tables) if is_over_worlds else tables, words))


def report_failures(folder: Path, n_failed: int, n_runs: int, language: str) -> None:
    """Tell which runs failed and why.

    Raises
    ------
    RunError
        If any did.
    """
    if not n_failed:
        return
    from sim.study.store import read_parquet

    file = folder / "failures.parquet"
    errors = Counter(read_parquet(file, ["error"])["error"].to_pylist())
    lines = [text(language, "study.failed", n=n_failed, total=n_runs)]
    lines += [text(language, "study.failed_row", n=n, error=error) for error, n in errors.most_common(5)]
    raise RunError([*lines, text(language, "study.failed_help", file=file)])


def _show_plan(plan: Plan, how: HowToStudy, folder: Path, progress: Progress) -> None:
    """Show what would be run and about how long it takes, from one timed run."""
    from sim.study.manifest import without_folders
    from sim.study.runner import study_seconds
    from sim.study.worker import engine_of

    progress.step(said("progress.timing"))
    simulation = engine_of(plan)
    with compiling_shown(progress):
        seconds = study_seconds(simulation, plan, how.jobs, not how.no_figures)
    if how.as_json:
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
    from sim.commands.validate import tell_staff
    from sim.scenario.yaml_files import yaml_text
    from sim.study.notes import opening_lines

    for arm in plan.arms:
        print_text(f"# {arm.name}", is_strong=True)
        sys.stdout.write(yaml_text(without_folders(arm.resolved, plan.staff)))
        for line in opening_lines(arm.resolved, how.language):
            print_text(line)
        tell_staff(arm.resolved, how.language)
        print_text()
    facts_text = {
        "n": len(plan.runs),
        "names": ", ".join(arm.name for arm in plan.arms),
        "replications": counted(how.language, "count.replications", plan.n_replications),
        "duration": duration(seconds, how.language),
        "folder": folder,
    }
    print_text(text(how.language, "study.dry_run", **facts_text))


def _departments(resolved: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return number, name and first week of each department, weeks counted from 1."""
    from sim.organization.opening import openings

    return [one._asdict() for one in openings(resolved)]
