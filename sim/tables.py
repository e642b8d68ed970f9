"""Tables of rows that compiled and plain rules read with the same words: ``people[i].habit``.

A table is a NumPy structured array: a column is an array (``table["habit"]``), a row a record. Compiled code reads rows
as records, at the cost of one pointer. Plain Python reads them through row views, which are live: reading and writing
an attribute reads and writes the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.compiled import HAS_NUMBA


def _property(column: np.ndarray) -> property:
    def read(self: Any) -> float | int:
        return column.item(self.row)

    def write(self: Any, value: float) -> None:
        column[self.row] = value

    return property(read, write)


def row_views(table: np.ndarray) -> list[Any]:
    """Return a live view of each row of `table`; its attributes are the columns, as Python numbers.

    Attribute ``row`` is the position of the row. Unknown attributes cannot be set.
    """
    names = table.dtype.names or ()
    view = type("RowView", (), {"__slots__": ("row",), **{name: _property(table[name]) for name in names}})
    views = []
    for position in range(len(table)):
        one = view()
        one.row = position
        views.append(one)
    return views


def rows(table: np.ndarray) -> Any:
    """Return what the rules index to get a row: the table itself when compiled, row views in plain Python."""
    return table if HAS_NUMBA else row_views(table)


def make_table(columns: Sequence[tuple[str, type]], n_rows: int) -> np.ndarray:
    """Return a structured array (n_rows,) of zeros with the given columns."""
    return np.zeros(n_rows, dtype=np.dtype(list(columns), align=True))


def as_record(values: Any) -> Any:
    """Return a named tuple of floats in the form that the rules take it.

    Compiled rules take a NumPy record, which is handed on as one pointer; plain rules take the tuple itself.
    """
    if not HAS_NUMBA:
        return values
    dtype = np.dtype([(name, np.float64) for name in values._fields])
    return np.array([tuple(values)], dtype=dtype).view(np.recarray)[0]
