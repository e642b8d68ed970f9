"""What discovery writes: one JSON file, a table of the rows it looked at, and their place in the results folder."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from sim.study.analysis import json_number
from sim.study.discovery.checks import Interval
from sim.study.discovery.discovering import Discovery, Found
from sim.study.discovery.wording import sentences

FILE_NAME = "discovery.json"
ROWS_NAME = "rows.parquet"
_WORDS = {"<": "below", "<=": "at-most", ">": "above", ">=": "at-least"}
LONGEST_NAME = 120


def folder_name(discovery: Discovery, density: float | None = None) -> str:
    """Return the name of the folder of a discovery, such as ``monthly_posters-below-0.1``."""
    outcome, operator, bound = discovery.condition
    parts = [outcome, _WORDS[operator], f"{bound:g}"]
    if discovery.sides:
        a, b = discovery.sides.names
        parts += [discovery.sides.factor, a, "minus", b] if discovery.sides.factor else [a, "minus", b]
    if density is not None:
        parts += ["density", f"{density:g}"]
    return re.sub(r"[^\w.+-]+", "_", "-".join(parts))[:LONGEST_NAME]


def _interval(interval: Interval) -> dict[str, float | None]:
    return {"share": json_number(interval.share), "low": json_number(interval.low), "high": json_number(interval.high)}


def box_json(found: Found, discovery: Discovery) -> dict[str, Any]:
    """Return one box as JSON holds it; limits are in natural units, both ends allowed."""
    limits = []
    for index, limit in found.limits.items():
        dropped = found.dropped[index]
        limits.append(
            {
                "factor": limit.factor.name,
                "low": limit.low,
                "high": limit.high,
                "values": list(limit.names) or None,
                "without": {
                    "density": dropped.counts.density,
                    "coverage": dropped.counts.weight_of_cases_inside / found.every.weight_of_cases,
                    "n": dropped.counts.n_inside,
                },
                "quasi_p": dropped.p,
                "found_again": dropped.n_found,
                "changes_together_with": list(dropped.together),
            }
        )
    counts, held_out = found.counts, found.held_out
    return {
        "limits": limits,
        "is_better_than_chance": found.is_better_than_chance,
        "density": _interval(found.density),
        "coverage": found.coverage,
        "n": counts.n_inside,
        "n_cases": counts.n_cases_inside,
        "share_of_points": counts.n_inside / len(discovery.holds),
        "base_rate": counts.base_rate,
        "elsewhere": _interval(found.elsewhere),
        "held_out": {
            "density": _interval(held_out.density),
            "coverage": held_out.coverage,
            "n": held_out.n_inside,
            "n_cases": held_out.n_cases_inside,
            "folds": held_out.n_folds,
        },
        "chance": found.chance._asdict(),
        "trade_off": [point._asdict() for point in found.trade_off],
    }


def discovery_json(discovery: Discovery) -> dict[str, Any]:
    """Return everything that was found, as ``discover --json`` prints it."""
    condition, cases = discovery.condition, discovery.cases
    sides = discovery.sides
    difference = None
    if sides:
        difference = {"factor": sides.factor or None, "a": sides.a, "b": sides.b}
    return {
        "condition": condition._asdict(),
        "difference": difference,
        "verdict": discovery.verdict,
        "text": sentences(discovery),
        "unit": discovery.unit,
        "points": len(discovery.holds),
        "cases": int(discovery.holds.sum()),
        "base_rate": json_number(discovery.base_rate),
        "by_weight": discovery.space.weights is not None,
        "blocks": len(np.unique(discovery.blocks)),
        "points_without_value": discovery.n_without_value,
        "points_without_partner": cases.n_without_partner,
        "replications": cases.values.shape[1],
        "replications_without_value": discovery.n_values_missing,
        "runs_not_reached": discovery.results.n_not_reached(condition.outcome),
        "points_where_replications_disagree": cases.n_disputed(condition),
        "dummy_chosen": discovery.dummy_chosen,
        "factors": list(discovery.space.names),
        "boxes": [box_json(found, discovery) for found in discovery.boxes],
        "rejected": box_json(discovery.rejected, discovery) if discovery.rejected else None,
        "plan_hash": discovery.results.manifest.get("plan_hash"),
        "results_dir": str(discovery.results.folder),
    }


def write_discovery(discovery: Discovery, folder: Path) -> None:
    """Write ``discovery.json`` and ``rows.parquet`` (a row a point or pair: factors, value, which box) to `folder`.

    The same results and condition give the same bytes.
    """
    import pyarrow as pa

    from sim.study.files import write_text
    from sim.study.store import write_parquet

    facts = discovery_json(discovery)
    del facts["results_dir"]  # where it happens to lie is no part of what was found
    write_text(folder / FILE_NAME, json.dumps(facts, indent=2) + "\n")
    cases = discovery.cases
    n_given = (~np.isnan(cases.values)).sum(axis=1)
    holding = (discovery.condition.holds(cases.values) & ~np.isnan(cases.values)).sum(axis=1)
    columns: dict[str, Any] = {"point": pa.array(cases.points, pa.int64()), "world": pa.array(cases.worlds, pa.int64())}
    for index, factor in enumerate(discovery.space.factors):
        columns[factor.name] = pa.array(discovery.space.values(index))
    columns |= {
        "value": pa.array(cases.means, pa.float64()),
        "holds": pa.array(discovery.holds, pa.bool_()),
        "replications": pa.array(n_given, pa.int64()),
        "replications_that_hold": pa.array(holding, pa.int64()),
        "box": pa.array(box_numbers(discovery), pa.int64()),
    }
    write_parquet(folder / ROWS_NAME, pa.table(columns))


def box_numbers(discovery: Discovery) -> np.ndarray:
    """Return the number of the box that each row lies in, from 1; 0 where it lies in none."""
    numbers = np.zeros(len(discovery.holds), dtype=np.int64)
    for number, found in enumerate(discovery.boxes, start=1):
        numbers[found.inside] = number
    return numbers
