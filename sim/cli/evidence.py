"""``intranet-sim calibrate``, ``scorecard`` and ``fit``: what published numbers, claims and one's own weeks say."""

from __future__ import annotations

import datetime
import glob
import json
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.files import tell_notes
from sim.cli.options import OF_AN_EXPERIMENT, RESULTS, command, overrides
from sim.cli.progress import progress_for
from sim.cli.study import (
    DEFAULT_RESULTS,
    Shown,
    StudyInterruptedError,
    asked,
    chosen_mode,
    interrupted,
    report_failures,
    seconds_of,
    words_typed,
)
from sim.documents.terminal import print_text, show
from sim.errors import InputError, RunError
from sim.request import Request, loaded_experiment
from sim.runs.progress import compiling_shown
from sim.words import DEFAULT_LANGUAGE, duration, said, text, typed

if TYPE_CHECKING:
    from sim.evidence.calibration.waves import Waves
    from sim.evidence.fitting.fit import Fitting
    from sim.evidence.scorecard.plan import ScorecardPlan
    from sim.evidence.scorecard.score import Scorecard
    from sim.experiments.world_sets import Source
    from sim.runs.executors import Execution
    from sim.runs.plan import Plan
    from sim.runs.progress import Progress
    from sim.runs.store import Mode
    from sim.runs.worker import Engine
    from sim.scenario import Problem

SECONDS_OF_A_LATER_WAVE = 100.0
"""About what learning an emulator and drawing from it takes, for the estimate of ``--dry-run``."""


@command("calibrate", OF_AN_EXPERIMENT, "waves worlds")
def calibrate_command(*, experiment: str, n_waves: int, worlds_folder: Path | None, **options: Any) -> None:
    """Calibrate the coefficients to published numbers, and say what those leave open.

    EXPERIMENT is a file or the name of a shipped experiment: calibration. Its base scenarios stand for the
    organizations behind the numbers, its uncertainties are the prior, its samples the size of a wave.
    """
    request, shown, _ = asked("sweep", [experiment], **options)
    if request["extension"] is not None:
        raise InputError(said("refusal.with.elsewhere", command="calibrate"))
    if request.shard.n_shards > 1:
        raise InputError(said("refusal.cli.waves_shard"))
    _calibrate(request, shown, n_waves, worlds_folder)


def _calibrate(request: Request, shown: Shown, n_waves: int, worlds_folder: Path | None) -> None:
    from sim.evidence.calibration.folder import read_calibration
    from sim.evidence.calibration.targets import load_targets
    from sim.evidence.calibration.waves import Waves

    progress = request.progress
    experiment = loaded_experiment(request.given[0], request["overrides"], request["quick"])
    folder = request["out"] or DEFAULT_RESULTS / (experiment.name + ("-quick" if experiment.quick else ""))
    waves = Waves(experiment, load_targets(), folder, n_waves)
    if shown.dry_run:
        _show_waves(waves, request, shown)
        return
    language = shown.lang
    try:
        work_out(waves, request.execution, request.mode, progress, words_typed(), worlds_folder, language)
    except KeyboardInterrupt:
        raise StudyInterruptedError(
            text(language, "calibrate.interrupted", n=len(waves.done), total=n_waves, folder=folder)
        ) from None
    found = read_calibration(folder)
    if not shown.no_figures:
        progress.step(text(language, "calibrate.drawing"))
        from sim.figures.evidence import draw_calibration

        draw_calibration(found)
    from sim.evidence.calibration.finding import CalibrationFinding

    show(CalibrationFinding(found, shown.lang), shown.as_json)
    if n_failed := int(found.summary["failed"]):
        raise RunError(text(language, "calibrate.failed", n=n_failed, total=found.summary["runs"], folder=folder))


def work_out(
    waves: Waves,
    execution: Execution,
    mode: Mode,
    progress: Progress,
    typed: Sequence[str],
    worlds_folder: Path | None = None,
    language: str = DEFAULT_LANGUAGE,
) -> None:
    """Do what is left of the waves, infer and write, the two sets of worlds too where they are wanted."""
    from sim.evidence.calibration.folder import write_calibration
    from sim.evidence.calibration.inference import infer, worlds_of
    from sim.evidence.calibration.matching import usable
    from sim.evidence.calibration.targets import load_targets
    from sim.evidence.calibration.waves import one_thread

    banks = waves.conduct(execution, mode, progress, typed)
    bank, seed = banks[-1], waves.experiment.seed
    is_used = usable(waves.yardstick, bank.simulated, waves.is_wanted)
    worlds = worlds_of(bank.weights(waves.yardstick, is_used), seed)
    again = waves.run_again(bank.unit[worlds.places], execution, mode, progress, typed)
    progress.step(text(language, "calibrate.inferring"))
    with one_thread():
        scenarios = [target.scenario for target in waves.targets]
        findings = infer(
            banks, worlds, again, waves.whose.counts > 1, waves.yardstick, is_used, waves.values_of, seed,
            waves.off_share, scenarios,
        )  # fmt: skip
    write_calibration(waves, load_targets(), bank, findings, shlex.join(typed))
    if worlds_folder is None:
        return
    from sim.evidence.calibration.folder import read_calibration
    from sim.evidence.calibration.two_sets import two_sets
    from sim.experiments.worlds import write_worlds

    progress.step(text(language, "calibrate.sets"))
    worlds_folder.mkdir(parents=True, exist_ok=True)
    summary = read_calibration(waves.folder).summary
    made = two_sets(
        bank.names, bank.unit, findings.weights, worlds, waves.values_of, waves.off_share, seed, execution.jobs, summary
    )
    for name, worlds in made._asdict().items():
        write_worlds(worlds, worlds_folder, name)


