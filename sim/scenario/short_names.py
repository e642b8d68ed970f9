"""Settings by the last part of their key: ``employees`` for ``organization.employees``, where only one can be meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.parameters import PARAMETER_BY_PATH
from sim.scenario.structure import GROUPS
from sim.scenario.wording import did_you_mean

_OF_COMMANDS = {name: f"run.{name}" for name in ("weeks", "seed", "replications")}
"""What ``--weeks`` and the like mean."""


def full_key(name: str) -> str:
    """Return the key of a setting that is given in full or by its last part.

    Raises
    ------
    TypeError
        If there is none, or several end so.

    Examples
    --------
    >>> full_key("employees"), full_key("rules.restriction"), full_key("framing")
    ('organization.employees', 'rules.restriction', 'launch.framing')
    """
    if name in _OF_COMMANDS:
        return _OF_COMMANDS[name]
    keys = [*GROUPS, *PARAMETER_BY_PATH]
    if name in keys or "." in name:
        return name  # what is wrong with a whole key is said where scenarios are checked
    found = [key for key in keys if key.rpartition(".")[2] == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise TypeError(f"{name!r} can be {' or '.join(found)}: give the whole key, as in **{{{found[0]!r}: ...}}")
    near = did_you_mean(name, [*keys, *(key.rpartition(".")[2] for key in keys)])
    raise TypeError(f"there is no setting {name!r}{near}")


def by_full_key(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings by their full keys.

    Raises
    ------
    TypeError
        If one is not known, can be several, or is given twice.
    """
    found: dict[str, Any] = {}
    for name, value in settings.items():
        key = full_key(name)
        if key in found:
            raise TypeError(f"{key} is given twice")
        found[key] = value
    return found
