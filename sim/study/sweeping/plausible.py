"""A sweep over plausible worlds: every strategy meets every world that is taken of a set, with luck of its own.

The coefficients of behavior then come together, as a world has them, and not each from its own range.
"""

from __future__ import annotations

import dataclasses
import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.scenario.experiment.experiment import is_drawn
from sim.scenario.experiment.keys import LISTED_DESIGNS
from sim.scenario.parameters import PARAMETER_BY_PATH
from sim.scenario.questionnaire import Answers
from sim.study.answers import facts_of_answers, with_answers
from sim.study.calibration.worlds import SETS
from sim.study.designs import compact, design_points
from sim.study.experiments import plan_for_experiment
from sim.study.over_worlds import RUNS_AT_DEFAULTS, facts_of, varied_keys, without
from sim.study.plan import Plan
from sim.study.points import DEFAULTS, Points
from sim.study.scorecard.worlds import GROUP, SECTION
from sim.study.statistics import keyed_generator
from sim.study.world_sets import ChosenWorlds, InWorlds, chosen_worlds, own_worlds
from sim.texts.said import said

if TYPE_CHECKING:
    from sim.scenario.applying import Overrides
    from sim.scenario.experiment import Experiment, Factor

SUFFIX = "-over-worlds"
"""What the name of a sweep ends with where worlds were asked for."""
USUAL_WORLDS, QUICK_WORLDS = 60, 20
"""Worlds that every strategy meets unless the experiment draws worlds of its own: as many as it draws then."""


def plan_of_sweep(
    experiment: Experiment, where: InWorlds, keeps_replications: bool, answers: Answers | None = None
) -> tuple[Experiment, Plan]:
    """Return the experiment as it is done, and its plan: over plausible worlds, or as the file has it.

    Parameters
    ----------
    experiment : Experiment
        As the file has it. Where it sets every coefficient itself, worlds have nothing to say, and it is done as it is
        unless they are asked for.
    where : InWorlds
        In which worlds.
    keeps_replications : bool
        Whether the replications were asked for; else there is one run in each world, which has luck of its own.
    answers : Answers, optional
        What is known of the organization: its ranges join the uncertainties (`with_answers`).

    Raises
    ------
    InputError
        If what is asked contradicts itself, or the settings of a point do.
    """
    if where.at_defaults and where.is_asked_for:
        raise InputError(said("refusal.cli.at_defaults"))
    told: dict[str, Any] = {}
    if answers is not None:
        experiment, told = with_answers(experiment, answers)[0], facts_of_answers(answers)
    if where.at_defaults:
        return experiment, plan_for_experiment(experiment, design_points(experiment), told)
    if where.folder is None:
        found = worlds_for(experiment, where.n, where.named)
    else:
        found = own_worlds(where.folder, USUAL_WORLDS, experiment.seed)
    try:
        in_worlds = over_worlds(experiment, found, SUFFIX if where.is_asked_for else "")
    except InputError:
        if where.is_asked_for:
            raise
        return experiment, plan_for_experiment(experiment, design_points(experiment), told)
    if not keeps_replications:
        in_worlds = dataclasses.replace(in_worlds, replications=1)
    return in_worlds, plan_for_experiment(in_worlds, points_over_worlds(in_worlds, found), facts_of(found) | told)


def asks_for_replications(overrides: Overrides) -> bool:
    """Return whether settings beside an experiment's file say how many replications there are."""
    given = list(overrides) if isinstance(overrides, Mapping) else [getattr(each, "text", each) for each in overrides]
    return any(str(each).partition("=")[0].strip() in ("replications", "run.replications") for each in given)


def worlds_for(experiment: Experiment, n: int | None = None, source: str | None = None) -> ChosenWorlds:
    """Return the worlds that an experiment is made in, chosen with its seed.

    If none is named they are of ``levels``; where the whole design is repeated in each, there are some of
    ``interviews`` besides.

    Parameters
    ----------
    experiment : Experiment
        As the file has it.
    n : int, optional
        How many; if left out, as many as it draws of its own, or else the usual number.
    source : str, optional
        ``levels``, ``interviews`` or ``prior``.
    """
    own = (*experiment.levers, *(each for each in experiment.uncertainties if not _is_for_worlds(each)))
    is_repeated = not _is_sampled(experiment) and not is_drawn(own)
    if n is None:
        usual = QUICK_WORLDS if experiment.quick else USUAL_WORLDS
        n = usual if is_repeated else experiment.samples
    return chosen_worlds(n, experiment.seed, source or (None if is_repeated else SETS[0]))


def _is_sampled(experiment: Experiment) -> bool:
    return experiment.design not in LISTED_DESIGNS


