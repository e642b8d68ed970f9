"""``intranet-sim fit``: learn from the first weeks after one's own launch."""

from __future__ import annotations

import datetime
import glob
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.notes import tell_notes
from sim.cli.options import (
    jobs_option,
    json_option,
    lang_option,
    out_option,
    overrides,
    quiet_option,
    resume_option,
    scenario_argument,
    seed_option,
    set_option,
)
from sim.cli.progress import progress_for
from sim.cli.study import DEFAULT_RESULTS, StudyInterruptedError, chosen_mode
from sim.errors import InputError
from sim.runs.progress import compiling_shown
from sim.words import duration, said, text

if TYPE_CHECKING:
    from sim.evidence.fitting.fit import Fitted, Fitting
    from sim.runs.progress import Progress
    from sim.runs.store import Mode
    from sim.scenario import Problem

FEWEST_RUNS = 120


@click.command(name="fit")
@scenario_argument
@click.argument("more", metavar="[FILE...]", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--usage",
    "files",
    multiple=True,
    metavar="FILE...",
    type=click.Path(path_type=Path),
    help="A usage export of your platform; more may follow. A folder stands for the files in it.",
)
@click.option(
    "--launch", metavar="DAY", help="First day of week 1, as 2026-01-31 (default: the first day of the files)."
)
@click.option(
    "--weeks", type=click.IntRange(min=1), metavar="N", help="Weeks to learn from, from the first (default: all)."
)
@click.option(
    "--runs",
    type=click.IntRange(min=FEWEST_RUNS),
    default=1300,
    show_default=True,
    metavar="N",
    help="Runs in all; fewer are quicker and say less.",
)
@set_option
@seed_option
@jobs_option
@out_option
@json_option
@quiet_option
@resume_option
@click.option("--overwrite", is_flag=True, help="Replace the results of another fit in the same folder.")
@click.option("--dry-run", is_flag=True, help="Show what would be run and about how long it takes, then stop.")
@click.option("--no-figures", is_flag=True, help="Draw no figures.")
@lang_option
def command(
    *,
    scenario: str,
    more: tuple[Path, ...],
    files: tuple[Path, ...],
    launch: str | None,
    weeks: int | None,
    runs: int,
    settings: tuple[str, ...],
    seed: int | None,
    jobs: int | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
    resume: Mode | None,
    overwrite: bool,
    dry_run: bool,
    no_figures: bool,
    lang: str,
) -> None:
    """Learn from the first weeks after your launch, and say what is to be expected.

    SCENARIO is what you did, in your organization. The exports may be Microsoft's reports on Viva Engage (Yammer) or
    SharePoint, the network export of Viva Engage, Slack's member analytics, Mattermost's counts, or a plain form with
    week, readers, posters, posts. The worlds that agree with them go to results/fit-<name>; compare --worlds answers
    from these.
    """
    from sim.evidence.fitting.fit import fitting_of
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
        _show_plan(fitting, jobs, as_json, progress, lang)
        return
    words = without_folders_of([*files, *more], ["intranet-sim", *sys.argv[1:]])
    found = _conduct(fitting, chosen_mode(resume, overwrite), jobs, words, progress, lang)
    pictures = [] if no_figures else _draw(found, progress, lang)
    from sim.documents.terminal import show
    from sim.evidence.organization_finding import FitFinding

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


def _conduct(
    fitting: Fitting, mode: Mode, jobs: int | None, words: Sequence[str], progress: Progress, language: str
) -> Fitted:
    from sim.evidence.calibration.waves import one_thread
    from sim.evidence.fitting.fit import How
    from sim.runs.executors import Execution

    try:
        with one_thread():
            how = How(Execution(jobs=jobs), mode, progress, words)
            return fitting.conduct(how)
    except KeyboardInterrupt:
        raise StudyInterruptedError(text(language, "fit.interrupted", folder=fitting.folder)) from None


def _draw(found: Fitted, progress: Progress, language: str) -> list[Path]:
    from sim.figures.organization import fit_figure
    from sim.figures.style import save_figure

    progress.step(said("fit.drawing"))
    return save_figure(fit_figure(found, language), found.folder, "fit")


def _show_plan(fitting: Fitting, jobs: int | None, as_json: bool, progress: Progress, language: str) -> None:
    from sim.documents.terminal import print_text
    from sim.runs.runner import study_seconds
    from sim.runs.worker import engine

    plan = fitting.first_plan()
    progress.step(said("progress.timing"))
    with compiling_shown(progress):
        seconds = study_seconds(engine(), plan, jobs, False) * fitting.sizes.total / len(plan.runs)
    facts = {
        "name": fitting.lived.name, "employees": fitting.n_simulated, "runs": fitting.sizes.total,
        "figures": len(fitting.usage.figures), "first": min(one.week for one in fitting.usage.figures),
        "last": fitting.usage.last_week,
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps({**facts, "estimated_seconds": seconds, "results_dir": str(fitting.folder)}))
        return
    print_text(text(language, "fit.dry_run", **facts, duration=duration(seconds, language), folder=fitting.folder))
