"""Small organizations in which much happens, for tests of the engine."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from hand_settings import HAND

from sim.catalog.registry import by_section, default_values
from sim.model.simulation import Simulation
from sim.model.state import N_LINKS, POST

# More reading, posting and responding than anywhere in life.
BUSY = {
    "read_base": -1.0,
    "post_base": -2.0,
    "post_question": 0.0,
    "unawareness": 0.5,
    "inclination_correlation": 0.0,
    "respond_base": -2.0,
    "follow": 0.3,
}


def make_values(
    n_employees: int = 80, weeks: int = 8, behavior: Mapping[str, float] | None = None, **settings: Any
) -> dict[str, Any]:
    """Return the defaults with busy people and other settings: dotted keys, written with two underscores."""
    values = default_values()
    values["organization"]["employees"] = n_employees
    values["run"]["weeks"] = weeks
    values |= by_section({**HAND, **BUSY, **(behavior or {})})
    for key, value in settings.items():
        *groups, name = key.split("__")
        place = values
        for group in groups:
            place = place[group]
        place[name] = copy.deepcopy(value)
    return values


def state_hash(simulation: Simulation) -> str:
    """Return a hash of the whole state: table, posts and all arrays."""
    digest = hashlib.sha256(simulation.table.tobytes())
    # Among the counts is a sum that nobody reads and that depends on how many employees are dealt with at a time.
    world = simulation.world._replace(counts=simulation.world.counts[: N_LINKS + 1])
    for name, part in world._asdict().items():
        if isinstance(part, np.ndarray):
            digest.update(name.encode() + part.tobytes())
    digest.update(str(simulation.day).encode())
    return digest.hexdigest()


def contacts_of(simulation: Simulation, i: int) -> np.ndarray:
    """Return the contacts of employee `i`."""
    offsets = simulation.world.offsets
    return simulation.world.neighbors[offsets[i] : offsets[i + 1]]


def accepted_of(simulation: Simulation, i: int) -> np.ndarray:
    """Return which of these contacts have accepted."""
    offsets = simulation.world.offsets
    return simulation.world.accepted[offsets[i] : offsets[i + 1]] == 1


def post_at(simulation: Simulation, slot: int) -> dict[str, int]:
    """Return the post at a place of the table of posts, compiled or not."""
    row = simulation.world.posts[slot]
    return {name: int(row[name] if isinstance(row, np.void) else getattr(row, name)) for name, _ in POST}
