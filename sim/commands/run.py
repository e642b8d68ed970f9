"""``intranet-sim run``: one scenario in plausible worlds, every outcome with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.commands.notes import tell_notes
from sim.commands.options import (
    asked_replications,
    overrides,
    results_options,
    scenario_argument,
    scenario_options,
    worlds_options,
)
from sim.commands.studying import how_to_study, study, study_options

if TYPE_CHECKING:
    from sim.scenario import Problem
    from sim.study.conduct import Study


@click.command(name="run")
@scenario_argument
@scenario_options
@study_options
@worlds_options
@results_options
def command(
    *,
    scenario: str,
    settings: tuple[str, ...],
    replications: int | None,
    seed: int | None,
    weeks: int | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Run one scenario in plausible worlds, and show what comes of it.

    SCENARIO is a file or the name of a shipped scenario, such as baseline. Results go to results/<name>.
    """
    from sim.scenario import load_scenario

    how = how_to_study(replications=replications, as_json=as_json, **options)
    notes: list[Problem] = []
    loaded = load_scenario(scenario, overrides(settings, replications, seed, weeks), notes)
    tell_notes(notes, [loaded], how.language)
    if asked_replications(settings, replications):
        how = how._replace(replications=loaded.run.replications)

    def show(found: Study) -> None:
        from sim.commands.terminal import show as show_finding
        from sim.show.report.study_finding import StudyFinding

        show_finding(StudyFinding(found, how.language, how.outcome, how.is_all), as_json)

    study([loaded], how, loaded.name + how.suffix, show)
