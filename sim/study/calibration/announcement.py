"""What staff say at the announcement, before anything was seen: the interviews, and ease against usefulness.

No run is needed: frames are formed and willingness is stated when a simulation is built. Nothing here is about the
difference between two framings; that stays an outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

SETTING = "interviewed-organization"
SEED = 1
INTERVIEWS = 58
"""Interviews behind the finding (T1.01)."""
NOTICED = -0.1
"""A rank correlation that interviewers would report as a finding: what is usually called small (Cohen 1988)."""
RATIO, RATIO_TOLERANCE = 0.37, 0.3
"""Direct path of ease to intention, over that of usefulness (REL01)."""


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

        from sim.simulation import Simulation

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
