"""What a set of worlds shows in the shipped launches, and which of its worlds is a typical one: the defaults.

No mean of worlds is a world: what agrees with the numbers lies on a bent surface, and the middle of a bend lies off it.
So the defaults are one world of the set: of the worlds whose measures all lie in the middle half of the set, the one
whose measures are nearest to their medians, in units of the middle half. The framing effect is one of the measures, and
only asked to be central.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from sim.study.calibration.weighing import weighted_quantile

REPLICATIONS = 2
SEED = 1
QUARTER = 13  # weeks
GROWING = 0.01
"""Monthly readers who came in the last 13 weeks, as a share of staff, from which a run is still growing."""
MIDDLE_HALF = np.array([0.25, 0.5, 0.75])
LAUNCHES = ("baseline", "collaboration", "like-facebook")
MEASURES: Mapping[str, str] = {
    "framing_posters": "monthly posters, collaboration minus like-facebook",
    "framing_readers": "monthly readers, collaboration minus like-facebook",
    "monthly_readers": "monthly readers, baseline",
    "monthly_posters": "monthly posters, baseline",
    "members_after_a_quarter": "members after 13 weeks, baseline",
    "stationarity": "change of monthly readers over the last 13 weeks, baseline",
}


def launches() -> dict[str, dict[str, Any]]:
    """Return the shipped launches with all values filled in."""
    from sim.scenario import load_scenario

    return {name: load_scenario(name).resolved() for name in LAUNCHES}


def measured(settings: Mapping[str, float], resolved: Mapping[str, Mapping[str, Any]]) -> list[float]:
    """Return the measures of one world, in the order of `MEASURES`: means over the same few runs for every world."""
    from sim.simulation import simulate
    from sim.study.plan import replication_seed

    rows = []
    for replication in range(REPLICATIONS):
        shown = {}
        for name, scenario in resolved.items():
            own = dict(scenario)
            for key, value in settings.items():
                section, leaf = key.split(".", 1)
                own[section] = {**own[section], leaf: value}
            shown[name] = simulate(own, replication_seed(SEED, replication))
        base, work, fun = (shown[name].outcomes for name in LAUNCHES)
        rows.append(
            [
                work["monthly_posters"] - fun["monthly_posters"],
                work["monthly_readers"] - fun["monthly_readers"],
                base["monthly_readers"],
                base["monthly_posters"],
                float(shown["baseline"].series["registered"][QUARTER - 1]),
                base["stationarity"],
            ]
        )
    return [float(value) for value in np.mean(rows, axis=0)]


def _one(job: tuple[Mapping[str, float], Mapping[str, Mapping[str, Any]]]) -> list[float]:
    return measured(*job)


def measured_all(worlds: Sequence[Mapping[str, float]], jobs: int) -> np.ndarray:
    """Return the measures of worlds, float64 (n_worlds, n_measures), by `jobs` processes."""
    resolved = launches()
    if jobs <= 1:
        return np.array([measured(world, resolved) for world in worlds])
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    todo: Iterator[Any] = ((world, resolved) for world in worlds)
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        return np.array(list(pool.map(_one, todo, chunksize=8)))


def summary(measures: np.ndarray, weights: np.ndarray) -> dict[str, Any]:
    """Return what a set shows: quartiles of each measure, and the share of worlds still growing after a year."""
    quartiles = {
        name: [float(end) for end in weighted_quantile(measures[:, place], weights, MIDDLE_HALF)]
        for place, name in enumerate(MEASURES)
    }
    change = measures[:, list(MEASURES).index("stationarity")]
    return {
        "measures": dict(MEASURES),
        "quartiles": quartiles,
        "still_growing": float(weights @ (change > GROWING)),
        "shrinking": float(weights @ (change < -GROWING)),
    }


def is_central(measures: np.ndarray, quartiles: Mapping[str, Sequence[float]]) -> np.ndarray:
    """Return for worlds (n, n_measures) whether all their measures lie in the middle half of the set, bool (n,)."""
    ends = np.array([quartiles[name] for name in MEASURES])
    return np.asarray(((ends[:, 0] <= measures) & (measures <= ends[:, 2])).all(axis=1))


def typical(measures: np.ndarray, weights: np.ndarray) -> int:
    """Return the position of the typical world.

    Parameters
    ----------
    measures : ndarray
        float64 (n_worlds, n_measures).
    weights : ndarray
        float64 (n_worlds,).

    Raises
    ------
    ValueError
        If no world is in the middle half in everything.
    """
    quartiles = summary(measures, weights)["quartiles"]
    central = is_central(measures, quartiles)
    if not central.any():
        raise ValueError("no world of the set is typical in every measure")
    ends = np.array([quartiles[name] for name in MEASURES])
    width = np.maximum(ends[:, 2] - ends[:, 0], np.finfo(float).tiny)
    distance = np.square((measures - ends[:, 1]) / width).sum(axis=1)
    return int(np.flatnonzero(central)[np.argmin(distance[central])])
