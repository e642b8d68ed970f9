"""What the engine in a browser is made of, beside our own source: Pyodide's core and its NumPy wheel.

The core must have the files of one version, by their SHA-256; the wheel must have the one in Pyodide's own lock file.
Both come from where a person says, or are downloaded when an edition is built; the page itself asks no other host.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError
from sim.words import Whole, said

VERSION = "0.27.7"  # of Pyodide
CORE = {
    "pyodide.js": "b4cb23a53aba19c221659b9fb40a2f18281d685691dc06647fb0afd0681baf98",
    "pyodide.mjs": "04c052c815abb0bf2981fa38c2dfa58e3120ee5288c956df2b2a15e301782c5f",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
    "pyodide-lock.json": "9c45b916001a750f4102fc287494f3eab215909c7535c626a20db80fd6333e2c",
}
LOCK = "pyodide-lock.json"
WHEELS = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/"  # where Pyodide's authors keep the official wheels
PATIENCE = 30  # seconds without an answer
PATIENCE_NPM = 180  # seconds
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same archive from the same files, whenever it is made
LARGEST = 50_000_000  # bytes of one part


class NotAtHandError(InputError):
    """A part is not here and could not be downloaded."""


class Part(NamedTuple):
    """A file.

    Attributes
    ----------
    name : str
        Its name.
    content : bytes
        What is in it.
    """

    name: str
    content: bytes


def pyodide_core(place: Path | None = None) -> dict[str, bytes]:
    """Return the files of Pyodide's core by name.

    Parameters
    ----------
    place : Path, optional
        A folder with the files, or the archive (``.tgz``) of the npm package ``pyodide``; left out: npm downloads it.

    Raises
    ------
    sim.errors.InputError
        If there is nothing at `place`, or a file is not that of the version we need.
    NotAtHandError
        If npm is not there, or cannot download it.
    """
    if place is None:
        files = _from_npm()
    elif place.is_dir():
        files = {name: (place / name).read_bytes() for name in CORE if (place / name).is_file()}
    elif place.is_file():
        files = _from_archive(place.read_bytes(), str(place))
    else:
        raise InputError(said("refusal.class.no_core", place=place))
    where = place or "npm"
    wrong = [said("refusal.class.core_lacks", place=where, name=name) for name in CORE if name not in files]
    wrong += [
        said("refusal.class.core_other", place=where, name=name, version=VERSION)
        for name, content in files.items()
        if _sha256(content) != CORE[name]
    ]
    if wrong:
        raise InputError(wrong)
    return files


def numpy_wheel(core: Mapping[str, bytes], place: str | None = None) -> Part:
    """Return the NumPy wheel that belongs to a core.

    Parameters
    ----------
    core : mapping of str to bytes
        As `pyodide_core` gives it.
    place : str, optional
        The wheel, a folder that holds it, or an address of either; left out: where Pyodide's authors keep it.

    Raises
    ------
    sim.errors.InputError
        If there is nothing at `place`, or it is not the wheel in the lock file of the core.
    NotAtHandError
        If it cannot be downloaded.
    """
    entry = json.loads(core[LOCK])["packages"]["numpy"]
    name: str = entry["file_name"]
    where = place or WHEELS
    content = _downloaded(where, name) if where.startswith(("https://", "http://")) else _read(Path(where), name)
    found = _sha256(content)
    if found != entry["sha256"]:
        raise InputError(
            [
                said("refusal.class.wheel", place=where, name=name, version=VERSION),
                said("refusal.class.wheel_must", sum=entry["sha256"]),
                said("refusal.class.wheel_is", sum=found),
            ]
        )
    return Part(name, content)


# What the model never imports, and what is for compilers and editors.
NEEDLESS_PARTS = tuple(
    f"numpy/{part}/" for part in ("f2py", "fft", "polynomial", "testing", "_core/include", "_core/lib")
)
NEEDLESS_KINDS = (".pyi", ".pxd", ".h", ".a", ".c", ".rst")


def without_needless(wheel: bytes) -> bytes:
    """Return a NumPy wheel without the files that an engine in a browser does not need, packed as tightly as can be."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(wheel)) as whole, zipfile.ZipFile(buffer, "w") as kept:
        for one in whole.infolist():
            if not one.filename.startswith(NEEDLESS_PARTS) and not one.filename.endswith(NEEDLESS_KINDS):
                kept.writestr(zipfile.ZipInfo(one.filename, LONG_AGO), whole.read(one), zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def _read(place: Path, name: str) -> bytes:
    file = place / name if place.is_dir() else place
    if not file.is_file():
        raise InputError(said("refusal.class.no_wheel", place=place, name=file.name))
    return file.read_bytes()


def _downloaded(where: str, name: str) -> bytes:
    address = where if where.endswith(".whl") else f"{where.rstrip('/')}/{name}"
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            content: bytes = answer.read(LARGEST + 1)
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise NotAtHandError(
            said("refusal.place", place=address, reason=getattr(error, "reason", None) or error)
        ) from error
    if len(content) > LARGEST:
        raise InputError(said("refusal.class.large_wheel", place=address, n=Whole(LARGEST), name=name))
    return content


def _from_npm() -> dict[str, bytes]:
    npm = shutil.which("npm")
    if npm is None:
        raise NotAtHandError(said("refusal.class.no_npm", version=VERSION))
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", f"pyodide@{VERSION}", "--pack-destination", folder, "--silent", "--ignore-scripts"]
        try:
            subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=PATIENCE_NPM)
        except (OSError, subprocess.SubprocessError) as error:
            raise NotAtHandError(said("refusal.class.npm_failed", version=VERSION)) from error
        archives = list(Path(folder).glob("*.tgz"))
        if not archives:
            raise NotAtHandError(said("refusal.class.npm_failed", version=VERSION))
        return _from_archive(archives[0].read_bytes(), archives[0].name)


