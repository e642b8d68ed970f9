"""Processor time for a staff file of 100,000 rows, read, checked and built: python -m benchmarks.staff."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from sim.catalog.registry import default_values
from sim.exports.examples import DIALECTS, example_staff
from sim.organization import build_contacts, build_workforce
from sim.organization.own_staff import fitted_to_staff

N = 100_000


def seconds_of(dialect: str, n: int) -> dict[str, float]:
    """Return the processor seconds of each part for a file of `n` people."""
    values = default_values()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "staff.csv"
        file.write_bytes(example_staff(n, dialect))
        values["organization"]["workforce"] = str(file)
        start = time.process_time()
        organization = fitted_to_staff(values)["organization"]
        read = time.process_time()
        workforce = build_workforce(organization, 20, 1)
        build_contacts(workforce, organization["contacts"], 1)
        return {"read and checked": read - start, "built": time.process_time() - read}


if __name__ == "__main__":
    seconds_of(DIALECTS[0], 1000)  # compiles
    for dialect in DIALECTS:
        found = seconds_of(dialect, N)
        print(
            dialect, *(f"{what} {seconds:.1f} s" for what, seconds in found.items()), f"all {sum(found.values()):.1f} s"
        )
