"""Three fixed runs whose numbers are kept beside this file.

A change of these numbers is a change of the model: refresh them only on purpose, with ``python -m tests.golden``, and
say so in the changelog.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from sim.model.simulation import simulate
from sim.scenario import load_scenario

HERE = Path(__file__).resolve().parent
SEED = 11
SIZE = ["organization.employees=150", "run.weeks=16"]
RUNS: dict[str, list[str]] = {
    "baseline": [],
    # Posting often enough for answers, links and full feeds to be in the numbers.
    "like-facebook": ["behavior.read_base=-2", "behavior.post_base=-3"],
    "approval-following": [
        "launch.waves={pilot: [0], every_weeks: 1}",
        "launch.wording=migration",
        "launch.mandate=0.5",
        "behavior.read_base=-1.5",
    ],
}
WEEKS_KEPT = (1, 4, 8, 16)


def golden_file(name: str) -> Path:
    """Return the file of one run."""
    return HERE / f"{name}.json"


def numbers_of(name: str) -> dict[str, Any]:
    """Return the numbers of one run: outcomes, and some weeks of each series."""
    resolved = load_scenario(name, [*SIZE, *RUNS[name]]).resolved()
    result = simulate(resolved, SEED)
    return {
        "outcomes": {key: known(value) for key, value in result.outcomes.items()},
        "series": {key: [known(values[week - 1]) for week in WEEKS_KEPT] for key, values in result.series.items()},
        "posts_by_level": {
            row["group"]: row["posts_per_employee_month"] for row in result.groups if row["grouping"] == "level"
        },
    }


def known(value: float) -> float | None:
    """Return a number as JSON has it: null where undefined."""
    return None if math.isnan(value) else float(value)


def stored(name: str) -> dict[str, Any]:
    """Return the numbers that are kept of one run."""
    numbers: dict[str, Any] = json.loads(golden_file(name).read_text(encoding="utf-8"))
    return numbers
