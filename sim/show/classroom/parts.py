"""What the engine in a browser is made of, beside our own source: Pyodide's core and its NumPy wheel.

The core must have the files of one version, by their SHA-256; the wheel must have the one in Pyodide's own lock file.
Both come from where a person says, or are downloaded when an edition is built; the page itself asks no other host.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError
from sim.texts import Whole, said

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
