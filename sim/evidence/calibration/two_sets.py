"""The two sets of plausible worlds that ship, ``levels`` and ``interviews``, and the typical world: the defaults.

What staff say at the announcement, before anything was seen, weighs ``interviews``: no run is needed for it, since
frames are formed and willingness is stated when a simulation is built, and nothing in it is about the difference
between two framings, which stays an outcome.

No mean of worlds is a world: what agrees with the numbers lies on a bent surface, and the middle of a bend lies off it.
So the defaults are one world of ``levels``: of the worlds whose measures in the shipped launches all lie in the middle
half of the set, the one whose measures are nearest to their medians, in units of the middle half. The framing effect is
one of the measures, and only asked to be central.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.evidence.calibration.inference import ValuesOf, Worlds
from sim.experiments.worlds import SIZE, WorldSet, distinct
from sim.kernel.estimates import effective_size, weighted_quantile
from sim.kernel.processors import n_processors
from sim.kernel.streams import keyed_generator

ASKED = 2000
"""About so many points are asked what staff say at the announcement."""
ENDS = np.array([0.05, 0.5, 0.95])
SEED = 1
SETTING = "interviewed-organization"
INTERVIEWS = 58
"""Interviews behind the finding (T1.01)."""
NOTICED = -0.1
"""A rank correlation that interviewers would report as a finding: what is usually called small (Cohen 1988)."""
RATIO, RATIO_TOLERANCE = 0.37, 0.3
"""Direct path of ease to intention, over that of usefulness (REL01)."""
REPLICATIONS = 2
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


class Sets(NamedTuple):
    """Both sets, with how they were made."""

    levels: WorldSet
    interviews: WorldSet


def two_sets(
    names: tuple[str, ...],
    unit: np.ndarray,
    weights: np.ndarray,
    worlds: Worlds,
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
    unit, weights : ndarray
        float64 (n_points, n_parameters) and (n_points,): weighted points of the posterior, in unit coordinates.
    worlds : Worlds
        Those of them that make the set ``levels``.
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

    # Asking takes a while, so it is not every point that is asked.
    asked, own = distinct(weights, ASKED, keyed_generator("calibration", "asked", seed))
    asked = np.concatenate([asked, worlds.places])
    values = np.column_stack([values_of(place, unit[asked, place]) for place in range(len(names))])
    settings = [dict(zip(names, row, strict=True)) for row in values.tolist()]
    said = ask(load_scenario(str(experiments_folder() / "calibration" / f"{SETTING}.yaml")).resolved(), settings)
    both = own * interview_likelihood(said[: len(own), 0])
    chosen, chosen_weights = distinct(both, SIZE, keyed_generator("calibration", "interviews", seed))
    levels = np.arange(len(own), len(asked))
    made = {}
    for name, kept, kept_weights in (("levels", levels, worlds.weights), ("interviews", chosen, chosen_weights)):
        measures = measured_all([settings[one] for one in kept], jobs or n_processors())
        facts = {
            "set": name,
            "worlds": len(kept),
            "effective_size": effective_size(kept_weights),
            "effective_size_of_points": effective_size(weights if name == "levels" else both),
            "largest_weight": float(kept_weights.max()),
            **summary(measures, kept_weights),
            "at_the_announcement": _announced(said[kept], kept_weights),
            "chance_on": {
                names[place]: float(kept_weights @ (unit[asked[kept], place] >= off_share[place]))
                for place in np.flatnonzero(off_share > 0).tolist()
            },
        }
        if name == "levels":
            central = is_central(measures, facts["quartiles"])
            facts["typical_worlds"] = int(central.sum())
            if central.any():
                world = typical(measures, kept_weights)
                facts["typical"] = {
                    "world": world,
                    "settings": settings[kept[world]],
                    "measures": dict(zip(MEASURES, measures[world].tolist(), strict=True)),
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


# What staff say at the announcement.


class Said(NamedTuple):
    """What the staff of a world say.

    Attributes
    ----------
    by_experience : float
        Rank correlation of leisure experience with social media and willingness.
    by_age : float
        Willingness of those of 25 and over minus that of those under 25.
    ease_to_usefulness : float
        Effect on willingness (logit) of a standard deviation of skill, to that of a standard deviation of what one
        takes the platform to be good for at work; NaN where people do not differ in the latter.
    """

    by_experience: float
    by_age: float
    ease_to_usefulness: float


class Interviews:
    """Asks the staff of one organization in any world; people and contacts are built once.

    Parameters
    ----------
    resolved : mapping
        The scenario of the organization, with all values filled in.
    """

    def __init__(self, resolved: Mapping[str, Any]) -> None:
        from sim.organization import build_contacts, build_workforce

        self._resolved = resolved
        organization = resolved["organization"]
        self._staff = build_workforce(organization, resolved["platform"]["communities"], SEED)
        self._contacts = build_contacts(self._staff, organization["contacts"], SEED)

    def said(self, settings: Mapping[str, float]) -> Said:
        """Return what is said where the coefficients are as in `settings` (dotted keys)."""
        from scipy.stats import rankdata

        from sim.model.simulation import Simulation

        resolved: dict[str, Any] = dict(self._resolved)
        for key, value in settings.items():
            section, name = key.split(".", 1)
            resolved[section] = {**resolved[section], name: value}
        table = Simulation(resolved, SEED, self._staff, self._contacts).table
        intention = np.round(np.asarray(table["intention"], dtype=float), 9)
        experience = np.asarray(table["leisure_experience"], dtype=float)
        is_young = np.asarray(table["age"]) < 25
        by_experience = 0.0
        if np.ptp(intention) > 0:
            by_experience = float(np.corrcoef(rankdata(experience), rankdata(intention))[0, 1])
        by_age = float(intention[~is_young].mean() - intention[is_young].mean())
        return Said(by_experience, by_age, _ease_to_usefulness(table, intention))


def _ease_to_usefulness(table: Any, intention: np.ndarray) -> float:
    """Return the ratio of the two standardized effects, from a regression over staff."""
    social, work, news = (
        np.asarray(table[f"frame_{name}"], float) for name in ("social", "collaboration", "broadcast")
    )
    total = social + work + news
    columns = np.column_stack([table["skill"], work / total, social / total])
    spread = columns.std(axis=0)
    inner = np.clip(intention, 1e-9, 1 - 1e-9)
    if spread[1] < 1e-9:
        return float("nan")
    scaled = (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    effects = np.linalg.lstsq(np.column_stack([np.ones(len(inner)), scaled]), np.log(inner / (1 - inner)), rcond=None)[
        0
    ]
    return float(effects[1] / effects[2]) if abs(effects[2]) > 1e-9 else float("nan")


def interview_likelihood(by_experience: np.ndarray) -> np.ndarray:
    """Return how probable it is that so many interviews find the experienced less willing, float64 (n,).

    The published finding is a direction: heavy users of social media outside work were unwilling, light users
    optimistic (REL07; claims 1.3 and 1.4). A sample of `INTERVIEWS` shows a correlation with a standard error of about
    1 / sqrt(n - 1); the finding is reported if it is beyond `NOTICED`. Where age comes in, it is by experience, so the
    gap between age groups is the same interviews again, and does not count a second time.
    """
    from scipy.special import ndtr

    error = 1.0 / np.sqrt(INTERVIEWS - 1)
    return np.asarray(ndtr((NOTICED - by_experience) / error))


def ask(resolved: Mapping[str, Any], worlds: Sequence[Mapping[str, float]]) -> np.ndarray:
    """Return what is said in each world, float64 (n_worlds, 3): the columns of `Said`."""
    interviews = Interviews(resolved)
    return np.array([interviews.said(world) for world in worlds], dtype=float).reshape(len(worlds), 3)


# What a set shows in the shipped launches.


def launches() -> dict[str, dict[str, Any]]:
    """Return the shipped launches with all values filled in."""
    from sim.scenario import load_scenario

    return {name: load_scenario(name).resolved() for name in LAUNCHES}


def measured(settings: Mapping[str, float], resolved: Mapping[str, Mapping[str, Any]]) -> list[float]:
    """Return the measures of one world, in the order of `MEASURES`: means over the same few runs for every world."""
    from sim.model.simulation import simulate
    from sim.runs.plan import replication_seed

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
