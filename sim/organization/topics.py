"""What employees are interested in, and what they know most about."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.organization.people import share_rounded
from sim.organization.tables import assumptions
from sim.streams import uniforms

N_INTERESTS = 3


class Topics(NamedTuple):
    """Interests and expertise.

    Attributes
    ----------
    interests : ndarray, int64 (N, 3)
        Topics, three different ones where there are three.
    expertise_topic : ndarray, int64 (N,)
        The one of them that one knows most about.
    expertise : ndarray, float64 (N,)
        How much one knows of it [0-1].
    """

    interests: np.ndarray
    expertise_topic: np.ndarray
    expertise: np.ndarray


def draw_topics(department: np.ndarray, n_departments: int, tenure: np.ndarray, n_topics: int, seed: int) -> Topics:
    """Return interests and expertise.

    Each department has its home topics, which overlap with those of its neighbors in the list. Two interests
    are home topics, the third can be any other topic. One of the three is the topic of expertise.

    Parameters
    ----------
    department : ndarray, int64 (N,)
        Department of each employee.
    n_departments : int
        Number of departments.
    tenure : ndarray, float64 (N,)
        Years with the organization.
    n_topics : int
        Number of topics, at least 1; with one or two topics interests repeat.
    seed : int
        Seed of the run.
    """
    n = len(department)
    interests = np.empty((n, N_INTERESTS), dtype=np.int64)
    luck = uniforms(seed, "interests", (n, N_INTERESTS))
    n_home = min(n_topics, max(N_INTERESTS, math.ceil(assumptions().home_topics * n_topics / n_departments)))
    first_home = department * n_topics // n_departments
    first = (luck[:, 0] * n_home).astype(np.int64)
    second = (first + 1 + (luck[:, 1] * (n_home - 1)).astype(np.int64)) % n_home
    interests[:, 0] = (first_home + first) % n_topics
    interests[:, 1] = (first_home + second) % n_topics
    interests[:, 2] = _another(interests, luck[:, 2], n_topics)
    chosen = (uniforms(seed, "expertise topic", n) * N_INTERESTS).astype(np.int64)
    topic = np.take_along_axis(interests, chosen[:, np.newaxis], axis=1)[:, 0]
    return Topics(interests, topic, _expertise(tenure, seed))


def _another(interests: np.ndarray, luck: np.ndarray, n_topics: int) -> np.ndarray:
    """Return a topic other than the first two interests; the first again where there is no other."""
    if n_topics < N_INTERESTS:
        return interests[:, 0]
    low = np.minimum(interests[:, 0], interests[:, 1])
    high = np.maximum(interests[:, 0], interests[:, 1])
    topic = (luck * (n_topics - 2)).astype(np.int64)
    topic += topic >= low
    topic += topic >= high
    return topic


def _expertise(tenure: np.ndarray, seed: int) -> np.ndarray:
    """Return expertise [0-1): part luck, part tenure, of which early years count most."""
    assumed = assumptions()
    from_tenure = tenure / (tenure + assumed.expertise_years)
    luck = uniforms(seed, "expertise", len(tenure))
    return share_rounded(assumed.expertise_luck * luck + (1.0 - assumed.expertise_luck) * from_tenure)
