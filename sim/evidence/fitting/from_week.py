"""What if something were changed from some week on? Launches that share the weeks that were lived."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.analysis.over_worlds import own_value
from sim.catalog.registry import CHANGEABLE
from sim.errors import InputError
from sim.evidence.fitting.fit import lived_hash, summary_of
from sim.runs.columns import flatten
from sim.scenario.contradictions import FRAMING
from sim.scenario.schema import Change, Scenario
from sim.words import Said, said

_ASIDE = ("name", "description", "changes", "run")
MOST_NAMED = 8


class FromWeek(NamedTuple):
    """Scenarios that share the weeks before one, and what each of them changes then."""

    scenarios: tuple[Scenario, ...]
    notes: tuple[Said, ...]


def from_week(scenarios: Sequence[Scenario], week: int, fit_folder: Path | None = None) -> FromWeek:
    """Return scenarios that are as they were lived until a week, and differ from then on.

    `scenarios`: one of them is what was done: that which a fit is about, or the first; `week`: the first week in which
    they differ, from 2; `fit_folder`: the folder of a fit.

    Raises InputError if none was lived, or one differs in what cannot change once the platform is there.
    """
    n_weeks = min(each.run.weeks for each in scenarios)
    if not 2 <= week <= n_weeks:
        raise InputError(said("fit.from_week.range", week=week, weeks=n_weeks))
    lived = _lived(scenarios, fit_folder)
    problems: list[Said] = []
    made, notes = [], []
    for scenario in scenarios:
        found, changed = _changed_from(lived, scenario, week, problems)
        made.append(found)
        if changed:
            facts = {"name": scenario.name, "lived": lived.name, "before": week - 1, "week": week}
            notes.append(said("fit.from_week.note", **facts, keys=", ".join(changed)))
        else:
            notes.append(said("fit.from_week.same", name=scenario.name, week=week))
    if problems:
        raise InputError(problems)
    return FromWeek(tuple(made), tuple(notes))


def _lived(scenarios: Sequence[Scenario], fit_folder: Path | None) -> Scenario:
    summary = None if fit_folder is None else summary_of(fit_folder)
    if summary is None:
        return scenarios[0]
    for scenario in scenarios:
        if lived_hash(scenario.resolved()) == summary["lived"]:
            return scenario
    raise InputError(said("fit.from_week.not_lived", name=summary["scenario"]))


def _changed_from(lived: Scenario, other: Scenario, week: int, problems: list[Said]) -> tuple[Scenario, list[str]]:
    """Return a scenario that is as lived until a week and then as `other`, and the keys that change then."""
    before, after = _settings(lived), _settings(other)
    differ = [key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key)]
    differ = list(dict.fromkeys(FRAMING if key.startswith(f"{FRAMING}.") else key for key in differ))
    allowed = list(dict.fromkeys(_shown(entry.path) for entry in CHANGEABLE))
    past = [key for key in differ if key not in allowed]
    if past:
        keys = ", ".join(past[:MOST_NAMED]) + (", ..." if len(past) > MOST_NAMED else "")
        problems.append(said("fit.from_week.past", name=other.name, keys=keys, week=week, allowed=", ".join(allowed)))
    happened = [change.as_dict() for change in lived.changes if change.week < week - 1]
    early = [change.as_dict() for change in other.changes if change.week < week - 1]
    if early not in ([], happened):
        problems.append(said("fit.from_week.changes", name=other.name, week=week, lived=lived.name))
    if problems:
        return other, []
    plain = other.resolved()
    new = {key: own_value(plain, key) for key in differ}
    later = [change for change in other.changes if change.week >= week - 1]
    changes = [change for change in lived.changes if change.week < week - 1]
    if new:
        changes.append(Change(week=week - 1, set=new))
    kept = {name: getattr(lived, name) for name in plain if name not in _ASIDE}
    found = Scenario(
        name=other.name, description=other.description, run=other.run, changes=(*changes, *later), **kept
    )  # fmt: skip
    return found, [*new, *(key for change in later for key in change.set.as_dict())]


def _settings(scenario: Scenario) -> dict[str, Any]:
    plain = {key: value for key, value in scenario.resolved().items() if key not in _ASIDE}
    return dict(flatten(plain))


def _shown(path: str) -> str:
    return FRAMING if path.startswith(f"{FRAMING}.") else path
