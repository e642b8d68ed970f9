"""One answer wherever it stands: terminal, JSON, tables, stored results, report and figures say the same."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from report_pages import SMALL

from sim.__main__ import main
from sim.analysis.results import read_tables
from sim.catalog.outcomes import OUTCOMES
from sim.words import text

Command = Callable[..., str]

SETTINGS = [part for one in SMALL for part in ("--set", one)]
A, B = "like-facebook", "collaboration"
SIZES = [["--at-defaults", "--replications", "7"], ["--worlds", "6"]]
PERCENT = {"share", "difference of shares"}
VERDICTS = {
    "en": {
        "cannot tell": "cannot tell",
        "alike": "hardly differs",
        "same": "the same",
        "differs": "{name} higher",
        "differs slightly": "{name} hardly higher",
    },
    "nl": {
        "cannot tell": "niet te zeggen",
        "alike": "nauwelijks verschil",
        "same": "hetzelfde",
        "differs": "{name} hoger",
        "differs slightly": "{name} nauwelijks hoger",
    },
}


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that types a command in an empty folder and gives what it prints."""
    monkeypatch.chdir(tmp_path)

    def typed(*arguments: str) -> str:
        code = main(list(arguments))
        captured = capsys.readouterr()
        assert code == 0, captured.err
        return captured.out

    return typed


def plain(written: str) -> str:
    """Return a piece of a page as plain words."""
    return html.unescape(written).replace("\u00a0", " ").strip()


def table_rows(printed: str, language: str) -> dict[str, list[str]]:
    """Return the cells of each row of the table of outcomes, by label."""
    lines = printed.splitlines()
    head = {"en": "Outcome ", "nl": "Uitkomst "}[language]
    start = next(at for at, line in enumerate(lines) if line.startswith(head))
    rows: dict[str, list[str]] = {}
    for line in lines[start + 1 : lines.index("", start)]:
        cells = re.split(r" {2,}", line.strip())
        if len(cells) > 1:
            assert cells[0] not in rows
            rows[cells[0]] = cells[1:]
    return rows


def report_rows(page: str) -> dict[str, list[str]]:
    """Return the cells of the rows of the report's tables, by the name before the small print."""
    rows = {}
    for row in re.findall(r"<tr\b.*?</tr>", page, re.DOTALL):
        name = re.search(r"<th[^>]*scope=\"row\"[^>]*>(.*?)(?:<small>|</th>)", row, re.DOTALL)
        if name and "<small>" in row:
            cells = re.findall(r"<td\b[^>]*>(.*?)</td>", row, re.DOTALL)
            rows[plain(name[1]).lower()] = [plain(cell) for cell in cells]
    return rows


def figure_texts(folder: Path, name: str) -> list[str]:
    """Return what is written in a figure."""
    written = re.findall(r"<text[^>]*>([^<]*)<", (folder / "figures" / f"{name}.svg").read_text(encoding="utf-8"))
    return [plain(one) for one in written]


def value_of(written: str) -> float:
    """Return the number that is written, in the unit it is read in."""
    return float(re.sub(r"[%+<>]", "", written).replace("−", "-").replace(",", "."))


def says(written: str, value: float | None, unit: str) -> bool:
    """Whether what is written is this number, rounded (a share near 0% or 100% as below or above the last digit)."""
    if value is None or math.isnan(value):
        return written == "–"
    scaled = 100 * value if unit in PERCENT else value
    if written[0] == "<":
        return 0 < scaled < value_of(written)
    if written[0] == ">":
        return value_of(written) < scaled < 100
    step = 10.0 ** -len(re.split(r"[.,]", re.sub("%", "", written))[1])
    return abs(value_of(written) - scaled) <= step / 2 + 1e-9


def says_interval(written: str, low: float | None, high: float | None, unit: str) -> bool:
    """Whether what is written is this interval."""
    if low is None or math.isnan(low):
        return written == "–"
    ends = re.fullmatch(r"\[(.+)(?:, |; )(.+)\]", written)
    return ends is not None and says(ends[1], low, unit) and says(ends[2], high, unit)


def label_and_unit(outcome: Any, language: str) -> tuple[str, str]:
    yes_or_no = outcome.name in {"alive", "critical_mass", "persistence"}
    return text(language, f"outcome.label.{outcome.name}"), "share" if yes_or_no else outcome.unit


def mean_of(runs: pd.DataFrame, outcome: str) -> float:
    """Return the mean of an outcome over runs, or over worlds by their weight in the set that the answer rests on."""
    weights = next((runs[name] for name in runs.columns if name.startswith("weight.")), pd.Series(1.0, runs.index))
    is_known = runs[outcome].notna()
    return float(np.average(runs[outcome][is_known], weights=weights[is_known]))


def verdict_words(kind: str, mean: float, language: str) -> str:
    """Return what the tables say for a verdict; the winner is on the side of the mean."""
    return VERDICTS[language][kind].format(name=A if mean > 0 else B)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("size", SIZES, ids=["pairs", "worlds"])
