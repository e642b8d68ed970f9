"""For the page, with the standard library alone: a shipped scenario with overrides, and JSON that a stranger sends."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.scenario.contradictions import contradictions
from sim.scenario.grammar import wrong_values
from sim.scenario.hints import did_you_mean, shown
from sim.scenario.library import plain_names, plain_values
from sim.scenario.places import Keys, Place, Problem, ScenarioError, Source, located, plain, with_value
from sim.scenario.schema import Scenario
from sim.words import said

_PLACE = Place(Source("overrides", Path(), has_lines=False))


def resolve(name: str | None, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return a shipped scenario, or the defaults (None), with overrides laid over it, as ``Scenario.resolved()``.

    `overrides` are values by dotted key, such as ``{"rules.restriction": 0.5}``; later ones are laid over earlier ones.

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


def _laid_over(values: dict[str, Any], overrides: Mapping[str, Any]) -> tuple[Keys, list[Problem]]:
    settings, problems = located(values, _PLACE)
    assert isinstance(settings, Keys)
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


LONGEST_NUMBER = 18  # digits of a whole number: more means nothing here, and arithmetic may not hold it
DEEPEST = 20  # groups and lists within each other; a message has five


class NoMessageError(InputError):
    """What was sent is no message at all: no JSON, or JSON that no program should be asked to read."""


def message_in(text: str) -> Any:
    """Return the JSON that a text holds.

    Python's reader takes more than JSON is: NaN, half a character, brackets until its stack is full.

    Raises
    ------
    NoMessageError
        If it holds none, or a number or depth that no message has.
    """
    try:
        text.encode()
        message = json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=_refuse_constant)
        _refuse_strange(message)
    except UnicodeEncodeError as error:
        raise NoMessageError(said("refusal.message.surrogate")) from error
    except RecursionError as error:
        raise NoMessageError(said("refusal.message.deep", n=DEEPEST)) from error
    except json.JSONDecodeError as error:
        raise NoMessageError(said("refusal.message.no_json", reason=error)) from error
    return message


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise NoMessageError(said("refusal.message.long", n=LONGEST_NUMBER))
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise NoMessageError(said("refusal.message.large", digits=digits[:LONGEST_NUMBER]))
    return value


def _refuse_constant(name: str) -> Any:
    raise NoMessageError(said("refusal.message.constant", name=name))


def _refuse_strange(message: Any) -> None:
    """Refuse what is too deep, and texts with half a character, which no answer could repeat."""
    level = [message]
    for _ in range(DEEPEST):
        for value in level:
            for word in value if isinstance(value, dict) else [value]:
                if isinstance(word, str):
                    word.encode()
        level = [
            inner
            for value in level
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return
    raise NoMessageError(said("refusal.message.deep", n=DEEPEST))
