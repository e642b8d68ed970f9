"""Who is drawn in the picture of an organization that may be too large to draw: every department in its proportion."""

from __future__ import annotations

import numpy as np

MOST_DRAWN = 500  # employees; more dots than this are no picture
MOST_EDGES = 3000  # contacts; more lines than this are a gray blot


def drawn_employees(department: np.ndarray, most: int = MOST_DRAWN) -> np.ndarray:
    """Return the employees to draw, rising: evenly spaced in each department, at least one of each if there is room.

    Parameters
    ----------
    department : ndarray
        Department of each employee, numbered from 0 and contiguous; (N,).
    most : int
        How many there may be.
    """
    n = len(department)
    if n <= most:
        return np.arange(n, dtype=np.int64)
    starts = np.flatnonzero(np.diff(department, prepend=-1)).astype(np.int64)
    sizes = np.diff(np.append(starts, n))
    if len(sizes) > most:
        return _evenly(n, most)
    # One for each department, and the rest by the method of largest remainders.
    left = most - len(sizes)
    parts = (sizes - 1) * left
    counts = 1 + parts // (n - len(sizes))
    remainders = parts % (n - len(sizes))
    counts[np.argsort(-remainders, kind="stable")[: most - int(counts.sum())]] += 1
    return np.concatenate(
        [start + _evenly(int(size), int(count)) for start, size, count in zip(starts, sizes, counts, strict=True)]
    )


def _evenly(n: int, count: int) -> np.ndarray:
    """Return `count` of `n` places, evenly spaced."""
    return (2 * np.arange(count, dtype=np.int64) + 1) * n // (2 * count)


def edges_among(
    drawn: np.ndarray, offsets: np.ndarray, neighbors: np.ndarray, most: int = MOST_EDGES
) -> list[tuple[int, int]]:
    """Return the contacts among the employees drawn, as pairs of places in `drawn`; evenly thinned if too many.

    Parameters
    ----------
    drawn : ndarray, int64
        Employees, rising.
    offsets, neighbors : ndarray
        The contacts as compressed rows.
    most : int
        How many pairs there may be.
    """
    pairs = []
    for place, employee in enumerate(drawn.tolist()):
        contacts = neighbors[offsets[employee] : offsets[employee + 1]]
        later = contacts[contacts > employee]
        places = np.searchsorted(drawn, later)
        found = places < len(drawn)
        found[found] = drawn[places[found]] == later[found]
        pairs += [(place, other) for other in places[found].tolist()]
    if len(pairs) <= most:
        return pairs
    return [pairs[place] for place in _evenly(len(pairs), most).tolist()]
