"""The defaults of the registry from the set of plausible worlds: those of its typical world.

Run as ``python docs/programs/calibrated_defaults.py [--write]``. Shows the defaults that the typical world of
``sim/experiments/data/levels.json`` gives (rounded to three digits) beside the present ones, and whether runs
with them still lie in the middle half of the set in every measure. With ``--write`` they replace those of
``sim/catalog/data/coefficients.csv``; shipped scenarios, golden results and pages are to be made anew afterwards (see
CONTRIBUTING.md).
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sim.catalog.registry import COEFFICIENTS
from sim.evidence.calibration import two_sets

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = ROOT / "sim" / "catalog" / "data" / "coefficients.csv"
LEVELS = ROOT / "sim" / "experiments" / "data" / "levels.json"
DIGITS = 3


def wanted() -> dict[str, float]:
    """Return the defaults of the typical world by short name, rounded."""
    settings = json.loads(LEVELS.read_text(encoding="utf-8"))["typical"]["settings"]
    return {path.removeprefix("behavior."): float(f"{value:.{DIGITS}g}") for path, value in settings.items()}


def written(table: str, defaults: Mapping[str, float]) -> str:
    """Return the table of coefficients with other defaults.

    Raises
    ------
    ValueError
        If one is not found.
    """
    rows = list(csv.DictReader(io.StringIO(table)))
    if missing := set(defaults) - {row["name"] for row in rows}:
        raise ValueError(f"not in the registry: {', '.join(sorted(missing))}")
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "default": f"{defaults.get(row['name'], float(row['default'])):.12g}"} for row in rows)
    return text.getvalue()


def main(is_written: bool) -> None:
    """Show the defaults, and write them if asked to."""
    defaults = wanted()
    before = {entry.name: entry.default for entry in COEFFICIENTS}
    for name, value in defaults.items():
        print(f"{name:24} {before.get(name, float('nan')):>10g} {value:>10g}")
    quartiles = json.loads(LEVELS.read_text(encoding="utf-8"))["quartiles"]
    shown = two_sets.measured({f"behavior.{name}": value for name, value in defaults.items()}, two_sets.launches())
    for (measure, ends), value in zip(quartiles.items(), shown, strict=True):
        print(f"{measure:24} {value:>10.4f} in [{ends[0]:.4f}, {ends[2]:.4f}]")
    print("typical" if two_sets.is_central(np.array([shown]), quartiles)[0] else "NOT typical")
    if is_written:
        REGISTRY.write_text(written(REGISTRY.read_text(encoding="utf-8"), defaults), encoding="utf-8")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
