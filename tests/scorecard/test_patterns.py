"""The table of patterns is complete, and every row of it can be run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.catalog.registry import BEHAVIOR
from sim.evidence.scorecard.claims import NOT_SCORED, PATTERNS, SWITCHES, measures_needed, settings_needed
from sim.evidence.scorecard.measures import MEASURES
from sim.evidence.scorecard.plan import SETTING_BY_NAME, SETTINGS
from sim.scenario import load_scenario

DOCS = Path(__file__).resolve().parents[2] / "docs"
NEEDED = [
    "0.1",
    "0.2",
    "1.3",
    "1.4",
    "1.5",
    "1.7",
    "1.8",
    "2.6",
    "3.1",
    "3.2",
    "3.4",
    "3.5",
    "4.1",
    "4.3",
    "8",
    "9",
    "10",
    "11",
    "12",
]


def row_of(pattern) -> str:
    return pattern.id.split("-")[0]


def test_ids_and_settings_are_unique() -> None:
    assert len({pattern.id for pattern in PATTERNS}) == len(PATTERNS) > 40
    assert len(SETTING_BY_NAME) == len(SETTINGS)


def test_no_claim_is_missing() -> None:
    rows = {row_of(pattern) for pattern in PATTERNS}
    assert rows.issuperset(NEEDED)
    two_sided = {row_of(pattern) for pattern in PATTERNS if pattern.group == "two sides"}
    assert two_sided == {"rules", "leaders", "likeness"}
    development = {row_of(pattern) for pattern in PATTERNS if pattern.group == "development"}
    unscored = {row.split(",")[0] for row in NOT_SCORED if row.startswith("D")}
    assert development | unscored == {f"D{number}" for number in range(1, 12)}


def test_every_row_of_the_articles_is_scored_or_says_why_not() -> None:
    page = (DOCS / "sources.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| (\d\.\d) \|", page, flags=re.MULTILINE))
    assert len(rows) == 35
    scored = {row_of(pattern) for pattern in PATTERNS if pattern.group == "articles"}
    assert scored | {row for row in NOT_SCORED if re.fullmatch(r"\d\.\d", row)} == rows
    assert scored.isdisjoint(NOT_SCORED)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.id)
def test_a_pattern_is_told_in_full(pattern) -> None:
    for text in (pattern.claim, pattern.claim_nl, pattern.settings_because):
        assert text.endswith(".")
    assert pattern.claim != pattern.claim_nl
    assert pattern.margin > 0.0
    # What no rule has in it can fail, and then a reader wants to know why.
    assert pattern.if_it_fails or pattern.built_in != "no" or pattern.id in ("3.4", "9-hiding")


def test_everything_that_is_compared_can_be_run() -> None:
    assert set(settings_needed()) == set(SETTING_BY_NAME)
    for setting in SETTINGS:
        load_scenario(setting.scenario, dict(setting.changes))


def test_every_measure_exists() -> None:
    assert set(measures_needed()) <= {*OUTCOME_NAMES, *MEASURES}
    assert set(MEASURES).isdisjoint(OUTCOME_NAMES)


def test_switches_are_coefficients_that_zero_can_switch_off() -> None:
    numbers = {entry.name: entry for entry in BEHAVIOR}
    assert [switch.name for switch in SWITCHES] == ["full", "frames_off", "peers_off", "experience_off"]
    for switch in SWITCHES:
        for name in switch.off:
            assert numbers[name].low == 0.0, name  # allowed
            if numbers[name].plausible is not None:
                assert numbers[name].plausible[0] == 0.0, name  # and plausible
            else:
                assert numbers[name].off_at in (None, 0.0), name
