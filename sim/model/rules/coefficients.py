"""The coefficients and constants of behavior as one tuple of floats, made from the registry."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.catalog.registry import BEHAVIOR

NAMES: tuple[str, ...] = tuple(entry.name for entry in BEHAVIOR)

# Made from the registry, so that a coefficient is written down in one place. Rules read `c.read_habit` and so on.
if TYPE_CHECKING:
    from sim.views import Coefficients
else:
    Coefficients = namedtuple("Coefficients", NAMES)

DEFAULTS = Coefficients(*(float(entry.default) for entry in BEHAVIOR))


def coefficients_from(values: Mapping[str, float]) -> Coefficients:
    """Return the coefficients with `values` in place of the defaults.

    Raises
    ------
    ValueError
        If a name is not in the registry.
    """
    unknown = sorted(set(values) - set(NAMES))
    if unknown:
        raise ValueError(f"unknown coefficients: {', '.join(unknown)}")
    return DEFAULTS._replace(**{name: float(value) for name, value in values.items()})


def coefficients_of(resolved: Mapping[str, Any]) -> Coefficients:
    """Return the coefficients and constants of a resolved scenario."""
    return coefficients_from({**resolved["behavior"], **resolved["constants"]})
