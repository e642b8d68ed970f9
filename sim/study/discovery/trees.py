"""Candidate boxes from a small classification tree: every node of a tree is a box.

From the root to a leaf the boxes get smaller and, where the tree works, fuller of cases, as in the peeling
of PRIM; a tree is found in milliseconds, which makes it possible to test a box against hundreds of shuffled designs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.study.discovery.boxes import Box
from sim.study.discovery.space import Factor, Space

MOST_LEAVES = 12
MOST_SPLITS = 6
# Decides between splits that are equally good, and nothing else.
TIE_SEED = 20


def _order(factor: Factor, codes: np.ndarray, holds: np.ndarray) -> np.ndarray:
    """Return the place of each level in the order in which the tree may split it, float32 (n_levels,).

    Named alternatives are ordered by their share of cases: for a yes-or-no outcome the best split into two sets is
    then one of the splits of that order (Breiman, Friedman, Olshen and Stone 1984, section 4.2).
    """
    n_levels = len(factor.levels)
    if factor.kind != "name":
        return np.arange(n_levels, dtype=np.float32)
    n = np.bincount(codes, minlength=n_levels)
    n_cases = np.bincount(codes[holds], minlength=n_levels)
    share = (n_cases + holds.mean()) / (n + 1)
    places = np.empty(n_levels, dtype=np.float32)
    places[np.argsort(share, kind="stable")] = np.arange(n_levels)
    return places


def candidate_boxes(space: Space, holds: np.ndarray, n_fewest: int) -> Iterator[Box]:
    """Yield the boxes of all nodes but the root of a tree that tells cases from other rows.

    Parameters
    ----------
    space : Space
        Where the rows lie.
    holds : array of bool (n_rows,)
        Which of them are cases.
    n_fewest : int
        Rows that a leaf must hold.
    """
    from sklearn.tree import DecisionTreeClassifier

    if not space.factors or holds.all() or not holds.any() or len(holds) < 2 * n_fewest:
        return
    orders = [_order(factor, space.codes[:, k], holds) for k, factor in enumerate(space.factors)]
    places = np.stack([order[space.codes[:, k]] for k, order in enumerate(orders)], axis=1)
    fitted = DecisionTreeClassifier(
        max_leaf_nodes=MOST_LEAVES, max_depth=MOST_SPLITS, min_samples_leaf=n_fewest, random_state=TIE_SEED
    ).fit(places, holds)
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
