"""The points of a design: what varies over the runs of an experiment, column by column.

Kept as columns, not as one scenario a point, so that a design of many thousands of points stays small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Points:
    """The rows of a design.

    Attributes
    ----------
    factors : mapping of str to sequence
        For each factor of the design its value at each point, as a person would write it: a number, a switch, the
        name of a preset or of an alternative. All of length `n_points`.
    is_lever : mapping of str to bool
        For each factor, whether the organization chooses it (True) or the world decides (False).
    leaves : tuple of mapping of str to sequence
        For each arm (base scenario), in the order of the arms: the dotted keys of its resolved scenario that differ
        between points, each with the checked value at each point. A value may be a group or a list
        (``launch.waves``), put in the place of the arm's own as a whole.
    strategy, world : sequence of int
        For each point the number of its setting of the levers, and of its setting of the uncertainties.
    luck : sequence of int or None
        For each point the number of its luck: points with one number share people, contacts and chance. None where
        all points share them, replication by replication, so that nothing but their settings differs; a number each
        where an interval over points is to cover luck as well. The numbers -1, -2, ... stand for the replications of a
        study without points, one after another: such points have the very runs that it has.
    weights : mapping of str to sequence of float
        Where points are plausible worlds: for each set of these, the one that the answer rests on first, the weight of
        each point, summing to 1; 0 where it is not of the set.
    """

    factors: Mapping[str, Sequence[Any]]
    is_lever: Mapping[str, bool]
    leaves: tuple[Mapping[str, Sequence[Any]], ...]
    strategy: Sequence[int]
    world: Sequence[int]
    luck: Sequence[int] | None = None
    weights: Mapping[str, Sequence[float]] = field(default_factory=dict)

    @property
    def n_points(self) -> int:
        """Number of points."""
        return len(self.strategy)

    def changes(self, arm: int, point: int) -> dict[str, Any]:
        """Return what distinguishes one point of one arm: dotted keys of the resolved scenario, with values."""
        return {path: values[point] for path, values in self.leaves[arm].items()}

    def alike(self) -> np.ndarray:
        """Return a number for each point, the same for points with the same factors, int64 (n_points,).

        Plausible worlds are drawn by weight, so that a heavy one comes up several times: these are one world. Points
        of which no factor is known are one each.
        """
        import numpy as np

        if not self.factors:
            return np.arange(self.n_points, dtype=np.int64)
        numbers: dict[tuple[Any, ...], int] = {}
        rows = zip(*self.factors.values(), strict=True)
        return np.array([numbers.setdefault(row, len(numbers)) for row in rows], dtype=np.int64)


INTERVIEWS = "interviews"
"""The set of worlds that fit the interviews."""
DEFAULTS = "defaults"
"""What is no set of worlds: the point of all default values, run beside the worlds."""
WEIGHT = "weight."
"""How the columns of tables begin that hold the weights of points, before the name of the set."""


def weight_columns(points: Points) -> dict[str, Sequence[float]]:
    """Return the weights of points by the name of their column in tables."""
    return {f"{WEIGHT}{name}": weights for name, weights in points.weights.items()}


# One resolved scenario in many variants: a base, and what differs at each point of a design.


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
