"""The space in which boxes lie: the factors that vary, each with its levels in order.

Every value is kept as the number of its level, so that limits are exact (scikit-learn would round values to
single precision) and ordered and named factors are handled alike.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Kind = Literal["number", "whole", "switch", "name"]

# With so few levels limits are said with the levels themselves: "at least 0.5", not "above 0.3".
MOST_LISTED_LEVELS = 12


@dataclass(frozen=True)
class Factor:
    """One factor that varies.

    Attributes
    ----------
    name : str
        Its column, a registry key or the name of a bundle.
    kind : str
        ``number`` (any value between its limits), ``whole`` (whole numbers), ``switch`` (False, True) or ``name``
        (alternatives without an order).
    levels : tuple
        Its distinct values: numbers from low to high, alternatives in alphabetical order.
    is_log : bool
        Whether it was drawn evenly on a logarithmic scale.
    """

    name: str
    kind: Kind
    levels: tuple[Any, ...]
    is_log: bool = False

    @property
    def is_ordered(self) -> bool:
        """Whether a box limits it by a lower and an upper end."""
        return self.kind in ("number", "whole")

    @property
    def is_stepped(self) -> bool:
        """Whether only its levels themselves mean something, as in a grid."""
        return not self.is_ordered or len(self.levels) <= MOST_LISTED_LEVELS


@dataclass(frozen=True)
class Space:
    """The factors, and where each row lies.

    Attributes
    ----------
    factors : tuple of Factor
        The columns.
    codes : array of int32 (n_rows, n_factors)
        Number of the level that a row has of a factor.
    weights : array of float (n_rows,), optional
        How much each row counts; left out where all count alike.
    """

    factors: tuple[Factor, ...]
    codes: np.ndarray
    weights: np.ndarray | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(factor.name for factor in self.factors)

    def rows(self, chosen: np.ndarray) -> Space:
        """Return the space with some of its rows (bool or numbers); levels stay."""
        weights = None if self.weights is None else self.weights[chosen]
        return Space(self.factors, self.codes[chosen], weights)

    def values(self, index: int) -> list[Any]:
        """Return the values of one factor, row by row."""
        levels = self.factors[index].levels
        return [levels[code] for code in self.codes[:, index]]


def make_space(columns: Mapping[str, Sequence[Any]], log_factors: Collection[str] = ()) -> Space:
    """Return the space of the columns that vary.

    Parameters
    ----------
    columns : mapping of str to sequence
        Values of each factor, all of one length.
    log_factors : collection of str
        Those drawn on a logarithmic scale.
    """
    factors, codes = [], []
    n_rows = 0
    for name, values in columns.items():
        n_rows = len(values)
        kind, plain = _kind(values)
        levels = tuple(sorted(set(plain)))
        if len(levels) < 2:
            continue
        number = {level: code for code, level in enumerate(levels)}
        is_log = name in log_factors and kind in ("number", "whole") and levels[0] > 0
        factors.append(Factor(name, kind, levels, is_log))
        codes.append(np.array([number[value] for value in plain], dtype=np.int32))
    table = np.stack(codes, axis=1) if codes else np.empty((n_rows, 0), np.int32)
    return Space(tuple(factors), table)


def _kind(values: Sequence[Any]) -> tuple[Kind, list[Any]]:
    """Return what a column holds, and its values as Python objects of one type."""
    plain = [value.item() if isinstance(value, np.generic) else value for value in values]
    if all(isinstance(value, bool) for value in plain):
        return "switch", plain
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in plain):
        if any(math.isnan(value) for value in plain):
            return "name", ["empty" if math.isnan(value) else f"{value:g}" for value in plain]
        if all(float(value).is_integer() for value in plain):
            return "whole", [int(value) for value in plain]
        return "number", [float(value) for value in plain]
    return "name", ["empty" if _is_empty(value) else _label(value) for value in plain]


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _label(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
