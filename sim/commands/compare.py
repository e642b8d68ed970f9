"""``intranet-sim compare``: two or more scenarios, paired by seed, and what the difference means."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.commands.notes import tell_notes
from sim.commands.options import (
    asked_replications,
    overrides,
    results_options,
    scenario_options,
    scenarios_argument,
    worlds_options,
)
from sim.commands.studying import HowToStudy, how_to_study, study, study_options
from sim.errors import InputError
from sim.texts import said, text

if TYPE_CHECKING:
    from sim.scenario import Problem
    from sim.scenario.schema import Scenario
    from sim.study.conduct import Study

LONGEST_NAME = 80
_BYTES_OF_FIRST = 120  # leaves room for what follows, and for what is added to the name of the folder


def folder_name(names: Sequence[str]) -> str:
    """Return the name of the default results folder, such as ``a-vs-b``; shortened where it gets long."""
    from sim.scenario.grammar import NAME_BYTES

    name = "-vs-".join(names)
    if len(name) <= LONGEST_NAME and len(name.encode()) <= NAME_BYTES:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    first = names[0][:40].encode()[:_BYTES_OF_FIRST].decode(errors="ignore")
    return f"{first}-vs-{len(names) - 1}-others-{digest}"


def warn_of_differences(scenarios: Sequence[Scenario], language: str) -> None:
    """Say on stderr where the run sections of the scenarios do not fit, and what is done about it."""
    first = scenarios[0]
    for other in scenarios[1:]:
        for key in ("seed", "replications"):
            here, there = getattr(first.run, key), getattr(other.run, key)
            if here != there:
                click.echo(text(language, f"study.other.{key}", name=other.name, there=there, here=here), err=True)
    if len({each.run.weeks for each in scenarios}) > 1:
        weeks = ", ".join(f"{each.name} {each.run.weeks}" for each in scenarios)
        click.echo(text(language, "study.other.weeks", weeks=weeks), err=True)


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
def command(
    *,
    scenarios: tuple[str, ...],
    settings: tuple[str, ...],
    replications: int | None,
    seed: int | None,
    weeks: int | None,
    as_json: bool,
    from_week: int | None,
    **options: Any,
) -> None:
    """Compare the first scenario with each other one, in the same plausible worlds with the same luck.

    SCENARIO is a file or the name of a shipped scenario. Differences are the first minus the other, with 95%
    intervals over worlds (with --at-defaults: over pairs of runs with one seed). Results go to results/<a>-vs-<b>.
    """
    from sim.scenario import load_scenario

    if len(scenarios) < 2:
        raise InputError(said("refusal.cli.two_scenarios"))
    how = how_to_study(replications=replications, as_json=as_json, **options)
    given = overrides(settings, replications, seed, weeks)
    notes: list[Problem] = []
    loaded = [load_scenario(scenario, given, notes) for scenario in scenarios]
    tell_notes(notes, loaded, how.language)
    if asked_replications(settings, replications):
        how = how._replace(replications=loaded[0].run.replications)
    if not how.is_quiet:
        warn_of_differences(loaded, how.language)
    if from_week is not None:
        loaded = _from_week(loaded, from_week, how)

    def show(found: Study) -> None:
        from sim.commands.terminal import show as show_finding
        from sim.show.report.study_finding import StudyFinding

        asked = {} if from_week is None else {"from_week": from_week}
        show_finding(StudyFinding(found, how.language, how.outcome, how.is_all), as_json, asked)

    later = "" if from_week is None else f"-from-week-{from_week}"
    study(loaded, how, folder_name([each.name for each in loaded]) + how.suffix + later, show)


def _from_week(loaded: list[Scenario], week: int, how: HowToStudy) -> list[Scenario]:
    """Return scenarios that share the weeks that were lived, and say what each changes then."""
    from sim.study.fitting.from_week import from_week
    from sim.texts import in_language

    found = from_week(loaded, week, how.where.folder)
    if not how.is_quiet:
        for note in found.notes:
            click.echo(in_language(note, how.language), err=True)
    return list(found.scenarios)
