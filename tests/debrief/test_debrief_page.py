"""The debrief as a file: it loads nothing, is small, repeats to the byte, in both languages, and holds its numbers."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.pages.debrief.launches import Known
from sim.pages.debrief.writing import debrief_html
from sim.words import LANGUAGES, catalog

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))
from report_pages import Page

MOST_BYTES = 1_000_000


@pytest.fixture(scope="module", params=LANGUAGES)
def written(request: pytest.FixtureRequest, class_folder: Path, know: Callable[..., Known]) -> tuple[str, str]:
    """Return the language and HTML of a debrief."""
    return request.param, debrief_html(know(class_folder, request.param))


def test_it_is_well_formed_and_in_its_language(written: tuple[str, str]) -> None:
    language, html = written
    page = Page(html)
    assert page.all("html") == [{"lang": language}]
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    other = next(each for each in LANGUAGES if each != language)
    for key in ("debrief.title", "debrief.luck.intro", "debrief.discuss.own", "debrief.limit.luck"):
        assert catalog(language)[key] in page.words
        assert catalog(other)[key] not in page.words
    if language == "nl":
        assert re.findall(r"\d\.\d+%", page.words) == []


def test_it_loads_nothing_and_runs_nothing(written: tuple[str, str]) -> None:
    page = Page(written[1])
    assert {tag for tag, _ in page.elements} & {"script", "link", "img", "iframe", "object", "embed", "base"} == set()
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcset", "xmlns")], tag
        assert attributes.get("href", attributes.get("xlink:href", "#")).startswith("#")
    assert re.findall(r"url\((?!#)|@import|https?://", written[1]) == []
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_it_is_small_and_nothing_is_left_over(written: tuple[str, str]) -> None:
    assert len(written[1].encode()) <= MOST_BYTES
    words = Page(written[1]).words
    assert re.findall(r"\b(?:debrief|report|figure|page|outcome|number)\.[a-z_]+", words) == []
    assert re.findall(r"\{\w*\}|\bnan\b|None", words) == []


def test_figures_say_what_they_show(written: tuple[str, str]) -> None:
    figures = Page(written[1]).all("figure")
    assert len(figures) == 3
    for figure in figures:
        assert figure["role"] == "img"
        assert len(re.findall(r"\d", figure["aria-label"])) > 3


def test_repeating_gives_the_same_bytes(
    written: tuple[str, str], class_folder: Path, know: Callable[..., Known]
) -> None:
    assert debrief_html(know(class_folder, written[0])) == written[1]


def test_runs_and_means_agree(class_folder: Path, know: Callable[..., Known]) -> None:
    known = know(class_folder)
    for place in range(len(known.places)):
        cards = known.means[known.means["launch"] == place]["value"]
        runs = known.runs[known.runs["launch"] == place]["value"]
        assert cards.mean() == pytest.approx(runs.mean(), abs=1e-6)  # each card has as many runs, with seeds of its own
    weeks = known.series["week"].max()
    assert len(known.series) == weeks * len(known.runs)


def test_a_large_class_stays_small(
    know: Callable[..., Known], class_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs beyond what is drawn add nothing to the file."""
    from sim.figures import class_figures

    few = debrief_html(know(class_folder))
    monkeypatch.setattr(class_figures.drawn_runs, "__defaults__", (20,))
    assert len(debrief_html(know(class_folder))) < len(few)
