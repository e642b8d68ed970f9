"""Resolved scenarios as flat columns: dotted names, one plain value each."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sim.study.plan import NOT_IN_A_RUN, NOT_IN_A_RUN_SECTION, Plan

Value = bool | int | float | str | None
WORKFORCE = "organization.workforce"
OWN_FILES = frozenset({WORKFORCE, "organization.staff.contacts"})


def flatten(resolved: Mapping[str, Any]) -> dict[str, Value]:
    """Return the values of a resolved scenario by dotted key, in its order.

    Lists (timed changes, departments of a pilot) become JSON text. Name, description and the study's own
    settings are left out: they are no parameters of a run.
    """
    flat = flatten_value("", {key: value for key, value in resolved.items() if key not in NOT_IN_A_RUN})
    for key in NOT_IN_A_RUN_SECTION:
        flat.pop(f"run.{key}", None)
    return flat


def flatten_value(path: str, value: Any) -> dict[str, Value]:
    """Return one value of a resolved scenario by dotted key: itself, or what is in it."""
    flat: dict[str, Value] = {}

    def visit(prefix: str, value: Any) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                visit(f"{prefix}.{key}" if prefix else str(key), inner)
        elif isinstance(value, list | tuple):
            flat[prefix] = json.dumps(value)
        elif prefix in OWN_FILES and isinstance(value, str):
            flat[prefix] = os.path.basename(value)  # of one's own files: folders tell of people, too
        else:
            flat[prefix] = value

    visit(path, value)
    return flat


@cache
def _kinds() -> dict[str, str]:
    """Return the kind of each parameter in the registry, by path."""
    from sim.scenario.registry import PARAMETERS

    return {parameter.path: parameter.kind for parameter in PARAMETERS}


def column_kind(path: str, values: Sequence[Value]) -> str:
    """Return ``bool``, ``int``, ``float`` or ``text``: what the column of a parameter holds.

    The registry decides, so that the files of two studies fit together; for keys that it does not have (parts
    of a structured value) the values do.
    """
    kind = _kinds().get(path, "")
    given = [value for value in values if value is not None]
    if all(isinstance(value, bool) for value in given):
        found = "bool" if given else "text"
    elif any(isinstance(value, bool | str) for value in given):
        found = "text"
    else:
        found = "int" if all(isinstance(value, int) for value in given) else "float"
    if kind in {"bool", "int", "float"} and (not given or found == kind or (kind, found) == ("float", "int")):
        return kind
    return found


class FlatScenarios:
    """The scenario of each run of a plan as flat columns, without working it out anew for each run.

    Parameters
    ----------
    plan : Plan
        The runs.

    Attributes
    ----------
    kinds : dict of str to str
        The columns that the runs need: dotted name -> kind.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._leaves: dict[str, Mapping[str, Sequence[Any]]] = {
            arm.name: {} if plan.points is None else plan.points.leaves[index] for index, arm in enumerate(plan.arms)
        }
        self._fixed = {arm.name: _without(flatten(arm.resolved), self._leaves[arm.name]) for arm in plan.arms}
        self.kinds = self._kinds(plan)

    def _kinds(self, plan: Plan) -> dict[str, str]:
        examples: dict[str, dict[type, Value]] = {}  # one value of each type is all that a kind depends on
        for name in self._fixed:
            flats = [self.at(name, 0), *(self._varying(name, point) for point in range(plan.n_points))]
            for key, value in (item for flat in flats for item in flat.items()):
                examples.setdefault(key, {})[type(value)] = value
        order = dict.fromkeys(key for arm in plan.arms for key in flatten(arm.resolved))
        names = [*(key for key in order if key in examples), *(key for key in examples if key not in order)]
        return {name: column_kind(name, list(examples[name].values())) for name in names}

    def _varying(self, scenario: str, point: int) -> dict[str, Value]:
        leaves = self._leaves[scenario]
        if WORKFORCE in leaves:  # a staff file settles other keys too
            return flatten(self._plan.scenario_at(scenario, point))
        flat: dict[str, Value] = {}
        for path, values in leaves.items():
            value = values[point]
            if isinstance(value, Mapping | list | tuple):
                flat.update(flatten_value(path, value))
            else:
                flat[path] = value
        return flat

    def at(self, scenario: str, point: int) -> dict[str, Value]:
        """Return the values of one scenario at one point by dotted key."""
        return {**self._fixed[scenario], **self._varying(scenario, point)}


def _without(flat: Mapping[str, Value], paths: Iterable[str]) -> dict[str, Value]:
    """Return the values that are not at or below one of `paths`."""
    gone = set(paths)

    def is_replaced(key: str) -> bool:
        names = key.split(".")
        return any(".".join(names[:depth]) in gone for depth in range(1, len(names) + 1))

    return {key: value for key, value in flat.items() if not is_replaced(key)}
