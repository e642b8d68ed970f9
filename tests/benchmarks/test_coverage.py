"""A small part of the coverage table, worked out again; the page holds the figures that the program has now."""

from __future__ import annotations

import pytest

from benchmarks.coverage import NUMBERS, PAGE, Cell, number_cells, tables, world_cells, yes_or_no_cells


def worst(cells: list[Cell]) -> float:
    return min(cell.coverage for cell in cells)


def test_the_page_is_that_of_these_intervals() -> None:
    # Yes-or-no differences are counted through, so that they come out the same to the last digit.
    made = tables(list(yes_or_no_cells()))
    assert made in PAGE.read_text(encoding="utf-8"), "stale: run python -m benchmarks.coverage --write"


def test_yes_or_no_covers_from_five_pairs_on_and_decides_nothing_below() -> None:
    few, enough = list(yes_or_no_cells((2, 4))), list(yes_or_no_cells((5, 7, 12)))
    assert worst(enough) > 0.92
    assert all(cell.width > 0.7 for cell in few + enough if cell.n < 10)
    assert {cell.misled for cell in few} == {0.0}
    assert max(cell.misled for cell in enough) < 0.08


@pytest.mark.parametrize(("case", "n", "least"), [(0, 5, 0.93), (0, 20, 0.93), (2, 10, 0.91), (3, 10, 0.90)])
def test_numbers_cover(case: int, n: int, least: float) -> None:
    (cell,) = number_cells(1500, (n,), NUMBERS[case : case + 1])
    assert least < cell.coverage < 0.98


def test_worlds_that_are_drawn_repeatedly_cover() -> None:
    assert worst(list(world_cells(500, (20,)))) > 0.91
