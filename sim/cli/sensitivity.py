"""``intranet-sim sensitivity``: which levers and unknowns decide what comes out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.options import experiment_argument, experiment_options, report_option
from sim.cli.progress import progress_for
from sim.cli.study import Shown, asked, figures, show_results, study, write_report
from sim.errors import InputError, RunError
from sim.words import said, text

# What still means something where the runs are done already.
_WITHOUT_RUNS = frozenset({"experiment", "out", "as_json", "quiet", "no_figures", "has_report", "lang"})


def _refuse_options_of_runs(context: click.Context) -> None:
    """Refuse options that would change runs which are done already.

    Raises
    ------
    InputError
        If any was given.
    """
    source = click.core.ParameterSource.COMMANDLINE
    given = {
        parameter.name: parameter.opts[0]
        for parameter in reversed(context.command.params)  # of two options for one thing, the first
        if parameter.name not in _WITHOUT_RUNS and context.get_parameter_source(str(parameter.name)) == source
    }
    if given:
        raise InputError(said("refusal.cli.sweep_done", names=", ".join(reversed(given.values()))))


def analyze_sweep(results: Path, out: Path | None, shown: Shown) -> None:
    """Work out, draw and show what the runs of a finished sweep say about its factors.

    Raises
    ------
    InputError
        If the folder holds no sweep that fits.
    RunError
        If nothing can be written.
    """
    from sim.analysis.sensitivity.results import analyze_sweep as work_out
    from sim.runs.folder import SENSITIVITY_NAME

    folder = out or results / SENSITIVITY_NAME
    progress = progress_for(shown.quiet, shown.lang)
    progress.step(text(shown.lang, "experiment.working_out"))
    try:
        work_out(results, folder)
        if not shown.no_figures:
            progress.step(text(shown.lang, "experiment.drawing"))
            figures(folder, "sensitivity", shown.lang, ())
    except OSError as error:
        raise RunError(said("refusal.cli.target", target=folder, reason=error.strerror or error)) from error
    show_results("sensitivity", folder, shown)
    if shown.has_report:
        write_report(folder, shown.lang, None, shown.as_json, progress)


@click.command(name="sensitivity")
@experiment_argument
@experiment_options
@report_option
@click.pass_context
def command(context: click.Context, /, *, experiment: str, **options: Any) -> None:
    """Find out which levers and unknowns decide the outcomes, with Morris, Sobol or PAWN.

    EXPERIMENT is a file with a method, or the name of a shipped one, such as sensitivity-sobol. With two base
    scenarios, the difference between them is an outcome too. Results go to results/<name>. It can also be the results
    folder of a sweep: its runs are then analyzed with PAWN, and nothing is run.
    """
    if Path(experiment).is_dir():
        _refuse_options_of_runs(context)
        analyze_sweep(Path(experiment), options["out"], asked("sensitivity", [experiment], **options).shown)
        return
    study(*asked("sensitivity", [experiment], **options))
