"""Boxes: the space of factors that is searched, and the search.

Every value is kept as the number of its level, so that limits are exact (scikit-learn would round values to
single precision) and ordered and named factors are handled alike.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

Kind = Literal["number", "whole", "switch", "name"]

# With so few levels limits are said with the levels themselves: "at least 0.5", not "above 0.3".
MOST_LISTED_LEVELS = 12


@dataclass(frozen=True)
class Factor:
    """One factor that varies."""

    name: str  # its column, a registry key or the name of a bundle
    # ``number`` (any value between its limits), ``whole`` (whole numbers), ``switch`` (False, True) or ``name``
    # (alternatives without an order)
    kind: Kind
    levels: tuple[Any, ...]  # its distinct values: numbers from low to high, alternatives in alphabetical order
    is_log: bool = False  # whether it was drawn evenly on a logarithmic scale

    @property
    def is_ordered(self) -> bool:
        """Whether a box limits it by a lower and an upper end."""
        return self.kind in ("number", "whole")

    @property
    def is_stepped(self) -> bool:
        """Whether only its levels themselves mean something, as in a grid."""
        return not self.is_ordered or len(self.levels) <= MOST_LISTED_LEVELS


@dataclass(frozen=True)
class Space:
    """The factors, and where each row lies."""

    factors: tuple[Factor, ...]
    codes: np.ndarray  # int (n_rows, n_factors): number of the level that a row has of a factor
    weights: np.ndarray | None = None  # (n_rows,): how much each row counts; left out where all count alike

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(factor.name for factor in self.factors)

    def rows(self, chosen: np.ndarray) -> Space:
        """Return the space with some of its rows (bool or numbers); levels stay."""
        weights = None if self.weights is None else self.weights[chosen]
        return Space(self.factors, self.codes[chosen], weights)

    def values(self, index: int) -> list[Any]:
        """Return the values of one factor, row by row."""
        levels = self.factors[index].levels
        return [levels[code] for code in self.codes[:, index]]


def make_space(columns: Mapping[str, Sequence[Any]], log_factors: Collection[str] = ()) -> Space:
    """Return the space of the columns that vary.

    `columns`: values of each factor, all of one length; `log_factors`: those drawn on a logarithmic scale.
    """
    factors, codes = [], []
    n_rows = 0
    for name, values in columns.items():
        n_rows = len(values)
        kind, plain = _kind(values)
        levels = tuple(sorted(set(plain)))
        if len(levels) < 2:
            continue
        number = {level: code for code, level in enumerate(levels)}
        is_log = name in log_factors and kind in ("number", "whole") and levels[0] > 0
        factors.append(Factor(name, kind, levels, is_log))
        codes.append(np.array([number[value] for value in plain], dtype=np.int32))
    table = np.stack(codes, axis=1) if codes else np.empty((n_rows, 0), np.int32)
    return Space(tuple(factors), table)


def _kind(values: Sequence[Any]) -> tuple[Kind, list[Any]]:
    """Return what a column holds, and its values as Python objects of one type."""
    plain = [value.item() if isinstance(value, np.generic) else value for value in values]
    if all(isinstance(value, bool) for value in plain):
        return "switch", plain
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in plain):
        if any(math.isnan(value) for value in plain):
            return "name", ["empty" if math.isnan(value) else f"{value:g}" for value in plain]
        if all(float(value).is_integer() for value in plain):
            return "whole", [int(value) for value in plain]
        return "number", [float(value) for value in plain]
    return "name", ["empty" if _is_empty(value) else _label(value) for value in plain]


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _label(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# Finding one box: the best of the candidates, with every limit gone that is not worth its words.


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

    `space`: where the rows lie; `holds`: bool (n_rows,): which of them are cases; `aim`: what makes a box good.
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
            score = self._aim.score(count(box.contains(self.space.codes), self._holds, self.space.weights))
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

    `space`: where the rows lie; `holds`: bool (n_rows,): which of them are cases; `aim`: what makes a box good.
    """
    best: Candidate | None = None
    judge = Judge(space, holds, aim)
    for box in candidate_boxes(space, holds, aim.n_fewest):
        found = judge.simplified(box)
        if found.worth > 0 and (best is None or found.worth > best.worth):
            best = found
    return best


# Candidate boxes from a small classification tree: every node of a tree is a box.
#
# From the root to a leaf the boxes get smaller and, where the tree works, fuller of cases, as in the peeling
# of PRIM; a tree is found in milliseconds, which makes it possible to test a box against hundreds of shuffled designs.


MOST_LEAVES = 12
MOST_SPLITS = 6
# Decides between splits that are equally good, and nothing else.
TIE_SEED = 20


