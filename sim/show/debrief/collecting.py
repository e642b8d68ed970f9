"""From files and folders to the run cards of a class; everything that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sim.answer.card import Card, Wrong, cards_in
from sim.errors import InputError
from sim.files import regular_content
from sim.texts import in_language, text

LARGEST_FILE = 1_000_000  # bytes
MOST_CARDS = 1000
MOST_TOLD = 20  # mistakes of one file; a thousand lines that are no cards are one mistake
SUFFIXES = (".json", ".txt")


class Handed(NamedTuple):
    """A card and where it was found."""

    card: Card
    place: str


@dataclass(frozen=True)
class Collected:
    """The cards of a class.

    Attributes
    ----------
    cards : tuple of Handed
        Each different card once, in an order that does not depend on files.
    n_duplicates : int
        Cards that were there before, letter for letter.
    n_files : int
        Files read.
    n_passed : int
        Files in folders that are named like no card.
    passed_over : tuple of str
        Mistakes that were passed over on request.
    """

    cards: tuple[Handed, ...]
    n_duplicates: int
    n_files: int
    n_passed: int
    passed_over: tuple[str, ...]


def collect(paths: Sequence[Path], language: str = "en", is_lenient: bool = False) -> Collected:
    """Read run cards.

    Parameters
    ----------
    paths : sequence of Path
        Files with a card or with many short codes, and folders of such files.
    language : str
        Of the messages.
    is_lenient : bool
        Whether what is wrong is passed over; at least one card must be left.

    Raises
    ------
    InputError
        If anything is wrong: a line for each mistake, with the file.
    """
    files, n_passed, wrong = _files(paths, language)
    handed: list[Handed] = []
    for file in files:
        told = []
        for place, card, problems in _cards(file):
            if card is not None:
                handed.append(Handed(card, place))
            told += [f"{place}: {words(one, language)}" for one in problems]
        wrong += told[:MOST_TOLD]
        if len(told) > MOST_TOLD:
            wrong.append(text(language, "debrief.wrong.more", file=file, n=len(told) - MOST_TOLD))
    cards: dict[str, Handed] = {}
    for one in handed:
        cards.setdefault(one.card.digest, one)
    if len(cards) > MOST_CARDS:
        wrong.append(text(language, "debrief.wrong.too_many", n=len(cards), most=MOST_CARDS))
        is_lenient = False
    if wrong and not (is_lenient and cards):
        raise InputError(wrong)
    if not cards:
        raise InputError(text(language, "debrief.wrong.none"))
    ordered = tuple(cards[digest] for digest in sorted(cards))
    return Collected(ordered, len(handed) - len(cards), len(files), n_passed, tuple(wrong))


def words(wrong: Wrong, language: str) -> str:
    """Return in words what is wrong."""
    values = {
        name: in_language(value, language) if isinstance(value, str) else value for name, value in wrong.values.items()
    }
    return text(language, f"debrief.wrong.{wrong.name}", **values)


def _files(paths: Sequence[Path], language: str) -> tuple[list[Path], int, list[str]]:
    """Return the files to read, each once, how many in folders are passed over, and what is wrong."""
    files: dict[Path, Path] = {}
    n_passed, wrong = 0, []
    for path in paths:
        if not path.is_dir():
            files.setdefault(path.resolve(), path)
            continue
        try:
            inside = sorted(one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
        except OSError as error:
            wrong.append(_unreadable(path, error, language))
            continue
        kept = [one for one in inside if one.suffix.lower() in SUFFIXES]
        n_passed += len(inside) - len(kept)
        if not kept:
            wrong.append(text(language, "debrief.wrong.empty_folder", folder=path))
        for one in kept:
            files.setdefault(one.resolve(), one)
    return list(files.values()), n_passed, wrong


def _cards(file: Path) -> Iterator[tuple[str, Card | None, Sequence[Wrong]]]:
    """Yield place and card, or what is wrong there."""
    try:
        data = regular_content(file, LARGEST_FILE)
    except OSError as error:
        yield str(file), None, [Wrong("unreadable", {"reason": error.strerror or str(error)})]
        return
    if len(data) > LARGEST_FILE:
        yield str(file), None, [Wrong("large_file", {"most": LARGEST_FILE // 1000})]
        return
    try:
        told = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield str(file), None, [Wrong("no_text", {})]
        return
    found = list(cards_in(told))
    if not found:
        yield str(file), None, [Wrong("empty", {})]
    for number, card, wrong in found:
        yield (str(file) if len(found) == 1 else f"{file} #{number}"), card, wrong


def _unreadable(path: Path, error: OSError, language: str) -> str:
    return f"{path}: {text(language, 'debrief.wrong.unreadable', reason=error.strerror or str(error))}"
