"""Every word that a reader sees, in English and Dutch: one catalog for command line, report and page.

The texts are in ``en/*.json`` and ``nl/*.json``, a file an area, with flat keys such as ``explain.day`` that begin with
the area. A text may have places to fill, ``{week}``, and words that go with a number, ``{n} {n|week|weeks}``. The page
reads the same files. Another language is another folder with the same keys; a test compares them. What is said of an
outcome stands with all else that is known of it, in ``outcomes.json``.

Examples
--------
>>> text("nl", "page.week_of", week=3, weeks=52)
'Week 3 van 52'
>>> text("en", "study.not_reached", n=1)
'≥: at least. A run that had not got there within its 1 week counts as the week after it.'
>>> number(-1234.5, 1, "nl"), percent(0.071, 1, "nl")
('−1.234,5', '7,1%')
"""

from __future__ import annotations

import json
import math
import os
import shlex
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

LANGUAGES: tuple[str, ...] = ("en", "nl")
DEFAULT_LANGUAGE = LANGUAGES[0]


# Where the words of an outcome stand in the catalog.
_OF_OUTCOMES = {
    "label": "outcome.label.", "more": "outcome.more.", "less": "outcome.less.", "meaning": "outcome.meaning.",
    "unit": "figure.unit.", "did": "figure.meaning.",
}  # fmt: skip


@cache
def outcome_facts() -> dict[str, dict[str, Any]]:
    """Return ``outcomes.json``: what there is to know of each outcome, and why one can be missing."""
    found: dict[str, dict[str, Any]] = json.loads(
        resources.files("sim.words").joinpath("outcomes.json").read_text(encoding="utf-8")
    )
    return found


def _words_of_outcomes(language: str) -> Iterator[tuple[str, str]]:
    facts = outcome_facts()
    for name, given in facts["outcomes"].items():
        yield from ((f"{_OF_OUTCOMES[use]}{name}", words) for use, words in given[language].items())
    for name, reason in facts["reasons"].items():
        yield f"report.reason.{name}", reason[language]


@cache
def catalog(language: str) -> MappingProxyType[str, str]:
    """Return all texts of a language by key; KeyError if there are none in it."""
    if language not in LANGUAGES:
        raise KeyError(f"no texts in {language!r}; there are {', '.join(LANGUAGES)}")
    files = [file for file in resources.files("sim.words").joinpath(language).iterdir() if file.name.endswith(".json")]
    texts: dict[str, str] = {}
    for file in sorted(files, key=lambda file: file.name):
        texts.update(json.loads(file.read_text(encoding="utf-8")))
    texts.update(_words_of_outcomes(language))
    return MappingProxyType(texts)


def text(language: str, key: str, /, **values: Any) -> str:
    """Return a text, such as ``page.week_of``, with its places filled.

    Raises
    ------
    KeyError
        If there is no such text, or no value for one of its places.
    """
    found = catalog(language)[key]
    return found.format_map(_Places(values)) if values or "{" in found else found


class _Places(dict[str, Any]):
    """What fills the places of a text; in ``{n|week|weeks}`` it is the word for one, or for any other number."""

    def __missing__(self, place: str) -> str:
        name, *words = place.split("|")
        if len(words) != 2:
            raise KeyError(place)
        return words[self[name] not in (1, "1")]


def counted(language: str, key: str, n: float, /, **values: Any) -> str:
    """Return a text about `n` things: the one that ends with ``.one`` for a single thing, else that with ``.many``.

    Examples
    --------
    >>> counted("en", "count.weeks", 1), counted("nl", "count.weeks", 12)
    ('1 week', '12 weken')
    """
    return text(language, f"{key}.one" if n == 1 else f"{key}.many", **{"n": n, **values})


def whole(value: int, language: str = DEFAULT_LANGUAGE) -> str:
    """Return a whole number with a sign between the thousands.

    Examples
    --------
    >>> whole(1234567), whole(999, "nl")
    ('1,234,567', '999')
    """
    return f"{value:,}".replace(",", text(language, "number.thousands"))


def interval(low: str, high: str, language: str = DEFAULT_LANGUAGE) -> str:
    """Return an interval between two numbers that are written already, such as ``[4.1, 6.0]``."""
    return text(language, "number.interval", low=low, high=high)


def number(value: float, decimals: int, language: str = DEFAULT_LANGUAGE, is_signed: bool = False) -> str:
    """Return a number with the language's signs and a real minus sign; never "-0", a dash for NaN.

    Examples
    --------
    >>> number(-1234.56, 1), number(1234.56, 1, "nl"), number(0.04, 1, is_signed=True)
    ('−1,234.6', '1.234,6', '0.0')
    """
    if math.isnan(value):
        return text(language, "number.missing")
    # A mean that lies halfway is written alike, in whatever order it was added up; NumPy rounds its own otherwise.
    rounded = round(float(f"{value:.13g}") if abs(value) < 1e9 else float(value), decimals) + 0.0
    sign = text(language, "number.minus") if rounded < 0 else "+" if is_signed and rounded > 0 else ""
    before, point, after = f"{abs(rounded):,.{decimals}f}".partition(".")
    grouped = before.replace(",", text(language, "number.thousands"))
    return sign + grouped + (text(language, "number.decimal") if point else "") + after


