"""Draws have the distribution that the file names; alternatives and whole numbers are drawn fairly."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim.experiments import Factor
from sim.experiments.factors import Alternative, Range

U = np.linspace(0.0005, 0.9995, 1000)
CASES = {
    "uniform": (Range(2.0, 5.0), stats.uniform(2, 3)),
    "log_uniform": (Range(0.5, 50.0, distribution="log_uniform"), stats.loguniform(0.5, 50)),
    "triangular": (Range(-1.0, 3.0, distribution="triangular", mode=0.0), stats.triang(0.25, -1, 4)),
    "mode at the low end": (Range(0.0, 1.0, distribution="triangular", mode=0.0), stats.triang(0, 0, 1)),
    "mode at the high end": (Range(0.0, 1.0, distribution="triangular", mode=1.0), stats.triang(1, 0, 1)),
    "normal": (
        Range(0.0, 1.0, distribution="normal", mean=0.3, sd=0.4),
        stats.truncnorm((0 - 0.3) / 0.4, (1 - 0.3) / 0.4, 0.3, 0.4),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_inverse_distribution_function(name: str) -> None:
    spread, reference = CASES[name]
    assert [spread.value(u) for u in U.tolist()] == pytest.approx(reference.ppf(U).tolist(), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_ends_are_never_passed(name: str) -> None:
    spread, _ = CASES[name]
    assert spread.value(0.0) == pytest.approx(spread.low)
    assert spread.value(1.0) == pytest.approx(spread.high)
    assert all(spread.low <= spread.value(u) <= spread.high for u in (0.0, 1e-12, 1 - 1e-12, 1.0))


def test_a_very_narrow_normal_stays_inside() -> None:
    spread = Range(0.0, 1.0, distribution="normal", mean=0.5, sd=1e-6)
    assert spread.value(0.0) == pytest.approx(0.0, abs=1e-3) or spread.value(0.0) == pytest.approx(0.5, abs=1e-3)
    assert spread.value(0.5) == pytest.approx(0.5, abs=1e-6)
    assert spread.value(1.0) <= 1.0


def test_whole_numbers_are_equally_likely() -> None:
    spread = Range(3, 7, is_whole=True)
    drawn = Counter(spread.value(u) for u in np.linspace(0, 1, 10_001).tolist())
    assert sorted(drawn) == [3, 4, 5, 6, 7]
    assert max(drawn.values()) - min(drawn.values()) <= 2
    assert all(type(value) is int for value in drawn)


@pytest.mark.parametrize(
    "spread",
    [
        Range(50, 5000, is_whole=True, distribution="log_uniform"),
        Range(1, 3, is_whole=True, distribution="triangular", mode=1.0),
        Range(1, 9, is_whole=True, distribution="normal", mean=5.0, sd=2.0),
    ],
    ids=lambda spread: spread.distribution,
)
def test_whole_numbers_of_other_distributions(spread: Range) -> None:
    values = [spread.value(u) for u in np.linspace(0, 1, 20_001).tolist()]
    assert values == sorted(values)
    assert (values[0], values[-1]) == (spread.low, spread.high)
    assert all(type(value) is int for value in values)


@pytest.mark.parametrize("labels", [(True, False), ("a", "b", "c"), (0.1, None, 3, 4, 5, 6, 7)])
def test_alternatives_are_equally_likely(labels: tuple[Any, ...]) -> None:
    alternatives = tuple(Alternative(label, {"rules.guidance": label}) for label in labels)
    factor = Factor("x", True, "rules", "values", ("rules.guidance",), None, alternatives)
    drawn = Counter(factor.value(u) for u in ((np.arange(4200) + 0.5) / 4200).tolist())
    assert set(drawn) == set(labels)
    assert set(drawn.values()) == {4200 // len(labels)}
    assert factor.value(1.0) == labels[-1]
    assert factor.levels == labels


def test_values_are_short_enough_to_be_written_down() -> None:
    values = [Range(0.1, 10.0, distribution="log_uniform").value(u) for u in U.tolist()]
    assert max(len(repr(value)) for value in values) <= 15
    assert len(set(values)) == len(values)


def test_evenly_spaced_whole_numbers_differ() -> None:
    assert Range(1, 4, is_whole=True).evenly(4) == (1, 2, 3, 4)
    assert Range(1, 10, is_whole=True).evenly(3) == (1, 6, 10)
