"""Settings given beside a scenario: ``--set rules.restriction=0.5``, a mapping in Python, keys by their last part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.catalog.registry import GROUPS, PARAMETER_BY_PATH
from sim.scenario import Override
from sim.scenario.hints import did_you_mean
from sim.scenario.places import KeyPath, Keys, Node, Place, Problem, Scalar, Source, located, prepared, with_value
from sim.scenario.yaml_files import parse
from sim.words import said

Overrides = Sequence[str | Override] | Mapping[str, Any]


def with_overrides(settings: Keys, overrides: Overrides) -> tuple[Keys, list[Problem]]:
    """Return the settings with the overrides laid over them, and what is wrong with the overrides."""
    problems: list[Problem] = []
    for key, value, wrong in each_override(overrides):
        problems += wrong
        if not wrong:
            settings = prepared(with_value(settings, key, value))
    return settings, problems


def each_as_table(overrides: Overrides) -> list[Keys]:
    """Return the settings of each override that can be read."""
    empty = Keys(Place(Source(".", Path())))
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


_OF_COMMANDS = {name: f"run.{name}" for name in ("weeks", "seed", "replications")}
"""What ``--weeks`` and the like mean."""


def full_key(name: str) -> str:
    """Return the key of a setting that is given in full or by its last part.

    Raises
    ------
    TypeError
        If there is none, or several end so.

    Examples
    --------
    >>> full_key("employees"), full_key("rules.restriction"), full_key("framing")
    ('organization.employees', 'rules.restriction', 'launch.framing')
    """
    if name in _OF_COMMANDS:
        return _OF_COMMANDS[name]
    keys = [*GROUPS, *PARAMETER_BY_PATH]
    if name in keys or "." in name:
        return name  # what is wrong with a whole key is said where scenarios are checked
    found = [key for key in keys if key.rpartition(".")[2] == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise TypeError(f"{name!r} can be {' or '.join(found)}: give the whole key, as in **{{{found[0]!r}: ...}}")
    near = did_you_mean(name, [*keys, *(key.rpartition(".")[2] for key in keys)])
    raise TypeError(f"there is no setting {name!r}{near}")


def by_full_key(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings by their full keys.

    Raises
    ------
    TypeError
        If one is not known, can be several, or is given twice.
    """
    found: dict[str, Any] = {}
    for name, value in settings.items():
        key = full_key(name)
        if key in found:
            raise TypeError(f"{key} is given twice")
        found[key] = value
    return found