def _show_waves(waves: Waves, request: Request, shown: Shown) -> None:
    """Show what would be run and about how long it takes, from one timed run."""
    from sim.runs.worker import engine

    plan = waves.first_plan()
    seconds = _seconds(plan, engine, request.execution.jobs, request.progress)
    n_points, n_runs = waves.n_planned()
    seconds = seconds * n_runs / len(plan.runs) + (waves.n_waves - 1) * SECONDS_OF_A_LATER_WAVE
    facts = {
        "experiment": waves.experiment.name,
        "kind": "calibrate",
        "scenarios": [arm.name for arm in plan.arms],
        "parameters": list(waves.names),
        "targets": [target.id for target in waves.targets if target.is_used],
        "waves": waves.n_waves,
        "points": n_points,
        "replications": plan.n_replications,
        "runs": n_runs,
        "seed": plan.seed,
        "estimated_seconds": seconds,
        "results_dir": str(waves.folder),
    }
    if shown.as_json:
        click.echo(json.dumps(facts))
        return
    language = shown.lang
    counts = {"parameters": len(waves.names), "targets": int(waves.is_wanted.sum()), "arms": len(plan.arms)}
    print_text(text(language, "calibrate.dry_run", **{**facts, **counts}, duration=duration(seconds, language)))
    print_text(text(language, "calibrate.dry_run_folder", folder=waves.folder))


def _seconds(plan: Plan, engine: Callable[[], Engine], jobs: int | None, progress: Progress) -> float:
    """Return about how long the runs of a plan take, from some timed ones."""
    from sim.runs.runner import estimated_seconds, timed

    progress.step(said("progress.timing"))
    simulation = engine()
    with compiling_shown(progress):
        return estimated_seconds(plan, timed(simulation, plan), jobs)


@command("scorecard", "quick source worlds seed page overwrite", RESULTS)
def scorecard_command(
    *, quick: bool, source: Source | None, n_worlds: int | None, seed: int | None, page: Path | None, overwrite: bool,
    jobs: int | None, out: Path | None, as_json: bool, quiet: bool, resume: Mode | None, dry_run: bool, lang: str,
) -> None:  # fmt: skip
    """Run the published patterns at plausible worlds, with and without frames, and say which of them hold.

    Four arms: the full model, frames off, peer influence off, outside experience off. A pattern that also shows
    without frames is no support for the theory of frames. Results go to results/scorecard.
    """
    from sim.evidence.scorecard.finding import ScorecardFinding
    from sim.evidence.scorecard.plan import SEED, usual_plan

    mode = chosen_mode(resume, overwrite)
    seed = SEED if seed is None else seed
    progress = progress_for(quiet, lang)
    progress.step(said("progress.planning"))
    planned = usual_plan(quick, n_worlds, seed, source)
    folder = out or DEFAULT_RESULTS / ("scorecard-quick" if quick else "scorecard")
    if dry_run:
        _show_arms(planned, folder, jobs, progress, lang, as_json)
        return
    found = _scored(planned, folder, mode, jobs, progress, lang)
    files: list[Path] = []
    if page is not None:
        from sim.pages.report.scorecard_page import write_page

        progress.step(said("progress.page"))
        named = {"--source": source, "--worlds": n_worlds, "--seed": None if seed == SEED else seed, "--page": page}
        options = [part for name, value in named.items() if value is not None for part in (name, str(value))]
        again = typed("intranet-sim", "scorecard", *(["--quick"] if quick else []), *options)
        files = write_page(found, page, again)[:2]
    show(ScorecardFinding(found, lang), as_json)
    if files and not as_json:
        print_text(text(lang, "scorecard.page", files=", ".join(map(str, files))))
    report_failures(folder, found.n_failed, found.n_runs, lang)


def _scored(
    planned: ScorecardPlan, folder: Path, mode: Mode, jobs: int | None, progress: Progress, language: str
) -> Scorecard:
    from sim.evidence.scorecard.score import conduct_scorecard
    from sim.runs.executors import Execution
    from sim.runs.store import open_store

    with open_store(folder, planned.plan, mode, words_typed()) as store:
        try:
            return conduct_scorecard(store, planned, Execution(jobs=jobs), progress)
        except KeyboardInterrupt:
            raise interrupted(store, "study.interrupted", language) from None


