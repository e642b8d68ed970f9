"""The registry: every number, choice and switch that a scenario can set, in the order of a scenario file.

Schema, documentation, templates, JSON schema and sensitivity problems are all made from `PARAMETERS`.
"""

from __future__ import annotations

from sim.scenario.coefficients import BEHAVIOR
from sim.scenario.entries import ENTRIES
from sim.scenario.registry import Parameter

_RUN = tuple(entry for entry in ENTRIES if entry.section == "run")

PARAMETERS: tuple[Parameter, ...] = (*(entry for entry in ENTRIES if entry not in _RUN), *BEHAVIOR, *_RUN)

PARAMETER_BY_PATH: dict[str, Parameter] = {entry.path: entry for entry in PARAMETERS}

SECTIONS: tuple[str, ...] = tuple(dict.fromkeys(entry.section for entry in PARAMETERS))


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
