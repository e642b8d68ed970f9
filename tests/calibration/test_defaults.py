"""The defaults are the typical world of the set that ships, and show what is usual in it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim.catalog.registry import PARAMETER_BY_PATH
from sim.evidence.calibration import two_sets
from sim.experiments.worlds import DATA

LEVELS = json.loads((DATA / "levels.json").read_text(encoding="utf-8"))


def test_defaults_are_those_of_the_typical_world() -> None:
    wanted = {path: float(f"{value:.3g}") for path, value in LEVELS["typical"]["settings"].items()}
    assert {path: PARAMETER_BY_PATH[path].default for path in wanted} == pytest.approx(wanted)


def test_runs_with_the_defaults_lie_in_the_middle_half_of_the_set_in_every_measure() -> None:
    shown = np.array([two_sets.measured({}, two_sets.launches())])
    assert two_sets.is_central(shown, LEVELS["quartiles"]).all(), dict(zip(two_sets.MEASURES, shown[0], strict=True))
    outside = {name: [2.0, 2.1, 2.2] for name in LEVELS["quartiles"]}
    assert not two_sets.is_central(shown, outside).any()
