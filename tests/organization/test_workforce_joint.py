"""What depends on what, and above all what does not."""

from __future__ import annotations

import numpy as np
import pytest

from sim.organization import PROFILE_NAMES

NO_CORRELATION = 0.015  # four standard errors at N = 100,000 are 0.013


def residual_ranks(values, given):
    """Return the ranks of `values` without what goes with fine bands of `given`."""
    order = np.argsort(given, kind="stable")
    result = np.empty(len(values))
    for part in np.array_split(order, 200):
        _, place, counts = np.unique(values[part], return_inverse=True, return_counts=True)
        result[part] = (np.cumsum(counts) - 0.5 * counts)[place] / len(part) - 0.5  # equal values, equal rank
    return result


@pytest.mark.parametrize(("profile", "sector"), [*((name, "all") for name in PROFILE_NAMES), ("nl-2014", "public")])
def test_nobody_worked_here_before_the_age_of_16(large, profile, sector):
    workforce = large(profile, sector)
    assert (workforce.tenure <= workforce.age - 16.0 + 1e-9).all()
    assert (workforce.tenure >= 0.0).all()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n", [1, 2, 3, 7, 50])
def test_the_bound_holds_in_small_workforces(organization, n, seed):
    for profile in ("nl-2014", "us-2021"):
        workforce, _ = organization(employees=n, workforce=profile, sector="public", seed=seed)
        assert (workforce.tenure <= workforce.age - 16.0 + 1e-9).all()


@pytest.mark.parametrize(
    ("profile", "low", "high"), [("nl-2014", 0.42, 0.52), ("us-2015", 0.42, 0.52), ("us-2021", 0.42, 0.52)]
)
def test_tenure_rises_with_age(large, rank_correlation, profile, low, high):
    workforce = large(profile)
    assert low < rank_correlation(workforce.age, workforce.tenure) < high
    bands = [(16, 25), (25, 35), (35, 45), (45, 55), (55, 65)]
    medians = [np.median(workforce.tenure[(workforce.age >= low) & (workforce.age < high)]) for low, high in bands]
    assert medians == sorted(medians)


def test_there_are_newcomers_at_every_age(large):
    workforce = large("nl-2014")
    for low, high in ((25, 35), (35, 45), (45, 55), (55, 65)):
        tenure = workforce.tenure[(workforce.age >= low) & (workforce.age < high)]
        assert 0.02 < np.mean(tenure < 1.0) < 0.25


@pytest.mark.parametrize("profile", ["nl-2014", "us-2021"])
@pytest.mark.parametrize("name", ["leisure_experience", "segmentation"])
@pytest.mark.parametrize(
    "other", ["tenure", "level", "professional_experience", "remote_share", "trust", "expertise", "inclination"]
)
def test_given_age_experience_and_boundaries_depend_on_nothing_else(large, profile, name, other):
    workforce = large(profile)
    ours = residual_ranks(getattr(workforce, name), workforce.age)
    theirs = residual_ranks(getattr(workforce, other).astype(float), workforce.age)
    assert abs(np.corrcoef(ours, theirs)[0, 1]) < NO_CORRELATION


@pytest.mark.parametrize(
    "name", ["professional_experience", "remote_share", "trust", "inclination", "compliance", "department"]
)
def test_age_sets_nothing_else(large, rank_correlation, name):
    workforce = large()
    assert abs(rank_correlation(workforce.age, getattr(workforce, name))) < NO_CORRELATION


def test_leaders_are_chosen_by_tenure_and_not_by_age(large):
    workforce = large()
    is_leader = workforce.level > 0
    assert workforce.tenure[is_leader].mean() > workforce.tenure[~is_leader].mean() + 3.0
    # Leaders are older, but not among those of one tenure.
    assert workforce.age[is_leader].mean() > workforce.age[~is_leader].mean() + 2.0
    assert abs(np.corrcoef(residual_ranks(workforce.age, workforce.tenure), is_leader)[0, 1]) < NO_CORRELATION


def test_expertise_rises_with_tenure_only(large):
    workforce = large()
    newcomers = workforce.expertise[workforce.tenure < 1.0].mean()
    assert newcomers < workforce.expertise[workforce.tenure > 10.0].mean() - 0.2
    by_age = residual_ranks(workforce.age, workforce.tenure)
    assert abs(np.corrcoef(by_age, residual_ranks(workforce.expertise, workforce.tenure))[0, 1]) < NO_CORRELATION
