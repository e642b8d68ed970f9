"""Notes on what a person has set: what is allowed and still does nothing, or less than one might think."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.scenario.acting import Idle, Values, idle_keys, values_of
from sim.scenario.by_department import concerns, named_departments
from sim.scenario.located import KeyPath, Listing, Node, Table, plain
from sim.scenario.parameters import PARAMETER_BY_PATH
from sim.scenario.problems import Problem
from sim.scenario.staffing import counted, idle_reading
from sim.scenario.waves import FINAL_WEEKS, Opening
from sim.texts.said import said

_MOST_NAMED = 8
RENEWS = ("launch.framing", "launch.campaign")
"""A change of one of these starts a campaign anew, even where it sets what holds already."""


def notes_on(given: Sequence[Table], resolved: Mapping[str, Any]) -> list[Problem]:
    """Return what has to be said of the settings that a person wrote: those of a file, and each option.

    Parameters
    ----------
    given : sequence of Table
        Located settings, without those of parents: a child that switches something off leaves there what it does not
        need.
    resolved : mapping
        The scenario that all settings make together.
    """
    notes: list[Problem] = []
    values = values_of(counted(resolved))
    written: dict[str, Problem] = {}
    for layer in given:
        for path, node in _leaves(layer):
            written[".".join(map(str, path))] = node.place.problem(path, "")
        notes += _idle_changes(layer, resolved)
    idle = [*idle_keys(written, values), *(one for one in idle_reading(resolved) if one.key in written)]
    notes += [written[one.key]._replace(message=_no_effect(one)) for one in idle]
    return list(dict.fromkeys(notes))


def _no_effect(one: Idle) -> str:
    return said("acting.no_effect", reason=one.reason)


def _leaves(node: Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Node]]:
    """Yield the path and value of each parameter that is set; a value may be written in one piece, such as waves."""
    below: list[tuple[KeyPath, Node]] = []
    if isinstance(node, Table):
        for key, entry in node.entries.items():
            if key != "changes":
                below += _leaves(entry.value, (*path, key))
    yield from below
    if not below and ".".join(map(str, path)) in PARAMETER_BY_PATH:
        yield path, node


def _idle_changes(layer: Table, resolved: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a note for each change that changes nothing."""
    changes = layer.entries["changes"].value if "changes" in layer.entries else None
    if not isinstance(changes, Listing):
        return
    for index, item in enumerate(changes.items):
        settings = item.entries["set"].value if isinstance(item, Table) and "set" in item.entries else None
        week = plain(item).get("week") if isinstance(item, Table) else None
        if not isinstance(settings, Table) or not isinstance(week, int):
            continue
        after, named = values_of(counted(resolved), week), plain(item).get("departments")
        # Whom it concerns: the departments that it names; or everybody, among whom are those that other changes name.
        groups = named or [None, *named_departments(resolved.get("changes"))]
        idle = {one.key: one for one in idle_keys(settings.entries, after)}
        for key, entry in settings.entries.items():
            path = ("changes", index, "set", key)
            if key in idle:
                yield entry.place.problem(path, _no_effect(idle[key]))
            elif not key.startswith(RENEWS) and all(_is_same(resolved, key, week, group) for group in groups):
                yield entry.place.problem(path, said("acting.already_so", week=week))


def _is_same(resolved: Mapping[str, Any], key: str, week: int, department: Any) -> bool:
    """Return whether a key has the same value in a week and the week before, for one department."""
    before, now = (_values_at(resolved, one, department).get(key) for one in (week - 1, week))
    return bool(before == now)


def _values_at(resolved: Mapping[str, Any], week: int, department: Any) -> dict[str, Any]:
    """Return the value of each key in one week, for one department."""
    changes = [one for one in resolved.get("changes") or [] if one["week"] <= week and concerns(one, department)]
    return {key: values[-1] for key, values in values_of({**resolved, "changes": changes}).items()}


def late_openings(found: Sequence[Opening], n_weeks: int) -> list[str]:
    """Say which departments open too late to count: after the run, or in the weeks that outcomes are means of.

    They are named, not refused: a short look at a long roll-out is a good question, as long as one knows what it shows.
    """
    never = [one.name for one in found if one.week > n_weeks]
    late = [one.name for one in found if one.week > 1 and n_weeks - FINAL_WEEKS < one.week <= n_weeks]
    notes: list[str] = []
    if never:
        needed = max(one.week for one in found)
        counts = {"n": len(never), "of": len(found), "weeks": n_weeks, "needed": needed}
        notes.append(said("acting.never_opens", departments=_listed(never), **counts))
    if late:
        notes.append(said("acting.opens_late", n=len(late), of=len(found), departments=_listed(late)))
    return notes


def _listed(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")


def together(values: Sequence[Values]) -> dict[str, list[Any]]:
    """Return the values that keys have in any of several scenarios."""
    found: dict[str, list[Any]] = {}
    for one in values:
        for key, ones in one.items():
            found.setdefault(key, []).extend(value for value in ones if value not in found[key])
    return found
