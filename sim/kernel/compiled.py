"""Compile the rules where numba is installed; leave them plain Python where it is not.

One decorator for the whole science core. With numba a rule becomes machine code that the loop over a million
employees calls; without it (a browser, or ``NUMBA_DISABLE_JIT=1``) the very same function runs uncompiled and
gives the same numbers.

Compiled code is kept on disk. Numba invalidates its cache by the file of the compiled function alone and does
not see that a rule which it inlined from another file has changed, so the cache folder carries a hash of the whole
science core: an edit anywhere there starts a new folder.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

try:
    import numba
except ImportError:  # the browser edition, or a lean installation
    numba = None

Function = TypeVar("Function", bound=Callable[..., Any])

PACKAGE = Path(__file__).resolve().parents[1]
CORE_PARTS = (
    "kernel/compiled.py",
    "kernel/compiled_rows.py",
    "kernel/tables.py",
    "model/engine.py",
    "model/steps",
    "model/outcomes.py",
    "model/simulation.py",
    "model/state.py",
    "model/rules",
    "organization",
    "catalog/registry.py",
    "catalog/data/coefficients.csv",
)

HAS_NUMBA = numba is not None and not numba.config.DISABLE_JIT
BY_COLUMNS = (
    not HAS_NUMBA
)  # what everybody does every day goes through the columns with NumPy (`sim.kernel.tables.Columns`)
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


FUNCTIONS: list[str] = []  # that can be compiled, by name
WATCHERS: list[Callable[[str], None]] = []  # who hears the name of each function when it has been compiled


class TwoWays:
    """A function (`py_func`) that Python and compiled functions call, compiled for each when it is first asked for.

    Compiled code is kept on disk for what Python calls, with all that it calls in turn. A function that only other
    compiled code calls needs no way in from Python and no file of its own, which is a third of the work of compiling.
    Of a unit compiled code calls what is kept for Python, so that it can be compiled elsewhere at the same time;
    `options` are numba's.
    """

    def __init__(self, function: Callable[..., Any], is_unit: bool = False, **options: bool) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self._is_unit = is_unit
        self._options = options
        FUNCTIONS.append(f"{function.__module__}.{function.__qualname__}")

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
            # While it runs, other threads may: the one that says which run takes unusually long (`LongRuns`).
            return self._jit(cache=bool(folder), nogil=True)
        finally:
            numba.config.CACHE_DIR = before

    @functools.cached_property
    def _from_compiled(self) -> Any:
        return self.from_python if self._is_unit else self._jit(no_cpython_wrapper=True, no_cfunc_wrapper=True)

    def _jit(self, **options: bool) -> Any:
        dispatcher = numba.njit(error_model="numpy", **self._options, **options)(self.py_func)
        template = dispatcher.get_call_template

        def get_call_template(args: Any, kws: Any) -> Any:
            plain = {name: numba.types.unliteral(kind) for name, kind in kws.items()}
            return template(tuple(numba.types.unliteral(kind) for kind in args), plain)

        # Numba would compile once more for a number that is written in the call, such as `remember_day(..., 0, n)`.
        dispatcher.get_call_template = get_call_template
        return dispatcher

    @property
    def _numba_type_(self) -> Any:
        """What numba takes this for where compiled code calls it."""
        return self._from_compiled._numba_type_


@contextlib.contextmanager
def watched(watcher: Callable[[str], None]) -> Iterator[None]:
    """Tell `watcher` the name of each function of `FUNCTIONS` when it has been compiled, here or in a helper."""
    if not HAS_NUMBA:
        yield
        return
    events = numba.core.event

    class Listener(events.Listener):  # type: ignore[name-defined]
        def on_start(self, event: Any) -> None:
            pass

        def on_end(self, event: Any) -> None:
            function = event.data["dispatcher"].py_func
            if function.__module__.startswith("sim."):
                watcher(f"{function.__module__}.{function.__qualname__}")

    WATCHERS.append(watcher)
    try:
        with events.install_listener("numba:compile", Listener()):
            yield
    finally:
        WATCHERS.remove(watcher)


def _mark_of_ready() -> Path:
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Path(cache_folder()) / f"ready-python-{python}-numba-{numba.__version__}"


def is_ready() -> bool:
    """Return whether nothing is left to compile for a run, as far as is known: all is kept, or nothing is compiled."""
    return not HAS_NUMBA or (bool(cache_folder()) and _mark_of_ready().exists())


def note_ready() -> None:
    """Note that everything that a run needs is kept."""
    if HAS_NUMBA and cache_folder():
        with contextlib.suppress(OSError):
            _mark_of_ready().touch()


def _compile(function: Function, **options: bool) -> Function:
    return cast(Function, TwoWays(function, **options)) if HAS_NUMBA else function


# numba has no public name for this; a version without it counts, which is slower and gives the same numbers.
_WITHOUT_COUNTING = {"_nrt": False} if _CAN_LEAVE_COUNTING else {}


def compiled(function: Function) -> Function:
    """Return `function` compiled by numba with an on-disk cache, or `function` itself without numba.

    Division follows IEEE 754 (no exception is raised), so every rule guards its own denominators.
    """
    return _compile(function)


def step(function: Function) -> Function:
    """Return `function` compiled like `compiled`, for code that makes no arrays of its own: the steps of a day.

    Whoever calls them holds the arrays, so numba need not count who else does, which takes a tenth of a small run.
    """
    return _compile(function, **_WITHOUT_COUNTING)


def unit(*, makes_arrays: bool) -> Callable[[Function], Function]:
    """Return a decorator like `compiled` or, where no arrays are made, `step`, for one of the halves of a run.

    Python and compiled code call it in the same way, so that a half is compiled once, in a process of its own.
    """
    options = {} if makes_arrays else _WITHOUT_COUNTING
    return lambda function: _compile(function, is_unit=True, **options)


def inlined(function: Function) -> Function:
    """Return `function` compiled like `compiled`, and always copied into its callers.

    For what a loop over everybody calls: the compiler works on eight employees at a time, but only where it sees
    the whole of the loop.
    """
    return _compile(function, forceinline=True)
