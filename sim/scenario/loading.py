"""Load a scenario from a file, from the shipped ones by name, or from a mapping."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any, NamedTuple

from sim.scenario.applying import Overrides, each_as_table, with_overrides
from sim.scenario.checking import Checked, check, value_problems
from sim.scenario.extending import Chain, display_of, read_chain, with_parents
from sim.scenario.library import SUFFIX, shipped_file, shipped_folder, shipped_names
from sim.scenario.located import Entry, Node, Place, Scalar, Source, Table
from sim.scenario.merging import merged, prepared, with_value
from sim.scenario.noting import notes_on
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.python_values import located
from sim.scenario.schema import Scenario
from sim.scenario.short_names import by_full_key
from sim.scenario.staffing import with_staff
from sim.scenario.structure import name_from_file
from sim.scenario.wording import did_you_mean, shown
from sim.texts.said import said

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
        Gets what is allowed but does nothing, or less than one might think (`sim.scenario.noting`).

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
    return scenario_from_mapping(plain, overrides, origin=given.name)


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
    if not isinstance(node, Table):
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
    """Return the file that a person means, and what messages call it.

    Raises
    ------
    ScenarioError
        If there is neither such a file nor such a shipped scenario.
    """
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
    hint = did_you_mean(file.stem, shipped_names())
    message = said("refusal.no_scenario_file", hint=hint)
    raise ScenarioError([Problem(given, None, None, "", message)])


def checked_with(chain: Chain, settings_over: Sequence[tuple[Sequence[str], Node]], default_name: str) -> Checked:
    """Return the scenario of a chain of files with some settings laid over it, or everything that is wrong.

    Parameters
    ----------
    chain : Chain
        A scenario file with its parents.
    settings_over : sequence of tuple
        Path of keys and located value of each setting, in the order in which they are laid.
    default_name : str
        Name of the scenario where no file gives one.
    """
    return _checked(chain, lambda settings: (_laid_over(settings, settings_over), []), default_name)


def _laid_over(settings: Table, settings_over: Sequence[tuple[Sequence[str], Node]]) -> Table:
    for path, value in settings_over:
        settings = prepared(with_value(settings, path, value))
    return settings


def _scenario(chain: Chain, overrides: Overrides, default_name: str) -> Scenario:
    """Return the scenario that a chain of files and the overrides describe."""
    checked = _checked(chain, lambda settings: with_overrides(settings, overrides), default_name)
    if checked.scenario is None:
        raise ScenarioError(checked.problems)
    return checked.scenario


def _checked(chain: Chain, lay_over: Callable[[Table], tuple[Table, list[Problem]]], default_name: str) -> Checked:
    """Return what a chain of files describes once `lay_over` has changed its settings."""
    below, problems = _merged_layers(chain)
    settings, wrong = lay_over(below)
    if settings is not below:
        problems += value_problems(below)
    settings, beside_staff = with_staff(settings, chain.layers)
    checked = check(_named(settings, default_name))
    problems = [*chain.problems, *problems, *wrong, *beside_staff, *checked.problems]
    return Checked(None if problems else checked.scenario, _in_order(problems, chain.layers))


def _merged_layers(chain: Chain) -> tuple[Table, list[Problem]]:
    """Return the settings of all files together, and what is wrong with values that a later file replaces."""
    settings = Table(Place(Source(".", Path())))
    problems: list[Problem] = []
    for layer in chain.layers:
        problems += value_problems(settings)
        inherited = {key: entry for key, entry in settings.entries.items() if key not in _OWN_KEYS}
        # The oldest file has nothing below it: what it leaves out are the defaults of single keys.
        settings = layer if layer is chain.layers[0] else merged(Table(settings.place, inherited), layer)
    return settings, problems


def _named(settings: Table, name: str) -> Table:
    if "name" in settings.entries:
        return settings
    return Table(settings.place, {"name": Entry(settings.place, Scalar(settings.place, name)), **settings.entries})


def _in_order(problems: Sequence[Problem], layers: Sequence[Table]) -> list[Problem]:
    """Return each problem once: parents before children, then by line; options last."""
    files = [layer.place.source.name for layer in layers]
    rank = {name: position for position, name in enumerate(dict.fromkeys(files))}
    return sorted(
        dict.fromkeys(problems),
        key=lambda problem: (rank.get(problem.file, len(rank)), problem.line or 0, problem.column or 0),
    )
