"""Posterior predictive checks: would the plausible worlds show the published numbers?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.study.calibration.bank import Bank
from sim.study.calibration.learning import ENDS
from sim.study.calibration.weighing import Yardstick, effective_size, normalized, weighted_quantile

DRAWS_OF_ERROR = 200


class Predicted(NamedTuple):
    """What the worlds predict for one target, in its unit.

    `low`, `middle`, `high` with tolerance and luck (what a published number may be), `bare_low` and `bare_high`
    without (what the simulations show). `is_inside` says whether the target is in the 90% interval, `tail` how much of
    the prediction lies beyond it (two-sided, 1 in the middle); `off` is the misfit of the middle in tolerances.
    """

    id: str
    value: float
    low: float
    middle: float
    high: float
    bare_low: float
    bare_high: float
    is_inside: bool
    tail: float
    off: float
    undefined: float


def predicted(bank: Bank, yardstick: Yardstick, weights: np.ndarray) -> list[Predicted]:
    """Return the prediction for each target.

    Parameters
    ----------
    bank : Bank
        Points, whose targets are those of `yardstick`.
    yardstick : Yardstick
        The targets.
    weights : ndarray
        float64 (n_points,), summing to 1.
    """
    from scipy.special import ndtri

    # Error at its quantiles instead of by chance: the same for every target and every call.
    steps = ndtri((np.arange(DRAWS_OF_ERROR) + 0.5) / DRAWS_OF_ERROR)
    spread = np.sqrt(yardstick.tolerance**2 + bank.error_sd**2)
    kept = weights > 0
    rows = []
    for place, name in enumerate(yardstick.ids):
        target = yardstick.part(np.array([place]))
        shown = bank.simulated[kept, place]
        scaled = target.on_scale(shown[:, None])[:, 0]
        noisy = (scaled[:, None] + spread[place] * steps).ravel()
        noise_weights = np.repeat(weights[kept] / DRAWS_OF_ERROR, DRAWS_OF_ERROR)
        low, middle, high = target.from_scale(weighted_quantile(noisy, noise_weights, ENDS)[:, None])[:, 0]
        bare_low, _, bare_high = weighted_quantile(shown, weights[kept], ENDS)
        value = float(target.value[0])
        goal = float(target.on_scale(target.value)[0])
        known = np.isfinite(noisy)
        total = noise_weights[known].sum()
        below = float(noise_weights[known & (noisy < goal)].sum() / total) if total > 0 else np.nan
        is_bound = bool(target.is_at_least[0])
        tail = min(1.0, 2 * (1 - below)) if is_bound else 2 * min(below, 1 - below)
        is_inside = bool(value <= high) if is_bound else bool(low <= value <= high)
        off = float(target.misfit(np.array([middle]))[0])
        undefined = float(weights[kept][~np.isfinite(shown)].sum())
        rows.append(
            Predicted(
                name, value, float(low), float(middle), float(high), float(bare_low), float(bare_high), is_inside, tail,
                off, undefined,
            )
        )  # fmt: skip
    return rows


# Leave one organization out: fitted to the others, do the worlds predict it?


class LeftOut(NamedTuple):
    """One organization, predicted by worlds fitted to the others.

    `n_targets` used numbers are about it, of which `n_inside` lie inside the 90% predictive interval; `outside` names
    the others. `effective` is the number of points that the fit without it is worth.
    """

    scenario: str
    n_targets: int
    n_inside: int
    outside: tuple[str, ...]
    effective: float


def left_out(bank: Bank, yardstick: Yardstick, is_used: np.ndarray, scenarios: Sequence[str]) -> list[LeftOut]:
    """Return the check for each organization with a target that decides.

    Parameters
    ----------
    bank : Bank
        Points, whose targets are those of `yardstick`.
    yardstick : Yardstick
        The targets.
    is_used : ndarray
        bool (n_targets,): those that decide over weights.
    scenarios : sequence of str
        For each target its organization.
    """
    found = []
    there = np.flatnonzero(bank.visits)
    here = bank.rows(there)
    whole = here.log_likelihood(yardstick, is_used)
    names = np.array(scenarios)
    for name in dict.fromkeys(names[is_used].tolist()):
        own = is_used & (names == name)
        if not (is_used & ~own).any():
            continue
        # Those that were there stand for the posterior; what the organization says is taken out again.
        weights = np.zeros(bank.n_points)
        weights[there] = normalized(np.log(here.visits) + here.log_likelihood(yardstick, is_used & ~own) - whole)
        told = [one for place, one in enumerate(predicted(bank, yardstick, weights)) if own[place]]
        outside = tuple(one.id for one in told if not one.is_inside)
        found.append(LeftOut(str(name), len(told), len(told) - len(outside), outside, effective_size(weights)))
    return found
