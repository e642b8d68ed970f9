"""Boxes: some factors limited to some of their levels; how full a box is of cases, and how many it catches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.study.discovery.space import Space

LIMIT_COST = 0.02
"""What each limit must add to the score: a box that needs fewer words is better."""


@dataclass(frozen=True)
class Box:
    """A box.

    Attributes
    ----------
    allowed : mapping of int to array of bool (n_levels,)
        For each limited factor (its column) the levels that lie in the box; at least one, not all.
    """

    allowed: Mapping[int, np.ndarray]

    def contains(self, codes: np.ndarray) -> np.ndarray:
        """Return which rows of `codes` (n_rows, n_factors) lie in the box, bool (n_rows,)."""
        inside = np.ones(len(codes), dtype=bool)
        for index, levels in self.allowed.items():
            inside &= levels[codes[:, index]]
        return inside

    def without(self, index: int) -> Box:
        """Return the box with one factor free."""
        return Box({other: levels for other, levels in self.allowed.items() if other != index})

    def limited(self, index: int, levels: np.ndarray) -> Box:
        """Return the box with other levels of one factor; all levels free it."""
        box = self.without(index)
        return box if levels.all() else Box({**box.allowed, index: levels})

    def n_limits(self, space: Space) -> int:
        """Return how many limits it takes to say the box: one for each end of a range, one for a choice of names."""
        return sum(
            int(not levels[0]) + int(not levels[-1]) if space.factors[index].is_ordered else 1
            for index, levels in self.allowed.items()
        )


class Counts(NamedTuple):
    """Rows and cases, all and in a box."""

    n: int
    n_cases: int
    n_inside: int
    n_cases_inside: int

    @property
    def base_rate(self) -> float:
        """Share of cases among all rows."""
        return self.n_cases / self.n

    @property
    def density(self) -> float:
        """Share of cases among the rows in the box; NaN if it is empty."""
        return self.n_cases_inside / self.n_inside if self.n_inside else float("nan")

    @property
    def coverage(self) -> float:
        """Share of all cases that lie in the box; NaN if there are no cases."""
        return self.n_cases_inside / self.n_cases if self.n_cases else float("nan")

    @property
    def elsewhere(self) -> float:
        """Share of cases among the rows outside; NaN if there are none."""
        n_outside = self.n - self.n_inside
        return (self.n_cases - self.n_cases_inside) / n_outside if n_outside else float("nan")


def count(inside: np.ndarray, holds: np.ndarray) -> Counts:
    """Count rows and cases; both arguments are bool (n_rows,)."""
    return Counts(len(holds), int(holds.sum()), int(inside.sum()), int((inside & holds).sum()))


class Aim(NamedTuple):
    """What makes one box better than another.

    Attributes
    ----------
    density : float or None
        The least share of cases that is asked for; None to balance density and coverage.
    n_fewest : int
        Rows that a box must hold.
    """

    density: float | None
    n_fewest: int

    def score(self, counts: Counts) -> float:
        """Return how good a box is; 0 or less is no better than no box.

        Balanced: coverage times how far the density goes from the base rate to certainty. It is 0 for a box that
        chance would give and 1 for one that holds all cases and nothing else.
        """
        if counts.n_inside < self.n_fewest or counts.n_cases_inside == 0 or counts.n_inside == counts.n:
            return 0.0
        gain = (counts.density - counts.base_rate) / (1 - counts.base_rate)
        if self.density is None:
            return counts.coverage * gain
        return counts.coverage if counts.density >= self.density and gain > 0 else min(0.0, gain - 1)


def fewest_rows(n: int, n_cases: int) -> int:
    """Return how many rows a box must hold: a twentieth of all, less where cases are few, at least five."""
    return max(5, min(round(n / 20), n_cases // 2))
