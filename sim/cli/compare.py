"""``intranet-sim compare``: two or more scenarios, paired by seed, and what the difference means."""

from __future__ import annotations

from typing import Any

import click

from sim.cli.options import results_options, scenario_options, scenarios_argument, study_options, worlds_options
from sim.cli.study import asked, study
from sim.errors import InputError
from sim.words import said


@click.command(name="compare")
@scenarios_argument
@scenario_options
@study_options
@worlds_options
@click.option(
    "--from-week",
    type=int,
    metavar="N",
    help="What if something were changed now? All scenarios share the weeks before this one, as they were lived (by the"
    " scenario that the fit of --worlds is about, or else by the first), and differ from then on.",
)
@results_options
def command(*, scenarios: tuple[str, ...], **options: Any) -> None:
    """Compare the first scenario with each other one, in the same plausible worlds with the same luck.

    SCENARIO is a file or the name of a shipped scenario. Differences are the first minus the other, with 95%
    intervals over worlds (with --at-defaults: over pairs of runs with one seed). Results go to results/<a>-vs-<b>.
    """
    if len(scenarios) < 2:
        raise InputError(said("refusal.cli.two_scenarios"))
    study(*asked("compare", scenarios, **options))
