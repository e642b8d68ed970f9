"""The sets of plausible worlds: settings of the coefficients that agree with the published numbers, with weights.

Two ship with the package, each as a table, ``data/<set>.csv`` (one row a world), and how it was made,
``data/<set>.json``: ``levels`` agrees with what is published about use, ``interviews`` are the worlds of these that fit
what interviews say about experience and willingness too. A calibration writes a set as ``worlds.csv`` and
``worlds.json`` into a folder.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.catalog.registry import PARAMETER_BY_PATH
from sim.errors import InputError
from sim.kernel.estimates import effective_size, systematic
from sim.kernel.files import regular_content, seal, write_text
from sim.words import said

DATA = Path(__file__).with_name("data")
SETS = ("levels", "interviews")
"""The sets that ship; the first is what an answer rests on unless another is asked for."""
SIZE = 400
"""Worlds of a set."""
TABLE_NAME = "worlds.csv"
MANIFEST_NAME = "worlds.json"
TABLE_CHECKSUM, SEAL = "table_sha256", "checksum"
_DIGITS = 10


@dataclass(frozen=True)
class WorldSet:
    """Plausible worlds.

    Attributes
    ----------
    names : tuple of str
        Dotted keys of a scenario, one a column.
    values : ndarray
        float64 (n_worlds, n_names).
    weights : ndarray
        float64 (n_worlds,), summing to 1.
    manifest : mapping
        How it was made.
    digest : str
        SHA-256 of the file that it was read from; empty where there is none.
    """

    names: tuple[str, ...]
    values: np.ndarray
    weights: np.ndarray
    manifest: Mapping[str, Any]
    digest: str = ""

    @property
    def n_worlds(self) -> int:
        """Number of worlds."""
        return len(self.weights)

    @property
    def effective_size(self) -> float:
        """How many worlds of equal weight it is worth."""
        return effective_size(self.weights)

    def settings(self, world: int) -> dict[str, float]:
        """Return one world as settings of a scenario: dotted key and value."""
        return dict(zip(self.names, self.values[world].tolist(), strict=True))

    def distinct(self) -> WorldSet:
        """Return this set with each different world once, with all the weight it has; without those of no weight."""
        found: dict[tuple[float, ...], float] = {}
        for row, weight in zip(self.values.tolist(), self.weights.tolist(), strict=True):
            if weight > 0:
                found[tuple(row)] = found.get(tuple(row), 0.0) + weight
        values = np.array(list(found)).reshape(len(found), len(self.names))
        return WorldSet(self.names, values, np.array(list(found.values())), self.manifest, self.digest)

    def draw(self, n: int, generator: np.random.Generator) -> np.ndarray:
        """Return the numbers of `n` worlds drawn by weight, int64 (n,), in random order.

        Each comes as often as its weight says, rounded up or down, so that few draws already cover the set.
        """
        return generator.permutation(systematic(self.weights, n, generator))


def write_worlds(worlds: WorldSet, folder: Path, name: str = TABLE_NAME.removesuffix(".csv")) -> list[Path]:
    """Write a set of worlds into a folder, ``<name>.csv`` and ``<name>.json``, and return both paths."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["world", "weight", *worlds.names])
    for world in range(worlds.n_worlds):
        numbers = [worlds.weights[world], *worlds.values[world]]
        writer.writerow([world, *(f"{number:.{_DIGITS}g}" for number in numbers)])
    files = [folder / f"{name}.csv", folder / f"{name}.json"]
    write_text(files[0], text.getvalue())
    digest = hashlib.sha256(text.getvalue().encode("utf-8")).hexdigest()
    write_text(files[1], json.dumps(_sealed(worlds.manifest, digest), indent=1) + "\n")
    return files


def _sealed(about: Mapping[str, Any], digest: str) -> dict[str, Any]:
    """Return how a set was made, with the checksum of its table and a seal over all of it."""
    # As it will be read: a tuple is a list there.
    facts = json.loads(json.dumps({**about, TABLE_CHECKSUM: digest}))
    return {**facts, SEAL: seal(facts)}


def set_files(which: str | Path) -> tuple[Path, Path]:
    """Return the table of a set of worlds and how it was made: of a set that ships, or of a folder."""
    if isinstance(which, str) and which in SETS:
        return DATA / f"{which}.csv", DATA / f"{which}.json"
    return Path(which) / TABLE_NAME, Path(which) / MANIFEST_NAME