def over_worlds(experiment: Experiment, found: ChosenWorlds, suffix: str = SUFFIX) -> Experiment:
    """Return an experiment with the coefficients of the worlds among its uncertainties.

    The worlds take the place of the ranges of the registry. What a base sets itself, and what a lever or an uncertainty
    of its own range sets, stays as set in every world.

    Raises
    ------
    InputError
        If nothing is left for the worlds to say.
    """
    own = [factor for factor in experiment.uncertainties if not _is_for_worlds(factor)]
    always_set = {key for factor in (*experiment.levers, *own) for key in factor.always_set}
    given = [base.own_coefficients() for base in experiment.bases]
    keys = [key for key in varied_keys(given, found.keys) if key not in always_set]
    if not keys:
        raise InputError(said("refusal.worlds_nothing"))
    return dataclasses.replace(
        experiment,
        name=experiment.name + suffix,
        samples=experiment.samples if _is_sampled(experiment) else len(found.settings),
        uncertainties=(*own, *(_factor(key, [world[key] for world in found.settings]) for key in keys)),
    )


def _is_for_worlds(factor: Factor) -> bool:
    """Return whether a factor is a coefficient with the range of the registry, in whose place the worlds come."""
    return bool(factor.registry) and _is_behavior(factor)


def _is_behavior(factor: Factor) -> bool:
    return any(key.startswith(SECTION) for key in factor.keys)


def points_over_worlds(experiment: Experiment, found: ChosenWorlds) -> Points:
    """Return the points of an experiment that `over_worlds` returned.

    Where the experiment draws uncertainties of its own, each draw is met with a world of its own; where it draws none,
    the whole design is repeated in each world, and where there is anything to compare, as often beside these as tells
    luck apart at the default values. In a design that draws everything together each point has a world. All points in
    one world share luck that no other world has.
    """
    from_worlds = [factor.name for factor in experiment.uncertainties if _is_from_worlds(factor)]
    own = tuple(factor for factor in experiment.uncertainties if not _is_from_worlds(factor))
    plain = design_points(dataclasses.replace(experiment, uncertainties=own))
    settings, n_worlds, n_defaults = list(found.settings), len(found.settings), 0
    if _is_sampled(experiment):
        rows = list(range(plain.n_points))
        shuffled = keyed_generator("worlds of points", experiment.seed).permutation(n_worlds).tolist()
        worlds = [shuffled[point % n_worlds] for point in rows]
    elif is_drawn((*experiment.levers, *own)):
        rows = list(range(plain.n_points))
        worlds = [point * n_worlds // plain.n_points for point in rows]  # draws are in the outer loop
    else:
        if plain.n_points * len(experiment.bases) > 1:
            n_defaults = math.ceil(RUNS_AT_DEFAULTS / experiment.replications)
        settings += [{key: float(PARAMETER_BY_PATH[key].default) for key in found.keys}] * n_defaults
        rows = list(range(plain.n_points)) * len(settings)
        worlds = [world for world in range(len(settings)) for _ in range(plain.n_points)]
    coefficients = {key: compact([settings[world][key] for world in worlds]) for key in from_worlds}
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
    weights = {name: [*each.tolist(), *[0.0] * n_defaults] for name, each in found.weights.items()}
    if n_defaults:
        weights[DEFAULTS] = [0.0] * n_worlds + [1.0 / n_defaults] * n_defaults
    n_points = Counter(worlds)
    # In a design that draws everything each point is a unit of its own, so that luck may be its own too. That of the
    # default values is the luck of a study without worlds.
    luck = (
        rows if _is_sampled(experiment) else [world if world < n_worlds else n_worlds - 1 - world for world in worlds]
    )
    return Points(
        factors={**{name: _picked(values, rows) for name, values in plain.factors.items()}, **coefficients},
        is_lever={**plain.is_lever, **dict.fromkeys(from_worlds, False)},
        leaves=tuple(leaves),
        strategy=array("q", [plain.strategy[row] for row in rows]),
        world=_numbered([(plain.world[row], world) for row, world in zip(rows, worlds, strict=True)]),
        luck=array("q", luck),
        weights={
            name: array("d", [each[world] / n_points[world] for world in worlds]) for name, each in weights.items()
        },
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


def _factor(key: str, values: Sequence[float]) -> Factor:
    """Return a coefficient as an uncertainty of its plausible range, of which the worlds are a part.

    A mechanism that is off by default has none; it has the range of the worlds then.
    """
    from sim.scenario.experiment.distributions import Range
    from sim.scenario.experiment.factors import Factor

    entry = PARAMETER_BY_PATH[key]
    low, high = map(float, entry.plausible or (min(values), max(values)))
    return Factor(key, False, entry.group, "range", (key,), Range(low, high), registry=GROUP)
