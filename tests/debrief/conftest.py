"""A small class, made once by the real model: 12 cards of 60 employees and 8 weeks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from make_class import make_class, write_class

from sim.pages.debrief.cards import check, class_outcome, collect
from sim.pages.debrief.launches import Known

Cards = list[dict[str, Any]]


@pytest.fixture(scope="session")
def cards() -> Cards:
    """Return twelve cards; copy before changing one."""
    return make_class(12, employees=60, weeks=8)


@pytest.fixture(scope="session")
def class_folder(cards: Cards, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the class: eight files, and four codes in one file."""
    folder = tmp_path_factory.mktemp("class")
    write_class(folder, cards)
    return folder


@pytest.fixture(scope="session")
def know() -> Callable[..., Known]:
    """Return what reads and checks a folder."""

    def known(folder: Path, language: str = "en", n_sample: int | None = None) -> Known:
        collected = collect([folder], language)
        return Known(collected, check(collected.cards, n_sample), class_outcome(collected.cards), language)

    return known
