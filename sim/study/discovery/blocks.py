"""Which rows belong together: they are held out together, and shuffled as one.

Two rows that share a world are not two independent looks at what that world's values do. Were one held out and
the other not, a box could recognize the world instead of explaining it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def connected(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Return the block of each row, int (n_rows,): rows that share a value in any column are in one block.

    Parameters
    ----------
    columns : sequence of array of int (n_rows,)
        At least one.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(columns[0])
    rows, groups, n_groups = [], [], 0
    for column in columns:
        _, group = np.unique(column, return_inverse=True)
        rows.append(np.arange(n))
        groups.append(group + n + n_groups)
        n_groups += int(group.max(initial=-1)) + 1
    row, group = np.concatenate(rows), np.concatenate(groups)
    size = n + n_groups
    graph = coo_array((np.ones(len(row), dtype=np.int8), (row, group)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    _, block = np.unique(labels[:n], return_inverse=True)
    return block.astype(np.int64)


def is_factorial(worlds: np.ndarray, uncertainties: Sequence[Sequence[Any]]) -> bool:
    """Say whether the worlds are all combinations of a few values, so that each value stands in several of them.

    Then what one value does is seen in several worlds (or there is but one uncertainty), and rows can stand for
    themselves.
    """
    n_worlds = len(np.unique(worlds))
    n_combinations = 1
    for values in uncertainties:
        n_combinations *= len(set(values))
        if n_combinations > n_worlds:
            return False
    return True


def blocks_of(
    points: np.ndarray, worlds: np.ndarray, uncertainties: Sequence[Sequence[Any]], design: Mapping[str, Any]
) -> np.ndarray:
    """Return the block of each row, int (n_rows,).

    Parameters
    ----------
    points, worlds : array of int (n_rows,)
        Number of the point, and of the world, of each row.
    uncertainties : sequence of sequence
        Values of each uncertainty, row by row.
    design : mapping
        The experiment as its manifest has it: `method`, `samples`, and `n_points` of the whole design. The points
        of a Morris trajectory or a Sobol base sample stand together and share most of their values.
    """
    columns = [points]
    n_points, samples = design.get("n_points") or 0, design.get("samples") or 0
    if design.get("method") in ("morris", "sobol") and samples and n_points % samples == 0:
        columns.append(points // (n_points // samples))
    if not is_factorial(worlds, uncertainties):
        columns.append(worlds)
    return connected(columns)


def shuffled(blocks: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return an order of the rows, int (n_rows,), in which whole blocks changed places with others of their size.

    Rows are shuffled within blocks too. So rows of a block stay together, and neither the values of the blocks nor
    those within them tell anything any more.
    """
    order = np.empty(len(blocks), dtype=np.int64)
    by_block = np.argsort(blocks, kind="stable")
    starts = np.flatnonzero(np.diff(blocks[by_block], prepend=-1))
    members = np.split(by_block, starts[1:])
    sizes = np.array([len(rows) for rows in members])
    for size in np.unique(sizes):
        same = np.flatnonzero(sizes == size)
        for to, source in zip(same, generator.permutation(same), strict=True):
            order[members[to]] = generator.permutation(members[source])
    return order


def folds_of(blocks: np.ndarray, n_folds: int, generator: np.random.Generator) -> np.ndarray:
    """Return the fold of each row, int (n_rows,), blocks whole, folds of nearly equal numbers of blocks."""
    n_blocks = int(blocks.max()) + 1
    fold_of_block = np.empty(n_blocks, dtype=np.int64)
    fold_of_block[generator.permutation(n_blocks)] = np.arange(n_blocks) % n_folds
    return fold_of_block[blocks]
