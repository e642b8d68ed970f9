"""Tables shared by the tests of figures; made once, never changed by a test."""

from __future__ import annotations

import pandas as pd
import pytest
import synthetic_tables


@pytest.fixture(scope="session")
def two() -> dict[str, pd.DataFrame]:
    """Two scenarios, 20 runs each."""
    return synthetic_tables.all_tables(["like-facebook", "collaboration"])


@pytest.fixture(scope="session")
def six() -> dict[str, pd.DataFrame]:
    """Six scenarios, 12 runs each."""
    return synthetic_tables.all_tables(list(synthetic_tables.LEVELS), 12)


@pytest.fixture(scope="session")
def one_run() -> dict[str, pd.DataFrame]:
    """One run of one scenario."""
    return synthetic_tables.all_tables(["baseline"], 1)
