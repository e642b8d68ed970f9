"""Writing files whole or not at all, and the seal of what they say."""

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

from sim.kernel.files import utf8

TEMPORARY_SUFFIX = ".unfinished"


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
    """Open `path` for writing so that it appears whole, or stays as it was.

    The bytes go to a temporary name in the same folder, to disk, and only then to `path`.

    Parameters
    ----------
    path : Path
        File to write; its folder exists.

    Raises
    ------
    OSError
        If the file cannot be written; nothing of it is left behind.
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
    """Refuse what is there but no file: a pipe would be waited for, without end.

    Raises
    ------
    OSError
        If so.
    """
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise OSError(errno.EINVAL, "it is no file", path)


def seal(manifest: Mapping[str, Any]) -> str:
    """Return a hash of what a manifest says, however it is laid out."""
    content = {key: value for key, value in manifest.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
