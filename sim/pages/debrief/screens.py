"""The debrief on the screen in front of the class: one finding a screen, from the cards that have come in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from matplotlib.figure import Figure

from sim.figures.class_figures import class_predictions_figure, class_runs_figure
from sim.figures.style import svg_bytes
from sim.pages.debrief.cards import Collected, Handed, Runs, check, class_outcome, parts_of
from sim.pages.debrief.findings import age_fates
from sim.pages.debrief.launches import Known
from sim.pages.debrief.writing import (
    age_finding,
    age_question,
    all_runs,
    class_words,
    lever_finding,
    luck_finding,
    question_alt,
    winner_findings,
)
from sim.web.answer.card import cards_in
from sim.words import text

WIDTH = 6.5  # inches; narrower than on a page, so that words are larger

_known_runs: dict[str, Runs] = {}  # of this process, which does nothing else: a card is run again once


def reply_to(message: str, progress: Callable[[str], None] | None = None) -> str:
    """Answer ``{"codes": [short codes of cards], "language": "en"}`` with ``{"cards": n, "screens": [...]}``, as JSON.

    A screen has a ``title``, ``lines`` of a heading and a text each, and perhaps a ``picture`` (an address of SVG) with
    what it shows (``alt``).
    """
    asked = json.loads(message)
    cards = {card.digest: card for code in asked["codes"] for _, card, _ in cards_in(code) if card is not None}
    handed = tuple(Handed(cards[digest], "") for digest in sorted(cards))
    if not handed:
        return json.dumps({"cards": 0, "screens": []})
    tell = None if progress is None else lambda done, n: progress(json.dumps({"kind": "checked", "done": done, "n": n}))
    checked = check(handed, None, tell, _known_runs)
    known = Known(Collected(handed, 0, 0, 0, ()), checked, class_outcome(handed), asked["language"])
    return json.dumps({"cards": len(asked["codes"]), "screens": list(screens(known)) if known.cards else []})


def screens(known: Known) -> Iterator[Mapping[str, Any]]:
    """Yield what the debrief found, one thing at a time."""
    language, words = known.language, class_words(known.language)

    def title(name: str) -> str:
        return text(language, f"debrief.finding.{name}").rstrip(".")

    yield {"title": title("winner"), "lines": winner_findings(known)}
    ages = age_fates(known.cards)
    asked = age_question(ages, language)
    drawn = {}
    if ages.drop(columns="answer").to_numpy().sum():
        drawn = _picture(class_predictions_figure([asked], words, WIDTH), question_alt(asked, language))
    yield {"title": title("age"), "lines": [("", age_finding(known))], **drawn}
    runs = next(all_runs(known), None)
    drawn = {} if runs is None else _picture(class_runs_figure(known.series, known.outcome, words, WIDTH), runs.alt)
    yield {"title": title("luck"), "lines": [("", luck_finding(known, parts_of(known.runs)))], **drawn}
    yield {"title": title("levers"), "lines": [("", lever_finding(known))]}


def _picture(figure: Figure, alt: str) -> dict[str, str]:
    return {"picture": f"data:image/svg+xml;base64,{base64.b64encode(svg_bytes(figure)).decode()}", "alt": alt}
