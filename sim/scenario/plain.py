"""Resolve a scenario with the standard library alone: a shipped one by its name, with overrides.

The same result as ``load_scenario(name, overrides).resolved()``, without ruamel.yaml: for the page, whose
engine may run in a browser. It refuses what that refuses, and two things more: staff files, since whoever asks may not
be who owns the files, and empty groups, which only a file can have by accident.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.scenario.contradictions import contradictions
from sim.scenario.located import Place, Source, Table, plain
from sim.scenario.merging import with_value
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.python_values import located
from sim.scenario.schema import Scenario
from sim.scenario.shipped import plain_names, plain_values
from sim.scenario.walk import wrong_values
from sim.scenario.wording import did_you_mean, shown
from sim.texts.said import said

_PLACE = Place(Source("overrides", Path(), has_lines=False))


def resolve(name: str | None, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return a shipped scenario with overrides laid over it, all values filled in.

    Parameters
    ----------
    name : str or None
        Name of a shipped scenario; None for one in which everything has its default.
    overrides : mapping
        Values by dotted key, such as ``{"rules.restriction": 0.5}``; later ones are laid over earlier ones.

    Returns
    -------
    dict
        In the form of ``Scenario.resolved()``.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or a key or value is wrong; it lists every problem.
    """
    if name is not None and name not in plain_names():
        message = said("refusal.no_shipped", hint=did_you_mean(name, plain_names()))
        raise ScenarioError([Problem(shown(name), None, None, "", message)])
    settings, problems = _laid_over(plain_values(name), overrides)
    values: dict[str, Any] = plain(settings)
    problems += [_PLACE.problem(one.path, one.message) for one in wrong_values(values, takes_files=False)]
    if not problems:
        scenario = Scenario.of(values)
        problems = [_PLACE.problem(one.path, one.message) for one in contradictions(scenario)]
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return scenario.resolved()


def _laid_over(values: dict[str, Any], overrides: Mapping[str, Any]) -> tuple[Table, list[Problem]]:
    settings, problems = located(values, _PLACE)
    assert isinstance(settings, Table)
    for key, value in overrides.items():
        path = tuple(part.strip() for part in str(key).split("."))
        node, wrong = located(value, _PLACE)
        if not all(path):
            wrong = [_PLACE.problem((), said("refusal.no_key_example"))]
        elif path[0] == "extends":
            wrong = [_PLACE.problem(path, said("refusal.file_only"))]
        problems += wrong
        if not wrong:
            settings = with_value(settings, path, node)
    return settings, problems
