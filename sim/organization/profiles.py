"""Workforce profiles: which published table feeds which number, for a country and a year.

`data/profiles.csv` says for each profile and quantity which rows are used and what is an assumption.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from sim.catalog.registry import DEFAULT_PROFILE, PROFILES
from sim.organization.tables import cumulative, edges, numbers, select

PROFILE_NAMES: tuple[str, ...] = PROFILES


class Profile(NamedTuple):
    """The numbers that a synthetic workforce is drawn from.

    Attributes
    ----------
    name : str
        Such as ``nl-2014``.
    age_edges : ndarray, float64 (bands + 1,)
        Limits of the age bands [years].
    age_shares_below : ndarray, float64 (bands + 1,)
        Share of workers below each limit, 0 to 1.
    use_edges : ndarray, float64 (bands + 1,)
        Limits of the age bands of social media use [years].
    use_shares : ndarray, float64 (bands,)
        Share of people in the band who use social media.
    minutes_ages, minutes : ndarray, float64 (points,)
        Minutes a day of users at certain ages; in between on a straight line.
    professional_share : float
        Share of people with a profile on a professional network, at any age.
    remote_share : float
        Share of workers who work remotely at least sometimes.
    tenure_country : str
        ``nl``: tenure by sector; ``us``: tenure by age.
    """

    name: str
    age_edges: np.ndarray
    age_shares_below: np.ndarray
    use_edges: np.ndarray
    use_shares: np.ndarray
    minutes_ages: np.ndarray
    minutes: np.ndarray
    professional_share: float
    remote_share: float
    tenure_country: str


class TenureBands(NamedTuple):
    """Job tenure of a whole sector: shares of bands of years; the last band is open."""

    edges: np.ndarray  # float64 (bands + 1,), years; the last one is the longest tenure
    shares_below: np.ndarray  # float64 (bands + 1,)


class TenureByAge(NamedTuple):
    """Job tenure in bands of age: a log-logistic distribution in each."""

    age_edges: np.ndarray  # float64 (bands + 1,), years
    medians: np.ndarray  # float64 (bands,), years
    shapes: np.ndarray  # float64 (bands,)


class TeamSizes(NamedTuple):
    """Quantiles of team size: `sizes` at the cumulative `shares`, straight lines in between."""

    shares: np.ndarray
    sizes: np.ndarray


def _constant(values: list[float]) -> np.ndarray:
    """Return an array that nobody can change: it is shared by all runs of the process."""
    array = np.array(values)
    array.flags.writeable = False
    return array


@cache
def load_profile(name: str) -> Profile:
    """Return the profile `name`.

    Raises
    ------
    ValueError
        If there is no such profile.
    """
    if name not in PROFILE_NAMES:
        raise ValueError(f"no workforce profile {name!r}; there are {', '.join(PROFILE_NAMES)}")
    rows = {row["quantity"]: row for row in select("profiles", profile=name)}
    age = select("age", country=rows["age"]["selector"])
    country, year = rows["use"]["selector"].split()
    use = select("social_media_use", country=country, year=year)
    minutes = select("social_media_minutes", country=rows["minutes"]["selector"])
    return Profile(
        name=name,
        age_edges=_constant(edges(age)),
        age_shares_below=_constant(cumulative(numbers(age, "thousands"))),
        use_edges=_constant(edges(use)),
        use_shares=_constant([share / 100.0 for share in numbers(use, "percent")]),
        minutes_ages=_constant(numbers(minutes, "age")),
        minutes=_constant(numbers(minutes, "minutes")),
        professional_share=float(rows["professional"]["value"]) / 100.0,
        remote_share=float(rows["remote"]["value"]) / 100.0,
        tenure_country=rows["tenure"]["selector"],
    )


def profile_remote_share(name: str) -> float:
    """Return the share of staff who work remotely at least sometimes [0-1] in profile `name`.

    For the path of a user's own file it is the share of the default profile.
    """
    return load_profile(name if name in PROFILE_NAMES else DEFAULT_PROFILE).remote_share


@cache
def load_tenure_bands(sector: str) -> TenureBands:
    """Return the Dutch tenure table of a sector: ``all``, ``financial`` or ``public`` (CBS 2018, T7.04)."""
    rows = select("tenure", sector=sector)
    return TenureBands(_constant(edges(rows)), _constant(cumulative(numbers(rows, "percent"))))


@cache
def load_tenure_by_age() -> TenureByAge:
    """Return the US tenure tables by age (BLS, T7.05 and T7.06) as log-logistic distributions.

    With F(x) = 1 / (1 + (x / median) ** -shape), the published share within a year, F(1), gives the shape.
    """
    within = select("tenure_by_age", quantity="percent_within_a_year")
    medians = numbers(select("tenure_by_age", quantity="median_years"), "value")
    shares = [percent / 100.0 for percent in numbers(within, "value")]
    shapes = [math.log((1.0 - p) / p) / math.log(m) for p, m in zip(shares, medians, strict=True)]
    return TenureByAge(_constant(edges(within)), _constant(medians), _constant([round(s, 9) for s in shapes]))


@cache
def load_team_sizes() -> TeamSizes:
    """Return the quantiles of team size, from the span of control (Gallup, T7.18)."""
    rows = select("span_of_control", statistic="quantile")
    return TeamSizes(_constant(numbers(rows, "share")), _constant(numbers(rows, "size")))


@cache
def segmenter_threshold() -> float:
    """Return the standard normal value that the published share of segmenters (T5.20) lies above."""
    percent = float(select("segmentation", statistic="segmenters")[0]["value"])
    return round(NormalDist().inv_cdf(1.0 - percent / 100.0), 9)
