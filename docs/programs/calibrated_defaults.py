"""The defaults of the registry from the set of plausible worlds: those of its typical world.

Run as ``python docs/programs/calibrated_defaults.py [--write]``. Shows the defaults that the typical world of
``sim/study/calibration/data/levels.json`` gives (rounded to three digits) beside the present ones, and whether runs
with them still lie in the middle half of the set in every measure. With ``--write`` they replace those of
``sim/scenario/coefficients.py``; shipped scenarios, golden results and pages are to be made anew afterwards (see
CONTRIBUTING.md).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sim.scenario.coefficients import COEFFICIENTS
from sim.study.calibration import typical

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = ROOT / "sim" / "scenario" / "coefficients.py"
LEVELS = ROOT / "sim" / "study" / "calibration" / "data" / "levels.json"
DIGITS = 3


def wanted() -> dict[str, float]:
    """Return the defaults of the typical world by short name, rounded."""
    settings = json.loads(LEVELS.read_text(encoding="utf-8"))["typical"]["settings"]
    return {path.removeprefix("behavior."): float(f"{value:.{DIGITS}g}") for path, value in settings.items()}


def written(source: str, defaults: Mapping[str, float]) -> str:
    """Return the source of the registry with other defaults.

    Raises
    ------
    ValueError
        If an entry is not found.
    """
    for name, value in defaults.items():
        entry = re.compile(rf'    _(coefficient|mechanism)\(\n        "{name}",\n.*?\n    \),\n', re.DOTALL)
        found = entry.search(source)
        if found is None:
            raise ValueError(f"{name} is not in the registry")
        text = found[0]
        if found[1] == "coefficient":
            text = re.sub(rf'("{name}",\n        )[^,]+,', rf"\g<1>{value!r},", text, count=1)
        else:
            text = re.sub(r"\n        default=[^\n]+,", "", text)
            text = text.replace("\n    ),\n", f"\n        default={value!r},\n    ),\n")
        source = source[: found.start()] + text + source[found.end() :]
    return source


def main(is_written: bool) -> None:
    """Show the defaults, and write them if asked to."""
    defaults = wanted()
    before = {entry.name: entry.default for entry in COEFFICIENTS}
    for name, value in defaults.items():
        print(f"{name:24} {before.get(name, float('nan')):>10g} {value:>10g}")
    quartiles = json.loads(LEVELS.read_text(encoding="utf-8"))["quartiles"]
    shown = typical.measured({f"behavior.{name}": value for name, value in defaults.items()}, typical.launches())
    for (measure, ends), value in zip(quartiles.items(), shown, strict=True):
        print(f"{measure:24} {value:>10.4f} in [{ends[0]:.4f}, {ends[2]:.4f}]")
    print("typical" if typical.is_central(np.array([shown]), quartiles)[0] else "NOT typical")
    if is_written:
        REGISTRY.write_text(written(REGISTRY.read_text(encoding="utf-8"), defaults), encoding="utf-8")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
