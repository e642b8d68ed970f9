"""What the worksheets say about each study, in both languages, whichever way it comes out.

A study has a question and three answers: ``ahead`` when the first launch gets more, ``behind`` when the second does,
and ``level`` when one cannot tell or the difference does not matter. The program chooses; so none of them may say more
than its verdict does. The words are in ``class_words/``, a file a language.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "nl")
FOLDER = Path(__file__).resolve().parent / "class_words"


@cache
def words(language: str) -> dict[str, str]:
    """Return all words of a language by key."""
    found: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return found


def said(key: str, language: str, **values: object) -> str:
    """Return a word or sentence of the worksheets in a language, its places filled."""
    found = words(language)[f"word.{key}"]
    return found.format(**values) if values else found


def answer(study: str, kind: str, language: str) -> str:
    """Return the question of a study (`kind` is ``question``) or what to say for a verdict."""
    return words(language)[f"{study}.{kind}"]
