"""What columns and words of a staff file mean, from the table of facts `columns.toml`."""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

DIALECTS = {"afas": "AFAS", "workday": "Workday", "sap": "SAP", "entra": "Entra ID", "viva": "Viva Insights"}

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u00ad\u2060"))


@cache
def _facts() -> dict[str, dict[str, list[str]]]:
    found = tomllib.loads(resources.files("sim.staff").joinpath("columns.toml").read_text(encoding="utf-8"))
    words = {f"words.{name}": entries for name, entries in found.pop("words").items()}
    return found | words


def known_columns() -> tuple[str, ...]:
    """Return what can be known of people, by our own names."""
    return tuple(name for name in _facts() if not name.startswith("words."))


def letters(text: str) -> str:
    """Return a text as names are compared: without case, accents, spaces and signs.

    Examples
    --------
    >>> letters(" Datum\\nin-dienst ") == letters("datumInDienst"), letters("Geboortedatum*")
    (True, 'geboortedatum')
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def tidy(text: str) -> str:
    """Return a name as it is shown: composed, without invisible signs and needless spaces."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


def alike(name: str) -> str:
    """Return what is the same for names that look alike: case, spaces and ways to write an accent aside."""
    return unicodedata.normalize("NFKC", tidy(name)).casefold()


@cache
def _columns() -> dict[str, tuple[str, int, str]]:
    """Return column, place among the names of the column and dialect of each name."""
    found: dict[str, tuple[str, int, str]] = {}
    for column in known_columns():
        names = [(name, dialect) for dialect, names in _facts()[column].items() for name in names]
        for place, (name, dialect) in enumerate([*names, (column, "plain")]):
            found.setdefault(letters(name), (column, place, dialect))
    return found


def column_of(header: str) -> tuple[str, int, str] | None:
    """Return column, rank and dialect of a header; None where it is none that we know.

    Examples
    --------
    >>> column_of("Leeftijd (jaren)")[0], column_of("Tenure (months)")[0], column_of("Shoe size")
    ('age', 'tenure_months', None)
    """
    without_unit = re.sub(r"[(\[].*?[)\]]", "", header)
    return _columns().get(letters(header)) or _columns().get(letters(without_unit))


def dialect_of(headers: Iterable[str]) -> str:
    """Return whose export has such headers; empty where none stands out."""
    counts = dict.fromkeys(DIALECTS, 0)
    for header in headers:
        found = column_of(header)
        if found is not None and found[2] in counts:
            counts[found[2]] += 1
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= 2 or "PersonId" in headers else ""


def suggestion(word: str, allowed: Sequence[str]) -> str:
    """Return what was probably meant, or nothing."""
    close = difflib.get_close_matches(letters(word), [letters(each) for each in allowed], n=1, cutoff=0.75)
    return next((each for each in allowed if close and letters(each) == close[0]), "")


def column_meant(header: str) -> str:
    """Return the column whose name is nearly this header, or nothing."""
    close = difflib.get_close_matches(letters(header), _columns(), n=1, cutoff=0.85)
    return _columns()[close[0]][0] if close else ""


@cache
def _words(kind: str) -> Mapping[str, str]:
    return {letters(word): meaning for meaning, words in _facts()[f"words.{kind}"].items() for word in words}


def meaning_of(kind: str, cell: str) -> str:
    """Return what a word in a cell means, such as ``team_lead`` among levels; empty where it is none that we know."""
    return _words(kind).get(letters(cell), "")


def words_of(kind: str) -> list[str]:
    """Return all words of a kind, as they are written."""
    return [word for words in _facts()[f"words.{kind}"].values() for word in words]


def level_in_title(title: str) -> str:
    """Return the level that a job title tells of, or nothing.

    Examples
    --------
    >>> level_in_title("Teamleider Zorg"), level_in_title("Verpleegkundige")
    ('team_lead', '')
    """
    plain = f" {re.sub(r'[^a-z0-9]+', ' ', unicodedata.normalize('NFKD', title.casefold()))}"
    for level, parts in _facts()["words.job"].items():
        if any(f" {part}" in plain for part in parts):
            return level
    return ""


def is_nothing(cell: str) -> bool:
    """Return whether a cell says in words or signs that it says nothing: ``-``, ``n.v.t.``, ``NULL``."""
    plain = letters(cell)
    return not plain or plain in _words("nothing")
