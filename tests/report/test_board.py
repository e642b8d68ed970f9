"""The page for the board: it says and recommends what the tables say, and is one A4."""

from __future__ import annotations

import functools
import math
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from report_pages import SMALL, Page
from time_limits import BROWSER_SECONDS

from sim.analysis.over_worlds import short_name
from sim.analysis.results import read_stored
from sim.analysis.wording import difference_number, label, value_text
from sim.catalog.registry import COEFFICIENTS, PARAMETER_BY_PATH, meaning_of
from sim.documents.printers import render
from sim.errors import InputError
from sim.evidence.calibration.targets import load_targets
from sim.experiments.questionnaire import answers_text
from sim.pages.report.board import (
    FAR_OFF,
    PARTS,
    WATCHED,
    benchmarks,
    board_page,
    in_plain_words,
    is_far_off,
    load_costs,
)
from sim.pages.report.report import report_html
from sim.pages.report.study_report import _known
from sim.scenario import load_scenario
from sim.studies import compare
from sim.words import LANGUAGES, number, per_hundred, percent, text
from sim.words.blocks import Report, Section

N_WORLDS = 24
TWO = ("like-facebook", "collaboration")
FIVE = ("collaboration", "like-facebook", "unframed", "leaders-post", "strict-rules")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two launches in as many worlds as it takes for a value to worry at."""
    folder = tmp_path_factory.mktemp("board") / "two"
    compare([load_scenario(name, SMALL) for name in TWO], worlds=N_WORLDS, out=folder)
    return folder


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five launches in a few worlds, with answers to all questions: as much as the page can have to say."""
    folder = tmp_path_factory.mktemp("board") / "five"
    answers = folder.parent / "answers.yaml"
    answers.write_text(answers_text({}, "en"), encoding="utf-8")
    compare([load_scenario(name, SMALL) for name in FIVE], worlds=24, answers=answers, out=folder)
    return folder


@functools.cache
def board(folder: Path, language: str, costs: Path | None = None, outcome: str = "monthly_posters") -> str:
    """Return what stands on the first page, without making the others."""
    known = _known(read_stored(folder), language, outcome)
    section = Section("answer", text(language, "report.section.board"), list(board_page(known, load_costs(costs))))
    html = render(Report(language, "", "", [section]))
    return Page(html.split("<main", 1)[1].partition(">")[2].split("</main>")[0]).words


def first_page(folder: Path, language: str) -> str:
    """Return the report without what comes after its first page."""
    return report_html(folder, language).split('<section id="reasons"')[0] + "</main></body></html>"


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(folder / f"{name}.parquet")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_recommends_is_what_the_tables_say(two: Path, language: str) -> None:
    words = board(two, language)
    row = table(two, "differences").set_index("outcome").loc["monthly_posters"]
    a, b = row["share_of_worlds_a_greater"], row["share_of_worlds_b_greater"]
    first, share = (TWO[0], a) if row["mean"] > 0 else (TWO[1], b)
    recommended = {
        "cannot tell": text(language, "board.open"),
        "differs": text(language, "board.choose", name=f"“{first}”", reason=""),
    }.get(row["verdict"], text(language, "board.alike"))
    assert recommended in words
    others = [
        text(language, "board.open"),
        text(language, "board.alike"),
        text(language, "board.choose", name="", reason="").split(" ")[0] + " “",
    ]
    assert sum(other.removesuffix(".") in words for other in others) == 1
    shown = text(
        language,
        "board.sure_worlds",
        name=f"“{first}”",
        share=per_hundred(share, language),
        n=N_WORLDS,
        low="",
        high="",
    )
    assert shown.split("(")[0] in words
    assert f"{percent(max(a, b), 0, language)}" in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["two", "five", "three", "alone"])
def test_every_launch_has_the_numbers_of_the_tables(request: pytest.FixtureRequest, kind: str, language: str) -> None:
    folder = request.getfixturevalue(kind)
    words = board(folder, language)
    summary = table(folder, "summary")
    for row in summary[summary["outcome"].isin(["monthly_posters", "monthly_readers"])].itertuples():
        ends = [difference_number(str(row.outcome), end, language) for end in (row.low, row.high)]
        interval = text(language, "number.interval", low=ends[0], high=ends[1])
        assert f"{value_text(str(row.outcome), row.mean, language)} {interval}" in words
    for row in summary[summary["outcome"] == "alive"].itertuples():
        assert per_hundred(row.mean, language) in words
    assert "intranet-sim" not in words
    assert kind == "alone" or "`" not in words  # its name has some
    assert "behavior." not in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_to_watch_are_the_middle_and_the_lowest_tenth_of_the_worlds(two: Path, language: str) -> None:
    words = board(two, language)
    runs = table(two, "runs")
    of_answer = runs[runs["weight.levels"] > 0]
    means = of_answer.groupby("scenario")["monthly_posters"].mean()
    series = pd.concat(pd.read_parquet(file) for file in sorted((two / "series").glob("*.parquet")))
    series = series[series["run_id"].isin(of_answer.loc[of_answer["scenario"] == means.idxmax(), "run_id"])]
    n_values = 0
    for outcome in WATCHED:
        for week in (1, 2, 4, 6, 8):
            values = series.loc[series["week"] == week, outcome]
            assert len(values) == N_WORLDS
            lowest, middle = np.quantile(values, [0.1, 0.5], method="hazen")
            below = value_text(outcome, float(lowest), language) if lowest > 0 else "–"
            assert f"{value_text(outcome, float(middle), language)} ({below})" in words
            n_values += lowest > 0
    assert n_values > 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_published_numbers_stand_beside_ours(two: Path, language: str) -> None:
    words = board(two, language)
    means = table(two, "summary").set_index(["scenario", "outcome"])["mean"]
    first = max(TWO, key=lambda name: means[name, "monthly_posters"])
    targets = {target.id: target for target in load_targets()}
    assert len(benchmarks()) >= 5
    for outcome, target in benchmarks():
        assert targets[target.id].value == target.value
        source = text(language, f"board.source.{target.row}")
        assert text(language, "board.published", value=percent(target.value, 0, language), source=source) in words
        assert f"{label(outcome, language)} {value_text(outcome, means[first, outcome], language)}" in words.lower()
        error = means[first, outcome] - target.value
        side = "below" if error < 0 else "above"
        remark = text(language, f"board.far_{side}", value=percent(target.value, 0, language))
        assert (remark in words) == (abs(error) > FAR_OFF * target.tolerance)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", ["weeks_to_critical_mass", "peak_week", "answer_rate", "age_gap", "alive"])