def short_number(value: float, language: str = DEFAULT_LANGUAGE, digits: int = 6, is_signed: bool = False) -> str:
    """Return a number with the digits it has, at most so many; those before the decimal sign always in full.

    Examples
    --------
    >>> short_number(0.25), short_number(1 / 3, "nl", 3), short_number(0.00001234), short_number(12345.6, digits=3)
    ('0.25', '0,333', '0.00001234', '12,346')
    """
    if value == 0 or not math.isfinite(value):
        return number(value, 0, language, is_signed)
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    needed = f"{value:.{decimals}f}".rstrip("0").partition(".")[2]
    return number(value, len(needed) if decimals else 0, language, is_signed)


def per_hundred(share: float, language: str = DEFAULT_LANGUAGE, decimals: int = 0) -> str:
    """Return a share as a number out of a hundred; what is not quite nothing or all is not called so.

    Examples
    --------
    >>> per_hundred(0.25), per_hundred(0.0001), per_hundred(0.9999), per_hundred(1.0)
    ('25', '<1', '>99', '100')
    >>> per_hundred(sum([1 / 6] * 6))  # all of them, and a sum of weights that misses 1 by its last digit
    '100'
    """
    smallest, value = 10.0**-decimals, round(100.0 * float(share), 9)
    sign = ""
    if 0.0 < value < 0.5 * smallest:
        sign, value = "<", smallest
    elif 100.0 - 0.5 * smallest <= value < 100.0:
        sign, value = ">", 100.0 - smallest
    return sign + number(value, decimals, language)


def percent(share: float, decimals: int = 0, language: str = DEFAULT_LANGUAGE) -> str:
    """Return a share in percent, as `per_hundred` has it.

    Examples
    --------
    >>> percent(0.25), percent(0.0001), percent(0.9999), percent(1.0)
    ('25%', '<1%', '>99%', '100%')
    """
    shown = per_hundred(share, language, decimals)
    return shown if math.isnan(share) else text(language, "number.percent", number=shown)


def duration(seconds: float, language: str = DEFAULT_LANGUAGE) -> str:
    """Return a duration as one says it: ``0.4 s``, ``12 s``, ``3 min 20 s``, ``2 h 5 min``."""
    if seconds < 9.95:
        return f"{number(seconds, 1, language)} s"
    n = round(seconds)
    if n < 60:
        return f"{n} s"
    minutes, rest = divmod(n, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    told = text(language, "progress.hours", n=hours)
    return f"{told} {minutes} min" if minutes else told


# --- messages that can be said in every language, although they are made where nobody knows who will read them --------
#
# What is wrong with a file is found deep inside, long before anything is printed. A `Said` is the message in English,
# an ordinary text, that still knows what it was made of; `in_language` says it again in another language.


class Whole(int):
    """A number in a message that is written with a sign between the thousands."""

    def __str__(self) -> str:
        return whole(int(self))

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)


class Measured(float):
    """A number in a message that is written with at most so many digits, as the language writes it."""

    digits: int

    def __new__(cls, value: float, digits: int = 3) -> Measured:
        """Return the number."""
        number = super().__new__(cls, value)
        number.digits = digits
        return number

    def __str__(self) -> str:
        return short_number(float(self), digits=self.digits)

    def __format__(self, specification: str) -> str:
        return format(str(self), specification)


class Said(str):
    """A message in English that knows its key in the catalog and what fills its places."""

    key: str  # such as ``refusal.unknown_key``
    values: dict[str, Any]  # what fills the places; a message among them is said in the other language, too

    def __reduce__(self) -> tuple[Any, tuple[str, dict[str, Any]]]:
        """Let a message travel between processes."""
        return _again, (self.key, self.values)


def said(key: str, /, **values: Any) -> Said:
    """Return a message of the catalog.

    Examples
    --------
    >>> said("refusal.text", value=said("refusal.value.list"))
    'must be text, is a list'
    """
    return _again(key, values)


def _again(key: str, values: dict[str, Any]) -> Said:
    message = Said(text(DEFAULT_LANGUAGE, key, **values))
    message.key, message.values = key, values
    return message


def in_language(message: str, language: str) -> str:
    """Return a message in another language; a text that is no `Said` stays as it is.

    Examples
    --------
    >>> in_language(said("refusal.text", value=said("refusal.value.list")), "nl")
    'moet tekst zijn, is een lijst'
    """
    if language == DEFAULT_LANGUAGE or not isinstance(message, Said):
        return message
    values = {name: _value_in_language(value, language) for name, value in message.values.items()}
    return text(language, message.key, **values)


def _value_in_language(value: Any, language: str) -> Any:
    if isinstance(value, Whole):
        return whole(int(value), language)
    if isinstance(value, Measured):
        return short_number(float(value), language, value.digits)
    return in_language(value, language) if isinstance(value, str) else value


# --- commands in messages, as they can be typed: a name with a space, a quote or a ``$`` stays one name ---------------


def typed(*words: str | PurePath) -> str:
    """Return a command, or a part of one, as the shell of this system takes it.

    Parameters
    ----------
    words : str or Path
        What is to arrive as one argument each. A path that begins with a dash is written so that it is no option.

    Examples
    --------
    >>> typed("intranet-sim", "results", "my runs")  # doctest: +SKIP
    "intranet-sim results 'my runs'"
    """
    given = [str(word) for word in words]
    for place, word in enumerate(words):
        if isinstance(word, PurePath) and given[place].startswith("-"):
            given[place] = f".{os.sep}{word}"
    if os.name == "nt":
        import subprocess  # slow to import

        return subprocess.list2cmdline(given)
    return shlex.join(given)
