"""Editions to look at, each made once; what browser tests need comes from the tests of the page."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "page"))

import parts
from tools import chromium

from sim.web.classroom.folder import BROWSER, RECORDED, edition

N_LUCK = 2  # each takes runs


@pytest.fixture(scope="session")
def recorded_edition() -> dict[str, bytes]:
    """The files of the recorded edition."""
    return edition(RECORDED, n_luck=N_LUCK).files


@pytest.fixture(scope="session")
def browser_edition() -> dict[str, bytes]:
    """The files of the edition with the model, from the parts of the browser tests."""
    chromium(with_numpy=True)
    return edition(BROWSER, parts.PYODIDE, str(parts.numpy_wheel()), n_luck=N_LUCK).files