def load_worlds(which: str | Path = SETS[0]) -> WorldSet:
    """Return a set of worlds.

    Parameters
    ----------
    which : str or Path
        ``levels`` or ``interviews``, which ship, or a folder into which a calibration wrote one.

    Raises
    ------
    InputError
        If there is none, it is damaged, or it sets something that no scenario of this version has.
    """
    table, manifest = set_files(which)
    if not table.exists() or not manifest.exists():
        raise InputError(said("refusal.worlds.none", folder=table.parent, table=table.name, manifest=manifest.name))
    content, about = _content(table), _about(manifest)
    digest = hashlib.sha256(content).hexdigest()
    if about.get(TABLE_CHECKSUM, digest) != digest:
        raise _changed(table, said("refusal.worlds.other_table", manifest=manifest.name))
    try:
        header, *rows = csv.reader(io.StringIO(content.decode("utf-8")))
        numbers = np.array([[float(cell) for cell in row] for row in rows])
        is_right = header[:2] == ["world", "weight"] and numbers.shape == (len(rows), len(header)) and len(rows) > 0
        if not is_right or len(set(header)) < len(header) or not np.isfinite(numbers).all():
            raise ValueError("columns")
        if (numbers[:, 1] < 0).any() or not numbers[:, 1].sum() > 0:
            raise ValueError("weights")
    except ValueError:
        raise InputError(said("refusal.worlds.damaged", file=table)) from None
    names, values = tuple(header[2:]), numbers[:, 2:]
    _check(names, values, table)
    weights = numbers[:, 1] / numbers[:, 1].sum()
    return WorldSet(names, values, weights, about, digest)


def _changed(file: Path, reason: str) -> InputError:
    return InputError(said("refusal.worlds.changed", file=file, reason=reason))


def _content(file: Path) -> bytes:
    try:
        return regular_content(file)
    except OSError as error:
        raise _changed(file, error.strerror or str(error)) from None


def _about(file: Path) -> dict[str, Any]:
    """Return what stands beside a table, if it is as it was written.

    One that never had a seal, of an earlier version or by hand, is taken as it is.
    """
    try:
        about = json.loads(_content(file).decode("utf-8"))
        if not isinstance(about, dict):
            raise ValueError("no mapping")
    except (ValueError, RecursionError) as error:
        raise _changed(file, next(iter(str(error).splitlines()), type(error).__name__)) from None
    if (TABLE_CHECKSUM in about or SEAL in about) and about.get(SEAL) != seal(about):
        raise _changed(file, said("refusal.manifest.changed"))
    return about


def _check(names: Sequence[str], values: np.ndarray, file: Path) -> None:
    """Refuse columns that no scenario has, and values that none may have; all at once."""
    unknown = [name for name in names if name not in PARAMETER_BY_PATH]
    lines = [said("refusal.worlds.unknown", file=file, names=", ".join(unknown))] if unknown else []
    for name, column in zip(names, values.T, strict=True):
        entry = PARAMETER_BY_PATH.get(name)
        if entry is None:
            continue
        low = -math.inf if entry.low is None else entry.low
        high = math.inf if entry.high is None else entry.high
        outside = column[(column < low) | (column > high)]
        if len(outside):
            lines.append(
                said("refusal.worlds.outside", file=file, name=name, value=f"{outside[0]:g}", low=low, high=high)
            )
    if lines:
        raise InputError(lines)


# From weighted points to a set of distinct worlds of nearly equal weight.


def distinct(weights: np.ndarray, n: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return which points make the set, int64 (about `n`,), each once, and their weights, summing to 1.

    Rejection control (Liu, Chen & Wong 1998): a point lighter than a threshold is kept with a probability of its weight
    over the threshold, and then weighs as much as the threshold; a heavier one is kept with its own weight. So every
    weighted mean stays right on average, no world comes twice, and all but the heaviest weigh the same. The threshold
    is that which keeps `n` points on average; they are drawn systematically, which keeps `n`, give or take one.
    """
    weights = weights / weights.sum()
    n = min(n, int((weights > 0).sum()))
    low, high = 0.0, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if np.minimum(weights / middle, 1.0).sum() > n else (low, middle)
    kept_with = np.minimum(weights / high, 1.0)
    order = generator.permutation(len(weights))
    steps = np.floor(np.cumsum(kept_with[order]) + generator.random())
    is_kept = np.diff(np.concatenate([[0.0], steps])) > 0
    kept = np.sort(order[is_kept])
    own = np.maximum(weights[kept], high)
    return kept, own / own.sum()
