"""What is wrong with a scenario: where, which key, and what is allowed. All problems are reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sim.errors import InputError
from sim.texts import DEFAULT_LANGUAGE, text
from sim.texts.said import in_language

SHOWN_LIMIT = 50  # a file with more problems than this is not read to the end by anyone


class Problem(NamedTuple):
    """One thing that is wrong.

    Attributes
    ----------
    file : str
        File as the person wrote it, or the option or mapping that the value came from.
    line, column : int or None
        Position from 1; None where there is no text to point into.
    path : str
        Dotted key, such as ``rules.restriction``; empty where the whole file is meant.
    message : str
        What is wrong and what is allowed.
    """

    file: str
    line: int | None
    column: int | None
    path: str
    message: str

    def __str__(self) -> str:
        return self.line_in(DEFAULT_LANGUAGE)

    def line_in(self, language: str) -> str:
        """Return the problem on one line, in the language of the reader."""
        where = self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"
        line = ": ".join(part for part in (where, self.path, in_language(self.message, language)) if part)
        return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)


class ScenarioError(InputError):
    """A scenario cannot be used.

    Attributes
    ----------
    problems : tuple of Problem
        Everything that is wrong, parent files before the files that extend them, each in the order of its
        lines.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(_shown(self.problems, DEFAULT_LANGUAGE))

    def lines_in(self, language: str) -> tuple[str, ...]:
        """Return what to print, one problem a line, in the language of the reader."""
        return tuple(_shown(self.problems, language))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[object, ...]]:
        return type(self), (self.problems,)


def _shown(problems: Sequence[Problem], language: str) -> list[str]:
    lines = [problem.line_in(language) for problem in problems[:SHOWN_LIMIT]]
    if len(problems) > SHOWN_LIMIT:
        lines.append(text(language, "refusal.more_problems", n=len(problems) - SHOWN_LIMIT))
    return lines
