"""Tables that compiled and plain rules read with the same words: ``person.habit``.

The table of employees is a `ColumnTable`: it keeps each column in one piece (``table["habit"]`` is an array), so that
what happens to everybody every day goes straight through the columns; ``row_of(people, i)`` is one of them. That of the
posts is a NumPy structured array, which keeps each row in one piece, since posts are looked at one by one; ``posts[i]``
is one post. Compiled code reads both at the cost of an address. Plain Python reads them through row views, which are
live: reading and writing an attribute reads and writes the column.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from sim.kernel.compiled import BY_COLUMNS, HAS_NUMBA

if TYPE_CHECKING:
    from sim.views import Person

ALIGNMENT = 64  # bytes, a cache line
PLACES = 16  # a column takes places in multiples of this, so that each begins with a cache line
FEWEST_IN_COLUMNS = 16  # people; fewer are looked at one by one

Function = TypeVar("Function", bound=Callable[..., Any])


def _property(column: np.ndarray) -> property:
    numbers: Any = column.data  # gives and takes Python numbers twice as fast as the array does
    taking: Any = numbers if column.dtype.kind == "f" else column  # the view takes no fraction for a whole number

    def read(self: Any) -> float | int:
        return numbers[self.row]

    def write(self: Any, value: float) -> None:
        taking[self.row] = value

    return property(read, write)


def _view_class(table: Any, **more: Any) -> type:
    """Return the class of live views of single rows; attributes are the columns, as Python numbers."""
    names = table.dtype.names or ()
    return type("RowView", (), {"__slots__": ("row",), **more, **{name: _property(table[name]) for name in names}})


def _views(view_class: type, n_rows: int) -> list[Any]:
    views = []
    for position in range(n_rows):
        view = view_class()
        view.row = position
        views.append(view)
    return views


def row_views(table: Any) -> RowViews:
    """Return a live view of each row of `table`; its attributes are the columns, as Python numbers.

    Attribute ``row`` is the position of the row. Unknown attributes cannot be set.
    """
    return RowViews(table)


class RowViews(list[Any]):
    """Live views of the rows of a structured array, which knows the array."""

    def __init__(self, table: Any) -> None:
        super().__init__(_views(_view_class(table), len(table)))
        self.table = table


class PlainRows(NamedTuple):
    """The rows of a `ColumnTable` as plain rules take them."""

    views: list[Any]
    n_rows: int
    table: ColumnTable


class Columns:
    """Rows from `first` to `end` of a table in the place of one: ``person.habit`` is everybody's habit.

    Plain Python is slow by the call. A step that does the same for everybody, without asking anything of anybody, takes
    this for a person and does it for all of them at once, with the same source and the same numbers. What is set is
    written for those who are `concerned`, bool (end - first,); for all if that is left out.
    """

    __slots__ = ("_columns", "_concerned")

    def __init__(self, table: ColumnTable, first: int, end: int, concerned: np.ndarray | None = None) -> None:
        object.__setattr__(self, "_columns", table.parts_of_columns(first, end))
        object.__setattr__(self, "_concerned", concerned)

    def __getattr__(self, name: str) -> np.ndarray:
        read: np.ndarray = self._columns[name][1]
        return read

    def __setattr__(self, name: str, values: Any) -> None:
        np.copyto(self._columns[name][0], values, where=True if self._concerned is None else self._concerned)


class _PartsOfColumns(dict[str, tuple[np.ndarray, np.ndarray]]):
    """The columns of some rows, to write and to read, each made when it is asked for."""

    def __init__(self, table: ColumnTable, first: int, end: int) -> None:
        super().__init__()
        self._table, self._rows = table, slice(first, end)

    def __missing__(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        written = self._table[name][self._rows]
        read = written.view()
        read.flags.writeable = False  # what is added in place would be added for those who are not concerned
        self[name] = written, read
        return self[name]


def by_columns(rule: Function, **instead: Any) -> Function:
    """Return a plain rule, or what calls rules, as it takes columns for numbers: the same source.

    What it calls of this package is taken in the same way, and the larger of two numbers one by one. Who asks what
    holds for one person (``if``) cannot be taken so, and says so; `instead` has what does the same for many, by name.
    """
    if not isinstance(rule, FunctionType):
        return rule
    known = rule.__globals__
    taken = {name: known[name] for name in rule.__code__.co_names if name in known}
    taken = {name: by_columns(value, **instead) if _is_rule(value) else value for name, value in taken.items()}
    return FunctionType(rule.__code__, {**taken, **_EACH, **instead})  # type: ignore[return-value]


def _is_rule(value: Any) -> bool:
    return isinstance(value, FunctionType) and value.__module__.startswith("sim.")


_EACH = {"max": np.maximum, "min": np.minimum, "float": np.float64, "int": np.int64}


def everybody_as_one(people: Any) -> Any:
    """Return the employees as a table of one row, which holds everybody: what goes through all of them goes once."""
    table = people.table
    return PlainRows([Columns(table, 0, len(table))], 1, table)


class Totals:
    """Sums in which what is known of many is added up, one by one and in order, as a loop would do it."""

    def __init__(self, sums: np.ndarray) -> None:
        self._sums = sums

    def __setitem__(self, place: int, values: np.ndarray) -> None:
        self._sums[place] = total(values)


def total(values: np.ndarray) -> float:
    """Return the sum of some values, taken in order: NumPy's own takes another, and other last bits."""
    return float(0.0 + np.add.accumulate(values)[-1])


