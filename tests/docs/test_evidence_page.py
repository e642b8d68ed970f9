"""The text of the page on evidence says what the tables say, and its counts and grades are right."""

from __future__ import annotations

import re
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from sim.catalog.registry import PARAMETER_BY_PATH, PARAMETERS

DOCS = Path(__file__).parents[2] / "docs"
MADE = runpy.run_path(str(DOCS / "make_pages.py"))
TEXT: str = MADE["EVIDENCE_TEXT"].read_text(encoding="utf-8")
ROWS: list[dict[str, str]] = MADE["read_evidence"]()
COUNTS: dict[str, str] = MADE["evidence_counts"]()
PAGE: str = MADE["evidence_page"]()
ROW = {"reading": "read", "kind": "counted", "publisher": "research", "source": "Somebody 2020"}


def findings() -> dict[str, dict[str, str]]:
    return {MADE["base_id"](row): row for row in reversed(ROWS)}


def test_every_row_has_a_known_kind_and_publisher() -> None:
    assert {row["kind"] for row in ROWS} == set(MADE["KINDS"])
    assert {row["publisher"] for row in ROWS} == set(MADE["PUBLISHERS"])
    origins = {(MADE["base_id"](row), row["kind"], row["publisher"], row["reading"]) for row in ROWS}
    assert len(origins) == len(findings()), "the bands of a finding come from one place"
    assert {row["id"][:2] for row in ROWS} == set(MADE["THEMES"])


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        ({}, "A"),
        ({"kind": "official", "publisher": "statistics"}, "A"),
        ({"reading": "second-hand"}, "B"),
        ({"source": "Somebody 2020 (abstract)"}, "B"),
        ({"reading": "second-hand", "source": "Somebody 2020 (abstract)"}, "B"),
        ({"kind": "not said"}, "B"),
        ({"publisher": "vendor"}, "B"),
        ({"reading": "derived", "publisher": "user"}, "C"),
        ({"reading": "second-hand", "kind": "persons", "publisher": "adviser"}, "D"),
    ],
)
def test_grade_counts_doubts(change: dict[str, str], grade: str) -> None:
    assert MADE["grade"](ROW | change) == grade


def test_grade_of_some_findings() -> None:
    expected = {"T7.01": "A", "T2.01": "B", "T3.03": "B", "T1.01": "C", "T2.13": "C", "T4.21": "D"}
    assert {name: MADE["grade"](findings()[name]) for name in expected} == expected


def test_counts_add_up() -> None:
    number = {name: int(count) for name, count in COUNTS.items() if count.isdigit()}
    assert (number["findings"], number["rows"]) == (len(findings()), len(ROWS))
    assert number["full"] + number["abstracts"] == number["read"]
    assert number["read"] + number["second-hand"] + number["derived"] == number["findings"]
    assert number["sized"] + number["unsized"] == number["findings"]
    assert sum(number[f"grade {letter}"] for letter in "ABCD") == number["findings"]
    assert sum(number[f"parameters {level}"] for level in MADE["SUPPORT"]) == len(PARAMETERS)
    second_hand = {row["id"].split("_")[0] for row in ROWS if row["reading"] == "second-hand"}
    assert number["second-hand"] == len(second_hand)


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


@pytest.mark.parametrize(("table", "column"), [("themes", 1), ("kinds", 2), ("publishers", 2)])
def test_tables_count_every_finding_once(table: str, column: int) -> None:
    assert sum(int(row[column]) for row in cells(COUNTS[f"table {table}"])) == len(findings())


def test_every_parameter_is_in_one_group() -> None:
    paths = [entry.path for entries in MADE["registry_groups"]().values() for entry in entries]
    assert sorted(paths) == sorted(PARAMETER_BY_PATH)
    assumed = set(re.findall(r"`([\w.]+)`", COUNTS["list assumed"]))
    assert assumed == {entry.path for entry in PARAMETERS if entry.source.startswith("assumption")}


@pytest.mark.parametrize(
    ("source", "level"),
    [
        ("Joyce & Kraut 2006 (T3.03)", "published"),
        ("calibrated; assumption; use becomes routine (T3.24)", "calibrated"),
        ("claim 4.3: direction; assumption: size", "direction"),
        ("claim 1.8; assumption: size", "direction"),
        ("assumption; T2.20", "assumed"),
    ],
)
def test_support_is_what_the_source_says(source: str, level: str) -> None:
    entry = replace(PARAMETER_BY_PATH["behavior.read_habit"], source=source)
    assert MADE["support"](entry) == level


def test_taken_up_by_names_parameters_targets_and_tables() -> None:
    assert MADE["taken_up_by"]("T3.03") == "`behavior.post_feedback`; `constants.feedback_gain`"
    assert "target, only compared" in MADE["taken_up_by"]("T2.03")
    assert "workforce, `age.csv`" in MADE["taken_up_by"]("T7.01")
    assert MADE["taken_up_by"]("T3.04") == "–"


def test_text_asks_for_every_table_and_for_nothing_unknown() -> None:
    asked = set(re.findall(r"\{\{([^}]+)\}\}", TEXT))
    assert sorted(asked - set(COUNTS)) == []
    assert {name for name in COUNTS if name.startswith(("table", "list"))} <= asked
    assert "{{" not in PAGE


def test_text_discusses_every_finding_and_no_other() -> None:
    assert set(re.findall(MADE["EVIDENCE_ID"], TEXT)) == set(findings())


def test_text_names_parameters_that_exist() -> None:
    sections = "|".join({entry.section for entry in PARAMETERS})
    named = set(re.findall(rf"`((?:{sections})\.[\w.]+)`", TEXT))
    assert len(named) > 30
    assert sorted(named - set(PARAMETER_BY_PATH)) == []


def test_sample_sizes_stand_in_the_rows() -> None:
    rows = [row for row in cells(TEXT.partition("### Sample sizes")[2].partition("###")[0]) if row[0].startswith("T")]
    assert len(rows) > 20
    for ids, size, _ in rows:
        for name in ids.split(", "):
            row = findings()[name]
            said = f"{row['statistic']} {row['population']}".replace(",", "")
            for number in re.findall(r"\d+(?:,\d{3})*", size):
                assert re.search(rf"\b{number.replace(',', '')}\b", said), (name, number)


def test_shares_named_in_the_text_on_one_finding_are_those_of_the_row() -> None:
    assert "20 of 458 members wrote 60% of the messages (T2.01)" in re.sub(r"\s+", " ", TEXT)
    assert (findings()["T2.01"]["value"], findings()["T3.10"]["value"]) == ("60", "0.523")
    assert (findings()["T3.03"]["low"], findings()["T3.03"]["high"]) == ("44", "56")
