"""Compile the rules where numba is installed; leave them plain Python where it is not.

One decorator for the whole science core. With numba a rule becomes machine code that the loop over a million
employees calls; without it (a browser, or ``NUMBA_DISABLE_JIT=1``) the very same function runs uncompiled and
gives the same numbers.

Compiled code is kept on disk. Numba invalidates its cache by the file of the compiled function alone and does
not see that a rule which it inlined from another file has changed, so the cache folder carries a hash of the whole
science core: an edit anywhere there starts a new folder.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

try:
    import numba
except ImportError:  # the browser edition, or a lean installation
    numba = None

Function = TypeVar("Function", bound=Callable[..., Any])

PACKAGE = Path(__file__).resolve().parent
CORE_PARTS = (
    "compiled.py",
    "compiled_rows.py",
    "tables.py",
    "engine.py",
    "steps",
    "outcomes.py",
    "simulation.py",
    "state.py",
    "behavior",
    "organization",
    "scenario/coefficients.py",
)

HAS_NUMBA = numba is not None and not numba.config.DISABLE_JIT
_CAN_LEAVE_COUNTING = HAS_NUMBA and hasattr(numba.core.options.DefaultOptions, "_nrt")


def core_fingerprint() -> str:
    """Return a short hash of every source file that compiled code can be made from."""
    digest = hashlib.sha256()
    for part in CORE_PARTS:
        path = PACKAGE / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if file.exists():
                digest.update(file.relative_to(PACKAGE).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local")))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")))


@functools.cache
def cache_folder() -> str:
    """Return the folder for compiled code, or an empty string where none can be written.

    The user's own ``NUMBA_CACHE_DIR`` comes first, then the package's ``__pycache__``, then the user's cache.
    """
    given = numba.config.CACHE_DIR
    bases = [Path(given)] if given else [PACKAGE / "__pycache__", _user_cache() / "intranet-sim"]
    for base in bases:
        folder = base / f"core-{core_fingerprint()}"
        if _is_writable(folder):
            return str(folder)
    return ""


class TwoWays:
    """A function that Python and other compiled functions call, compiled for each when it is first asked for.

    Compiled code is kept on disk for what Python calls, with all that it calls in turn. A function that only other
    compiled code calls needs no way in from Python and no file of its own, which is a third of the work of compiling.

    Parameters
    ----------
    function : callable
        The function as it is written.
    options : bool
        What numba is to do with it.

    Attributes
    ----------
    py_func : callable
        The function as it is written.
    """

    def __init__(self, function: Callable[..., Any], **options: bool) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self._options = options

    def __call__(self, *args: Any) -> Any:
        """Call the compiled function from Python."""
        return self.from_python(*args)

    @functools.cached_property
    def from_python(self) -> Any:
        """The function as Python calls it, kept on disk."""
        folder = cache_folder()
        before = numba.config.CACHE_DIR
        # The cache folder is read when caching is enabled, so it is set for that moment only: other users of numba
        # in this process keep their own.
        numba.config.CACHE_DIR = folder
        try:
            return numba.njit(cache=bool(folder), error_model="numpy", **self._options)(self.py_func)
        finally:
            numba.config.CACHE_DIR = before

    @functools.cached_property
    def _from_compiled(self) -> Any:
        options = {**self._options, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        inner = numba.njit(error_model="numpy", **options)(self.py_func)
        template = inner.get_call_template

        def get_call_template(args: Any, kws: Any) -> Any:
            plain = {name: numba.types.unliteral(kind) for name, kind in kws.items()}
            return template(tuple(numba.types.unliteral(kind) for kind in args), plain)

        # Numba would compile once more for a number that is written in the call, such as `remember_day(..., 0, n)`.
        inner.get_call_template = get_call_template
        return inner

    @property
    def _numba_type_(self) -> Any:
        """What numba takes this for where compiled code calls it."""
        return self._from_compiled._numba_type_


def _compile(function: Function, **options: bool) -> Function:
    return cast(Function, TwoWays(function, **options)) if HAS_NUMBA else function


def compiled(function: Function) -> Function:
    """Return `function` compiled by numba with an on-disk cache, or `function` itself without numba.

    Division follows IEEE 754 (no exception is raised), so every rule guards its own denominators.
    """
    return _compile(function)


def step(function: Function) -> Function:
    """Return `function` compiled like `compiled`, for code that makes no arrays of its own: the steps of a day.

    Whoever calls them holds the arrays, so numba need not count who else does, which takes a tenth of a small run.
    """
    # numba has no public name for this; a version without it counts, which is slower and gives the same numbers.
    return _compile(function, **({"_nrt": False} if _CAN_LEAVE_COUNTING else {}))


def inlined(function: Function) -> Function:
    """Return `function` compiled like `compiled`, and always copied into its callers.

    For what a loop over everybody calls: the compiler works on eight employees at a time, but only where it sees
    the whole of the loop.
    """
    return _compile(function, forceinline=True)
