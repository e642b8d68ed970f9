"""One short text for what was run and what came out, the same on every machine: the seal of a run card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

_WORDS = ("name", "description")  # they change nothing, and may be put better some day


def canonical(value: Any) -> str:
    """Return a value as JSON in the one form in which it is hashed: keys in order, no spaces, plain ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def fingerprint(resolved: Mapping[str, Any], seeds: Sequence[int], series: Sequence[Mapping[str, np.ndarray]]) -> str:
    """Return the SHA-256 of scenario, seeds and all weekly outcomes, 64 hexadecimal digits.

    Parameters
    ----------
    resolved : mapping
        The scenario with all values filled in; name and description do not count.
    seeds : sequence of int
        Seeds of the runs.
    series : sequence of mapping
        For each run, outcome name to float64 (weeks,); every bit counts.
    """
    content = {
        "scenario": {key: value for key, value in resolved.items() if key not in _WORDS},
        "seeds": list(seeds),
        "series": [{name: [value.hex() for value in run[name].tolist()] for name in run} for run in series],
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()
