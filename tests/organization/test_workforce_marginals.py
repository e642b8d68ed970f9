"""Drawn workforces have the shares of the published tables, at N = 100,000."""

from __future__ import annotations

import numpy as np
import pytest

from sim.organization import PROFILE_NAMES
from sim.organization.profiles import assumptions, load_profile, numbers, read_table, select


def band_of(values, row):
    return (values >= float(row["low"])) & (values < float(row["high"]))


@pytest.mark.parametrize(("profile", "country"), [("nl-2014", "nl"), ("us-2021", "us")])
def test_age_bands(large, assert_share, profile, country):
    workforce = large(profile)
    rows = select("age", country=country)
    total = sum(numbers(rows, "thousands"))
    for row in rows:
        assert_share(band_of(workforce.age, row), float(row["thousands"]) / total)
    assert workforce.age.min() == 16.0
    assert 73.0 < workforce.age.max() <= 74.0
    np.testing.assert_array_equal(workforce.age, np.round(workforce.age, 1))


def test_dutch_mean_age_is_near_the_published_one(large):
    published = float(select("checks", id="T7.02")[0]["value"])
    assert large("nl-2014").age.mean() == pytest.approx(published, abs=0.7)


@pytest.mark.parametrize("sector", ["all", "financial", "public"])
def test_dutch_tenure_keeps_its_table_although_age_bounds_it(large, assert_share, sector):
    tenure = large("nl-2014", sector).tenure
    rows = select("tenure", sector=sector)
    total = sum(numbers(rows, "percent"))  # of public administration, 100 exactly; all, 100.1
    for row in rows:
        assert_share(band_of(tenure, row), float(row["percent"]) / total)


@pytest.mark.parametrize("profile", ["us-2015", "us-2021"])
def test_us_tenure_by_age(large, assert_share, profile):
    workforce = large(profile)
    rows = [row for row in read_table("tenure_by_age") if row["band"] != "16-19"]
    for row in rows:
        tenure = workforce.tenure[band_of(workforce.age, row)]
        if row["quantity"] == "percent_within_a_year":
            assert_share(tenure < 1.0, float(row["value"]) / 100.0)
        else:
            # Tenures are cut to a tenth of a year.
            assert_share(tenure < np.round(float(row["value"]), 1), 0.5, slack=0.02)
    # Of all ages the published median is 4.1 years (T7.06); nothing was fitted to it.
    assert np.median(workforce.tenure) == pytest.approx(4.1, abs=0.3)


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_social_media_use_by_age(large, assert_share, profile):
    workforce = large(profile)
    country, year = profile.split("-")
    for row in select("social_media_use", country=country, year=year):
        users = workforce.leisure_experience[band_of(workforce.age, row)] > 0.0
        if len(users) > 0:
            assert_share(users, float(row["percent"]) / 100.0)


@pytest.mark.parametrize("profile", ["nl-2014", "us-2021"])
def test_minutes_of_users_by_age(large, profile):
    workforce = large(profile)
    table, half = load_profile(profile), assumptions().minutes_half
    for low in (20, 35, 50, 60):
        chosen = (workforce.age >= low) & (workforce.age < low + 5) & (workforce.leisure_experience > 0)
        experience = workforce.leisure_experience[chosen]
        minutes = half * experience / (1.0 - experience)
        expected = np.interp(low + 2.5, table.minutes_ages, table.minutes)
        error = 4.0 * minutes.std() / len(minutes) ** 0.5 + 0.5
        assert minutes.mean() == pytest.approx(expected, abs=error)


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_leisure_experience_falls_with_age(large, profile):
    workforce = large(profile)
    means = [
        workforce.leisure_experience[(workforce.age >= low) & (workforce.age < high)].mean()
        for low, high in ((16, 25), (25, 45), (45, 65), (65, 75))
    ]
    assert means == sorted(means, reverse=True)


def test_use_grows_over_the_years(large):
    dutch = [large(name).leisure_experience.mean() for name in ("nl-2012", "nl-2014", "nl-2016")]
    assert dutch == sorted(dutch)
    assert large("us-2015").leisure_experience.mean() < large("us-2021").leisure_experience.mean()


@pytest.mark.parametrize("profile", ["nl-2014", "us-2015"])
def test_professional_networks_are_used_alike_at_every_age(large, assert_share, profile):
    workforce = large(profile)
    for low, high in ((16, 25), (25, 35), (35, 45), (45, 55), (55, 75)):
        chosen = (workforce.age >= low) & (workforce.age < high)
        assert_share(workforce.professional_experience[chosen] > 0.0, 0.266)
    users = workforce.professional_experience[workforce.professional_experience > 0.0]
    assert users.min() >= 0.2
    assert users.max() <= 1.0


def test_segmenters(large, assert_share, rank_correlation):
    workforce = large()
    assert_share(workforce.segmentation > 0.5, 0.31)
    assert rank_correlation(workforce.segmentation, workforce.age) == pytest.approx(0.2, abs=0.015)


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_remote_share_of_the_profile(large, assert_share, profile):
    remote = large(profile).remote_share
    assert_share(remote > 0.0, load_profile(profile).remote_share)
    some = remote[remote > 0.0]
    assert some.min() >= 0.2
    assert some.max() <= 0.9
    assert some.mean() == pytest.approx(0.55, abs=0.01)


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_remote_share_of_the_scenario(organization, assert_share, share):
    workforce, _ = organization(employees=20_000, remote_share=share)
    assert_share(workforce.remote_share > 0.0, share)


@pytest.mark.parametrize("trust", [0.0, 0.1, 0.6, 1.0])
def test_mean_trust_is_what_was_asked(organization, trust):
    workforce, _ = organization(employees=20_000, trust=trust)
    assert workforce.trust.mean() == pytest.approx(trust, abs=0.005)
    assert workforce.trust.min() >= 0.0
    assert workforce.trust.max() <= 1.0
    spread = workforce.trust.std()
    assert spread == 0.0 if trust in (0.0, 1.0) else spread > 0.03


def test_inclination_and_compliance(large):
    workforce = large()
    assert workforce.inclination.mean() == pytest.approx(0.0, abs=0.015)
    assert workforce.inclination.std() == pytest.approx(1.0, abs=0.01)
    assert workforce.compliance.min() >= 0.0
    assert workforce.compliance.max() < 1.0
    assert workforce.compliance.mean() == pytest.approx(0.5, abs=0.005)


@pytest.mark.parametrize(
    ("name", "decimals"),
    [
        ("age", 1),
        ("tenure", 1),
        ("leisure_experience", 4),
        ("professional_experience", 4),
        ("segmentation", 4),
        ("remote_share", 4),
        ("trust", 4),
        ("expertise", 4),
        ("inclination", 4),
        ("compliance", 6),
    ],
)
def test_values_are_rounded(large, name, decimals):
    values = getattr(large(), name)
    assert values.dtype == np.float64
    np.testing.assert_allclose(values, np.round(values, decimals), rtol=0.0, atol=1e-12)
