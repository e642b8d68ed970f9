"""The worlds of the scorecard: what people might be like, as settings of the coefficients of behavior.

Two sources. The *calibrated* set comes with the package: parameter sets with weights, resampled here to equal weight.
The *prior* is a Latin hypercube over the plausible ranges of the registry, each drawn evenly and independently of the
others. Every output says which of the two it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from sim.scenario.parameters import PARAMETERS
from sim.study.statistics import keyed_generator

Source = Literal["calibrated", "prior"]

CALIBRATED: str | Path = "levels"
"""The calibrated set: one that ships, or the folder that it is in (see `sim.study.calibration.worlds`)."""
# Of a world only the coefficients count here: what an organization is like is what the patterns compare.
GROUP = "behavior"
SECTION = f"{GROUP}."


class Worlds(NamedTuple):
    """Worlds of equal weight.

    Attributes
    ----------
    source : str
        ``calibrated`` or ``prior``.
    settings : tuple of mapping
        For each world its coefficients by dotted key; all have the same keys.
    """

    source: Source
    settings: tuple[Mapping[str, float], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The coefficients that differ between worlds."""
        return tuple(self.settings[0])


def worlds(n: int, seed: int, source: Source | None = None, folder: Path | None = None) -> Worlds:
    """Return `n` plausible worlds.

    Parameters
    ----------
    n : int
        How many, at least 1.
    seed : int
        Seed of the drawing.
    source : str, optional
        Which worlds; the calibrated ones where there are any, if left out.
    folder : Path, optional
        Where the calibrated set is; the one that ships, if left out.

    Raises
    ------
    InputError
        If calibrated worlds are asked for and there are none, or they are of another version.
    """
    which = CALIBRATED if folder is None else folder
    if source is None:
        source = "calibrated" if is_there(which) else "prior"
    settings = calibrated_worlds(n, seed, which) if source == "calibrated" else prior_worlds(n, seed)
    return Worlds(source, tuple(settings))


def prior_worlds(n: int, seed: int) -> list[dict[str, float]]:
    """Return a Latin hypercube over the plausible ranges of all coefficients."""
    ranges = {
        entry.path: entry.plausible
        for entry in PARAMETERS
        if entry.path.startswith(SECTION) and entry.plausible is not None
    }
    generator = keyed_generator("prior worlds", seed)
    # One draw from each of n equal parts of every range, in an order of its own.
    unit = (
        generator.permuted(np.tile(np.arange(n), (len(ranges), 1)), axis=1).T + generator.random((n, len(ranges)))
    ) / n
    low, high = np.array(list(ranges.values())).T
    return [dict(zip(ranges, row, strict=True)) for row in (low + unit * (high - low)).tolist()]


def is_there(which: str | Path) -> bool:
    """Say whether there is a calibrated set, whole or not: one that ships, or of a folder."""
    from sim.study.calibration.worlds import set_files

    return any(file.exists() for file in set_files(which))


def calibrated_worlds(n: int, seed: int, which: str | Path) -> list[dict[str, float]]:
    """Return worlds resampled from a weighted set: each comes up as often as its weight says, give or take one."""
    from sim.study.calibration.worlds import load_worlds

    found = load_worlds(which)
    drawn = found.draw(n, keyed_generator("calibrated worlds", seed)).tolist()
    settings = [found.settings(world) for world in drawn]
    return [{key: value for key, value in world.items() if key.startswith(SECTION)} for world in settings]
