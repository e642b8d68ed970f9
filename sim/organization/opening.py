"""Which department opens when, by the names that a staff file has."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from sim.errors import InputError
from sim.organization.profiles import PROFILE_NAMES
from sim.scenario.waves import Opening, openings_of


def openings(resolved: Mapping[str, Any]) -> list[Opening]:
    """Return when each department of a resolved scenario gets access, in the order of their numbers.

    Where the staff file that the scenario names cannot be read, departments are those that the scenario says.
    """
    names: tuple[str, ...] = ()
    path = resolved["organization"]["workforce"]
    if path not in PROFILE_NAMES:
        from sim.organization.own_staff import fitted_to_staff, staff_of

        with contextlib.suppress(InputError):  # whoever plans a run is told what is wrong
            resolved = fitted_to_staff(resolved)
            names = staff_of(resolved).department_names
    return openings_of(resolved, names)
