"""Small organizations to test with."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from sim.organization import build_contacts, build_workforce

LARGE = 100_000  # employees; enough for shares to be within a third of a point


def make_section(**changes):
    """Return a resolved organization section, the defaults but for `changes`."""
    section = {
        "employees": 300,
        "departments": 8,
        "workforce": "nl-2014",
        "sector": "all",
        "remote_share": None,
        "trust": 0.6,
        "contacts": {"department": 6.0, "across": 2.0, "everyone": False},
    }
    contacts = {**section["contacts"], **changes.pop("contacts", {})}
    return {**section, **changes, "contacts": contacts}


def make(n_topics=20, seed=1, **changes):
    """Return workforce and contacts of an organization."""
    section = make_section(**changes)
    workforce = build_workforce(section, n_topics, seed)
    return workforce, build_contacts(workforce, section["contacts"], seed)


@functools.cache
def make_large(workforce="nl-2014", sector="all", seed=3):
    """Return one large workforce; nobody changes it."""
    return build_workforce(make_section(employees=LARGE, workforce=workforce, sector=sector), 20, seed)


def ranks(values):
    """Return ranks, the mean rank for equal values."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


@pytest.fixture
def section():
    """`make_section`."""
    return make_section


@pytest.fixture
def organization():
    """`make`."""
    return make


@pytest.fixture
def large():
    """`make_large`."""
    return make_large


@pytest.fixture
def rank_correlation():
    """Return Spearman's rank correlation of two arrays."""
    return lambda a, b: float(np.corrcoef(ranks(a), ranks(b))[0, 1])


@pytest.fixture
def assert_share():
    """Check that the share of true values is `expected`, within four standard errors and `slack`."""

    def check(is_true, expected, slack=0.0):
        error = 4.0 * np.sqrt(expected * (1.0 - expected) / len(is_true)) + slack
        assert np.mean(is_true) == pytest.approx(expected, abs=error)

    return check
