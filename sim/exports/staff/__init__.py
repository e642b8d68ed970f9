"""Read an organization's own staff file: CSV or a workbook, as HR systems export it. Nothing is read but by request."""

from __future__ import annotations

from sim.exports.staff.files import AS_IS, file_name, read_staff, staff_as_planned, staff_hash
from sim.exports.staff.people import DESKLESS, DRAWN, REASONS, Reading, StaffFile
from sim.exports.staff.table import MOST_EMPLOYEES

__all__ = [
    "AS_IS", "DESKLESS", "DRAWN", "MOST_EMPLOYEES", "REASONS", "Reading", "StaffFile", "file_name", "read_staff",
    "staff_as_planned", "staff_hash",
]  # fmt: skip
