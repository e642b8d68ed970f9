"""The registry: every number, choice and switch that a scenario can set, in the order of a scenario file.

Schema, documentation, templates, JSON schema, validation and sensitivity problems are all made from `PARAMETERS`, so a
number has its unit, range, meaning and source in one place only. The facts are in tables beside this module:
``data/parameters.json`` has what the world is, what an organization chooses and how long a run is;
``data/coefficients.csv`` the numbers of behavior. This module imports nothing but the standard library: the science
core reads it too.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sim.words import DEFAULT_LANGUAGE, catalog

_DATA = Path(__file__).resolve().parent / "data"
_PROFILES = _DATA.parents[1] / "organization" / "data" / "profiles.csv"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number, choice or switch that a scenario can set.

    Attributes
    ----------
    path : str
        Dotted key as written in a scenario file, such as ``rules.restriction``.
    default : Any
        Value when the scenario says nothing.
    kind : str
        ``float``, ``int``, ``bool``, ``choice``, ``text``, ``list`` (of department numbers), ``date`` or
        ``columns`` (of a staff file: our name and that in the file).
    low, high : float or None
        Hard limits, both allowed; None for kinds without limits.
    unit : str
        Unit of the value, ``1`` for a pure number, ``logit`` for a term of a utility.
    meaning : str
        What it stands for, in one sentence.
    source : str
        Evidence id, reference, ``calibrated`` or ``assumption: why``.
    group : str
        Group in sensitivity analysis: people, network, launch, rules, leadership, behavior or run.
    choices : tuple of str
        Allowed values where ``kind`` is ``choice``.
    plausible : tuple of float or None
        Range of values that the evidence leaves open, for sweeps and sensitivity analysis.
    off_at : float or None
        Value at which the mechanism of a coefficient is off. A coefficient with `when_on` and without it is a detail of
        such a mechanism.
    when_on : tuple of float or None
        Range to draw from where the mechanism is on. Mechanisms that are off by default have no plausible range: sweeps
        over all of behavior leave them off.
    is_lever : bool
        True where the organization chooses it, False where the world decides.
    """

    path: str
    default: Any
    kind: str
    low: float | None
    high: float | None
    unit: str
    meaning: str
    source: str
    group: str
    choices: tuple[str, ...] = ()
    plausible: tuple[float, float] | None = None
    is_lever: bool = False
    off_at: float | None = None
    when_on: tuple[float, float] | None = None

    @property
    def section(self) -> str:
        """First part of the path, such as ``rules``."""
        return self.path.split(".", 1)[0]

    @property
    def name(self) -> str:
        """Path without its section, such as ``restriction``."""
        return self.path.split(".", 1)[1]


