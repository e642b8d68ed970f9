"""The workforce: one array per attribute, one position per employee."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.catalog.registry import DEFAULT_PROFILE
from sim.kernel.compiled import compiled
from sim.kernel.streams import normals, uniforms
from sim.kernel.tables import stable_order
from sim.organization import people, structure
from sim.organization.people import YOUNGEST, share_rounded
from sim.organization.profiles import (
    PROFILE_NAMES,
    Profile,
    assumptions,
    load_profile,
    load_tenure_bands,
    load_tenure_by_age,
)

if TYPE_CHECKING:
    from sim.exports.staff import StaffFile


class Workforce(NamedTuple):
    """All that is fixed about employees. N employees; departments and teams are contiguous.

    Attributes
    ----------
    age : ndarray, float64 (N,)
        Years, to 0.1.
    leisure_experience, professional_experience : ndarray, float64 (N,)
        Experience with social media and with professional networks outside work [0-1].
    segmentation : ndarray, float64 (N,)
        Preference to keep work and private life apart [0-1].
    tenure : ndarray, float64 (N,)
        Years with the organization, to 0.1.
    remote_share : ndarray, float64 (N,)
        Share of days worked remotely [0-1].
    trust : ndarray, float64 (N,)
        Trust in colleagues and management [0-1].
    level : ndarray, int64 (N,)
        0 staff, 1 team lead, 2 middle manager, 3 executive.
    department, team : ndarray, int64 (N,)
        Numbered from 0 in the order of employees.
    manager : ndarray, int64 (N,)
        Whom one reports to; -1 for nobody.
    interests : ndarray, int64 (N, 3)
        Topics.
    expertise_topic : ndarray, int64 (N,)
        The interest one knows most about.
    expertise : ndarray, float64 (N,)
        How much [0-1].
    inclination : ndarray, float64 (N,)
        Inclination to write, standard normal.
    reading_inclination : ndarray, float64 (N,)
        Inclination to read, standard normal.
    compliance : ndarray, float64 (N,)
        Uniform [0, 1): who complies with a rule first.
    working_share : ndarray, float64 (N,)
        Share of a full week that one works [0-1].
    """

    age: np.ndarray
    leisure_experience: np.ndarray
    professional_experience: np.ndarray
    segmentation: np.ndarray
    tenure: np.ndarray
    remote_share: np.ndarray
    trust: np.ndarray
    level: np.ndarray
    department: np.ndarray
    team: np.ndarray
    manager: np.ndarray
    interests: np.ndarray
    expertise_topic: np.ndarray
    expertise: np.ndarray
    inclination: np.ndarray
    reading_inclination: np.ndarray
    compliance: np.ndarray
    working_share: np.ndarray


class Units(NamedTuple):
    """Departments and teams by their first employees, with N at the end, int64."""

    department_starts: np.ndarray
    team_starts: np.ndarray

    @property
    def department(self) -> np.ndarray:
        """Department of each employee, int64 (N,)."""
        return _numbered(self.department_starts)

    @property
    def team(self) -> np.ndarray:
        """Team of each employee, int64 (N,)."""
        return _numbered(self.team_starts)


def _numbered(starts: np.ndarray) -> np.ndarray:
    # NumPy wants counts in the machine's own integers: 32 bits in a browser.
    return np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts).astype(np.intp))


def build_workforce(organization: Mapping[str, Any], n_topics: int, seed: int) -> Workforce:
    """Return the workforce of a resolved scenario.

    Parameters
    ----------
    organization : mapping
        Section ``organization`` of a resolved scenario: `employees`, `departments`, `workforce`, `sector`,
        `remote_share` (None for the profile's own), `trust`. Where `workforce` names a file, the file decides
        the number of employees.
    n_topics : int
        Number of topics (`platform.communities`), at least 1.
    seed : int
        Seed of the run. Every quantity has its own stream, so that settings which leave a quantity alone
        leave its numbers alone too.

    Raises
    ------
    sim.errors.InputError
        If `workforce` is a file that cannot be read as staff; one line for each mistake.
    """
    if organization["workforce"] not in PROFILE_NAMES:
        from sim.exports.staff import Reading, read_staff  # the science core does without files

        staff = read_staff(organization["workforce"], Reading.of(organization))
        return _from_file(staff, organization, n_topics, seed)
    profile = load_profile(organization["workforce"])
    n = organization["employees"]
    age = people.draw_ages(profile, seed, n)
    tenure = draw_tenures(profile, organization["sector"], age, seed)
    units = _synthetic_units(n, organization["departments"], seed)
    lines = structure.reporting_lines(*units, structure.promotion_scores(tenure, seed))
    return _assemble(profile, organization, age, tenure, units, lines, n_topics, seed)


def _synthetic_units(n: int, n_departments: int, seed: int) -> Units:
    department_starts = structure.starts_of(structure.department_sizes(n, n_departments, seed))
    return Units(department_starts, structure.starts_of(structure.team_sizes(department_starts, seed)))


def _assemble(
    profile: Profile,
    organization: Mapping[str, Any],
    age: np.ndarray,
    tenure: np.ndarray,
    units: Units,
    lines: structure.Lines,
    n_topics: int,
    seed: int,
) -> Workforce:
    """Draw everything that depends on nothing but age, tenure and department."""
    n = len(age)
    share_remote = organization["remote_share"]
    department = units.department
    topics = draw_topics(department, len(units.department_starts) - 1, tenure, n_topics, seed)
    return Workforce(
        age=age,
        leisure_experience=people.draw_leisure_experience(profile, age, seed),
        professional_experience=people.draw_professional_experience(profile, seed, n),
        segmentation=people.draw_segmentation(profile, age, seed),
        tenure=tenure,
        remote_share=people.draw_remote_shares(profile.remote_share if share_remote is None else share_remote, seed, n),
        trust=people.draw_trust(organization["trust"], seed, n),
        level=lines.level,
        department=department,
        team=units.team,
        manager=lines.manager,
        interests=topics.interests,
        expertise_topic=topics.expertise_topic,
        expertise=topics.expertise,
        inclination=people.draw_inclination(seed, n),
        reading_inclination=people.draw_reading_inclination(seed, n),
        compliance=people.draw_compliance(seed, n),
        working_share=np.ones(n),
    )


def _from_file(staff: StaffFile, organization: Mapping[str, Any], n_topics: int, seed: int) -> Workforce:
    """Return the workforce of a user's own file; what it leaves out is drawn from a profile, given what is known."""
    profile = load_profile((organization.get("staff") or {}).get("profile") or DEFAULT_PROFILE)
    n = len(staff)
    given_tenure = _given(staff, "tenure")
    age = _completed(_given(staff, "age"), people.draw_ages(profile, seed, n, tenure=given_tenure))
    tenure = _completed(given_tenure, draw_tenures(profile, organization["sector"], age, seed))
    units = _units_of_file(staff, organization["departments"], seed)
    lines = _lines_of_file(staff, units, structure.promotion_scores(tenure, seed))
    drawn = _assemble(profile, organization, age, tenure, units, lines, n_topics, seed)
    own = ("leisure_experience", "professional_experience", "segmentation", "remote_share", "trust", "working_share")
    return drawn._replace(
        **{name: _completed(_given(staff, name), getattr(drawn, name)) for name in own},
    )


def _given(staff: StaffFile, name: str) -> np.ndarray:
    """Return the given values of a column, float64 (N,), NaN where nothing is given."""
    values = staff.numbers.get(name)
    return np.full(len(staff), np.nan) if values is None else np.array(values, dtype=np.float64)


def _completed(given: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Return what is given, and what is drawn where nothing is given (NaN)."""
    return np.where(np.isnan(given), drawn, given)


def _units_of_file(staff: StaffFile, n_departments: int, seed: int) -> Units:
    if staff.department_sizes is None:
        return _synthetic_units(len(staff), n_departments, seed)
    department_starts = structure.starts_of(np.array(staff.department_sizes, dtype=np.int64))
    if staff.team_sizes is None:
        return Units(department_starts, structure.starts_of(structure.team_sizes(department_starts, seed)))
    return Units(department_starts, structure.starts_of(np.array(staff.team_sizes, dtype=np.int64)))


def _lines_of_file(staff: StaffFile, units: Units, scores: np.ndarray) -> structure.Lines:
    """Return the file's own reporting lines, or lines in which those of a higher level lead."""
    given_level = _given(staff, "level")
    if staff.manager is not None:
        # The reader has worked out a level for everyone whose cell is empty.
        return structure.Lines(np.array(staff.manager, dtype=np.int64), given_level.astype(np.int64))
    lines = structure.reporting_lines(*units, scores, np.nan_to_num(given_level).astype(np.int64))
    return lines._replace(level=_completed(given_level, lines.level).astype(np.int64))


# What employees are interested in, and what they know most about.


N_INTERESTS = 3


class Topics(NamedTuple):
    """Interests and expertise."""

    interests: np.ndarray  # int64 (N, 3): topics, three different ones where there are three
    expertise_topic: np.ndarray  # int64 (N,): the one of them that one knows most about
    expertise: np.ndarray  # float64 (N,): how much one knows of it [0-1]


def draw_topics(department: np.ndarray, n_departments: int, tenure: np.ndarray, n_topics: int, seed: int) -> Topics:
    """Return interests and expertise.

    Each department, int64 (N,), has its home topics, which overlap with those of its neighbors in the list. Two
    interests are home topics, the third can be any other topic; with one or two topics interests repeat. One of the
    three is the topic of expertise, of which one knows the more the longer one is there (`tenure` in years).
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


# Years with the organization, given age: never more than age minus 16, rising with age.
#
# The Dutch table has no ages: its tenures are drawn as published and handed out so that everyone could have
# theirs. The US tables have ages: tenure is drawn within the band of age.


FREE_CUT_AGE = 20.0  # years; below it a whole tenure distribution does not fit under age minus 16


def longest_tenures(age: np.ndarray) -> np.ndarray:
    """Return the longest possible tenure in tenths of a year, int64 (N,)."""
    return np.maximum(np.rint(10.0 * (age - YOUNGEST)), 0.0).astype(np.int64)


def draw_tenures(profile: Profile, sector: str, age: np.ndarray, seed: int) -> np.ndarray:
    """Return tenures [years, to 0.1], float64 (N,), at most age - 16, from the tables of the country of the profile.

    `sector` is ``all``, ``financial`` or ``public``, for Dutch tables only.
    """
    if profile.tenure_country == "us":
        return _draw_by_age(age, seed)
    return _draw_by_sector(profile, sector, age, seed)


def _draw_by_sector(profile: Profile, sector: str, age: np.ndarray, seed: int) -> np.ndarray:
    """Draw from the sector's table, then hand out: to the older first, with luck, and only what fits."""
    ranks = uniforms(seed, "tenure", len(age))
    offered = np.sort(_sector_quantiles(sector, ranks))
    longest = longest_tenures(age)
    age_rank = np.interp(age, profile.age_edges, profile.age_shares_below)
    luck = normals(seed, "tenure order", len(age))
    first_in_line = stable_order(-(assumptions().tenure_age_weight * age_rank + luck))
    tenths = np.full(len(age), -1, dtype=np.int64)
    hand_out(first_in_line, _n_at_most(offered, longest), offered, tenths)
    # In a small or young workforce some tenures fit nobody; those left get any tenure that fits.
    return np.where(tenths >= 0, tenths, np.floor(ranks * longest)) / 10.0


def _n_at_most(offered: np.ndarray, longest: np.ndarray) -> np.ndarray:
    """Return for each of `longest` how many of `offered` are not above it, int64 (N,); both in tenths of a year."""
    # NumPy wants counts in the machine's own integers: 32 bits in a browser.
    counts = np.bincount(offered.astype(np.intp), minlength=int(longest.max()) + 1)
    n_at_most: np.ndarray = np.cumsum(counts, dtype=np.int64)[longest]
    return n_at_most


def _sector_quantiles(sector: str, ranks: np.ndarray) -> np.ndarray:
    """Return tenures in tenths of a year, int64: uniform in closed bands, falling to 0 in the open one."""
    table = load_tenure_bands(sector)
    open_share, open_edge, longest = table.shares_below[-2], table.edges[-2], table.edges[-1]
    years = np.interp(ranks, table.shares_below, table.edges)
    in_open = np.maximum(ranks - open_share, 0.0) / (1.0 - open_share)
    in_open_years = open_edge + (longest - open_edge) * (1.0 - np.sqrt(1.0 - in_open))
    return np.floor(10.0 * np.where(ranks < open_share, years, in_open_years)).astype(np.int64)


@compiled
def hand_out(order: np.ndarray, n_fitting: np.ndarray, offered: np.ndarray, received: np.ndarray) -> None:
    """Give each employee in `order` the longest tenure still offered that fits; who finds none keeps what is there.

    Taking the longest that fits leaves the short ones to those who can take nothing else, so everyone gets a tenure
    whenever that is possible at all, in any order (scheduling with deadlines). `offered` rises; `n_fitting` says how
    many of them, from the shortest on, fit each employee. All are int64 (N,).
    """
    # free[k] leads to the longest tenure not yet given among the first k; 0 is none. Paths are halved as they
    # are walked, which keeps the whole close to linear.
    free = np.arange(len(offered) + 1, dtype=np.int64)
    for employee in order:
        k = n_fitting[employee]
        while free[k] != k:
            free[k] = free[free[k]]
            k = free[k]
        if k > 0:
            received[employee] = offered[k - 1]
            free[k] = k - 1


def _draw_by_age(age: np.ndarray, seed: int) -> np.ndarray:
    """Draw from the log-logistic distribution of the age band.

    The lower half is as published; the upper half is squeezed to end at age - 16, so that share within a year
    and median stay as published. Below 20 the whole distribution is cut off at age - 16.
    """
    table = load_tenure_by_age()
    band = np.clip(np.searchsorted(table.age_edges, age, side="right") - 1, 0, len(table.medians) - 1)
    median, shape = table.medians[band], table.shapes[band]
    longest = longest_tenures(age) / 10.0
    odds = (longest / median) ** shape
    fitting = odds / (1.0 + odds)  # share of the distribution up to the longest possible tenure
    ranks = uniforms(seed, "tenure", len(age))
    squeezed = np.where(ranks < 0.5, ranks, 0.5 + (ranks - 0.5) * (fitting - 0.5) / 0.5)
    ranks = np.where(age < FREE_CUT_AGE, ranks * fitting, squeezed)
    years = median * (ranks / (1.0 - ranks)) ** (1.0 / shape)
    return np.minimum(np.floor(10.0 * years), 10.0 * longest) / 10.0
