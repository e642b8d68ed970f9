"""What a debrief says about levers: the settings that went with the better result."""

from __future__ import annotations

from collections.abc import Iterator

from sim.show.debrief.known import Known
from sim.show.debrief.launches import setting_name
from sim.show.debrief.levers import ALONE, TOGETHER, UNSURE, Lever, levers
from sim.show.debrief.predictions import Signs
from sim.show.debrief.wording import better_side, lever_words, size_words
from sim.show.report.blocks import Block, Paragraph, Row, Rows, Table
from sim.show.report.wording import capital
from sim.texts import text

MOST_NAMED = 3
MOST_ROWS = 15


def lever_finding(known: Known) -> str:
    """Say which settings made the difference, as far as that can be told."""
    language, found = known.language, levers(known)
    if not found:
        return text(language, "debrief.levers.no_pairs")
    alone = [one for one in found if one.verdict == ALONE][:MOST_NAMED]
    together = [one for one in found if one.verdict == TOGETHER][:MOST_NAMED]
    said = []
    if alone:
        said.append(text(language, "debrief.levers.alone", names=_named(alone, language)))
    if together:
        said.append(text(language, "debrief.levers.together", names=_named(together, language)))
    return " ".join(said) or text(language, "debrief.levers.unsure", n=len(found))


def _named(found: list[Lever], language: str) -> str:
    return "; ".join(lever_words(one, language) for one in found)


def best_levers(known: Known) -> Iterator[Block]:
    """Yield the settings in a table, the surest first."""
    language, found = known.language, levers(known)
    yield Paragraph(text(language, "debrief.levers.intro"))
    yield Paragraph(lever_finding(known))
    if not found:
        return
    told = [one for one in found if one.verdict != UNSURE or one.pairs.n > 1][:MOST_ROWS] or found[:MOST_NAMED]
    headers = [
        text(language, "debrief.column.setting"),
        text(language, "debrief.column.better"),
        *(f">{text(language, f'debrief.column.{name}')}" for name in ("difference", "pairs", "alone")),
        text(language, "debrief.column.verdict"),
    ]
    rows = [
        Row(
            _title(one.question.path, language),
            [
                better_side(one, language),
                size_words(known, one.difference),
                _count(one.pairs, language),
                _count(one.alone, language),
                text(language, f"debrief.verdict.{one.verdict}"),
            ],
        )
        for one in told
    ]
    yield Table(text(language, "debrief.levers.caption"), headers, [Rows("", rows)])
    if len(found) > len(told):
        yield Paragraph(text(language, "debrief.levers.some", n=len(told), of=len(found)), "note")
    yield Paragraph(text(language, "debrief.levers.rules"), "note")


def _title(path: str, language: str) -> str:
    """Return how the page calls a setting, with a capital; a key stays as it is typed."""
    name = setting_name(path, language)
    return name if name == path else capital(name)


def _count(signs: Signs, language: str) -> str:
    if not signs.n:
        return text(language, "number.missing")
    return text(language, "debrief.k_of_n", k=signs.n_first, n=signs.n)
