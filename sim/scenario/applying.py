"""Apply overrides (``--set``, or a mapping in Python) to settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.scenario.located import KeyPath, Node, Place, Scalar, Source, Table
from sim.scenario.merging import prepared, with_value
from sim.scenario.overrides import Override
from sim.scenario.parsing import parse
from sim.scenario.problems import Problem
from sim.scenario.python_values import located
from sim.texts.said import said

Overrides = Sequence[str | Override] | Mapping[str, Any]


def with_overrides(settings: Table, overrides: Overrides) -> tuple[Table, list[Problem]]:
    """Return the settings with the overrides laid over them, and what is wrong with the overrides."""
    problems: list[Problem] = []
    for key, value, wrong in each_override(overrides):
        problems += wrong
        if not wrong:
            settings = prepared(with_value(settings, key, value))
    return settings, problems


def each_as_table(overrides: Overrides) -> list[Table]:
    """Return the settings of each override that can be read."""
    empty = Table(Place(Source(".", Path())))
    return [with_value(empty, key, value) for key, value, wrong in each_override(overrides) if not wrong]


def each_override(overrides: Overrides) -> Iterable[tuple[tuple[str, ...], Node, list[Problem]]]:
    """Yield key, value and problems of each override."""
    if isinstance(overrides, Mapping):
        for key, value in overrides.items():
            place = Place(Source("overrides", Path(), has_lines=False))
            node, problems = located(value, place)
            yield _key(str(key)), node, [*_problems_of_key(str(key), place), *problems]
        return
    for given in [overrides] if isinstance(overrides, str) else overrides:
        override = given if isinstance(given, Override) else Override.from_option(given)
        yield _from_text(override)


def _from_text(override: Override) -> tuple[tuple[str, ...], Node, list[Problem]]:
    key, equals, text = override.text.partition("=")
    source = Source(override.origin, Path(), has_lines=False)
    place = Place(source)
    if not equals:
        return (), Scalar(place, None), [place.problem((), said("refusal.no_equals", example=_EXAMPLE))]
    value, problems = parse(text, source)
    problems = [problem._replace(path=key) for problem in problems]
    return _key(key), value or Scalar(place, None), [*_problems_of_key(key, place), *problems]


_EXAMPLE = "rules.restriction=0.5"


def _key(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("."))


def _problems_of_key(text: str, place: Place) -> list[Problem]:
    key: KeyPath = _key(text)
    if not all(key):
        return [place.problem((), said("refusal.no_key", example=_EXAMPLE))]
    if key[0] == "extends":
        return [place.problem(key, said("refusal.file_only"))]
    return []
