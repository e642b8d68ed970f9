"""``intranet-sim calibrate``: which settings of the coefficients agree with published numbers."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.options import experiment_argument, experiment_options
from sim.cli.study import DEFAULT_RESULTS, Shown, StudyInterruptedError, asked
from sim.documents.terminal import print_text, show
from sim.errors import InputError, RunError
from sim.request import Request, loaded_experiment
from sim.runs.progress import compiling_shown
from sim.words import DEFAULT_LANGUAGE, duration, said, text

if TYPE_CHECKING:
    from sim.evidence.calibration.waves import Waves
    from sim.runs.executors import Execution
    from sim.runs.progress import Progress
    from sim.runs.store import Mode

WAVES = 7
SECONDS_OF_A_LATER_WAVE = 100.0
"""About what learning an emulator and drawing from it takes, for the estimate of ``--dry-run``."""


@click.command(name="calibrate")
@experiment_argument
@experiment_options
@click.option(
    "--waves",
    "n_waves",
    type=click.IntRange(min=1, max=20),
    default=WAVES,
    show_default=True,
    metavar="N",
    help="Waves of runs; each later one looks where the earlier ones agree with the targets.",
)
@click.option(
    "--worlds",
    "worlds_folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Also write both sets of plausible worlds there, levels and interviews, with the typical world (the package"
    " keeps its own in sim/experiments/data).",
)
def command(*, experiment: str, n_waves: int, worlds_folder: Path | None, **options: Any) -> None:
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
        _show_plan(waves, request, shown)
        return
    language = shown.lang
    try:
        typed = ["intranet-sim", *sys.argv[1:]]
        work_out(waves, request.execution, request.mode, progress, typed, worlds_folder, language)
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
            banks, worlds, again, waves.yardstick, is_used, waves.values_of, seed, waves.off_share, scenarios
        )
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


def _show_plan(waves: Waves, request: Request, shown: Shown) -> None:
    """Show what would be run and about how long it takes, from one timed run."""
    from sim.runs.runner import estimated_seconds, timed
    from sim.runs.worker import engine

    plan = waves.first_plan()
    progress = request.progress
    progress.step(said("progress.timing"))
    n_points, n_runs = waves.n_planned()
    simulation = engine()
    with compiling_shown(progress):
        first_seconds = timed(simulation, plan)
    seconds = estimated_seconds(plan, first_seconds, request.execution.jobs) * n_runs / len(plan.runs)
    seconds += (waves.n_waves - 1) * SECONDS_OF_A_LATER_WAVE
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
