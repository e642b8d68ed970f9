"""A factor: one lever or one uncertainty of an experiment, and what its values set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from sim.scenario.experiment.distributions import Range

Label = bool | int | float | str | None


class Alternative(NamedTuple):
    """One value of a factor.

    Attributes
    ----------
    label : bool, int, float, str or None
        What tables call it: the value itself, the name of a preset or of an alternative, or a group or list as
        text.
    settings : mapping of str to Any
        Dotted keys of a scenario and the values they get.
    """

    label: Label
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Factor:
    """One lever or uncertainty.

    Attributes
    ----------
    name : str
        Dotted key of a scenario, or the name of a bundle, whose alternatives each set several keys.
    is_lever : bool
        True where the organization chooses it, False where the world decides.
    group : str
        Group in sensitivity analysis; that of the registry, or the name of a bundle that reaches over several.
    kind : str
        ``range`` (numbers of one key), ``values`` (listed values of one key) or ``bundle``.
    keys : tuple of str
        Dotted keys that it sets.
    spread : Range or None
        Of a range, what it is drawn from.
    alternatives : tuple of Alternative
        Otherwise, what there is to choose from, in the order of the file.
    registry : str
        Of a range of the registry, the key or group by which it was asked for; otherwise empty.
    """

    name: str
    is_lever: bool
    group: str
    kind: str
    keys: tuple[str, ...]
    spread: Range | None = None
    alternatives: tuple[Alternative, ...] = ()
    registry: str = field(default="", compare=False)

    def is_kept(self, own: Sequence[str]) -> bool:
        """Return whether a scenario that sets the `own` keys itself keeps its value of this one.

        A range of the registry that was asked for by a group stands for "whatever is not known"; what a scenario says
        itself is known. A factor that is named by its key replaces what the scenario says, as any other does.
        """
        return self.registry not in ("", self.name) and self.name in own

    @property
    def always_set(self) -> tuple[str, ...]:
        """The keys that it sets whatever its value."""
        return tuple(key for key in self.keys if all(key in one.settings for one in self.alternatives))

    @property
    def levels(self) -> tuple[Label, ...] | None:
        """Its values as tables show them, or None for a range."""
        return tuple(one.label for one in self.alternatives) if self.spread is None else None

    def value(self, u: float) -> Label:
        """Return the value below which a share `u`, from 0 to 1, of all draws lie; alternatives in their order.

        Examples
        --------
        >>> trust = Factor("organization.trust", False, "people", "range", ("organization.trust",), Range(0.2, 0.8))
        >>> trust.value(0.5)
        0.5
        """
        if self.spread is not None:
            return self.spread.value(u)
        return self.alternatives[min(int(u * len(self.alternatives)), len(self.alternatives) - 1)].label

    def settings(self, value: Label) -> Mapping[str, Any]:
        """Return the keys that a value of this factor sets, and what to.

        Raises
        ------
        KeyError
            If the factor has alternatives and this is none of them.
        """
        return {self.name: value} if self.spread is not None else self._settings_by_label[value]

    @cached_property
    def _settings_by_label(self) -> dict[Label, Mapping[str, Any]]:
        return {one.label: one.settings for one in self.alternatives}

    def as_mapping(self) -> Any:
        """Return what an experiment file would say behind the name of the factor."""
        if self.spread is not None:
            return self.spread.as_mapping()
        if self.kind == "bundle":
            return {str(one.label): dict(one.settings) for one in self.alternatives}
        return [one.settings[self.name] for one in self.alternatives]


def overlap(one: str, other: str) -> bool:
    """Return whether two dotted keys are the same, or one lies inside the other.

    Examples
    --------
    >>> overlap("launch.framing", "launch.framing.social"), overlap("rules.guidance", "rules.restriction")
    (True, False)
    """
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def overlapping(keys: Sequence[str], others: Sequence[str]) -> str | None:
    """Return the first of `keys` that overlaps with one of `others`, or None."""
    return next((key for key in keys if any(overlap(key, other) for other in others)), None)
