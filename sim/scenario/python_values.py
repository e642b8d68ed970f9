"""Settings written in Python (mappings, lists, NumPy numbers) as located values, like those from a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from sim.scenario.located import Entry, KeyPath, Listing, Node, Place, Scalar, Table
from sim.scenario.problems import Problem
from sim.scenario.wording import shown
from sim.texts.said import said

DEPTH_LIMIT = 20


def located(value: Any, place: Place) -> tuple[Node, list[Problem]]:
    """Return a Python value as located values, all at one place, and what is wrong with its form.

    Tuples become lists and NumPy numbers become plain ones, so that a sampled value can be set as it is.
    """
    problems: list[Problem] = []

    def convert(value: Any, path: KeyPath) -> Node:
        if len(path) > DEPTH_LIMIT:
            problems.append(place.problem(path[:1], said("refusal.nested", limit=DEPTH_LIMIT)))
            return Scalar(place, None)
        if isinstance(value, Mapping):
            entries = {}
            for key, item in value.items():
                if isinstance(key, str):
                    entries[str(key)] = Entry(place, convert(item, (*path, key)))
                else:
                    problems.append(place.problem(path, said("refusal.key_text", value=shown(key))))
            return Table(place, entries)
        if isinstance(value, (list, tuple)):
            return Listing(place, [convert(item, (*path, index)) for index, item in enumerate(value)])
        return Scalar(place, plain_value(value))

    node = convert(value, ())
    return node, problems[:1] if _is_nested_without_end(problems) else problems


def _is_nested_without_end(problems: list[Problem]) -> bool:
    return any("nested" in problem.message for problem in problems)


def plain_value(value: Any) -> Any:
    """Return a path as text, a NumPy number as a plain one, and anything else as it is."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:  # a NumPy scalar
        return value.item()
    return value
