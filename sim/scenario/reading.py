"""Read a scenario or experiment file from disk, with a plain reason for everything that can be wrong with a file."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from sim.files import NoRegularFileError, regular_content
from sim.texts.said import said

SIZE_LIMIT = 1_000_000  # bytes; the longest useful scenario has some ten thousand

_REASONS = {
    errno.ENOENT: "refusal.file.missing",
    errno.ENOTDIR: "refusal.file.missing",
    errno.EISDIR: "refusal.file.folder",
    errno.EACCES: "refusal.file.denied",
    errno.EPERM: "refusal.file.denied",
    errno.ELOOP: "refusal.file.loop",
    errno.ENAMETOOLONG: "refusal.file.long_name",
}


class UnreadableFileError(Exception):
    """A file cannot be read as text; the reason follows the name of the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8.

    Raises
    ------
    UnreadableFileError
        If there is no such file, it may not be read, is longer than `SIZE_LIMIT`, or is not text in UTF-8.
    """
    content = _read_bytes(path)
    if len(content) > SIZE_LIMIT:
        raise UnreadableFileError(said("refusal.file.large", limit=SIZE_LIMIT // 1000000))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError(said("refusal.file.utf8", line=line)) from None


def _read_bytes(path: Path) -> bytes:
    """Return at most one byte more than the limit."""
    try:
        return regular_content(path, SIZE_LIMIT)
    except NoRegularFileError:
        raise UnreadableFileError(said("refusal.file.not_regular")) from None
    except OSError as error:
        fallback = said("refusal.file.unreadable", reason=os.strerror(error.errno) if error.errno else error)
        raise UnreadableFileError(said(_REASONS[error.errno]) if error.errno in _REASONS else fallback) from None
    except ValueError:  # a zero byte in the name
        raise UnreadableFileError(said("refusal.file.bad_name")) from None