def _order(factor: Factor, codes: np.ndarray, holds: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Return the place of each level in the order in which the tree may split it, float32 (n_levels,).

    Named alternatives are ordered by their share of cases: for a yes-or-no outcome the best split into two sets is
    then one of the splits of that order (Breiman, Friedman, Olshen and Stone 1984, section 4.2).
    """
    n_levels = len(factor.levels)
    if factor.kind != "name":
        return np.arange(n_levels, dtype=np.float32)
    each = np.ones(len(codes)) if weights is None else weights / weights.mean()
    n = np.bincount(codes, each, n_levels)
    n_cases = np.bincount(codes, each * holds, n_levels)
    share = (n_cases + np.average(holds, weights=each)) / (n + 1)
    places = np.empty(n_levels, dtype=np.float32)
    places[np.argsort(share, kind="stable")] = np.arange(n_levels)
    return places


def candidate_boxes(space: Space, holds: np.ndarray, n_fewest: int) -> Iterator[Box]:
    """Yield the boxes of all nodes but the root of a tree that tells cases from other rows.

    `space`: where the rows lie; `holds`: bool (n_rows,): which of them are cases; `n_fewest`: rows that a leaf must
    hold.
    """
    from sklearn.tree import DecisionTreeClassifier

    if not space.factors or holds.all() or not holds.any() or len(holds) < 2 * n_fewest:
        return
    orders = [_order(factor, space.codes[:, k], holds, space.weights) for k, factor in enumerate(space.factors)]
    places = np.stack([order[space.codes[:, k]] for k, order in enumerate(orders)], axis=1)
    fitted = DecisionTreeClassifier(
        max_leaf_nodes=MOST_LEAVES, max_depth=MOST_SPLITS, min_samples_leaf=n_fewest, random_state=TIE_SEED
    ).fit(places, holds, space.weights)
    tree = fitted.tree_
    waiting = [(0, Box({}))]
    while waiting:
        node, box = waiting.pop()
        if box.allowed:
            yield box
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left < 0:
            continue
        index = int(tree.feature[node])
        is_low = orders[index] <= tree.threshold[node]
        now = box.allowed.get(index, np.ones(len(is_low), dtype=bool))
        waiting += [(right, box.limited(index, now & ~is_low)), (left, box.limited(index, now & is_low))]


# Boxes: some factors limited to some of their levels; how full a box is of cases, and how many it catches.


LIMIT_COST = 0.02
"""What each limit must add to the score: a box that needs fewer words is better."""


@dataclass(frozen=True)
class Box:
    """A box."""

    # bool (n_levels,): for each limited factor (its column) the levels that lie in the box; at least one, not all
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
    """Rows and cases, all and in a box, and how much they weigh; every share is one by weight."""

    # `n`, `n_cases`, `n_inside`, `n_cases_inside`: all rows, the cases among them, the rows in the box, the cases among
    # these
    n: int
    n_cases: int
    n_inside: int
    n_cases_inside: int
    # `weight`, `weight_of_cases`, `weight_inside`, `weight_of_cases_inside`: what the same rows weigh
    weight: float
    weight_of_cases: float
    weight_inside: float
    weight_of_cases_inside: float

    @classmethod
    def alike(cls, *counts: int) -> Counts:
        """Return the counts of rows that all weigh one."""
        return cls(*counts, *counts)

    @property
    def base_rate(self) -> float:
        """Share of cases among all rows."""
        return self.weight_of_cases / self.weight

    @property
    def density(self) -> float:
        """Share of cases among the rows in the box; NaN if it is empty."""
        return self.weight_of_cases_inside / self.weight_inside if self.n_inside else float("nan")

    @property
    def coverage(self) -> float:
        """Share of all cases that lie in the box; NaN if there are no cases."""
        return self.weight_of_cases_inside / self.weight_of_cases if self.n_cases else float("nan")

    @property
    def elsewhere(self) -> float:
        """Share of cases among the rows outside; NaN if there are none."""
        if self.n_inside == self.n:
            return float("nan")
        return (self.weight_of_cases - self.weight_of_cases_inside) / (self.weight - self.weight_inside)


def count(inside: np.ndarray, holds: np.ndarray, weights: np.ndarray | None = None) -> Counts:
    """Count rows and cases; `inside` and `holds` are bool (n_rows,), `weights` as those of a `Space`."""
    found = (len(holds), int(holds.sum()), int(inside.sum()), int((inside & holds).sum()))
    if weights is None:
        return Counts.alike(*found)
    parts = (weights, weights[holds], weights[inside], weights[inside & holds])
    return Counts(*found, *(float(part.sum()) for part in parts))


class Aim(NamedTuple):
    """What makes one box better than another."""

    density: float | None  # the least share of cases that is asked for; None to balance density and coverage
    n_fewest: int  # rows that a box must hold

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
