"""A workforce and contacts of one's own: two sites, the second far away, which hardly know each other."""

import numpy as np


def workforce(usual, luck):
    """Return the usual people; the half with the higher departments trusts less, being far from the head office."""
    is_far = usual.department >= np.median(usual.department)
    return usual._replace(trust=np.where(is_far, 0.8 * usual.trust, usual.trust))


def contacts(usual, workforce, luck):
    """Return the usual contacts without nine in ten of those between the sites."""
    n = len(workforce.age)
    is_far = workforce.department >= np.median(workforce.department)
    rows = np.repeat(np.arange(n), np.diff(usual.offsets))
    others = usual.neighbors
    # One draw for each pair, the same for both of them: contacts know each other.
    draw = luck.random((n, 2))
    low, high = np.minimum(rows, others), np.maximum(rows, others)
    pair = (draw[low, 0] + draw[high, 1]) % 1.0
    stays = (is_far[rows] == is_far[others]) | (pair < 0.1)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows[stays], minlength=n))])
    return usual._replace(offsets=offsets, neighbors=others[stays])
