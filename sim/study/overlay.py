"""One resolved scenario in many variants: a base, and what differs at each point of a design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class Overlay:
    """Lays the values of one point over a resolved scenario, copying no more than what changes.

    Parameters
    ----------
    base : mapping
        The resolved scenario.
    leaves : mapping of str to sequence
        Dotted keys that differ between points, each with its value at each point. A value takes the place of the
        base's own as a whole.
    """

    def __init__(self, base: Mapping[str, Any], leaves: Mapping[str, Sequence[Any]]) -> None:
        self._base = base
        sections: dict[tuple[str, ...], list[tuple[str, Sequence[Any]]]] = {}
        for path, values in leaves.items():
            *section, key = path.split(".")
            sections.setdefault(tuple(section), []).append((key, values))
        # Outer sections first: a value put in as a whole must not undo one inside it.
        self._sections = sorted(sections.items(), key=lambda item: len(item[0]))

    def at(self, point: int) -> Mapping[str, Any]:
        """Return the resolved scenario of one point; sections that are not touched are those of the base."""
        if not self._sections:
            return self._base
        resolved = dict(self._base)
        for section, leaves in self._sections:
            inner = resolved
            for name in section:
                copy = dict(inner[name])
                inner[name] = copy
                inner = copy
            for key, values in leaves:
                inner[key] = values[point]
        return resolved
