"""JSON that a stranger sends, read so that nothing in it can harm whoever reads on."""

from __future__ import annotations

import json
import math
from typing import Any

from sim.errors import InputError
from sim.texts.said import said

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
