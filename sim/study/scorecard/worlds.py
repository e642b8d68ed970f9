"""The plausible worlds: what people might be like, as settings of the coefficients of behavior.

Two sources. The *calibrated* set comes with the package once a calibration has made it: parameter sets with weights,
resampled here to equal weight. Until then there is the *prior*: a Latin hypercube over the plausible ranges of the
registry, each drawn evenly and independently of the others. Every output says which of the two it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from sim.errors import InputError
from sim.scenario.parameters import PARAMETERS
from sim.study.statistics import keyed_generator

Source = Literal["calibrated", "prior"]

# Where the calibrated set is, once there is one (see `sim.study.calibration.worlds`).
CALIBRATED = Path(__file__).resolve().parents[1] / "calibration" / "data"
TABLE_NAME = "worlds.csv"
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
        Where the calibrated set is; in the package, if left out.

    Raises
    ------
    InputError
        If calibrated worlds are asked for and there are none, or they are of another version.
    """
    folder = CALIBRATED if folder is None else folder
    if source is None:
        source = "calibrated" if (folder / TABLE_NAME).exists() else "prior"
    settings = calibrated_worlds(n, seed, folder) if source == "calibrated" else prior_worlds(n, seed)
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


def calibrated_worlds(n: int, seed: int, folder: Path) -> list[dict[str, float]]:
    """Return worlds resampled from a weighted set: each comes up as often as its weight says, give or take one."""
    from sim.study.calibration.worlds import load_worlds

    found = load_worlds(folder)
    keys = {entry.path for entry in PARAMETERS}
    unknown = [name for name in found.names if name not in keys]
    if unknown:
        raise InputError(f"the worlds in {folder} are of another version: {', '.join(unknown)} is no key of a scenario")
    drawn = found.draw(n, keyed_generator("calibrated worlds", seed)).tolist()
    settings = [found.settings(world) for world in drawn]
    return [{key: value for key, value in world.items() if key.startswith(SECTION)} for world in settings]