def _rows(file: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a table."""
    yield from csv.DictReader(file.read_text(encoding="utf-8").splitlines())


def _pair(low: str, high: str) -> tuple[float, float] | None:
    return (float(low), float(high)) if low else None


# --- framing: what the organization says that the platform is for -----------------------------------------------------

# The three shares say how much of the message is about each meaning and sum to 1. `association` is how loudly the
# launch likens the platform to social media outside work; `clarity` is how clearly anyone says what it is for.


class FramingNumbers(NamedTuple):
    """The five numbers of a framing, each from 0 to 1."""

    social: float
    collaboration: float
    broadcast: float
    association: float
    clarity: float


DEFAULT_PRESET = "mixed"

PRESETS: dict[str, FramingNumbers] = {
    # In the order of the fields: social, collaboration, broadcast, association, clarity.
    # A launch that says a bit of everything: no evidence, the neutral ground between the others.
    "mixed": FramingNumbers(0.3, 0.4, 0.3, 0.3, 0.4),
    # "Like Facebook, but for internal use" (claim 0.1; van den Hooff 2013, T1.09).
    "like_facebook": FramingNumbers(0.8, 0.1, 0.1, 1.0, 0.5),
    # A way to work together (claim 0.1), told as clearly as like_facebook so that only the message differs.
    "collaboration": FramingNumbers(0.1, 0.8, 0.1, 0.0, 0.5),
    # A place to find who knows what (claim 2.4), with its goal stated clearly (claim 1.7).
    "knowledge": FramingNumbers(0.05, 0.85, 0.1, 0.0, 0.8),
    # The old intranet with a new coat: management tells, staff read (van Uden, T1.15).
    "news": FramingNumbers(0.05, 0.15, 0.8, 0.0, 0.5),
    # Nobody says what it is for, so that people project the frame they have (claim 1.7).
    "unframed": FramingNumbers(1 / 3, 1 / 3, 1 / 3, 0.0, 0.0),
}

SHARES = ("social", "collaboration", "broadcast")
SHARES_TOLERANCE = 1e-6


def shares_sum_to_one(social: float, collaboration: float, broadcast: float) -> bool:
    """Return whether three shares form a whole.

    Examples
    --------
    >>> shares_sum_to_one(0.8, 0.1, 0.1)
    True
    >>> shares_sum_to_one(0.8, 0.1, 0.2)
    False
    """
    return abs(social + collaboration + broadcast - 1) <= SHARES_TOLERANCE


# --- what the world is, what an organization chooses, how long a run is -----------------------------------------------

PROFILES: tuple[str, ...] = tuple(dict.fromkeys(row["profile"] for row in _rows(_PROFILES)))
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


_ENTRIES = [
    _entry(path, given) for path, given in json.loads((_DATA / "parameters.json").read_text(encoding="utf-8")).items()
]


# --- the numbers of behavior: coefficients, which the evidence leaves open, and constants, fixed with a reason --------
#
# The rules in `sim.model.rules` read both by name from one tuple. Setting a weight to 0 switches its mechanism off;
# that
# is how ablations are run. Where a source gives only a direction, the size of a coefficient is an assumption and its
# plausible range includes "no effect". A mechanism that can be off as a whole has the value at which it is off and a
# range for when it is on; one with a range alone is a detail of such a mechanism, and does nothing while that is off. A
# constant is no unknown of an analysis: it is the unit of something, a span of time, or a scale that no data could tell
# from a coefficient beside it. Scenarios may set both.


def _number(row: Mapping[str, str]) -> Parameter:
    is_fixed = row["part"] == "constants"
    return Parameter(
        path=f"{'constants' if is_fixed else 'behavior'}.{row['name']}",
        default=float(row["default"]),
        kind="float",
        low=float(row["low"]),
        high=float(row["high"]),
        unit=row["unit"],
        meaning=row["meaning"],
        source=row["source"],
        group="behavior",
        plausible=_pair(row["plausible_low"], row["plausible_high"]),
        off_at=float(row["off_at"]) if row["off_at"] else None,
        when_on=_pair(row["on_low"], row["on_high"]),
    )


BEHAVIOR_BY_PART: dict[str, tuple[Parameter, ...]] = {}
"""The numbers of behavior by the part of the rules that reads them: frame, reading, posting; and constants."""
for _row in _rows(_DATA / "coefficients.csv"):
    BEHAVIOR_BY_PART[_row["part"]] = (*BEHAVIOR_BY_PART.get(_row["part"], ()), _number(_row))

BEHAVIOR: tuple[Parameter, ...] = tuple(entry for part in BEHAVIOR_BY_PART.values() for entry in part)
"""All numbers that the rules read, in the order of their tuple: coefficients, then constants."""
COEFFICIENTS: tuple[Parameter, ...] = tuple(entry for entry in BEHAVIOR if entry.section == "behavior")
CONSTANTS: tuple[Parameter, ...] = BEHAVIOR_BY_PART["constants"]
PATH_OF: dict[str, str] = {entry.name: entry.path for entry in BEHAVIOR}

MERGED: dict[str, tuple[str, str]] = {
    name: (row["successor"], row["reason"]) for row in _rows(_DATA / "merged.csv") for name in row["merged"].split()
}
"""What earlier versions called coefficients: the key that took the place of each, empty where nothing depends on it any
more, and why. The refusal of an unknown key and docs/economy.md read it."""


def by_section(numbers: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return numbers of behavior, given by name, under the two sections in which a scenario has them."""
    sections: dict[str, dict[str, float]] = {"behavior": {}, "constants": {}}
    for name, value in numbers.items():
        sections[PATH_OF[name].split(".")[0]][name] = value
    return sections


# --- all of it --------------------------------------------------------------------------------------------------------

PARAMETERS: tuple[Parameter, ...] = (
    *(entry for entry in _ENTRIES if entry.section != "run"),
    *BEHAVIOR,
    *(entry for entry in _ENTRIES if entry.section == "run"),
)
PARAMETER_BY_PATH: dict[str, Parameter] = {entry.path: entry for entry in PARAMETERS}
SECTIONS: tuple[str, ...] = tuple(dict.fromkeys(entry.section for entry in PARAMETERS))
DEFAULT_PROFILE: str = PARAMETER_BY_PATH["organization.workforce"].default


def parameter(path: str) -> Parameter:
    """Return the registry entry of one dotted key.

    Raises
    ------
    KeyError
        If no scenario key has this path.

    Examples
    --------
    >>> parameter("rules.restriction").unit
    'share of full restriction'
    """
    return PARAMETER_BY_PATH[path]


def meaning_of(entry: Parameter, language: str = DEFAULT_LANGUAGE) -> str:
    """Return what a parameter stands for; in English, as the registry says, where a language has no text for a new one.

    Examples
    --------
    >>> meaning_of(parameter("launch.mandate"), "nl")
    'Hoezeer het gebruik van het platform verplicht wordt gesteld.'
    """
    return catalog(language).get(f"parameter.meaning.{entry.path}", entry.meaning)


def unit_of(entry: Parameter, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the unit of a parameter, as `meaning_of` its meaning."""
    return catalog(language).get(f"parameter.unit.{entry.unit}", entry.unit)


def default_values() -> dict[str, Any]:
    """Return all defaults, nested by section, in the form of ``Scenario.resolved()``: what the core needs, no file."""
    values: dict[str, Any] = {"name": "defaults", "description": "", "changes": []}
    for entry in PARAMETERS:
        if entry.path.startswith(("launch.framing", "launch.waves.", "organization.staff.")):
            continue  # a preset stands for the numbers of a framing; by default there are no waves and no own staff
        *groups, name = entry.path.split(".")
        place = values
        for group in groups:
            place = place.setdefault(group, {})
        place[name] = entry.default
    values["launch"]["framing"] = PRESETS[DEFAULT_PRESET]._asdict()
    return values


# --- how the keys hang together: groups, keys that are no parameters, what can change in a run ------------------------

TOP_LEVEL: dict[str, str] = {
    "name": "Short name of the scenario, also of its results folder; without it, the name of the file.",
    "description": "What the scenario changes from its parent, and why.",
    "extends": "File of the parent scenario, relative to this file, or the name of a shipped scenario.",
    "changes": "What changes during the run: a list of {week: ..., set: {key: value}}, each for everybody or for some "
    "departments: [...].",
}

CHANGE_WEEK = Parameter(
    path="changes.week",
    default=None,
    kind="int",
    low=1,
    high=None,
    unit="weeks",
    meaning="Number of weeks after which the change takes effect, less than run.weeks.",
    source="assumption: a change in week 0 would be a setting",
    group="launch",
    is_lever=True,
)

CHANGE_DEPARTMENTS = (
    "Departments for which it changes, by number from 0, or by name with a staff file; everybody, if left out."
)


def _groups() -> frozenset[str]:
    """Return every dotted path that holds keys and is no key with a value itself."""
    prefixes: set[str] = set()
    for path in PARAMETER_BY_PATH:
        parts = path.split(".")
        prefixes.update(".".join(parts[:length]) for length in range(1, len(parts)))
    return frozenset(prefixes - PARAMETER_BY_PATH.keys())


GROUPS: frozenset[str] = _groups()

_CHANGEABLE_SECTIONS = ("rules", "leadership")
_CHANGEABLE_PATHS = (
    "organization.remote_share",
    "platform.following",
    "platform.integration",
    "launch.framing",
    "launch.campaign.weeks",
    "launch.campaign.reach",
    "launch.mandate",
)

CHANGEABLE: tuple[Parameter, ...] = tuple(
    entry
    for entry in PARAMETERS
    if entry.section in _CHANGEABLE_SECTIONS
    or entry.path in _CHANGEABLE_PATHS
    or entry.path.startswith("launch.framing.")
)


def keys_of(group: str) -> tuple[str, ...]:
    """Return the keys that a group may hold; the empty text stands for the top level.

    Examples
    --------
    >>> keys_of("organization.contacts")
    ('department', 'across', 'everyone')
    """
    if not group:
        return (*TOP_LEVEL, *SECTIONS)
    start = group + "."
    names = (path[len(start) :].split(".")[0] for path in PARAMETER_BY_PATH if path.startswith(start))
    return tuple(dict.fromkeys(names))
