"""The pictures of the page and the report: there, small, and made by a program that refuses large ones."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

PROGRAMS = Path(__file__).resolve().parents[2] / "docs" / "programs"


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(PROGRAMS))
    return importlib.import_module("screenshots")


def test_the_pictures_are_there_and_small(program: ModuleType) -> None:
    for name in program.NAMES:
        file = program.FIGURES / f"{name}.png"
        assert 10_000 < file.stat().st_size <= program.MOST_BYTES
        with Image.open(file) as image:
            assert image.mode == "P"
            assert image.width >= 1000


def test_the_pictures_keep_the_colors_of_the_meanings(program: ModuleType) -> None:
    with Image.open(program.FIGURES / "page.png") as image:
        pixels = np.asarray(image.convert("RGB"), dtype=int).reshape(-1, 3)
    for color in ((0xD0, 0x50, 0x7F), (0x00, 0x69, 0x5C)):  # social, collaboration
        assert np.abs(pixels - np.array(color)).sum(axis=1).min() < 30


def test_large_pictures_are_refused(program: ModuleType, tmp_path: Path) -> None:
    noise = np.random.Generator(np.random.Philox(1)).integers(0, 256, (600, 600), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    with pytest.raises(ValueError, match="more than"):
        program.small_png(tmp_path / "noise.png", tmp_path / "small.png")
