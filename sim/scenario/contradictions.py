"""Settings that are each allowed but cannot hold together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.catalog.registry import EVERYONE_LIMIT, PROFILES, SHARES, shares_sum_to_one
from sim.scenario.hints import did_you_mean, number, shown
from sim.scenario.places import KeyPath, dotted
from sim.words import said

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

FRAMING = "launch.framing"


class Contradiction(NamedTuple):
    """Two or more settings that cannot hold together."""

    path: KeyPath  # the key to point at
    message: str  # what is wrong and what is allowed
    involves: tuple[KeyPath, ...] = ()  # the other keys that take part

    def __str__(self) -> str:
        return f"{dotted(self.path)}: {self.message}"


def contradictions(scenario: Scenario) -> list[Contradiction]:
    """Return everything in which the scenario contradicts itself, in the order of its keys."""
    checks = (
        _workforce, _sector, _everyone, _pilot, _change_weeks, _changed_departments, _changed_twice,
        _changed_framing,
    )  # fmt: skip
    return [found for check in checks for found in check(scenario)]


def is_profile(scenario: Scenario) -> bool:
    """Return whether the workforce is drawn from published tables rather than read from a file."""
    return scenario.organization.workforce in PROFILES


def _workforce(scenario: Scenario) -> Iterator[Contradiction]:
    workforce = scenario.organization.workforce
    if not is_profile(scenario) and not _is_file(workforce):
        names = ", ".join(PROFILES)
        if _is_there(workforce):
            reason = said("refusal.workforce_no_file", names=names, file=workforce)
        else:
            hint = did_you_mean(os.path.basename(workforce), PROFILES)
            reason = said("refusal.workforce", names=names, file=workforce, hint=hint)
        yield Contradiction(("organization", "workforce"), reason)


def _is_file(name: str) -> bool:
    try:
        return os.path.isfile(name)
    except ValueError:  # a zero byte in the name
        return False


def _is_there(name: str) -> bool:
    """Return whether there is something of this name: a folder, or a pipe."""
    try:
        return os.path.exists(name)
    except ValueError:
        return False


def _sector(scenario: Scenario) -> Iterator[Contradiction]:
    organization = scenario.organization
    if organization.sector != "all" and organization.workforce.startswith("us-") and is_profile(scenario):
        yield Contradiction(
            ("organization", "sector"),
            said("refusal.sector", workforce=organization.workforce),
            (("organization", "workforce"),),
        )


def _everyone(scenario: Scenario) -> Iterator[Contradiction]:
    organization = scenario.organization
    if organization.contacts.everyone and is_profile(scenario) and organization.employees > EVERYONE_LIMIT:
        yield Contradiction(
            ("organization", "contacts", "everyone"),
            said("refusal.everyone", limit=EVERYONE_LIMIT, employees=organization.employees),
            (("organization", "employees"),),
        )


def _pilot(scenario: Scenario) -> Iterator[Contradiction]:
    if isinstance(scenario.launch.waves, str):
        return
    yield from _departments(scenario, ("launch", "waves", "pilot"), scenario.launch.waves.pilot)


def _changed_departments(scenario: Scenario) -> Iterator[Contradiction]:
    """Departments that a change names exist, and what it changes can differ between departments."""
    for position, change in enumerate(scenario.changes):
        if change.departments is None:
            continue
        yield from _departments(scenario, ("changes", position, "departments"), change.departments)
        for key in change.set.as_dict():
            why = _why_for_all(key)
            if why:
                yield Contradiction(("changes", position, "set", key), why)


def _why_for_all(key: str) -> str:
    """Return why a key cannot differ between departments; empty where it can."""
    if key == "platform.following":
        return said("refusal.for_all.following")
    return said("refusal.for_all.moderation") if key == "rules.moderation" else ""


def _departments(scenario: Scenario, path: KeyPath, named: Sequence[int | str]) -> Iterator[Contradiction]:
    organization = scenario.organization
    n_departments = min(organization.departments, organization.employees)
    for position, department in enumerate(named):
        if department in named[:position]:
            yield Contradiction((*path, position), said("refusal.department_twice", department=department))
        elif is_profile(scenario) and isinstance(department, str):
            yield Contradiction(
                (*path, position),
                said("refusal.department_name", department=shown(department), last=n_departments - 1),
                (("organization", "workforce"),),
            )
        elif is_profile(scenario) and int(department) >= n_departments:
            yield Contradiction(
                (*path, position),
                said("refusal.no_department", department=department, n=n_departments, last=n_departments - 1),
                (("organization", "departments"), ("organization", "employees")),
            )


def _change_weeks(scenario: Scenario) -> Iterator[Contradiction]:
    weeks = scenario.run.weeks
    for position, change in enumerate(scenario.changes):
        if change.week >= weeks:
            allowed = said("refusal.week_from", last=weeks - 1) if weeks > 1 else said("refusal.week_none")
            yield Contradiction(
                ("changes", position, "week"),
                said("refusal.week_never", week=change.week, weeks=weeks, allowed=allowed),
                (("run", "weeks"),),
            )


def _changed_twice(scenario: Scenario) -> Iterator[Contradiction]:
    """A key may change once a week for anybody; a framing and one of its numbers are the same key.

    What changes for some departments is laid over what changes for everybody in the same week.
    """
    seen: dict[tuple[int, int | str | None], list[str]] = {}
    for position, change in enumerate(scenario.changes):
        before = [seen.setdefault((change.week, one), []) for one in change.departments or (None,)]
        for key in change.set.as_dict():
            clash = next((other for keys in before for other in keys if _overlap(key, other)), None)
            if clash is not None:
                same = said("refusal.changed_twice") if clash == key else said("refusal.changed_together", other=clash)
                yield Contradiction(
                    ("changes", position, "set", key), said("refusal.changed_in_week", what=same, week=change.week)
                )
            for keys in before:
                keys.append(key)


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def _changed_framing(scenario: Scenario) -> Iterator[Contradiction]:
    """The three shares of the framing must sum to 1 after every week with changes, in every department."""
    named = dict.fromkeys(one for change in scenario.changes for one in change.departments or ())
    found = [one for department in (None, *named) for one in _framing_of(scenario, department)]
    yield from dict.fromkeys(found)


def _framing_of(scenario: Scenario, department: int | str | None) -> Iterator[Contradiction]:
    """Yield what is wrong with the framing of a department; of those that no change names where it is None."""
    framing = scenario.launch.framing.as_dict()
    by_week: dict[int, dict[str, tuple[int, float]]] = {}
    ours = [
        (position, change)
        for position, change in enumerate(scenario.changes)
        if change.departments is None or department in change.departments
    ]
    for position, change in sorted(ours, key=lambda one: (one[1].week, one[1].departments is not None)):
        week = by_week.setdefault(change.week, {})
        for key, value in change.set.as_dict().items():
            if key == FRAMING:
                week.update({name: (position, number_) for name, number_ in value.items()})
            elif key.startswith(f"{FRAMING}."):
                week[key.removeprefix(f"{FRAMING}.")] = (position, value)
    for week_number, week in sorted(by_week.items()):
        framing.update({name: value for name, (_, value) in week.items()})
        changed = [name for name in SHARES if name in week]
        if changed and not shares_sum_to_one(*(framing[name] for name in SHARES)):
            total = number(round(sum(framing[name] for name in SHARES), 6))
            yield Contradiction(
                ("changes", week[changed[0]][0], "set", f"{FRAMING}.{changed[0]}"),
                said("refusal.shares_from_week", total=total, week=week_number),
                (("launch", "framing"),),
            )
