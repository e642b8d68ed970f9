"""``intranet-sim class collect``: what it reads, what it refuses, what it names and leaves out."""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from make_class import write_class

from sim.__main__ import main
from sim.web.answer.card import encode

Cards = list[dict[str, Any]]


def write(folder: Path, cards: Sequence[dict[str, Any]]) -> Path:
    folder.mkdir(exist_ok=True)
    for number, card in enumerate(cards):
        (folder / f"card-{number:02}.json").write_text(json.dumps(card))
    return folder


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    """Run the command with --json and return what it says."""
    capsys.readouterr()
    assert main(["class", "collect", *map(str, arguments), "--json"]) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[str]:
    """Run the command and return the lines with which it refuses."""
    capsys.readouterr()
    assert main(["class", "collect", *map(str, arguments)]) == 2
    caught = capsys.readouterr()
    assert "Traceback" not in caught.err
    return caught.err.splitlines()


def test_a_class_is_checked_and_told(class_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "d.html"
    said = told(capsys, class_folder, "--out", out)
    assert said["cards"] == 12
    assert said["checks"] == {"agrees": 12}
    assert said["left_out"] == []
    assert said["runs"] >= 100
    answers = said["predictions"]["winner"]
    assert sum(sum(row.values()) for row in answers.values()) == 12
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_files_folders_and_codes_give_the_same_page(
    cards: Cards, class_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The order of files does not matter either, and repeating gives the same bytes."""
    codes = tmp_path / "codes.txt"
    codes.write_text("\ufeff" + "\n".join(f"{place}. {encode(card)}" for place, card in enumerate(reversed(cards))),
                     encoding="utf-8")  # fmt: skip
    pages = []
    for place, given in enumerate((class_folder, codes, class_folder)):
        told(capsys, given, "--out", tmp_path / f"{place}.html")
        pages.append((tmp_path / f"{place}.html").read_bytes())
    assert pages[0] == pages[1] == pages[2]


def test_the_very_same_card_counts_once(cards: Cards, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "twice", [*cards[:3], cards[0], cards[0]])
    said = told(capsys, folder, "--out", tmp_path / "d.html")
    assert (said["cards"], said["duplicates"], said["checks"]) == (5, 2, {"agrees": 3})
    main(["class", "collect", str(folder), "--out", str(tmp_path / "d.html")])
    assert "counted once: 2" in capsys.readouterr().out


def tampered(cards: Cards) -> Cards:
    """Return five cards with something wrong, one of each kind."""
    changed = [copy.deepcopy(card) for card in cards[:5]]
    changed[0]["hash"]["b"] = "0" * 64
    changed[1]["result"]["a"] += 0.01
    changed[2]["both"]["organization.employees"] = 20_000
    changed[2]["both"]["run.weeks"] = 104
    changed[3]["model"] = "9.9.9"
    changed[4]["a"]["overrides"]["rules.restriction"] = 0.123
    return changed


def test_what_cannot_be_confirmed_is_named_and_left_out(
    cards: Cards, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "some", [*tampered(cards), *cards[5:]])
    said = told(capsys, folder, "--out", tmp_path / "d.html")
    states = {Path(one["file"]).name: one["state"] for one in said["left_out"]}
    assert states == {
        "card-00.json": "differs", "card-01.json": "altered", "card-02.json": "too_much",
        "card-03.json": "other_version", "card-04.json": "differs",
    }  # fmt: skip
    assert said["checks"]["agrees"] == 7
    assert main(["class", "collect", str(folder), "--out", str(tmp_path / "d.html"), "--lang", "nl"]) == 0
    out = capsys.readouterr().out
    assert "card-00.json" in out
    assert "andere hash" in out
    page = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert "card-0" not in page, "names of files may be names of people"
    assert cards[1]["hash"]["a"][:8] in page


def test_no_page_if_no_card_is_left(cards: Cards, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "none", tampered(cards)[:2])
    lines = refused(capsys, folder, "--out", tmp_path / "d.html")
    assert sum("left out" in line for line in lines) == 2
    assert not (tmp_path / "d.html").exists()


def test_a_class_of_another_version_is_told_but_not_checked(
    cards: Cards, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "old", [*({**card, "model": "0.0.1"} for card in cards[:4]), cards[5]])
    said = told(capsys, folder, "--out", tmp_path / "d.html")
    assert said["checks"] == {"not_run": 4, "other_version": 1}
    assert said["spread"]["luck"] is None
    assert "0.0.1" in (tmp_path / "d.html").read_text(encoding="utf-8")


def test_a_sample_is_run_again_and_contradictions_always(
    cards: Cards, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "sample", cards)
    assert told(capsys, folder, "--sample", "3", "--out", tmp_path / "d.html")["checks"] == {"agrees": 3, "not_run": 9}
    assert told(capsys, folder, "--sample", "0", "--out", tmp_path / "d.html")["checks"] == {"not_run": 12}
    contradicting = copy.deepcopy(cards[0])
    contradicting["hash"]["a"] = "1" * 64
    write(tmp_path / "sample", [*cards, contradicting])
    said = told(capsys, folder, "--sample", "0", "--out", tmp_path / "d.html")
    assert said["checks"] == {"agrees": 1, "differs": 1, "not_run": 11}


def test_all_mistakes_come_at_once_with_their_files(
    cards: Cards, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "bad", cards[:1])
    (folder / "a.json").write_text("{")
    (folder / "b.txt").write_text("IS1-abc\n" + encode(cards[1]) + "\nIS1-def")
    (folder / "c.json").write_text(json.dumps({**cards[2], "seeds": [], "name": "Jan"}))
    (folder / "d.txt").write_bytes(b"\xff\xfe\x00")
    (folder / "e.txt").write_text("")
    (folder / "f.json").write_text("x" * 1_000_001)
    (folder / "photo.png").write_bytes(b"")
    (folder / ".hidden.json").write_text("{")
    (tmp_path / "empty").mkdir()
    given = [folder, tmp_path / "absent.json", tmp_path / "empty", "--out", tmp_path / "no" / "d.html", "--sample", "x"]
    text = "\n".join(refused(capsys, *given))
    parts = (
        "a.json: no right JSON", "b.txt #1", "b.txt #3", "c.json: name", "c.json: launch A: seeds", "d.txt: no text",
        "e.txt: no run card", "f.json: larger", "absent.json: cannot be read", "empty: no file", "--out", "--sample x",
    )  # fmt: skip
    for part in parts:
        assert part in text, part
    assert "hidden" not in text
    assert "b.txt #2" not in text


def test_bad_files_can_be_passed_over(cards: Cards, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "lenient", cards[:2])
    (folder / "bad.json").write_text("{")
    said = told(capsys, folder, "--skip-bad", "--out", tmp_path / "d.html")
    assert said["checks"] == {"agrees": 2}
    assert len(said["passed_over"]) == 1
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "bad.json").write_text("{")
    assert refused(capsys, tmp_path / "only", "--skip-bad")


def test_a_thousand_bad_lines_are_one_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "many.txt").write_text("IS1-abcd\n" * 500)
    lines = refused(capsys, tmp_path / "many.txt")
    assert len(lines) == 21
    assert "480" in lines[-1]


def test_the_page_never_lands_on_a_card(cards: Cards, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_class(tmp_path / "c", cards[:3])
    file = next((tmp_path / "c").glob("*.json"))
    assert "overwrite" in refused(capsys, file, "--out", file)[0]
    assert "folder" in refused(capsys, file, "--out", tmp_path)[0]


def test_the_page_is_printed_where_there_is_a_browser(
    class_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program that prints as Chromium does, and then none at all: the page is there, and how to print it is said."""
    browser = tmp_path / "browser"
    lines = [
        f"#!{sys.executable}", "import sys",
        '(target,) = [one[15:] for one in sys.argv if one.startswith("--print-to-pdf=")]',
        'open(target, "w").write("%PDF " + sys.argv[-1])',
    ]  # fmt: skip
    browser.write_text("\n".join(lines) + "\n")
    browser.chmod(0o755)
    page = tmp_path / "debrief.html"
    collect = ["class", "collect", str(class_folder), "--sample", "0", "--pdf", "--out", str(page)]
    monkeypatch.setenv("CHROMIUM", str(browser))
    assert main(collect) == 0
    assert str(tmp_path / "debrief.pdf") in capsys.readouterr().out
    assert (tmp_path / "debrief.pdf").read_text() == f"%PDF {page.as_uri()}"
    (tmp_path / "debrief.pdf").unlink()
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nowhere"))
    assert main(collect) == 0
    assert "Save as PDF" in capsys.readouterr().err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["browser", "debrief.html"]
