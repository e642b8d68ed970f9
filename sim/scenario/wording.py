"""The words of messages about keys and values: what is allowed, what was given, what was probably meant."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from sim.scenario.registry import Parameter

_SHOWN_LENGTH = 40
_NOT_FINITE = {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}
_NUMBER_IN_TEXT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def number(value: float) -> str:
    """Return a limit without needless decimals.

    Examples
    --------
    >>> number(1.0), number(0.05), number(2000000)
    ('1', '0.05', '2000000')
    """
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def shown(value: Any) -> str:
    """Return a value as it would be written in YAML, shortened, safe to print on one line.

    Examples
    --------
    >>> shown(True), shown(None), shown("opne"), shown([1, 2])
    ('true', 'empty', "'opne'", 'a list')
    """
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**_SHOWN_LENGTH else "a very large number"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else _NOT_FINITE[str(value)]
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN_LENGTH else value[: _SHOWN_LENGTH - 3] + "...")
    if isinstance(value, (list, tuple)):
        return "a list" if value else "an empty list"
    if isinstance(value, dict):
        return "a group of keys" if value else "an empty group"
    return f"a Python object of type {type(value).__name__}"


def did_you_mean(given: Any, allowed: Iterable[str], shown_as: Mapping[str, str] | None = None) -> str:
    """Return ``; did you mean ...?`` for the nearest of `allowed`, or nothing.

    Where `shown_as` is given, it tells how to show each of them.

    Examples
    --------
    >>> did_you_mean("restrictoin", ["restriction", "guidance"])
    '; did you mean restriction?'
    """
    if not isinstance(given, str) or len(given) > 10 * _SHOWN_LENGTH:
        return ""
    by_folded = {_folded(name): name if shown_as is None else shown_as[name] for name in allowed}
    near = difflib.get_close_matches(_folded(given), by_folded, n=1, cutoff=0.6)
    return f"; did you mean {by_folded[near[0]]}?" if near else ""


def _folded(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_")


def allowed(parameter: Parameter) -> str:
    """Return what a value of this parameter may be, to follow the words "must be"."""
    if parameter.kind == "bool":
        return "true or false"
    if parameter.kind == "choice" and len(parameter.choices) > 1:
        return f"one of {', '.join(parameter.choices)}"
    if parameter.kind == "choice":
        return parameter.choices[0]
    if parameter.kind == "text":
        return "text"
    noun = "a whole number" if parameter.kind == "int" else "a number"
    limits = "" if parameter.low is None else f" of at least {number(parameter.low)}"
    if parameter.low is not None and parameter.high is not None:
        limits = f" from {number(parameter.low)} to {number(parameter.high)}"
    return noun + limits + (" (or empty)" if parameter.default is None else "")


def must_be(parameter: Parameter, value: Any) -> str:
    """Return the whole message for a value that the parameter does not allow."""
    return f"must be {allowed(parameter)}, is {shown(value)}{_hint(parameter, value)}"


def _hint(parameter: Parameter, value: Any) -> str:
    """Return advice for slips that are made often."""
    if parameter.kind == "choice":
        return did_you_mean(value, parameter.choices)
    if parameter.kind == "bool" and isinstance(value, str) and value.lower() in _SWITCHES:
        return f"; write {_SWITCHES[value.lower()]}"
    if parameter.kind in ("float", "int") and isinstance(value, str):
        return _hint_for_number(value.strip())
    return ""


_SWITCHES = {"on": "true", "yes": "true", "off": "false", "no": "false", "true": "true", "false": "false"}


def _hint_for_number(text: str) -> str:
    if _NUMBER_IN_TEXT.fullmatch(text):
        return "; write it without quotes"
    if _NUMBER_IN_TEXT.fullmatch(text.replace(",", ".", 1)):
        return f"; write {text.replace(',', '.', 1)}, with a point"
    if text.endswith("%") and _NUMBER_IN_TEXT.fullmatch(text[:-1].strip()):
        return f"; write {number(round(float(text[:-1]) / 100, 10))}"
    return ""
