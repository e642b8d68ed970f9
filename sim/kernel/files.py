"""Read files that people name, if they are regular ones; write files whole or not at all; seal what they say.

Opening a named pipe waits until somebody writes into it, and a device may never end: neither is opened.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

TEMPORARY_SUFFIX = ".unfinished"


class NoRegularFileError(OSError):
    """What is named is there, but neither a file nor a folder: a pipe, a device or a socket."""


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a regular file to be read as bytes; the caller closes it.

    Raises
    ------
    OSError
        If it cannot be read; `IsADirectoryError` for a folder, `NoRegularFileError` for a pipe, device or socket.
    ValueError
        If no file can have this name.
    """
    _refuse_others(os.stat(path).st_mode, path)
    # Should a pipe have come into its place since, opening it must not wait either.
    file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0)))  # noqa: SIM115
    try:
        _refuse_others(os.fstat(file.fileno()).st_mode, path)
    except OSError:
        file.close()
        raise
    return file


def _refuse_others(mode: int, path: str | os.PathLike[str]) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if not stat.S_ISREG(mode):
        raise NoRegularFileError(errno.EINVAL, "it is a pipe or a device, not a file", os.fspath(path))


def regular_content(path: str | os.PathLike[str], most: int = -1) -> bytes:
    """Return the content of a regular file, at most one byte more than `most` (all of it where that is negative).

    Raises
    ------
    OSError
        As `open_regular`.
    ValueError
        If no file can have this name.
    """
    with open_regular(path) as file:
        return file.read(most + 1 if most >= 0 else -1)


def utf8(text: str) -> bytes:
    """Return a text as UTF-8, whatever is in it.

    Names of files and what was typed may hold bytes that are no text, which Python keeps as lone surrogates; no file
    could hold those. What turns out to be UTF-8 after all (typed where the locale does not say so) becomes that.
    """
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        known = text.encode("utf-8", "surrogateescape" if _is_escaped(text) else "replace")
        return known.decode("utf-8", "replace").encode("utf-8")


def _is_escaped(text: str) -> bool:
    return all(not "\ud800" <= letter <= "\udfff" or "\udc80" <= letter <= "\udcff" for letter in text)


# --- writing ---------------------------------------------------------------------------------------------------------


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable; systems that cannot do so (Windows) need not."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """Open `path`, in a folder that is there, for writing so that it appears whole, or stays as it was.

    The bytes go to a temporary name in the same folder, to disk, and only then to `path`. Where that fails (OSError)
    nothing of it is left behind.
    """
    # A name that nobody else has, and never a file or link that is there already.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{TEMPORARY_SUFFIX}")
    file = open(temporary, "xb")  # noqa: SIM115 -- closed below, before it gets its name
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` as UTF-8, whole or not at all."""
    with written_whole(path) as file:
        file.write(utf8(text))


def refuse_irregular(path: str) -> None:
    """Refuse (OSError) what is there but no file: a pipe would be waited for, without end."""
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise OSError(errno.EINVAL, "it is no file", path)


def seal(manifest: Mapping[str, Any]) -> str:
    """Return a hash of what a manifest says, however it is laid out."""
    content = {key: value for key, value in manifest.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
