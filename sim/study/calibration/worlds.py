"""The set of plausible worlds: settings of the coefficients that agree with the published numbers, with weights.

Shipped with the package in ``data/worlds.csv`` (one row a world) and ``data/worlds.json`` (how it was made).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError
from sim.study.calibration.proposals import systematic
from sim.study.calibration.weighing import effective_size
from sim.study.files import write_text

DATA = Path(__file__).with_name("data")
TABLE_NAME = "worlds.csv"
MANIFEST_NAME = "worlds.json"
FEWEST_WORLDS = 200
MOST_WORLDS = 1000
LIGHTEST = 1e-3
"""Part of all weight that the lightest points may have together and still be left out."""
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
    """

    names: tuple[str, ...]
    values: np.ndarray
    weights: np.ndarray
    manifest: Mapping[str, Any]

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

    def draw(self, n: int, generator: np.random.Generator) -> np.ndarray:
        """Return the numbers of `n` worlds drawn by weight, int64 (n,), in random order.

        Each comes as often as its weight says, rounded up or down, so that few draws already cover the set.
        """
        return generator.permutation(systematic(self.weights, n, generator))


def thinned(values: np.ndarray, weights: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return which points make the set, int64 (n_worlds,), and their weights (n_worlds,), summing to 1.

    Points that together have next to no weight are left out; if too many remain, some are drawn by weight.
    """
    order = np.argsort(-weights, kind="stable")
    total = np.cumsum(weights[order])
    n_kept = min(int(np.searchsorted(total, 1 - LIGHTEST)) + 1, int((weights > 0).sum()))
    n_kept = max(n_kept, min(FEWEST_WORLDS, int((weights > 0).sum())))
    kept = np.sort(order[:n_kept])
    if len(kept) <= MOST_WORLDS:
        return kept, weights[kept] / weights[kept].sum()
    drawn, counts = np.unique(systematic(weights, MOST_WORLDS, generator), return_counts=True)
    return drawn, counts / counts.sum()


def write_worlds(worlds: WorldSet, folder: Path) -> list[Path]:
    """Write a set of worlds into a folder and return its two files."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["world", "weight", *worlds.names])
    for world in range(worlds.n_worlds):
        numbers = [worlds.weights[world], *worlds.values[world]]
        writer.writerow([world, *(f"{number:.{_DIGITS}g}" for number in numbers)])
    files = [folder / TABLE_NAME, folder / MANIFEST_NAME]
    write_text(files[0], text.getvalue())
    write_text(files[1], json.dumps(dict(worlds.manifest), indent=1, ensure_ascii=False) + "\n")
    return files


def load_worlds(folder: Path = DATA) -> WorldSet:
    """Return the set of worlds of a folder; the shipped one if none is given.

    Raises
    ------
    InputError
        If there is none, or it is damaged.
    """
    table, manifest = folder / TABLE_NAME, folder / MANIFEST_NAME
    if not table.exists() or not manifest.exists():
        raise InputError(
            f"{folder} has no set of worlds ({TABLE_NAME}, {MANIFEST_NAME}); intranet-sim calibrate makes one"
        )
    with open(table, encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        header = next(reader, [])
        rows: Sequence[Sequence[str]] = list(reader)
    try:
        numbers = np.array([[float(cell) for cell in row] for row in rows])
        if header[:2] != ["world", "weight"] or numbers.shape != (len(rows), len(header)) or not rows:
            raise ValueError("columns")
    except ValueError:
        raise InputError(f"{table}: is not a set of worlds as intranet-sim calibrate writes it") from None
    weights = numbers[:, 1] / numbers[:, 1].sum()
    return WorldSet(tuple(header[2:]), numbers[:, 2:], weights, json.loads(manifest.read_text(encoding="utf-8")))
