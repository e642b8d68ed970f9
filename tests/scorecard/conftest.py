"""A scorecard of invented numbers, done once for all tests that look at what is made of it."""

from __future__ import annotations

import pytest
import small_scorecard

from sim.evidence.scorecard.score import Scorecard


@pytest.fixture(scope="session")
def found(tmp_path_factory) -> Scorecard:
    return small_scorecard.conducted(tmp_path_factory.mktemp("scorecard") / "results")
