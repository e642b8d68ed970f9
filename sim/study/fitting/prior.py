"""Where points are drawn from before one's own figures are known: the plausible worlds, broadened.

The set that ships are 400 draws from what published numbers leave possible of a typical organization. A single one
may differ more, and 400 points in more than 40 dimensions are too few to be weighed: re-weighed alone, their band held
the truth in 72% of trials. So each draw is moved by a part of the spread of the set (a kernel that keeps the mean; Liu
& West 2001), which also lets an organization lie beyond the set, and some draws come from the ranges that the
calibration began with.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.scenario.experiment.distributions import Range
from sim.scenario.parameters import PARAMETER_BY_PATH
from sim.study.calibration.worlds import WorldSet, load_worlds
from sim.study.statistics import keyed_generator

KEPT = 0.9
"""How much of a world stays in a draw from around it; the spread of the kernel follows, sqrt(1 - KEPT^2) = 0.44."""
WIDENED = 1.0
"""How much wider than the spread of the set the kernel is, in every direction."""
FROM_RANGES = 0.15
"""Share of draws from the plausible ranges themselves, whatever was published."""
_STEPS = 2001
_FARTHEST = 1e-6


class Prior:
    """Draws of coefficients as normal scores: each the normal quantile of its share of the plausible range.

    Parameters
    ----------
    worlds : WorldSet, optional
        The plausible worlds; those of ``levels`` that ship, if left out.
    """

    def __init__(self, worlds: WorldSet | None = None) -> None:
        from sim.scenario.experiment.reading_factors import plausible_range

        found = load_worlds() if worlds is None else worlds
        self.names = found.names
        self.digest = found.digest
        self._ranges: tuple[Range, ...] = tuple(plausible_range(PARAMETER_BY_PATH[name]) for name in self.names)
        self._centers = np.column_stack(
            [_scores(each, found.values[:, place], place) for place, each in enumerate(self._ranges)]
        )
        self._weights = found.weights
        self._mean = found.weights @ self._centers
        away = self._centers - self._mean
        self._root = np.linalg.cholesky((away * found.weights[:, None]).T @ away + 1e-6 * np.eye(len(self.names)))

    def draw(self, n: int, generator: np.random.Generator) -> np.ndarray:
        """Return `n` draws as normal scores, float64 (n, n_names), in random order."""
        n_wide = round(FROM_RANGES * n)
        chosen = generator.choice(len(self._centers), n - n_wide, p=self._weights)
        around = KEPT * self._centers[chosen] + (1.0 - KEPT) * self._mean
        luck = generator.standard_normal(around.shape) @ self._root.T
        near = around + WIDENED * np.sqrt(1.0 - KEPT**2) * luck
        wide = generator.standard_normal((n_wide, len(self.names)))
        return generator.permutation(np.concatenate([near, wide]))

    def values(self, scores: np.ndarray) -> np.ndarray:
        """Return the coefficients at some normal scores, float64 (n, n_names), with the digits that files have."""
        from scipy.special import ndtr

        unit = np.clip(ndtr(scores), _FARTHEST, 1.0 - _FARTHEST)
        return np.column_stack(
            [
                [float(f"{float(each.value(share)):.10g}") for share in unit[:, place].tolist()]
                for place, each in enumerate(self._ranges)
            ]
        )


def _scores(spread: Range, values: np.ndarray, place: int) -> np.ndarray:
    """Return the normal scores of some values of one coefficient; where it is off, evenly over the share that is."""
    from scipy.special import ndtri

    share_off = spread.off_share if spread.off_at is not None else 0.0
    grid = np.linspace(max(share_off, _FARTHEST), 1.0 - _FARTHEST, _STEPS)
    there = np.array([float(spread.value(share)) for share in grid.tolist()])
    order: Sequence[int] | slice = slice(None) if there[-1] >= there[0] else slice(None, None, -1)
    unit = np.interp(values, there[order], grid[order])
    if share_off > 0.0:
        is_off = values == spread.off_at
        # One place after another, in an order that has nothing to do with other coefficients.
        places = keyed_generator("fit", "off", place).permutation(int(is_off.sum()))
        unit[is_off] = share_off * (places + 0.5) / max(len(places), 1)
    return np.asarray(ndtri(np.clip(unit, 1e-4, 1.0 - 1e-4)))
