"""The page: complete, self-contained, and saying what the numbers say."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.colors import to_hex

from sim.documents.printers import inline
from sim.evidence.scorecard.claims import NOT_SCORED, PATTERN_BY_ID, PATTERNS
from sim.evidence.scorecard.finding import estimate_text, predicted_text, result_text
from sim.evidence.scorecard.plan import PROFILES
from sim.evidence.scorecard.score import Scorecard
from sim.evidence.scorecard.verdicts import HOLDS, Estimate, shares_over_prior
from sim.figures.evidence import LOOKS, SIDE, forward_figure, pattern_figure, predicted_sides
from sim.pages.report import scorecard_page as content
from sim.pages.report.scorecard_page import NOT_MEASURED, PICTURES, write_page

COMMAND = "intranet-sim scorecard --page docs"
DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def folder(found, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    (folder / PICTURES).mkdir(parents=True)
    (folder / PICTURES / "old.svg").write_text("from an earlier page")
    write_page(found, folder, COMMAND)
    return folder


@pytest.fixture(scope="module")
def html(folder) -> str:
    return (folder / "scorecard.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def markdown(folder) -> str:
    return (folder / "scorecard.md").read_text(encoding="utf-8")


def test_every_pattern_is_on_both_pages(found, html, markdown) -> None:
    for score in found.scores:
        pattern = score.pattern
        heading = f"{pattern.id}: {result_text(score.results['full'])}"
        assert f">{heading}</h3>" in html
        assert f"### {heading}\n" in markdown
        assert inline(pattern.claim, is_marked=True) in html
        assert pattern.claim in markdown
        full = score.results["full"]
        if full.out_of_range:
            assert pattern.reaches.because in markdown
        elif full.verdict != HOLDS and pattern.if_it_fails:
            assert pattern.if_it_fails in markdown
    for row in NOT_SCORED:
        assert f"**{row}**" in markdown


def test_the_page_says_what_it_rests_on(found, html, markdown) -> None:
    for text in (html, markdown):
        assert "prior" in text
        assert f"{found.size.n_worlds} worlds" in text
        assert f"{found.n_runs:,} runs" in text
        assert COMMAND in text
        assert found.manifest["end"][:10] in text
        assert "does not forecast" in text
        assert found.manifest["versions"]["numpy"] in text


def test_the_html_needs_nothing_else(html) -> None:
    assert "<script" not in html
    assert not re.findall(r"(?:src|href)=\"(?!#)", html)
    assert not re.findall(r"url\((?!#)", html)  # but for parts of the page itself
    links, targets = set(re.findall(r'href="#([^"]+)"', html)), set(re.findall(r'id="([^"]+)"', html))
    assert links
    assert links <= targets
    assert html.count("<style>") == 1
    assert "prefers-color-scheme:dark" in html
    assert "@media print" in html


def test_a_text_of_somebody_else_keeps_its_asterisks() -> None:
    assert inline("2**3**4 `x`") == "2**3**4 <code>x</code>"


def test_the_markdown_has_its_pictures(folder, markdown) -> None:
    shown = set(re.findall(r"!\[[^\]]+\]\(([^)]+)\)", markdown))
    assert len(shown) == len(PATTERNS) + 3
    assert {f"{PICTURES}/{file.name}" for file in (folder / PICTURES).iterdir()} == shown
    anchors = set(re.findall(r'<a id="([^"]+)">', markdown))
    assert set(re.findall(r"\]\(#([^)]+)\)", markdown)) <= anchors


def texts_of(figure) -> list[str]:
    return [each.get_text() for each in figure.texts]


@pytest.mark.parametrize("name", ["0.1-posters", "0.2-alike", "4.1", "1.4-after", "9-hiding", "0.5-answers"])
def test_a_picture_shows_every_arm(found, name) -> None:
    score = next(each for each in found.scores if each.pattern.id == name)
    figure = pattern_figure(score)
    texts = texts_of(figure)
    for title in ("full model", "frames off", "peer influence off", "outside experience off"):
        assert title in texts
    assert figure.get_label().startswith(name)
    for result in score.results.values():
        assert estimate_text(score.pattern.statistic.unit, result.estimate) in texts
        assert result_text(result) in texts
    (axes,) = figure.axes
    ends = axes.get_xlim()
    sides = [patch for patch in axes.patches if to_hex(patch.get_facecolor()) == SIDE.lower()]
    assert len(sides) == len(predicted_sides(score.pattern.shape, score.pattern.margin))
    for side in sides:
        assert ends[0] <= side.get_x() < side.get_x() + side.get_width() <= ends[1]
    marks = [line for line in axes.get_lines() if line.get_marker() not in ("None", None, "")]
    known = [result for result in score.results.values() if result.estimate.n >= 8]
    assert [mark.get_marker() for mark in marks] == [LOOKS[result.verdict][1] for result in known]
    assert all(ends[0] < mark.get_xdata()[0] < ends[1] for mark in marks)


def test_a_picture_has_zero_and_every_interval_on_its_scale(found) -> None:
    for score in found.scores:
        (axes,) = pattern_figure(score).axes
        low, high = axes.get_xlim()
        assert 0.0 in axes.get_xticks()
        assert all(low <= x <= high for line in axes.get_lines()[1:] for x in line.get_xdata())


def test_the_picture_of_the_forward_test_has_a_row_for_each_profile(found) -> None:
    row = found.forward[0]
    texts = texts_of(forward_figure(row, "a gap"))
    for profile, each in zip(PROFILES, row.at, strict=True):
        assert profile in texts
        assert estimate_text("points", each) in texts


def test_numbers_are_in_the_unit_of_the_reader() -> None:
    found = Estimate(0.0504, -0.0126, 0.0912, 20, 15, 5)
    assert estimate_text("points", found) == "+5.0 [−1.3, 9.1]"
    assert estimate_text("correlation", found) == "+0.05 [−0.01, 0.09]"
    assert estimate_text("points", found, "nl") == "+5,0 [−1,3; 9,1]"


def test_predictions_in_words() -> None:
    assert predicted_text(PATTERN_BY_ID["0.1-posters"]) == "above zero; within 1 point of it counts as no difference"
    assert predicted_text(PATTERN_BY_ID["0.2-alike"]) == "within 2 points of zero"
    assert predicted_text(PATTERN_BY_ID["9-hiding"]) == "within 10% of zero"
    assert "0.05 of it" in predicted_text(PATTERN_BY_ID["1.4-after"])


def test_text_cannot_break_the_page() -> None:
    assert inline("a < b & `c<d` **e**", is_marked=True) == "a &lt; b &amp; <code>c&lt;d</code> <strong>e</strong>"


def test_the_page_of_the_documentation_has_all_patterns() -> None:
    page = (DOCS / "scorecard.md").read_text(encoding="utf-8")
    shown = re.findall(r"^### (\S+): (?:holds|does not hold|cannot tell|outside the range)$", page, flags=re.MULTILINE)
    assert shown == [pattern.id for pattern in PATTERNS]
    for pattern in PATTERNS:
        assert pattern.claim in page


def test_the_page_in_the_docs_says_what_is_known_of_the_prior(found: Scorecard) -> None:
    """Where nobody has looked at the prior, nothing is called built in by it."""
    page = (DOCS / "scorecard.md").read_text(encoding="utf-8")
    assert (NOT_MEASURED in page) == (not shares_over_prior())
    assert ("worlds of the prior, in which every mechanism is on" in page) == bool(shares_over_prior())
    measured = replace(found, scores=tuple(replace(score, share_over_prior=0.95) for score in found.scores))
    assert "more than 90% of the worlds of the prior, in which" in content.what_is_built_in(measured)
    nobody_looked = replace(found, scores=tuple(replace(score, share_over_prior=math.nan) for score in found.scores))
    assert content.what_is_built_in(nobody_looked) == NOT_MEASURED
