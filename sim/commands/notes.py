"""What a person is told on stderr of settings that are allowed and do nothing, or less than one might think."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.texts import text
from sim.texts.said import in_language

if TYPE_CHECKING:
    from sim.organization.opening import Opening
    from sim.scenario import Problem, Scenario


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


def opening_lines(resolved: Mapping[str, Any], language: str) -> list[str]:
    """Return which departments open in which week, a line each; none where all open at once."""
    if not isinstance(resolved["launch"]["waves"], Mapping):
        return []
    from sim.organization.opening import openings

    by_week: dict[int, list[Opening]] = {}
    for one in sorted(openings(resolved), key=lambda one: one.week):
        by_week.setdefault(one.week, []).append(one)
    n_weeks = int(resolved["run"]["weeks"])
    return [
        text(
            language,
            "study.opens" if week <= n_weeks else "study.never_opens",
            week=week,
            departments=", ".join(one.name for one in ones),
        )
        for week, ones in by_week.items()
    ]