def plain_as(other: Function) -> Callable[[Function], Function]:
    """Return a decorator that puts `other`, with the same numbers, in the place of a loop where nothing is compiled."""
    return lambda loop: other if BY_COLUMNS else loop


def in_columns(many: Callable[..., None]) -> Callable[[Function], Function]:
    """Return a decorator that, where nothing is compiled, has `many` do what a step does from `first` to `end`.

    Both are the last arguments of the step; a few people are left to the step itself.
    """

    def decorate(step: Function) -> Function:
        @functools.wraps(step)
        def for_many_or_few(*args: Any) -> None:
            (many if args[-1] - args[-2] >= FEWEST_IN_COLUMNS else step)(*args)

        return for_many_or_few if BY_COLUMNS else step  # type: ignore[return-value]

    return decorate


def row_of(table: Any, i: int) -> Person:
    """Return row `i`, not below 0, of the rows of a `ColumnTable`: one employee."""
    return table.views[i]


if HAS_NUMBA:
    from sim.kernel.compiled_rows import RowType, teach_rows

    teach_rows(row_of)


@cache
def _layout(columns: tuple[tuple[str, type], ...]) -> tuple[np.dtype, dict[str, tuple[int, np.dtype]], int]:
    """Return the type of a row, where each column begins and what it holds, and the end; in bytes a row."""
    places, start = {}, 0
    for name, kind in columns:
        places[name] = (start, np.dtype(kind))
        start += np.dtype(kind).itemsize
    return np.dtype(list(columns), align=True), places, start


