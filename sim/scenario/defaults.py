"""A scenario with every value at its default, as a plain mapping: what the core needs when there is no file."""

from __future__ import annotations

from typing import Any

from sim.scenario.framing import DEFAULT_PRESET, PRESETS
from sim.scenario.parameters import PARAMETERS


def default_values() -> dict[str, Any]:
    """Return all defaults, nested by section, in the form of ``Scenario.resolved()``."""
    values: dict[str, Any] = {"name": "defaults", "description": "", "changes": []}
    for entry in PARAMETERS:
        if entry.path.startswith(("launch.framing", "launch.waves.", "organization.staff.")):
            continue  # a preset stands for the numbers of a framing; by default there are no waves and no own staff
        *groups, name = entry.path.split(".")
        place = values
        for group in groups:
            place = place.setdefault(group, {})
        place[name] = entry.default
    values["launch"]["framing"] = PRESETS[DEFAULT_PRESET]._asdict()
    return values
