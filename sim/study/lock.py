"""One process at a time in a results folder.

The operating system holds the lock and lets go of it when the process ends, however it ends: a lock of a dead
process is no lock. The file also says who holds it, for the message.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import stat
import sys
from pathlib import Path

from sim.errors import InputError
from sim.files import regular_content
from sim.texts.said import said

LOCK_NAME = ".lock"
_BUSY = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}
_UNSUPPORTED = {errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL}


def _lock_file(descriptor: int) -> None:
    """Take an exclusive lock on an open file, or raise OSError at once."""
    if sys.platform == "win32":
        import msvcrt

        # A byte far behind the text, so that others can still read who holds the lock.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_same_file(descriptor: int, path: Path) -> bool:
    """Say whether `path` still names the open file (its holder may just have removed it)."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _holder(path: Path) -> str:
    """Return a description of the process that holds the lock at `path`."""
    try:
        held = json.loads(regular_content(path))
        return f"process {held['process']} on {held['host']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


class FolderLock:
    """The lock on one results folder, held from creation until `release`.

    Parameters
    ----------
    folder : Path
        An existing folder.

    Raises
    ------
    InputError
        If another process holds it, or the file system cannot lock.
    OSError
        If the lock file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK_NAME
        self._descriptor = self._take()
        text = json.dumps({"process": os.getpid(), "host": socket.gethostname()})
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, text.encode())

    def _take(self) -> int:
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
            try:
                self._refuse_other_file(descriptor)
                _lock_file(descriptor)
            except InputError:
                os.close(descriptor)
                raise
            except OSError as error:
                os.close(descriptor)
                if error.errno in _BUSY:
                    raise InputError(
                        said("refusal.folder.in_use", folder=self.path.parent, holder=_holder(self.path))
                    ) from None
                if error.errno in _UNSUPPORTED:
                    raise InputError(said("refusal.folder.no_lock", folder=self.path.parent)) from None
                raise
            if _is_same_file(descriptor, self.path):
                return descriptor
            os.close(descriptor)  # removed by its last holder in between: try again with the new file

    def _refuse_other_file(self, descriptor: int) -> None:
        """Refuse what is no file, or has another name elsewhere: it would be written to."""
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            raise InputError(said("refusal.folder.link", file=self.path))

    def release(self) -> None:
        """Give the folder free and remove the lock file; safe to call twice."""
        if self._descriptor < 0:
            return
        # Remove before closing: whoever opens the name now makes a new file, and cannot hold the old one.
        with contextlib.suppress(OSError):
            self.path.unlink()
        os.close(self._descriptor)
        self._descriptor = -1
