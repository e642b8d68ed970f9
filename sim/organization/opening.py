"""Which department opens when, by the names that a staff file has."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

from sim.errors import InputError
from sim.organization.profiles import PROFILE_NAMES
from sim.scenario.departments import Opening, openings_of


def openings(resolved: Mapping[str, Any]) -> list[Opening]:
    """Return when each department of a resolved scenario gets access, in the order of their numbers.

    Where the staff file that the scenario names cannot be read, departments are those that the scenario says.
    """
    organization = resolved["organization"]
    names: Sequence[str] = (organization.get("staff") or {}).get("departments", ())  # of results that are kept
    if organization["workforce"] not in PROFILE_NAMES and not names:
        from sim.organization.own_staff import fitted_to_staff, names_to_show, staff_of

        with contextlib.suppress(InputError):  # whoever plans a run is told what is wrong
            resolved = fitted_to_staff(resolved)
            names = names_to_show(staff_of(resolved))
    return openings_of(resolved, names)