def _show_arms(
    planned: ScorecardPlan, folder: Path, jobs: int | None, progress: Progress, language: str, as_json: bool
) -> None:
    """Show what would be run and about how long it takes, from one timed run."""
    from sim.evidence.scorecard.score import scorecard_engine

    plan = planned.plan
    seconds = _seconds(plan, scorecard_engine, jobs, progress)
    about = plan.about.experiment if plan.about else {}
    facts = {"runs": len(plan.runs), "arms": len(plan.arms), "worlds": plan.n_points, "source": about.get("worlds")}
    if as_json:
        click.echo(json.dumps({**facts, "estimated_seconds": seconds, "results_dir": str(folder)}))
        return
    print_text(
        text(
            language, "scorecard.dry_run", n=facts["runs"], arms=facts["arms"], worlds=facts["worlds"],
            source=text(language, f"scorecard.source.{facts['source']}"),
            duration=duration(seconds, language), folder=folder,
        )
    )  # fmt: skip


@command(
    "fit",
    "scenario more usage launch weeks runs set seed jobs out json quiet resume resume-mixed overwrite dry-run"
    " no-figures lang",
)
def fit_command(
    *, scenario: str, more: tuple[Path, ...], files: tuple[Path, ...], launch: str | None, weeks: int | None,
    runs: int, settings: tuple[str, ...], seed: int | None, jobs: int | None, out: Path | None, as_json: bool,
    quiet: bool, resume: Mode | None, overwrite: bool, dry_run: bool, no_figures: bool, lang: str,
) -> None:  # fmt: skip
    """Learn from the first weeks after your launch, and say what is to be expected.

    SCENARIO is what you did, in your organization. The exports may be Microsoft's reports on Viva Engage (Yammer) or
    SharePoint, the network export of Viva Engage, Slack's member analytics, Mattermost's counts, or a plain form with
    week, readers, posters, posts. The worlds that agree with them go to results/fit-<name>; compare --worlds answers
    from these.
    """
    from sim.evidence.calibration.waves import one_thread
    from sim.evidence.fitting.fit import How, fitting_of
    from sim.evidence.organization_finding import FitFinding
    from sim.runs.executors import Execution
    from sim.scenario import load_scenario

    if not files:
        raise InputError(said("fit.no_usage"))
    notes: list[Problem] = []
    loaded = load_scenario(scenario, overrides(settings, {"run.seed": seed}), notes)
    tell_notes(notes, [loaded], lang)
    folder = out or DEFAULT_RESULTS / f"fit-{loaded.name}"
    fitting = fitting_of(loaded, every_file([*files, *more]), folder, _day(launch), weeks, runs)
    progress = progress_for(quiet, lang)
    if dry_run:
        _show_fit(fitting, jobs, as_json, progress, lang)
        return
    words = without_folders_of([*files, *more], words_typed())
    try:
        with one_thread():
            found = fitting.conduct(How(Execution(jobs=jobs), chosen_mode(resume, overwrite), progress, words))
    except KeyboardInterrupt:
        raise StudyInterruptedError(text(lang, "fit.interrupted", folder=fitting.folder)) from None
    pictures: list[Path] = []
    if not no_figures:
        from sim.figures.organization import fit_figure
        from sim.figures.style import save_figure

        progress.step(said("fit.drawing"))
        pictures = save_figure(fit_figure(found, lang), found.folder, "fit")
    show(FitFinding(found, fitting.usage.notes, scenario, pictures, lang), as_json)


def _day(launch: str | None) -> datetime.date | None:
    try:
        return None if launch is None else datetime.date.fromisoformat(launch)
    except ValueError:
        raise InputError(said("fit.no_day", value=launch)) from None


def every_file(given: Sequence[Path]) -> list[Path]:
    """Return the files that are meant: those of a folder, and of a pattern where the shell leaves it as it is."""
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            found += sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
        elif not path.exists() and (matching := sorted(glob.glob(str(path)))):
            found += map(Path, matching)
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def without_folders_of(files: Sequence[Path], words: Sequence[str]) -> list[str]:
    """Return what was typed with the names of some files alone: folders tell of people, too."""
    found = list(words)
    for file in sorted(map(str, files), key=len, reverse=True):
        found = [word.replace(file, Path(file).name) for word in found]
    return found


def _show_fit(fitting: Fitting, jobs: int | None, as_json: bool, progress: Progress, language: str) -> None:
    plan = fitting.first_plan()
    seconds = seconds_of(plan, progress, jobs) * fitting.sizes.total / len(plan.runs)
    facts = {
        "name": fitting.lived.name, "employees": fitting.n_simulated, "runs": fitting.sizes.total,
        "figures": len(fitting.usage.figures), "first": min(one.week for one in fitting.usage.figures),
        "last": fitting.usage.last_week,
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps({**facts, "estimated_seconds": seconds, "results_dir": str(fitting.folder)}))
        return
    print_text(text(language, "fit.dry_run", **facts, duration=duration(seconds, language), folder=fitting.folder))
