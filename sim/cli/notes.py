"""What a person is told on stderr of settings that are allowed and do nothing, or less than one might think."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.words import in_language

if TYPE_CHECKING:
    from sim.runs.plan import Plan
    from sim.scenario import Problem, Scenario


def tell_notes(notes: Iterable[Problem], scenarios: Sequence[Scenario], language: str) -> None:
    """Say which settings have no effect, and which departments open too late to count."""
    for note in dict.fromkeys(notes):
        click.echo(note.line_in(language), err=True)
    for scenario in scenarios:
        if isinstance(scenario.launch.waves, str):
            continue
        for message in late_in(scenario.resolved()):
            click.echo(f"{scenario.name}: launch.waves: {in_language(message, language)}", err=True)


def late_in(resolved: Mapping[str, Any]) -> list[str]:
    """Say which departments of a scenario open too late to count; reads a staff file, but needs nothing heavy else."""
    from sim.catalog.registry import PROFILES
    from sim.scenario.departments import openings_of
    from sim.scenario.loading import late_openings

    n_weeks = int(resolved["run"]["weeks"])
    if resolved["organization"]["workforce"] in PROFILES:
        return late_openings(openings_of(resolved), n_weeks)
    from sim.organization.own_staff import openings

    return late_openings(openings(resolved), n_weeks)


_MOST_POINTS = 2000


def tell_late_openings(plan: Plan, language: str) -> None:
    """Say at which points of a design departments open too late to count."""
    looked_at: set[str] = set()
    for point in range(min(plan.n_points, _MOST_POINTS)):
        for arm in plan.arms:
            resolved = plan.scenario_at(arm.name, point)
            facts = str((resolved["organization"], resolved["launch"]["waves"], resolved["run"]["weeks"]))
            if facts in looked_at or isinstance(resolved["launch"]["waves"], str):
                continue
            looked_at.add(facts)
            for message in late_in(resolved):
                click.echo(f"{arm.name}, point {point}: launch.waves: {in_language(message, language)}", err=True)
                return  # one example says it; the others are of its kind
