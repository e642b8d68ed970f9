"""The pages that are made from the code are fresh, and every evidence id that anybody names can be looked up."""

from __future__ import annotations

import math
import re
import runpy
from pathlib import Path

import pytest

from sim.catalog.outcomes import OUTCOME_NAMES, OUTCOMES
from sim.catalog.registry import PARAMETERS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MADE = runpy.run_path(str(DOCS / "make_pages.py"))
PAGES: dict[Path, str] = MADE["pages"]()
EVIDENCE: list[dict[str, str]] = MADE["read_evidence"]()
EVIDENCE_ID = r"\bT\d\.\d\d\b"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_page_is_fresh(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path], "stale: run python docs/make_pages.py"


def test_every_outcome_has_a_formula_and_a_place() -> None:
    assert {outcome.level for outcome in OUTCOMES} == set(MADE["LEVELS"])
    page = PAGES[DOCS / "outcomes.md"]
    assert sorted(re.findall(r"^### `(\w+)`$", page, flags=re.M)) == sorted(OUTCOME_NAMES)


def ids_in_table() -> set[str]:
    return {MADE["base_id"](row) for row in EVIDENCE}


def ids_named() -> dict[str, str]:
    """Return every evidence id in the registry, the sources, the data and the pages, with a place that names it."""
    named = {}
    for entry in PARAMETERS:
        named |= dict.fromkeys(re.findall(EVIDENCE_ID, entry.source), entry.path)
    files = [*(ROOT / "sim").rglob("*.py"), *(ROOT / "sim" / "organization" / "data").iterdir(), *DOCS.rglob("*.md")]
    for file in files:
        if file.name != "evidence.md":
            named |= dict.fromkeys(re.findall(EVIDENCE_ID, file.read_text(encoding="utf-8")), file.name)
    return named


def test_every_evidence_id_can_be_looked_up() -> None:
    named = ids_named()
    assert len(named) > 50
    assert {name: place for name, place in named.items() if name not in ids_in_table()} == {}


def test_the_table_has_no_evidence_that_nobody_names() -> None:
    assert sorted(ids_in_table() - set(ids_named())) == []


def test_every_row_of_evidence_is_whole() -> None:
    ids = [row["id"] for row in EVIDENCE]
    assert len(set(ids)) == len(ids)
    assert [MADE["base_id"](row) for row in EVIDENCE] == sorted(MADE["base_id"](row) for row in EVIDENCE)
    for row in EVIDENCE:
        assert row["reading"] in {"read", "second-hand", "derived"}
        assert all(row[column] for column in ("statistic", "unit", "population", "source"))
        assert row["url"].startswith("http") or "source articles" in row["source"]
        for column in ("value", "low", "high"):
            assert row[column] == "" or math.isfinite(float(row[column]))


def test_every_relation_that_anybody_names_can_be_looked_up_and_names_what_it_bounds() -> None:
    relations = {row["id"]: row for row in MADE["read_relations"]()}
    assert all(row[column] for row in relations.values() for column in ("relation", "source", "reading", "acts"))
    named = {entry.path: set(re.findall(r"\bREL\d\d\b", entry.source)) for entry in PARAMETERS}
    assert sum(map(len, named.values())) > 5
    bounded = {path: {name for name, row in relations.items() if path in row["bears"].split("; ")} for path in named}
    numbers = {path for path in named if path.startswith("behavior.")}
    assert {
        path: ids - bounded[path] for path, ids in named.items() if path in numbers and not ids <= bounded[path]
    } == {}
    files = [*(ROOT / "sim").rglob("*.py"), *DOCS.rglob("*.md")]
    in_files = {name for file in files for name in re.findall(r"\bREL\d\d\b", file.read_text(encoding="utf-8"))}
    assert in_files <= set(relations)
