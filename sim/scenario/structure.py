"""How the keys of a scenario hang together: groups, keys that are no parameters, what can change in a run."""

from __future__ import annotations

from sim.scenario.parameters import PARAMETER_BY_PATH, PARAMETERS, SECTIONS
from sim.scenario.registry import Parameter

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

NAME_LENGTH = 80
NAME_BYTES = 200  # in UTF-8: file systems allow 255, and what is beside a folder (a lock, a temporary name) adds some
_PORTS = [f"{port}{sign}" for port in ("com", "lpt") for sign in "0123456789¹²³"]
_DEVICES = frozenset(["con", "prn", "aux", "nul", "conin$", "conout$", *_PORTS])
"""Names that Windows keeps for devices, whatever follows a point."""
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')  # some file system refuses each of these


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


def is_valid_name(name: str) -> bool:
    """Return whether `name` can name a scenario and a folder on any file system.

    Examples
    --------
    >>> is_valid_name("like-facebook"), is_valid_name("../elsewhere"), is_valid_name(""), is_valid_name("con.2024")
    (True, False, False, False)
    """
    return (
        0 < len(name) <= NAME_LENGTH
        and name.isprintable()
        and len(name.encode()) <= NAME_BYTES
        and name.split(".", maxsplit=1)[0].rstrip().lower() not in _DEVICES
        and not _NOT_IN_NAMES & set(name)
        and name == name.strip(" .")
    )


def name_from_file(stem: str) -> str:
    """Return the nearest valid name to the stem of a file."""
    kept = "".join(
        character if character.isprintable() and character not in _NOT_IN_NAMES else "-" for character in stem
    )
    kept = kept[:NAME_LENGTH].encode()[:NAME_BYTES].decode(errors="ignore").strip(" .")
    return kept if is_valid_name(kept) else f"scenario-{kept}"[:NAME_LENGTH].rstrip(" .-")
