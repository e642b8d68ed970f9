"""Read a scenario or experiment file from disk, with a plain reason for everything that can be wrong with a file."""

from __future__ import annotations

import errno
import os
from pathlib import Path

SIZE_LIMIT = 1_000_000  # bytes; the longest useful scenario has some ten thousand

_REASONS = {
    errno.ENOENT: "does not exist",
    errno.ENOTDIR: "does not exist",
    errno.EISDIR: "is a folder, not a file",
    errno.EACCES: "cannot be read: permission denied",
    errno.EPERM: "cannot be read: permission denied",
    errno.ELOOP: "cannot be read: a link that leads back to itself",
    errno.ENAMETOOLONG: "does not exist: the name is too long",
}


class UnreadableFileError(Exception):
    """A file cannot be read as text; the message says why, to follow the name of the file."""


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8.

    Raises
    ------
    UnreadableFileError
        If there is no such file, it may not be read, is longer than `SIZE_LIMIT`, or is not text in UTF-8.
    """
    content = _read_bytes(path)
    if len(content) > SIZE_LIMIT:
        raise UnreadableFileError(f"is larger than {SIZE_LIMIT // 1_000_000} MB; no such file needs that much")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError(f"is not text in UTF-8 (line {line}); save it as UTF-8") from None


def _read_bytes(path: Path) -> bytes:
    """Return at most one byte more than the limit."""
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with path.open("rb") as file:
            return file.read(SIZE_LIMIT + 1)
    except OSError as error:
        fallback = f"cannot be read: {os.strerror(error.errno) if error.errno else error}"
        raise UnreadableFileError(_REASONS.get(error.errno or 0, fallback)) from None
    except ValueError:  # a zero byte in the name
        raise UnreadableFileError("does not exist: the name holds a character that no file has") from None
