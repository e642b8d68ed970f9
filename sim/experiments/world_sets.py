"""Which plausible worlds a study is made in: some of a set, each different world once, with the weights they carry.

The sets that ship are larger than most studies need. What is taken of a set is a sample with probabilities proportional
to weight (order sampling, Rosén 1997, J. Stat. Plan. Inference 62: one number for each world, made of its content and
of the seed, decides): a world so heavy that it has to be in is in, with its own weight; all others that are in share
what is left, so that every mean over the sample is a mean over the set without bias. Two sets that share worlds are
sampled with the same numbers, so that they share runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from sim.catalog.registry import PARAMETER_BY_PATH, PARAMETERS
from sim.errors import InputError
from sim.experiments.worlds import SETS, WorldSet, load_worlds, set_files
from sim.kernel.streams import keyed_generator
from sim.words import said

GROUP = "behavior"
SECTION = f"{GROUP}."
"""What worlds are about here, the coefficients alone: what an organization is like is what studies compare."""
USUAL_WORLDS = 120
"""Worlds of a run or comparison unless a number is asked for."""
PRIOR = "prior"
OWN = "own"
"""Worlds of a folder: of a fit to one's own figures, or of a calibration of one's own."""

Settings = Mapping[str, float]


class ChosenWorlds(NamedTuple):
    """Different worlds.

    Attributes
    ----------
    source : str
        The set that the answer rests on: ``levels``, ``interviews`` or ``prior`` (the plausible ranges).
    settings : tuple of mapping
        For each world its coefficients by dotted key; all have the same keys.
    weights : mapping of str to ndarray
        For each set, the one of the answer first, the weight of each world, summing to 1; 0 where it is not of the set.
    digests : mapping of str to str
        SHA-256 of the file of each set.
    sizes : mapping of str to int
        Different worlds that each set has.
    """

    source: str
    settings: tuple[Settings, ...]
    weights: Mapping[str, np.ndarray]
    digests: Mapping[str, str]
    sizes: Mapping[str, int]

    @property
    def keys(self) -> tuple[str, ...]:
        """The coefficients that worlds set."""
        return tuple(self.settings[0])

    @property
    def n(self) -> int:
        """Number of worlds that the answer rests on."""
        return int((self.weights[self.source] > 0).sum())


class InWorlds(NamedTuple):
    """In which worlds a study is made.

    Attributes
    ----------
    n : int or None
        How many; the usual number if None.
    world_set : str or None
        ``levels`` or ``interviews``; if None the answer rests on ``levels``, and tells of ``interviews`` besides.
    source : str or None
        ``calibrated`` (``levels`` alone) or ``prior`` (the plausible ranges, whatever agrees with published numbers).
    at_defaults : bool
        Whether there are none: all coefficients have their default values.
    folder : Path or None
        Where the worlds are, if they are none that ship: the folder of a fit, or of a calibration.
    """

    n: int | None = None
    world_set: str | None = None
    source: Source | None = None
    at_defaults: bool = False
    folder: Path | None = None

    @property
    def is_asked_for(self) -> bool:
        """Whether worlds were asked for, rather than being what is usual."""
        return any(given is not None for given in (self.n, self.world_set, self.source, self.folder))

    @property
    def named(self) -> str | None:
        """The one set that is asked for; None for what is usual."""
        return named_source(self.world_set, self.source)


def named_source(world_set: str | None, source: str | None) -> str | None:
    """Return the one set that is asked for by its name or by where it comes from; None where neither is given.

    Raises
    ------
    InputError
        If there is no such set, or both are given and differ.
    """
    named = {"calibrated": SETS[0]}.get(str(source), source)
    if world_set is not None and world_set not in (*SETS, PRIOR):
        raise InputError(said("refusal.worlds.no_set", name=world_set, names=", ".join(SETS)))
    if None not in (world_set, named) and world_set != named:
        raise InputError(said("refusal.cli.set_or_source"))
    return named if world_set is None else world_set


def worlds_asked_for(
    worlds: int | str | Path | None,
    world_set: str | None = None,
    source: Source | None = None,
    at_defaults: bool = False,
) -> InWorlds:
    """Return in which worlds a study is made, where `worlds` is how many of a set, or the folder of one's own.

    Raises
    ------
    InputError
        If there are no worlds in the folder, or it is given beside a set.
    """
    if worlds is None or isinstance(worlds, int):
        return InWorlds(worlds, world_set, source, at_defaults)
    if world_set is not None or source is not None:
        raise InputError(said("refusal.worlds.folder_or_set"))
    folder = worlds_folder(Path(worlds))
    return InWorlds(None, None, None, at_defaults, folder)


def worlds_folder(folder: Path) -> Path:
    """Return where the worlds of a fit or a calibration are: in its folder, or in ``worlds`` below it."""
    for each in (folder, folder / "worlds"):
        if set_files(each)[0].exists():
            return each
    raise InputError(said("fit.not_a_fit", folder=folder))


def own_worlds(folder: Path, n: int, seed: int) -> ChosenWorlds:
    """Return at most `n` different worlds of a folder; all of them in their order, if there are no more."""
    found = load_worlds(folder).distinct()
    keys = tuple(key for key in found.names if key.startswith(SECTION))
    rows = _rows(found, keys)
    chosen = sampled(found.weights, np.array([_number(keys, row, seed) for row in rows]), n)
    return ChosenWorlds(
        source=OWN,
        settings=tuple(dict(zip(keys, rows[place], strict=True)) for place in chosen),
        weights={OWN: np.array(list(chosen.values()))},
        digests={OWN: found.digest},
        sizes={OWN: found.n_worlds},
    )


def chosen_worlds(n: int, seed: int, source: str | None = None) -> ChosenWorlds:
    """Return `n` different plausible worlds, or all there are.

    Parameters
    ----------
    n : int
        How many, at least 1.
    seed : int
        Seed of the choice.
    source : str, optional
        ``levels``, ``interviews`` or ``prior``; left out, the worlds of ``levels``, and besides as many of
        ``interviews`` as can be had with half as many worlds more.
    """
    if source == PRIOR:
        settings = tuple(prior_worlds(n, seed))
        return ChosenWorlds(PRIOR, settings, {PRIOR: np.full(n, 1 / n)}, {PRIOR: ""}, {PRIOR: n})
    names = SETS if source is None else (source,)
    sets = {name: load_worlds(name).distinct() for name in names}
    keys = tuple(dict.fromkeys(key for each in sets.values() for key in each.names if key.startswith(SECTION)))
    rows = {name: _rows(each, keys) for name, each in sets.items()}
    luck = {row: _number(keys, row, seed) for name in names for row in rows[name]}
    samples: list[dict[tuple[float, ...], float]] = []
    for name in names:
        numbers = np.array([luck[row] for row in rows[name]])
        most = n
        found = sampled(sets[name].weights, numbers, most)
        while samples and sum(rows[name][place] not in samples[0] for place in found) > max(1, n // 2):
            most -= 1
            found = sampled(sets[name].weights, numbers, most)
        samples.append({rows[name][place]: weight for place, weight in found.items()})
    every = list(dict.fromkeys(row for sample in samples for row in sample))
    return ChosenWorlds(
        source=names[0],
        settings=tuple(dict(zip(keys, row, strict=True)) for row in every),
        weights={
            name: np.array([sample.get(row, 0.0) for row in every]) for name, sample in zip(names, samples, strict=True)
        },
        digests={name: each.digest for name, each in sets.items()},
        sizes={name: each.n_worlds for name, each in sets.items()},
    )


def _rows(worlds: WorldSet, keys: Sequence[str]) -> list[tuple[float, ...]]:
    """Return each world as the values of some keys; what the set does not say has its default."""
    columns = [
        worlds.values[:, worlds.names.index(key)].tolist()
        if key in worlds.names
        else [float(PARAMETER_BY_PATH[key].default)] * worlds.n_worlds
        for key in keys
    ]
    return list(zip(*columns, strict=True))


def _number(keys: Sequence[str], row: Sequence[float], seed: int) -> float:
    """Return a number between 0 and 1 that depends on nothing but a world and the seed."""
    named = ",".join(f"{key}={value!r}" for key, value in sorted(zip(keys, row, strict=True)))
    digest = hashlib.sha256(f"{seed} {named}".encode()).digest()
    return (int.from_bytes(digest[:8], "little") + 0.5) / 2.0**64


def sampled(weights: np.ndarray, numbers: np.ndarray, n: int) -> dict[int, float]:
    """Return the places of at most `n` worlds, each with the weight it then stands for, summing to 1.

    Parameters
    ----------
    weights : ndarray
        float64 (n_worlds,), above 0.
    numbers : ndarray
        float64 (n_worlds,), evenly spread between 0 and 1.
    n : int
        At least 1.
    """
    total = float(weights.sum())
    if n >= len(weights):
        return dict(enumerate((weights / total).tolist()))
    order = np.argsort(-weights, kind="stable")
    left = total - np.concatenate([[0.0], np.cumsum(weights[order])])[:-1]  # of a world and all lighter ones
    n_sure = 0
    while (n - n_sure) * weights[order[n_sure]] >= left[n_sure]:
        n_sure += 1
    sure, others = order[:n_sure], order[n_sure:]
    share = weights[others] * (n - n_sure) / left[n_sure]  # the probability to be in
    order_of = (numbers[others] / (1.0 - numbers[others])) * ((1.0 - share) / share)
    drawn = others[np.argsort(order_of, kind="stable")[: n - n_sure]]
    each = float(left[n_sure]) / (n - n_sure)
    found = {int(place): float(weights[place]) for place in sure} | {int(place): each for place in drawn}
    return {place: found[place] / total for place in sorted(found)}


Source = Literal["calibrated", "prior"]


CALIBRATED: str | Path = "levels"
"""The calibrated set: one that ships, or the folder that it is in (see `sim.experiments.worlds`)."""


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
    from sim.experiments.worlds import set_files

    return any(file.exists() for file in set_files(which))


def calibrated_worlds(n: int, seed: int, which: str | Path) -> list[dict[str, float]]:
    """Return worlds resampled from a weighted set: each comes up as often as its weight says, give or take one."""
    from sim.experiments.worlds import load_worlds

    found = load_worlds(which)
    drawn = found.draw(n, keyed_generator("calibrated worlds", seed)).tolist()
    settings = [found.settings(world) for world in drawn]
    return [{key: value for key, value in world.items() if key.startswith(SECTION)} for world in settings]
