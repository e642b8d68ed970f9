"""Time limits of all tests, and which tests are for the night."""

from __future__ import annotations

import os

import hypothesis
import pytest
from time_limits import SLOW_TEST_SECONDS

# A busy machine, or one that compiles, is no failure: tests have time limits of their own.
hypothesis.settings.register_profile("project", deadline=None)
hypothesis.settings.load_profile("project")

NIGHTLY = "INTRANET_SIM_NIGHTLY"
"""Set by ``.ci/nightly``: run what takes too long for every change, too."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give tests marked slow longer than the others, unless they say for themselves how long they may take.

    Those marked nightly are left out by day.
    """
    for item in items:
        is_long = item.get_closest_marker("slow") or item.get_closest_marker("nightly")
        if is_long and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_TEST_SECONDS))
    if os.environ.get(NIGHTLY):
        return
    by_night = [item for item in items if item.get_closest_marker("nightly")]
    if by_night:
        config.hook.pytest_deselected(items=by_night)
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]
