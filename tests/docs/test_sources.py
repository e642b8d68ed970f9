"""Every claim of the source articles has a row, and every name in a row exists."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from sim.catalog.outcomes import OUTCOME_NAMES
from sim.catalog.registry import PARAMETER_BY_PATH
from sim.model.rules import frame, numbers, posting, reading, remembering, responding
from sim.scenario.library import shipped_folder, shipped_names

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
N_CLAIMS = {0: 7, 1: 8, 2: 6, 3: 7, 4: 7}
COLUMNS = ("keys", "rules", "outcomes", "scenarios")


def rule_names() -> set[str]:
    modules = (frame, numbers, posting, reading, remembering, responding)
    return {
        name
        for module in modules
        for name, value in vars(module).items()
        if inspect.isfunction(getattr(value, "py_func", value))
    }


KNOWN = {
    "keys": set(PARAMETER_BY_PATH),
    "rules": rule_names(),
    "outcomes": set(OUTCOME_NAMES),
    "scenarios": set(shipped_names()),
}


def rows() -> dict[str, dict[str, list[str]]]:
    """Return, for each claim, the names in backticks by column."""
    found = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"\d\.\d", cells[0]):
            assert len(cells) == 2 + len(COLUMNS), line
            assert cells[0] not in found, f"two rows {cells[0]}"
            names = [re.findall(r"`([^`]+)`", cell) for cell in cells[2:]]
            found[cells[0]] = dict(zip(COLUMNS, names, strict=True))
    return found


ROWS = rows()


def test_every_claim_has_a_row() -> None:
    expected = [f"{article}.{n}" for article, n_claims in N_CLAIMS.items() for n in range(1, n_claims + 1)]
    assert list(ROWS) == expected


@pytest.mark.parametrize("row", ROWS)
def test_every_name_exists(row: str) -> None:
    for column, names in ROWS[row].items():
        assert names or (row, column) == ("4.7", "rules"), f"row {row} names no {column}"
        assert sorted(set(names) - KNOWN[column]) == []


def test_every_shipped_scenario_shows_a_claim() -> None:
    shown = {name for row in ROWS.values() for name in row["scenarios"]}
    assert sorted(set(shipped_names()) - shown) == []


def test_claims_named_in_the_registry_have_a_row() -> None:
    for entry in PARAMETER_BY_PATH.values():
        for claims in re.findall(r"\bclaims? ([\d., and]+)", entry.source):
            for claim in re.findall(r"\d\.\d", claims):
                assert claim in ROWS, f"{entry.path} names claim {claim}"


@pytest.mark.parametrize("name", shipped_names())
def test_claims_that_a_scenario_names_show_it(name: str) -> None:
    text = (shipped_folder() / f"{name}.yaml").read_text(encoding="utf-8")
    comments = " ".join(line for line in text.splitlines() if line.startswith("#"))
    for claim in re.findall(r"\b\d\.\d\b", comments):
        assert name in ROWS[claim]["scenarios"], f"{name} names claim {claim}"
