"""Teach numba the rows of a table that is kept column by column: ``row_of(people, i).habit``.

Numba knows rows of structured arrays, which lie row after row in memory. Here the columns lie one after the other, so
that a loop over everybody reads each column straight through and the compiler can take eight employees at a time. A row
becomes an address and a number; reading or writing an attribute is one read from or write to memory. Loaded by
``sim.kernel.tables`` where numba is in use.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    lower_setattr_generic,
    models,
    overload,
    register_model,
    unbox,
)


class RowType(types.Type):
    """The type of a row of a table with the given columns."""

    def __init__(self, columns: tuple[tuple[str, type], ...]) -> None:
        # Where a column begins, in bytes a row; how far its values are apart; what they are.
        self.places: dict[str, tuple[int, int, types.Type]] = {}
        start = 0
        for name, kind in columns:
            dtype = np.dtype(kind)
            self.places[name] = (start, dtype.itemsize, numba.from_dtype(dtype))
            start += dtype.itemsize
        # Compiled functions are named after their arguments' types, so a type is named by a short hash.
        super().__init__(name=f"Row{hashlib.sha256(repr(self.places).encode()).hexdigest()[:8]}")


@register_model(RowType)
class _RowModel(models.StructModel):
    def __init__(self, manager: Any, kind: RowType) -> None:
        members = [("address", types.voidptr), ("n_places", types.intp), ("row", types.intp)]
        super().__init__(manager, kind, members)


@intrinsic
def _row_at(typing: Any, table: Any, i: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        memory_type = signature.args[0].types[0]
        memory = context.make_array(memory_type)(context, builder, builder.extract_value(values[0], 0))
        one = cgutils.create_struct_proxy(signature.return_type)(context, builder)
        one.address, one.n_places, one.row = memory.data, builder.extract_value(values[0], 1), values[1]
        return one._getvalue()

    return RowType(table.instance_class.columns)(table, types.intp), generate


def teach_rows(row_of: Any) -> None:
    """Let compiled code call `row_of`, a function of (what ``ColumnTable.rows`` returns, number of a row)."""

    def compiled_row_of(table, i):  # type: ignore[no-untyped-def]
        return _row_at(table, i)

    overload(row_of, inline="always")(lambda table, i: compiled_row_of)


@infer_getattr
class _RowAttributes(AttributeTemplate):
    key = RowType

    def generic_resolve(self, row: RowType, name: str) -> types.Type | None:
        return row.places[name][2] if name in row.places else None


def _cell(context: Any, builder: Any, kind: RowType, value: Any, name: str) -> Any:
    """Return the pointer to one value of a row."""
    row = cgutils.create_struct_proxy(kind)(context, builder, value)
    start, size, dtype = kind.places[name]
    column = builder.mul(row.n_places, context.get_constant(types.intp, start), flags=("nsw",))
    within = builder.mul(row.row, context.get_constant(types.intp, size), flags=("nsw",))
    pointer = builder.gep(row.address, [builder.add(column, within, flags=("nsw",))], inbounds=True)
    return builder.bitcast(pointer, context.get_value_type(dtype).as_pointer())


@lower_getattr_generic(RowType)
def _read(context: Any, builder: Any, kind: RowType, value: Any, name: str) -> Any:
    return builder.load(_cell(context, builder, kind, value, name))


@lower_setattr_generic(RowType)
def _write(context: Any, builder: Any, signature: Any, values: Any, name: str) -> None:
    builder.store(values[1], _cell(context, builder, signature.args[0], values[0], name))


@unbox(RowType)
def _take(kind: RowType, view: Any, taking: Any) -> NativeValue:
    """Take a row out of its view in plain Python, which keeps the memory alive."""
    row = cgutils.create_struct_proxy(kind)(taking.context, taking.builder)
    for member in ("address", "n_places", "row"):
        number = taking.pyapi.object_getattr_string(view, member)
        taken = taking.pyapi.long_as_voidptr(number) if member == "address" else taking.pyapi.long_as_longlong(number)
        setattr(row, member, taken)
        taking.pyapi.decref(number)
    return NativeValue(row._getvalue(), is_error=cgutils.is_not_null(taking.builder, taking.pyapi.err_occurred()))
