"""Print a hash of an organization; run as a script it serves to compare compiled with plain Python."""

from __future__ import annotations

import hashlib
import sys

from sim.organization import build_contacts, build_workforce


def fingerprint(n, profile="nl-2014", seed=5):
    """Return a hash of every byte of a workforce and its contacts."""
    section = {
        "employees": n,
        "departments": 8,
        "workforce": profile,
        "sector": "all",
        "remote_share": None,
        "trust": 0.6,
        "contacts": {"department": 6.0, "across": 2.0, "everyone": False},
    }
    workforce = build_workforce(section, 20, seed)
    digest = hashlib.sha256()
    for values in (*workforce, *build_contacts(workforce, section["contacts"], seed)):
        digest.update(str(values.dtype).encode())
        digest.update(values.tobytes())
    return digest.hexdigest()


CASES = [(1, "nl-2014"), (3, "us-2021"), (50, "nl-2012"), (300, "nl-2014"), (300, "us-2015"), (1000, "nl-2016")]

if __name__ == "__main__":
    for n, profile in CASES:
        sys.stdout.write(fingerprint(n, profile) + "\n")
