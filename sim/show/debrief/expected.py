"""What a debrief says about predictions: in a sentence, in a picture."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sim.answer.card import AGES, WINNERS
from sim.show.class_predictions import Question, class_predictions_figure
from sim.show.debrief.known import Known
from sim.show.debrief.pictures import picture
from sim.show.debrief.predictions import (
    FALSE,
    FEWEST_RUNS,
    HARDLY,
    LUCK,
    PERHAPS,
    TRUE,
    UNKNOWN,
    age_fates,
    guessing_right,
    is_short,
    winner_fates,
)
from sim.show.debrief.wording import class_words
from sim.show.report.blocks import Block, Paragraph, Picture
from sim.show.report.wording import quoted
from sim.study.wording import phrase_for
from sim.texts import text

BLIND = 1 / 3  # chance of a blind guess among three answers
FEWEST_GUESSES = 5


def winner_finding(known: Known) -> str:
    """Say how many predicted the launch rightly."""
    language, table = known.language, winner_fates(known.cards)
    n = {fate: int(table[fate].sum()) for fate in (TRUE, PERHAPS, HARDLY, FALSE)}
    total = sum(n.values())
    if not total:
        return text(language, "debrief.predicted.none")
    said = text(
        language, "debrief.predicted.winner", n=total, true=n[TRUE], perhaps=n[PERHAPS], hardly=n[HARDLY],
        false=n[FALSE],
    )  # fmt: skip
    if all(one.runs for one in known.cards):
        said += " " + _against_guessing(n[TRUE], total, language)
    return said.strip()


def age_finding(known: Known) -> str:
    """Say how many predicted rightly who posts more."""
    language, table = known.language, age_fates(known.cards)
    true, false = int(table[TRUE].sum()), int(table[FALSE].sum())
    if not true + false:
        return text(language, "debrief.predicted.none")
    said = text(language, "debrief.predicted.age", n=true + false, true=true)
    return f"{said} {_against_guessing(true, true + false, language)}".strip()


def _against_guessing(true: int, n: int, language: str) -> str:
    """Compare with blind guessing, which is right once in three; of a few cards there is nothing to say."""
    if n < FEWEST_GUESSES:
        return ""
    if guessing_right(true, n, BLIND) <= LUCK:
        return text(language, "debrief.predicted.better_than_guessing")
    if 1 - guessing_right(true + 1, n, BLIND) <= LUCK:
        return text(language, "debrief.predicted.worse_than_guessing")
    return text(language, "debrief.predicted.like_guessing")


def expected(known: Known) -> Iterator[Block]:
    """Yield prediction against result, for both questions."""
    language = known.language
    tables = winner_fates(known.cards), age_fates(known.cards)
    yield Paragraph(text(language, "debrief.predicted.intro"))
    yield Paragraph(f"{winner_finding(known)} {age_finding(known)}")
    if sum(int(table[[TRUE, PERHAPS, HARDLY, FALSE]].to_numpy().sum()) for table in tables):
        yield _picture(known, *tables)
    yield from _notes(known, *tables)


def _picture(known: Known, winners: pd.DataFrame, ages: pd.DataFrame) -> Picture:
    language, words = known.language, class_words(known.language)
    phrase = phrase_for(known.outcome, language)
    wanted = phrase.more if known.better > 0 else phrase.less
    questions = [
        Question(text(language, "debrief.question.winner", phrase=wanted), winner_labels(known), winners),
        Question(
            text(language, "debrief.question.age"),
            [text(language, f"debrief.answer.{one}_age") for one in AGES],
            ages,
        ),
    ]
    alt = " ".join(_alt(one, language) for one in questions)
    return picture(lambda width: class_predictions_figure(questions, words, width), "expected", alt)


def _alt(question: Question, language: str) -> str:
    """Say what the bars show."""
    rows = zip(question.labels, question.table.itertuples(), strict=True)
    said = [
        text(
            language, "debrief.alt_answer", answer=label, true=row.true, perhaps=row.perhaps, hardly=row.hardly,
            false=row.false,
        )
        for label, row in rows
    ]  # fmt: skip
    return f"{question.title} {' '.join(said)}"


def winner_labels(known: Known) -> list[str]:
    """Return the answers about the launches: by name where all cards compare the same two."""
    language = known.language
    labels = [text(language, f"debrief.answer.{one}") for one in WINNERS]
    pairs = {tuple(known.number(one, side) for side in ("a", "b")) for one in known.about_outcome}
    if len(pairs) != 1 or len(known.about_outcome) < len(known.cards):
        return labels
    names = [known.places[number].name for number in pairs.pop()]
    return [f"{letter}: {quoted(name)}" for letter, name in zip("AB", names, strict=True)] + labels[2:]


def _notes(known: Known, winners: pd.DataFrame, ages: pd.DataFrame) -> Iterator[Block]:
    language = known.language
    short = sum(is_short(one) for one in known.cards)
    if short:
        yield Paragraph(text(language, "debrief.predicted.short", n=short, fewest=FEWEST_RUNS), "alert")
    silent = sum(one.card.winner is None and one.card.age is None for one in known.cards)
    if silent:
        yield Paragraph(text(language, "debrief.predicted.silent", n=silent), "note")
    unknown = int(winners[UNKNOWN].sum()), int(ages[UNKNOWN].sum())
    if sum(unknown):
        yield Paragraph(text(language, "debrief.predicted.unknown", winner=unknown[0], age=unknown[1]), "note")
    yield Paragraph(text(language, "debrief.predicted.rules"), "note")
