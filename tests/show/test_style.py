"""Colors that color-blind readers and gray printers can tell apart, and settings that leave no trace."""

from __future__ import annotations

import itertools

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sim.figures.style import FRAME_LOOKS, SCENARIO_LOOKS, drawing, scenario_look

# Machado, Oliveira and Fernandes 2009, severity 1.0, in linear RGB.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])
FRAMES = tuple(FRAME_LOOKS.values())


def linear(color: str) -> np.ndarray:
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def contrast_with_white(color: str) -> float:
    return 1.05 / (float(linear(color) @ TO_XYZ[1]) + 0.05)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(("looks", "least"), [(SCENARIO_LOOKS, 30), (FRAMES, 15)], ids=["scenarios", "frames"])
def test_colors_stay_apart(looks: tuple, least: float, vision: str) -> None:
    seen = [lab(VISION[vision] @ linear(look.color)) for look in looks]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) >= least


@pytest.mark.parametrize(("looks", "least"), [(SCENARIO_LOOKS, 5), (FRAMES, 10)], ids=["scenarios", "frames"])
def test_colors_differ_in_gray(looks: tuple, least: float) -> None:
    lightness = sorted(lab(linear(look.color))[0] for look in looks)
    assert min(np.diff(lightness)) >= least


@pytest.mark.parametrize("look", [*SCENARIO_LOOKS, *FRAMES], ids=lambda look: look.color)
def test_lines_are_visible_and_text_is_readable(look: tuple) -> None:
    assert contrast_with_white(look.color) >= 3.0
    assert contrast_with_white(look.ink) >= 4.5


@pytest.mark.parametrize("looks", [SCENARIO_LOOKS, FRAMES], ids=["scenarios", "frames"])
def test_dashes_and_markers_repeat_what_the_color_says(looks: tuple) -> None:
    assert len({str(look.dashes) for look in looks}) == len(looks)
    assert len({look.marker for look in looks}) == len(looks)


def test_looks_go_round_after_the_last() -> None:
    assert scenario_look(6) == scenario_look(0)


def test_settings_are_put_back() -> None:
    before = dict(matplotlib.rcParams)
    with drawing():
        assert matplotlib.rcParams["svg.fonttype"] == "none"
        assert matplotlib.rcParams["text.parse_math"] is False
    assert dict(matplotlib.rcParams) == before
