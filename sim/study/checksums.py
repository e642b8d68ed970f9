"""Reading a file of a results folder only if it is the file that the manifest means.

The manifest lists the SHA-256 of every table. A file that has another one was damaged, or comes from another folder:
what it says is not used, and it is named. Files that the manifest does not list (of folders made by earlier versions,
or just being written) are read as they are.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from sim.errors import InputError
from sim.files import open_regular
from sim.study.manifest import files_of, read_manifest
from sim.texts import said

if TYPE_CHECKING:
    from io import BufferedReader

# What a file was found to contain counts for as long as it looks the same. Clocks of file systems are coarse: a file
# that has only just been written may change again without looking another.
_SURELY_LATER_NS = 2_000_000_000
_known: dict[tuple[int, ...], str] = {}
_MOST_KNOWN = 10_000


class DamagedFileError(InputError):
    """A file of a results folder is missing, cannot be read, or is not the one that was written.

    Attributes
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(said("refusal.result.damaged", file=path, reason=reason))
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[type[DamagedFileError], tuple[object, ...]]:
        return type(self), (self.path, self.reason)


def _digest(file: BinaryIO) -> str:
    status = os.fstat(file.fileno())
    look = (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)
    found = _known.get(look)
    if found is None:
        found = hashlib.file_digest(cast("BufferedReader", file), "sha256").hexdigest()
        file.seek(0)
        if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > _SURELY_LATER_NS:
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            _known[look] = found
    return found


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with open_regular(path) as file:
        return _digest(file)


def _place(path: Path) -> tuple[Path, str]:
    """Return the results folder of a file, and the name of the file in its manifest."""
    folder = path.parent
    if folder.name == "series":
        return folder.parent, f"series/{path.name}"
    return folder, path.name


def listed(path: Path) -> str | None:
    """Return the checksum that the manifest has of a file; None where it has none."""
    folder, name = _place(path)
    manifest = read_manifest(folder, is_checked=False)  # whoever reads results has looked at it
    return None if manifest is None else files_of(manifest).get(name)


def is_there(path: Path) -> bool:
    """Say whether a file of a results folder is there.

    Raises
    ------
    DamagedFileError
        If it should be, and is not.
    """
    if path.exists():
        return True
    if listed(path) is not None:
        raise DamagedFileError(path, said("refusal.result.missing"))
    return False


def is_whole(path: Path, expected: str) -> bool:
    """Say whether a file is there and has the checksum `expected`."""
    try:
        return checksum(path) == expected
    except OSError:
        return False


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file of a results folder to be read, if it is the one that the manifest lists.

    Whatever goes wrong while it is read is told as damage of this file.

    Raises
    ------
    DamagedFileError
        If it is not, or cannot be read.
    """
    try:
        with _right_file(path) as file:
            yield file
    except InputError:
        raise
    except FileNotFoundError:
        raise DamagedFileError(path, said("refusal.result.missing")) from None
    except OSError as error:
        raise DamagedFileError(path, error.strerror or _first_line(error)) from None
    except Exception as error:  # there is no end to what readers raise about bytes that nobody wrote
        raise DamagedFileError(path, _first_line(error)) from None


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _right_file(path: Path) -> BinaryIO:
    tries = 3  # whoever writes the folder puts whole files in the place of others while we look
    for _ in range(tries):
        file = open_regular(path)
        try:
            found, expected = _digest(file), listed(path)
            if expected is None or found == expected:
                return file
        except BaseException:
            file.close()
            raise
        file.close()
    raise DamagedFileError(path, said("refusal.result.other"))