def test_it_can_be_about_any_outcome(two: Path, outcome: str, language: str) -> None:
    """Times, what is missing, what has no better and worse, and yes or no: nothing is left over, nothing recommended
    that is typically no better."""
    words = board(two, language, None, outcome)
    assert re.findall(r"\bnan\b|None|\{\w*\}|\binf\b", words) == []
    row = table(two, "differences").set_index("outcome").loc[outcome]
    if outcome in ("peak_week", "age_gap"):
        assert text(language, "board.no_direction") in words
    elif row["verdict"] == "differs" and abs(row["median"]) < 1e-12:
        assert text(language, "board.alike") in words


def test_far_off_is_more_than_two_tolerances() -> None:
    _, target = benchmarks()[0]
    steps = (-2.1, -1.9, 1.9, 2.1, math.nan)
    assert [is_far_off(target.value + step * target.tolerance, target) for step in steps] == [-1, 0, 0, 1, 0]


def test_hours_follow_from_the_launch_and_the_table_of_costs(two: Path, tmp_path: Path) -> None:
    """80 employees, 20% trained, 2% champions, leaders at 0.3; whoever is no plain staff leads."""
    groups = table(two, "groups")
    runs = table(two, "runs")
    used = runs.loc[(runs["weight.levels"] > 0) & (runs["scenario"] == TWO[0]), "run_id"]
    staff = groups[groups["run_id"].isin(used) & (groups["grouping"] == "level") & (groups["group"] == "staff")]
    n_leaders = 80 - staff["n_employees"].mean()
    own = tmp_path / "own.toml"
    own.write_text('[training]\nhours = 3\nsource = "our academy"\n\n[leaders]\nhours = 2\n', encoding="utf-8")
    for costs, training, leading in ((None, 2, 1), (own, 3, 2)):
        once, weekly = training * 16 + 6 * 8, leading * 0.3 * n_leaders
        cells = (once, 0.5 * 1.6 + weekly, weekly)
        assert " ".join(number(cell, 0) for cell in cells) in board(two, "en", costs)
    assert "Training: our academy. The other hours are assumptions." in board(two, "en", own)
    assert "All these hours are assumptions" in board(two, "en")


def test_the_table_in_the_documentation_is_the_one_that_ships() -> None:
    page = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
    shipped = (Path(__file__).parents[2] / "sim/pages/report/data/costs.toml").read_text(encoding="utf-8")
    assert shipped.strip() in page
    assert set(load_costs()) == set(PARTS)


def test_a_wrong_table_of_costs_is_refused_with_every_mistake(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text("leaders = 3\n\n[training]\nhours = -1\nrate = 5\n\n[money]\nhours = 1\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_costs(file)
    assert [line.removeprefix(f"{file}:").split(": ")[:2] for line in refused.value.lines] == [
        ["1:1", "leaders"], ["4:1", "training.hours"], ["5:1", "training.rate"], ["7:1", "money"],
    ]  # fmt: skip
    for content, told in ((b"[training\n", "no table of costs"), (b"[training]\nsource='\xe9'\n", "UTF-8")):
        file.write_bytes(content)
        with pytest.raises(InputError, match=told):
            load_costs(file)
    with pytest.raises(InputError, match="cannot be read"):
        load_costs(tmp_path / "none.toml")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["two", "five"])
def test_it_prints_on_one_page(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> None:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail("chromium is missing") if os.environ.get("CI") else pytest.skip("chromium is missing")
    for language in LANGUAGES:
        first = first_page(request.getfixturevalue(kind), language)
        printed = {}
        for name, content in (("first", first), ("grown", first.replace("</dl>", "</dl>" + "<p>x</p>" * 60))):
            file, pdf = tmp_path / f"{name}.html", tmp_path / f"{name}.pdf"
            file.write_text(content, encoding="utf-8")
            subprocess.run(
                [program, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                 f"--print-to-pdf={pdf}", file.as_uri()],
                capture_output=True, timeout=BROWSER_SECONDS, check=True,
            )  # fmt: skip
            printed[name] = len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf.read_bytes()))
        assert printed["first"] == 1 < printed["grown"], (kind, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_board_is_told_of_people_not_of_coefficients(language: str) -> None:
    told = {entry.path: in_plain_words(entry.path, language) for entry in COEFFICIENTS}
    assert len(set(told.values())) == len(told)
    for path, words in told.items():
        assert words != meaning_of(PARAMETER_BY_PATH[path], language).rstrip(".")
        assert words[0].islower(), path  # within a sentence
        technical = r"\b(spread|deviation|probability|weight of|tellingen|standaardafwijking|kans op)\b|\d"
        assert not re.search(technical, words, re.IGNORECASE), path
    assert in_plain_words("organization.trust", language) == short_name("organization.trust", language)
    assert in_plain_words("constants.conformity", language)  # whoever varies it in a file of their own
