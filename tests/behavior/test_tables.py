"""Tables of rows: the same words read and write them, compiled or not."""

from __future__ import annotations

from collections import namedtuple

import numpy as np
import pytest

from sim.behavior.coefficients import DEFAULTS, NAMES
from sim.state import PERSON, POST
from sim.tables import HAS_NUMBA, as_record, make_table, row_views, rows

COLUMNS = [("habit", np.float64), ("level", np.int32), ("trust", np.float64)]


@pytest.fixture
def table() -> np.ndarray:
    """Three rows."""
    made = make_table(COLUMNS, 3)
    made["habit"] = [0.1, 0.2, 0.3]
    made["level"] = [1, 2, 3]
    return made


def test_make_table(table: np.ndarray) -> None:
    assert table.dtype.names == ("habit", "level", "trust")
    assert table["trust"].tolist() == [0.0, 0.0, 0.0]
    assert table.dtype["level"] == np.int32


class TestRowViews:
    """Live in both directions."""

    def test_reading(self, table: np.ndarray) -> None:
        views = row_views(table)
        assert [view.habit for view in views] == [0.1, 0.2, 0.3]
        assert [view.row for view in views] == [0, 1, 2]
        table["habit"][1] = 0.9
        assert views[1].habit == 0.9
        assert type(views[0].habit) is float
        assert type(views[0].level) is int

    def test_writing(self, table: np.ndarray) -> None:
        views = row_views(table)
        views[2].habit = 0.5
        views[2].level += 4
        assert table["habit"].tolist() == [0.1, 0.2, 0.5]
        assert table["level"].tolist() == [1, 2, 7]

    def test_no_other_attributes(self, table: np.ndarray) -> None:
        view = row_views(table)[0]
        with pytest.raises(AttributeError):
            view.habbit = 1.0
        with pytest.raises(AttributeError):
            _ = view.age

    def test_views_of_two_tables_are_apart(self, table: np.ndarray) -> None:
        other = table.copy()
        first, second = row_views(table)[0], row_views(other)[0]
        first.habit = 7.0
        assert second.habit == 0.1


def test_rows_compiled_or_not(table: np.ndarray) -> None:
    if HAS_NUMBA:
        assert rows(table) is table
    else:
        assert rows(table)[1].habit == 0.2


def test_records() -> None:
    pair = namedtuple("pair", "first second")(1, 2.5)
    record = as_record(pair)
    assert (record.first, record.second) == (1.0, 2.5)
    c = as_record(DEFAULTS)
    assert all(getattr(c, name) == getattr(DEFAULTS, name) for name in NAMES)


@pytest.mark.parametrize("columns", [PERSON, POST], ids=["person", "post"])
def test_columns_of_the_state(columns) -> None:
    names = [name for name, _ in columns]
    assert len(set(names)) == len(names)
    assert {kind for _, kind in columns} <= {np.float64, np.int32}
