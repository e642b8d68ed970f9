"""The exceptions that a person may see as plain lines instead of a traceback.

Anything else that escapes is a mistake in this project and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable


class ReportedError(Exception):
    """An error that the command line prints line by line before it exits with `exit_code`.

    Attributes
    ----------
    lines : tuple of str
        What to print, one problem a line.
    """

    exit_code = 1

    def __init__(self, lines: str | Iterable[str]) -> None:
        self.lines: tuple[str, ...] = (lines,) if isinstance(lines, str) else tuple(lines)
        super().__init__("\n".join(self.lines))

    def __reduce__(self) -> tuple[type[ReportedError], tuple[object, ...]]:
        """Let the error travel from a worker process."""
        return type(self), (self.lines,)


class InputError(ReportedError):
    """What was asked cannot be done as asked: a file, key, value, option or folder is wrong (exit code 2)."""

    exit_code = 2


class RunError(ReportedError):
    """The input was right, but one or more runs failed (exit code 1)."""

    exit_code = 1
