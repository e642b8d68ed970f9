"""``intranet-sim sensitivity``: which levers and unknowns decide what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.experimenting import (
    Analysis,
    Shown,
    conduct,
    experiment_argument,
    experiment_options,
    how_to_experiment,
)
from sim.commands.options import report_option
from sim.commands.progress import progress_for
from sim.commands.studying import write_report
from sim.errors import InputError, RunError
from sim.texts import said, text

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.scenario.experiment import Experiment
    from sim.study.plan import Plan


def _plan(experiment: Experiment, keeps_replications: bool) -> tuple[Experiment, Plan]:
    from sim.study.experiments import plan_for_experiment
    from sim.study.sensitivity.sampling import sensitivity_points

    return experiment, plan_for_experiment(experiment, sensitivity_points(experiment))


def _derive(folder: Path) -> Mapping[str, pa.Table]:
    from sim.study.sensitivity.results import derived_tables

    return derived_tables(folder)


def _draw(folder: Path, language: str) -> Sequence[Path]:
    from sim.show.layout import figure_words
    from sim.show.plots import draw_sensitivity

    return draw_sensitivity(folder, figure_words(language))


def _show(folder: Path, shown: Shown) -> None:
    from sim.commands.terminal import show
    from sim.show.report.sensitivity_finding import SensitivityFinding
    from sim.study.sensitivity.results import read_results

    show(SensitivityFinding(read_results(folder), shown.language), shown.as_json)


SENSITIVITY = Analysis(_plan, _derive, _draw, _show)


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


def analyze_sweep(results: Path, out: Path | None, shown: Shown, is_quiet: bool, no_figures: bool) -> None:
    """Work out, draw and show what the runs of a finished sweep say about its factors.

    Raises
    ------
    InputError
        If the folder holds no sweep that fits.
    RunError
        If nothing can be written.
    """
    from sim.study.folder import SENSITIVITY_NAME
    from sim.study.sensitivity.results import analyze_sweep as work_out

    folder = out or results / SENSITIVITY_NAME
    progress = progress_for(is_quiet, shown.language)
    progress.step(text(shown.language, "experiment.working_out"))
    try:
        work_out(results, folder)
        if not no_figures:
            progress.step(text(shown.language, "experiment.drawing"))
            _draw(folder, shown.language)
    except OSError as error:
        raise RunError(said("refusal.cli.target", target=folder, reason=error.strerror or error)) from error
    _show(folder, shown)


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
        shown = Shown(options["lang"], options["as_json"])
        analyze_sweep(Path(experiment), options["out"], shown, options["quiet"], options["no_figures"])
        if options["has_report"]:
            from sim.study.folder import SENSITIVITY_NAME

            folder = options["out"] or Path(experiment) / SENSITIVITY_NAME
            write_report(folder, shown.language, None, shown.as_json, progress_for(options["quiet"], shown.language))
        return
    conduct(experiment, "sensitivity", SENSITIVITY, how_to_experiment(**options))
