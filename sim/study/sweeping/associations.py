"""What goes with what over the points of a design: rank correlations, one factor at a time.

An association is not an effect: it says that points with more of a factor had more (or less) of an outcome, in
this design, on its own, whatever the other factors did. Only what rises or falls all along shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

FEWEST_POINTS = 10
"""With fewer points a rank correlation says nothing worth reading."""

STANDS_OUT = 0.05
"""A factor stands out if the rate of false discoveries down to it is at most this."""

# Outcomes that differ by less than this are equal but for the rounding of sums and differences.
DECIMALS = 12
_Z = 1.959963984540054


class Association(NamedTuple):
    """Spearman's correlation of one factor (or one named alternative against the others) with an outcome.

    `q` is the share of false discoveries among all factors that stand out as much as this one, or more.
    """

    factor: str
    level: str | None
    rho: float
    low: float
    high: float
    n: int
    q: float


def indicators(factors: Mapping[str, np.ndarray]) -> dict[tuple[str, str | None], np.ndarray]:
    """Return the factors that vary as numbers (n_points,): named alternatives as 1 where chosen, else 0."""
    found: dict[tuple[str, str | None], np.ndarray] = {}
    for name, values in factors.items():
        distinct = list(dict.fromkeys(values.tolist()))
        if len(distinct) < 2:
            continue
        if all(isinstance(value, bool | int | float) for value in distinct):
            found[name, None] = values.astype(float)
            continue
        levels = sorted(map(str, distinct))
        # Of two alternatives one says all: more of the one is less of the other.
        for level in levels if len(levels) > 2 else levels[1:]:
            found[name, level] = np.array([str(value) == level for value in values.tolist()], dtype=float)
    return found


class Factors:
    """The factors of a design, ranked once for all outcomes.

    Parameters
    ----------
    columns : mapping of (factor, level) to array (n_points,)
        Numbers, as from `indicators`.
    """

    def __init__(self, columns: Mapping[tuple[str, str | None], np.ndarray]) -> None:
        self._names = list(columns)
        self._values = np.stack(list(columns.values())) if columns else np.empty((0, 0))
        self._ranks = _standard_ranks(self._values) if columns else self._values

    def associations(self, outcome: np.ndarray) -> list[Association]:
        """Return the rank correlation of every factor with an outcome, with 95% intervals.

        The interval is Fisher's, with the variance of Bonett and Wright (2000, Psychometrika 65).

        Parameters
        ----------
        outcome : array (n_points,)
            Mean over replications; points without a value (NaN) are left out.
        """
        outcome = np.round(outcome, DECIMALS)
        given = ~np.isnan(outcome)
        n = int(given.sum())
        if n < FEWEST_POINTS or not self._names or np.ptp(outcome[given]) == 0:
            return []
        ranks = self._ranks if n == len(given) else _standard_ranks(self._values[:, given])
        rho = np.clip(ranks @ _standard_ranks(outcome[None, given])[0], -1, 1)
        with np.errstate(divide="ignore"):
            center = np.arctanh(rho)
        half = _Z * np.sqrt((1 + rho**2 / 2) / (n - 3))
        low, high = np.tanh(center - half), np.tanh(center + half)
        q = false_discovery(_chance(rho, n))
        return [
            Association(factor, level, float(rho[i]), float(low[i]), float(high[i]), n, float(q[i]))
            for i, (factor, level) in enumerate(self._names)
            if not np.isnan(rho[i])
        ]


def _chance(rho: np.ndarray, n: int) -> np.ndarray:
    """Return the probability of a rank correlation at least this far from zero by luck alone (Student's t)."""
    from scipy.special import stdtr

    with np.errstate(divide="ignore"):
        return np.asarray(2 * stdtr(n - 2, -np.abs(rho) * np.sqrt((n - 2) / (1 - rho**2))))


def false_discovery(chances: np.ndarray) -> np.ndarray:
    """Return the rate of false discoveries down to each of these chances (Benjamini and Hochberg 1995, JRSS B 57)."""
    found = np.full(len(chances), np.nan)
    known = np.flatnonzero(~np.isnan(chances))
    order = known[np.argsort(chances[known])]
    rates = chances[order] * len(order) / np.arange(1, len(order) + 1)
    found[order] = np.minimum(1.0, np.minimum.accumulate(rates[::-1])[::-1])
    return found


def _standard_ranks(values: np.ndarray) -> np.ndarray:
    """Return the ranks within each row, with mean 0 and length 1; NaN where a row is constant."""
    from scipy.stats import rankdata

    ranks = rankdata(values, axis=1)
    centered = ranks - ranks.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(centered / np.sqrt((centered**2).sum(axis=1, keepdims=True)))
