"""Words and numbers of a debrief."""

from __future__ import annotations

import math

from sim.show.debrief.known import Known
from sim.show.debrief.launches import choice_words, setting_name
from sim.show.debrief.levers import HIGHER, YES, Lever
from sim.show.words import Words, figure_words
from sim.study.wording import difference_number, unit_text, value_text
from sim.texts import catalog, text

OF_FIGURES = "debrief.figure."


def class_words(language: str) -> Words:
    """Return the words in figures about a class."""
    own = {key.removeprefix(OF_FIGURES): said for key, said in catalog(language).items() if key.startswith(OF_FIGURES)}
    return {**figure_words(language), **own}


def size_words(known: Known, value: float) -> str:
    """Return the size of a difference with its unit, such as ``1.2 points``; a dash where it is not known."""
    unit = unit_text(known.outcome, known.language, is_difference=True)
    shown = difference_number(known.outcome, value, known.language)
    return shown if math.isnan(value) else f"{shown} {unit}".strip()


def mean_words(known: Known, value: float) -> str:
    """Return a value of the outcome with its unit."""
    unit = unit_text(known.outcome, known.language)
    shown = value_text(known.outcome, value, known.language)
    return shown if math.isnan(value) else f"{shown} {unit}".strip()


def better_side(lever: Lever, language: str) -> str:
    """Say which side of a setting had the better result."""
    asked = lever.question
    if asked.kind == HIGHER:
        return text(language, "debrief.side.lower" if lever.is_turned else "debrief.side.higher")
    if asked.kind == YES:
        return text(language, "debrief.side.no" if lever.is_turned else "debrief.side.yes")
    sides = [choice_words(asked.path, one, language) for one in (asked.first, asked.second)]
    first, second = reversed(sides) if lever.is_turned else sides
    return text(language, "debrief.side.instead", first=first, second=second)


def lever_words(lever: Lever, language: str) -> str:
    """Return a setting with its better side, as it stands in a sentence."""
    return text(
        language, "debrief.lever", name=setting_name(lever.question.path, language), side=better_side(lever, language)
    )
