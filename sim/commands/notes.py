"""What a person is told on stderr of settings that are allowed and do nothing, or less than one might think."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from sim.texts.said import in_language

if TYPE_CHECKING:
    from sim.scenario import Problem, Scenario
    from sim.study.plan import Plan


def tell_notes(notes: Iterable[Problem], scenarios: Sequence[Scenario], language: str) -> None:
    """Say which settings have no effect, and which departments open too late to count."""
    for note in dict.fromkeys(notes):
        click.echo(note.line_in(language), err=True)
    for scenario in scenarios:
        if isinstance(scenario.launch.waves, str):
            continue
        from sim.organization.opening import late_openings

        for message in late_openings(scenario.resolved()):
            click.echo(f"{scenario.name}: launch.waves: {in_language(message, language)}", err=True)


_MOST_POINTS = 2000


def tell_late_openings(plan: Plan, language: str) -> None:
    """Say at which points of a design departments open too late to count."""
    from sim.organization.opening import late_openings

    looked_at: set[str] = set()
    for point in range(min(plan.n_points, _MOST_POINTS)):
        for arm in plan.arms:
            resolved = plan.scenario_at(arm.name, point)
            facts = str((resolved["organization"], resolved["launch"]["waves"], resolved["run"]["weeks"]))
            if facts in looked_at or isinstance(resolved["launch"]["waves"], str):
                continue
            looked_at.add(facts)
            for message in late_openings(resolved):
                click.echo(f"{arm.name}, point {point}: launch.waves: {in_language(message, language)}", err=True)
                return  # one example says it; the others are of its kind
