"""A sweep over plausible worlds: every strategy meets every world of the set that a calibration made.

The coefficients of behavior then come together, as a world has them, and not each from its own range.
"""

from __future__ import annotations

import dataclasses
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.scenario.experiment.experiment import is_drawn
from sim.scenario.experiment.keys import LISTED_DESIGNS
from sim.study.designs import compact, design_points
from sim.study.over_worlds import varied_keys, without
from sim.study.points import Points
from sim.study.scorecard.worlds import GROUP, SECTION, Worlds
from sim.texts.said import said

if TYPE_CHECKING:
    from sim.scenario.experiment import Experiment, Factor

SUFFIX = "-over-worlds"


def over_worlds(experiment: Experiment, found: Worlds) -> Experiment:
    """Return an experiment with the coefficients of the worlds among its uncertainties, and a name of its own.

    The worlds take the place of the ranges of the registry. What a base sets itself, and what a lever or an uncertainty
    of its own range sets, stays as set in every world.

    Raises
    ------
    InputError
        If its design cannot be combined with given worlds, or nothing is left for the worlds to say.
    """
    if experiment.design not in LISTED_DESIGNS:
        raise InputError(said("refusal.cli.worlds_design", file=experiment.file, design=str(experiment.design)))
    own = [factor for factor in experiment.uncertainties if not (factor.registry and _is_behavior(factor))]
    always_set = {key for factor in (*experiment.levers, *own) for key in factor.always_set}
    given = [base.own_coefficients() for base in experiment.bases]
    keys = [key for key in varied_keys(given, found) if key not in always_set]
    if not keys:
        raise InputError(said("refusal.worlds_nothing"))
    return dataclasses.replace(
        experiment,
        name=experiment.name + SUFFIX,
        samples=len(found.settings),
        uncertainties=(*own, *(_factor(key) for key in keys)),
    )


def _is_behavior(factor: Factor) -> bool:
    return any(key.startswith(SECTION) for key in factor.keys)


def points_over_worlds(experiment: Experiment, found: Worlds) -> Points:
    """Return the points of an experiment that `over_worlds` returned.

    Where the experiment draws uncertainties of its own, each draw is met with a world of its own; where it draws none,
    the whole design is repeated in each world.
    """
    from_worlds = [factor.name for factor in experiment.uncertainties if _is_from_worlds(factor)]
    own = tuple(factor for factor in experiment.uncertainties if not _is_from_worlds(factor))
    plain = design_points(dataclasses.replace(experiment, uncertainties=own))
    n_worlds = len(found.settings)
    if is_drawn((*experiment.levers, *own)):
        rows = list(range(plain.n_points))
        worlds = [point * n_worlds // plain.n_points for point in rows]  # draws are in the outer loop
    else:
        rows = list(range(plain.n_points)) * n_worlds
        worlds = [world for world in range(n_worlds) for _ in range(plain.n_points)]
    coefficients = {key: compact([found.settings[world][key] for world in worlds]) for key in from_worlds}
    set_at = _coefficients_set(experiment, own, plain)
    leaves = []
    for base, own_leaves in zip(experiment.bases, plain.leaves, strict=True):
        columns = {leaf: _picked(values, rows) for leaf, values in own_leaves.items()}
        for key, values in without(coefficients, base.own_coefficients()).items():
            is_set = [key in set_at[row] for row in rows]
            usual = getattr(base.behavior, key.removeprefix(SECTION))
            there = columns.get(key, [usual] * len(rows))
            columns[key] = compact([a if is_own else b for a, b, is_own in zip(there, values, is_set, strict=True)])
        leaves.append(columns)
    return Points(
        factors={**{name: _picked(values, rows) for name, values in plain.factors.items()}, **coefficients},
        is_lever={**plain.is_lever, **dict.fromkeys(from_worlds, False)},
        leaves=tuple(leaves),
        strategy=array("q", [plain.strategy[row] for row in rows]),
        world=_numbered([(plain.world[row], world) for row, world in zip(rows, worlds, strict=True)]),
    )


def _is_from_worlds(factor: Factor) -> bool:
    """Return whether a factor is a coefficient that worlds set; `over_worlds` left no other range of the registry."""
    return factor.registry == GROUP and _is_behavior(factor)


def _coefficients_set(experiment: Experiment, own: Sequence[Factor], plain: Points) -> list[frozenset[str]]:
    """Return for each point the coefficients that a lever or an own uncertainty sets there."""
    setting = [factor for factor in (*experiment.levers, *own) if _is_behavior(factor)]
    return [
        frozenset(key for factor in setting for key in factor.settings(plain.factors[factor.name][point]))
        for point in range(plain.n_points)
    ]


def _picked(values: Sequence[Any], rows: Sequence[int]) -> Sequence[Any]:
    return compact([values[row] for row in rows])


def _numbered(pairs: Sequence[tuple[int, int]]) -> Sequence[int]:
    numbers: dict[tuple[int, int], int] = {}
    return array("q", [numbers.setdefault(pair, len(numbers)) for pair in pairs])


def _factor(key: str) -> Factor:
    """Return a coefficient as an uncertainty of its plausible range, of which the worlds are a part."""
    from sim.scenario.experiment.distributions import Range
    from sim.scenario.experiment.factors import Factor
    from sim.scenario.parameters import PARAMETER_BY_PATH

    entry = PARAMETER_BY_PATH[key]
    assert entry.plausible is not None
    low, high = map(float, entry.plausible)
    return Factor(key, False, entry.group, "range", (key,), Range(low, high), registry=GROUP)
