"""What a lecturer hands out is made of pages and catalog; what the page gives does not contradict the worksheets."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from sim.web.page import arc
from sim.words import LANGUAGES, text

PROGRAMS = Path(__file__).resolve().parents[2] / "docs" / "programs"
CLASS = PROGRAMS.parent / "class"


def program_of(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return one of the programs."""
    monkeypatch.syspath_prepend(str(PROGRAMS))
    return importlib.import_module(name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_handouts_tell_no_answers(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kit = program_of("class_kit", monkeypatch)
    made = kit.kit(language)
    names = [f"{folder}/{sheet}.html" for folder in ("handouts", "answers") for sheet in kit.SHEETS]
    assert set(made) == {"slides.html", "handouts/debrief-sheet.html", *names}
    for sheet in kit.SHEETS:
        handout, answer = made[f"handouts/{sheet}.html"], made[f"answers/{sheet}.html"]
        head = kit.ANSWER_HEADS[language].removeprefix("## ")
        assert f"<h2>{head}" not in handout
        assert f"<h2>{head}" in answer
        assert "<table>" not in handout or "ahead in" not in handout
        assert handout.count("<h1>") == answer.count("<h1>") == 1
        assert "<script" not in handout + answer
        assert "http" not in handout


@pytest.mark.parametrize("language", LANGUAGES)
def test_slides_have_every_round_and_its_counts(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kit = program_of("class_kit", monkeypatch)
    slides = kit.slides(language)
    for one in arc.ROUNDS:
        assert slides.count(text(language, f"lesson.round.{one.name}.title")) >= 2
        for count in kit.clear_of(one.name):
            assert f"<td>{count}</td>" in slides
    assert sum(kit.clear_of("message")) == arc.N_LUCK
    assert slides.count("<section>") == slides.count("</section>") == 5 + 3 * len(arc.ROUNDS)


def sheet_of(pages: ModuleType, study: str) -> str:
    """Return the worksheet that has a study."""
    return next(name for name, sheet in pages.SHEETS.items() if study in [one.name for one in sheet])


def test_where_the_page_goes_another_way_than_a_worksheet_both_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    search, pages = program_of("class_search", monkeypatch), program_of("class_pages", monkeypatch)
    kept, found = pages.kept_runs()["studies"], pages.kept_search()
    studies = search.pairs_of_worksheets()
    assert set(found["worksheets"]) == {study.name for study in studies}
    assert len(studies) > 12
    for study in studies:
        row = kept[study.name]["differences"][0]
        kind = pages.chosen_answer(pages.kind_of(kept[study.name], row))
        first, second = found["worksheets"][study.name]["clear"]
        turned = (kind == "ahead" and second > 1) or (kind == "behind" and first > 1)
        for language in LANGUAGES:
            shown = pages.in_the_page(study.name, kept[study.name], language)
            assert (pages.said("in_page_turned", language) in shown) == turned, study.name
            assert shown in (CLASS / language / f"{sheet_of(pages, study.name)}.md").read_text(encoding="utf-8")


def test_what_the_page_gives_was_run(monkeypatch: pytest.MonkeyPatch) -> None:
    search = program_of("class_search", monkeypatch)
    short = next(study for study in search.pairs_of_worksheets() if study.name == "patience-half")
    assert (
        search._of_study(short) == program_of("class_pages", monkeypatch).kept_search()["worksheets"]["patience-half"]
    )


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_a_double_click_starts_what_it_says(tmp_path: Path) -> None:
    folder = PROGRAMS.parent / "class"
    script = folder / "start-class.command"
    assert os.access(script, os.X_OK)
    place = tmp_path / "a folder" / "docs" / "class"
    program = tmp_path / "a folder" / ".venv" / "bin" / "intranet-sim"
    for made in (place, program.parent):
        made.mkdir(parents=True)
    shutil.copy(script, place)
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o755)
    done = subprocess.run(
        [place / script.name, "--port", "8123"], capture_output=True, text=True, timeout=60, check=True
    )
    command = done.stdout.splitlines()[-1]
    assert command == "class serve --native --live --host 0.0.0.0 --port 8123"
    windows = (folder / "start-class.bat").read_bytes()
    assert windows.count(b"\r\n") == windows.count(b"\n")
    assert command.removesuffix(" --port 8123").encode() in windows
