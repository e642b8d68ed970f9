"""What a sensitivity analysis is said to have found, as far as its intervals tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.analysis.sensitivity.finding import SensitivityFinding
from sim.analysis.sensitivity.results import Row, SensitivityResults, SubjectResult
from sim.analysis.sensitivity.values import Subject

OUTCOME = "monthly_posters"


def index(factor: str, value: float, low: float, high: float, status: str = "resolved") -> Row:
    return {
        "measure": "KS",
        "factor": factor,
        "outcome": OUTCOME,
        "value": value,
        "low": low,
        "high": high,
        "status": status,
    }


def answer(*rows: Row, samples: int = 1000) -> str:
    found = SubjectResult(Subject("baseline", "", OUTCOME), {"reason": None}, rows, [])
    results = SensitivityResults(
        "which", "pawn", samples, samples, 1, samples, 1, False, len(rows), 1.0, [OUTCOME], [found], Path("out")
    )
    return SensitivityFinding(results, "en").answer(found)


A, B, C = index("a", 0.6, 0.5, 0.7), index("b", 0.55, 0.45, 0.65), index("c", 0.3, 0.25, 0.35)


@pytest.mark.parametrize(
    ("rows", "said", "not_said"),
    [
        ((A, C), ["a (0.60 [0.50, 0.70]) decides most, by KS; then c (0.30 [0.25, 0.35])."], "Not resolved"),
        ((A, B, C), [" a (", " and b (", "decide most, by KS, in an order that these runs do not settle; then c"], ""),
        ((A, index("d", 0.1, 0.0, 0.2, "not resolved")), ["decides most", "less than the first: 1."], "; then"),
        ((A, index("d", 0.4, 0.0, 0.6, "not resolved")), ["stands out", "1 more may do as much"], "decides most"),
        ((index("d", 0.1, 0.0, 0.2, "not resolved"),), ["cannot tell", "none of 1 factor"], "decides"),
        ((index("d", 0.1, 0.0, 0.2, "luck unknown"),), ["cannot tell", "told from luck", "d (0.10"], "decides"),
    ],
)  # fmt: skip
def test_an_order_is_told_only_as_far_as_intervals_are_apart(
    rows: tuple[Row, ...], said: list[str], not_said: str
) -> None:
    told = answer(*rows)
    assert [part for part in said if part not in told] == [], told
    assert not not_said or not_said not in told, told


def test_a_small_sample_tells_nothing() -> None:
    told = answer(index("d", 0.4, 0.3, 0.5, "not resolved"), samples=2)
    assert "cannot tell; a sample of 2 is too small" in told
    assert "d (0.40" in told