class ColumnTable:
    """Rows of numbers, kept column by column in one piece of memory; zeros at first.

    Parameters
    ----------
    columns : tuple of (str, type)
    n_rows : int

    Attributes
    ----------
    dtype : dtype
        Names and types of the columns, as of a structured array.
    """

    def __init__(self, columns: tuple[tuple[str, type], ...], n_rows: int) -> None:
        self._kinds = columns
        self._n_rows = n_rows
        self.dtype, self._places, row_size = _layout(columns)
        # An odd number of times sixteen: columns whose distance is a high power of two would compete for the same
        # places of the processor's cache.
        self._n_places = PLACES * (-(-n_rows // PLACES) | 1)
        memory = np.zeros(self._n_places * row_size + ALIGNMENT, np.uint8)
        start = -memory.ctypes.data % ALIGNMENT
        self._memory = memory[start : start + self._n_places * row_size]
        self._columns: dict[str, np.ndarray] = {}  # those that were asked for: many never are
        self._parts: dict[tuple[int, int], _PartsOfColumns] = {}

    def rows(self, compiled_rows: Any) -> Any:
        """Return what the rules take to look at a row, with `row_of`.

        `compiled_rows` is a named tuple of memory, places in a column and rows, whose class has the columns of this
        table as its attribute `columns`: compiled code knows them by the type.
        """
        if HAS_NUMBA:
            return compiled_rows(self._memory, self._n_places, self._n_rows)
        return PlainRows(_views(self._view_class, self._n_rows), self._n_rows, self)

    def view(self, i: int) -> Any:
        """Return a live view of row `i`, from 0, which rules take as well, compiled or not."""
        if not 0 <= i < self._n_rows:
            raise IndexError(f"row {i} of {self._n_rows}")
        view = self._view_class()
        view.row = i
        return view

    @cached_property
    def _view_class(self) -> type:
        if not HAS_NUMBA:
            return _view_class(self)
        return _view_class(
            self,
            _numba_type_=RowType(self._kinds),
            address=self._memory.ctypes.data,
            n_places=self._n_places,
            _memory=self._memory,
        )

    def _column(self, name: str) -> np.ndarray:
        if name not in self._columns:
            start, dtype = self._places[name]
            self._columns[name] = np.ndarray(self._n_rows, dtype, self._memory, start * self._n_places)
        return self._columns[name]

    def parts_of_columns(self, first: int, end: int) -> _PartsOfColumns:
        """Return the columns of the rows from `first` to `end`, kept: the same are asked for every day."""
        if (first, end) not in self._parts:
            self._parts[first, end] = _PartsOfColumns(self, first, end)
        return self._parts[first, end]

    def __len__(self) -> int:
        return self._n_rows

    def __getitem__(self, key: Any) -> Any:
        """Return a column, which is live, or a copy of rows in the form of a structured array."""
        if isinstance(key, str):
            return self._column(key)
        columns = {name: self._column(name) for name in self._places}
        copies = np.zeros(np.shape(next(iter(columns.values()))[key]), dtype=self.dtype)
        for name, column in columns.items():
            copies[name] = column[key]
        return copies[()]

    def __setitem__(self, key: Any, values: Any) -> None:
        """Fill a column, or a row."""
        if isinstance(key, str):
            self._column(key)[:] = values
            return
        for name in self._places:
            self._column(name)[key] = values[name]

    def copy(self) -> np.ndarray:
        """Return the whole as a structured array."""
        array: np.ndarray = self[:]
        return array

    def tobytes(self) -> bytes:
        """Return the whole as bytes, row by row."""
        return self.copy().tobytes()

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """Let a table be copied and pickled: by its columns, since where they lie in memory is its own affair."""
        return _table_again, (self._kinds, self._n_rows, [self._column(name) for name in self._places])


def _table_again(kinds: tuple[tuple[str, type], ...], n_rows: int, columns: Sequence[np.ndarray]) -> ColumnTable:
    table = ColumnTable(kinds, n_rows)
    for (name, _), column in zip(kinds, columns, strict=True):
        table[name] = column
    return table


def rows(table: np.ndarray) -> Any:
    """Return what the rules index to get a row of a structured array."""
    return table if HAS_NUMBA else row_views(table)


def array_of(rows: Any) -> np.ndarray:
    """Return the structured array whose rows the rules index."""
    array: np.ndarray = rows.table if isinstance(rows, RowViews) else rows
    return array


def make_table(columns: Sequence[tuple[str, type]], n_rows: int) -> np.ndarray:
    """Return a structured array (n_rows,) of zeros with the given columns."""
    return np.zeros(n_rows, dtype=_row_type(tuple(columns)))


@cache
def _row_type(columns: tuple[tuple[str, type], ...]) -> np.dtype:
    return np.dtype(list(columns), align=True)


def stable_order(values: np.ndarray) -> np.ndarray:
    """Return the places of `values` from the smallest to the largest; equal values keep their order.

    NumPy's quick sort takes a fifth of the time of its stable one, and gives the same where no two values are equal.
    """
    order = np.argsort(values)
    ordered = values[order]
    if np.any(ordered[1:] == ordered[:-1]):
        return np.argsort(values, kind="stable")
    return order


@cache
def _record_type(names: tuple[str, ...]) -> np.dtype:
    return np.dtype((np.record, [(name, np.float64) for name in names]))


def as_record(values: Any) -> Any:
    """Return a named tuple of floats in the form that the rules take it.

    Compiled rules take a NumPy record, which is handed on as one pointer; plain rules take the tuple itself.
    """
    if not HAS_NUMBA:
        return values
    return as_records([values])[0]


def as_records(many: Sequence[Any]) -> Any:
    """Return named tuples of floats in the form in which rules index them."""
    if not HAS_NUMBA:
        return list(many)
    dtype = _record_type(many[0]._fields)
    return np.array([tuple(values) for values in many], dtype=dtype).view(np.recarray)
