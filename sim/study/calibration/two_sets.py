"""The two sets of plausible worlds that ship: ``levels`` and ``interviews``, with the typical world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.processors import n_processors
from sim.study.calibration import typical
from sim.study.calibration.announcement import RATIO, RATIO_TOLERANCE, SETTING, ask, interview_likelihood
from sim.study.calibration.inference import ValuesOf
from sim.study.calibration.weighing import effective_size, weighted_quantile
from sim.study.calibration.worlds import WorldSet, distinct
from sim.study.statistics import keyed_generator

SIZE = 400
"""Worlds of a set."""
ENDS = np.array([0.05, 0.5, 0.95])


class Sets(NamedTuple):
    """Both sets, with how they were made."""

    levels: WorldSet
    interviews: WorldSet


def two_sets(
    names: tuple[str, ...],
    draws: np.ndarray,
    values_of: ValuesOf,
    off_share: np.ndarray,
    seed: int,
    jobs: int | None,
    manifest: Mapping[str, Any],
) -> Sets:
    """Return both sets.

    Parameters
    ----------
    names : tuple of str
        Parameters.
    draws : ndarray
        float64 (n_draws, n_parameters): draws from the posterior, in unit coordinates.
    values_of : callable
        From the position of a parameter and unit coordinates to its values.
    off_share : ndarray
        Part of the prior of each parameter in which it is off.
    seed : int
        Of the draws.
    jobs : int, optional
        Processes for the runs of the typical world; one a processor, if left out.
    manifest : mapping
        How the calibration was made.
    """
    from sim.scenario import load_scenario
    from sim.scenario.library import experiments_folder

    values = np.column_stack([values_of(place, draws[:, place]) for place in range(len(names))])
    settings = [dict(zip(names, row, strict=True)) for row in values.tolist()]
    said = ask(load_scenario(str(experiments_folder() / "calibration" / f"{SETTING}.yaml")).resolved(), settings)
    own = np.full(len(draws), 1.0 / len(draws))
    both = own * interview_likelihood(said[:, 0])
    both /= both.sum()
    made = {}
    for name, weight in (("levels", own), ("interviews", both)):
        generator = keyed_generator("calibration", name, seed)
        kept, kept_weights = distinct(weight, SIZE, generator)
        measures = typical.measured_all([settings[one] for one in kept], jobs or n_processors())
        facts = {
            "set": name,
            "worlds": len(kept),
            "effective_size": effective_size(kept_weights),
            "effective_size_of_points": effective_size(weight),
            "largest_weight": float(kept_weights.max()),
            **typical.summary(measures, kept_weights),
            "at_the_announcement": _announced(said, weight),
            "chance_on": {
                names[place]: float(weight @ (draws[:, place] >= off_share[place]))
                for place in np.flatnonzero(off_share > 0).tolist()
            },
        }
        if name == "levels":
            central = typical.is_central(measures, facts["quartiles"])
            facts["typical_worlds"] = int(central.sum())
            if central.any():
                world = typical.typical(measures, kept_weights)
                facts["typical"] = {
                    "world": world,
                    "settings": settings[kept[world]],
                    "measures": dict(zip(typical.MEASURES, measures[world].tolist(), strict=True)),
                }
        made[name] = WorldSet(names, values[kept], kept_weights, {**facts, "calibration": dict(manifest)})
    return Sets(**made)


def _announced(said: np.ndarray, weights: np.ndarray) -> dict[str, Any]:
    """Return what staff say at the announcement over a set: 5%, 50% and 95% quantiles."""
    names = ("willingness_by_experience", "willingness_by_age", "ease_to_usefulness")
    told: dict[str, Any] = {
        name: [float(end) for end in weighted_quantile(said[:, place], weights, ENDS)]
        for place, name in enumerate(names)
    }
    known = np.isfinite(said[:, 2])
    near = np.abs(said[:, 2] - RATIO) <= 1.645 * RATIO_TOLERANCE
    told["less_willing_with_experience"] = float(weights @ (said[:, 0] < 0))
    told["ratio_undefined"] = float(weights @ ~known)
    told["ratio_near_published"] = float(weights @ (known & near))
    return told
