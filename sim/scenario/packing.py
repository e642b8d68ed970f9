"""Shipped scenarios as plain data, for where no YAML is read: ``python -m sim.scenario.packing`` writes them."""

from __future__ import annotations

import json
from pathlib import Path

from sim.scenario.library import FILE, settings_of, shipped_names
from sim.scenario.loading import load_scenario


def packed() -> str:
    """Return the text of the file, made from the scenario files."""
    settings = {name: settings_of(load_scenario(name).resolved()) for name in shipped_names()}
    return json.dumps(settings, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the file."""
    target = Path(__file__).resolve().parent / "data" / FILE
    target.write_text(packed(), encoding="utf-8")
    print(f"{target.name}: {len(json.loads(packed()))} scenarios")


if __name__ == "__main__":
    main()