def test_a_comparison_says_the_same_everywhere(command: Command, size: list[str], language: str) -> None:
    typed = ["compare", A, B, *SETTINGS, *size, "--out", "out", "--quiet", "--jobs", "1", "--lang", language]
    printed = command(*typed, "--all", "--report")
    rows = table_rows(printed, language)
    if "--worlds" in size:
        told = re.compile(r"(\d+) (?:plausible worlds|denkbare werelden)")
        heading = plain(Path("out/report.html").read_text(encoding="utf-8").split("<h1", 1)[0])
        title = next(line for line in printed.splitlines() if re.match(r"\d+ (?:plausible|denkbare)", line))
        assert told.findall(heading) == told.findall(title)[:1], (heading[-300:], title)
    assert table_rows(command(*typed, "--all"), language) == rows  # stored = fresh
    assert table_rows(command("results", "out", "--all", "--lang", language), language) == rows
    given = json.loads(command(*typed, "--json"))
    tables = read_tables(Path("out"))
    stored = tables["differences"].set_index("outcome")
    page = report_rows(Path("out/report.html").read_text(encoding="utf-8"))
    means = [one["outcomes"] for one in given["scenarios"]]
    in_json = {one["outcome"]: one for one in given["differences"]}
    assert set(in_json) == set(stored.index) == {outcome.name for outcome in OUTCOMES}
    n_shown = 0
    for outcome in OUTCOMES:
        label, unit = label_and_unit(outcome, language)
        if label not in rows:
            continue
        n_shown += 1
        in_a, in_b, difference, interval, *_, verdict = rows[label]
        one, kept = in_json[outcome.name], stored.loc[outcome.name]
        for key in ("mean", "low", "high"):
            assert (one[key] is None and pd.isna(kept[key])) or one[key] == pytest.approx(kept[key], rel=1e-12)
        if not kept["n_not_reached"]:
            assert says(difference, one["mean"], unit), (outcome.name, difference, one["mean"])
            assert says_interval(interval, one["low"], one["high"], unit), (outcome.name, interval)
            assert says(in_a, means[0][outcome.name]["mean"], unit), (outcome.name, in_a)
            assert says(in_b, means[1][outcome.name]["mean"], unit), (outcome.name, in_b)
        assert verdict == verdict_words(kept["verdict"], kept["mean"], language), outcome.name
        names = [name for name in page if name == label.lower() or name.startswith(f"{label.lower()} (")]
        assert len(names) == 1, (label, list(page))
        page_a, page_b, page_difference, page_verdict = page[names[0]]
        assert page_a.startswith(in_a), (outcome.name, page_a)
        assert page_b.startswith(in_b), (outcome.name, page_b)
        assert page_difference.startswith(difference if interval == "–" else f"{difference} {interval}"), outcome.name
        assert re.sub(r"[“”]| \(.*\)$", "", page_verdict) == verdict, outcome.name  # a reason may follow
    assert n_shown >= 30
    drawn = figure_texts(Path("out"), "differences")
    numbers = [one for one in drawn if re.match(r"[−+\d].*\[.*\]$", one)]
    assert numbers
    assert set(numbers) <= {f"{row[2]} {row[3]}" for row in rows.values()}
    ends = figure_texts(Path("out"), "curves")
    for name in ("monthly_readers", "monthly_posters"):
        row = rows[text(language, f"outcome.label.{name}")]
        assert {f"{row[0]} {A}", f"{row[1]} {B}"} <= set(ends), (name, ends)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("size", SIZES, ids=["runs", "worlds"])
def test_a_run_says_the_same_everywhere(command: Command, size: list[str], language: str) -> None:
    typed = ["run", B, *SETTINGS, *size, "--out", "out", "--quiet", "--jobs", "1", "--lang", language]
    rows = {label: row[:2] for label, row in table_rows(command(*typed, "--all", "--report"), language).items()}
    for again in (command(*typed, "--all"), command("results", "out", "--all", "--lang", language)):
        assert {label: row[:2] for label, row in table_rows(again, language).items()} == rows
    given = json.loads(command(*typed, "--json"))["outcomes"]
    runs = read_tables(Path("out"))["runs"]
    n_shown = 0
    for outcome in OUTCOMES:
        label, unit = label_and_unit(outcome, language)
        if label not in rows or outcome.unit == "weeks":
            continue
        n_shown += 1
        mean, interval = rows[label]
        one = given[outcome.name]
        assert says(mean, one["mean"], unit), (outcome.name, mean)
        assert says_interval(interval, one["low"], one["high"], unit), (outcome.name, interval)
        assert one["mean"] is None or one["mean"] == pytest.approx(mean_of(runs, outcome.name))
    assert n_shown >= 30
    ends = figure_texts(Path("out"), "curves")
    for name in ("monthly_readers", "monthly_posters"):
        written = rows[text(language, f"outcome.label.{name}")][0]
        assert any(one.startswith(written) for one in ends), (name, ends)
