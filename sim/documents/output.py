"""Where output goes, whatever it can take: letters that its encoding lacks, a closed stream, a full disk.

Everything that this program prints passes here, so that no command needs to know any of it. What is computed and kept
never depends on whether it could be shown: output that cannot be written is dropped, and that is said at the end.
"""

from __future__ import annotations

import codecs
import io
import os
import select
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sim.errors import ReportedError
from sim.words import said

OUTPUT_CLOSED = 141  # 128 + SIGPIPE, as shells have it

IN_ASCII = "sim.in-ascii"
"""Name of the error handler of codecs that writes in ASCII what an encoding lacks."""

# What is not told by Unicode itself. Signs that mean something keep their meaning; a minus sign becomes a hyphen.
_SPELLED = {
    "−": "-", "±": "+/-", "×": "x", "÷": "/", "·": ".", "•": "*", "…": "...", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~",
    "←": "<-", "→": "->", "↔": "<->", "↑": "^", "↓": "v", "⇒": "=>", "√": "sqrt", "∞": "inf",
    "€": "EUR", "£": "GBP", "©": "(c)", "°": " degrees", "µ": "u", "✓": "v", "✗": "x",
    "‘": "'", "’": "'", "‚": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"',
    "«": '"', "»": '"', "‹": "'", "›": "'",
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
    "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "ı": "i", "ħ": "h", "Ħ": "H",
}  # fmt: skip


def _spelled(letter: str) -> str:
    """Return how to write a letter in ASCII; the code of the letter where nothing is near it."""
    if letter in _SPELLED:
        return _SPELLED[letter]
    kind, name = unicodedata.category(letter), unicodedata.name(letter, "")
    if kind == "Pd":
        return "-"
    if kind == "Zs":
        return " "
    if kind in {"Cf", "Mn"}:  # soft hyphens, marks of direction, accents on their own
        return ""
    if name.startswith("BOX DRAWINGS"):
        is_across, is_down = "HORIZONTAL" in name, "VERTICAL" in name
        return "+" if is_across == is_down else "-" if is_across else "|"
    if name.endswith(("BLOCK", "BLOCKS", "SHADE")):
        return "#"
    if name.startswith("BRAILLE"):  # the wheel that turns while one waits
        return "*"
    plain = unicodedata.normalize("NFKD", letter)
    if plain != letter:
        return "".join(part if part.isascii() else _spelled(part) for part in plain)
    return letter.encode("ascii", "backslashreplace").decode("ascii")


def _in_ascii(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_spelled, error.object[error.start : error.end])), error.end


codecs.register_error(IN_ASCII, _in_ascii)


def as_shown(text: str) -> str:
    """Return a text as stdout will show it, so that columns can be aligned by what is seen."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, IN_ASCII).decode(encoding, "replace")


class _Output(io.FileIO):
    """A file descriptor that takes everything, and remembers why the first of what it could not write was lost."""

    def __init__(self, descriptor: int, lost: OSError | None = None) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self._never = lost  # why nothing can ever be written here
        self.lost: OSError | None = None

    def write(self, content: Any) -> int:
        """Write what can be written; say that everything was."""
        n_bytes = memoryview(content).nbytes
        if self.lost is None:
            try:
                if self._never is not None:
                    raise self._never
                written: int | None = super().write(content)
            except OSError as error:
                self.lost = error
            else:
                if written is not None:
                    return written
                select.select([], [self], [])  # somebody made the pipe one that does not wait
                return 0
        return n_bytes


def _prepared(stream: Any, descriptor: int, lost: OSError | None) -> Any:
    """Return the stream that takes everything instead of `stream`, which Python leaves out where it is closed."""
    if stream is None:
        output = _Output(descriptor, lost)
        return io.TextIOWrapper(io.BufferedWriter(output), "utf-8", IN_ASCII, line_buffering=True)
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if type(raw) is not io.FileIO:  # a console of Windows, or one that was prepared before
        stream.reconfigure(errors=IN_ASCII)
        return stream
    try:
        stream.flush()
    except OSError as error:
        lost = error
    return io.TextIOWrapper(
        io.BufferedWriter(_Output(raw.fileno(), lost)),
        stream.encoding,
        IN_ASCII,
        line_buffering=stream.line_buffering or stream.write_through,
    )


def _fill_gap(descriptor: int) -> OSError | None:
    """Open the null device for a standard stream that is closed: the next file would else take its place."""
    try:
        os.fstat(descriptor)
    except OSError as error:
        null = os.open(os.devnull, os.O_RDWR)
        if null != descriptor:
            os.dup2(null, descriptor)
            os.close(null)
        os.set_inheritable(descriptor, True)
        return error
    return None


@contextmanager
def prepared_streams() -> Iterator[None]:
    """Let stdout and stderr take everything for as long as a command runs."""
    names = ("stdin", "stdout", "stderr")
    before = {name: getattr(sys, name) for name in names}
    lost = [_fill_gap(descriptor) for descriptor in range(len(names))]
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = _prepared(sys.stdout, 1, lost[1])
    sys.stderr = _prepared(sys.stderr, 2, lost[2])
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for name, stream in before.items():
            if stream is not None:
                setattr(sys, name, stream)


class OutputLostError(ReportedError):
    """Some of what was printed on stdout could not be written (exit code 1, or 141 where its reader is gone)."""

    def __init__(self, lines: str | Iterable[str], exit_code: int = 1) -> None:
        super().__init__(lines)
        self.exit_code = exit_code


def refuse_lost_output() -> None:
    """Say that output was lost; nothing is said where whoever read it has stopped reading, as ``head`` does.

    Raises
    ------
    OutputLostError
        If some of what was printed on stdout could not be written.
    """
    sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    if not isinstance(raw, _Output) or raw.lost is None:
        return
    if isinstance(raw.lost, BrokenPipeError):
        raise OutputLostError((), OUTPUT_CLOSED)
    raise OutputLostError(said("refusal.output_lost", reason=raw.lost.strerror))
