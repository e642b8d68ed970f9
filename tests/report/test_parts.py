"""The parts of the report that decide something: who is typical, which signs weigh, how figures stand in a page."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure

from sim.catalog.outcomes import both_reasons, reason, reason_of_run
from sim.documents.printers import inline, inline_svg, markdown, on_dark, render
from sim.documents.terminal import print_blocks
from sim.figures.style import SCENARIO_LOOKS
from sim.pages.report.risks import Sign
from sim.pages.report.typical import FEATURES, nearest_to_mean
from sim.words import in_language, per_hundred
from sim.words.blocks import (
    Block,
    Bullets,
    Card,
    Code,
    Counts,
    Facts,
    Gap,
    Heading,
    Paragraph,
    Report,
    Section,
    SideBySide,
    table,
)  # fmt: skip


def figure() -> Figure:
    drawn = Figure(figsize=(2, 1))
    axes = drawn.add_subplot()
    axes.plot([0, 1, 2], [0, 1, 0], color="#004488", marker="o")
    axes.set_title("<b> & “c”")
    return drawn


def people(**columns: list[float]) -> dict[str, np.ndarray]:
    n = len(next(iter(columns.values())))
    return {name: np.array(columns.get(name, [0.0] * n)) for name in FEATURES}


def test_who_is_nearest_to_the_mean_is_typical() -> None:
    table = people(age=[20, 30, 41, 60, 90], trust=[0.5, 0.5, 0.5, 0.5, 0.5])
    members = np.array([True, True, True, True, False])
    assert nearest_to_mean(table, members) == 2  # the mean is 37.75
    assert nearest_to_mean(table, np.array([True, False, False, False, True])) == 0  # equally far: the first


def test_other_features_count_in_their_own_spread() -> None:
    table = people(age=[39, 40, 41], trust=[0.5, 0.9, 0.5])
    assert nearest_to_mean(table, np.ones(3, dtype=bool)) in (0, 2)


@pytest.mark.parametrize(
    ("value", "weight"), [(0.0, 0.0), (0.3, 0.0), (0.65, 0.5), (1.0, 1.0)], ids=["well", "threshold", "half", "worst"]
)
def test_a_sign_weighs_from_its_threshold_on(value: float, weight: float) -> None:
    assert Sign("few_writers", "a", value, {}).weight == pytest.approx(weight)


def test_signs_are_ordered_also_below_their_thresholds() -> None:
    sizes = [Sign("few_writers", "a", value, {}).size for value in (math.nan, 0.0, 0.2, 0.3, 0.4, 1.0)]
    assert sizes == sorted(sizes)
    assert math.isnan(Sign("few_writers", "a", math.nan, {}).weight)


def test_a_figure_in_a_page_reaches_nowhere() -> None:
    svg = inline_svg(figure(), "p")
    root = ElementTree.fromstring(svg)
    assert "xmlns" not in svg
    assert "font-family" not in svg
    assert "<style" not in svg
    assert "#004488" not in svg
    assert "var(--c-004488)" in svg
    assert "&lt;b&gt; &amp; “c”" in svg
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert ids
    assert all(str(one).startswith("p-") for one in ids)
    assert svg == inline_svg(figure(), "p")
    assert set(ids).isdisjoint(
        element.get("id") for element in ElementTree.fromstring(inline_svg(figure(), "q")).iter() if element.get("id")
    )


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("color", ["#1A1A1A", "#555555", *(look.ink for look in SCENARIO_LOOKS)])
def test_text_in_figures_can_be_read_on_a_dark_page(color: str) -> None:
    card, ink = luminance("#1c2025"), luminance(on_dark(color[1:].lower()))
    assert (ink + 0.05) / (card + 0.05) >= 4.5


def test_code_in_a_sentence_is_escaped() -> None:
    assert inline("`a < b` & <c>") == "<code>a &lt; b</code> &amp; &lt;c&gt;"


def test_counts_out_of_a_hundred() -> None:
    assert [per_hundred(share, "en") for share in (0.0, 0.001, 0.5, 0.999, 1.0, math.nan)] == [
        "0", "<1", "50", ">99", "100", "–",
    ]  # fmt: skip


def test_reasons_in_dutch() -> None:
    of_runs = reason("counted", reason=reason_of_run("nobody has posted in that week"), n=2, total=20)
    told = both_reasons([reason("one_run"), of_runs])
    assert told == "one run gives no interval; nobody has posted in that week (2 of 20 runs)"
    assert in_language(told, "nl") == (
        "één run geeft geen interval; niemand heeft die week iets geplaatst (2 van 20 runs)"
    )
    counts = both_reasons([reason("runs_without", missing=3, n=20), reason("late_runs", later=2, n=17)])
    assert counts == "3 of 20 runs without a value; not reached within the run in 2 of 17 runs"
    assert in_language(counts, "nl") == "3 van 20 runs zonder waarde; in 2 van 17 runs niet binnen de run bereikt"
    assert in_language(reason_of_run("something new"), "nl") == "something new"
    assert both_reasons([]) == ""


def test_each_block_has_its_words_on_a_terminal_in_html_and_in_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    few = table(["name", ">n"], ["heading of rows", ("first", "11")], "caption")
    told: list[Block] = [
        Paragraph("running text"), Paragraph("an alert", "alert"), Heading("a heading"), Facts([("term", "its fact")]),
        Gap(), few,
    ]  # fmt: skip
    only_on_pages: list[Block] = [
        Bullets([("start", "a bullet")]), Counts([("7", "what it counts")]), Code("type this"), SideBySide([few]),
        Card("a card", [Paragraph("in the card")]),
    ]  # fmt: skip
    report = Report("en", "title", "subtitle", [Section("s", "section", [*told, *only_on_pages])])
    pages = [render(report), markdown(report, "pictures")]
    print_blocks(told)
    words = ("running text", "an alert", "a heading", "term", "its fact", "caption", "heading of rows", "first", "11")
    for shown in (*pages, capsys.readouterr().out):
        assert [word for word in words if word not in shown] == []
    more = ("start", "a bullet", "7", "what it counts", "type this", "a card", "in the card")
    assert [[word for word in more if word not in shown] for shown in pages] == [[], []]


def test_a_page_of_html_has_the_words_of_links_alone() -> None:
    marked = "as [said](coverage.md#how) **there**"
    assert str(inline(marked, is_marked=True)) == "as said <strong>there</strong>"
    assert str(inline(marked)) == marked
