"""The form of one entry in the parameter registry.

Documentation, JSON schema, validation and sensitivity problems are all made from these entries, so a
number has its unit, range, meaning and source in one place only. This module imports nothing but the
standard library: the science core reads it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


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
