"""A table that shows who works in a synthetic organization; ``python docs/programs/workforce_tables.py`` prints all.

The documentation holds this table, and a test compares them.
"""

from __future__ import annotations

import sys

import numpy as np

from sim.organization.profiles import PROFILE_NAMES, Profile, load_profile
from sim.organization.workforce import Workforce, build_workforce

N_DESCRIBED = 100_000
SEED = 1
AGE_GROUPS = ((16, 25), (25, 35), (35, 45), (45, 55), (55, 65), (65, 75))
COLUMNS = (
    "age",
    "of staff",
    "use social media",
    "published",
    "leisure experience",
    "professional experience",
    "segmenters",
    "in first year",
    "median tenure",
    "lead others",
)


def describe_profile(name: str, n: int = N_DESCRIBED, seed: int = SEED) -> list[list[str]]:
    """Return the rows of the table for one profile, as text: an age group each, and all ages.

    Parameters
    ----------
    name : str
        Profile, such as ``nl-2014``.
    n : int
        Number of employees drawn.
    seed : int
        Seed of the draw.
    """
    organization = {
        "employees": n,
        "departments": 8,
        "workforce": name,
        "sector": "all",
        "remote_share": None,
        "trust": 0.6,
    }
    workforce, profile = build_workforce(organization, 20, seed), load_profile(name)
    groups = [(f"{low}-{high - 1}", low, high) for low, high in AGE_GROUPS]
    groups.append(("all", AGE_GROUPS[0][0], AGE_GROUPS[-1][1]))
    return [
        _row(group, (workforce.age >= low) & (workforce.age < high), workforce, profile) for group, low, high in groups
    ]


def _row(group: str, chosen: np.ndarray, workforce: Workforce, profile: Profile) -> list[str]:
    band = np.searchsorted(profile.use_edges, workforce.age[chosen], side="right") - 1
    leisure, tenure = workforce.leisure_experience[chosen], workforce.tenure[chosen]
    return [
        group,
        f"{chosen.mean():.1%}",
        f"{np.mean(leisure > 0.0):.1%}",
        f"{profile.use_shares[band].mean():.1%}",
        f"{leisure.mean():.2f}",
        f"{workforce.professional_experience[chosen].mean():.2f}",
        f"{np.mean(workforce.segmentation[chosen] > 0.5):.0%}",
        f"{np.mean(tenure < 1.0):.0%}",
        f"{np.median(tenure):.1f}",
        f"{np.mean(workforce.level[chosen] > 0):.0%}",
    ]


def markdown_table(rows: list[list[str]]) -> str:
    """Return rows as a Markdown table below the names of the columns."""
    lines = [COLUMNS, ["---"] + ["---:"] * (len(COLUMNS) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def describe_all() -> str:
    """Return the tables of all profiles, as Markdown."""
    parts = [f"**{name}**\n\n{markdown_table(describe_profile(name))}" for name in PROFILE_NAMES]
    return "\n\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(describe_all() + "\n")
