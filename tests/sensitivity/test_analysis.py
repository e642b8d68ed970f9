"""All tables of an analysis."""

from __future__ import annotations

import functions
import numpy as np
import pytest
from functions import ishigami, with_luck

from sim.analysis.sensitivity.analysis import (
    CONVERGENCE_COLUMNS,
    INDEX_COLUMNS,
    NOISE_COLUMNS,
    Found,
    Kinds,
    analyze,
    convergence_rows,
    index_rows,
    noise_rows,
    sizes,
)
from sim.analysis.sensitivity.sampling import METHODS, Method, Sample, draw_sample
from sim.analysis.sensitivity.values import DUMMY, OutcomeValues, Subject
from sim.runs.columns import table_from_rows

NAMES = ["a", "b", "c"]


def found_for(method: Method, n: int, minus: str = "") -> tuple[Sample, Found]:
    sample = draw_sample(method, NAMES, [], n, 1)
    values = with_luck(ishigami(sample.unit) - 3.5, 3, 1.0, 0.5)
    return sample, analyze(sample, OutcomeValues(Subject("x", minus, "y"), values, ""), Kinds({}))


@pytest.mark.parametrize(("method", "n", "measures"), [("sobol", 256, 2), ("morris", 40, 1), ("pawn", 400, 1)])
def test_rows_fill_their_columns(method: Method, n: int, measures: int) -> None:
    sample, found = found_for(method, n)
    for columns, rows in (
        (INDEX_COLUMNS, list(index_rows([found]))),
        (CONVERGENCE_COLUMNS, list(convergence_rows([found], sample))),
        (NOISE_COLUMNS, list(noise_rows([found]))),
    ):
        assert set(rows[0]) <= {*columns, "status", "other"}
        assert table_from_rows(columns, rows).num_rows == len(rows)
    n_sizes = 4
    assert len(list(convergence_rows([found], sample))) == n_sizes * measures * (len(NAMES) + 1)


def test_convergence_ends_with_the_indices_themselves_and_comes_near_the_closed_form() -> None:
    sample, found = found_for("sobol", 1024)
    assert sizes(sample) == [128, 256, 512, 1024]
    followed = {(n, index.measure, index.factor): index for n, index in found.convergence}
    last = {(each.measure, each.factor): each for each in found.indices}
    for measure in ("S1", "ST"):
        for name in (*NAMES, DUMMY):
            assert followed[1024, measure, name].value == pytest.approx(last[measure, name].value)
    width = {n: followed[n, "ST", "a"].high - followed[n, "ST", "a"].low for n in sizes(sample)}
    assert width[128] > 1.5 * width[1024]
    luck = 0.25 / 3 / 13.8
    assert followed[1024, "ST", "a"].value == pytest.approx(functions.ishigami_indices()[1][0], abs=0.05 + luck)


def test_small_samples_have_fewer_sizes() -> None:
    assert sizes(draw_sample("sobol", NAMES, [], 32, 1)) == [16, 32]
    assert sizes(draw_sample("sobol", NAMES, [], 8, 1)) == []
    assert sizes(draw_sample("pawn", NAMES, [], 30, 1)) == [30]


def test_replications_bracket_each_other_and_luck_is_reported() -> None:
    _, found = found_for("sobol", 256)
    rows = {(row["measure"], row["factor"]): row for row in index_rows([found])}
    row = rows["ST", "a"]
    assert row["replication_low"] < row["value"] < row["replication_high"]
    assert np.isnan(rows["S2", "a"]["replication_low"]) if ("S2", "a") in rows else True
    [noise] = noise_rows([found])
    assert noise["variance_own_luck"] == pytest.approx(0.25, rel=0.2)
    assert noise["luck_share_of_mean"] == pytest.approx(0.25 / 3 / 14, rel=0.3)
    assert np.isnan(noise["share_above_zero"])


@pytest.mark.parametrize("method", METHODS)
def test_a_contrast_says_how_often_it_turns(method: Method) -> None:
    _, found = found_for(method, 64, minus="other")
    [noise] = noise_rows([found])
    assert noise["share_above_zero"] + noise["share_below_zero"] == pytest.approx(1)
    assert 0.2 < noise["share_above_zero"] < 0.8
    assert (noise["scenario"], noise["minus"]) == ("x", "other")


def test_the_same_runs_give_the_same_numbers() -> None:
    for method in METHODS:
        first, again = (list(index_rows([found_for(method, 64)[1]])) for _ in range(2))
        assert str(first) == str(again)


@pytest.mark.parametrize(("method", "n"), [("morris", 4), ("sobol", 8)])
def test_of_a_handful_of_samples_nothing_is_resolved(method: Method, n: int) -> None:
    _, found = found_for(method, n)
    assert {index.status for index in found.indices} <= {"not resolved", ""}
