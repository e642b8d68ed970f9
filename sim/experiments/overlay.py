"""Lay settings over a checked scenario, fast: one of the many thousand points of a design.

What the points of a design share is done once. A point then costs one validation of the sections that vary (some
twenty microseconds), without the located machinery, which is for what people write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from sim.catalog.registry import PRESETS, FramingNumbers, shares_sum_to_one
from sim.scenario.contradictions import Contradiction, contradictions
from sim.scenario.grammar import CHANGES, shares_message
from sim.scenario.schema import Scenario

FRAMING, WAVES = "launch.framing", "launch.waves"


class Laid(NamedTuple):
    """A scenario with settings laid over it; None where they cannot hold, with what is wrong."""

    scenario: Scenario | None
    wrong: list[Contradiction]


class Overlay:
    """Lays settings of some known keys over one scenario.

    Parameters
    ----------
    base : Scenario
        The scenario below.
    keys : sequence of str
        All dotted keys that any settings may have.
    """

    def __init__(self, base: Scenario, keys: Sequence[str]) -> None:
        plain = base.as_dict()
        sections = dict.fromkeys(key.split(".", 1)[0] for key in keys)
        self._unchanged = {name: getattr(base, name) for name in plain if name not in sections}
        self._changed = {name: base.resolved()[CHANGES] if name == CHANGES else plain[name] for name in sections}
        self._paths = {key: tuple(key.split(".")) for key in keys}
        self.leaves: tuple[str, ...] = tuple(dict.fromkeys(leaf for key in keys for leaf in leaves_of(key)))
        """Dotted keys of a resolved scenario that the settings can change; waves and changes as a whole."""
        self._getters = [_getter(leaf) for leaf in self.leaves]

    def lay(self, settings: Mapping[str, Any]) -> Laid:
        """Return the scenario with the settings laid over it, deep keys after shallow ones.

        The values must each be allowed by themselves; what is checked is that they can hold together.
        """
        values: dict[str, Any] = {**self._unchanged, **_copied(self._changed)}
        for key in sorted(settings, key=_depth) if len(settings) > 1 else settings:
            _put(values, self._paths[key], settings[key])
        scenario = Scenario.of(values)
        wrong = [*_not_whole(scenario), *contradictions(scenario)]
        return Laid(None if wrong else scenario, wrong)

    def leaf_values(self, scenario: Scenario) -> list[Any]:
        """Return the values of the `leaves`, as they are in ``Scenario.resolved()``."""
        return [get(scenario) for get in self._getters]


def _not_whole(scenario: Scenario) -> Iterator[Contradiction]:
    """Yield the framing whose shares, each allowed by itself, do not sum to 1."""
    framing = scenario.launch.framing
    shares = (framing.social, framing.collaboration, framing.broadcast)
    if not shares_sum_to_one(*shares):
        yield Contradiction(tuple(FRAMING.split(".")), shares_message(*shares))


def leaves_of(key: str) -> tuple[str, ...]:
    """Return the dotted keys of a resolved scenario that a key of a scenario file sets.

    Examples
    --------
    >>> leaves_of("launch.waves.pilot"), leaves_of("rules.guidance"), len(leaves_of("launch.framing"))
    (('launch.waves',), ('rules.guidance',), 5)
    """
    if key == FRAMING:
        return tuple(f"{FRAMING}.{name}" for name in FramingNumbers._fields)
    return (WAVES,) if key.startswith(f"{WAVES}.") else (key,)


def _getter(leaf: str) -> Callable[[Scenario], Any]:
    if leaf == CHANGES:
        return lambda scenario: scenario.resolved()[CHANGES]
    if leaf == WAVES:
        return _waves
    return attrgetter(leaf)


def _waves(scenario: Scenario) -> Any:
    waves = scenario.launch.waves
    return waves if isinstance(waves, str) else waves.as_dict()


def _depth(key: str) -> int:
    return key.count(".")


def _put(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value at a path; a group is copied, since a deeper key may follow."""
    for part in path[:-1]:
        if not isinstance(values[part], dict):
            values[part] = _numbers_of(values[part])
        values = values[part]
    values[path[-1]] = dict(value) if isinstance(value, dict) else value


def _numbers_of(word: str) -> dict[str, Any]:
    """Return the group that takes the place of a word when one of its keys is set.

    A preset becomes its numbers; a launch at once has none, and becomes one in waves.
    """
    return PRESETS[word]._asdict() if word in PRESETS else {}


def _copied(group: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of nested groups, which points would otherwise share."""
    return {key: _copied(value) if isinstance(value, dict) else value for key, value in group.items()}
