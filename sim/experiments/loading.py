"""Load an experiment from a file, from the shipped ones by name, or from a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any, NamedTuple

from sim.experiments.factors import Experiment, Factor
from sim.experiments.grammar import KEYS, TELLING_KEYS
from sim.experiments.overlay import Overlay
from sim.experiments.reading import Given, read_experiment
from sim.experiments.settings import Setting, impossible_points, read_settings, unseen_points
from sim.scenario.acting import idle_keys, values_of
from sim.scenario.grammar import name_from_file
from sim.scenario.hints import did_you_mean, shown
from sim.scenario.library import (
    SUFFIX,
    experiment_file,
    experiment_names,
    experiments_folder,
    other_command,
    shipped_file,
)
from sim.scenario.loading import together
from sim.scenario.overrides import Overrides, each_override
from sim.scenario.places import (
    Entry,
    KeyPath,
    Keys,
    Place,
    Problem,
    ScenarioError,
    Source,
    located,
    place_of,
    place_of_key,
    with_value,
)
from sim.scenario.staffing import counted, idle_reading
from sim.scenario.yaml_files import UnreadableFileError, display_of, layer_from_text, parse, read_text
from sim.words import said

NOUN = "refusal.noun.experiment"
_SECTIONS = ("levers", "uncertainties", "quick")
"""Keys of an experiment behind which an override can name a key inside, as in ``levers.rules.restriction=[0, 1]``."""


class ShippedExperiment(NamedTuple):
    """An experiment that comes with the project."""

    name: str
    experiment: Experiment
    file: Path


def load_experiment(
    path_or_name: str | PathLike[str],
    overrides: Overrides = (),
    quick: bool = False,
    notes: list[Problem] | None = None,
) -> Experiment:
    """Return the experiment in a file, or a shipped one by its name.

    Parameters
    ----------
    path_or_name : str or path
        A file such as ``experiments/framing.yaml``, or the bare name ``framing``.
    overrides : sequence of str, or mapping
        Settings that take the place of those in the file, ``quick`` included: keys of an experiment
        (``samples=64``, ``outcomes=[alive]``, ``levers.rules.restriction=[0, 1]``), or keys of a scenario
        (``run.weeks=12``), which then hold for every run.
    quick : bool
        Whether to lay the section ``quick`` of the file over it.
    notes : list of Problem, optional
        Gets the factors and fixed settings that have no effect at any point of any base.

    Raises
    ------
    ScenarioError
        If anything is wrong, the base scenarios included; it lists every problem with file, line, column and key.
    """
    file, display = _find(fspath(path_or_name))
    try:
        text = read_text(file)
    except UnreadableFileError as error:
        raise ScenarioError([Problem(display, None, None, "", error.reason)]) from None
    table, problems = layer_from_text(text, Source(display, file.parent), NOUN)
    if problems and not table.entries:
        raise ScenarioError(problems)
    experiment = _experiment(table, problems, overrides, quick, name_from_file(file.stem))
    wrong = impossible_points(experiment, table) + unfit_factors(experiment, table)
    if "quick" in table.entries and not quick:  # others will ask for the small version
        try:
            smaller = _experiment(table, problems, overrides, True, name_from_file(file.stem))
            found = impossible_points(smaller, table)
        except ScenarioError as error:
            found = list(error.problems)
        only_there = [one for one in found if one not in wrong]
        wrong += [one._replace(message=said("refusal.with_quick", message=one.message)) for one in only_there]
    if wrong:
        raise ScenarioError(_in_order(wrong, display))
    if notes is not None:
        notes += idle_factors(experiment, table) + unseen_points(experiment, table)
    return experiment


def experiment_from_mapping(
    settings: Mapping[str, Any], overrides: Overrides = (), quick: bool = False, origin: str = "experiment"
) -> Experiment:
    """Return the experiment in a mapping that is nested like an experiment file.

    Files that it names are relative to the current folder; `origin` is what messages call the mapping.

    Raises
    ------
    ScenarioError
        If anything is wrong.
    """
    place = Place(Source(origin, Path(), has_lines=False))
    node, problems = located(settings, place)
    if not isinstance(node, Keys):
        raise ScenarioError([place.problem((), said("refusal.no_mapping", value=shown(settings)))])
    return _experiment(node, problems, overrides, quick, "experiment")


def list_experiments() -> tuple[ShippedExperiment, ...]:
    """Return the shipped experiments.

    Raises
    ------
    ScenarioError
        If one of them cannot be read.
    """
    files = ((name, experiments_folder() / f"{name}{SUFFIX}") for name in experiment_names())
    return tuple(ShippedExperiment(name, load_experiment(file), file) for name, file in files)


def is_experiment(path_or_name: str | PathLike[str]) -> bool:
    """Return whether a file holds an experiment rather than a scenario, or a name is that of a shipped experiment.

    A file is told by its keys. What cannot be read counts as no experiment.
    """
    given = fspath(path_or_name)
    file = Path(given)
    if _is_file(file):
        try:
            node, _ = parse(read_text(file), Source(given, file.parent))
        except UnreadableFileError:
            return False
        return isinstance(node, Keys) and any(key in TELLING_KEYS for key in node.entries)
    return shipped_file(given) is None and experiment_file(given) is not None


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):
        return False


def _find(given: str) -> tuple[Path, str]:
    """Return the file that a person means, and what messages call it.

    Raises
    ------
    ScenarioError
        If there is neither such a file nor such a shipped experiment.
    """
    if not given.strip():
        raise ScenarioError([Problem("''", None, None, "", said("refusal.no_experiment_name"))])
    file = Path(given)
    shipped = experiment_file(given)
    if shipped is not None and not _is_file(file):
        return shipped, display_of(shipped)
    try:
        is_there = file.exists() or file.is_symlink()
    except (OSError, ValueError):
        is_there = True  # reading it tells what is wrong
    if is_there:
        return file, given
    hint = other_command(given) or did_you_mean(file.stem, experiment_names())
    raise ScenarioError([Problem(given, None, None, "", said("refusal.no_experiment_file", hint=hint))])


def _experiment(
    table: Keys, problems: Sequence[Problem], overrides: Overrides, quick: bool, default_name: str
) -> Experiment:
    """Return the experiment that a group of settings and the overrides describe."""
    file = table.place.source.name
    table, over, wrong = _with_overrides(table, overrides)
    read = read_experiment(Given(table, over, quick, default_name, file))
    found = list(dict.fromkeys([*problems, *wrong, *read.problems]))
    if found or read.experiment is None:
        raise ScenarioError(_in_order(found, file))
    return read.experiment


def _with_overrides(table: Keys, overrides: Overrides) -> tuple[Keys, list[Setting], list[Problem]]:
    """Return the experiment with overrides of its own keys laid over it, the other overrides, and what is wrong."""
    over: list[Setting] = []
    problems: list[Problem] = []
    for key, value, wrong in each_override(overrides):
        problems += wrong
        if wrong:
            continue
        if key[0] in _SECTIONS and len(key) > 1:
            inner = key[1:] if key[0] == "quick" else (".".join(key[1:]),)
            table = with_value(table, (key[0], *inner), value)
        elif key[0] in KEYS and key[0] != "set":
            table = with_value(table, key, value)
        elif len(key) == 1 and (hint := did_you_mean(key[0], KEYS)):
            problems.append(value.place.problem(key, said("refusal.unknown", hint=hint)))
        else:
            name = ".".join(key[1:] if key[0] == "set" else key)
            right, found = read_settings(Keys(value.place, {name: Entry(value.place, value)}), ())
            over += right
            problems += found
    return table, over, problems


def _in_order(problems: Sequence[Problem], file: str) -> list[Problem]:
    """Return the problems of base scenarios first, then those of the experiment, each by line; options last."""
    elsewhere = [one.file for one in problems if one.line is not None and one.file != file]
    files = list(dict.fromkeys(elsewhere))
    rank = {name: position for position, name in enumerate([*files, file])}
    return sorted(
        problems,
        key=lambda problem: (rank.get(problem.file, len(rank)), problem.line or 0, problem.column or 0),
    )


# Factors and fixed settings of an experiment that no rule reads, at any point of any base.


_MOST = 200
"""Alternatives of a factor that are looked at; more are seldom of another kind."""


def idle_factors(experiment: Experiment, table: Keys) -> list[Problem]:
    """Return a note for each lever, uncertainty or fixed setting that does nothing.

    What each key needs is looked for among all values that the bases, and all other factors, can give it: a factor is
    named only where no combination would do. Ranges of the registry that were asked for by a group are not named: they
    stand for whatever is not known.
    """
    values = together([values_of(counted(each)) for each in _possible(experiment)])
    notes: list[Problem] = []
    for factor in experiment.factors:
        if factor.registry not in ("", factor.name):
            continue
        idle = idle_keys(factor.keys, values)
        if len(idle) == len(factor.keys) and idle:
            path = ("levers" if factor.is_lever else "uncertainties", factor.name)
            message = said("acting.no_effect", reason=idle[0].reason)
            notes.append(place_of_key(table, path).problem(path, message))
    readings = [{one.key: one for one in idle_reading(base.resolved())} for base in experiment.bases]
    unread = [readings[0][key] for key in experiment.fixed if all(key in reading for reading in readings)]
    for one in (*idle_keys(experiment.fixed, values), *unread):
        path = ("set", one.key)
        notes.append(place_of(table, path).problem(path, said("acting.no_effect", reason=one.reason)))
    return notes


def _possible(experiment: Experiment) -> Iterator[Mapping[str, Any]]:
    """Yield resolved scenarios that together have every value that a key can have."""
    for base in experiment.bases:
        yield base.resolved()
        for factor in experiment.factors:
            overlay = Overlay(base, factor.keys)
            for settings in _settings(factor):
                laid = overlay.lay(settings)
                if laid.scenario is not None:
                    yield laid.scenario.resolved()


def _settings(factor: Factor) -> Iterator[Mapping[str, Any]]:
    if factor.spread is not None:
        yield from ({factor.name: factor.spread.value(share)} for share in (0.001, 0.5, 0.999))
    else:
        yield from (one.settings for one in factor.alternatives[:_MOST])


# Whether the factors of an experiment fit its method of sensitivity analysis.


_MOST_UNORDERED = 2
"""Alternatives between which a step of a trajectory does not depend on the order in which they were written."""


def unordered_factors(experiment: Experiment) -> list[Factor]:
    """Return the factors between whose alternatives method morris cannot take steps."""
    if experiment.method != "morris":
        return []
    return [factor for factor in experiment.factors if len(factor.alternatives) > _MOST_UNORDERED]


def unfit_factors(experiment: Experiment, table: Keys) -> list[Problem]:
    """Return what is wrong with the factors of an experiment in the eyes of its method."""
    problems: list[Problem] = []
    for factor in unordered_factors(experiment):
        path: KeyPath = ("levers" if factor.is_lever else "uncertainties", factor.name)
        message = said("refusal.levels.no_order", n=len(factor.alternatives))
        problems.append(place_of_key(table, path).problem(path, message))
    if experiment.by_group and experiment.method == "pawn":
        problems.append(place_of_key(table, ("by_group",)).problem(("by_group",), said("refusal.by_group_pawn")))
    return problems
