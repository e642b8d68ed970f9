"""The keys of a scenario beside those of behavior: what the world is, what an organization chooses, how long a run is.

They are read from ``data/parameters.json``, in the order of a scenario file. Profiles of workforces are those of the
table in ``sim/organization/data``, presets of the framing those of ``framing``.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.scenario.framing import DEFAULT_PRESET, PRESETS
from sim.scenario.registry import Parameter

_HERE = Path(__file__).resolve().parent
_PROFILES = _HERE.parent / "organization" / "data" / "profiles.csv"
_PARAMETERS = _HERE / "data" / "parameters.json"

PROFILES: tuple[str, ...] = tuple(
    dict.fromkeys(row["profile"] for row in csv.DictReader(_PROFILES.read_text(encoding="utf-8").splitlines()))
)
EVERYONE_LIMIT = 5_000  # employees; contacts of all with all grow with the square

_CHOICES = {
    "organization.workforce": PROFILES,
    "organization.staff.profile": PROFILES,
    "launch.framing": tuple(PRESETS),
}
_DEFAULTS = {
    "launch.framing": DEFAULT_PRESET,
    **{f"launch.framing.{name}": value for name, value in PRESETS[DEFAULT_PRESET]._asdict().items()},
}


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _entry(path: str, given: Mapping[str, Any]) -> Parameter:
    return Parameter(
        path=path,
        default=_tuple(given["default"] if "default" in given else _DEFAULTS[path]),
        kind=given["kind"],
        low=given.get("low"),
        high=given.get("high"),
        unit=given["unit"],
        meaning=given["meaning"].replace("{limit}", f"{EVERYONE_LIMIT:,}"),
        source=given["source"],
        group=given["group"],
        choices=_CHOICES.get(path) or tuple(given.get("choices", ())),
        plausible=_tuple(given.get("plausible")),
        is_lever=given.get("is_lever", False),
    )


ENTRIES: tuple[Parameter, ...] = tuple(
    _entry(path, given) for path, given in json.loads(_PARAMETERS.read_text(encoding="utf-8")).items()
)
DEFAULT_PROFILE: str = next(entry.default for entry in ENTRIES if entry.path == "organization.workforce")
