"""Which code makes the numbers: versions for the manifest, and a fingerprint for the content hash."""

from __future__ import annotations

import functools
import hashlib
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from sim.version import __version__

PACKAGE = Path(__file__).resolve().parents[1]
# The numbers of a run depend on the science core with its data files and on how staff files are read, not on what
# stands above. (What a scenario says is in the hash of the run itself.)
_FOLDERS = ("exports/staff", "kernel", "organization", "model")
_ABOVE = (
    "kernel/estimates", "kernel/files", "kernel/processors",
    "model/employee", "model/face", "model/why/",
)  # fmt: skip
_FILES = (
    "catalog/registry.py", "catalog/data/coefficients.csv", "catalog/data/merged.csv", "catalog/data/parameters.json",
    "catalog/outcomes.py", "words/outcomes.json", "scenario/departments.py",
)  # fmt: skip
_DATA = {".py", ".csv", ".json", ".toml", ".yaml"}
NUMBERS_DEPEND_ON = ("python", "numpy", "numba")
DISTRIBUTIONS = (
    "intranet-sim", "numpy", "numba", "llvmlite", "scipy", "mesa", "pandas", "pyarrow",
    "ruamel.yaml", "SALib", "matplotlib", "click", "rich", "distributed",
)  # fmt: skip


def _science_files() -> list[Path]:
    """Return sources and data of the science core; a new module on one of its shelves counts too."""
    there = [file for name in _FOLDERS for file in (PACKAGE / name).rglob("*") if file.suffix in _DATA]
    core = [file for file in there if not file.relative_to(PACKAGE).as_posix().startswith(_ABOVE)]
    return sorted([*core, *(PACKAGE / name for name in _FILES)])


@functools.cache
def code_version() -> str:
    """Return the version with a hash of the science core's sources, such as ``0.1.0+5f0c2a9b1d3e``.

    Runs of different code must not end up in one table, also between two edits of the same version.
    """
    digest = hashlib.sha256()
    for file in _science_files():
        digest.update(file.relative_to(PACKAGE).as_posix().encode())
        digest.update(b"\0")
        digest.update(file.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def libraries(of: Mapping[str, str | None] | None = None) -> str:
    """Return the versions that numbers may depend on, in words: of Python, NumPy and numba.

    Parameters
    ----------
    of : mapping of str to str, optional
        The versions in a manifest; left out: those of this process.
    """
    return _libraries_here() if of is None else _in_words(of)


def made_with(code: str) -> str:
    """Return what the numbers of a run in this process depend on: the code, and the versions of what computes them."""
    return f"{code}, {libraries()}"


@functools.cache
def _libraries_here() -> str:
    return _in_words(versions())


def _in_words(known: Mapping[str, str | None]) -> str:
    return ", ".join(f"{name} {known.get(name) or '-'}" for name in NUMBERS_DEPEND_ON)


def versions() -> dict[str, str | None]:
    """Return the version of Python and of each library (None: not installed), importing none."""
    found: dict[str, str | None] = {"python": platform.python_version()}
    for name in DISTRIBUTIONS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    found["intranet-sim"] = __version__
    return found
