"""A resolved scenario as flat columns: dotted names, one plain value each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sim.study.plan import NOT_IN_A_RUN, NOT_IN_A_RUN_SECTION

Value = bool | int | float | str | None


def flatten(resolved: Mapping[str, Any]) -> dict[str, Value]:
    """Return the values of a resolved scenario by dotted key, in its order.

    Lists (timed changes, departments of a pilot) become JSON text. Name, description and the study's own
    settings are left out: they are no parameters of a run.
    """
    flat: dict[str, Value] = {}

    def visit(prefix: str, value: Any) -> None:
        if isinstance(value, Mapping):
            for key, inner in value.items():
                visit(f"{prefix}.{key}" if prefix else str(key), inner)
        elif isinstance(value, list | tuple):
            flat[prefix] = json.dumps(value)
        else:
            flat[prefix] = value

    visit("", {key: value for key, value in resolved.items() if key not in NOT_IN_A_RUN})
    for key in NOT_IN_A_RUN_SECTION:
        flat.pop(f"run.{key}", None)
    return flat


@cache
def _kinds() -> dict[str, str]:
    """Return the kind of each parameter in the registry, by path."""
    from sim.scenario.parameters import PARAMETERS

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


def parameter_columns(scenarios: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the columns that some resolved scenarios need: dotted name -> kind, as they first appear."""
    flats = [flatten(resolved) for resolved in scenarios]
    names = dict.fromkeys(name for flat in flats for name in flat)
    return {name: column_kind(name, [flat.get(name) for flat in flats]) for name in names}
