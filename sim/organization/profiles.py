"""The published tables in `data`, and workforce profiles: which of them feeds which number, for a country and a year.

Each table has one row a number, with its evidence id, population, year, source and address; `data/README.md` describes
them. `data/profiles.csv` says for each profile and quantity which rows are used and what is an assumption.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from sim.catalog.registry import DEFAULT_PROFILE, PROFILES

PROFILE_NAMES: tuple[str, ...] = PROFILES

Row = dict[str, str]


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """Return the rows of one table, such as ``age``, each a mapping from column name to text."""
    text = resources.files("sim.organization").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def select(name: str, **wanted: str) -> list[Row]:
    """Return the rows of table `name` whose columns have the `wanted` values, in order; LookupError for none."""
    rows = [row for row in read_table(name) if all(row[column] == value for column, value in wanted.items())]
    if not rows:
        raise LookupError(f"table {name} has no row with {wanted}")
    return rows


def numbers(rows: list[Row], column: str) -> list[float]:
    """Return one column as numbers."""
    return [float(row[column]) for row in rows]


def edges(rows: list[Row]) -> list[float]:
    """Return the limits of adjoining bands, the upper limit of the last, too; ValueError if they do not adjoin."""
    lows, highs = numbers(rows, "low"), numbers(rows, "high")
    if lows[1:] != highs[:-1]:
        raise ValueError(f"bands do not adjoin: {[row['band'] for row in rows]}")
    return [*lows, highs[-1]]


def cumulative(weights: list[float]) -> list[float]:
    """Return the running share of `weights`, from 0 to exactly 1."""
    total = math.fsum(weights)  # the built-in sum rounds otherwise from Python 3.12 on
    shares = [0.0]
    for weight in weights:
        shares.append(shares[-1] + weight / total)
    shares[-1] = 1.0
    return shares


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The numbers of the workforce and its contacts that no table gives.

    One field per row of `data/assumptions.csv`, which holds unit, meaning, plausible range and reason.
    """

    minutes_half: float
    minutes_spread: float
    professional_low: float
    professional_high: float
    tenure_age_weight: float
    segmentation_age: float
    segmentation_spread: float
    remote_low: float
    remote_high: float
    trust_spread: float
    department_spread: float
    department_span: float
    board_span: float
    executives_share: float
    promotion_years: float
    promotion_luck: float
    home_topics: float
    expertise_years: float
    expertise_luck: float
    newcomer_thinning: float
    remote_thinning: float
    remote_newcomer_thinning: float
    reference_remote: float
    large_team: float


@cache
def assumptions() -> Assumptions:
    """Return the assumed numbers; LookupError if file and fields do not name the same."""
    values = {row["name"]: float(row["value"]) for row in read_table("assumptions")}
    names = {field.name for field in fields(Assumptions)}
    if values.keys() != names:
        raise LookupError(f"assumptions.csv and Assumptions differ: {sorted(values.keys() ^ names)}")
    return Assumptions(**values)


class Profile(NamedTuple):
    """The numbers that a synthetic workforce is drawn from."""

    name: str  # such as ``nl-2014``
    age_edges: np.ndarray  # float64 (bands + 1,): limits of the age bands [years]
    age_shares_below: np.ndarray  # float64 (bands + 1,): share of workers below each limit, 0 to 1
    use_edges: np.ndarray  # float64 (bands + 1,): limits of the age bands of social media use [years]
    use_shares: np.ndarray  # float64 (bands,): share of people in the band who use social media
    minutes_ages: np.ndarray  # float64 (points,): minutes a day of users at certain ages; in between on a straight line
    minutes: np.ndarray
    professional_share: float  # share of people with a profile on a professional network, at any age
    remote_share: float  # share of workers who work remotely at least sometimes
    tenure_country: str  # ``nl``: tenure by sector; ``us``: tenure by age


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
    """Return the profile `name`; ValueError if there is none."""
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
