"""A portfolio of organizations: one that differs from all others in what it is like and in what it chooses.

For claims about many firms. Ranges are those that a plain reader would call usual, written down before any run; each is
drawn evenly and by itself, with the luck of the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.framing import PRESETS
from sim.state import copy_of, set_value
from sim.streams import uniforms

RANGES: dict[str, tuple[float, float]] = {
    "organization.trust": (0.3, 0.8),
    "organization.remote_share": (0.1, 0.7),
    "organization.contacts.department": (2.0, 8.0),
    "organization.contacts.across": (1.0, 6.0),
    "platform.integration": (0.0, 0.6),
    "launch.campaign.weeks": (2.0, 13.0),
    "launch.campaign.reach": (0.1, 0.6),
    "launch.training": (0.0, 0.6),
    "launch.champions.share": (0.0, 0.05),
    "rules.restriction": (0.0, 0.7),
    "rules.guidance": (0.0, 0.7),
    "leadership.participation": (0.0, 0.8),
    "leadership.support": (0.1, 0.9),
}
MANDATED = 0.2  # share of organizations in which there is an order
MANDATE = 0.5
APPROVAL = 0.3  # share of organizations whose platform asks for permission


def drawn_organization(resolved: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return a scenario with another organization and launch in it: the same for the same seed."""
    luck = iter(uniforms(seed, "portfolio", len(RANGES) + 3).tolist())
    drawn = copy_of(resolved)
    for path, (low, high) in RANGES.items():
        value = low + next(luck) * (high - low)
        set_value(drawn, path, round(value) if path == "launch.campaign.weeks" else value)
    presets = list(PRESETS.values())
    drawn["launch"]["framing"] = dict(presets[int(next(luck) * len(presets))]._asdict())
    drawn["launch"]["mandate"] = MANDATE if next(luck) < MANDATED else 0.0
    drawn["platform"]["following"] = "approval" if next(luck) < APPROVAL else "open"
    return drawn
