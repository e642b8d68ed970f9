"""Alternatives that no base scenario can take, whatever else varies: found when the file is read, with their lines.

The points of a design are checked when they are made (`sim.study.designs`); most mistakes show here already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.scenario.contradictions import Contradiction
from sim.scenario.experiment.factors import overlap
from sim.scenario.experiment.overlay import Overlay
from sim.scenario.experiment.reading_factors import ReadFactor
from sim.scenario.located import dotted
from sim.scenario.problems import Problem
from sim.texts.said import said

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

_MOST = 2000
"""Alternatives looked at one by one; the points of a longer design are checked when it is run."""


def impossible_alternatives(bases: Sequence[Scenario], factors: Sequence[ReadFactor]) -> list[Problem]:
    """Return a problem for each alternative that contradicts a base in keys that no other factor varies."""
    if sum(len(one.factor.alternatives) for one in factors) > _MOST:
        return []
    return list(dict.fromkeys(_impossible(bases, factors)))


def _impossible(bases: Sequence[Scenario], factors: Sequence[ReadFactor]) -> Iterator[Problem]:
    for one in factors:
        others = [key for other in factors if other is not one for key in other.factor.keys]
        for base in bases:
            overlay = Overlay(base, one.factor.keys)
            for alternative, place in zip(one.factor.alternatives, one.places, strict=True):
                for wrong in overlay.lay(alternative.settings).wrong:
                    if not _may_be_mended(wrong, others):
                        label = "" if alternative.label is None else f"{alternative.label}: "
                        where, message = dotted(wrong.path), wrong.message
                        name = base.name
                        words = said("refusal.with_base", label=label, path=where, message=message, name=name)
                        yield place.problem(one.path, words)


def _may_be_mended(wrong: Contradiction, others: Sequence[str]) -> bool:
    """Return whether another factor varies any of the keys that take part."""
    paths = [dotted([part for part in path if isinstance(part, str)]) for path in (wrong.path, *wrong.involves)]
    return any(overlap(path, key) for path in paths for key in others)
