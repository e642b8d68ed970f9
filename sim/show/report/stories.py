"""The typical employees of each scenario, from its first run done again; only if that gives the stored outcomes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from sim.errors import InputError
from sim.organization import PROFILE_NAMES
from sim.show.report.blocks import Block, Heading, Paragraph
from sim.show.report.cards import CardWriter
from sim.show.report.known import Known
from sim.show.report.typical import ROLES, first_run
from sim.show.report.wording import quoted
from sim.study.overlay import Overlay
from sim.texts import text


def stories(known: Known) -> Iterator[Block]:
    """Yield the typical employees of each scenario, or why they are not told of."""
    language = known.language
    yield Paragraph(text(language, "report.stories_rule"), "note")
    for name in known.shown:
        yield Heading(quoted(name))
        yield from _of_scenario(known, name)
    yield Paragraph(text(language, "report.stories_numbers"), "note")


def _of_scenario(known: Known, name: str) -> Iterator[Block]:
    language = known.language
    resolved = _resolved(known, name)
    if resolved["organization"]["workforce"] not in PROFILE_NAMES:
        yield Paragraph(text(language, "report.stories_own_staff"))
        return
    plan = known.stored.plan
    run_id = plan.loc[(plan["scenario"] == name) & (plan["replication"] == 0), "run_id"].iloc[0]
    stored = known.runs[known.runs["run_id"] == run_id]
    if stored.empty:
        yield Paragraph(text(language, "report.stories_no_run"))
        return
    try:
        found = first_run(resolved, int(stored["seed"].iloc[0]))
    except (InputError, KeyError, TypeError, ValueError):  # parameters of another version of the model
        yield Paragraph(text(language, "report.stories_other_version"))
        return
    if not _is_same(found.outcomes, stored.iloc[0].to_dict()):
        yield Paragraph(text(language, "report.stories_other_version"))
        return
    for person in found.people:
        yield CardWriter(person, language).card()
    there = {person.role for person in found.people}
    for role in ROLES:
        if role not in there:
            yield Paragraph(text(language, f"report.nobody.{role}"), "note")


def _resolved(known: Known, name: str) -> Mapping[str, Any]:
    """Return the scenario of the first run: over plausible worlds, with the coefficients of the first world."""
    resolved: Mapping[str, Any] = next(arm.resolved for arm in known.study.plan.arms if arm.name == name)
    if not known.is_over_worlds:
        return resolved
    first = known.stored.points().iloc[0]
    keys = [str(each["name"]) for each in known.stored.manifest["factors"]]
    return Overlay(resolved, {key: [_plain(first[key])] for key in keys}).at(0)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _is_same(outcomes: Mapping[str, float], stored: Mapping[str, Any]) -> bool:
    """Say whether a run gave the very outcomes that are stored."""
    for name, value in outcomes.items():
        other = float(stored[name])
        if value != other and not (math.isnan(value) and math.isnan(other)):
            return False
    return True
