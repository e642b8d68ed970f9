"""In what share of the worlds of the prior each pattern comes out: what says whether it is built in.

The shares come with the package (``data/prior.csv``), made from a scorecard over the prior by
``python docs/programs/prior_patterns.py FOLDER``. A pattern that was added or changed since has none until they are
made again.
"""

from __future__ import annotations

import csv
import math
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).resolve().parent / "data" / "prior.csv"
COLUMNS = ("pattern", "statistic", "as_claimed")


@lru_cache(maxsize=2)
def shares_over_prior(file: Path = FILE) -> dict[tuple[str, str], float]:
    """Return the share of worlds as claimed, by pattern and the text of its statistic; empty without a file."""
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return {
            (row["pattern"], row["statistic"]): float(row["as_claimed"]) if row["as_claimed"] else math.nan
            for row in rows
        }
