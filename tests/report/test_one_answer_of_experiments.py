"""One answer wherever it stands, of sweeps and sensitivity: terminal, JSON, tables, results, report and figures."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from report_pages import SENSITIVITY, SWEEP

from sim.__main__ import main
from sim.analysis.wording import difference_number, index_text, interval_text, value_text
from sim.words import number, percent, text

Command = Callable[..., str]
LANGUAGES = pytest.mark.parametrize("language", ["en", "nl"])
PLAIN_SWEEP = SWEEP.replace("uncertainties:\n  organization.trust: {low: 0.3, high: 0.8}\nsamples: 10\n", "")


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that types a command in an empty folder with room for wide tables, and gives what it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")

    def typed(*arguments: str) -> str:
        code = main(list(arguments))
        captured = capsys.readouterr()
        assert code == 0, captured.err
        return captured.out

    return typed


def plain(written: str) -> str:
    """Return a piece of a page or figure as plain words."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", written)).replace("\u00a0", " ").replace("\u00ad", "").split())


def rows_below(printed: str, title: str) -> list[list[str]]:
    """Return the cells of the table below a title: the first row has the headings."""
    lines = printed.splitlines()
    start = lines.index(title)
    cells = (re.split(r" {2,}", line.strip()) for line in lines[start + 1 : lines.index("", start)])
    return [row for row in cells if len(row) > 1]  # notes below the table are one sentence


