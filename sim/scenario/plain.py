"""Resolve a scenario with the standard library alone: a shipped one by its name, with overrides.

The same result as ``load_scenario(name, overrides).resolved()``, without pydantic and ruamel.yaml: for the page, whose
engine may run in a browser. It refuses what that refuses, and two things more: staff files, since whoever asks may not
be who owns the files, and empty groups, which only a file can have by accident.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from sim.scenario.contradictions import FRAMING, contradictions
from sim.scenario.framing import PRESETS
from sim.scenario.located import Place, Source, Table, dotted, plain
from sim.scenario.merging import with_value
from sim.scenario.parameters import PARAMETER_BY_PATH
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.python_values import located
from sim.scenario.shipped import plain_names, plain_values
from sim.scenario.structure import keys_of
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
        values = _completed(values)
        view = cast(Any, _view(values))
        problems = [_PLACE.problem(one.path, one.message) for one in contradictions(view)]
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    values["organization"].pop("staff", None)  # there are no staff files here
    values["changes"] = sorted(values["changes"], key=lambda change: change["week"])
    return values


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


# --- what is right, filled in ---------------------------------------------------------------------------------------


def _completed(values: Mapping[str, Any], path: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return right values in their types, with the numbers of a framing and of waves filled in."""
    completed: dict[str, Any] = {}
    for key, value in values.items():
        name = dotted((*path, key))
        if name == "changes":
            completed[key] = [_completed_change(one) for one in value]
        elif isinstance(value, Mapping) and name not in (FRAMING, "launch.waves"):
            completed[key] = _completed(value, (*path, key))
        else:
            completed[key] = _completed_value(name, value)
    return completed


def _completed_change(change: Mapping[str, Any]) -> dict[str, Any]:
    named = change.get("departments")
    some = {} if named is None else {"departments": list(named)}
    return {"week": change["week"], **some, "set": _completed_set(change["set"])}


def _completed_set(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _changed_value(key, value) for key, value in values.items()}


def _changed_value(path: str, value: Any) -> Any:
    """Return a right value of a change: of a framing in numbers those that are given, the others stay in force."""
    completed = _completed_value(path, value)
    return {key: completed[key] for key in value} if isinstance(value, Mapping) else completed


def _completed_value(path: str, value: Any) -> Any:
    if path == FRAMING:
        given = PRESETS[value]._asdict() if isinstance(value, str) else value
        return {key: float(given.get(key, PARAMETER_BY_PATH[f"{FRAMING}.{key}"].default)) for key in keys_of(FRAMING)}
    if path == "launch.waves" and isinstance(value, Mapping):
        default = {key: PARAMETER_BY_PATH[f"{path}.{key}"].default for key in keys_of(path)}
        return {key: list(part) if key == "pilot" else part for key, part in {**default, **value}.items()}
    if path in PARAMETER_BY_PATH and PARAMETER_BY_PATH[path].kind == "float" and value is not None:
        return float(value)
    return value


def _view(values: Mapping[str, Any]) -> SimpleNamespace:
    """Return the values with the attributes by which contradictions are looked for."""

    def attributes(part: Any) -> Any:
        return SimpleNamespace(**{key: attributes(inner) for key, inner in part.items()}) if _is_group(part) else part

    view = attributes({key: part for key, part in values.items() if key != "changes"})
    framing = values["launch"]["framing"]
    view.launch.framing = SimpleNamespace(model_dump=lambda: dict(framing))
    view.changes = [_change_view(change) for change in values["changes"]]
    return cast(SimpleNamespace, view)


def _change_view(change: Mapping[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(
        week=change["week"],
        departments=change.get("departments"),
        set=SimpleNamespace(as_dict=lambda: change["set"]),
    )


def _is_group(value: Any) -> bool:
    return isinstance(value, Mapping)
