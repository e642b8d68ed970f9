"""The golden runs give the numbers that were kept; see `golden_runs`."""

from __future__ import annotations

import pytest
from golden_runs import HERE, RUNS, numbers_of, stored

from sim.model.outcomes import OUTCOME_NAMES


@pytest.mark.parametrize("name", RUNS)
def test_numbers_are_as_kept(name: str) -> None:
    found, kept = numbers_of(name), stored(name)
    assert set(found["outcomes"]) == set(kept["outcomes"]) == set(OUTCOME_NAMES)
    changed = []
    for part, values in kept.items():
        for key, expected in values.items():
            # Exponentials may differ in the last bit between C libraries, and sums with them; more is another model.
            if not same(found[part][key], expected):
                changed.append(f"{part}.{key}: {found[part][key]} instead of {expected}")
    assert changed == []


def same(found, expected) -> bool:
    """Return whether two numbers, or lists of them, agree to nine digits."""
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if found is None or expected is None:
        return found is expected
    return found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_much_happens_in_them() -> None:
    assert stored("like-facebook")["outcomes"]["answer_rate"] > 0.0
    assert all(stored(name)["outcomes"]["adoption"] > 0.05 for name in RUNS)


def test_no_other_files_are_kept() -> None:
    assert {file.stem for file in HERE.glob("*.json")} == set(RUNS)
