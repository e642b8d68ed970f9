"""The debrief on the screen in front of a class: one finding a screen, as the page of the same cards has it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from sim.pages.debrief import cards as cards_module
from sim.pages.debrief.screens import reply_to
from sim.pages.debrief.writing import debrief_html
from sim.web.answer.card import encode
from sim.words import LANGUAGES, text


def asked(cards: list[dict[str, Any]], language: str) -> str:
    return json.dumps({"codes": [encode(card) for card in cards], "language": language})


@pytest.mark.parametrize("language", LANGUAGES)
def test_screens_say_what_the_page_says(
    cards: list[dict[str, Any]], class_folder: Path, know: Any, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    news: list[str] = []
    reply = json.loads(reply_to(asked(cards, language), news.append))
    assert reply["cards"] == len(cards)
    assert json.loads(news[-1]) == {"kind": "checked", "done": len(cards), "n": len(cards)}
    page = debrief_html(know(class_folder, language)).replace("&#39;", "’")
    for name, screen in zip(("winner", "age", "luck", "levers"), reply["screens"], strict=True):
        assert f"{screen['title']}." == text(language, f"debrief.finding.{name}")
        for heading, said in screen["lines"]:
            assert heading in page
            assert said in page
    for screen in reply["screens"][1:3]:
        head, _, content = screen["picture"].partition(",")
        assert head == "data:image/svg+xml;base64"
        assert b"<svg" in base64.b64decode(content)
        assert screen["alt"]
    # Cards that were run again are not run a third time.
    monkeypatch.setattr(cards_module, "answer", None)
    assert json.loads(reply_to(asked(cards, language))) == reply


def test_without_a_card_there_is_nothing() -> None:
    assert json.loads(reply_to(asked([], "en"))) == {"cards": 0, "screens": []}
