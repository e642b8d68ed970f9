"""Load a scenario from a file, a shipped one by name, or a mapping; check it, and say what in it does nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any, NamedTuple

from sim.catalog.registry import PARAMETER_BY_PATH
from sim.scenario.acting import Idle, Values, idle_keys, values_of
from sim.scenario.contradictions import Contradiction, contradictions
from sim.scenario.departments import FINAL_WEEKS, Opening, concerns, named_departments
from sim.scenario.grammar import Wrong, name_from_file, wrong_values
from sim.scenario.hints import did_you_mean, shown, unknown_key
from sim.scenario.library import SUFFIX, other_command, shipped_file, shipped_folder, shipped_names
from sim.scenario.overrides import Overrides, by_full_key, each_as_table, with_overrides
from sim.scenario.places import (
    Entry,
    KeyPath,
    Keys,
    Listing,
    Node,
    Place,
    Problem,
    Scalar,
    ScenarioError,
    Source,
    dotted,
    located,
    merged,
    node_at,
    place_of,
    place_of_key,
    plain,
    prepared,
    with_value,
)
from sim.scenario.schema import Scenario
from sim.scenario.staffing import counted, idle_reading, with_staff
from sim.scenario.yaml_files import Chain, display_of, read_chain, with_parents
from sim.words import said


class Checked(NamedTuple):
    """Outcome of a check."""

    scenario: Scenario | None  # the scenario, where nothing is wrong
    problems: list[Problem]  # everything that is wrong


def value_problems(settings: Keys) -> list[Problem]:
    """Return what is wrong with single keys and values, contradictions between them left aside."""
    return [_problem(settings, one) for one in wrong_values(plain(settings), takes_files=True)]


def check(settings: Keys) -> Checked:
    """Return the scenario that the settings describe, or everything that is wrong with them.

    Contradictions are looked for among the values that are right by themselves, so that they are reported
    together with the wrong ones.
    """
    values = plain(settings)
    found = list(wrong_values(values, takes_files=True))
    if not found:
        scenario = Scenario.of(values)
        against = contradictions(scenario)
        return Checked(None if against else scenario, [_contradiction(settings, one) for one in against])
    problems = [_problem(settings, one) for one in found]
    among = _contradictions_among_the_right(values, [_unit(one.path) for one in found])
    return Checked(None, [*problems, *(_contradiction(settings, one) for one in among)])


def _problem(settings: Keys, one: Wrong) -> Problem:
    if one.group is None:
        return place_of(settings, one.path).problem(one.path, one.message)
    place = place_of_key(settings, one.path)
    return place.problem(one.path, unknown_key(one.path, one.group, place.source.has_lines))


def _contradiction(settings: Keys, one: Contradiction) -> Problem:
    """Return the problem at the place of its key, naming the files of the other keys where they differ."""
    place = _place_in(settings, one.path)
    elsewhere = [
        said("refusal.elsewhere.one", path=dotted(path), where=_where(other))
        for path in one.involves
        if node_at(settings, path) is not None and (other := place_of(settings, path)).source != place.source
    ]
    message = one.message
    if elsewhere:
        message = said("refusal.elsewhere.all", message=message, places=_one_after_another(elsewhere))
    return place.problem(one.path, message)


def _one_after_another(messages: Sequence[str]) -> str:
    first, *others = messages
    return said("refusal.elsewhere.more", first=first, others=_one_after_another(others)) if others else first


def _place_in(settings: Keys, path: KeyPath) -> Place:
    """Return the place of a value; for a key under ``set``, of the key."""
    return place_of_key(settings, path) if path[:1] == ("changes",) and "set" in path else place_of(settings, path)


def _where(place: Place) -> str:
    if place.line is None or not place.source.has_lines:
        return place.source.name
    return f"{place.source.name}:{place.line}:{place.column}"


def _contradictions_among_the_right(values: dict[str, Any], wrong: list[KeyPath]) -> Iterable[Contradiction]:
    """Yield contradictions in which no wrong value takes part."""
    kept = [index for index in range(_n_changes(values)) if ("changes", index) not in {path[:2] for path in wrong}]
    rest = _without(values, wrong)
    if isinstance(values.get("changes"), list):
        rest["changes"] = [values["changes"][index] for index in kept]
    scenario = Scenario.of(rest)
    for one in contradictions(scenario):
        path = one.path
        if path[0] == "changes":
            path = ("changes", kept[int(path[1])], *path[2:])
        if not any(_touch(key, bad) for key in (path, *one.involves) for bad in wrong):
            yield one._replace(path=path)


def _unit(path: KeyPath) -> KeyPath:
    """Return the path of what stands or falls together: a framing in numbers is right or wrong as a whole."""
    return path[:2] if path[:2] == ("launch", "framing") else path


def _n_changes(values: dict[str, Any]) -> int:
    changes = values.get("changes")
    return len(changes) if isinstance(changes, list) else 0


def _touch(one: KeyPath, other: KeyPath) -> bool:
    """Return whether one path leads to the other or lies below it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _without(values: dict[str, Any], wrong: list[KeyPath]) -> dict[str, Any]:
    """Return the values without the wrong ones; a list with a wrong item is left out whole."""
    kept: dict[str, Any] = {}
    for key, value in values.items():
        inside = [path[1:] for path in wrong if path[0] == key]
        if not inside:
            kept[key] = value
        elif isinstance(value, dict) and all(inside):
            kept[key] = _without(value, inside)
    return kept


