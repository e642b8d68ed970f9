"""Values that are nearly right: a right one, with a part of it replaced, taken away, added or put twice."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

N_TARGETS = 7
EXAMPLES = int(os.environ.get("INTRANET_SIM_FUZZ", "500")) // N_TARGETS
"""Of each target: 500 in all by day, 20,000 by night (``.ci/nightly``)."""

# By day the same examples each time, so that a change is judged by itself; by night others each night.
FUZZ = settings(
    max_examples=max(1, EXAMPLES),
    deadline=None,
    derandomize="INTRANET_SIM_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
)

STRANGE_TEXT = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "off",
            "012",
            "1e-3",
            "1_000",
            "~",
            "null",
            "<<",
            "*a",
            "&a x",
            "!!python/none",
            "{",
            "}: [",
            "a: b: c",
        ]
    ),
    st.sampled_from(
        ["../" * 9, "/etc/passwd", "baseline", "x" * 3000, "\u202e", "\ud7ff", "é", "\x00", "\n- a", "%", "@"]
    ),
    st.text(max_size=12),
)
STRANGE = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 100),
        st.sampled_from([2**31, 2**63, -(2**63), 10**40, 0, -1]),
        st.floats(allow_nan=True, allow_infinity=True),
        STRANGE_TEXT,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(STRANGE_TEXT, inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the place of every part of a value, as keys and positions."""
    if at:
        yield at
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*at, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from places(inner, (*at, position))


def changed(draw: Callable[[st.SearchStrategy[Any]], Any], value: Any, names: list[str] | None = None) -> Any:
    """Return a copy of a value with up to three parts of it broken.

    Parameters
    ----------
    draw : callable
        Of a composite strategy.
    value : Any
        What JSON can hold.
    names : list of str, optional
        Keys that are known somewhere, to be put where they do not belong.
    """
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        known = list(places(value))
        if not known:
            return value
        *path, last = draw(st.sampled_from(known))
        inner = value
        for key in path:
            inner = inner[key]
        match draw(st.sampled_from(["replace", "replace", "take", "add", "swap"])):
            case "take":
                del inner[last]
            case "add" if isinstance(inner, dict):
                inner[draw(st.one_of(st.sampled_from(names or ["x"]), STRANGE_TEXT))] = draw(STRANGE)
            case "swap":
                other = value
                for key in draw(st.sampled_from(known)):
                    if not isinstance(other, dict | list) or (isinstance(other, dict) and key not in other):
                        break
                    if isinstance(other, list) and not (isinstance(key, int) and key < len(other)):
                        break
                    other = other[key]
                inner[last] = copy.deepcopy(other)
            case _:
                inner[last] = draw(STRANGE)
    return value


def as_text(draw: Callable[[st.SearchStrategy[Any]], Any], value: Any) -> str:
    """Return a value as JSON, which YAML reads too, sometimes with letters of it broken."""
    text = json.dumps(value, indent=draw(st.sampled_from([None, 1])), ensure_ascii=draw(st.booleans()))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        place = draw(st.integers(0, max(0, len(text) - 1)))
        text = text[:place] + draw(STRANGE_TEXT) + text[place + draw(st.integers(0, 3)) :]
    return text
