"""Tables of rows: the same words read and write them, compiled or not."""

from __future__ import annotations

from collections import namedtuple
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.kernel.compiled import step
from sim.kernel.tables import (
    HAS_NUMBA,
    Columns,
    ColumnTable,
    as_record,
    by_columns,
    make_table,
    row_of,
    row_views,
    rows,
    total,
)
from sim.model.rules.coefficients import DEFAULTS, NAMES
from sim.model.state import PERSON, POST

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


class Rows(NamedTuple):
    """The rows of the table of these tests, for compiled code."""

    memory: np.ndarray
    n_places: int
    n_rows: int

    columns = (("habit", np.float64), ("level", np.int32), ("trust", np.float64))  # type: ignore[misc]


@step
def promote(people: Any, from_level: int) -> float:
    """Raise everyone's level and trust from a level on; return the sum of habits."""
    habits = 0.0
    for i in range(people.n_rows):
        person = row_of(people, i)
        habits += person.habit
        if person.level >= from_level:
            person.level += 1
            person.trust = person.habit / 2.0
    return habits


@step
def level_of(person: Any) -> int:
    """Return the level of a row handed over by plain Python."""
    return person.level


@pytest.mark.parametrize("n_rows", [1, 15, 16, 17, 32, 100, 4096])
class TestTable:
    """Columns in one piece each, rows by compiled and plain code alike."""

    def filled(self, n_rows: int) -> ColumnTable:
        made = ColumnTable(Rows.columns, n_rows)
        made["habit"] = np.arange(n_rows) / 8.0
        made["level"] = np.arange(n_rows) % 5
        return made

    def test_columns(self, n_rows: int) -> None:
        made = self.filled(n_rows)
        assert len(made) == n_rows
        assert made.dtype.names == ("habit", "level", "trust")
        for name, kind in Rows.columns:
            column = made[name]
            assert (column.dtype, column.shape) == (kind, (n_rows,))
            assert column.flags.c_contiguous
            assert column.ctypes.data % 64 == 0
        assert made["trust"].tolist() == [0.0] * n_rows

    def test_columns_do_not_overlap(self, n_rows: int) -> None:
        made = ColumnTable(Rows.columns, n_rows)
        for value, (name, _) in enumerate(Rows.columns, start=1):
            made[name] = value
        for value, (name, _) in enumerate(Rows.columns, start=1):
            assert (made[name] == value).all()

    def test_rules_read_and_write_rows(self, n_rows: int) -> None:
        made, expected = self.filled(n_rows), self.filled(n_rows)
        assert promote(made.rows(Rows), 3) == expected["habit"].sum()
        is_raised = expected["level"] >= 3
        np.testing.assert_array_equal(made["level"], expected["level"] + is_raised)
        np.testing.assert_array_equal(made["trust"], np.where(is_raised, expected["habit"] / 2.0, 0.0))
        np.testing.assert_array_equal(made["habit"], expected["habit"])

    def test_rules_take_a_single_row_from_plain_python(self, n_rows: int) -> None:
        made = self.filled(n_rows)
        view = made.view(n_rows - 1)
        view.level = 7
        assert made["level"][n_rows - 1] == level_of(view) == 7
        assert type(view.habit) is float
        for beyond in (-1, n_rows):
            with pytest.raises(IndexError):
                made.view(beyond)

    def test_rows_are_copied_out_and_in(self, n_rows: int) -> None:
        made = self.filled(n_rows)
        row, last = made[0].copy(), made[np.array([n_rows - 1])]
        assert last["habit"].tolist() == [(n_rows - 1) / 8.0]
        before = made.tobytes()
        made["trust"][0] = 9.0
        assert made.copy()["trust"][0] == 9.0
        assert row["trust"] == 0.0
        made[0] = row
        assert made.tobytes() == before


@pytest.mark.skipif(not HAS_NUMBA, reason="without numba nothing is compiled")
def test_compiled_code_knows_the_columns() -> None:
    from numba.core.errors import TypingError

    @step
    def wrong(people: Any) -> float:
        return row_of(people, 0).habbit  # type: ignore[no-any-return]

    with pytest.raises(TypingError, match="habbit"):
        wrong(ColumnTable(Rows.columns, 3).rows(Rows))


def larger_habit(person: Any, least: float) -> None:
    person.habit = max(person.habit, least) + float(int(person.level > 1))


class TestColumns:
    """Many rows in the place of one, for what is done to everybody where nothing is compiled."""

    @staticmethod
    def filled() -> ColumnTable:
        made = ColumnTable(Rows.columns, 4)
        made["habit"], made["level"] = [0.1, 0.2, 0.3, 0.4], [0, 1, 2, 3]
        return made

    def test_the_same_source_gives_each_row_the_same(self) -> None:
        one_by_one, at_once = self.filled(), self.filled()
        for i in range(4):
            larger_habit(one_by_one.view(i), 0.25)
        by_columns(larger_habit)(Columns(at_once, 0, 4), 0.25)
        assert at_once.tobytes() == one_by_one.tobytes()

    def test_only_those_concerned_are_written(self) -> None:
        made = self.filled()
        by_columns(larger_habit)(Columns(made, 1, 4, np.array([True, False, True])), 0.25)
        assert made["habit"].tolist() == [0.1, 0.25, 0.3, 1.4]

    def test_what_would_go_wrong_in_silence_is_refused(self) -> None:
        def add(person: Any) -> None:
            person.habit += 1.0

        def ask(person: Any) -> float:
            return 1.0 if person.habit > 0.2 else 0.0

        made = self.filled()
        for wrong, words in ((add, "read-only"), (ask, "ambiguous")):
            with pytest.raises(ValueError, match=words):
                by_columns(wrong)(Columns(made, 0, 4, np.array([True, False, True, True])))
        assert made.tobytes() == self.filled().tobytes()

    def test_sums_are_taken_in_order(self) -> None:
        values = np.concatenate([[1e16], np.ones(99)])
        by_loop = 0.0
        for value in values.tolist():
            by_loop += value
        assert total(values) == by_loop != values.sum()


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
