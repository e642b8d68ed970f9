"""``intranet-sim scorecard``: what the literature claims, with and without the mechanisms behind it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from sim.cli.options import results_options
from sim.cli.progress import progress_for
from sim.cli.study import DEFAULT_RESULTS, StudyInterruptedError, chosen_mode, report_failures
from sim.documents.terminal import print_text, show
from sim.runs.progress import compiling_shown
from sim.words import duration, said, text, typed

if TYPE_CHECKING:
    from sim.evidence.scorecard.plan import ScorecardPlan
    from sim.evidence.scorecard.score import Scorecard
    from sim.experiments.world_sets import Source
    from sim.runs.progress import Progress
    from sim.runs.store import Mode

SEED = 1


class _How(NamedTuple):
    """How the scorecard is to be done and shown."""

    folder: Path
    mode: Mode
    jobs: int | None
    as_json: bool
    is_dry_run: bool
    language: str
    page: Path | None
    command: str  # what gives the same page again


@click.command()
@click.option("--quick", is_flag=True, help="Fewer worlds and staff: a first look in a minute or two.")
@click.option(
    "--source",
    type=click.Choice(["calibrated", "prior"]),
    help="Which plausible worlds (default: the calibrated ones where there are any).",
)
@click.option("--worlds", "n_worlds", type=click.IntRange(min=8), metavar="N", help="How many worlds.")
@click.option("--seed", type=click.IntRange(min=0), default=SEED, metavar="N", help="Seed of worlds and luck.")
@click.option(
    "--page",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Also write the page (scorecard.html, scorecard.md and its pictures) into this folder.",
)
@click.option("--overwrite", is_flag=True, help="Replace the results of another plan in the same folder.")
@results_options
def command(
    *,
    quick: bool,
    source: Source | None,
    n_worlds: int | None,
    seed: int,
    page: Path | None,
    overwrite: bool,
    jobs: int | None,
    out: Path | None,
    as_json: bool,
    quiet: bool,
    resume: Mode | None,
    dry_run: bool,
    lang: str,
) -> None:
    """Run the published patterns at plausible worlds, with and without frames, and say which of them hold.

    Four arms: the full model, frames off, peer influence off, outside experience off. A pattern that also shows
    without frames is no support for the theory of frames. Results go to results/scorecard.
    """
    from sim.evidence.scorecard.plan import FULL_SIZE, QUICK_SIZE, plan_for_scorecard
    from sim.experiments.world_sets import worlds

    mode = chosen_mode(resume, overwrite)
    size = QUICK_SIZE if quick else FULL_SIZE
    if n_worlds is not None:
        size = size._replace(n_worlds=n_worlds)
    progress = progress_for(quiet, lang)
    progress.step(said("progress.planning"))
    planned = plan_for_scorecard(size, worlds(size.n_worlds, seed, source), seed)
    folder = out or DEFAULT_RESULTS / ("scorecard-quick" if quick else "scorecard")
    given = {"--source": source, "--worlds": n_worlds, "--seed": None if seed == SEED else seed, "--page": page}
    options = [part for name, value in given.items() if value is not None for part in (name, str(value))]
    again = typed("intranet-sim", "scorecard", *(["--quick"] if quick else []), *options)
    how = _How(folder, mode, jobs, as_json, dry_run, lang, page, again)
    if dry_run:
        _show_plan(planned, how, progress)
        return
    found = _conduct(planned, how, progress)
    _show(found, how, progress)
    report_failures(folder, found.n_failed, found.n_runs, lang)


def _conduct(planned: ScorecardPlan, how: _How, progress: Progress) -> Scorecard:
    from sim.evidence.scorecard.score import conduct_scorecard
    from sim.runs.executors import Execution
    from sim.runs.store import open_store

    with open_store(how.folder, planned.plan, how.mode, ["intranet-sim", *sys.argv[1:]]) as store:
        try:
            return conduct_scorecard(store, planned, Execution(jobs=how.jobs), progress)
        except KeyboardInterrupt:
            n, total = len(store.finished), len(planned.plan.runs)
            message = text(how.language, "study.interrupted", n=n, total=total, folder=how.folder)
            raise StudyInterruptedError(message) from None


def _show(found: Scorecard, how: _How, progress: Progress) -> None:
    """Write the page, if there is to be one, and print the results."""
    files: list[Path] = []
    if how.page is not None:
        from sim.pages.report.scorecard_page import write_page

        progress.step(said("progress.page"))
        files = write_page(found, how.page, how.command)[:2]
    from sim.evidence.scorecard.finding import ScorecardFinding

    show(ScorecardFinding(found, how.language), how.as_json)
    if files and not how.as_json:
        print_text(text(how.language, "scorecard.page", files=", ".join(map(str, files))))


def _show_plan(planned: ScorecardPlan, how: _How, progress: Progress) -> None:
    """Show what would be run and about how long it takes, from one timed run."""
    from sim.evidence.scorecard.score import scorecard_engine
    from sim.runs.runner import estimated_seconds, timed

    progress.step(said("progress.timing"))
    plan = planned.plan
    simulation = scorecard_engine()
    with compiling_shown(progress):
        first_seconds = timed(simulation, plan)
    seconds = estimated_seconds(plan, first_seconds, how.jobs)
    about = plan.about.experiment if plan.about else {}
    facts = {"runs": len(plan.runs), "arms": len(plan.arms), "worlds": plan.n_points, "source": about.get("worlds")}
    if how.as_json:
        click.echo(json.dumps({**facts, "estimated_seconds": seconds, "results_dir": str(how.folder)}))
        return
    print_text(
        text(
            how.language, "scorecard.dry_run", n=facts["runs"], arms=facts["arms"], worlds=facts["worlds"],
            source=text(how.language, f"scorecard.source.{facts['source']}"),
            duration=duration(seconds, how.language), folder=how.folder,
        )
    )  # fmt: skip
