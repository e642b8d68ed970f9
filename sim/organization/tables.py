"""The published tables, read from the CSV files in `sim/organization/data` with the standard library alone.

Each file has one row a number, with its evidence id, population, year, source and address; `data/README.md`
describes them. Tables are read once per process.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources

Row = dict[str, str]


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """Return the rows of one table, such as ``age``, each a mapping from column name to text."""
    text = resources.files("sim.organization").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def select(name: str, **wanted: str) -> list[Row]:
    """Return the rows of table `name` whose columns have the `wanted` values, in the order of the file.

    Raises
    ------
    LookupError
        If there is no such row.
    """
    rows = [row for row in read_table(name) if all(row[column] == value for column, value in wanted.items())]
    if not rows:
        raise LookupError(f"table {name} has no row with {wanted}")
    return rows


def numbers(rows: list[Row], column: str) -> list[float]:
    """Return one column as numbers."""
    return [float(row[column]) for row in rows]


def edges(rows: list[Row]) -> list[float]:
    """Return the limits of adjoining bands: the lower limit of each, then the upper limit of the last.

    Raises
    ------
    ValueError
        If a band does not start where the one before it ends.
    """
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
    """Return the assumed numbers.

    Raises
    ------
    LookupError
        If file and fields do not name the same numbers.
    """
    values = {row["name"]: float(row["value"]) for row in read_table("assumptions")}
    names = {field.name for field in fields(Assumptions)}
    if values.keys() != names:
        raise LookupError(f"assumptions.csv and Assumptions differ: {sorted(values.keys() ^ names)}")
    return Assumptions(**values)
