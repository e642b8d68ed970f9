"""Read a user's own staff file (CSV). The science core imports this only when a file is named."""

from __future__ import annotations

from sim.organization.importing.staff import (
    COLUMNS,
    StaffFile,
    fitted_to_staff,
    read_staff,
    staff_as_planned,
    staff_hash,
    workforce_size,
)
from sim.staff_cells import MOST_EMPLOYEES, MOST_MESSAGES

__all__ = [
    "COLUMNS", "MOST_EMPLOYEES", "MOST_MESSAGES", "StaffFile", "fitted_to_staff", "read_staff",
    "staff_as_planned", "staff_hash", "workforce_size",
]  # fmt: skip
