"""The files that an engine in a browser needs: the modules that ``sim.answer`` imports, found by following imports.

Imports inside functions are not followed: they are for what a browser leaves out, such as staff files.
"""

from __future__ import annotations

import ast
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
START = "sim.answer"
DATA = (
    "organization/data/*.csv", "scenario/data/*.json", "scenario/data/coefficients.csv", "scenario/data/merged.csv",
    "texts/*/number.json", "texts/*/refusal.json", "texts/outcomes.json",
)  # fmt: skip
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same archive from the same files, whenever it is made


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
