"""``intranet-sim sweep``: many strategies in many possible worlds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
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
from sim.commands.options import report_option, together, world_source_option
from sim.errors import InputError
from sim.scenario.outcome_table import OUTCOME_NAMES
from sim.texts.said import said

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.scenario.experiment import Experiment
    from sim.study.points import Points
    from sim.study.scorecard.worlds import Source
    from sim.study.sweeping.folder import StoredSweep

TOP = 10

ranking_options = together(
    click.option(
        "--outcome",
        type=click.Choice(OUTCOME_NAMES),
        metavar="NAME",
        help="What strategies are ranked by (default: the first outcome of the experiment).",
    ),
    click.option(
        "--top", type=click.IntRange(min=1), default=TOP, show_default=True, metavar="N", help="How many to show."
    ),
)


def _points(experiment: Experiment, outcome: str | None = None) -> Points:
    from sim.study.designs import design_points

    if outcome is not None:
        refuse_outcome(outcome, experiment.outcomes)
    return design_points(experiment)


def _over_worlds(analysis: Analysis, n_worlds: int, source: Source | None, outcome: str | None) -> Analysis:
    """Return the analysis with the strategies in plausible worlds, drawn with the seed of the experiment."""
    from sim.study.scorecard.worlds import worlds
    from sim.study.sweeping.plausible import over_worlds, points_over_worlds

    def points(experiment: Experiment) -> Points:
        if outcome is not None:
            refuse_outcome(outcome, experiment.outcomes)
        return points_over_worlds(experiment, worlds(n_worlds, experiment.seed, source))

    def prepare(experiment: Experiment) -> Experiment:
        return over_worlds(experiment, worlds(n_worlds, experiment.seed, source))

    return analysis._replace(points=points, prepare=prepare)


def refuse_outcome(outcome: str, kept: Sequence[str]) -> None:
    """Refuse an outcome that an experiment does not keep.

    Raises
    ------
    InputError
        With those that it keeps.
    """
    if outcome not in kept:
        raise InputError(said("refusal.cli.outcome_of_experiment", outcome=outcome, names=", ".join(kept)))


def _derive(folder: Path) -> Mapping[str, pa.Table]:
    from sim.study.sweeping.folder import read_sweep

    return read_sweep(folder).sweep.arrow()


def _draw(folder: Path, language: str) -> Sequence[Path]:
    from sim.show.sweep_plots import draw_sweep
    from sim.show.words import figure_words
    from sim.study.sweeping.folder import read_sweep

    found = read_sweep(folder)
    return draw_sweep(folder, found.sweep, found.stored.runs, found.main_outcome, figure_words(language))


def _show(folder: Path, shown: Shown, outcome: str | None = None, top: int = TOP) -> None:
    from sim.study.sweeping.folder import read_sweep

    show_sweep(read_sweep(folder), shown, outcome, top)


def show_sweep(found: StoredSweep, shown: Shown, outcome: str | None, top: int) -> None:
    """Print a sweep on stdout, ranked by an outcome (the main one if left out)."""
    from sim.commands.sweep_output import SweepPrinter, sweep_json

    by = outcome or found.main_outcome
    if shown.as_json:
        click.echo(json.dumps(sweep_json(found.sweep, found.facts, by)))
    else:
        SweepPrinter(found.sweep, found.facts, shown.language, by, top).print_sweep()


SWEEP = Analysis(_points, _derive, _draw, _show)


@click.command(name="sweep")
@experiment_argument
@experiment_options
@ranking_options
@click.option(
    "--worlds",
    type=click.IntRange(min=2),
    metavar="N",
    help="Let every strategy meet N plausible worlds, to cover what is not known about people.",
)
@world_source_option
@report_option
def command(
    *,
    experiment: str,
    outcome: str | None,
    top: int,
    worlds: int | None,
    world_source: Source | None,
    **options: Any,
) -> None:
    """Run a design: strategies in worlds, each with the same luck, and rank the strategies.

    EXPERIMENT is a file or the name of a shipped experiment, such as framing. Results go to results/<name>.
    """
    analysis = SWEEP._replace(
        points=partial(_points, outcome=outcome),
        show=partial(_show, outcome=outcome, top=top),
    )
    if world_source is not None and worlds is None:
        raise InputError(said("refusal.cli.world_source"))
    if worlds is not None:
        analysis = _over_worlds(analysis, worlds, world_source, outcome)
    conduct(experiment, "sweep", analysis, how_to_experiment(**options))
