"""Departments, teams, levels, reporting lines and topics."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.organization import build_workforce
from sim.organization.structure import reporting_lines

SIZES = [1, 2, 3, 7, 50, 300]


def assert_well_formed(workforce, n, n_departments, n_topics):
    """Check everything that holds for any synthetic workforce."""
    assert all(len(values) == n for values in workforce)
    for block, inner in ((workforce.department, workforce.team),):
        assert (np.diff(block) >= 0).all()
        assert (np.diff(inner) >= 0).all()
        assert (np.diff(np.unique(inner)) == 1).all()
        assert len(np.unique(block)) == block[-1] + 1 == min(n, n_departments)
        # no team is in two departments
        assert len(np.unique(np.stack((block, inner)), axis=1).T) == inner[-1] + 1
    assert_forest(workforce)
    assert workforce.interests.shape == (n, 3)
    assert workforce.interests.min() >= 0
    assert workforce.interests.max() < n_topics
    n_different = [len(set(row)) for row in workforce.interests.tolist()]
    assert set(n_different) == {min(3, n_topics)}
    assert (workforce.interests == workforce.expertise_topic[:, None]).any(axis=1).all()


def assert_forest(workforce):
    """Check that reporting lines lead to executives, without circles."""
    n = len(workforce.manager)
    place = np.arange(n)
    for _ in range(60):
        place = np.where(place >= 0, workforce.manager[place], -1)
    assert (place == -1).all(), "a circle of reporting lines"
    reporting = np.flatnonzero(workforce.manager >= 0)
    managers = workforce.manager[reporting]
    same_department = workforce.department[managers] == workforce.department[reporting]
    assert (same_department | (workforce.level[managers] == 3)).all()
    assert (workforce.level[managers] >= np.minimum(workforce.level[reporting], 3)).all()
    roots = np.flatnonzero(workforce.manager == -1)
    assert len(roots) == 1
    assert (workforce.level[roots] == 3).all()
    leads = np.bincount(managers, minlength=n) > 0
    assert (leads[workforce.level > 0] | (workforce.level[workforce.level > 0] == 3)).all()
    assert not leads[workforce.level == 0].any()


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("n_departments", [1, 2, 8, "all"])
def test_any_size_works(organization, n, n_departments):
    n_departments = n if n_departments == "all" else n_departments
    workforce, _ = organization(employees=n, departments=n_departments)
    assert_well_formed(workforce, n, n_departments, 20)


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 120),
    n_departments=st.integers(1, 130),
    n_topics=st.integers(1, 30),
    seed=st.integers(0, 2**63 - 1),
)
def test_any_mixture_works(n, n_departments, n_topics, seed):
    organization = {
        "employees": n,
        "departments": n_departments,
        "workforce": "nl-2014",
        "sector": "all",
        "remote_share": None,
        "trust": 0.6,
    }
    assert_well_formed(build_workforce(organization, n_topics, seed), n, n_departments, n_topics)


@pytest.mark.parametrize("n_topics", [1, 2, 3, 4, 20, 500])
@pytest.mark.parametrize("n_departments", [1, 8, 200])
def test_any_number_of_topics_works(organization, n_topics, n_departments):
    workforce, _ = organization(employees=1000, departments=n_departments, n_topics=n_topics)
    assert_well_formed(workforce, 1000, n_departments, n_topics)


def test_departments_are_unequal_and_team_sizes_follow_the_span_of_control(large):
    workforce = large()
    departments = np.bincount(workforce.department)
    assert departments.max() > 2 * departments.min()
    teams = np.bincount(workforce.team)
    assert np.median(teams) in (5, 6)
    assert 10.0 < teams.mean() < 12.1
    assert np.mean(teams < 10) == pytest.approx(0.66, abs=0.025)
    assert np.mean(teams >= 25) == pytest.approx(0.13, abs=0.02)
    assert teams.min() >= 2


def test_managers_have_the_published_span_of_control(large):
    workforce = large()
    reports = np.bincount(workforce.manager[workforce.manager >= 0])
    reports = reports[reports > 0]
    assert 4.5 <= np.median(reports) <= 6.0
    assert 10.0 < reports.mean() < 12.1
    assert np.mean(reports < 10) == pytest.approx(0.66, abs=0.04)


def test_levels_form_a_pyramid(organization):
    for n in (300, 1000, 5000):
        workforce, _ = organization(employees=n)
        staff, leads, middle, executives = np.bincount(workforce.level, minlength=4)
        assert staff > leads > middle
        assert 1 <= executives <= max(1, n // 100 + 1)
        assert 0.85 < staff / n < 0.95


def test_many_departments_do_not_all_report_to_one_person(organization):
    workforce, _ = organization(employees=20_000, departments=200)
    executives = np.flatnonzero(workforce.level == 3)
    to_executives = np.isin(workforce.manager, executives) & (workforce.level == 3)
    assert np.bincount(workforce.manager[to_executives]).max() <= 3 * 11


def test_given_levels_lead():
    """Whoever is known to be an executive leads, however small the department."""
    levels = np.array([0, 0, 0, 0, 2, 0, 3, 0])
    scores = np.linspace(1.0, 0.1, 8)
    lines = reporting_lines(np.array([0, 6, 8]), np.array([0, 3, 6, 8]), scores, levels)
    assert lines.manager[6] == -1
    assert lines.manager[4] == 6
    assert lines.manager[[3, 5]].tolist() == [4, 4]
    assert lines.manager[7] == 6


def test_colleagues_share_topics_and_departments_overlap(organization):
    workforce, _ = organization(employees=4000, n_topics=20)
    n_topics, n_departments = 20, 8
    shares = np.zeros((n_departments, n_topics))
    for department in range(n_departments):
        topics = workforce.interests[workforce.department == department]
        shares[department] = np.bincount(topics.ravel(), minlength=n_topics) / topics.size
    assert (np.sort(shares, axis=1)[:, -4:].sum(axis=1) > 0.6).all()  # home topics
    assert (shares > 0.0).mean() > 0.95  # but somebody is interested in nearly everything
    popular = shares > 0.1
    assert (popular[:-1] & popular[1:]).any(axis=1).any()  # a topic shared by neighbors
    assert (shares.mean(axis=0) > 0.02).all()  # no topic is forgotten
