"""Who works there and who knows whom: a workforce from tables or one's own file, and its contacts."""

from __future__ import annotations

from sim.organization.contacts import Contacts, build_contacts, own_pairs
from sim.organization.profiles import PROFILE_NAMES, profile_remote_share
from sim.organization.workforce import Workforce, build_workforce

__all__ = [
    "PROFILE_NAMES",
    "Contacts",
    "Workforce",
    "build_contacts",
    "build_workforce",
    "own_pairs",
    "profile_remote_share",
]
