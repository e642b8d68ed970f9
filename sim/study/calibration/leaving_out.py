"""Leave one organization out: fitted to the others, do the worlds predict it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.study.calibration.bank import Bank
from sim.study.calibration.predicting import predicted
from sim.study.calibration.weighing import Yardstick, effective_size, normalized


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
