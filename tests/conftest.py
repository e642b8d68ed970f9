"""Time limits of all tests."""

from __future__ import annotations

import pytest
from time_limits import SLOW_TEST_SECONDS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests marked slow longer than the others, unless they say for themselves how long they may take."""
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_TEST_SECONDS))
