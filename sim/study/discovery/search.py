"""Finding one box: the best of the candidates, with every limit gone that is not worth its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.study.discovery.boxes import LIMIT_COST, Aim, Box, count
from sim.study.discovery.space import Space
from sim.study.discovery.trees import candidate_boxes


class Candidate(NamedTuple):
    """A box and its worth: its score less what its limits cost."""

    box: Box
    worth: float


def looser(space: Space, box: Box) -> Iterator[Box]:
    """Yield the boxes with one limit less."""
    for index, levels in box.allowed.items():
        if not space.factors[index].is_ordered:
            yield box.without(index)
            continue
        first, last = np.flatnonzero(levels)[[0, -1]]
        number = np.arange(len(levels))
        if first > 0:
            yield box.limited(index, number <= last)
        if last < len(levels) - 1:
            yield box.limited(index, number >= first)


class Judge:
    """Tells the worth of boxes for some rows; each box is counted once, however often it comes up.

    Parameters
    ----------
    space : Space
        Where the rows lie.
    holds : array of bool (n_rows,)
        Which of them are cases.
    aim : Aim
        What makes a box good.
    """

    def __init__(self, space: Space, holds: np.ndarray, aim: Aim) -> None:
        self.space = space
        self._holds = holds
        self._aim = aim
        self._known: dict[frozenset[tuple[int, bytes]], float] = {}

    def worth(self, box: Box) -> float:
        """Return the score of a box less the cost of its limits."""
        key = frozenset((index, levels.tobytes()) for index, levels in box.allowed.items())
        if key not in self._known:
            score = self._aim.score(count(box.contains(self.space.codes), self._holds))
            self._known[key] = score - LIMIT_COST * box.n_limits(self.space)
        return self._known[key]

    def simplified(self, box: Box) -> Candidate:
        """Take away limits one at a time, the least useful first, as long as the box does not lose by it."""
        best = Candidate(box, self.worth(box))
        while True:
            others = [Candidate(other, self.worth(other)) for other in looser(self.space, best.box)]
            found = max(others, key=lambda other: other.worth, default=None)
            if found is None or found.worth < best.worth:
                return best
            best = found


def find_box(space: Space, holds: np.ndarray, aim: Aim) -> Candidate | None:
    """Return the best box for these rows, or None where no candidate is worth anything.

    Parameters
    ----------
    space : Space
        Where the rows lie.
    holds : array of bool (n_rows,)
        Which of them are cases.
    aim : Aim
        What makes a box good.
    """
    best: Candidate | None = None
    judge = Judge(space, holds, aim)
    for box in candidate_boxes(space, holds, aim.n_fewest):
        found = judge.simplified(box)
        if found.worth > 0 and (best is None or found.worth > best.worth):
            best = found
    return best
