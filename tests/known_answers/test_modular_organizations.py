"""Modular organizations and conformity (Sáenz-Royo, Gracia-Lázaro & Moreno 2015, PLoS ONE 10).

Well-mixed organizations adopt more than strongly modular ones; conformity to a majority that does not take part lowers
adoption, whatever the structure.
"""

from __future__ import annotations

import functools
import itertools

import limiting_cases as limits
import numpy as np
import pytest

from sim.model.simulation import Simulation
from sim.organization import Contacts

SEEDS = range(16)
N_EMPLOYEES, MODULE_SIZE, MEAN_CONTACTS = 200, 20, 8
WELL_MIXED = 1.0 - (MODULE_SIZE - 1) / (N_EMPLOYEES - 1)  # share of ties between modules when modules mean nothing
MODULAR = 0.02

# The medium is worth as much as contacts use it, and users tell others; the ten people of half a module use it anyway.
STAFF = {
    "read_base": -3.0,
    "perception": 0.3,
    "visible_days": 20.0,
    "post_base": -1.5,
    "post_question": limits.NEVER_CHOSEN,
    "peers": 4.0,
    "post_inclination": 20.0,
    "word_of_mouth": 0.1,
    "conformity": 0.5,
}
# Word of mouth alone: a campaign of one week reaches a few, and whoever hears of the platform posts once.
RUMOR = {
    "read_base": limits.NEVER_CHOSEN,
    "post_base": limits.CERTAIN,
    "visible_days": 1e6,
    "word_of_mouth": 0.1,
    "campaign_prompt": 1.0,
}
CAMPAIGN = {"weeks": 1, "reach": 0.03}


def network(share_between: float, seed: int) -> Contacts:
    """Return a random network with a fixed number of ties, of which a share runs between modules."""
    rng = np.random.default_rng(seed)
    module = np.arange(N_EMPLOYEES) // MODULE_SIZE
    first, second = np.triu_indices(N_EMPLOYEES, 1)
    is_within = module[first] == module[second]
    n_ties = N_EMPLOYEES * MEAN_CONTACTS // 2
    n_between = round(share_between * n_ties)
    chosen = np.concatenate(
        (
            rng.choice(np.flatnonzero(~is_within), n_between, replace=False),
            rng.choice(np.flatnonzero(is_within), n_ties - n_between, replace=False),
        )
    )
    linked = np.zeros((N_EMPLOYEES, N_EMPLOYEES), dtype=bool)
    linked[first[chosen], second[chosen]] = True
    return limits.contacts_from(linked | linked.T)


@functools.cache
def adoption(share_between: float, conformity: float = 0.5) -> np.ndarray:
    """Return the share who ever posted, float64 (seeds,)."""
    inclination = np.zeros(N_EMPLOYEES)
    inclination[: MODULE_SIZE // 2] = 1.0
    people = limits.equal_people(N_EMPLOYEES, inclination=inclination)
    values = limits.bare(N_EMPLOYEES, 30, {**STAFF, "conformity": conformity})
    return np.array([last_adoption(values, seed, people, share_between) for seed in SEEDS])


def last_adoption(values, seed, people, share_between: float) -> float:
    """Return the share who ever posted at the end of one run."""
    simulation = Simulation(values, seed, people, network(share_between, seed))
    simulation.run()
    return simulation.outcomes()["adoption"]


def test_well_mixed_organizations_adopt_more() -> None:
    assert limits.interval(adoption(WELL_MIXED) - adoption(MODULAR)).low > 0.0
    assert limits.interval(adoption(0.3) - adoption(MODULAR)).low > 0.0


def test_by_word_of_mouth_alone() -> None:
    people = limits.equal_people(N_EMPLOYEES)
    values = limits.bare(N_EMPLOYEES, 20, RUMOR, launch__campaign=CAMPAIGN)
    mixed, modular = (
        np.array([last_adoption(values, seed, people, between) for seed in SEEDS]) for between in (WELL_MIXED, MODULAR)
    )
    assert limits.interval(mixed - modular).low > 0.0


@pytest.mark.parametrize("share_between", [WELL_MIXED, MODULAR], ids=["well mixed", "modular"])
def test_conformity_lowers_adoption(share_between: float) -> None:
    shares = [adoption(share_between, conformity) for conformity in (0.0, 1.0, 2.0)]
    for freer, more_conformist in itertools.pairwise(shares):
        assert limits.interval(more_conformist - freer).high < 0.0
