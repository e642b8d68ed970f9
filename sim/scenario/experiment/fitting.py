"""Whether the factors of an experiment fit its method of sensitivity analysis."""

from __future__ import annotations

from sim.scenario.experiment.experiment import Experiment
from sim.scenario.experiment.factors import Factor
from sim.scenario.located import KeyPath, Table, place_of_key
from sim.scenario.problems import Problem
from sim.texts.said import said

_MOST_UNORDERED = 2
"""Alternatives between which a step of a trajectory does not depend on the order in which they were written."""


def unordered_factors(experiment: Experiment) -> list[Factor]:
    """Return the factors between whose alternatives method morris cannot take steps."""
    if experiment.method != "morris":
        return []
    return [factor for factor in experiment.factors if len(factor.alternatives) > _MOST_UNORDERED]


def unfit_factors(experiment: Experiment, table: Table) -> list[Problem]:
    """Return what is wrong with the factors of an experiment in the eyes of its method."""
    problems: list[Problem] = []
    for factor in unordered_factors(experiment):
        path: KeyPath = ("levers" if factor.is_lever else "uncertainties", factor.name)
        message = said("refusal.levels.no_order", n=len(factor.alternatives))
        problems.append(place_of_key(table, path).problem(path, message))
    if experiment.by_group and experiment.method == "pawn":
        problems.append(place_of_key(table, ("by_group",)).problem(("by_group",), said("refusal.by_group_pawn")))
    return problems