def _from_archive(content: bytes, where: str) -> dict[str, bytes]:
    """Return the files of the core in an npm archive, read without writing anything."""
    files = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:*") as archive:
            for member in archive:
                name = member.name.removeprefix("package/")
                if name in CORE and member.isfile() and member.size <= LARGEST:
                    source = archive.extractfile(member)
                    assert source is not None
                    files[name] = source.read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise InputError(said("refusal.class.no_archive", place=where)) from error
    return files


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# The files that an engine in a browser needs: the modules that ``sim.web.answer`` imports, found by following imports.


PACKAGE = Path(__file__).resolve().parents[2]
START = "sim.web.answer"
DATA = (
    "organization/data/*.csv", "catalog/data/parameters.json", "catalog/data/coefficients.csv",
    "catalog/data/merged.csv",
    "scenario/data/*.json", "words/*/number.json", "words/*/refusal.json", "words/outcomes.json",
)  # fmt: skip


def core_files() -> list[Path]:
    """Return the files, sorted: modules, the packages around them, and their tables."""
    found: set[Path] = set()
    waiting = [START]
    while waiting:
        for file in _files_of(waiting.pop()):
            if file not in found:
                found.add(file)
                waiting += _imports_of(file)
    return sorted(found | {file for pattern in DATA for file in PACKAGE.glob(pattern)})


def core_archive() -> bytes:
    """Return the files as a ZIP archive, to be unpacked into a folder on Python's path."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in core_files():
            name = Path("sim", file.relative_to(PACKAGE)).as_posix()
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _files_of(module: str) -> Iterator[Path]:
    """Yield the file of a module of this package and those of the packages around it; none for a name in a module."""
    parts = module.split(".")
    if parts[0] != PACKAGE.name:
        return
    for length in range(1, len(parts) + 1):
        place = PACKAGE.joinpath(*parts[1:length])
        for file in (place / "__init__.py", place.with_suffix(".py")):
            if file.is_file():
                yield file


def _imports_of(file: Path) -> Iterator[str]:
    """Yield what a file imports when it is imported; of ``from a import b`` also ``a.b``, in case it is a module."""
    for node in _run_at_import(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements that run when a module is imported: none in functions, none for type checkers only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _run_at_import(child)
