"""The one message that asks for runs, checked: which scenario, with what laid over it, with which seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.errors import InputError
from sim.scenario.plain import resolve
from sim.words import said

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
        raise InputError(said("refusal.request.form"))
    wrong = _unknown(message, _KEYS, "")
    if message.get("version", PROTOCOL) != PROTOCOL:
        wrong.append(said("refusal.request.version", version=PROTOCOL, value=repr(message["version"])))
    scenario, overrides = message.get("scenario"), message.get("overrides", {})
    if scenario is not None and not isinstance(scenario, str):
        wrong.append(said("refusal.request.scenario"))
    if not isinstance(overrides, Mapping):
        wrong.append(said("refusal.request.overrides"))
    seeds = message.get("seeds")
    wrong += _wrong_seeds(seeds)
    detail = message.get("detail", {})
    wrong += _wrong_detail(detail)
    if wrong:
        raise InputError(wrong)
    resolved = resolve(scenario, overrides)
    return Request(scenario, dict(overrides), tuple(seeds or ()), **{**_DETAILS, **detail}, resolved=resolved)


def _unknown(given: Iterable[str], known: Iterable[str], before: str) -> list[str]:
    names = ", ".join(known)
    return [said("refusal.request.unknown", key=f"{before}{key}", names=names) for key in given if key not in known]


def _wrong_seeds(seeds: Any) -> list[str]:
    if not isinstance(seeds, list | tuple) or not 1 <= len(seeds) <= MOST_SEEDS:
        return [said("refusal.request.seeds", most=MOST_SEEDS)]
    if not all(is_whole(seed, 0, LARGEST_SEED) for seed in seeds):
        return [said("refusal.request.seed", largest=LARGEST_SEED)]
    return [said("refusal.request.seed_twice")] if len(set(seeds)) < len(seeds) else []


def _wrong_detail(detail: Any) -> list[str]:
    if not isinstance(detail, Mapping):
        return [said("refusal.request.detail")]
    wrong = _unknown(detail, _DETAILS, "detail.")
    for key, default in _DETAILS.items():
        value = detail.get(key, default)
        if isinstance(default, bool) and not isinstance(value, bool):
            wrong.append(said("refusal.request.switch", key=key))
    if not is_whole(detail.get("weeks", 1), 1, LARGEST_SEED):
        wrong.append(said("refusal.request.weeks"))
    return wrong


def is_whole(value: Any, low: int, high: int) -> bool:
    """Return whether a value is a whole number within limits."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
