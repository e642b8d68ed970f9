"""Limiting cases of the one engine: scenarios in which all but a few mechanisms are switched off.

Nothing here is a model of its own. A limiting case is a scenario (values and coefficients), a workforce and a contact
network, run by ``Simulation``.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from hand_settings import HAND
from scipy.stats import t

from sim.catalog.registry import BEHAVIOR, by_section, default_values
from sim.model.simulation import Simulation
from sim.organization import Contacts, Workforce

CERTAIN = 50.0  # logits: a probability that differs from 1 by 2e-22
NEVER_CHOSEN = -50.0
SHARP = 1e6  # times all weights: chance decides nothing

# Every weight in a utility, and every other coefficient through which one person could move another, or a frame.
WEIGHTS = {entry.name: entry.off_at or 0.0 for entry in BEHAVIOR if entry.unit == "logit"}
MECHANISMS = {
    entry.name: entry.off_at for entry in BEHAVIOR if entry.off_at is not None and entry.name != "frame_strength"
}
OFF = {
    **WEIGHTS,
    **MECHANISMS,
    "peer_reference": 1.0,
    "reward_half": 0.0,
    "respond_base": NEVER_CHOSEN,
    "answer_base": NEVER_CHOSEN,
    "post_question": NEVER_CHOSEN,
    "post_social": NEVER_CHOSEN,
    "message_weight": 0.0,
    "learning": 0.0,
    "forgetting": 0.0,
    "campaign_prompt": 0.0,
    "word_of_mouth": 0.0,
    "unawareness": 0.0,
    "follow": 0.0,
}


def scenario(n_employees: int, weeks: int, behavior: Mapping[str, float], **settings: Any) -> dict[str, Any]:
    """Return the default scenario with other coefficients and settings.

    Settings are dotted keys, written with two underscores: ``launch__campaign__reach=0.1``.
    """
    values = default_values()
    values["organization"]["employees"] = n_employees
    values["run"]["weeks"] = weeks
    values |= by_section({**HAND, **behavior})
    for key, value in settings.items():
        *groups, name = key.split("__")
        place = values
        for group in groups:
            place = place[group]
        place[name] = copy.deepcopy(value)
    return values


def bare(n_employees: int, weeks: int, behavior: Mapping[str, float], **settings: Any) -> dict[str, Any]:
    """Return a scenario with nothing but the mechanisms of `behavior`: no champions, training, campaign or news."""
    nothing = {
        "launch__champions__share": 0.0,
        "launch__training": 0.0,
        "launch__campaign__reach": 0.0,
        "leadership__announcements": 0.0,
        "platform__feed_length": 1,
        "platform__communities": 1,
    }
    return scenario(n_employees, weeks, {**OFF, "attention": 1.0, **behavior}, **{**nothing, **settings})


def equal_people(n_employees: int, **columns: Any) -> Workforce:
    """Return employees who are all alike but for `columns`: one team, nobody's boss, in the middle of every scale."""
    half = np.full(n_employees, 0.5)
    zeros = np.zeros(n_employees, dtype=np.int64)
    people = Workforce(
        age=np.full(n_employees, 40.0),
        leisure_experience=half,
        professional_experience=half,
        segmentation=half,
        tenure=np.full(n_employees, 5.0),
        remote_share=np.zeros(n_employees),
        trust=half,
        level=zeros,
        department=zeros,
        team=zeros,
        manager=zeros - 1,
        interests=np.zeros((n_employees, 3), dtype=np.int64),
        expertise_topic=zeros,
        expertise=half,
        inclination=np.zeros(n_employees),
        reading_inclination=np.zeros(n_employees),
        compliance=half,
        working_share=np.ones(n_employees),
    )
    return people._replace(**columns)


def contacts_from(linked: np.ndarray) -> Contacts:
    """Return the network of a symmetric table of who knows whom, bool (N, N)."""
    assert (linked == linked.T).all()
    assert not linked.diagonal().any()
    offsets = np.concatenate(([0], np.cumsum(linked.sum(axis=1)))).astype(np.int64)
    neighbors = np.nonzero(linked)[1].astype(np.int32)
    return Contacts(offsets, neighbors, np.zeros(len(offsets) - 1))


def everyone(n_employees: int) -> Contacts:
    """Return the network in which all know all."""
    others = np.arange(n_employees - 1, dtype=np.int32)
    neighbors = others + (others >= np.arange(n_employees, dtype=np.int32)[:, np.newaxis])
    offsets = np.arange(n_employees + 1, dtype=np.int64) * (n_employees - 1)
    return Contacts(offsets, neighbors.ravel(), np.zeros(n_employees))


def share_adopted(simulation: Simulation) -> float:
    """Return the share of employees who have ever posted, straight from the table."""
    return float((simulation.table["n_work_posts"] > 0).mean())


def settle(simulation: Simulation) -> float:
    """Run until nobody new posts for ten days, and return the share who did; the horizon must be long enough."""
    quiet, adopted = 0, -1.0
    while quiet < 10:
        simulation.step()
        now = share_adopted(simulation)
        quiet = quiet + 1 if now == adopted else 0
        adopted = now
    return adopted


class Interval(NamedTuple):
    """A mean with its 99% confidence interval."""

    low: float
    mean: float
    high: float


def interval(values: np.ndarray) -> Interval:
    """Return the mean of independent `values` with its 99% interval (Student)."""
    mean = float(np.mean(values))
    half = float(t.ppf(0.995, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
    return Interval(mean - half, mean, mean + half)
