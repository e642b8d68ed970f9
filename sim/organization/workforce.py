"""The workforce: one array per attribute, one position per employee."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.organization import people, structure
from sim.organization.profiles import DEFAULT_PROFILE, PROFILE_NAMES, Profile, load_profile
from sim.organization.tenure import draw_tenures
from sim.organization.topics import draw_topics

if TYPE_CHECKING:
    from sim.organization.importing import StaffFile


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
        from sim.organization.importing import read_staff  # the science core does without files

        return _from_file(read_staff(organization["workforce"]), organization, n_topics, seed)
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
    )


def _from_file(staff: StaffFile, organization: Mapping[str, Any], n_topics: int, seed: int) -> Workforce:
    """Return the workforce of a user's own file; what it leaves out is drawn from the default profile."""
    profile = load_profile(DEFAULT_PROFILE)
    n = len(staff)
    given_tenure = staff.column("tenure")
    age = _completed(staff.column("age"), people.draw_ages(profile, seed, n, tenure=given_tenure))
    tenure = _completed(given_tenure, draw_tenures(profile, organization["sector"], age, seed))
    units = _units_of_file(staff, organization["departments"], seed)
    lines = _lines_of_file(staff, units, structure.promotion_scores(tenure, seed))
    drawn = _assemble(profile, organization, age, tenure, units, lines, n_topics, seed)
    own = ("leisure_experience", "professional_experience", "segmentation", "remote_share", "trust")
    return drawn._replace(
        **{name: _completed(staff.column(name), getattr(drawn, name)) for name in own},
    )


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
    given_level = staff.column("level")
    if staff.manager is not None:
        # The reader has worked out a level for everyone whose cell is empty.
        return structure.Lines(np.array(staff.manager, dtype=np.int64), given_level.astype(np.int64))
    lines = structure.reporting_lines(*units, scores, np.nan_to_num(given_level).astype(np.int64))
    return lines._replace(level=_completed(given_level, lines.level).astype(np.int64))
