"""The table of targets: every published row is there, each number has an argument, and mistakes are told."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.errors import InputError
from sim.evidence.calibration.observables import OBSERVABLES, needed_outcomes
from sim.evidence.calibration.targets import COLUMNS, TARGETS_FILE, check_scenarios, compared, load_targets

PUBLISHED = [
    "T2.01", "T2.02", "T2.03", "T2.08", "T2.10", "T2.11", "T2.13", "T2.20", "T2.21", "T2.26", "T4.01", "T4.02", "T4.03",
    "T4.04", "T4.10", "T4.11", "T4.14", "T4.15", "T4.19", "T4.20", "T4.21", "T4.23",
]  # fmt: skip


def test_every_published_row_is_used_compared_or_refused_with_a_reason() -> None:
    targets = load_targets()
    assert list(dict.fromkeys(target.row for target in targets)) == PUBLISHED
    for target in targets:
        assert target.is_used or len(target.use_why) > 20, target.id
        assert target.tolerance_why, target.id


def test_observables_are_made_from_outcomes_that_exist() -> None:
    for name, observable in OBSERVABLES.items():
        assert set(observable.outcomes) <= set(OUTCOME_NAMES), name
    assert set(needed_outcomes(compared(load_targets()))) <= set(OUTCOME_NAMES)


def written(tmp_path: Path, **changes: str) -> Path:
    """Write the first row of the table with some cells changed."""
    with open(TARGETS_FILE, encoding="utf-8", newline="") as lines:
        row = next(csv.DictReader(lines))
    file = tmp_path / "targets.csv"
    with open(file, "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerow({**row, **changes})
    return file


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"observable": "likes"}, "observable: must be one of"),
        ({"tolerance": "0"}, "tolerance: must be a number above 0"),
        ({"value": "many"}, "value: must be a number"),
        ({"scale": "log", "value": "0"}, "value: must be above 0"),
        ({"week": "-3"}, "week: must be a whole number"),
        ({"use": "maybe"}, "use: must be one of used, check, unused"),
        ({"use": "check", "use_why": ""}, "use_why: is empty"),
        ({"organizations": "0"}, "organizations: must be a whole number above 0"),
        ({"organizations_why": ""}, "organizations_why: is empty"),
        ({"about": ""}, "about: is empty"),
        ({"tolerance_why": " "}, "tolerance_why: is empty"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, changes: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match="row 2: ") as error:
        load_targets(written(tmp_path, **changes))
    assert message in str(error.value)


def test_ids_are_unique(tmp_path: Path) -> None:
    file = written(tmp_path)
    text = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*text, text[1]]), encoding="utf-8")
    with pytest.raises(InputError, match=r"row 3: there is another target T2\.01"):
        load_targets(file)


def test_a_scenario_that_is_missing_is_named() -> None:
    with pytest.raises(InputError, match="ask for water-company, which is not"):
        check_scenarios(load_targets()[:1], ["baseline"], "x.yaml")


def test_largest_rise_looks_at_four_weeks_from_the_start() -> None:
    weeks = np.array([4, 8, 10, 12])
    reach = np.array([[0.1, 0.3, 0.3, 0.45], [0.5, 0.5, 0.5, 0.5]])
    assert OBSERVABLES["largest_rise"].compute(weeks, reach) == pytest.approx([0.2, 0.5])


def test_low_activity_lies_between_week_and_month() -> None:
    shown = OBSERVABLES["low_activity"].compute(np.array([0.1]), np.array([0.4]), np.array([1.0]))
    assert shown == pytest.approx([0.8])


def test_a_ratio_to_nothing_is_missing() -> None:
    assert np.isnan(OBSERVABLES["readers_per_author"].compute(np.array([0.5]), np.array([0.0]))).all()
