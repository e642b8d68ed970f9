"""``intranet-sim run``, ``compare``, ``sweep``, ``sensitivity`` and ``discover``: what is typed for a study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli.options import OF_AN_EXPERIMENT, OF_SCENARIOS, RESULTS, WORLDS, command
from sim.cli.progress import progress_for
from sim.cli.study import Shown, asked, figures, show_results, study, write_report
from sim.documents.terminal import show
from sim.errors import InputError, RunError
from sim.words import said, text


@command("run", "scenario", OF_SCENARIOS, RESULTS)
def run_command(*, scenario: str, **options: Any) -> None:
    """Run one scenario in plausible worlds, and show what comes of it.

    SCENARIO is a file or the name of a shipped scenario, such as baseline. Results go to results/<name>.
    """
    study(*asked("run", [scenario], **options))


@command("compare", "scenarios", OF_SCENARIOS, "from-week", RESULTS)
def compare_command(*, scenarios: tuple[str, ...], **options: Any) -> None:
    """Compare the first scenario with each other one, in the same plausible worlds with the same luck.

    SCENARIO is a file or the name of a shipped scenario. Differences are the first minus the other, with 95%
    intervals over worlds (with --at-defaults: over pairs of runs with one seed). Results go to results/<a>-vs-<b>.
    """
    if len(scenarios) < 2:
        raise InputError(said("refusal.cli.two_scenarios"))
    study(*asked("compare", scenarios, **options))


@command("sweep", OF_AN_EXPERIMENT, "outcome top", WORLDS, "answers report")
def sweep_command(*, experiment: str, **options: Any) -> None:
    """Run a design: strategies in plausible worlds, all with the same luck in each, and rank the strategies.

    EXPERIMENT is a file or the name of a shipped experiment, such as framing. Results go to results/<name>.
    """
    study(*asked("sweep", [experiment], **options))


# What still means something where the runs are done already.
_WITHOUT_RUNS = frozenset({"experiment", "out", "as_json", "quiet", "no_figures", "has_report", "lang"})


@command("sensitivity", OF_AN_EXPERIMENT, "report")
@click.pass_context
def sensitivity_command(context: click.Context, /, *, experiment: str, **options: Any) -> None:
    """Find out which levers and unknowns decide the outcomes, with Morris, Sobol or PAWN.

    EXPERIMENT is a file with a method, or the name of a shipped one, such as sensitivity-sobol. With two base
    scenarios, the difference between them is an outcome too. Results go to results/<name>. It can also be the results
    folder of a sweep: its runs are then analyzed with PAWN, and nothing is run.
    """
    if Path(experiment).is_dir():
        _refuse_options_of_runs(context)
        _analyze_sweep(Path(experiment), options["out"], asked("sensitivity", [experiment], **options).shown)
    else:
        study(*asked("sensitivity", [experiment], **options))


def _refuse_options_of_runs(context: click.Context) -> None:
    """Refuse options that would change runs which are done already."""
    source = click.core.ParameterSource.COMMANDLINE
    given = {
        parameter.name: parameter.opts[0]
        for parameter in reversed(context.command.params)  # of two options for one thing, the first
        if parameter.name not in _WITHOUT_RUNS and context.get_parameter_source(str(parameter.name)) == source
    }
    if given:
        raise InputError(said("refusal.cli.sweep_done", names=", ".join(reversed(given.values()))))


def _analyze_sweep(results: Path, out: Path | None, shown: Shown) -> None:
    """Work out, draw and show what the runs of a finished sweep say about its factors."""
    from sim.analysis.sensitivity.results import analyze_sweep
    from sim.runs.folder import SENSITIVITY_NAME

    folder = out or results / SENSITIVITY_NAME
    progress = progress_for(shown.quiet, shown.lang)
    progress.step(text(shown.lang, "experiment.working_out"))
    try:
        analyze_sweep(results, folder)
        if not shown.no_figures:
            progress.step(text(shown.lang, "experiment.drawing"))
            figures(folder, "sensitivity", shown.lang, ())
    except OSError as error:
        raise RunError(said("refusal.cli.target", target=folder, reason=error.strerror or error)) from error
    show_results("sensitivity", folder, shown)
    if shown.has_report:
        write_report(folder, shown.lang, None, shown.as_json, progress)


@command("discover", "results when difference density boxes out json no-figures quiet lang")
def discover_command(
    *, results: Path, when: str, difference: tuple[str, str] | None, density: float | None, n_boxes: int,
    out: Path | None, as_json: bool, no_figures: bool, quiet: bool, lang: str,
) -> None:  # fmt: skip
    """Find where a condition holds: the limits on levers and uncertainties that single it out.

    RESULTS is the folder of a sweep or sensitivity analysis. Says "cannot tell" where no box is better than chance.
    """
    from sim.analysis.discovery.discovery import discover
    from sim.analysis.discovery.finding import DiscoveryFinding, folder_name, write_discovery
    from sim.runs.manifest import DISCOVERIES_NAME

    progress = progress_for(quiet, lang)
    progress.step(text(lang, "discover.looking"))
    found = discover(results, when, difference or None, density, n_boxes)
    folder = out or results / DISCOVERIES_NAME / folder_name(found, density)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_discovery(found, folder)
        if not no_figures:
            from sim.figures.discovery import draw_discovery

            draw_discovery(found, folder, lang)
    except OSError as error:
        raise RunError(said("refusal.cli.folder", folder=folder, reason=error.strerror or error)) from error
    show(DiscoveryFinding(found, folder, lang), as_json)
