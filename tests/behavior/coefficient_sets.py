"""Coefficients for tests of single rules."""

from __future__ import annotations

from typing import Any

from sim.kernel.tables import as_record
from sim.model.rules.coefficients import coefficients_from


def coefficients(**values: float) -> Any:
    """Return the default coefficients with other `values`, as the rules take them."""
    return as_record(coefficients_from(values))