def page_rows(page: str) -> list[list[str]]:
    """Return the cells of all rows of the tables of a report, the name first."""
    rows = re.findall(r"<tr\b.*?</tr>", page, re.DOTALL)
    return [[plain(cell) for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]


def figure_texts(folder: Path, name: str) -> list[str]:
    """Return what is written in a figure."""
    written = (folder / "figures" / f"{name}.svg").read_text(encoding="utf-8")
    return [plain(one) for one in re.findall(r"<text\b.*?</text>", written, re.DOTALL)]


def shown_results(printed: str) -> str:
    """Return what `results` prints below its facts, without what it says of figures and the folder."""
    return printed.split("\n\n", 1)[1].split("\nFigures:", maxsplit=1)[0].split("\nFiguren:", maxsplit=1)[0].strip()


@LANGUAGES
@pytest.mark.parametrize(
    ("experiment", "worlds"),
    [(SWEEP, ["--at-defaults"]), (PLAIN_SWEEP, ["--at-defaults"]), (PLAIN_SWEEP, ["--worlds", "8"])],
    ids=["drawn", "one-world", "plausible-worlds"],
)
def test_a_sweep_says_the_same_everywhere(command: Command, experiment: str, worlds: list[str], language: str) -> None:
    Path("e.yaml").write_text(experiment)
    typed = ["sweep", "e.yaml", *worlds, "--out", "out", "--quiet", "--jobs", "1", "--lang", language]
    printed = command(*typed, "--report")
    given = json.loads(command(*typed, "--json"))
    results = command("results", "out", "--lang", language)
    title = text(language, "sweep.ranking", outcome=text(language, "outcome.label.monthly_posters"))
    head, *rows = rows_below(printed, title)
    assert rows_below(results, title) == [head, *rows]
    rows = [row for row in rows if len(row) > 1]  # notes may follow
    assert shown_results(results).splitlines()[:3] == printed.splitlines()[:3]
    places = pd.read_parquet("out/strategies.parquet").query("outcome == 'monthly_posters'")
    means = pd.read_parquet("out/summary.parquet").query("outcome == 'monthly_posters'")
    table = places.merge(means[["strategy", "mean", "low", "high"]], on="strategy", suffixes=("", "_mean"))
    in_json = {one["strategy"]: one for one in given["strategies"]}
    page = {tuple(row[1:5]) for row in page_rows(Path("out/report.html").read_text()) if len(row) == 7}
    drawn = figure_texts(Path("out"), "ranking")
    assert len(rows) == len(table) == 6
    ordered = table.sort_values("rank", kind="stable")
    n_levers = head.index(text(language, "sweep.column.rank"))
    tied = text(language, "sweep.column.tied")
    for cells, row in zip(rows, ordered.itertuples(), strict=True):
        one = in_json[row.strategy]
        assert one["rank"]["mean"] == row.rank
        assert one["outcomes"]["monthly_posters"]["mean"] == pytest.approx(row.mean)
        ends = "–" if pd.isna(row.low) else f"{number(row.low, 0, language)}–{number(row.high, 0, language)}"
        share = percent(row.share_first, 0, language)
        mean = value_text("monthly_posters", row.mean, language)
        interval = interval_text("monthly_posters", row.low_mean, row.high_mean, language)
        found = cells[n_levers:]
        assert found[:5] == [number(row.rank, 0, language), ends, share, mean, interval]
        assert found[5:7] == [
            difference_number("monthly_posters", each, language) for each in (row.regret_mean, row.regret_p90)
        ]
        # The first row needs no word: it is what others tie with.
        assert (tied in found) == (bool(row.is_tied_with_first) and cells is not rows[0])
        assert (found[0], ends, share, mean if interval == "–" else f"{mean} {interval}") in page
        assert share in drawn
    framings = {cells[0] for cells in rows}
    assert framings <= set(drawn), "a setting has another name in the figure"
    n_tied = int(table["is_tied_with_first"].sum())
    first = rows[0][n_levers + 3]
    above = printed.split(title)[0].splitlines()  # over worlds their source stands first, and what is clear of levers
    answer = next(line for line in above[1:] if first in line and not line.startswith("- "))
    assert any(first in one for one in drawn), (first, drawn)
    unsure = {"en": "Cannot tell", "nl": "Niet te zeggen"}[language]
    assert any(unsure in one for one in drawn) == (n_tied > 1), drawn
    assert answer.startswith(unsure) == (n_tied > 1)


@LANGUAGES
@pytest.mark.parametrize(
    ("method", "measure", "samples"), [("morris", "mu_star", 8), ("sobol", "ST", 8), ("pawn", "KS", 40)]
)
def test_a_sensitivity_analysis_says_the_same_everywhere(
    command: Command, method: str, measure: str, samples: int, language: str
) -> None:
    chosen = SENSITIVITY.replace("method: morris", f"method: {method}").replace("samples: 8", f"samples: {samples}")
    Path("e.yaml").write_text(chosen)
    typed = ["sensitivity", "e.yaml", "--out", "out", "--quiet", "--jobs", "1", "--lang", language]
    printed = command(*typed, "--report")
    given = json.loads(command(*typed, "--json"))
    results = command("results", "out", "--lang", language)
    label = text(language, "outcome.label.monthly_posters")
    subject = label[:1].upper() + label[1:]
    title = text(language, "sensitivity.subject", outcome=subject, scenario="baseline")
    head, *rows = rows_below(f"{printed}\n", title) if f"\n{title}\n" in printed else ([], [])
    assert rows
    assert title in results
    indices = pd.read_parquet("out/indices.parquet").query("outcome == 'monthly_posters' and measure == @measure")
    kept = indices.set_index("factor")
    page = page_rows(Path("out/report.html").read_text())
    told = json.dumps(given)
    drawn = figure_texts(Path("out"), "indices")
    n_seen = 0
    for cells in rows:
        if cells[0] not in kept.index or cells[0] == "dummy":
            continue
        n_seen += 1
        row = kept.loc[cells[0]]
        value, low, high = (index_text(measure, "monthly_posters", row[part], language) for part in
                            ("value", "low", "high"))  # fmt: skip
        interval = text(language, "number.interval", low=low, high=high)
        assert cells[1:3] == [value, interval]
        own = [each for each in page if each[0] == cells[0]]
        assert own, (cells[0], page)
        assert [cell for cell in own[0] if cell] == cells
        is_open = row["status"] == "not resolved"
        assert (text(language, "sensitivity.status.not_resolved") in cells) == is_open
        assert repr(float(row["value"])) in told
    assert n_seen == 3
    named = [cells[0] for cells in rows if cells[0] in kept.index and cells[0] != "dummy"]
    assert [one for one in drawn if one in named] == named, "the figure has another order"
    assert any(subject in one for one in drawn), (subject, drawn)
    assert head
    noise = pd.read_parquet("out/noise.parquet").query("outcome == 'monthly_posters'").iloc[0]
    report = plain(Path("out/report.html").read_text())
    share = percent(noise["luck_share_of_run"], 0, language)
    assert share in printed
    assert share in report
