"""The one message that asks for runs, checked: which scenario, with what laid over it, with which seeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import InputError
from sim.scenario.plain import resolve

PROTOCOL = 1
MOST_SEEDS = 100
LARGEST_SEED = 2**53 - 1  # the largest whole number that JavaScript holds exactly

_KEYS = ("version", "scenario", "overrides", "seeds", "detail")
_DETAILS: dict[str, Any] = {"network": True, "people": True, "groups": False, "weeks": 1}


@dataclass(frozen=True)
class Request:
    """A checked request.

    Attributes
    ----------
    scenario : str or None
        Name of a shipped scenario; None: everything at its default.
    overrides : dict
        Values by dotted key.
    seeds : tuple of int
        Seeds of the runs; network and people are those of the first.
    network, people, groups : bool
        Whether the answer shows the organization, the drawn employees, and who posts by group.
    weeks : int
        The network's state is kept of every so many weeks.
    resolved : dict
        The scenario with all values filled in.
    """

    scenario: str | None
    overrides: dict[str, Any]
    seeds: tuple[int, ...]
    network: bool
    people: bool
    groups: bool
    weeks: int
    resolved: dict[str, Any]

    def as_mapping(self) -> dict[str, Any]:
        """Return the request as a message, complete."""
        return {
            "version": PROTOCOL,
            "scenario": self.scenario,
            "overrides": self.overrides,
            "seeds": list(self.seeds),
            "detail": {name: getattr(self, name) for name in _DETAILS},
        }


def checked_request(message: Mapping[str, Any]) -> Request:
    """Return a request that can be run.

    Parameters
    ----------
    message : mapping
        ``{"version": 1, "scenario": NAME or None, "overrides": {key: value}, "seeds": [1, ...], "detail": {...}}``; all
        but ``seeds`` may be left out.

    Raises
    ------
    sim.errors.InputError
        If anything is wrong; one line for each mistake.
    """
    if not isinstance(message, Mapping):
        raise InputError("a request is a group of keys")
    wrong = [f"{key}: unknown key; allowed: {', '.join(_KEYS)}" for key in message if key not in _KEYS]
    if message.get("version", PROTOCOL) != PROTOCOL:
        wrong.append(f"version: must be {PROTOCOL}, is {message['version']!r}")
    scenario, overrides = message.get("scenario"), message.get("overrides", {})
    if scenario is not None and not isinstance(scenario, str):
        wrong.append("scenario: must be the name of a shipped scenario, or null")
    if not isinstance(overrides, Mapping):
        wrong.append("overrides: must be a group of dotted keys and values")
    seeds = message.get("seeds")
    wrong += _wrong_seeds(seeds)
    detail = message.get("detail", {})
    wrong += _wrong_detail(detail)
    if wrong:
        raise InputError(wrong)
    resolved = resolve(scenario, overrides)
    return Request(scenario, dict(overrides), tuple(seeds or ()), **{**_DETAILS, **detail}, resolved=resolved)


def _wrong_seeds(seeds: Any) -> list[str]:
    if not isinstance(seeds, list | tuple) or not 1 <= len(seeds) <= MOST_SEEDS:
        return [f"seeds: must be a list of 1 to {MOST_SEEDS} whole numbers"]
    if not all(is_whole(seed, 0, LARGEST_SEED) for seed in seeds):
        return [f"seeds: each must be a whole number from 0 to {LARGEST_SEED}"]
    return ["seeds: each may be there once"] if len(set(seeds)) < len(seeds) else []


def _wrong_detail(detail: Any) -> list[str]:
    if not isinstance(detail, Mapping):
        return ["detail: must be a group of keys"]
    wrong = [f"detail.{key}: unknown key; allowed: {', '.join(_DETAILS)}" for key in detail if key not in _DETAILS]
    for key, default in _DETAILS.items():
        value = detail.get(key, default)
        if isinstance(default, bool) and not isinstance(value, bool):
            wrong.append(f"detail.{key}: must be true or false")
    if not is_whole(detail.get("weeks", 1), 1, LARGEST_SEED):
        wrong.append("detail.weeks: must be a whole number from 1")
    return wrong


def is_whole(value: Any, low: int, high: int) -> bool:
    """Return whether a value is a whole number within limits."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
