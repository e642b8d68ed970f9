"""Keys of ``organization``: who works there and who knows whom. What the world is, not what one chooses."""

from __future__ import annotations

import csv
from pathlib import Path

from sim.scenario.registry import Parameter


def _profiles() -> tuple[str, ...]:
    file = Path(__file__).parents[2] / "organization" / "data" / "profiles.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return tuple(dict.fromkeys(row["profile"] for row in rows))


PROFILES: tuple[str, ...] = _profiles()
DEFAULT_PROFILE = "nl-2014"
EVERYONE_LIMIT = 5_000  # employees; contacts of all with all grow with the square

ORGANIZATION: tuple[Parameter, ...] = (
    Parameter(
        path="organization.employees",
        default=1000,
        kind="int",
        low=1,
        high=2_000_000,
        unit="employees",
        meaning="Number of employees of a synthetic workforce.",
        source="assumption: between the 850 of Melbourne Water (Jackson 2011, T2.01) and the 15,000 of "
        "the firm that "
        "Treem et al. studied (Kellogg Insight 2013, T1.13)",
        group="people",
        plausible=(500, 5000),
    ),
    Parameter(
        path="organization.departments",
        default=8,
        kind="int",
        low=1,
        high=10_000,
        unit="departments",
        meaning="Number of departments; with fewer employees than departments, one per employee.",
        source="assumption: a usual first level of an organization of this size",
        group="network",
        plausible=(4, 16),
    ),
    Parameter(
        path="organization.workforce",
        default=DEFAULT_PROFILE,
        kind="text",
        low=None,
        high=None,
        unit="profile or file",
        meaning="Published tables that age, tenure and experience are drawn from, or the path of your own CSV file.",
        source="CBS 2014-2017 (T7.01, T7.02, T7.04, T7.07, T7.09); BLS 2016-2025 and Pew 2015-2021 "
        "(T7.03, T7.05, "
        "T7.06, T7.10, T7.11)",
        group="people",
        choices=PROFILES,
    ),
    Parameter(
        path="organization.sector",
        default="all",
        kind="choice",
        low=None,
        high=None,
        unit="sector",
        meaning="Sector whose job tenure is used; financial and public exist in the Dutch tables only.",
        source="CBS 2018, tenure by industry on 31 December 2016 (T7.04)",
        group="people",
        choices=("all", "financial", "public"),
    ),
    Parameter(
        path="organization.remote_share",
        default=None,
        kind="float",
        low=0.0,
        high=1.0,
        unit="share of staff",
        meaning="Share of staff who work remotely sometimes or mostly; empty (null) takes the workforce's own.",
        source="CBS telework 2013-2023 (T7.16): 34% to 54% of workers; more than 60% in finance (T7.17)",
        group="people",
        plausible=(0.1, 0.6),
    ),
    Parameter(
        path="organization.trust",
        default=0.6,
        kind="float",
        low=0.0,
        high=1.0,
        unit="share of full trust",
        meaning="Mean trust of employees in colleagues and management.",
        source="claims 0.5, 4.4, 4.5; assumption: somewhat above the middle, nobody measured it beside ESM use",
        group="people",
        plausible=(0.3, 0.8),
    ),
    Parameter(
        path="organization.contacts.department",
        default=6.0,
        kind="float",
        low=0.0,
        high=200.0,
        unit="contacts",
        meaning="Mean number of contacts in one's own department, beyond the own team.",
        source="assumption: about as many as in a team of median size (span of control 5-6, Gallup, T7.18)",
        group="network",
        plausible=(2.0, 15.0),
    ),
    Parameter(
        path="organization.contacts.across",
        default=2.0,
        kind="float",
        low=0.0,
        high=200.0,
        unit="contacts",
        meaning="Mean number of contacts in other departments.",
        source="claim 3.4: people of other units rarely meet; assumption: a third of those in the department",
        group="network",
        plausible=(0.5, 6.0),
    ),
    Parameter(
        path="organization.contacts.everyone",
        default=False,
        kind="bool",
        low=None,
        high=None,
        unit="yes or no",
        meaning=f"Everyone knows everyone (complete mixing); up to {EVERYONE_LIMIT:,} employees.",
        source="assumption: a limiting case for teaching and for known answers (Granovetter 1978; Bass 1969)",
        group="network",
    ),
)
