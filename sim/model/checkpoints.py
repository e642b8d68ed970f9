"""A model on disk: as it is on one day, to go on exactly in another process."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import sys
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.kernel.compiled import core_fingerprint
from sim.kernel.files import regular_content
from sim.version import __version__
from sim.words import said

FIRST_LINE = b"intranet-sim checkpoint 1\n"


def _made_with() -> dict[str, str]:
    """Return what a model that goes on exactly depends on."""
    return {
        "intranet-sim": f"{__version__}+{core_fingerprint()}",
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "numpy": np.__version__,
    }


def write_checkpoint(model: Any, file: Path) -> Path:
    """Write a model to a file, whole or not at all, and return the file."""
    try:
        content = pickle.dumps(model, protocol=5)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise InputError(said("refusal.checkpoint.cannot", reason=str(error))) from None
    head = json.dumps({"made_with": _made_with(), "sha256": hashlib.sha256(content).hexdigest()})
    unfinished = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_bytes(FIRST_LINE + head.encode() + b"\n" + content)
        os.replace(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)
    return file


def read_checkpoint(file: Path) -> Any:
    """Return the model in a file.

    Raises
    ------
    InputError
        If it holds none, is damaged, or was written by other code.
    """
    try:
        given = regular_content(file)
    except OSError as error:
        raise InputError(said("refusal.checkpoint.unreadable", file=file, reason=error.strerror or error)) from None
    if not given.startswith(FIRST_LINE):
        raise InputError(said("refusal.checkpoint.none", file=file))
    head, _, content = given[len(FIRST_LINE) :].partition(b"\n")
    try:
        facts = json.loads(head)
        is_whole = facts["sha256"] == hashlib.sha256(content).hexdigest()
        there = dict(facts["made_with"])
    except (ValueError, KeyError, TypeError, RecursionError):
        is_whole, there = False, {}
    if not is_whole:
        raise InputError(said("refusal.checkpoint.damaged", file=file))
    here = _made_with()
    if there != here:
        old, new = (", ".join(f"{name} {each}" for name, each in made.items()) for made in (there, here))
        raise InputError(said("refusal.checkpoint.other_code", file=file, there=old, here=new))
    return pickle.loads(content)
