"""Nothing missing and nothing constant gets past; the reason is told instead of zeros."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from SALib.analyze.sobol import analyze as salib_analyze

from sim.analysis.sensitivity.analysis import Kinds, analyze, index_rows, noise_rows
from sim.analysis.sensitivity.sampling import draw_sample, problem
from sim.analysis.sensitivity.values import OutcomeValues, RunTables, Subject, gather, why_not
from sim.words import in_language

SHAPE = (4, 2)


def tables(
    missing: set[tuple[str, int, int]] = frozenset(), failed: set[tuple[str, int, int]] = frozenset()
) -> RunTables:
    """Runs of scenarios a and b at four points, twice; outcome y is 10 * point + replication, doubled in b."""
    rows, failures, reasons = [], [], []
    for replication in range(2):
        for point in range(4):
            for scenario in "ab":
                key = {"scenario": scenario, "point": point, "replication": replication}
                run = scenario, point, replication
                if run in failed:
                    failures.append({**key, "error": "ValueError: no good"})
                    continue
                y = (10.0 * point + replication) * (1 if scenario == "a" else 2)
                if run in missing:
                    y = math.nan
                    reasons.append({**key, "outcome": "y", "reason": "nobody asked"})
                rows.append({**key, "y": None if math.isnan(y) else y, "constant": 0.1 + 0.2})
    keys = [("scenario", pa.string()), ("point", pa.int64()), ("replication", pa.int64())]
    return RunTables(
        pa.Table.from_pylist(rows, pa.schema([*keys, ("y", pa.float64()), ("constant", pa.float64())])),
        pa.Table.from_pylist(failures, pa.schema([*keys, ("error", pa.string())])),
        pa.Table.from_pylist(reasons, pa.schema([*keys, ("outcome", pa.string()), ("reason", pa.string())])),
    )


def reason_of(found: list[OutcomeValues], *subject: str) -> str:
    return next(each.reason for each in found if each.subject == Subject(*subject))


def test_outcomes_stand_by_point_and_replication_and_contrasts_follow() -> None:
    found = list(gather(tables(), ["a", "b"], ["y"], SHAPE, 26))
    assert [each.subject for each in found] == [Subject("a", "", "y"), Subject("b", "", "y"), Subject("a", "b", "y")]
    np.testing.assert_array_equal(found[0].values, [[0, 1], [10, 11], [20, 21], [30, 31]])
    np.testing.assert_array_equal(found[2].values, found[0].values - found[1].values)
    assert not any(each.reason for each in found)


def test_missing_values_are_counted_and_explained() -> None:
    found = list(gather(tables(missing={("a", 2, 1)}, failed={("b", 0, 0), ("b", 3, 1)}), ["a", "b"], ["y"], SHAPE, 26))
    assert reason_of(found, "a", "", "y") == "1 of 8 runs has no value, at 1 of 4 points (2): nobody asked"
    assert reason_of(found, "b", "", "y").endswith("at 2 of 4 points (0, 3): run failed: ValueError: no good")
    both = reason_of(found, "a", "b", "y")
    assert both.startswith("3 of 8 runs have no value, at 3 of 4 points (0, 2, 3): ")
    assert "nobody asked (1)" in both
    assert "run failed: ValueError: no good (2)" in both
    assert in_language(both, "nl") == (
        "3 van 8 runs hebben geen waarde, op 3 van 4 punten (0, 2, 3): run mislukt: ValueError: no good (2); "
        "nobody asked (1)"
    )


def test_a_run_that_is_not_there_says_so() -> None:
    values = np.array([[1.0, 2.0], [np.nan, 3.0]])
    assert why_not(values).endswith("(1): not run")
    assert "no value" in why_not(np.array([[1.0, np.inf], [2.0, 3.0]]))


@pytest.mark.parametrize("value", [0.0, 0.1 + 0.2, 1e9])
def test_a_constant_is_told(value: float) -> None:
    values = np.full((4, 2), value)
    values[:, 1] += 0.1  # luck that all points share is no reason to go on
    assert why_not(values).startswith("the same at every point (")
    assert why_not(np.array([[0.0], [1e-12]])) == ""


@pytest.mark.filterwarnings("ignore")
def test_salib_itself_would_answer_with_zeros() -> None:
    sample = draw_sample("sobol", ["a", "b"], [], 64, 1)
    outcome = sample.unit[:, 0].copy()
    outcome[3] = np.nan
    for bad in (outcome, np.full(len(outcome), 2.0)):
        found = salib_analyze(problem(["a", "b"]), bad, num_resamples=2, seed=1)
        assert not np.nan_to_num(found["ST"]).any()


@pytest.mark.parametrize("bad", ["missing", "constant"])
@pytest.mark.parametrize("method", ["sobol", "morris", "pawn"])
def test_what_cannot_be_analyzed_gets_a_reason_and_no_numbers(method: str, bad: str) -> None:
    sample = draw_sample(method, ["a", "b"], [], 32, 1)
    values = np.repeat(sample.unit[:, [0]], 2, axis=1)
    if bad == "missing":
        values[3, 1] = np.nan
    else:
        values[:] = 1.0
    found = analyze(sample, OutcomeValues(Subject("a", "", "y"), values, why_not(values)), Kinds({}))
    assert list(index_rows([found])) == []
    [row] = noise_rows([found])
    assert row["reason"]
    assert row["points"] == len(values)
