"""The exceptions that a person may see as plain lines instead of a traceback.

Anything else that escapes is a mistake in this project and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sim.words import DEFAULT_LANGUAGE, LANGUAGES, in_language


class ReportedError(Exception):
    """An error that the command line prints line by line before it exits with `exit_code`.

    Attributes
    ----------
    lines : tuple of str
        What to print, one problem a line.
    """

    exit_code = 1
    language = DEFAULT_LANGUAGE
    """Of the reader, where that is known."""

    def __init__(self, lines: str | Iterable[str]) -> None:
        self.lines: tuple[str, ...] = (lines,) if isinstance(lines, str) else tuple(lines)
        super().__init__("\n".join(self.lines))

    def lines_in(self, language: str) -> tuple[str, ...]:
        """Return what to print in the language of the reader, as far as there are words for it."""
        return tuple(in_language(line, language) for line in self.lines)

    def as_reply(self) -> dict[str, Any]:
        """Return what a page is told: ``error``, the lines in English; ``errors``, by language that has words."""
        lines = {language: self.lines_in(language) for language in LANGUAGES}
        others = {language: list(said) for language, said in lines.items() if said != self.lines}
        return {"error": list(self.lines), **({"errors": others} if others else {})}

    def __reduce__(self) -> tuple[type[ReportedError], tuple[object, ...]]:
        """Let the error travel from a worker process."""
        return type(self), (self.lines,)


class InputError(ReportedError):
    """What was asked cannot be done as asked: a file, key, value, option or folder is wrong (exit code 2)."""

    exit_code = 2


class ChangedStaffError(InputError):
    """A staff file is another one than when the study that uses it was planned: no run may be made from it."""


class RunError(ReportedError):
    """The input was right, but one or more runs failed (exit code 1)."""

    exit_code = 1
