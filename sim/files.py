"""Read files that people name: only regular ones, and only as much as is allowed.

Opening a named pipe waits until somebody writes into it, and a device may never end: neither is opened.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


class NoRegularFileError(OSError):
    """What is named is there, but neither a file nor a folder: a pipe, a device or a socket."""


def regular_content(path: str | os.PathLike[str], most: int) -> bytes:
    """Return the content of a regular file, at most one byte more than `most`.

    Raises
    ------
    OSError
        If it cannot be read; `IsADirectoryError` for a folder, `NoRegularFileError` for a pipe, device or socket.
    ValueError
        If no file can have this name.
    """
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if not stat.S_ISREG(mode):
        raise NoRegularFileError(errno.EINVAL, "neither a file nor a folder", os.fspath(path))
    with Path(path).open("rb") as file:
        return file.read(most + 1)
