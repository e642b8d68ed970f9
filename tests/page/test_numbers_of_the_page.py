"""The page writes numbers as tables, figures and reports do: the same rules in both languages of the program."""

from __future__ import annotations

import json
import math
import subprocess
from pathlib import Path
from typing import Any

import pytest
from time_limits import PROGRAM_SECONDS
from tools import node

from sim.analysis.wording import difference_number, value_text
from sim.catalog.outcomes import OUTCOMES
from sim.web.page.files import page_data
from sim.words import LANGUAGES, number, percent, short_number

# Ties, what is nearly nothing or all, signs, thousands, few and many digits.
VALUES = (
    0.0, -0.0, 0.5, -0.5, 1.5, 2.5, 0.125, 0.375, -0.125, 0.25, 1.005, 1.015, 0.05, 0.15, 0.45, 0.0005, 0.0049, 0.005,
    0.00049, 0.0095, 0.9949, 0.995, 0.9951, 0.9999999, 1.0, -0.04, -0.9999, 12.345, 999.5, 999.949, 1000.0, 1234.5,
    -1234567.891, 98765432.1, 1e-7, 1.234e-5, 1 / 3, 2 / 3, 0.1 + 0.2, 100 * 0.07, sum([1 / 6] * 6), 1e-16, math.nan,
)  # fmt: skip


def written_by_the_page(tmp_path: Path, language: str, calls: list[list[Any]]) -> list[str]:
    file = tmp_path / "calls.json"
    given = {"language": language, "catalog": page_data()["texts"][language], "calls": calls}
    file.write_text(json.dumps(given).replace("NaN", "null"), encoding="utf-8")
    command = [node(), "--no-warnings", str(Path(__file__).parent / "write_numbers.mjs"), str(file)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=PROGRAM_SECONDS)
    return list(json.loads(done.stdout))


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_the_same_in_python_and_on_the_page(tmp_path: Path, language: str) -> None:
    calls: list[list[Any]] = []
    expected = []
    for value in VALUES:
        for decimals in range(5):
            for is_signed in (False, True):
                calls.append(["number", value, decimals, is_signed])
                expected.append(number(value, decimals, language, is_signed))
            calls.append(["percent", value, decimals])
            expected.append(percent(value, decimals, language))
        for digits in (1, 3, 4, 6):
            calls.append(["shortNumber", value, digits])
            expected.append(short_number(value, language, digits))
    found = written_by_the_page(tmp_path, language, calls)
    assert [(call, one) for call, one in zip(calls, found, strict=True)] == list(zip(calls, expected, strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_outcomes_are_written_as_in_tables(tmp_path: Path, language: str) -> None:
    outcomes = {one["name"]: one for one in page_data()["outcomes"]}
    calls: list[list[Any]] = []
    expected = []
    for outcome in OUTCOMES:
        for value in VALUES:
            calls += [["valueText", outcomes[outcome.name], value], ["endText", outcomes[outcome.name], value]]
            expected += [value_text(outcome.name, value, language), difference_number(outcome.name, value, language)]
    found = written_by_the_page(tmp_path, language, calls)
    wrong = [
        (call[1]["name"], call[2], one, right)
        for call, one, right in zip(calls, found, expected, strict=True)
        if one != right
    ]
    assert not wrong
    assert value_text("age_gap", -0.04, language) in found, "a gap is in points, with a sign"
