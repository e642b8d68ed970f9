"""The plausible worlds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.catalog.registry import COEFFICIENTS
from sim.errors import InputError
from sim.experiments.world_sets import prior_worlds, worlds
from sim.experiments.worlds import WorldSet, write_worlds

RANGES = {entry.path: entry.plausible for entry in COEFFICIENTS if entry.plausible is not None}


def test_the_prior_fills_every_range_evenly() -> None:
    n = 40
    drawn = prior_worlds(n, 1)
    assert set(drawn[0]) == set(RANGES)
    for path, (low, high) in RANGES.items():
        values = np.array([world[path] for world in drawn])
        parts = np.floor((values - low) / (high - low) * n)
        assert sorted(parts.clip(0, n - 1)) == list(range(n)), path


def test_worlds_depend_on_the_seed_only() -> None:
    assert prior_worlds(10, 1) == prior_worlds(10, 1)
    assert prior_worlds(10, 1) != prior_worlds(10, 2)


def write(folder: Path, names: tuple[str, ...], values: list[list[float]], weights: list[float]) -> Path:
    write_worlds(WorldSet(names, np.array(values), np.array(weights), {"made": "by a test"}), folder)
    return folder


def test_calibrated_worlds_come_up_as_often_as_they_weigh(tmp_path: Path) -> None:
    names = ("behavior.read_base", "organization.trust")
    write(tmp_path, names, [[-3.0, 0.5], [-2.5, 0.6], [-2.0, 0.7]], [0.75, 0.25, 0.0])
    found = worlds(40, 1, folder=tmp_path)
    assert found.source == "calibrated"
    assert found.keys == ("behavior.read_base",)  # trust is what patterns compare
    drawn = [world["behavior.read_base"] for world in found.settings]
    assert (drawn.count(-3.0), drawn.count(-2.5), drawn.count(-2.0)) == (30, 10, 0)
    assert drawn[:30] != [-3.0] * 30  # in random order


def test_without_a_calibrated_set_there_is_the_prior(tmp_path: Path) -> None:
    assert worlds(8, 1, folder=tmp_path).source == "prior"
    with pytest.raises(InputError, match="no set of worlds"):
        worlds(8, 1, "calibrated", tmp_path)


def test_the_prior_can_be_asked_for(tmp_path: Path) -> None:
    write(tmp_path, ("behavior.read_base",), [[-3.0]], [1.0])
    assert worlds(8, 1, "prior", tmp_path).source == "prior"


def test_worlds_of_another_version_are_refused(tmp_path: Path) -> None:
    write(tmp_path, ("behavior.nonsense",), [[-3.0]], [1.0])
    with pytest.raises(InputError, match="another version"):
        worlds(8, 1, folder=tmp_path)
