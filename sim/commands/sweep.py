"""``intranet-sim sweep``: many strategies in many possible worlds."""

from __future__ import annotations

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
from sim.commands.options import answers_option, report_option, together, worlds_options
from sim.errors import InputError
from sim.scenario.outcome_table import OUTCOME_NAMES
from sim.texts import DEFAULT_LANGUAGE, said, text

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.scenario.experiment import Experiment
    from sim.study.plan import Plan
    from sim.study.scorecard.plan import Source
    from sim.study.sweeping.sweep import StoredSweep
    from sim.study.world_sets import InWorlds

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


def _plan(
    experiment: Experiment,
    keeps_replications: bool,
    where: InWorlds | None = None,
    outcome: str | None = None,
    answers_file: Path | None = None,
    language: str = DEFAULT_LANGUAGE,
) -> tuple[Experiment, Plan]:
    from sim.study.sweeping.standing import plan_of_sweep
    from sim.study.world_sets import InWorlds

    if outcome is not None:
        refuse_outcome(outcome, experiment.outcomes)
    answers = None
    if answers_file is not None:
        from sim.scenario.questionnaire import load_answers
        from sim.study.answers import with_answers

        answers = load_answers(answers_file)
        kept = with_answers(experiment, answers)[1]
        if kept:
            values = {"file": answers.file, "keys": ", ".join(kept), "name": experiment.name}
            click.echo(text(language, "study.answers.kept_sweep", **values), err=True)
    return plan_of_sweep(experiment, where or InWorlds(), keeps_replications, answers)


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
    from sim.study.sweeping.sweep import read_sweep

    return read_sweep(folder).sweep.arrow()


def _draw(folder: Path, language: str) -> Sequence[Path]:
    from sim.show.layout import figure_words
    from sim.show.plots import draw_sweep
    from sim.study.sweeping.sweep import read_sweep

    found = read_sweep(folder)
    return draw_sweep(folder, found.sweep, found.stored.runs, found.main_outcome, figure_words(language))


def _show(folder: Path, shown: Shown, outcome: str | None = None, top: int = TOP) -> None:
    from sim.study.sweeping.sweep import read_sweep

    show_sweep(read_sweep(folder), shown, outcome, top)


def show_sweep(found: StoredSweep, shown: Shown, outcome: str | None, top: int) -> None:
    """Print a sweep on stdout, ranked by an outcome (the main one if left out)."""
    from sim.commands.terminal import show
    from sim.show.report.sweep_finding import SweepFinding
    from sim.study.sweeping.levers import effects_of

    by = outcome or found.main_outcome
    finding = SweepFinding(found.sweep, found.facts, shown.language, by, top, effects_of(found, by))
    show(finding, shown.as_json)


SWEEP = Analysis(_plan, _derive, _draw, _show)


@click.command(name="sweep")
@experiment_argument
@experiment_options
@ranking_options
@worlds_options
@answers_option
@report_option
def command(
    *,
    experiment: str,
    outcome: str | None,
    top: int,
    worlds: int | None,
    world_set: str | None,
    world_source: Source | None,
    at_defaults: bool,
    answers: Path | None,
    **options: Any,
) -> None:
    """Run a design: strategies in plausible worlds, all with the same luck in each, and rank the strategies.

    EXPERIMENT is a file or the name of a shipped experiment, such as framing. Results go to results/<name>.
    """
    from sim.study.world_sets import worlds_asked_for

    where = worlds_asked_for(worlds, world_set, world_source, at_defaults)
    analysis = SWEEP._replace(
        plan=partial(_plan, where=where, outcome=outcome, answers_file=answers, language=options["lang"]),
        show=partial(_show, outcome=outcome, top=top),
    )
    conduct(experiment, "sweep", analysis, how_to_experiment(**options))
