"""Factors and fixed settings of an experiment that no rule reads, at any point of any base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.acting import idle_keys, values_of
from sim.scenario.experiment.experiment import Experiment
from sim.scenario.experiment.factors import Factor
from sim.scenario.experiment.overlay import Overlay
from sim.scenario.located import Table, place_of, place_of_key
from sim.scenario.noting import together
from sim.scenario.problems import Problem
from sim.texts.said import said

_MOST = 200
"""Alternatives of a factor that are looked at; more are seldom of another kind."""


def idle_factors(experiment: Experiment, table: Table) -> list[Problem]:
    """Return a note for each lever, uncertainty or fixed setting that does nothing.

    What each key needs is looked for among all values that the bases, and all other factors, can give it: a factor is
    named only where no combination would do. Ranges of the registry that were asked for by a group are not named: they
    stand for whatever is not known.
    """
    values = together([values_of(each) for each in _possible(experiment)])
    notes: list[Problem] = []
    for factor in experiment.factors:
        if factor.registry not in ("", factor.name):
            continue
        idle = idle_keys(factor.keys, values)
        if len(idle) == len(factor.keys) and idle:
            path = ("levers" if factor.is_lever else "uncertainties", factor.name)
            message = said("acting.no_effect", reason=idle[0].reason)
            notes.append(place_of_key(table, path).problem(path, message))
    for one in idle_keys(experiment.fixed, values):
        path = ("set", one.key)
        notes.append(place_of(table, path).problem(path, said("acting.no_effect", reason=one.reason)))
    return notes


def _possible(experiment: Experiment) -> Iterator[Mapping[str, Any]]:
    """Yield resolved scenarios that together have every value that a key can have."""
    for base in experiment.bases:
        yield base.resolved()
        for factor in experiment.factors:
            overlay = Overlay(base, factor.keys)
            for settings in _settings(factor):
                laid = overlay.lay(settings)
                if laid.scenario is not None:
                    yield laid.scenario.resolved()


def _settings(factor: Factor) -> Iterator[Mapping[str, Any]]:
    if factor.spread is not None:
        yield from ({factor.name: factor.spread.value(share)} for share in (0.001, 0.5, 0.999))
    else:
        yield from (one.settings for one in factor.alternatives[:_MOST])
