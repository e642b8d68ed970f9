"""What employees are interested in, and what they know most about."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
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
    interests, topic = np.empty((n, N_INTERESTS), dtype=np.int64), np.empty(n, dtype=np.int64)
    n_home = min(n_topics, max(N_INTERESTS, math.ceil(assumptions().home_topics * n_topics / n_departments)))
    luck, topic_luck = uniforms(seed, "interests", (n, N_INTERESTS)), uniforms(seed, "expertise topic", n)
    choose_topics(department * n_topics // n_departments, n_home, n_topics, luck, topic_luck, interests, topic)
    return Topics(interests, topic, _expertise(tenure, seed))


@compiled
def choose_topics(
    first_home: np.ndarray,
    n_home: int,
    n_topics: int,
    luck: np.ndarray,
    topic_luck: np.ndarray,
    interests: np.ndarray,
    expertise_topic: np.ndarray,
) -> None:
    """Fill `interests` and `expertise_topic`, see `draw_topics`; home topics begin at `first_home`, int64 (N,)."""
    for i in range(len(first_home)):
        first = int(luck[i, 0] * n_home)
        second = (first + 1 + int(luck[i, 1] * (n_home - 1))) % n_home
        interests[i, 0] = (first_home[i] + first) % n_topics
        interests[i, 1] = (first_home[i] + second) % n_topics
        interests[i, 2] = another(interests[i, 0], interests[i, 1], luck[i, 2], n_topics)
        expertise_topic[i] = interests[i, int(topic_luck[i] * N_INTERESTS)]


@compiled
def another(first: int, second: int, luck: float, n_topics: int) -> int:
    """Return a topic other than the first two interests; the first again where there is no other."""
    if n_topics < N_INTERESTS:
        return first
    topic = int(luck * (n_topics - 2))
    if topic >= min(first, second):
        topic += 1
    if topic >= max(first, second):
        topic += 1
    return topic


def _expertise(tenure: np.ndarray, seed: int) -> np.ndarray:
    """Return expertise [0-1): part luck, part tenure, of which early years count most."""
    assumed = assumptions()
    from_tenure = tenure / (tenure + assumed.expertise_years)
    luck = uniforms(seed, "expertise", len(tenure))
    return share_rounded(assumed.expertise_luck * luck + (1.0 - assumed.expertise_luck) * from_tenure)