_MOST_NAMED = 8
RENEWS = ("launch.framing", "launch.campaign")
"""A change of one of these starts a campaign anew, even where it sets what holds already."""


def notes_on(given: Sequence[Keys], resolved: Mapping[str, Any]) -> list[Problem]:
    """Return what has to be said of the settings that a person wrote: those of a file, and each option.

    `given` is without those of parents: a child that switches something off leaves there what it does not need.
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
    if isinstance(node, Keys):
        for key, entry in node.entries.items():
            if key != "changes":
                below += _leaves(entry.value, (*path, key))
    yield from below
    if not below and ".".join(map(str, path)) in PARAMETER_BY_PATH:
        yield path, node


def _idle_changes(layer: Keys, resolved: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a note for each change that changes nothing."""
    changes = layer.entries["changes"].value if "changes" in layer.entries else None
    if not isinstance(changes, Listing):
        return
    for index, item in enumerate(changes.items):
        settings = item.entries["set"].value if isinstance(item, Keys) and "set" in item.entries else None
        week = plain(item).get("week") if isinstance(item, Keys) else None
        if not isinstance(settings, Keys) or not isinstance(week, int):
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


_OWN_KEYS = ("name", "description")  # a child does not take these from its parent


class ShippedScenario(NamedTuple):
    """A scenario that comes with the project."""

    name: str
    description: str
    file: Path


def load_scenario(
    path_or_name: str | PathLike[str], overrides: Overrides = (), notes: list[Problem] | None = None
) -> Scenario:
    """Return the scenario in a file, or a shipped one by its name.

    Parameters
    ----------
    path_or_name : str or path
        A file such as ``scenarios/collaboration.yaml``, or the bare name ``collaboration``.
    overrides : sequence of str, or mapping
        Settings that take the place of those in the file: ``["rules.restriction=0.5"]`` (values as in YAML)
        or ``{"rules.restriction": 0.5}``.
    notes : list of Problem, optional
        Gets what is allowed but does nothing, or less than one might think (`sim.scenario.loading`).

    Raises
    ------
    ScenarioError
        If anything is wrong; it lists every problem with file, line, column and key.
    """
    file, display = _find(fspath(path_or_name))
    chain = read_chain(file, display)
    scenario = _scenario(chain, overrides, name_from_file(file.stem))
    if notes is not None:
        notes += notes_on([*chain.layers[-1:], *each_as_table(overrides)], scenario.resolved())
    return scenario


def as_scenario(
    given: Scenario | str | PathLike[str], overrides: Overrides = (), settings: Mapping[str, Any] | None = None
) -> Scenario:
    """Return a scenario, given as it is, by its name or as a file, with settings laid over it.

    Of one that is given as it is, it stays known which coefficients it sets itself. `overrides` are as for
    `load_scenario`; `settings` win over them, and may be named by the last part of their key (`by_full_key`).

    Raises
    ------
    ScenarioError
        If anything is wrong.
    """
    if settings:
        return as_scenario(as_scenario(given, overrides), by_full_key(settings))
    if isinstance(given, str | PathLike):
        return load_scenario(given, overrides)
    if not overrides:
        return given
    plain = given.resolved()
    own = {key.removeprefix("behavior.") for key in given.own_coefficients()}
    plain["behavior"] = {name: value for name, value in plain["behavior"].items() if name in own}
    scenario = scenario_from_mapping(plain, overrides, origin=given.name)
    scenario.__dict__["_own"] |= given.__dict__.get("_own", frozenset())
    return scenario


def scenario_from_mapping(settings: Mapping[str, Any], overrides: Overrides = (), origin: str = "scenario") -> Scenario:
    """Return the scenario in a mapping that is nested like a scenario file.

    Parameters
    ----------
    settings : mapping
        Such as ``{"rules": {"restriction": 0.5}}`` or the result of ``Scenario.resolved()``. Files that it
        names are relative to the current folder.
    overrides : sequence of str, or mapping
        As for `load_scenario`.
    origin : str
        What messages call the mapping.

    Raises
    ------
    ScenarioError
        If anything is wrong.
    """
    place = Place(Source(origin, Path(), has_lines=False, is_whole=True))
    node, problems = located(settings, place)
    if not isinstance(node, Keys):
        raise ScenarioError([place.problem((), said("refusal.no_mapping", value=shown(settings)))])
    chain = with_parents(node)
    return _scenario(Chain(chain.layers, [*chain.problems, *problems]), overrides, "scenario")


