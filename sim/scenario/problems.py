"""What is wrong with a scenario: where, which key, and what is allowed. All problems are reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sim.errors import InputError

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
        where = self.file if self.line is None else f"{self.file}:{self.line}:{self.column}"
        text = ": ".join(part for part in (where, self.path, self.message) if part)
        return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


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
        super().__init__(_shown(self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[object, ...]]:
        return type(self), (self.problems,)


def _shown(problems: Sequence[Problem]) -> list[str]:
    lines = [str(problem) for problem in problems[:SHOWN_LIMIT]]
    if len(problems) > SHOWN_LIMIT:
        lines.append(f"... and {len(problems) - SHOWN_LIMIT} more problems")
    return lines