def list_scenarios() -> tuple[ShippedScenario, ...]:
    """Return the shipped scenarios with their descriptions.

    Raises
    ------
    ScenarioError
        If one of them cannot be read.
    """
    scenarios = ((load_scenario(shipped_folder() / f"{name}{SUFFIX}"), name) for name in shipped_names())
    return tuple(
        ShippedScenario(name, scenario.description, shipped_folder() / f"{name}{SUFFIX}")
        for scenario, name in scenarios
    )


def _find(given: str) -> tuple[Path, str]:
    """Return the file that a person means, and what messages call it; ScenarioError if there is none."""
    if not given.strip():
        raise ScenarioError([Problem("''", None, None, "", said("refusal.no_scenario_name"))])
    file = Path(given)
    try:
        exists = file.exists()
    except (OSError, ValueError):
        exists = True  # reading it tells what is wrong
    shipped = shipped_file(given)
    if shipped is not None and not (exists and file.is_file()):
        return shipped, display_of(shipped)
    if exists or file.is_symlink():
        return file, given
    hint = other_command(given) or did_you_mean(file.stem, shipped_names())
    message = said("refusal.no_scenario_file", hint=hint)
    raise ScenarioError([Problem(given, None, None, "", message)])


def checked_with(chain: Chain, settings_over: Sequence[tuple[Sequence[str], Node]], default_name: str) -> Checked:
    """Return the scenario of a chain of files with some settings laid over it, or everything that is wrong.

    `settings_over` are keys with their values in the order in which they are laid; `default_name` is that of a scenario
    where no file gives one.
    """
    return _checked(chain, lambda settings: (_laid_over(settings, settings_over), []), default_name)


def _laid_over(settings: Keys, settings_over: Sequence[tuple[Sequence[str], Node]]) -> Keys:
    for path, value in settings_over:
        settings = prepared(with_value(settings, path, value))
    return settings


def _scenario(chain: Chain, overrides: Overrides, default_name: str) -> Scenario:
    """Return the scenario that a chain of files and the overrides describe."""
    checked = _checked(chain, lambda settings: with_overrides(settings, overrides), default_name)
    if checked.scenario is None:
        raise ScenarioError(checked.problems)
    return checked.scenario


def _checked(chain: Chain, lay_over: Callable[[Keys], tuple[Keys, list[Problem]]], default_name: str) -> Checked:
    """Return what a chain of files describes once `lay_over` has changed its settings."""
    below, problems = _merged_layers(chain)
    settings, wrong = lay_over(below)
    if settings is not below:
        problems += value_problems(below)
    settings, beside_staff = with_staff(settings, chain.layers)
    checked = check(_named(settings, default_name))
    if checked.scenario is not None:
        checked.scenario.__dict__["_own"] = frozenset(_own_settings(settings))
    problems = [*chain.problems, *problems, *wrong, *beside_staff, *checked.problems]
    return Checked(None if problems else checked.scenario, _in_order(problems, chain.layers))


def _own_settings(settings: Keys) -> Iterator[str]:
    """Yield the keys that files of one's own or options set; what ships says what is usual."""
    shipped = os.path.realpath(shipped_folder())
    for path, node in _leaves(settings):
        source = node.place.source
        if not source.is_whole and not (source.has_lines and os.path.realpath(source.folder) == shipped):
            yield dotted(path)


def _merged_layers(chain: Chain) -> tuple[Keys, list[Problem]]:
    """Return the settings of all files together, and what is wrong with values that a later file replaces."""
    settings = Keys(Place(Source(".", Path())))
    problems: list[Problem] = []
    for layer in chain.layers:
        problems += value_problems(settings)
        inherited = {key: entry for key, entry in settings.entries.items() if key not in _OWN_KEYS}
        # The oldest file has nothing below it: what it leaves out are the defaults of single keys.
        settings = layer if layer is chain.layers[0] else merged(Keys(settings.place, inherited), layer)
    return settings, problems


def _named(settings: Keys, name: str) -> Keys:
    if "name" in settings.entries:
        return settings
    return Keys(settings.place, {"name": Entry(settings.place, Scalar(settings.place, name)), **settings.entries})


def _in_order(problems: Sequence[Problem], layers: Sequence[Keys]) -> list[Problem]:
    """Return each problem once: parents before children, then by line; options last."""
    files = [layer.place.source.name for layer in layers]
    rank = {name: position for position, name in enumerate(dict.fromkeys(files))}
    return sorted(
        dict.fromkeys(problems),
        key=lambda problem: (rank.get(problem.file, len(rank)), problem.line or 0, problem.column or 0),
    )
